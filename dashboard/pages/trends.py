"""One answer over waves on the page: claim, chart, changes with their intervals, table of all figures."""

import json
from html import escape
from typing import Any, cast

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.asked import Asked
from dashboard.figures.waves import Point, draw_waves
from dashboard.pages.about import about_part
from dashboard.pages.given import cited
from dashboard.pages.marks import filled_table, hatched, table_view, tags
from dashboard.shelf import Shelf
from dashboard.theme import chart_config
from dashboard.trend import Trend
from dashboard.trend_words import bases_words, change_in_words, trend_claim
from dashboard.wording import as_interval, as_share, as_whole, catalogue, is_number, say

__all__ = ["flag_words", "remark_words", "trend_of", "trend_panel"]


def trend_of(asked: Asked) -> Trend | None:
    """The trend of the answer looked at, else of the first answer that has one; None where none has."""
    if asked.is_mean:
        return None
    for option in dict.fromkeys([asked.option, *asked.options, *asked.nets]):
        trend = Trend(asked, option)
        if trend.is_shown:
            return trend if not asked.wanted or option == asked.wanted else None
    return None


def flag_words(lang: str, flag: str) -> str:
    """Flags of the audit in words."""
    known = catalogue(lang)
    keys = [part.replace(",", "").replace(" ", "_") for part in flag.split(";") if part]
    if "suppressed" in keys:
        return say(lang, "state.suppressed")
    return say(lang, "audit.join").join(known.get(f"audit_flag.{key}", key) for key in keys)


def _reason_words(shelf: Shelf, lang: str, reasons: str) -> str:
    """Reasons of the audit, kept as JSON, as one text; a question and its answer in words, not ids."""
    known = catalogue(lang)
    found = []
    for code, values in json.loads(reasons or "[]"):
        if "gate" in values:
            values = {**values, "gate": _gate_words(shelf, lang, str(values["gate"]))}
        if "feasible" in values:
            values = {**values, "feasible": bases_words(lang, str(values["feasible"]))}
        found.append(known[f"audit_reason.{code}"].format(**values))
    return say(lang, "audit.join").join(found)


def _gate_words(shelf: Shelf, lang: str, gate: str) -> str:
    """The answer that leads to a question (`q = yes`) in the wording of the printed figures."""
    question, _, option = gate.partition(" = ")
    words = shelf.tables.get("published_wording")
    if words is None or not option:
        return gate
    mine = words[(words["lang"] == lang) & (words["question"] == question)].fillna("").set_index("option")
    texts = mine["text"].to_dict()
    if not texts.get("") or not texts.get(option):
        return gate
    return say(lang, "audit.gate", question=texts[""], option=texts[option])


def remark_words(shelf: Shelf, lang: str, row: dict[Any, Any]) -> str:
    """Flags and reasons of a printed figure as one text."""
    parts = flag_words(lang, str(row["flag"])), _reason_words(shelf, lang, row["reasons"])
    return say(lang, "audit.join").join(part for part in parts if part)


def trend_panel(trend: Trend, lang: str, ground: str) -> Component:
    """The whole section."""
    asked = trend.asked
    label = asked.shelf.label(lang, asked.question, trend.option)
    breaks = trend.breaks(lang)
    sentence = say(lang, "trend.sentence", option=label)
    figure = draw_waves(
        _points(trend, lang),
        [(at, _tick(trend, lang, name)) for name, at in trend.places.items()],
        [(trend.places[wave], say(lang, "trend.break")) for wave, _ in breaks],
        ground=ground,
        side=asked.side(trend.option),
    )
    notes = [html.Li(change_in_words(change, lang)) for change in trend.changes()]
    notes += [html.Li(say(lang, "trend.break_why", wave=wave, reason=why)) for wave, why in breaks]
    unsure = len(trend.points) and any(Trend.is_unsure(str(flag)) for flag in trend.points["flag"])
    notes += [html.Li(say(lang, "trend.open"))] if unsure else []
    for row in trend.printed.to_dict(orient="records") if len(trend.printed) else []:
        if row["flag"] == "words":
            notes.append(html.Li(say(lang, "trend.words", wave=row["wave"], printed=row["printed"])))
    return html.Section(
        [
            html.H2(trend_claim(trend, lang)),
            html.P(sentence, className="sentence"),
            html.Div(
                dcc.Graph(
                    id="waves",
                    figure=figure,
                    config=cast(Any, chart_config(lang)),
                    responsive=True,
                ),
                role="img",
                className="waves",
                **tags({"aria-label": sentence}),
            ),
            _legend(trend, lang),
            html.Ul(notes, className="notes") if notes else None,
            _table(trend, lang),
            about_part(asked.shelf, lang, "waves", say(lang, "about.n_beside")),
        ],
        className="panel trend",
    )


def _points(trend: Trend, lang: str) -> list[Point]:
    found = []
    for row in trend.own.to_dict(orient="records"):
        n = int(row["n"])
        interval = as_interval(lang, row["low"], row["high"], row["level"], str(row["method"]), n=n)
        is_counted = "census" in str(row["method"])
        words = say(lang, "trend.point", whose=say(lang, "trend.own"), wave=_plain(row["wave"]))
        words += f"<br>{as_share(lang, row['estimate'], n)}{say(lang, 'trend.then')}{interval}"
        ends = (float("nan"), float("nan")) if is_counted else (float(row["low"]), float(row["high"]))
        place = trend.places[str(row["wave"])]
        few = "indicative" in str(row["flag"])
        found.append(Point(place, float(row["estimate"]), *ends, True, few, words))
    for row in trend.points.to_dict(orient="records") if len(trend.points) else []:
        few = Trend.is_unsure(str(row["flag"]))
        edition = catalogue(lang).get(f"edition.{row['edition']}", str(row["edition"]))
        wave = f"{row['wave']} {edition}".strip()
        words = say(lang, "trend.point", whose=say(lang, "trend.printed"), wave=_plain(wave)) + "<br>"
        words += f"{_plain(row['printed'])}{say(lang, 'trend.then')}"
        words += _base(lang, row)
        place = trend.places[str(row["wave"])]
        found.append(
            Point(place, float(row["value"]), float(row["low"]), float(row["high"]), False, few, words)
        )
    return found


def _plain(text: object) -> str:
    """A word of the study in a text of the chart, which reads `<` and `&` as marks."""
    return escape(str(text), quote=False)


def _base(lang: str, row: dict[Any, Any]) -> str:
    """Count and base of a printed figure; where several fit, all of them."""
    if is_number(row["base"]) and is_number(row["count"]):
        return say(lang, "unit.count", count=int(row["count"]), n=int(row["base"]))
    feasible = bases_words(lang, str(row["feasible_bases"] or ""))
    return say(lang, "trend.bases", bases=feasible) if feasible else say(lang, "trend.no_base")


def _tick(trend: Trend, lang: str, wave: str) -> str:
    """Name of a wave and n under it; own n first, the printed one in brackets where it is another."""
    own = trend.own[trend.own["wave"].astype(str) == wave]["n"].dropna()
    printed = (
        trend.points[trend.points["wave"].astype(str) == wave]["base"].dropna() if len(trend.points) else own
    )
    mine = [as_whole(own.iloc[-1])] if len(own) else []
    theirs = [as_whole(printed.iloc[-1])] if len(printed) else []
    many = " / ".join(dict.fromkeys(mine + theirs)) or "?"
    return f"{_plain(wave)}<br>n = {many}"


def _legend(trend: Trend, lang: str) -> Component:
    side = trend.asked.side(trend.option)
    items = []
    if len(trend.own):
        items.append(html.Span([html.Span(className=f"key own {side}".strip()), say(lang, "trend.key_own")]))
    if len(trend.points):
        items.append(html.Span([html.Span(className="key printed"), say(lang, "trend.key_printed")]))
    return html.P(items, className="keys")


def _table(trend: Trend, lang: str) -> Component:
    """Every figure of the answer, those used and those held against them, then the study's own."""
    lines: list[list[Component | str]] = []
    for row in trend.own.to_dict(orient="records"):
        n = int(row["n"])
        interval = as_interval(lang, row["low"], row["high"], row["level"], str(row["method"]), n=n)
        value = as_share(lang, row["estimate"], n)
        lines.append([str(row["wave"]), value, as_whole(n), interval, say(lang, "trend.key_own"), ""])
    for row in trend.printed.to_dict(orient="records") if len(trend.printed) else []:
        edition = catalogue(lang).get(f"edition.{row['edition']}", str(row["edition"]))
        lines.append(_printed_line(trend.asked.shelf, lang, row, f"{row['wave']} {edition}".strip()))
    keys = ("survey.wave", "column.value", "survey.base", "column.interval", "survey.source", "audit.remark")
    label = trend.asked.shelf.label(lang, trend.asked.question, trend.option)
    table = filled_table([say(lang, key) for key in keys], lines, label, numbers=(1, 2), is_stacked=True)
    return table_view(lang, table)


def _printed_line(shelf: Shelf, lang: str, row: dict[Any, Any], named: str) -> list[Component | str]:
    if "suppressed" in str(row["flag"]):
        return [named, hatched(lang), "", "", cited(str(row["source_title"])), ""]
    base = (
        f"{int(row['base'])}"
        if is_number(row["base"])
        else bases_words(lang, str(row["feasible_bases"] or ""))
    )
    interval = ""
    if is_number(row["low"]) and is_number(row["high"]):
        level = say(lang, "unit.per_level", level=f"{100 * row['level']:g}")
        ends = {end: say(lang, "unit.percent", value=f"{100 * row[end]:.0f}") for end in ("low", "high")}
        interval = say(lang, "interval.plain", level=level, **ends)
    printed = say(lang, "unit.percent", value=row["printed"])
    source = (
        f"{row['source_title']} ({row['source_date']})" if row["source_date"] else str(row["source_title"])
    )
    return [named, printed, base, interval, cited(source), remark_words(shelf, lang, row)]
