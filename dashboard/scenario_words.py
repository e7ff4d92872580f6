"""What a scenario does, in plain words: the sentence, a signed difference, its interval."""

from dashboard.foreseen import Foreseen
from dashboard.wording import as_index, is_number, say

__all__ = ["DIGITS", "as_difference", "level_words", "limits_words", "scenario_sentence"]

DIGITS = 3
"""Decimals: what a rule moves on average is often less than a hundredth."""


def as_difference(value: float, digits: int = DIGITS) -> str:
    """A difference of two measures that run from 0 to 1, signed (`+0.021`, `−0.004`, `0.000`)."""
    rounded = round(value, digits) + 0.0
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def level_words(lang: str, level: float) -> str:
    """A level such as 0.9 in percent."""
    return say(lang, "unit.per_level", level=f"{100 * level:g}")


def limits_words(lang: str, low: float, high: float, level: float) -> str:
    """The interval of a difference in words."""
    if not (is_number(low) and is_number(high)):
        return say(lang, "interval.none")
    ends = as_difference(low), as_difference(high)
    if ends[0] == ends[1]:
        return say(lang, "scenarios.certain")
    return say(lang, "scenarios.interval", low=ends[0], high=ends[1], level=level_words(lang, level))


def scenario_sentence(found: Foreseen, lang: str) -> str:
    """The effect on all firms together, without its interval."""
    row = found.row
    title = found.words(lang, "title")
    if row is None:
        return title
    change = round(float(row["estimate"]), DIGITS)
    key = "rises" if change > 0 else ("falls" if change < 0 else "stays")
    words = {end: as_index(row[end], DIGITS) for end in ("before", "after")}
    measure = say(lang, f"scenarios.measure_{found.stat}")
    return say(lang, f"scenarios.claim_{key}", title=title, measure=measure, n=int(row["n"]), **words)
