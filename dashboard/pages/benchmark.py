"""Benchmark: what one firm brings stands beside the tables of a Release; the page holds nothing of it."""

import json
from typing import Any

import dash
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.benchmarked import MOST_BROUGHT, can_print
from dashboard.pages.benchmark_readiness import readiness_panel
from dashboard.pages.frame import add_page, surround, waiting
from dashboard.pages.marks import tags
from dashboard.pages.passing import passed_over
from dashboard.selection import View, address, read_address
from dashboard.shelf import Shelf
from dashboard.wording import say

__all__ = ["show_benchmark", "use_benchmark"]

_WORDS = (
    *("files", "firm", "firm_hint", "no_answer", "compare", "clear", "working", "done", "cleared"),
    *("nothing", "failed", "fault_where", "fault_found", "fault_expected", "fault_do"),
    *("take_pdf", "take_csv", "take_print"),
)
"""Words the script of the page says."""

_FILES = ("answers", "links", "parties", "items", "listings", "bands")


def use_benchmark(app: dash.Dash, shelf: Shelf) -> None:
    """Register the page on an app."""

    def shell(**asked: str) -> Component:
        lang = read_address(f"lang={asked.get('lang', '')}").lang
        return waiting("benchmark", lang, dcc.Store(id="ground"))

    def title(**_: str) -> str:
        lang = read_address(str(dash.ctx.inputs.get("_pages_location.search") or "")).lang
        return f"{say(lang, 'page.benchmark')} · {say(lang, 'frame.product')}"

    add_page("benchmark", shell, title)

    @app.callback(
        Output("benchmark-page", "children"), Input("ground", "data"), State("_pages_location", "search")
    )
    def content(ground: dict[str, Any] | None, search: str | None) -> Any:
        if not ground:
            return dash.no_update
        return show_benchmark(shelf, read_address(search))


def show_benchmark(shelf: Shelf, view: View) -> list[Component]:
    """The whole page for a View: what it is, the form its script builds, room for what comes back."""
    lang = view.lang
    if "form" not in shelf.tables or "estimates" not in shelf.tables:
        empty = html.Div(html.P(say(lang, "benchmark.none")), className="state")
        return surround(shelf, view, "benchmark", [html.H1(say(lang, "page.benchmark")), empty])
    second = html.Span(say(lang, "benchmark.claim_second"), className="claim-interval")
    form = html.Div(
        id="benchmark-form",
        className="benchmark-form",
        **tags({"data-form": json.dumps(_told(shelf, lang), ensure_ascii=False)}),
    )
    body = [
        html.H1([say(lang, "benchmark.claim"), second], className="claim-of-day"),
        *passed_over(shelf, view, "benchmark"),
        html.P(say(lang, "benchmark.private"), className="sentence"),
        form,
        html.Div(id="benchmark-fault", role="alert"),
        html.Div(id="benchmark-result"),
        *readiness_panel(shelf, view),
    ]
    return surround(shelf, view, "benchmark", body)


def _told(shelf: Shelf, lang: str) -> dict[str, Any]:
    """What the script needs: questions with their options, files, and its words."""
    form = shelf.tables["form"]
    asked = form[form["kind"].isin(["single", "binary", "multiple"])].drop_duplicates("question")
    questions = [
        {
            "id": question,
            "kind": kind,
            "label": shelf.label(lang, question),
            "options": [[code, shelf.label(lang, question, code)] for code in shelf.options(question)],
        }
        for question, kind in zip(asked["question"], asked["kind"], strict=True)
    ]
    questions = [one for one in questions if one["options"]]
    words = {key: say(lang, f"benchmark.{key}") for key in _WORDS}
    words["form"] = say(lang, "benchmark.form", many=len(questions))
    words["form_csv"] = say(lang, "benchmark.form_csv")
    said: dict[str, Any] = {**words, "file": {key: say(lang, f"file.{key}") for key in ("choose", "none")}}
    said["too_large"] = say(lang, "benchmark.too_large", limit=MOST_BROUGHT * 3 // 4 // 1024**2)
    return {
        "lang": lang,
        "questions": questions,
        "files": [
            {
                "id": name,
                "label": say(lang, f"benchmark.file_{name}"),
                "hint": say(lang, f"benchmark.file_{name}_hint"),
            }
            for name in _FILES
        ],
        "words": said,
        "csv": address("/benchmark_form.csv", View(lang=lang)),
        "pdf": can_print(),
        "most": MOST_BROUGHT * 3 // 4,
    }
