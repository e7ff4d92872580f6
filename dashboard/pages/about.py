"""How a number is known, under the number itself: wording, n, base, interval, weight, source, suppression."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.claims import is_hidden
from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.supplied import supplied_for
from dashboard.wording import as_date, as_interval, catalogue, is_number, say

__all__ = ["FACTS", "about_measures", "about_share", "weights_of"]

FACTS = ("wording", "n", "base", "interval", "weight", "source", "hidden")
"""What each number opens to, in this order; keys under `about` in the catalogues."""


def about_share(shelf: Shelf, lang: str, row: pd.Series) -> Component:
    """Of an answer to a question, or of the difference of two, as `estimates` or `claims` hold it."""
    question, option = str(row["question"]), str(row["option"]) if _is_text(row["option"]) else ""
    against = str(row["against"]) if "against" in row and _is_text(row["against"]) else ""
    answers = [shelf.label(lang, question, one) for one in (option, against) if one]
    wording = say(
        lang,
        "about.asked",
        question=shelf.label(lang, question),
        answers=say(lang, "about.against").join(answers) or "–",
    )
    rule = str(row["base_rule"]) if _is_text(row["base_rule"]) else "answered"
    interval = say(lang, "state.suppressed")
    n = interval
    if not is_hidden(row):
        n = _n(shelf, lang, int(row["n"]))
        interval = _interval(lang, row, is_difference=bool(against))
    return _opened(
        lang,
        {
            "wording": wording,
            "n": n,
            "base": say(lang, f"about.base_{rule}"),
            "interval": interval,
            "weight": say(lang, f"weights.{weights_of(shelf)}"),
            **_origin(shelf, lang),
        },
    )


def about_measures(shelf: Shelf, lang: str, page: str) -> Component:
    """Of what a page shows that nobody was asked: reach, squeeze, dependence, effects, counts of rules."""
    supplied = None if shelf.has_firms else supplied_for(shelf, View())
    n = shelf.reached[1] if shelf.has_firms else None if supplied is None else supplied.n
    return _opened(
        lang,
        {
            "wording": say(lang, f"about.what_{page}"),
            "n": say(lang, "state.suppressed") if n is None else _n(shelf, lang, n),
            "base": say(lang, f"about.base_{page}"),
            "interval": say(lang, f"about.interval_{page}"),
            "weight": say(lang, "about.weight_none"),
            **_origin(shelf, lang),
        },
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def weights_of(shelf: Shelf) -> str:
    """How answers are weighted: `none`, `file` or `made`."""
    told = str((shelf.manifest.get("design") or {}).get("weighted", "none"))
    return told if told in ("none", "file") else "made"


def _n(shelf: Shelf, lang: str, n: int) -> str:
    returned = int(shelf.manifest.get("firms") or 0)
    if returned >= n:
        return say(lang, "about.n_of", n=n, returned=returned)
    return say(lang, "unit.firms", n=n)


def _interval(lang: str, row: pd.Series, *, is_difference: bool) -> str:
    method = str(row["method"] or "")
    key = f"about.method_{method.replace(' ', '_')}"
    how = say(lang, key) if key in catalogue(lang) else method or "–"
    if not is_number(row["low"]):
        return f"{say(lang, 'interval.none')} · {how}"
    if is_difference:
        limits = say(
            lang,
            "interval.points",
            level=say(lang, "unit.per_level", level=f"{100 * row['level']:g}"),
            low=f"{100 * row['low']:.0f}",
            high=f"{100 * row['high']:.0f}",
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


def _opened(lang: str, told: dict[str, str]) -> Component:
    rows = [part for key in FACTS for part in (html.Dt(say(lang, f"about.{key}")), html.Dd(told[key]))]
    return html.Details([html.Summary(say(lang, "about.open")), html.Dl(rows)], className="about")
