"""How a number is known, in words: wording, n, base, interval and method, weight, source, suppression."""

from collections.abc import Mapping

import pandas as pd

from dashboard.claims import is_hidden
from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.supplied import supplied_for
from dashboard.wording import as_date, as_interval, as_points, catalogue, is_number, say

__all__ = [
    "FACTS",
    "Facts",
    "band_facts",
    "group_facts",
    "measure_facts",
    "part_facts",
    "share_facts",
    "weights_of",
]

FACTS = ("wording", "n", "base", "interval", "weight", "source", "hidden")
"""What each number opens to, in this order; keys under `about` in the catalogues."""

Facts = Mapping[str, str]

_WEIGHED = frozenset({"response", "bases", "weights", "readiness", "alike"})
"""Parts that speak of answers, which count as the study weights them."""


def share_facts(shelf: Shelf, lang: str, row: pd.Series) -> Facts:
    """Of an answer to a question, or of the difference of two, as `estimates` or `claims` hold it."""
    against = str(row["against"]) if "against" in row and _is_text(row["against"]) else ""
    n = interval = say(lang, "state.suppressed")
    if not is_hidden(row):
        n = _n(shelf, lang, int(row["n"]))
        interval = _interval(lang, row, is_difference=bool(against))
    return {
        "wording": _asked(shelf, lang, str(row["question"]), row["option"], against),
        "n": n,
        "base": _base(lang, row),
        "interval": interval,
        "weight": say(lang, f"weights.{weights_of(shelf)}"),
        **_origin(shelf, lang),
    }


def group_facts(shelf: Shelf, lang: str, rows: pd.DataFrame, by: str) -> Facts:
    """Of one answer in every group of a break: rows of `estimates`, one a group.

    Parameters
    ----------
    by : str
        The question whose groups they are.
    """
    first = rows.iloc[0]
    wording = _asked(shelf, lang, str(first["question"]), first["option"], "")
    shown = rows[rows["estimate"].notna() & rows["n"].notna()]
    n = say(lang, "state.suppressed")
    if len(shown) == len(rows):
        n = say(lang, "about.n_groups", n=_n(shelf, lang, int(shown["n"].sum())))
    elif len(shown):
        n = say(lang, "about.n_beside")
    return {
        "wording": say(lang, "about.asked_by", asked=wording, by=shelf.label(lang, by)),
        "n": n,
        "base": _base(lang, first),
        "interval": _intervals(lang, shown),
        "weight": say(lang, f"weights.{weights_of(shelf)}"),
        **_origin(shelf, lang),
    }


def band_facts(shelf: Shelf, lang: str, rows: pd.DataFrame) -> Facts:
    """Of the shares of firms in the bands of one measure of pressure: rows of `estimates`, one a band."""
    shown = rows[rows["estimate"].notna() & rows["n"].notna()]
    n = _n(shelf, lang, int(shown["n"].max())) if len(shown) else say(lang, "state.suppressed")
    wording = " ".join(say(lang, f"about.what_{key}") for key in ("bands", "pressure"))
    told = {
        "wording": wording,
        "n": n,
        "base": say(lang, "about.base_pressure"),
        "interval": " · ".join([_intervals(lang, shown), say(lang, "about.interval_bands")]),
        "weight": say(lang, f"weights.{weights_of(shelf)}"),
        **_origin(shelf, lang),
    }
    gone = len(rows) - len(shown)
    if gone:
        told["hidden"] = say(lang, "about.hidden_bands", many=gone, bands=len(rows), all=told["hidden"])
    return told


def measure_facts(shelf: Shelf, lang: str, page: str) -> Facts:
    """Of what a page shows that nobody was asked: reach, squeeze, dependence, effects, counts of rules."""
    supplied = None if shelf.has_firms else supplied_for(shelf, View())
    n = shelf.reached[1] if shelf.has_firms else None if supplied is None else supplied.n
    return part_facts(shelf, lang, page, say(lang, "state.suppressed") if n is None else _n(shelf, lang, n))


def part_facts(shelf: Shelf, lang: str, part: str, n: str) -> Facts:
    """Of the numbers of one part of a page, which has its own words in the catalogues.

    Parameters
    ----------
    part : str
        Ends the keys `about.what_`, `about.base_` and `about.interval_`.
    n : str
        What was counted, in words.
    """
    return {
        "wording": say(lang, f"about.what_{part}"),
        "n": n,
        "base": say(lang, f"about.base_{part}"),
        "interval": say(lang, f"about.interval_{part}"),
        "weight": _weight(shelf, lang, part),
        **_origin(shelf, lang),
    }


def weights_of(shelf: Shelf) -> str:
    """How answers are weighted: `none`, `file` or `made`."""
    told = str((shelf.manifest.get("design") or {}).get("weighted", "none"))
    return told if told in ("none", "file") else "made"


def _weight(shelf: Shelf, lang: str, part: str) -> str:
    if part in _WEIGHED:
        return say(lang, f"weights.{weights_of(shelf)}")
    key = f"about.weight_{part}"
    return say(lang, key if key in catalogue(lang) else "about.weight_none")


def _asked(shelf: Shelf, lang: str, question: str, option: object, against: str) -> str:
    chosen = [str(one) for one in (option, against) if _is_text(one)]
    answers = [shelf.label(lang, question, one) for one in chosen]
    return say(
        lang,
        "about.asked",
        question=shelf.label(lang, question),
        answers=say(lang, "about.against").join(answers) or "–",
    )


def _base(lang: str, row: pd.Series) -> str:
    return say(lang, f"about.base_{row['base_rule'] if _is_text(row['base_rule']) else 'answered'}")


def _intervals(lang: str, shown: pd.DataFrame) -> str:
    """Level and methods of intervals that stand beside their numbers."""
    ranged = shown[shown["low"].notna()]
    if ranged.empty:
        return say(lang, "state.suppressed") if shown.empty else say(lang, "interval.none")
    hows = dict.fromkeys(_how(lang, str(method or "")) for method in ranged["method"])
    level = say(lang, "unit.per_level", level=f"{100 * float(ranged['level'].max()):g}")
    return " · ".join([say(lang, "about.interval_beside", level=level), *hows])


def _how(lang: str, method: str) -> str:
    key = f"about.method_{method.replace(' ', '_')}"
    return say(lang, key) if key in catalogue(lang) else method or "–"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _n(shelf: Shelf, lang: str, n: int) -> str:
    returned = int(shelf.manifest.get("firms") or 0)
    if returned >= n:
        return say(lang, "about.n_of", n=n, returned=returned)
    return say(lang, "unit.firms", n=n)


def _interval(lang: str, row: pd.Series, *, is_difference: bool) -> str:
    method = str(row["method"] or "")
    how = _how(lang, method)
    if not is_number(row["low"]):
        return f"{say(lang, 'interval.none')} · {how}"
    if is_difference:
        limits = say(
            lang,
            "interval.points",
            level=say(lang, "unit.per_level", level=f"{100 * row['level']:g}"),
            low=as_points(row["low"], 0),
            high=as_points(row["high"], 0),
        )
    else:
        limits = as_interval(lang, row["low"], row["high"], row["level"], method, n=int(row["n"]))
    return f"{limits} · {how}"


def _origin(shelf: Shelf, lang: str) -> dict[str, str]:
    manifest = shelf.manifest
    cells = (manifest.get("disclosure") or {}).get("hidden_cells")
    if shelf.audience == "internal":
        hidden = say(lang, "about.hidden_internal")
    else:
        hidden = say(lang, "about.hidden_some" if cells else "about.hidden_no", many=cells or 0)
    source = say(
        lang,
        "about.source_of",
        study=shelf.title(lang),
        wave=str(manifest.get("wave") or "–"),
        day=as_date(lang, str(manifest.get("as_of") or "")) or "–",
    )
    return {"source": source, "hidden": hidden}
