"""The waves of a study as every number sees them: read, cleaned by the rules of the study, and weighed."""

from dataclasses import replace

from survey.clean import clean_wave
from survey.cleaning.settings import clean_steps
from survey.faults import StudyFault, nearest
from survey.ledger import Ledger
from survey.read import read_wave
from survey.study import Study, WaveSource
from survey.wave import Wave

__all__ = ["clean_source", "latest_wave", "source_named", "study_wave", "weigh_source"]


def latest_wave(study: Study) -> Wave:
    """Read, clean and weigh the last wave of a study.

    Raises
    ------
    StudyFault
        The study has links but no survey.
    Fault
        As `read_wave`, `clean_wave` and `weigh`.
    """
    return weigh_source(study)[0]


def study_wave(study: Study, name: str = "") -> Wave:
    """Read, clean and weigh the wave of this name, the last where it is "".

    Raises
    ------
    StudyFault
        No wave of that name, or a study of links only.
    Fault
        As `latest_wave`.
    """
    return weigh_source(study, source_named(study, name))[0]


def source_named(study: Study, name: str = "") -> WaveSource:
    """The wave of this name, the last where it is "", not read yet.

    Raises
    ------
    StudyFault
        No wave of that name, or a study of links only.
    """
    if not study.waves:
        raise StudyFault(
            study.place("waves"),
            "a study of links only",
            "at least one [[waves]] for numbers about answers",
            'add [[waves]] with name = ".." and file = "..", or use lookthrough, which needs links only',
        )
    names = tuple(source.name for source in study.waves)
    if name and name not in names:
        raise StudyFault(
            f"wave {name!r}", "no such wave", "one of: " + ", ".join(names), nearest(name, names)
        )
    return study.waves[names.index(name) if name else -1]


def clean_source(study: Study, source: WaveSource | None = None) -> tuple[Wave, Ledger]:
    """Read one wave of a study, the last unless told, and clean it by the study's `[[clean]]` rules.

    Raises
    ------
    StudyFault
        The study has links but no survey, or a rule is at fault.
    Fault
        As `read_wave` and `clean_wave`.
    """
    source = source or source_named(study)
    return clean_wave(read_wave(source), clean_steps(study), id=study.design.id)


def weigh_source(study: Study, source: WaveSource | None = None) -> tuple[Wave, Ledger]:
    """Read, clean and weigh one wave of a study, the last unless told; the Ledger holds the weights too.

    A wave that `[weights]` does not reach keeps the weights of its design.

    Raises
    ------
    Fault
        As `clean_source` and `weigh`.
    """
    wave, ledger = clean_source(study, source)
    if not study.section("weights"):
        return wave, ledger
    from survey.weights import weigh
    from survey.weights_ledger import weights_written_down
    from survey.weights_reach import weighed_waves

    if wave.name not in weighed_waves(study):
        return wave, ledger
    weighted = weigh(wave, study)
    wave = replace(wave, weighted=weighted, findings=(*wave.findings, *weighted.findings))
    return wave, weights_written_down(wave, ledger)
