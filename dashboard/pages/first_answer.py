"""The first answer of a page: what it says first, as HTML that is read before any script has run."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple
from html import escape
from typing import Any

from dash.development.base_component import Component

from dashboard.keeping import Nook
from dashboard.selection import View

__all__ = ["FirstAnswers", "as_html"]

_LOG = logging.getLogger("crosspressure.dashboard")

_NAMES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex", "colSpan": "colspan"}
_VOID = frozenset({"Br", "Hr", "Img", "Wbr"})


def as_html(one: Any) -> str:
    """A component of `dash.html`, or several, as HTML; words are escaped, None is nothing.

    Raises
    ------
    TypeError
        A component that is no plain element, of which scripts alone know the look.
    """
    if one is None:
        return ""
    if isinstance(one, (list, tuple)):
        return "".join(as_html(part) for part in one)
    if not isinstance(one, Component):
        return escape(str(one), quote=False)
    told = one.to_plotly_json()
    if told["namespace"] != "dash_html_components":
        raise TypeError(f"{told['type']} is no plain element")
    props = dict(told["props"])
    inner = as_html(props.pop("children", None))
    tag = str(told["type"]).lower()
    opened = "".join([f"<{tag}", *_attributes(props), ">"])
    return opened if told["type"] in _VOID else f"{opened}{inner}</{tag}>"


def _attributes(props: Mapping[str, Any]) -> Iterable[str]:
    for name, value in sorted(props.items()):
        if value is None or value is False:
            continue
        if name == "style":
            value = ";".join(f"{_dashed(part)}:{style}" for part, style in value.items())
        yield f' {_NAMES.get(name, name)}="{escape("" if value is True else str(value))}"'


def _dashed(name: str) -> str:
    """`borderLeft` as `border-left`."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


class FirstAnswers:
    """What pages say first, of one Release; kept once it was said.

    Parameters
    ----------
    pages : mapping of str to callable
        Key of a page to what makes of a View the components it begins with. They name no firm.
    nook : Nook
    """

    def __init__(self, pages: Mapping[str, Callable[[View], list[Component]]], nook: Nook) -> None:
        self._pages = pages
        self._nook = nook

    def of(self, page: str, view: View) -> str:
        """HTML that stands until the page does; "" for a page that says nothing first."""
        if page not in self._pages:
            return ""
        what = f"first;{page};{astuple(view)}"
        found: str | None = self._nook.get(what, view.lang)
        if found is None:
            try:
                found = f'<div id="first" class="page">{as_html(self._pages[page](view))}</div>'
            except Exception:  # the page itself says that it failed, and leads on
                _LOG.exception("a page could not be begun")
                return ""
            self._nook.put(what, found, 2 * len(found), view.lang)
        return found
