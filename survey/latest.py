"""The waves of a study as every number sees them: read, and cleaned by the rules of the study."""

from dataclasses import replace

from survey.clean import clean_wave
from survey.cleaning.settings import clean_steps
from survey.faults import StudyFault
from survey.ledger import Ledger
from survey.read import read_wave
from survey.study import Study, WaveSource
from survey.wave import Wave

__all__ = ["clean_source", "latest_wave"]


def latest_wave(study: Study) -> Wave:
    """Read, clean and weigh the last wave of a study.

    Raises
    ------
    StudyFault
        The study has links but no survey.
    Fault
        As `read_wave`, `clean_wave` and `weigh`.
    """
    return _weighed(clean_source(study)[0], study)


def clean_source(study: Study, source: WaveSource | None = None) -> tuple[Wave, Ledger]:
    """Read one wave of a study, the last unless told, and clean it by the study's `[[clean]]` rules.

    Raises
    ------
    StudyFault
        The study has links but no survey, or a rule is at fault.
    Fault
        As `read_wave` and `clean_wave`.
    """
    if not study.waves:
        raise StudyFault(
            study.place("waves"),
            "a study of links only",
            "at least one [[waves]] for numbers about answers",
            'add [[waves]] with name = ".." and file = "..", or use lookthrough, which needs links only',
        )
    steps = clean_steps(study)
    return clean_wave(read_wave(source or study.waves[-1]), steps, id=study.design.id)


def _weighed(wave: Wave, study: Study) -> Wave:
    """The wave with the weights of `[weights]`, and their findings."""
    if not study.section("weights"):
        return wave
    from survey.weights import weigh

    weighted = weigh(wave, study)
    return replace(wave, weighted=weighted, findings=(*wave.findings, *weighted.findings))
