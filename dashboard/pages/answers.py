"""Answers to one question as dots with intervals on one scale: all options, or one option by groups."""

from collections.abc import Sequence

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.answer_claims import interval_words, is_weighted
from dashboard.asked import Asked
from dashboard.pages.marks import filled_table, hatched, interval_bar, table_view, tags
from dashboard.wording import FEW, NEVER, as_count, as_number, as_share, as_whole, is_number, say

__all__ = ["answer_panel", "answer_table", "response_strip"]

_STEPS = (0.2, 0.4, 0.6, 0.8)


def _scale(asked: Asked, rows: pd.DataFrame) -> tuple[float, float]:
    """Ends of the track: from 0 to a tidy share, or over all means with their limits."""
    ends = rows[["estimate", "low", "high"]].to_numpy(dtype=float)
    known = ends[ends == ends]
    top = float(known.max()) if len(known) else 1.0
    if asked.is_mean:
        low = min(0.0, float(known.min())) if len(known) else 0.0
        return low, top if top > low else low + 1.0
    return 0.0, next((end for end in _STEPS if top <= end), 1.0)


def _ruler(asked: Asked, lang: str, ends: tuple[float, float]) -> Component:
    """The scale above the tracks, a word every fifth of the whole."""
    low, high = ends
    if asked.is_mean:
        marks = [(0.0, as_number(low, "")), (1.0, as_number(high, ""))]
    else:
        many = round(high / 0.2)
        marks = [(k / many, say(lang, "unit.percent", value=f"{20 * k:d}")) for k in range(many + 1)]
    return html.Div(
        html.Div(
            [html.Span(words, style={"left": f"{100 * at:.2f}%"}) for at, words in marks], className="ruler"
        ),
        className="dots-ruler",
        **tags({"aria-hidden": "true"}),
    )


def _row(
    asked: Asked,
    lang: str,
    row: "pd.Series | None",
    label: Component | str,
    ends: tuple[float, float],
    *,
    side: str,
    with_n: bool,
    is_whole: bool = False,
) -> Component:
    name = html.Span(label, className="dot-name")
    kind = "dot-row whole" if is_whole else "dot-row"
    if row is None or not is_number(row["estimate"]):
        is_hidden = row is None or "suppressed" in str(row["flag"])
        words = hatched(lang) if is_hidden else html.Span(say(lang, "state.missing"), className="quiet")
        return html.Li([name, html.Span(words, className="dot-hidden")], className=kind)
    n = int(row["n"])
    if n < NEVER:
        low = html.Span(say(lang, "state.low_base"), className="quiet")
        return html.Li([name, html.Span(low, className="dot-hidden")], className=kind)
    value = (
        as_number(row["estimate"], asked.unit)
        if asked.is_mean
        else as_share(lang, row["estimate"], n, is_weighted=is_weighted(row))
    )
    interval = interval_words(asked, lang, row)
    few = "indicative" in str(row["flag"]) or n < FEW
    parts = [
        name,
        interval_bar(
            row["estimate"],
            row["low"],
            row["high"],
            say(lang, "bar.said", what=_plain(asked, lang, row), value=value, interval=interval),
            side=side,
            is_indicative=few,
            from_=ends[0],
            to=ends[1],
        ),
        html.Span(value, className="dot-value"),
        html.Span(_beside(asked, lang, row, with_n), className="dot-n"),
    ]
    return html.Li(parts, className=kind, title=say(lang, "bar.of_it", value=value, interval=interval))


def _plain(asked: Asked, lang: str, row: pd.Series) -> str:
    group = str(row["group"] or "")
    if group:
        return asked.shelf.label(lang, asked.by, group)
    return asked.shelf.label(lang, asked.question, str(row["option"] or ""))


def _beside(asked: Asked, lang: str, row: pd.Series, with_n: bool) -> str:
    """What stands small beside the value: n of a group, or the count where a percent is shown."""
    n = int(row["n"])
    if with_n:
        return say(lang, "survey.n", n=n)
    if asked.is_mean or n < FEW:
        return ""
    return as_count(lang, row["estimate"], n, is_weighted=is_weighted(row))


def _of(rows: pd.DataFrame, **keys: str) -> "pd.Series | None":
    for column, value in keys.items():
        rows = rows[rows[column] == value]
    return None if rows.empty else rows.iloc[0]


def answer_panel(asked: Asked, lang: str) -> Component:
    """The list of dots: options by size or in their order, nets apart; or groups of one option."""
    shelf = asked.shelf
    if asked.by:
        rows = asked.rows(asked.by)
        option = "" if asked.is_mean else asked.option
        mine = rows[rows["option"] == option]
        ends = _scale(asked, mine)
        size = mine["estimate"].where(mine["n"] >= NEVER)
        mine = mine.assign(size=size.fillna(-1.0)).sort_values("size", ascending=False, kind="stable")
        side = asked.side(option)
        items = [
            _row(
                asked, lang, _of(asked.rows(), option=option), say(lang, "survey.everybody"), ends,
                side=side, with_n=True, is_whole=True,
            )
        ]  # fmt: skip
        items += [
            _row(
                asked, lang, row, shelf.label(lang, asked.by, str(row["group"])), ends, side=side, with_n=True
            )
            for _, row in mine.iterrows()
        ]  # fmt: skip
        return html.Div([_ruler(asked, lang, ends), html.Ul(items, className="dots")], className="dots-panel")
    rows = asked.rows()
    ends = _scale(asked, rows)
    options: Sequence[str] = [""] if asked.is_mean else asked.options
    lists = [_list(asked, lang, rows, options, ends)]
    if asked.nets:
        lists += [html.H3(say(lang, "survey.nets")), _list(asked, lang, rows, asked.nets, ends)]
    return html.Div([_ruler(asked, lang, ends), *lists], className="dots-panel")


def _list(
    asked: Asked, lang: str, rows: pd.DataFrame, options: Sequence[str], ends: tuple[float, float]
) -> Component:
    return html.Ul(
        [
            _row(
                asked,
                lang,
                _of(rows, option=option),
                asked.shelf.label(lang, asked.question, option),
                ends,
                side=asked.side(option),
                with_n=False,
            )
            for option in options
        ],
        className="dots",
    )


def response_strip(asked: Asked, lang: str) -> Component | None:
    """How many returned, were asked, answered: one strip and its words."""
    firms = asked.shelf.manifest.get("firms")
    answered = asked.shelf.shares(asked.question, base_rule="answered")["n"].dropna()
    n = int(answered.max()) if len(answered) else None
    if n is None or not firms:
        return None
    states = asked.states()
    parts = [html.Span(className="strip-answered", style={"width": f"{100 * n / firms:.2f}%"})]
    words = [say(lang, "base.strip", n=n, returned=firms)]
    off = states.get("not_asked", 0)
    silent = firms - n - off
    if states:
        parts.append(html.Span(className="strip-silent", style={"width": f"{100 * silent / firms:.2f}%"}))
        words += [say(lang, "survey.silent", silent=silent)] if silent else []
        words += [say(lang, "survey.not_asked", off=off)] if off else []
    return html.Div(
        [
            html.Div(parts, className="strip answers-strip"),
            html.P(" · ".join(words), className="strip-words"),
        ],
        className="base",
    )


def answer_table(asked: Asked, lang: str) -> Component:
    """The same numbers as a table: options, or options by groups, with interval and n."""
    shelf = asked.shelf
    groups = ["", *dict.fromkeys(asked.rows(asked.by)["group"])] if asked.by else [""]
    frames = {"": asked.rows()} | ({g: asked.rows(asked.by) for g in groups if g} if asked.by else {})
    options = [""] if asked.is_mean else [*asked.options, *asked.nets]
    lines: list[list[Component | str]] = []
    for option in options:
        label = shelf.label(lang, asked.question, option)
        for group in groups:
            row = _of(frames[group], option=option, group=group)
            name = shelf.label(lang, asked.by, group) if group else say(lang, "survey.everybody")
            head = [label, name] if asked.by else [label]
            if row is None or not is_number(row["estimate"]):
                lines.append([*head, hatched(lang), "", "", ""])
                continue
            n = int(row["n"])
            if n < NEVER:
                lines.append([*head, say(lang, "state.low_base"), "", "", as_whole(n)])
                continue
            count = "" if asked.is_mean or is_weighted(row) else as_whole(round(row["estimate"] * n))
            value = (
                as_number(row["estimate"], asked.unit)
                if asked.is_mean
                else as_share(lang, row["estimate"], n, is_weighted=is_weighted(row))
            )
            lines.append([*head, value, interval_words(asked, lang, row), count, as_whole(n)])
    first = ["survey.answer", "survey.group"] if asked.by else ["survey.answer"]
    head_words = [say(lang, key) for key in (*first, "column.value", "column.interval", "survey.firms")]
    many = len(first)
    table = filled_table(
        [*head_words, say(lang, "column.n")],
        lines,
        shelf.label(lang, asked.question),
        numbers=(many, many + 2, many + 3),
    )
    return table_view(lang, table)
