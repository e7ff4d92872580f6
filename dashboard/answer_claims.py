"""What the answers to one question say in one sentence, no more sure than their intervals."""

import pandas as pd

from dashboard.asked import Asked
from dashboard.wording import NEVER, as_claim, as_interval, as_number, as_share, is_number, say

__all__ = ["answer_claim", "base_sentence", "claim_interval", "interval_words", "is_apart", "is_weighted"]


def is_weighted(row: "pd.Series | dict[str, object]") -> bool:
    """Whether the base of a row is no count of firms, so that its count is only about so many."""
    return not (is_number(row["base"]) and float(row["base"]) == float(row["n"]))  # type: ignore[arg-type]


def is_apart(first: pd.Series, second: pd.Series) -> bool:
    """Whether the first number is above the second for sure: intervals apart, or all firms counted."""
    if first["estimate"] <= second["estimate"]:
        return False
    if is_number(first["low"]) and is_number(second["high"]) and "census" not in str(first["method"]):
        return bool(first["low"] > second["high"])
    return True


def answer_claim(asked: Asked, lang: str) -> str:
    """The sentence at the head of the page."""
    shelf, question = asked.shelf, asked.question
    title = shelf.label(lang, question)
    rows = asked.rows()
    shown = rows[rows["estimate"].notna()]
    if shown.empty:
        is_hidden = rows["flag"].fillna("").str.contains("suppressed").any()
        return say(lang, "claim.hidden" if is_hidden else "survey.claim_empty", question=title)
    n = int(shown["n"].max())
    if n < NEVER:
        return say(lang, "claim.low_base", question=title)
    if asked.is_mean:
        row = shown.iloc[0]
        value = as_number(row["estimate"], asked.unit)
        return say(lang, "survey.claim_mean", question=title, value=value, n=n)
    if asked.by:
        return _by_groups(asked, lang)
    ranked = shown[shown["option"].isin(asked.options)].sort_values(
        "estimate", ascending=False, kind="stable"
    )
    if ranked.empty:
        return say(lang, "claim.hidden", question=title)
    first = ranked.iloc[0]
    label = shelf.label(lang, question, str(first["option"]))
    if asked.is_pair or len(ranked) < 2:
        one = asked.options[0] if asked.is_pair else str(first["option"])
        mine = ranked[ranked["option"] == one]
        if mine.empty:
            return say(lang, "claim.hidden", question=title)
        return as_claim(
            lang, question, title, shelf.label(lang, question, one), mine.iloc[0]["estimate"], n,
            is_weighted=is_weighted(mine.iloc[0]),
        )  # fmt: skip
    second = ranked.iloc[1]
    words = {
        "option": label,
        "other": shelf.label(lang, question, str(second["option"])),
        "value": as_share(lang, first["estimate"], n, is_weighted=is_weighted(first)),
        "other_value": as_share(lang, second["estimate"], n, is_weighted=is_weighted(second)),
    }
    if first["estimate"] == second["estimate"]:
        return say(lang, "survey.claim_tie", **words)
    return say(lang, "survey.claim_top" if is_apart(first, second) else "survey.claim_overlap", **words)


def claim_interval(asked: Asked, lang: str) -> str:
    """The interval of the number in that sentence; "" where it tells of several numbers, or of none."""
    rows = asked.rows()
    shown = rows[rows["estimate"].notna()]
    if shown.empty or int(shown["n"].max()) < NEVER or (asked.by and not asked.is_mean):
        return ""
    if not asked.is_mean:
        shown = shown[shown["option"].isin(asked.options[:1] if asked.is_pair else asked.options)]
    return interval_words(asked, lang, shown.iloc[0]) if len(shown) == 1 else ""


def _by_groups(asked: Asked, lang: str) -> str:
    """Where an answer is given most often, and whether that can be told."""
    shelf = asked.shelf
    rows = asked.rows(asked.by)
    rows = rows[(rows["option"] == asked.option) & rows["estimate"].notna()]
    rows = rows[rows["n"] >= NEVER].sort_values("estimate", ascending=False, kind="stable")
    option = shelf.label(lang, asked.question, asked.option)
    if len(rows) < 2:
        return say(lang, "survey.claim_few", option=option, by=shelf.label(lang, asked.by))
    first, second = rows.iloc[0], rows.iloc[1]
    words = {
        "option": option,
        "group": shelf.label(lang, asked.by, str(first["group"])),
        "other": shelf.label(lang, asked.by, str(second["group"])),
    }
    if first["estimate"] == second["estimate"]:
        return say(lang, "survey.by_tie", **words)
    return say(lang, "survey.by_top" if is_apart(first, second) else "survey.by_overlap", **words)


def base_sentence(asked: Asked, lang: str) -> str:
    """Who is in the base, in words: rewritten by the base rule."""
    if asked.n is None:
        return say(lang, "state.suppressed")
    parts = [say(lang, f"base_of.{asked.base_rule or 'answered'}", n=asked.n)]
    if asked.kind == "multiple":
        parts.append(say(lang, "survey.several"))
    leak = asked.states().get("answered_not_routed", 0)
    if leak:
        parts.append(say(lang, "survey.leak", leak=leak))
    elif asked.rows()["flag"].fillna("").str.contains("leak").any():
        parts.append(say(lang, "survey.leak_some"))
    rows = asked.rows()
    first = rows[rows["estimate"].notna()]
    if len(first):
        row = first.iloc[0]
        level = say(lang, "unit.per_level", level=f"{100 * row['level']:g}")
        if "census" in str(row["method"]):
            parts.append(say(lang, "survey.census"))
        elif "bounds" in str(row["method"]):
            parts.append(say(lang, "survey.bounds"))
        elif "hypergeometric" in str(row["method"]):
            parts.append(say(lang, "survey.silence", level=level))
        else:
            parts.append(say(lang, "survey.level", level=level))
    return (" " if lang == "en" else "").join(parts)


def interval_words(asked: Asked, lang: str, row: pd.Series) -> str:
    """The interval of a row in words."""
    if asked.is_mean:
        if not (is_number(row["low"]) and is_number(row["high"])):
            return say(lang, "interval.census" if "census" in str(row["method"]) else "interval.none")
        level = say(lang, "unit.per_level", level=f"{100 * row['level']:g}")
        ends = {end: as_number(row[end], "") for end in ("low", "high")}
        return say(lang, "interval.plain", level=level, **ends)
    return as_interval(lang, row["low"], row["high"], row["level"], str(row["method"]), n=int(row["n"]))
