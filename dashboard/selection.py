"""What the address bar asks for: language, theme, firm, filters and comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pandas as pd

from dashboard.payloads import MOST_LETTERS
from dashboard.wording import LANGUAGES

__all__ = [
    "MOST_COMPARED",
    "SORTED",
    "THEMES",
    "View",
    "address",
    "filter_firms",
    "grid_rows",
    "look_of",
    "order_firms",
    "read_address",
    "searched_text",
]

THEMES = ("light", "dark", "system")
"""Themes of the address; `system` follows the reader's own setting."""

MOST_COMPARED = 15
"""Firms that may be compared, and drawn with intervals, at once."""


SORTED = ("name", "name_ja", "us", "cn", "squeeze", "p_choose", "tier")
"""Columns that the grid may be ordered by."""

_TEXTS = (
    "firm",
    "q",
    "sector",
    "tier",
    "question",
    "by",
    "option",
    "base",
    "seed",
    "scenario",
    "stat",
    "sort",
)
_TURNS = ("flow", "substitutability", "share", "dormant")
_RULES = ("day", "span", "side", "state", "instrument", "pair")


@dataclass(frozen=True, slots=True)
class View:
    """Everything that decides what a page shows, and nothing else.

    Attributes
    ----------
    lang, theme : str
        A word of `LANGUAGES` and of `THEMES`.
    firm : str
        Firm whose drawer is open, or whose suppliers are shown; "" for none.
    q, sector, tier : str
        Filters: text in name or id, sector code, tier number; "" for all.
    compare : tuple[str, ...]
        Firms compared, at most 15, in the order chosen.
    question, by, option, base : str
        Question of the survey shown, the break, the answer looked at, the base rule; "" for the first
        question, all firms, the answer given most often, and `answered`.
    seed : str
        Country whose part in the inputs is looked at, such as `country=CN`; "" for the larger side.
    scenario, stat : str
        Scenario looked at, and the measure it is looked at by; "" for the one that moves most, and squeeze.
    own : str
        Text of a scenario of one's own, packed (`dashboard.own`); "" for none.
    day, span : str
        Day of the timeline of rules, ISO, and the years it runs over; "" for that of the Release, and the
        recent ones.
    side, state : str
        Rules of one side, or in one state on that day; "" for all.
    instrument, pair : str
        Rule whose card is open, and pair of a duty and a clause whose flows are shown; "" for none.
    flow, substitutability, share, dormant : str
        What is turned about the firm: one of its flows ("" for all), and numbers from 0 to 1; "" for none.
    sort : str
        Column the grid is ordered by, with `-` before it for the highest first; "" for tier and squeeze.
    passed : tuple of (str, str)
        What an address asked for and no page knows: `lang`, `theme` or `other`, and the words. It decides
        nothing but that the page says so.
    """

    lang: str = "en"
    theme: str = "system"
    firm: str = ""
    q: str = ""
    sector: str = ""
    tier: str = ""
    compare: tuple[str, ...] = ()
    question: str = ""
    by: str = ""
    option: str = ""
    base: str = ""
    seed: str = ""
    scenario: str = ""
    stat: str = ""
    own: str = ""
    day: str = ""
    span: str = ""
    side: str = ""
    state: str = ""
    instrument: str = ""
    pair: str = ""
    flow: str = ""
    substitutability: str = ""
    share: str = ""
    dormant: str = ""
    sort: str = ""
    passed: tuple[tuple[str, str], ...] = field(default=(), compare=False)


def read_address(search: str | None, languages: Sequence[str] = LANGUAGES) -> View:
    """The View that the query part of an address asks for; unknown keys and words are passed over."""
    asked = _parts(search or "")
    text = {name: asked.get(name, "")[:200] for name in (*_TEXTS, *_RULES, *_TURNS)}
    firms = [firm for firm in asked.get("compare", "").split(",") if firm]
    spoken = [lang for lang in languages if lang in LANGUAGES] or list(LANGUAGES)
    return View(
        lang=asked["lang"] if asked.get("lang") in spoken else spoken[0],
        theme=asked["theme"] if asked.get("theme") in THEMES else "system",
        compare=tuple(dict.fromkeys(firms))[:MOST_COMPARED],
        own=asked.get("own", ""),
        passed=_passed(asked, spoken),
        **text,
    )


def _parts(search: str) -> dict[str, str]:
    """Key to words of an address; of one that is too long, or has too many parts, none."""
    try:
        return dict(parse_qsl(search.lstrip("?"), max_num_fields=50)) if len(search) < MOST_LETTERS else {}
    except ValueError:
        return {}


def _passed(asked: Mapping[str, str], spoken: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What no page knows: another language or theme, and keys of no View."""
    known = {one.name for one in fields(View)} - {"passed"}
    found = [
        (key, asked[key])
        for key, words in (("lang", spoken), ("theme", THEMES))
        if asked.get(key, words[0]) not in words
    ]
    other = ", ".join(key for key in asked if key not in known)
    return (*found, *((("other", other),) if other else ()))


def address(path: str, view: View, **changes: object) -> str:
    """The address of a page with a View, some of its parts changed; parts at rest are left out."""
    wanted = replace(view, **changes)  # type: ignore[arg-type]
    parts = {}
    for one in fields(View):
        value = getattr(wanted, one.name)
        if one.compare and value != one.default:
            parts[one.name] = ",".join(value) if isinstance(value, tuple) else value
    return path + ("?" + urlencode(parts, safe=",") if parts else "")


def look_of(view: View) -> str:
    """The part of an address that says language and theme, for pages that have no more of a View."""
    return f"lang={view.lang}" + (f"&theme={view.theme}" if view.theme != "system" else "")


def filter_firms(firms: pd.DataFrame, view: View, text: "pd.Series[str] | None" = None) -> pd.DataFrame:
    """Rows of the firm table that fit search text, sector and tier; their order is kept.

    Parameters
    ----------
    text : pandas.Series, optional
        What is searched, as `searched_text` makes it; made anew where it is not handed over.
    """
    keep = pd.Series(True, index=firms.index)
    if view.sector:
        keep &= firms["sector"].astype(str) == view.sector
    if view.tier:
        keep &= firms["tier"].map(lambda tier: f"{tier:g}" if pd.notna(tier) else "") == view.tier
    if view.q.strip():
        held = searched_text(firms) if text is None else text
        keep &= held.str.contains(view.q.strip(), case=False, regex=False)
    return firms[keep]


def searched_text(firms: pd.DataFrame) -> "pd.Series[str]":
    """Id and both names of each firm in one text."""
    return firms["firm"].astype(str) + "\n" + firms["name"].fillna("") + "\n" + firms["name_ja"].fillna("")


def order_firms(firms: pd.DataFrame, view: View) -> pd.DataFrame:
    """Rows in the order a View asks for; by tier and squeeze where it asks for none, never by rank.

    `sort` is a column, with `-` before it for the highest first; firms without a value stand last.
    """
    name = view.sort.removeprefix("-")
    if name == "name":
        name = "name_ja" if view.lang == "ja" else "name"
    if name not in SORTED:
        return firms.sort_values(["tier", "squeeze"], ascending=[True, False], kind="stable")
    return firms.sort_values(name, ascending=not view.sort.startswith("-"), kind="stable")


def grid_rows(firms: pd.DataFrame, view: View, measures: Sequence[str]) -> list[dict[str, Any]]:
    """Firms as rows of the grid, in the order given: name in its language, measures and limits rounded.

    Returns
    -------
    list of dict
        Keys firm, name, tier, and for each measure `m`, `m_low`, `m_low50`, `m_high50`, `m_high`;
        None where there is no value.
    """
    name = firms["name"].fillna("")
    if view.lang == "ja":
        name = firms["name_ja"].where(firms["name_ja"].fillna("") != "", name)
    out = pd.DataFrame({"firm": firms["firm"].astype(str), "name": name})
    for measure in measures:
        for end in ("", "_low", "_low50", "_high50", "_high"):
            out[measure + end] = firms[measure + end].astype(float).round(4)
    out["tier"] = firms["tier"].astype(float)
    records = out.astype(object).where(out.notna(), None).to_dict(orient="records")
    return [{str(key): value for key, value in record.items()} for record in records]
