"""Moves between tiers: how many firms stand where before, and where after."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.foreseen import Foreseen
from dashboard.pages.marks import tags
from dashboard.selection import View
from dashboard.wording import as_whole, is_number, say

__all__ = ["moves_panel"]


def moves_panel(found: Foreseen, view: View) -> Component | None:
    """The matrix, rows before, columns after; moves to a higher tier darker. Nothing without tiers."""
    lang, rows = view.lang, found.part("scenario_moves")
    if rows.empty:
        return None
    counts = _counted(rows)
    n = sum(counts.values())
    up = sum(count for (before, after), count in counts.items() if 0 < after < before)
    down = sum(count for (before, after), count in counts.items() if 0 < before < after)
    title = say(lang, "scenarios.moves_none", n=n) if up + down == 0 else ""
    title = title or say(lang, "scenarios.moves_claim", up=up, down=down, n=n)
    tiers = sorted({tier for pair in counts for tier in pair if tier}) or [0]
    tiers = list(range(1, max(tiers) + 1))
    if any(0 in pair for pair in counts):
        tiers.append(0)
    return html.Section(
        [
            html.H2(title),
            html.P(say(lang, "scenarios.moves_sentence"), className="sentence"),
            _matrix(lang, counts, tiers, title),
            html.P(say(lang, "scenarios.moves_note"), className="quiet"),
        ],
        className="panel",
        id="moves",
    )


def _counted(rows: pd.DataFrame) -> dict[tuple[int, int], int]:
    """Firms by tier before and after; 0 stands for no tier."""

    def tier(value: object) -> int:
        return int(float(value)) if is_number(value) else 0  # type: ignore[arg-type]

    counts: dict[tuple[int, int], int] = {}
    for before, after, count in zip(rows["tier_before"], rows["tier_after"], rows["firms"], strict=True):
        pair = tier(before), tier(after)
        counts[pair] = counts.get(pair, 0) + int(count)
    return counts


def _matrix(lang: str, counts: dict[tuple[int, int], int], tiers: list[int], caption: str) -> Component:
    def name(tier: int) -> str:
        return say(lang, "scenarios.no_tier") if not tier else str(tier)

    head = html.Tr(
        [
            html.Th(say(lang, "scenarios.from_to"), scope="col"),
            *[html.Th(name(tier), scope="col", className="number") for tier in tiers],
            html.Th(say(lang, "scenarios.before_all"), scope="col", className="number"),
        ]
    )
    body = []
    for before in tiers:
        cells = [_cell(lang, before, after, counts.get((before, after), 0)) for after in tiers]
        whole = sum(count for (was, _), count in counts.items() if was == before)
        body.append(
            html.Tr(
                [
                    html.Th(name(before), scope="row"),
                    *cells,
                    html.Td(as_whole(whole), className="number whole"),
                ]
            )
        )
    ends = [sum(count for (_, now), count in counts.items() if now == after) for after in tiers]
    foot = html.Tr(
        [
            html.Th(say(lang, "scenarios.after_all"), scope="row"),
            *[html.Td(as_whole(count), className="number whole") for count in ends],
            html.Td(as_whole(sum(ends)), className="number whole"),
        ]
    )
    return html.Div(
        html.Table([html.Caption(caption), html.Thead(head), html.Tbody([*body, foot])], className="moves"),
        className="table-scroll crossed",
        tabIndex="0",
        role="region",
        **tags({"aria-label": caption}),
    )


def _cell(lang: str, before: int, after: int, count: int) -> Component:
    kind = "stays"
    if before and after and before != after:
        kind = "rises" if after < before else "falls"
    words = say(lang, f"scenarios.move_{kind}", count=count)
    if not count:
        return html.Td("·", className="number none")
    return html.Td(as_whole(count), className=f"number {kind}", title=words)
