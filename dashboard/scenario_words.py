"""What a scenario does, in plain words: the sentence, a signed difference, its interval."""

from dashboard.foreseen import Foreseen, top_of
from dashboard.wording import as_index, is_number, say

__all__ = [
    "DIGITS",
    "as_difference",
    "digits_under",
    "ends_words",
    "is_certain",
    "level_words",
    "limits_words",
    "scenario_sentence",
]

DIGITS = 3
"""Decimals: what a rule moves on average is often less than a hundredth."""

_MOST = 6
_NONE = 1e-9
"""What a difference may stray from nothing by adding floating-point numbers."""


def digits_under(to: float) -> int:
    """Decimals of numbers on an axis from 0 to `to`: more where the whole axis is short."""
    return DIGITS + (to < 0.02) + (to < 0.002)


def as_difference(value: float, digits: int = DIGITS) -> str:
    """A difference of two measures that run from 0 to 1, signed (`+0.021`, `−0.004`).

    `0.000` is none at all; one too small for the decimals is told as such, with its sign (`+<0.001`).
    """
    rounded = round(value, digits) + 0.0
    if not rounded and abs(value) > _NONE:
        return f"{'+' if value > 0 else '−'}<{10**-digits:.{digits}f}"
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def is_certain(low: float, high: float) -> bool:
    """Whether a difference is the same in every draw."""
    return abs(high - low) <= _NONE


def level_words(lang: str, level: float) -> str:
    """A level such as 0.9 in percent."""
    return say(lang, "unit.per_level", level=f"{100 * level:g}")


def _ends(low: float, high: float, digits: int) -> dict[str, str]:
    """Both limits, with as many more decimals as tell them apart, six at most."""
    while as_difference(low, digits) == as_difference(high, digits) and digits < _MOST:
        digits += 1
    return {"low": as_difference(low, digits), "high": as_difference(high, digits)}


def limits_words(lang: str, low: float, high: float, level: float, digits: int = DIGITS) -> str:
    """The interval of a difference in words."""
    if not (is_number(low) and is_number(high)):
        return say(lang, "interval.none")
    if is_certain(low, high):
        return say(lang, "scenarios.certain")
    ends = _ends(low, high, digits)
    if ends["low"] == ends["high"]:
        return say(lang, "interval.narrow", level=level_words(lang, level))
    return say(lang, "scenarios.interval", level=level_words(lang, level), **ends)


def ends_words(lang: str, low: float, high: float, digits: int = DIGITS) -> str:
    """The limits of a difference alone, as they stand beside it; "" where there are none."""
    if not (is_number(low) and is_number(high)):
        return ""
    if is_certain(low, high):
        return say(lang, "scenarios.exact")
    ends = _ends(low, high, digits)
    return say(lang, "scenarios.narrow" if ends["low"] == ends["high"] else "scenarios.ends", **ends)


def scenario_sentence(found: Foreseen, lang: str) -> str:
    """The effect on all firms together, without its interval: as strong as that allows."""
    row = found.row
    title = found.words(lang, "title")
    if row is None:
        return title
    change, before, after = (float(row[key]) for key in ("estimate", "before", "after"))
    key = "stays" if abs(change) <= _NONE else "rises" if change > 0 else "falls"
    if float(row["low"]) < -_NONE and float(row["high"]) > _NONE:
        key = "unclear"
    digits = digits_under(top_of(found.beside))
    while (
        key in ("rises", "falls") and as_index(before, digits) == as_index(after, digits) and digits < _MOST
    ):
        digits += 1
    words = {"before": as_index(before, digits), "after": as_index(after, digits)}
    measure = say(lang, f"scenarios.measure_{found.stat}")
    return say(lang, f"scenarios.claim_{key}", title=title, measure=measure, n=int(row["n"]), **words)
