"""Each page in each state: loading, failed, empty, suppressed, synthetic; in words, in both languages."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.pages.benchmark import show_benchmark
from dashboard.pages.briefing import show_briefing
from dashboard.pages.frame import PAGES, opening
from dashboard.pages.method import show_method
from dashboard.pages.pressure import show_pressure
from dashboard.pages.rules import show_rules
from dashboard.pages.scenarios import show_scenarios
from dashboard.pages.suppliers import show_suppliers
from dashboard.pages.survey import show_survey
from dashboard.selection import read_address
from dashboard.shelf import Shelf, open_shelf
from dashboard.wording import LANGUAGES, say
from tests.dashboard.test_passed_over import _shown

_NAMES = [name for name, _ in PAGES]
_SHOWN = {
    "briefing": lambda shelf, view: show_briefing(shelf, view, "light"),
    "pressure": show_pressure,
    "survey": lambda shelf, view: show_survey(shelf, view, "light"),
    "suppliers": lambda shelf, view: show_suppliers(shelf, view, "light"),
    "rules": lambda shelf, view: show_rules(shelf, view, "light"),
    "scenarios": lambda shelf, view: show_scenarios(shelf, view, "light"),
    "benchmark": show_benchmark,
    "method": show_method,
}
_OF_ANSWERS = ("estimates", "claims", "questions", "form", "published")
_KEPT_ALONE = (*_OF_ANSWERS, "wording", "cleaning", "response")

_LINKS_ALONE = {"briefing": "state.no_survey", "survey": "survey.none", "benchmark": "benchmark.none"}
_SURVEY_ALONE = {
    "pressure": "state.no_pressure",
    "suppliers": "suppliers.none",
    "rules": "rules.none",
    "scenarios": "scenarios.none",
}
"""Page to the words it says where a study has links alone, or a survey alone."""


def _text(shelf: Shelf, page: str, search: str) -> str:
    from plotly.utils import PlotlyJSONEncoder

    shown = _SHOWN[page](shelf, read_address(f"?{search}"))
    return json.dumps(shown, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _of_links(shelf: Shelf) -> Shelf:
    kept = {name: table for name, table in shelf.tables.items() if not name.startswith(_OF_ANSWERS)}
    return replace(shelf, tables=kept)


def _of_survey(shelf: Shelf) -> Shelf:
    kept = {name: table for name, table in shelf.tables.items() if name.startswith(_KEPT_ALONE)}
    rows = kept["estimates"]
    kept["estimates"] = rows[~rows["question"].str.startswith("pressure.")]
    return replace(shelf, tables=kept)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", _NAMES)
def test_a_study_of_links_alone_or_of_a_survey_alone(internal: Path, page: str, lang: str) -> None:
    shelf = open_shelf(internal)
    for part, words in ((_of_links(shelf), _LINKS_ALONE), (_of_survey(shelf), _SURVEY_ALONE)):
        shown = _text(part, page, f"lang={lang}")
        assert '"type": "H1"' in shown
        if page in words:
            assert say(lang, words[page]) in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_wave_says_that_change_cannot_be_shown(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    kept = {name: table for name, table in shelf.tables.items() if not name.startswith("published")}
    one = replace(shelf, tables=kept)
    assert say(lang, "state.no_change") in _text(one, "briefing", f"lang={lang}")
    for page in ("survey", "method"):
        assert '"type": "H1"' in _text(one, page, f"lang={lang}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_study_without_outcome_says_that_there_is_no_estimate(internal: Path, lang: str) -> None:
    shelf = open_shelf(internal)
    pressure = shelf.tables["pressure"]
    ends = ["estimate", "low50", "high50", "low", "high"]
    gone = pressure.copy()
    gone.loc[gone["stat"].isin(["p_choose", "p_top10"]), ends] = float("nan")
    shown = _text(
        replace(shelf, tables={**shelf.tables, "pressure": gone}), "pressure", f"lang={lang}&firm=T001"
    )
    assert say(lang, "state.abstained", why="§").split("§")[0] in shown
    assert "nan" not in shown.lower().replace("finance", "")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", _NAMES)
def test_synthetic_numbers_carry_their_banner(
    internal_client: FlaskClient, public_client: FlaskClient, page: str, lang: str
) -> None:
    for client in (internal_client, public_client):
        assert say(lang, "frame.synthetic") in _shown(client, page, f"lang={lang}")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", ["briefing", "pressure", "survey"])
def test_hidden_cells_have_one_neutral_text(public_client: FlaskClient, page: str, lang: str) -> None:
    assert say(lang, "state.suppressed") in _shown(public_client, page, f"lang={lang}&question=had_to_choose")


@pytest.mark.parametrize(("page", "path"), PAGES)
def test_a_page_says_that_it_loads_before_it_has_numbers(
    internal_client: FlaskClient, page: str, path: str
) -> None:
    for lang in LANGUAGES:
        first = internal_client.get(f"{path}?lang={lang}").get_data(as_text=True)
        assert first.count(say(lang, "frame.loading")) == 2  # before the script runs, and until it has a page
        assert opening(lang).to_plotly_json()["props"]["role"] == "status"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", _NAMES)
def test_a_page_that_fails_says_so_and_leads_on(
    internal_client: FlaskClient, monkeypatch: pytest.MonkeyPatch, page: str, lang: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ArithmeticError("inner words")

    monkeypatch.setattr(f"dashboard.pages.{page}.surround", fail)
    shown = _shown(internal_client, page, f"lang={lang}&q=never+asked+before")
    assert say(lang, "frame.failed") in shown and say(lang, "frame.again") in shown
    assert "inner words" not in shown and "ArithmeticError" not in shown
    assert shown.count('"data-path"') == len(PAGES)
    assert shown.count('"type": "H1"') == shown.count('"type": "Main"') == 1


def test_a_part_that_fails_is_no_second_main(
    internal_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.pages.pressure.show_drawer", lambda *_: 1 / 0)
    body = {
        "output": "drawer.children",
        "outputs": {"id": "drawer", "property": "children"},
        "inputs": [{"id": "asked-firm", "property": "data", "value": "?lang=ja&firm=T001"}],
        "changedPropIds": ["asked-firm.data"],
    }
    shown = json.dumps(
        internal_client.post("/_dash-update-component", json=body).get_json(), ensure_ascii=False
    )
    assert say("ja", "frame.failed") in shown and '"Main"' not in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_audit_of_printed_figures_alone_is_shown(internal: Path, lang: str) -> None:
    """A Release may hold the printed figures and none of the tables that compare them."""
    shelf = open_shelf(internal)
    kept = {name: one for name, one in shelf.tables.items() if not name.startswith("published_")}
    bare = replace(shelf, tables=kept)
    shown = _text(bare, "method", f"lang={lang}")
    assert say(lang, "audit.figures") in shown
    assert say(lang, "audit.changes") not in shown
    for page in ("briefing", "survey"):
        assert '"type": "H1"' in _text(bare, page, f"lang={lang}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_team_is_not_told_that_its_release_was_protected(internal: Path, public: Path, lang: str) -> None:
    gone = ("firms", "pressure", "lookthrough", "paths", "scenario_effects", "collision_matrix", "collisions")
    shelf = open_shelf(internal)
    bare = replace(shelf, tables={name: one for name, one in shelf.tables.items() if name not in gone})
    bands = open_shelf(public).tables["estimates"]
    bare = replace(bare, tables={**bare.tables, "estimates": bands})
    of_public = {
        "pressure": "state.no_firm_rows_why",
        "scenarios": "scenarios.kept_back",
        "rules": "matrix.kept_back",
    }
    for page, key in of_public.items():
        told = _text(bare, page, f"lang={lang}")
        assert say(lang, "state.built_without") in told and say(lang, key) not in told
        there = _text(open_shelf(public), page, f"lang={lang}")
        assert say(lang, key) in there
        assert say(lang, "state.built_without") not in there
