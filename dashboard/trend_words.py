"""What changed between waves of one answer in words, no more firmly than its interval allows."""

import re
from typing import cast

from dashboard.trend import Trend
from dashboard.wording import as_points, is_number, say

__all__ = ["bases_words", "change_in_words", "trend_claim"]


def trend_claim(trend: Trend, lang: str) -> str:
    """Whether anything changed, as far as the interval of the last change tells."""
    changes = trend.changes()
    if not changes:
        key = "one_wave" if len(trend.waves) < 2 else "not_compared"
        return say(lang, f"trend.{key}")
    last = changes[-1]
    words = {"first": last["from_wave"], "second": last["to_wave"]}
    if last["flag"] == "break":
        return say(lang, "trend.claim_break", **words)
    if last["flag"] == "no detectable change":
        return say(lang, "trend.claim_none", **words)
    up = float(cast(float, last["estimate"])) > 0
    return say(lang, "trend.claim_up" if up else "trend.claim_down", **words)


def change_in_words(change: dict[str, object], lang: str) -> str:
    """A row of `Trend.changes` in one sentence: points, interval, and what would have gone unseen."""
    numbers = {key: float(cast(float, change[key])) for key in ("estimate", "low", "high", "smallest")}
    words: dict[str, object] = {
        "first": change["from_wave"],
        "second": change["to_wave"],
        "whose": say(lang, "trend.own" if change["is_own"] else "trend.printed"),
        "estimate": as_points(numbers["estimate"]),
    }
    if change["flag"] == "break":
        return say(lang, "trend.change_break", **words)
    if not is_number(numbers["low"]):
        return say(lang, "trend.change_counted", **words)
    words |= {end: as_points(numbers[end]) for end in ("low", "high")}
    words["level"] = say(lang, "unit.per_level", level=f"{100 * float(cast(float, change['level'])):g}")
    words["smallest"] = f"{100 * numbers['smallest']:.0f}"
    key = "change_none" if change["flag"] == "no detectable change" else "change_some"
    return say(lang, f"trend.{key}", **words)


def bases_words(lang: str, feasible: str) -> str:
    """The bases a printed figure may have, as the audit lists them: `19,38,57`, or `50 from 11 to 100`."""
    span = re.fullmatch(r"(\d+) from (\d+) to (\d+)", feasible)
    if span:
        return say(lang, "audit.bases_between", many=span[1], low=span[2], high=span[3])
    return say(lang, "audit.listed").join(feasible.split(",")) if feasible else ""
