"""The wave a study speaks of unless told otherwise: its last one, cleaned."""

from survey.clean import clean_wave
from survey.faults import StudyFault
from survey.read import read_wave
from survey.study import Study
from survey.wave import Wave

__all__ = ["latest_wave"]


def latest_wave(study: Study) -> Wave:
    """Read and clean the last wave of a study.

    Raises
    ------
    StudyFault
        The study has links but no survey.
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
    wave, _ = clean_wave(read_wave(study.waves[-1]))
    return wave
