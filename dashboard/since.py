"""What a headline number did since the wave before it, in one short line."""

import pandas as pd

from dashboard.asked import asked_for
from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.trend import Trend
from dashboard.wording import as_points, is_number, say

__all__ = ["since_unmeasured", "since_words"]

_FINE = 200
"""Firms from which a difference has a decimal, as shares have."""


def since_words(shelf: Shelf, lang: str, row: pd.Series) -> str:
    """Of a row of claims: its change and interval, that none can be seen, or why none is told.

    A difference of two answers is told side by side: of each answer its own change.
    """
    question, wave = str(row["question"]), str(row["wave"])
    options = [str(row[key]) for key in ("option", "against") if isinstance(row[key], str) and row[key]]
    told = [_one(shelf, lang, question, option, wave) for option in options]
    if len(set(told)) == 1:
        return told[0]
    labels = [shelf.label(lang, question, option) for option in options]
    each = [say(lang, "since.each", label=label, words=one) for label, one in zip(labels, told, strict=True)]
    return say(lang, "since.and").join(each)


def since_unmeasured(shelf: Shelf, lang: str) -> str:
    """Of tiers and bands of pressure, which are worked out for one wave alone."""
    earlier = shelf.tables.get("earlier")
    return say(lang, "since.none" if earlier is None or earlier.empty else "since.not_pressed")


def _one(shelf: Shelf, lang: str, question: str, option: str, wave: str) -> str:
    asked = asked_for(shelf, View(lang=lang, question=question))
    if asked is None or asked.question != question:
        return say(lang, "since.none")
    trend = Trend(asked, option)
    told = [one for one in trend.changes() if str(one["to_wave"]) == wave]
    before = [name for name in trend.waves if name < wave]
    if not told:
        return say(lang, "since.not_told", wave=before[-1]) if before else say(lang, "since.none")
    last = told[-1]
    words: dict[str, object] = {"wave": last["from_wave"]}
    if last["flag"] == "break":
        return say(lang, "since.broken", **words)
    if last["flag"] != "change":
        return say(lang, "since.no_change", **words)
    sizes = [float(str(last[key])) for key in ("from_base", "to_base", "n") if is_number(last.get(key))]
    digits = 1 if sizes and min(sizes) >= _FINE else 0
    ends = {key: as_points(float(str(last[key])), digits) for key in ("estimate", "low", "high")}
    words["value"] = say(lang, "unit.points", value=ends["estimate"])
    if not is_number(last["low"]):
        return say(lang, "since.counted", **words)
    level = say(lang, "unit.per_level", level=f"{100 * float(str(last['level'])):g}")
    return say(lang, "since.change", level=level, low=ends["low"], high=ends["high"], **words)
