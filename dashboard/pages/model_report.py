"""The model on the page Method: what it can carry, what to beware of, its calibration, all in words."""

from typing import Any, cast

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.figures.calibration import Near, draw_calibration
from dashboard.model_words import how_words, stat_words, why_words
from dashboard.pages.marks import filled_table, folded_rows, table_view, tags
from dashboard.shelf import Shelf
from dashboard.theme import chart_config
from dashboard.wording import as_index, as_number, as_whole, is_number, say

__all__ = ["report_model"]

Row = dict[str, Any]

_CARRIED = ("p_choose", "ranks", "scenarios")


def report_model(shelf: Shelf, lang: str, ground: str) -> list[Component]:
    """Everything the Release holds of the model; one sentence where it holds none of it."""
    rows = _rows(shelf, "model")
    if not rows:
        absent = "model_absent" if shelf.shares("pressure.squeeze").shape[0] else ""
        return [_p(say(lang, f"method_page.{absent}"))] if absent else []
    of = {str(row["stat"]): row for row in rows}
    return [
        *_claims(shelf, lang, of),
        *_carried(lang, of),
        *_notes(lang, rows),
        *_curve(shelf, lang, ground),
        *_absent(shelf, lang, rows),
        *_index(shelf, lang, of),
        _table(shelf, lang, rows),
    ]


def _rows(shelf: Shelf, name: str) -> list[Row]:
    table = shelf.tables.get(name)
    if table is None:
        return []
    found = table.copy()
    for column in ("why", "method"):
        found[column] = found[column].fillna("") if column in found else ""
    return [{str(key): value for key, value in row.items()} for row in found.to_dict(orient="records")]


def _p(text: str) -> Component:
    return html.P(text, className="said")


def _has(of: dict[str, Row], stat: str) -> bool:
    return stat in of and is_number(of[stat]["estimate"])


def _claims(shelf: Shelf, lang: str, of: dict[str, Row]) -> list[Component]:
    """The first sentences: events, discrimination, error against that of no model, tiers."""
    parts = []
    if _has(of, "auc"):
        events = of["events"]
        words = {"events": int(events["estimate"]), "n": int(events["n"])}
        parts.append(say(lang, "method_page.model_text", **words))
    for key in ("auc", "brier"):
        if _has(of, key):
            ends = {end: as_index(of[key][end], 3) for end in ("low", "high")}
            parts.append(say(lang, f"method_page.{key}", value=as_index(of[key]["estimate"], 3), **ends))
    if _has(of, "brier of the rate"):
        idle = as_index(of["brier of the rate"]["estimate"], 3)
        parts.append(say(lang, "model_page.idle", value=idle))
    if _has(of, "tiers") and of["tiers"]["estimate"] > 0:
        many = {"tiers": int(of["tiers"]["estimate"]), "n": int(of["tiers"]["n"])}
        parts.append(say(lang, "model_page.tiers", top=int(of["top tier"]["estimate"]), **many))
    if shelf.is_transported:
        parts.append(shelf.transported(lang))
    return [_p(text) for text in parts]


def _carried(lang: str, of: dict[str, Row]) -> list[Component]:
    """The three verdicts, each with its reason."""
    parts: list[Component] = []
    for name in _CARRIED:
        row = of.get(f"carries {name}")
        if row is None:
            continue
        no = "" if row["estimate"] else f"{say(lang, 'model_page.no')} "
        parts += [html.Dt(say(lang, f"model_page.carries_{name}")), html.Dd(no + why_words(lang, row))]
    if not parts:
        return []
    return [html.H3(say(lang, "model_page.carries")), html.Dl(parts, className="rules-explained")]


def _notes(lang: str, rows: list[Row]) -> list[Component]:
    """What to beware of, the gravest first."""
    noted = [row for row in rows if row["stat"].startswith("note ")]
    noted += [row for row in rows if row["why"].startswith("arithmetic")]
    told = [why_words(lang, row) for row in noted]
    if not told:
        return []
    return [
        html.H3(say(lang, "model_page.notes")),
        html.Ul([html.Li(text) for text in dict.fromkeys(told)], className="notes"),
    ]


def _curve(shelf: Shelf, lang: str, ground: str) -> list[Component]:
    """The calibration curve with its claim, and its table."""
    rows = _rows(shelf, "calibration")
    if not rows:
        return []
    away = sum(not row["low"] <= row["predicted"] <= row["high"] for row in rows)
    words = {"n": int(rows[0]["n"]), "many": away, "points": len(rows)}
    claim = say(lang, "model_page.curve_leaves" if away else "model_page.curve_holds", **words)
    level = f"{100 * rows[0]['level']:.0f}"
    sentence = say(lang, "model_page.curve_sentence", n=words["n"], level=level)
    points = [
        Near(row["predicted"], row["estimate"], row["low"], row["high"], _point(lang, row)) for row in rows
    ]
    figure = draw_calibration(
        points, ground=ground, x_title=say(lang, "model_page.x"), y_title=say(lang, "model_page.y")
    )
    heads = ("predicted", "estimate", "low", "high", "base")
    lines = [[*(as_index(row[key], 3) for key in heads[:4]), as_whole(row["base"])] for row in rows]
    head = [say(lang, f"model_page.head_{key}") for key in heads]
    return [
        html.H3(claim),
        html.P(sentence, className="said"),
        html.Div(
            dcc.Graph(
                id="calibration",
                figure=figure,
                config=cast(Any, chart_config(lang)),
                responsive=True,
            ),
            role="img",
            className="waves",
            style={"maxWidth": "640px"},
            **tags({"aria-label": f"{claim}. {sentence}"}),
        ),
        table_view(lang, filled_table(head, lines, claim, numbers=(0, 1, 2, 3, 4))),
    ]


def _point(lang: str, row: Row) -> str:
    numbers = {key: as_index(row[key], 2) for key in ("predicted", "estimate", "low", "high")}
    return say(lang, "model_page.point", base=as_whole(row["base"]), **numbers)


def _absent(shelf: Shelf, lang: str, rows: list[Row]) -> list[Component]:
    """Figures that are not given, each with its reason."""
    told = [
        say(
            lang,
            "model_page.absent_one",
            what=stat_words(shelf, lang, str(row["stat"])),
            why=why_words(lang, row),
        )
        for row in rows
        if row["why"] and not is_number(row["estimate"]) and not row["stat"].startswith("note ")
    ]
    if not told:
        return []
    return [
        html.H3(say(lang, "model_page.absent")),
        html.Ul([html.Li(text) for text in told], className="notes"),
    ]


def _index(shelf: Shelf, lang: str, of: dict[str, Row]) -> list[Component]:
    """The index that stands where there is no probability: in the order of firms, never of ranks."""
    rows = _rows(shelf, "composite")
    if not rows:
        return []
    scores = {row["firm"]: row for row in rows if row["stat"] == "composite"}
    ranks = {row["firm"]: row for row in rows if row["stat"] == "composite_rank"}
    first = rows[0]
    shift = of.get("composite rank shift")
    moved = as_number(shift["estimate"], "") if shift is not None else "–"
    text = say(lang, "model_page.composite_text", method=first["method"], shift=moved, n=int(first["n"]))
    lines: list[list[Component | str]] = [
        [
            str(firm),
            as_index(row["estimate"], 3) if is_number(row["estimate"]) else "–",
            _span(lang, row, 3),
            _span(lang, ranks[firm], 0) if firm in ranks else "–",
        ]
        for firm, row in scores.items()
    ]
    head = [say(lang, f"model_page.head_{key}") for key in ("firm", "score", "range", "ranks")]
    title = say(lang, "model_page.composite")
    return [html.H3(title), _p(text), folded_rows(lang, head, lines, title, numbers=(1, 2, 3))]


def _span(lang: str, row: Row, digits: int) -> str:
    if not is_number(row["low"]):
        return "–"
    return say(lang, "model_page.span", low=f"{row['low']:.{digits}f}", high=f"{row['high']:.{digits}f}")


def _table(shelf: Shelf, lang: str, rows: list[Row]) -> Component:
    """Every figure in words; notes stand above."""
    lines: list[list[Component | str]] = []
    for row in rows:
        stat = str(row["stat"])
        if stat.startswith("note "):
            continue
        limits = [as_number(row[end], "") if is_number(row[end]) else "" for end in ("low", "high")]
        value = as_number(row["estimate"], "") if is_number(row["estimate"]) else "–"
        lines.append(
            [
                stat_words(shelf, lang, stat),
                value,
                *limits,
                as_whole(row["n"]),
                how_words(lang, stat, row["method"]),
            ]
        )
    heads = [say(lang, f"model_table.{key}") for key in ("what", "value", "low", "high", "n", "how")]
    return folded_rows(lang, heads, lines, say(lang, "method_page.model"), numbers=(1, 2, 3, 4))
