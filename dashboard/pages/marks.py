"""Small marks drawn in plain HTML: interval bars, base strips, signed bars, tables with their notes."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.wording import is_number, say

__all__ = [
    "Cell",
    "bar_ends",
    "base_strip",
    "command_line",
    "filled_table",
    "folded_rows",
    "hatched",
    "interval_bar",
    "side_sheet",
    "signed_bar",
    "table_view",
    "tags",
    "words_table",
]


Cell = dict[str, Any] | list[dict[str, Any]]
"""A cell as `assets/tables.js` builds it: element `e` (`a`, `span`, `code`, `strip`), words `t`, class `c`,
language `l`; of a link the address `h`, what it turns `turn` and to which value `v`; of a strip `bars`,
`ticks` and `day`, in percent. A list is several in one cell."""


_WIDE, _BRIEF, _LONG = 0x2E80, 14, 24
"""First letter that takes two columns; most columns of words kept whole, and of words with some room."""


def tags(attributes: dict[str, str | None]) -> dict[str, Any]:
    """Attributes with a hyphen in their name (`aria-label`, `data-act`), to be handed to a component."""
    return dict(attributes)


def command_line(text: str) -> Component:
    """A command to type, broken between its words only, never within `--scenario`."""
    words = [html.Span(word, className="whole") for word in text.split(" ")]
    return html.Code([part for word in words for part in (" ", word)][1:])


def _at(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.2f}%"


def _span(low: float, high: float) -> dict[str, str]:
    return {"left": _at(low), "width": _at(max(high - low, 0.0))}


def interval_bar(
    estimate: float,
    low: float,
    high: float,
    words: str,
    *,
    side: str = "",
    low50: float | None = None,
    high50: float | None = None,
    is_indicative: bool = False,
    from_: float = 0.0,
    to: float = 1.0,
    was: float | None = None,
) -> Component:
    """A point with its interval on a track that runs from `from_` to `to`.

    Parameters
    ----------
    words : str
        What the bar says, for readers who do not see it.
    side : str
        `us`, `cn`, `both` or "" (grey): the one meaning of the colour.
    was : float or None
        Where the point stood before, drawn open.
    """
    span = to - from_

    def put(value: float) -> float:
        return (value - from_) / span

    parts = []
    if from_ < 0 < to:
        parts.append(html.Span(className="bar-zero", style={"left": _at(put(0.0))}))
    if is_number(low) and is_number(high):
        parts.append(html.Span(className="bar-wide", style=_span(put(low), put(high))))
    if is_number(low50) and is_number(high50):
        parts.append(html.Span(className="bar-half", style=_span(put(low50 or 0.0), put(high50 or 0.0))))
    if is_number(was):
        left, right = sorted((put(was or 0.0), put(estimate)))
        parts.append(html.Span(className="bar-step", style=_span(left, right)))
        parts.append(html.Span(className="bar-point open", style={"left": _at(put(was or 0.0))}))
    if is_number(estimate):
        kind = "bar-point open" if is_indicative else "bar-point"
        parts.append(html.Span(className=kind, style={"left": _at(put(estimate))}))
    return html.Div(parts, className=f"bar {side}".strip(), role="img", **tags({"aria-label": words}))


def bar_ends(left: str, right: str) -> Component:
    """What the two ends of the track above stand for."""
    return html.Div(
        [html.Span(left), html.Span(right)], className="bar-ends", **tags({"aria-hidden": "true"})
    )


def hatched(lang: str) -> Component:
    """The one look of everything that is suppressed: hatched grey with its words."""
    return html.Span(say(lang, "state.suppressed"), className="hidden-value")


def base_strip(lang: str, n: int, returned: int | None, *, is_leaky: bool = False) -> Component:
    """How many answered, of how many returned: a thin strip and its words."""
    if returned is None or returned < n:
        return html.P(say(lang, "base.strip_n", n=n), className="strip-words")
    words = say(lang, "base.strip", n=n, returned=returned)
    if is_leaky:
        words = f"{words} · {say(lang, 'base.strip_leak')}"
    return html.Div(
        [
            html.Div(html.Span(style={"width": _at(n / returned if returned else 0)}), className="strip"),
            html.P(words, className="strip-words"),
        ],
        className="base",
    )


def signed_bar(value: float, largest: float, words: str) -> Component:
    """A bar from the middle: to the right where the value raises, to the left where it lowers."""
    half = 0.5 * min(abs(value) / largest, 1.0) if largest else 0.0
    style = _span(0.5, 0.5 + half) if value >= 0 else _span(0.5 - half, 0.5)
    return html.Div(
        [
            html.Span(className="bar-zero", style={"left": "50%"}),
            html.Span(className="bar-signed", style=style),
        ],
        className="bar signed",
        role="img",
        **tags({"aria-label": words}),
    )


def _room(value: Component | str) -> str:
    """`brief` for words never to be broken, `fair` and `long` for those that need room; as `tables.js`."""
    if not isinstance(value, str):
        return ""
    size = sum(2 if ord(letter) > _WIDE else 1 for letter in value)
    return "brief" if size <= _BRIEF else "long" if size > _LONG else "fair"


def words_table(
    head: Sequence[str],
    rows: Iterable[Sequence[Component | str]],
    caption: str,
    *,
    numbers: Sequence[int] = (),
    is_stacked: bool = False,
) -> Component:
    """A table with a caption and a header row; columns in `numbers` are set as figures.

    The first cell of each row is its header. Words of a few letters are never broken, long ones keep
    room enough to be read on a narrow screen or column, where `is_stacked` sets each cell beside its head
    although the table would fit: one of sentences side by side fits with a word a line.
    """

    def cell(column: int, value: Component | str) -> Component:
        kind = " ".join(filter(None, ["number" if column in numbers else "", _room(value)])) or None
        if column == 0:
            return html.Th(value, scope="row", className=kind)
        return html.Td(value, className=kind)

    return html.Div(
        html.Table(
            [
                html.Caption(caption),
                html.Thead(
                    html.Tr(
                        [
                            html.Th(
                                name,
                                scope="col",
                                className=" ".join(
                                    filter(None, ["number" if i in numbers else "", _room(name)])
                                )
                                or None,
                            )
                            for i, name in enumerate(head)
                        ]
                    )
                ),
                html.Tbody([html.Tr([cell(i, value) for i, value in enumerate(row)]) for row in rows]),
            ]
        ),
        className="table-scroll",
        tabIndex="0",
        role="region",
        **tags({"aria-label": caption, "data-stack": "yes" if is_stacked else None}),
    )


def _plain(value: Component | str | Cell) -> Any:
    """A cell as data: its words alone, or with element, class and language."""
    if isinstance(value, str | dict | list):
        return value
    parts = {"e": type(value).__name__.lower(), "t": str(getattr(value, "children", "") or "")}
    for key, name in (("c", "className"), ("l", "lang")):
        if getattr(value, name, None):
            parts[key] = str(getattr(value, name))
    return parts


def filled_table(
    head: Sequence[str],
    rows: Iterable[Sequence[Component | str | Cell] | Cell],
    caption: str,
    *,
    numbers: Sequence[int] = (),
    widths: Sequence[str] = (),
    is_stacked: bool = False,
    is_one_stop: bool = False,
) -> Component:
    """As `words_table`, for tables of many rows: one element that `assets/tables.js` fills.

    Every element of a page costs the browser as much as all others together need to be looked
    through, so that a table of a thousand cells would take seconds. Cells are words, or one element
    with words alone (`Span`, `Code`), or the data of `Cell`; a row that is one `Cell` with the key
    `group` is the head of those under it. The links of a table that is one stop are one stop of
    the Tab key; arrow keys go between them.
    """
    told: dict[str, object] = {
        "head": list(head),
        "rows": [row if isinstance(row, dict) else [_plain(cell) for cell in row] for row in rows],
        "caption": caption,
        "numbers": list(numbers),
        "widths": list(widths),
    }
    if is_one_stop:
        told["oneStop"] = True
    return html.Div(
        className="table-scroll",
        tabIndex="0",
        role="region",
        **tags(
            {
                "aria-label": caption,
                "data-stack": "yes" if is_stacked else None,
                "data-table": json.dumps(told, ensure_ascii=False),
            }
        ),
    )


def side_sheet(lang: str, title: str, body: Sequence[Component]) -> Component:
    """The drawer over the page: its title takes the focus, its button and Escape close it."""
    return html.Aside(
        [
            html.Div(
                [
                    html.H2(title, id="drawer-title", tabIndex="-1"),
                    html.Button(say(lang, "drawer.close"), type="button", **tags({"data-act": "close"})),
                ],
                className="drawer-head",
            ),
            *body,
        ],
        className="drawer",
        **tags({"aria-labelledby": "drawer-title"}),
    )


def table_view(lang: str, table: Component, *, words: str = "", is_open: bool = False) -> Component:
    """A table folded away until asked for: that behind a chart, unless `words` say what else it is."""
    summary = html.Summary(words or say(lang, "quadrant.table"))
    return html.Details([summary, table], className="table-view", open=is_open)


def folded_rows(
    lang: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Component | str]],
    caption: str,
    *,
    numbers: Sequence[int] = (),
) -> Component:
    """A table that stands for nothing but itself, folded under the number of its rows."""
    words = say(lang, "method_page.show_table", rows=len(rows))
    return table_view(lang, filled_table(head, rows, caption, numbers=numbers), words=words)
