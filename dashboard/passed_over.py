"""Parts of an address that fit nothing in a Release: which they are, and the address without them."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from dashboard.asked import asked_for
from dashboard.figures.timeline import FIRST_YEARS
from dashboard.foreseen import foreseen_for
from dashboard.ruled import SIDES, STATE_FILTERS
from dashboard.selection import SORTED, View
from dashboard.shelf import Shelf
from dashboard.supplied import supplied_for

__all__ = ["kept_parts", "parts_passed_over"]

_MOST_LETTERS = 60

_SEEN = ("lang", "theme")
"""Parts that stand in a View as they are shown already."""

_Passed = dict[str, str]


def parts_passed_over(shelf: Shelf, view: View, page: str) -> dict[str, str]:
    """Part of the View (`question`, `by`, ..., or `other`) to the words that were passed over, made short.

    Parameters
    ----------
    page : str
        Key of the page; parts that another page reads are none of its own.

    Returns
    -------
    dict
        Empty where all that was asked for is shown, or where the page says itself that it is not.
    """
    found = _OF_PAGES.get(page, lambda *_: {})(shelf, view)
    if page in ("briefing", "pressure") and shelf.has_firms:
        lost = [firm for firm in view.compare if shelf.firm(firm) is None]
        found |= {"compare": ", ".join(lost)} if lost else {}
    found |= dict(view.passed)
    return {part: _short(words) for part, words in found.items()}


def kept_parts(view: View, passed: Mapping[str, str], shelf: Shelf) -> View:
    """The View without the parts passed over."""
    rest = {one.name: one.default for one in fields(View) if one.name in passed and one.name not in _SEEN}
    if "compare" in passed:
        rest["compare"] = tuple(firm for firm in view.compare if shelf.firm(firm) is not None)
    return replace(view, passed=(), **rest)  # type: ignore[arg-type]


def _short(words: str) -> str:
    """Words as they may be shown: printable, and not many."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in words)
    return plain if len(plain) <= _MOST_LETTERS else plain[: _MOST_LETTERS - 1] + "…"


def _unlike(view: View, shown: Mapping[str, Any]) -> _Passed:
    """Parts of the View that ask for another word than the one shown."""
    return {
        part: getattr(view, part)
        for part, word in shown.items()
        if getattr(view, part) and getattr(view, part) != word
    }


def _outside(view: View, known: Mapping[str, Any]) -> _Passed:
    """Parts of the View whose words are none of those known."""
    return {
        part: getattr(view, part) for part, words in known.items() if getattr(view, part) not in ("", *words)
    }


def _of_survey(shelf: Shelf, view: View) -> _Passed:
    asked = asked_for(shelf, view)
    if asked is None:
        return {}
    shown = {"question": asked.question, "by": asked.by, "base": asked.base_rule, "option": asked.option}
    if view.question and view.question != asked.question:
        shown = {"question": asked.question}  # the rest was asked of the question that there is not
    return _unlike(view, shown)


def _of_suppliers(shelf: Shelf, view: View) -> _Passed:
    supplied = supplied_for(shelf, view)
    return {} if supplied is None else _unlike(view, {"firm": supplied.firm, "seed": supplied.seed})


def _of_scenarios(shelf: Shelf, view: View) -> _Passed:
    found = foreseen_for(shelf, view)
    own = {"own": view.own} if view.own and "kept" not in shelf.tables else {}
    if found is None:
        return own
    return own | _unlike(view, {"scenario": found.scenario, "stat": found.stat, "by": found.by})


def _of_rules(shelf: Shelf, view: View) -> _Passed:
    if "instruments" not in shelf.tables:
        return {}
    found = _outside(view, {"side": SIDES, "state": STATE_FILTERS, "span": FIRST_YEARS})
    return found if _is_day(view.day) else found | {"day": view.day}


def _is_day(text: str) -> bool:
    if not text:
        return True
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _of_pressure(shelf: Shelf, view: View) -> _Passed:
    if not shelf.has_firms:
        return {}
    firms = shelf.firms
    known = {
        "sector": set(firms["sector"].dropna().astype(str)),
        "tier": {f"{tier:g}" for tier in firms["tier"].dropna().unique()},
    }
    order = {} if view.sort.removeprefix("-") in ("", *SORTED) else {"sort": view.sort}
    return _outside(view, known) | order


_OF_PAGES: Mapping[str, Callable[[Shelf, View], _Passed]] = {
    "survey": _of_survey,
    "suppliers": _of_suppliers,
    "scenarios": _of_scenarios,
    "rules": _of_rules,
    "pressure": _of_pressure,
}
"""Page to what reads its parts of the address."""
