"""Paths on the page: first the table, each with links and evidence; then one firm's as a small picture."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.figures.ego import Ego, draw_lines, place_paths, point_on
from dashboard.given_words import evidence_words, product_words
from dashboard.pages.given import cited
from dashboard.pages.marks import tags, words_table
from dashboard.selection import View, address
from dashboard.supplied import Supplied
from dashboard.supply_words import as_part, country_name
from dashboard.wording import is_number, say

__all__ = ["paths_panel", "picture_panel"]

_MOST = 15
"""Paths in the table over all firms."""

_ROW = 68
"""Pixels a node of the picture takes from top to bottom."""


def paths_panel(supplied: Supplied, lang: str, view: View) -> Component:
    """The largest paths to the country looked at, of one firm or over all of them."""
    country = country_name(lang, supplied.country, is_said=True)
    if "lookthrough" not in supplied.shelf.tables:
        return _state(say(lang, "suppliers.paths"), say(lang, "suppliers.paths_absent"))
    rows = supplied.part("paths", of_firm=supplied.firm)
    title = say(lang, "suppliers.paths_to", country=country)
    if rows.empty:
        return _state(title, say(lang, "suppliers.paths_none", country=country))
    first = rows[rows["step"] == 1]
    deep = rows[rows["step"] == 2]
    is_deep = not supplied.firm and len(deep) > 0
    chosen = (deep if is_deep else first).nlargest(_MOST, "weight", keep="first")[["firm", "path"]]
    lines = [_line(supplied, lang, view, rows, str(firm), int(path)) for firm, path in chosen.to_numpy()]
    keys = ["path", "weight", "evidence"] if supplied.firm else ["firm", "path", "weight", "evidence"]
    head = [say(lang, f"suppliers.head_{key}") for key in keys]
    table = words_table(head, lines, title, numbers=(len(keys) - 2,))
    notes = [html.P(say(lang, "suppliers.paths_note"), className="quiet")]
    claim = (
        say(lang, "suppliers.paths_deep", country=country)
        if is_deep
        else _claim(supplied, lang, first, country)
    )
    return html.Section([html.H2(claim), *notes, table], className="panel paths", id="paths")


def _state(title: str, words: str) -> Component:
    return html.Section(
        [html.H2(title), html.Div(html.P(words), className="state")], className="panel", id="paths"
    )


def _claim(supplied: Supplied, lang: str, first: pd.DataFrame, country: str) -> str:
    """What the paths carry together of a firm's exposure; paths that end where they first meet it add up."""
    row = supplied.row
    if not supplied.firm or row is None or not float(row["exposure"]):
        return say(lang, "suppliers.paths_to", country=country)
    carried = float(first["weight"].sum())
    return say(
        lang,
        "suppliers.paths_claim",
        paths=len(first),
        carried=as_part(lang, carried),
        exposure=as_part(lang, row["exposure"]),
        country=country,
    )


def _line(
    supplied: Supplied, lang: str, view: View, rows: pd.DataFrame, firm: str, path: int
) -> list[Component | str]:
    steps = (
        rows[(rows["firm"] == firm) & (rows["path"] == path)].sort_values("step").to_dict(orient="records")
    )
    chain: list[Component | str] = []
    for step in steps:
        chain.append(
            html.Li(
                [
                    html.Span(supplied.name(lang, str(step["to"])), className="hop-name"),
                    html.Span(_what(lang, step), className="quiet"),
                    html.Span(as_part(lang, step["share"]), className="hop-share"),
                ]
            )
        )
    told: list[Component | str] = [
        html.Ol(chain, className="hops"),
        as_part(lang, steps[0]["weight"]),
        _evidence(lang, steps),
    ]
    if supplied.firm:
        return told
    link = html.A(
        supplied.name(lang, firm),
        href=address("/suppliers", view, firm=firm),
        **tags({"data-turn": "firm", "data-value": firm}),
    )
    return [link, *told]


def _what(lang: str, step: Mapping[Any, Any]) -> str:
    """Where a supplier is, and what is bought of it."""
    return " · ".join(
        filter(None, (country_name(lang, str(step["country"])), product_words(lang, str(step["product"]))))
    )


def _evidence(lang: str, steps: Sequence[Mapping[Any, Any]]) -> Component:
    """Ids of the links of each step, what they say they rest on, and the lowest confidence in them."""
    links = [html.Li(html.Code(str(step["links"]))) for step in steps]
    given = dict.fromkeys(str(step["evidence"]) for step in steps if step["evidence"])
    said: list[Component | str] = [cited(evidence_words(lang, one)) for one in given]
    trust = [float(str(step["confidence"])) for step in steps if is_number(step["confidence"])]
    said += [say(lang, "suppliers.confidence", least=f"{min(trust):.2f}")] if trust else []
    more = [part for one in said for part in (" · ", one)][1:]
    return html.Div(
        [
            html.Ol(links, className="hop-links"),
            html.Span(more, className="quiet") if more else None,
        ]
    )


def picture_panel(supplied: Supplied, lang: str, view: View, ground: str) -> Component | None:
    """The largest paths of one firm drawn tier by tier: its picture, not the network's."""
    firm = supplied.pictured
    if not firm:
        return None
    steps = supplied.part("paths", of_firm=firm)
    ego = place_paths(steps, firm)
    if ego is None:
        return None
    name, country = supplied.name(lang, firm), country_name(lang, supplied.country, is_said=True)
    title = say(lang, "suppliers.picture", name=name, country=country)
    sentence = say(lang, "suppliers.picture_sentence", paths=ego.paths, most=steps["path"].nunique())
    if not supplied.firm:
        sentence += ("" if lang == "ja" else " ") + say(lang, "suppliers.picture_default", country=country)
    tiers = [say(lang, "suppliers.tier_firm")]
    tiers += [say(lang, "suppliers.tier", tier=tier) for tier in range(1, ego.tiers + 1)]
    columns = {"gridTemplateColumns": f"repeat({ego.tiers + 1}, minmax(0, 1fr))"}
    return html.Section(
        [
            html.H2(title),
            html.P(sentence, className="sentence"),
            html.Div(
                html.Div(
                    [
                        html.Div([html.Span(tier) for tier in tiers], className="ego-tiers", style=columns),
                        html.Div(
                            [
                                html.Img(src=draw_lines(ego, ground), alt=""),
                                *_nodes(supplied, lang, ego),
                                *_shares(lang, ego),
                            ],
                            className="ego",
                            style={"height": f"{max(ego.rows, 2) * _ROW}px"},
                        ),
                    ],
                    style={"minWidth": f"{156 * (ego.tiers + 1)}px"},
                ),
                className="table-scroll",
                tabIndex="0",
                role="region",
                **tags({"aria-label": title}),
            ),
        ],
        className="panel picture",
        id="picture",
    )


def _nodes(supplied: Supplied, lang: str, ego: Ego) -> list[Component]:
    width = f"{200 * ego.half:.2f}%"
    found: list[Component] = []
    for node in ego.nodes:
        side = supplied.side(f"country={node.country}")
        kind = " ".join(
            filter(None, ["ego-node", side, "end" if node.is_end else "", "" if node.tier else "self"])
        )
        found.append(
            html.Div(
                [
                    html.Span(supplied.name(lang, node.party), className="ego-name"),
                    html.Span(country_name(lang, node.country), className="ego-country")
                    if node.tier
                    else None,
                ],
                className=kind,
                style={"left": f"{100 * node.x:.2f}%", "top": f"{100 * node.y:.2f}%", "width": width},
            )
        )
    return found


def _shares(lang: str, ego: Ego) -> list[Component]:
    """The share of the buyer's inputs on each line, near the supplier."""
    found: list[Component] = []
    for buyer, supplier, share in ego.edges:
        a, b = ego.nodes[buyer], ego.nodes[supplier]
        x, y = point_on(a, b, ego.half)
        style = {"left": f"{100 * x:.2f}%", "top": f"{100 * y:.2f}%"}
        found.append(html.Span(as_part(lang, share), className="ego-share", style=style))
    return found
