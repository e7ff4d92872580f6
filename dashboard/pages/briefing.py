"""Briefing: the claim of the day, four figures, the quadrant beside the sectors."""

from typing import Any, cast

import dash
import pandas as pd
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.claims import sectors_of
from dashboard.figures.quadrant import Cross, draw_quadrant
from dashboard.foreseen import foreseen_for
from dashboard.pages.about import about_groups, about_measures
from dashboard.pages.bands import band_tables
from dashboard.pages.changed import changed_panel
from dashboard.pages.frame import add_page, opening, surround, waiting
from dashboard.pages.headlines import claim_of_the_day, headline_figures
from dashboard.pages.marks import bar_ends, interval_bar, table_view, tags, words_table
from dashboard.pages.passing import passed_over
from dashboard.pages.questions import guide, questions_panel
from dashboard.pages.scenario_effects import brief_panel
from dashboard.pages.supply_claims import supply_claim
from dashboard.pages.taking import take_away
from dashboard.selection import MOST_COMPARED, View, address, read_address
from dashboard.shelf import Shelf
from dashboard.supplied import supplied_for
from dashboard.theme import chart_config
from dashboard.wording import FEW, NEVER, as_count, as_index, as_interval, as_share, as_whole, is_number, say

__all__ = ["open_briefing", "show_briefing", "use_briefing"]


def use_briefing(app: dash.Dash, shelf: Shelf) -> None:
    """Register the page and its one callback on an app."""

    def shell(**asked: str) -> Component:
        return waiting("briefing", read_address(f"lang={asked.get('lang', '')}").lang, dcc.Store(id="ground"))

    add_page("briefing", shell, _title)
    app.clientside_callback(
        dash.ClientsideFunction("crosspressure", "ground"),
        Output("ground", "data"),
        Input("_pages_location", "search"),
        State("_pages_location", "pathname"),
    )

    @app.callback(
        Output("briefing-page", "children"), Input("ground", "data"), State("_pages_location", "search")
    )
    def content(ground: dict[str, Any] | None, search: str | None) -> Any:
        if not ground:
            return dash.no_update
        view = read_address(search)
        return show_briefing(shelf, view, str(ground.get("ground")), is_narrow=bool(ground.get("narrow")))


def _title(**_: str) -> str:
    search = str(dash.ctx.inputs.get("_pages_location.search") or "")
    lang = read_address(search).lang
    return f"{say(lang, 'page.briefing')} · {say(lang, 'frame.product')}"


def show_briefing(shelf: Shelf, view: View, ground: str, *, is_narrow: bool = False) -> list[Component]:
    """The whole page for a View.

    Parameters
    ----------
    ground : str
        `light` or `dark`: the theme as the reader's machine resolves it.
    is_narrow : bool
        Whether the reader's window is under 600 px.
    """
    lang = view.lang
    if "estimates" not in shelf.tables:
        return surround(shelf, view, "briefing", _links_alone(shelf, view))
    body = _beginning(shelf, view)
    if shelf.has_firms:
        body.append(
            html.Div(
                [_quadrant(shelf, view, ground, is_narrow), _sectors(shelf, lang)], className="two-columns"
            )
        )
        found = foreseen_for(shelf, View(lang=lang))
        would = None if found is None else brief_panel(found, view)
        did = changed_panel(shelf, view)
        body.append(did if would is None else html.Div([would, did], className="two-columns"))
    else:
        body += [band_tables(shelf, lang), changed_panel(shelf, view)]
    body.append(questions_panel(shelf, view))
    return surround(shelf, view, "briefing", [part for part in body if part is not None])


def open_briefing(shelf: Shelf, view: View) -> list[Component]:
    """The page down to its four figures, as it is there first; it names no firm."""
    if "estimates" not in shelf.tables:
        return [opening(view.lang)]
    body = [part for part in _beginning(shelf, view) if part is not None]
    return surround(shelf, view, "briefing", body, has_foot=False)


def _beginning(shelf: Shelf, view: View) -> list[Component | None]:
    """The claim of the day, what may be taken away, and the four figures."""
    lang = view.lang
    named = tags({"aria-label": say(lang, "page.briefing")})
    return [
        html.H1(claim_of_the_day(shelf, lang), className="claim-of-day"),
        *passed_over(shelf, view, "briefing"),
        take_away(view),
        guide(shelf, view),
        html.Section(headline_figures(shelf, lang), className="figures", **named),
    ]


def _links_alone(shelf: Shelf, view: View) -> list[Component]:
    """What a study without a survey has to say: its dependence in one sentence, and the way to the rest."""
    lang, supplied = view.lang, supplied_for(shelf, view)
    claim = [say(lang, "state.nothing")] if supplied is None else supply_claim(supplied, lang)
    link = html.A(say(lang, "suppliers.to_page"), href=address("/suppliers", view))
    return [
        html.H1(claim, className="claim-of-day"),
        take_away(view),
        *([] if supplied is None else [html.P(link)]),
        html.P(say(lang, "state.no_survey"), className="state"),
    ]


def _cross(row: pd.Series, lang: str, digits: int) -> Cross:
    name = row["name_ja"] if lang == "ja" and row["name_ja"] else row["name"] or row["firm"]

    def five(stat: str) -> tuple[float, float, float, float, float]:
        low, low50, middle, high50, high = (
            float(row[key])
            for key in (f"{stat}_low", f"{stat}_low50", stat, f"{stat}_high50", f"{stat}_high")
        )
        return low, low50, middle, high50, high

    lines = [_escaped(str(name))]
    for stat in ("us", "cn", "squeeze"):
        low, high, level, method = (row[f"{stat}_{end}"] for end in ("low", "high", "level", "method"))
        lines.append(f"{say(lang, f'stat.{stat}')} {as_index(row[stat], digits)}")
        lines.append(as_interval(lang, low, high, level, str(method), digits=digits))
    words = "<br>".join(lines)
    return Cross(five("us"), five("cn"), _escaped(str(row["firm"])), words)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quadrant(shelf: Shelf, view: View, ground: str, is_narrow: bool) -> Component:
    lang = view.lang
    firms = shelf.firms
    drawn = firms[firms["us"].notna() & firms["cn"].notna()]
    if drawn.empty:
        return html.Section(html.P(say(lang, "state.no_pressure"), className="state"), className="panel")
    chosen = shelf.chosen(view.compare, 8 if is_narrow else MOST_COMPARED)
    chosen = chosen[chosen["us"].notna() & chosen["cn"].notna()]
    both, n = shelf.reached
    to = f"{shelf.scale:g}"
    in_top = drawn["tier"] == firms["tier"].min()
    figure = draw_quadrant(
        drawn["us"].tolist(),
        drawn["cn"].tolist(),
        [_cross(row, lang, shelf.digits) for _, row in chosen.iterrows()],
        in_top=in_top.tolist(),
        ground=ground,
        x_title=say(lang, "quadrant.x"),
        y_title=say(lang, "quadrant.y"),
        field_words=say(lang, "quadrant.density", n="%{text}"),
        to=shelf.scale,
        is_narrow=is_narrow,
    )
    sentence = say(lang, "quadrant.sentence", n=n, chosen=len(chosen), to=to)
    if in_top.any():
        sentence += say(lang, "quadrant.outline", many=int(in_top.sum()))
    links = [html.A(say(lang, "quadrant.more"), href=address("/pressure", view))]
    if view.compare:
        links.append(html.A(say(lang, "quadrant.clear"), href=address("/", view, compare=())))
    return html.Section(
        [
            html.H2(say(lang, "quadrant.title", both=both, n=n)),
            html.P(sentence, className="sentence"),
            html.Div(
                dcc.Graph(
                    id="quadrant",
                    figure=figure,
                    config=cast(Any, chart_config(lang)),
                    responsive=True,
                ),
                role="img",
                className="quadrant",
                **tags({"aria-label": sentence}),
            ),
            html.P([part for link in links for part in (link, " ")], className="links"),
            table_view(lang, _quadrant_table(chosen, view, shelf.digits)),
            about_measures(shelf, lang, "pressure"),
        ],
        className="panel",
    )


def _quadrant_table(chosen: pd.DataFrame, view: View, digits: int) -> Component:
    lang = view.lang

    def cell(row: pd.Series, stat: str) -> str:
        if not is_number(row[stat]):
            return say(lang, "state.missing")
        low, high = (as_index(row[f"{stat}_{end}"], digits) for end in ("low", "high"))
        return f"{as_index(row[stat], digits)} ({low}–{high})"

    rows: list[list[Component | str]] = [
        [
            html.A(
                f"{row['firm']} {row['name_ja'] if lang == 'ja' else row['name']}",
                href=address("/pressure", view, firm=row["firm"]),
            ),
            *[cell(row, stat) for stat in ("us", "cn", "squeeze")],
        ]
        for _, row in chosen.iterrows()
    ]
    head = [say(lang, f"column.{name}") for name in ("firm", "us", "cn", "squeeze")]
    return words_table(head, rows, say(lang, "quadrant.caption"), numbers=(1, 2, 3))


def _sectors(shelf: Shelf, lang: str) -> Component:
    """The last headline question by its first break: a list with intervals."""
    found = sectors_of(shelf, lang)
    if found is None:
        return html.Section(html.P(say(lang, "state.no_sectors"), className="state"), className="panel")
    question, by, rows, title = found.question, found.by, found.rows, found.title
    shown = rows[rows["n"] >= NEVER]
    words = {"question": shelf.label(lang, question), "option": shelf.label(lang, question, found.option)}
    to = min(1.0, max(0.2, float(shown["high"].max()) * 1.08)) if len(shown) else 1.0
    return html.Section(
        [
            html.H2(title),
            html.P(
                say(lang, "sector.sentence", n=int(rows["n"].sum()), by=shelf.label(lang, found.by), **words),
                className="sentence",
            ),
            html.Ul([_sector(shelf, lang, by, row, to) for _, row in rows.iterrows()], className="sectors"),
            bar_ends(*(say(lang, "unit.percent", value=f"{100 * end:.0f}") for end in (0.0, to))),
            table_view(lang, _sector_table(shelf, lang, by, rows, title)),
            about_groups(shelf, lang, rows, by),
        ],
        className="panel",
    )


def _sector_table(shelf: Shelf, lang: str, by: str, rows: pd.DataFrame, caption: str) -> Component:
    table: list[list[Component | str]] = []
    for _, row in rows.iterrows():
        n = int(row["n"])
        interval = as_interval(lang, row["low"], row["high"], row["level"], str(row["method"]), n=n)
        label = shelf.label(lang, by, str(row["group"]))
        table.append([label, as_share(lang, row["estimate"], n), interval, as_whole(n)])
    head = [say(lang, f"column.{name}") for name in ("sector", "value", "interval", "n")]
    return words_table(head, table, caption, numbers=(1, 3))


def _sector(shelf: Shelf, lang: str, by: str, row: pd.Series, to: float) -> Component:
    n = int(row["n"])
    value = as_share(lang, row["estimate"], n)
    interval = as_interval(lang, row["low"], row["high"], row["level"], str(row["method"]), n=n)
    label = shelf.label(lang, by, str(row["group"]))
    flags = str(row["flag"] or "")
    notes = [say(lang, "state.indicative")] if "indicative" in flags else []
    parts: list[Component] = [
        html.Div(
            [html.Span(label, className="sector-name"), html.Span(value, className="sector-value")],
            className="sector-line",
        )
    ]
    if n >= NEVER:
        told = as_count(lang, row["estimate"], n)
        parts.append(
            interval_bar(
                row["estimate"],
                row["low"],
                row["high"],
                say(lang, "bar.said", what=label, value=told, interval=interval),
                side="both",
                is_indicative=bool(notes) or n < FEW,
                to=to,
            )
        )
        parts.append(html.P(" · ".join([interval, *notes]), className="sector-note"))
    return html.Li(parts)
