"""Which waves of a study `[weights]` reaches: those it names, else those of the margins, else the last."""

from survey.faults import StudyFault, nearest
from survey.margins import margin_waves
from survey.study import Study
from survey.weights_settings import weight_settings

__all__ = ["weighed_waves"]


def weighed_waves(study: Study) -> tuple[str, ...]:
    """Names of the waves that are weighed, oldest first; none without `[weights]`.

    Those under `waves`; without it the last, and the others that the column `wave` of the margins names.

    Raises
    ------
    StudyFault
        A name that is no wave of the study.
    Fault
        As `weight_settings` and `read_margins`.
    """
    if not study.section("weights"):
        return ()
    settings = weight_settings(study)
    names = tuple(source.name for source in study.waves)
    for name in settings.waves:
        if name not in names:
            raise StudyFault(
                study.place("weights.waves"),
                f"no wave {name!r}",
                "names of waves: " + ", ".join(names),
                nearest(name, names),
            )
    reached = set(settings.waves)
    if not reached:
        reached = {*names[-1:], *(margin_waves(settings.margins) if settings.margins else ())}
    return tuple(name for name in names if name in reached)
