"""What a manifest states of how the numbers came about: weights, and what pressure was made with."""

from analysis.pressure.settings import pressure_settings
from survey import Study, Wave

__all__ = ["parameters_stated", "weights_stated"]


def parameters_stated(study: Study) -> dict[str, float] | None:
    """What pressure was made with, which a benchmark makes a firm's own with; None without links."""
    if not study.section("supply"):
        return None
    settings = pressure_settings(study)
    return {"dormant": settings.dormant, "level": settings.level}


def weights_stated(study: Study, wave: Wave) -> str:
    """Where weights come from: `made` here, a column of the `file`, or `none`."""
    if wave.weighted is not None:
        return wave.weighted.method or "made"
    return "file" if study.design.weight else "none"
