"""The matrix of collisions: the duty obeyed against the clause that punishes it, with what is at stake."""

import re

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.claims import collision_claim
from dashboard.figures.matrix import Grid, place_pairs
from dashboard.given_words import article_words
from dashboard.pages.collisions import as_word
from dashboard.pages.held_back import held_back_words
from dashboard.pages.marks import filled_table, table_view, tags
from dashboard.ruled import Ruled
from dashboard.selection import address
from dashboard.wording import as_amount, as_date, as_index, as_whole, is_number, say, sentences

__all__ = ["matrix_panel", "stake_words"]

_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]$")
"""What a citation adds in brackets: the page of the pair has it whole."""


def matrix_panel(ruled: Ruled, lang: str) -> Component | None:
    """Pairs that flows meet, with numbers; else those of the catalogue alone."""
    if ruled.pairs.empty:
        return None
    title = say(lang, "matrix.title")
    if "collision_matrix" not in ruled.shelf.tables and "collisions" in ruled.shelf.tables:
        words = say(lang, "matrix.none", day=as_date(lang, ruled.own_day))
        return _panel(title, [html.Div(html.P(words), className="state"), _all_pairs(ruled, lang)])
    if ruled.matrix.empty:
        told = [say(lang, "matrix.law_only"), held_back_words(ruled.shelf, lang, "matrix.kept_back")]
        grid = place_pairs(ruled.pairs)
        return _panel(
            title,
            [
                html.P(sentences(lang, told), className="sentence"),
                _matrix(ruled, lang, ruled.pairs, grid, title),
                table_view(lang, _pair_table(ruled, lang, ruled.pairs, title)),
            ],
        )
    rows = ruled.matrix
    grid = place_pairs(rows)
    return _panel(
        collision_claim(ruled, lang),
        [
            html.P(_sentence(ruled, lang, rows), className="sentence"),
            _statuses(lang, rows, grid),
            _matrix(ruled, lang, rows, grid, title),
            table_view(lang, _met_table(ruled, lang, rows, grid, title)),
            _all_pairs(ruled, lang),
        ],
    )


def _panel(title: str, parts: list[Component | None]) -> Component:
    return html.Section(
        [html.H2(title, id="matrix-title", tabIndex="-1"), *[part for part in parts if part is not None]],
        className="panel",
        id="matrix",
    )


def stake_words(lang: str, measure: str, value: object) -> str:
    """What is at stake in words: a value, a share of sales or inputs, or flows."""
    if not is_number(value):
        return "–"
    number = float(value)  # type: ignore[arg-type]
    if measure == "estimate":
        return as_amount(lang, number)
    return as_index(number, 4) if measure == "share" else as_whole(number)


def _sentence(ruled: Ruled, lang: str, rows: pd.DataFrame) -> str:
    known = bool(rows["estimate"].notna().any())
    parts = [say(lang, "matrix.read"), say(lang, "matrix.once" if known else "matrix.no_value")]
    if not bool(rows["lethal"].astype(bool).any()):
        parts.append(say(lang, "matrix.no_lethal"))
    if ruled.day.isoformat() != ruled.own_day:
        parts.append(say(lang, "matrix.other_day", day=as_date(lang, ruled.own_day)))
    return sentences(lang, parts)


def _statuses(lang: str, rows: pd.DataFrame, grid: Grid) -> Component:
    """Sums by status, apart and never one: a dormant power is no duty."""
    items = []
    for status in ("exercised", "duty", "dormant"):
        mine = rows[rows["status"] == status]
        total = mine[grid.measure].sum() if len(mine) and grid.measure else 0.0
        items.append(
            html.Div(
                [
                    html.Dt(
                        [html.Span(className=f"key stake-key {status}"), as_word(lang, "status", status)]
                    ),
                    html.Dd(
                        stake_words(lang, grid.measure, total) if len(mine) else say(lang, "matrix.nothing")
                    ),
                    html.Dd(say(lang, f"matrix.means_{status}"), className="quiet"),
                ]
            )
        )
    return html.Dl(items, className="statuses")


def _matrix(ruled: Ruled, lang: str, rows: pd.DataFrame, grid: Grid, title: str) -> Component:
    rows = rows.reset_index(drop=True)
    head = [html.Th(say(lang, "matrix.corner"), scope="col")]
    head += [html.Th(_end(ruled, lang, clause), scope="col") for clause in grid.clauses]
    body = []
    for duty in grid.duties:
        cells: list[Component] = [html.Th(_end(ruled, lang, duty), scope="row")]
        for clause in grid.clauses:
            places = list(grid.cells.get((duty, clause), ()))
            marks = _marks(ruled, lang, rows.iloc[places], grid) if places else []
            cells.append(html.Td(marks, **tags({"data-head": ruled.name(lang, clause) if marks else None})))
        body.append(html.Tr(cells))
    return html.Div(
        html.Table([html.Caption(title), html.Thead(html.Tr(head)), html.Tbody(body)]),
        className="table-scroll matrix",
        tabIndex="0",
        role="region",
        **tags({"aria-label": title}),
    )


def _marks(ruled: Ruled, lang: str, mine: pd.DataFrame, grid: Grid) -> list[Component]:
    """What stands in a cell: one mark a pair."""
    return [
        _mark(ruled, lang, alike.iloc[0], grid, _channels(lang, alike))
        for _, alike in mine.groupby("key", sort=False)
    ]


def _end(ruled: Ruled, lang: str, instrument: str) -> Component:
    return html.A(
        [
            html.Span(className=f"key {ruled.side(instrument) or 'other'}"),
            html.Span([ruled.name(lang, instrument), html.Span(instrument, className="rule-id")]),
        ],
        href=address("/rules", ruled.view, instrument=instrument),
        className="matrix-end",
        **tags({"data-turn": "instrument", "data-part": "instrument", "data-value": instrument}),
    )


def _channels(lang: str, alike: pd.DataFrame) -> str:
    """Sales, inputs or both, where rows of the catalogue are one pair."""
    if "channel" not in alike:
        return ""
    return say(lang, "matrix.and").join(as_word(lang, "channel", one) for one in alike["channel"].unique())


def _mark(ruled: Ruled, lang: str, row: pd.Series, grid: Grid, channels: str) -> Component:
    """A pair in its cell: status, number, and a bar as long as what is at stake; else article, channels."""
    status, key = str(row["status"]), str(row["key"])
    is_lethal = bool(row.get("lethal", False))
    words: list[Component] = [html.Span(as_word(lang, "status", status), className="mark-status")]
    parts: list[Component] = []
    if is_lethal:
        words.insert(0, html.Strong(say(lang, "matrix.lethal"), className="lethal"))
    if grid.measure:
        value, counted, flows = row[grid.measure], int(row["counted"]) > 0, int(row["flows"])
        number = stake_words(lang, grid.measure, value) if counted else say(lang, "matrix.elsewhere")
        words.append(html.Span(number, className="mark-value" if counted else "mark-value quiet"))
        style = {"width": f"{100 * grid.length(value):.1f}%"}
        bar = html.Span(html.Span(className=f"stake {status}", style=style), className="stake-track")
        many = say(lang, "matrix.flow_one") if flows == 1 else say(lang, "matrix.flows", flows=flows)
        parts += [*([bar] if counted else []), html.Span(many, className="quiet")]
    elif row["article"]:
        article = _BRACKETS.sub("", article_words(lang, str(row["article"])))
        words_of = " · ".join(part for part in (article, channels) if part)
        parts.append(html.Span(words_of, className="quiet"))
    return html.A(
        [html.Span(words, className="mark-words"), *parts],
        href=address("/rules", ruled.view, pair=key),
        className=f"mark {status}" + (" chosen" if key == ruled.pair else ""),
        **tags(
            {
                "aria-current": "true" if key == ruled.pair else None,
                "data-turn": "pair",
                "data-part": "pair",
                "data-value": key,
            }
        ),
    )


def _met_table(ruled: Ruled, lang: str, rows: pd.DataFrame, grid: Grid, title: str) -> Component:
    lines = [
        [
            ruled.name(lang, str(row["duty"])),
            f"{ruled.name(lang, str(row['clause']))} {article_words(lang, str(row['article']))}".strip(),
            as_word(lang, "pair_kind", str(row["kind"]).replace(" ", "_")),
            as_word(lang, "status", row["status"]),
            say(lang, "matrix.lethal") if row["lethal"] else "",
            as_whole(row["n"]),
            as_whole(row["flows"]),
            as_whole(row["counted"]),
            stake_words(lang, "estimate", row["value"]),
            stake_words(lang, "estimate", row["estimate"]),
            stake_words(lang, "share", row["share"]),
        ]
        for row in rows.to_dict(orient="records")
    ]
    keys = (
        "duty",
        "clause",
        "kind",
        "status",
        "lethal",
        "firms",
        "flows",
        "counted",
        "value",
        "stake",
        "share",
    )
    head = [say(lang, f"matrix.head_{key}") for key in keys]
    return filled_table(head, lines, title, numbers=tuple(range(5, len(keys))))


def _pair_table(ruled: Ruled, lang: str, rows: pd.DataFrame, title: str) -> Component:
    lines = [
        [
            ruled.name(lang, str(row["duty"])),
            f"{ruled.name(lang, str(row['clause']))} {article_words(lang, str(row['article']))}".strip(),
            as_word(lang, "pair_kind", str(row["kind"]).replace(" ", "_")),
            as_word(lang, "channel", row["channel"]),
            as_word(lang, "status", row["status"]),
            as_word(lang, "confidence", row["confidence"]),
        ]
        for row in rows.to_dict(orient="records")
    ]
    keys = ("duty", "clause", "kind", "channel", "status", "confidence")
    head = [say(lang, f"matrix.head_{key}") for key in keys]
    return filled_table(head, lines, title)


def _all_pairs(ruled: Ruled, lang: str) -> Component | None:
    """Pairs of the catalogue, met or not, folded away."""
    words = say(lang, "matrix.all_pairs", pairs=len(ruled.pairs))
    return table_view(lang, _pair_table(ruled, lang, ruled.pairs, words), words=words)
