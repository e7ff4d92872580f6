"""Numbers taken away: rows as CSV with their labels and no cell a spreadsheet runs; one figure as a card."""

from dataclasses import asdict
from functools import partial

import pandas as pd
from flask import Flask, Response, abort, request

from analysis import Release, quote_release
from dashboard.asked import Asked, asked_for
from dashboard.benchmarked import empty_form
from dashboard.command.outputs import label_synthetic, neutral
from dashboard.foreseen import foreseen_for
from dashboard.own import OwnScenarios
from dashboard.pressed import pressed_rows
from dashboard.quote_card import card_page, draw_card
from dashboard.quote_words import quote_text
from dashboard.ruled import ruled_for
from dashboard.selection import read_address
from dashboard.shelf import Shelf
from dashboard.supplied import supplied_for
from dashboard.turned import turned_for
from survey import Fault

__all__ = ["DOWNLOADS", "offer_downloads"]

_OF_SUPPLIERS = ("exposure", "paths", "chokepoints", "concentration")
"""Tables of the page on suppliers."""

_OF_RULES = (
    *("instruments", "rule_intervals", "rule_tests", "rule_pairs"),
    *("collision_matrix", "collisions", "technology_sides", "technology_map"),
)
"""Tables of the page on rules."""

_OF_READINESS = ("readiness", "readiness_firms")
"""Tables of readiness, of an internal Release."""

_OF_SCENARIOS = ("scenario_effects", "scenario_moves", "scenario_changes", "breadth", "tornado")
"""Tables of the page on scenarios."""

DOWNLOADS = (
    *(
        "/pressure.csv",
        "/what_if.csv",
        "/survey.csv",
        "/trend.csv",
        "/published.csv",
        "/quote.html",
        "/quote.svg",
        "/benchmark_form.csv",
    ),
    *(f"/{name}.csv" for name in (*_OF_SUPPLIERS, *_OF_RULES, *_OF_SCENARIOS, *_OF_READINESS)),
)
"""Paths of the files; the address holds what is in them."""


def offer_downloads(server: Flask, shelf: Shelf, release: Release, own: OwnScenarios) -> None:
    """Answer the paths of `DOWNLOADS` from a Release, which holds what its audience may see and no more."""

    @server.get("/quote.html")
    @server.get("/quote.svg")
    def quote() -> Response:
        asked, lang = _asked(shelf)
        if asked.wanted and asked.wanted != asked.option:
            abort(404)
        ground = "dark" if request.args.get("theme") == "dark" else "light"
        try:
            found = quote_release(release, f"{asked.question}.{asked.option}", base_rule=asked.base_rule)
        except Fault:  # no such answer, or one this audience does not see: both look the same
            abort(404)
        text = quote_text(found, lang)
        if request.path == "/quote.html":
            return Response(card_page(text, ground=ground), mimetype="text/html")
        return Response(draw_card(text, ground=ground), mimetype="image/svg+xml")

    @server.get("/survey.csv")
    def survey() -> Response:
        asked, lang = _asked(shelf)
        rows = asked.rows(asked.by)
        name = "_".join(part for part in (asked.question, asked.by, asked.base_rule) if part)
        return _answer(shelf, _labelled(asked, rows, lang), name)

    @server.get("/trend.csv")
    def trend() -> Response:
        asked, lang = _asked(shelf)
        parts = []
        for source in ("earlier", "published"):
            table = shelf.tables.get(source)
            if table is not None and len(table):
                parts.append(table[table["question"] == asked.question].assign(origin=source))
        now = shelf.shares(asked.question, base_rule="answered").assign(origin="this wave")
        rows = pd.concat([*[p for p in parts if len(p)], now], ignore_index=True)
        first = ["origin", "wave", *[c for c in rows.columns if c not in ("origin", "wave", "reasons")]]
        return _answer(shelf, _labelled(asked, rows[first], lang), f"{asked.question}_waves")

    @server.get("/published.csv")
    def published() -> Response:
        table = shelf.tables.get("published")
        if table is None:
            abort(404)
        return _answer(shelf, table.drop(columns=["reasons"]), "published_figures")

    @server.get("/pressure.csv")
    def pressure() -> Response:
        view = read_address(request.query_string.decode("utf-8", "replace"))
        rows = pressed_rows(shelf, view)
        if rows is None:
            abort(404)
        return _noted_answer(shelf, rows, "pressure_firms" if shelf.has_firms else "pressure_bands")

    @server.get("/what_if.csv")
    def what_if() -> Response:
        found = turned_for(shelf, read_address(request.query_string.decode("utf-8", "replace")))
        if found is None or found.is_odd:
            abort(404)
        told = found.effects.assign(firm=found.rows.firm, **asdict(found.turn))
        return _noted_answer(shelf, told, f"what_if_{found.rows.firm}")

    @server.get("/benchmark_form.csv")
    def form() -> Response:
        lang = read_address(request.query_string.decode("utf-8", "replace")).lang
        return _csv(shelf, empty_form(shelf, lang), "answers")

    for name in _OF_READINESS:
        server.add_url_rule(f"/{name}.csv", f"csv_of_{name}", partial(_of_readiness, shelf, name))
    for name in _OF_SUPPLIERS:
        server.add_url_rule(f"/{name}.csv", f"csv_of_{name}", partial(_of_suppliers, shelf, name))
    for name in _OF_RULES:
        server.add_url_rule(f"/{name}.csv", f"csv_of_{name}", partial(_of_rules, shelf, name))
    for name in _OF_SCENARIOS:
        server.add_url_rule(f"/{name}.csv", f"csv_of_{name}", partial(_of_scenarios, own, name))


def _of_readiness(shelf: Shelf, name: str) -> Response:
    if name not in shelf.tables:
        abort(404)
    return _answer(shelf, shelf.tables[name], name)


def _of_suppliers(shelf: Shelf, name: str) -> Response:
    """Rows about the firm and the country of the address; concentration is of all firms."""
    view = read_address(request.query_string.decode("utf-8", "replace"))
    supplied = supplied_for(shelf, view)
    if supplied is None or name not in shelf.tables:
        abort(404)
    if view.firm and view.firm != supplied.firm:
        abort(404)
    table = shelf.tables[name]
    if name == "exposure" and supplied.firm:
        table = shelf.tables["lookthrough"]
    if "firm" in table and supplied.firm and name != "concentration":
        table = table[table["firm"] == supplied.firm]
    if name in ("paths", "chokepoints"):
        table = table[table["seed"] == supplied.seed]
    parts = [name, supplied.firm if name in ("exposure", "paths") else ""]
    parts += [supplied.country] if name in ("paths", "chokepoints") else []
    return _answer(shelf, table, "_".join(part for part in parts if part))


def _of_rules(shelf: Shelf, name: str) -> Response:
    """Rules that fit the filters of the address with their state on its day; collisions of its pair."""
    view = read_address(request.query_string.decode("utf-8", "replace"))
    ruled = ruled_for(shelf, view)
    if ruled is None or name not in shelf.tables or (view.pair and view.pair != ruled.pair):
        abort(404)
    if name == "instruments":
        rows = ruled.shown.drop(columns=["at", "first"]).assign(day=ruled.day.isoformat())
        return _noted_answer(shelf, rows, f"rules_{ruled.day.isoformat()}")
    if name == "collisions" and ruled.pair:
        return _noted_answer(shelf, ruled.flows_of_pair(), "collisions_" + ruled.pair.replace("~", "_"))
    return _noted_answer(shelf, shelf.tables[name], name)


def _of_scenarios(own: OwnScenarios, name: str) -> Response:
    """Rows about the scenario of the address, of every measure; the curve and open parameters as a whole."""
    try:
        shelf, view = own.shelf_for(read_address(request.query_string.decode("utf-8", "replace")))
    except Fault:
        abort(404)
    found = foreseen_for(shelf, view)
    if found is None or name not in shelf.tables or (view.scenario and view.scenario != found.scenario):
        abort(404)
    if name in ("breadth", "tornado"):
        return _noted_answer(shelf, shelf.tables[name], name)
    return _noted_answer(shelf, found.part(name), f"{name}_{found.scenario}")


def _asked(shelf: Shelf) -> tuple[Asked, str]:
    view = read_address(request.query_string.decode("utf-8", "replace"))
    asked = asked_for(shelf, view)
    if asked is None or (view.question and view.question != asked.question):
        abort(404)
    return asked, view.lang


def _labelled(asked: Asked, rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Rows with the words of question, option and group beside their codes."""
    shelf, out = asked.shelf, rows.copy()
    options = out["option"].fillna("").astype(str)
    out.insert(0, "option_label", [shelf.label(lang, asked.question, o) if o else "" for o in options])
    if asked.by and "group" in out:
        out.insert(1, "group_label", [shelf.label(lang, asked.by, str(g)) if g else "" for g in out["group"]])
    return out


def _answer(shelf: Shelf, table: pd.DataFrame, name: str) -> Response:
    """A table as CSV."""
    table = neutral(label_synthetic(table, bool(shelf.manifest.get("synthetic"))))
    return _csv(shelf, table.to_csv(index=False, lineterminator="\r\n"), name)


def _noted_answer(shelf: Shelf, table: pd.DataFrame, name: str) -> Response:
    """A table of what comes of rules, with a last column `notice`."""
    told = (shelf.manifest.get("notice") or {}).get("short", "")
    return _answer(shelf, table.assign(notice=told) if told else table, name)


def _csv(shelf: Shelf, text: str, name: str) -> Response:
    """A CSV in UTF-8 with the mark Excel looks for, named after the study."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    study = "".join(
        c for c in str(shelf.manifest.get("study", "")) if c.isascii() and (c.isalnum() or c in "._-")
    )
    answer = Response(b"\xef\xbb\xbf" + text.encode("utf-8"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{study}_{safe}.csv"'
    return answer
