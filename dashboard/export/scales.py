"""Scales of figures: where an axis ends, how many parts it has, and what stands at their ends."""

from dashboard.export.story import Bar
from dashboard.foreseen import DIVISIONS

__all__ = ["end_of", "marks_at", "parts_of", "places_of"]


def end_of(bars: tuple[Bar, ...], least: float = 0.2) -> float:
    """Upper end of an axis of shares: the first tenth that no limit exceeds."""
    top = max([x for bar in bars for x in (bar.value, bar.high, bar.was) if x is not None] or [1.0])
    return next((k / 10 for k in range(1, 11) if k / 10 >= max(top, least) - 1e-9), 1.0)


def parts_of(unit: str, from_: float, to: float) -> int:
    """Equal parts of a scale whose ends all can be printed in full, both ends of the scale among them.

    Parameters
    ----------
    unit : str
        `percent`, `points` or `index`.
    from_, to : float
        Ends of the scale.
    """
    if unit == "percent":
        tenths = round(to * 10)
        return tenths if tenths <= 5 or tenths % 2 else tenths // 2
    if unit == "points":
        return 4
    return DIVISIONS.get(to, 5) * (2 if from_ < 0 else 1)


def places_of(unit: str, from_: float, to: float) -> int:
    """Decimal places that numbers on the axis of an index need, the same for all."""
    step = (to - from_) / parts_of(unit, from_, to)
    return next(places for places in range(1, 6) if abs(step - round(step, places)) < 1e-9 or places == 5)


def marks_at(unit: str, from_: float, to: float) -> list[str]:
    """What stands at the ends of the parts, from the lower to the upper end."""
    many = parts_of(unit, from_, to)
    values = [from_ + (to - from_) * k / many for k in range(many + 1)]
    if unit == "percent":
        return [f"{100 * value:.0f}%" for value in values]
    if unit == "points":
        return [f"{value:+.0f}".replace("-", "−") if abs(value) > 1e-9 else "0" for value in values]
    places = places_of(unit, from_, to)
    return [f"{value:.{places}f}".replace("-", "−") if abs(value) > 1e-9 else "0" for value in values]
