"""What if, for one firm: read from the address, told in both languages, taken away."""

from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from flask.testing import FlaskClient

from analysis.scenario.kept import kept_table
from dashboard.doubt_words import sources_words
from dashboard.pages.comparison import compare_firms
from dashboard.pages.what_if import what_if_panel, what_if_result
from dashboard.selection import View, address, read_address
from dashboard.shelf import Shelf, open_shelf
from dashboard.turned import turned_for
from tests.analysis.scenario.test_paired import baseline


@pytest.fixture(scope="module")
def shelf(internal: Path) -> Shelf:
    return open_shelf(internal)


def flow_of(shelf: Shelf) -> str:
    found = turned_for(shelf, View(firm="T002"))
    assert found is not None
    return str(found.flows.set_index("channel")["flow"]["sales"])


def test_the_address_holds_what_is_turned(shelf: Shelf) -> None:
    view = View(firm="T002", flow=flow_of(shelf), substitutability="0.5", share="0.1", dormant="0")
    assert read_address("?" + address("/pressure", view).partition("?")[2]) == view
    found = turned_for(shelf, view)
    assert found is not None and not found.is_odd
    assert (found.turn.substitutability, found.turn.share, found.turn.dormant) == (0.5, 0.1, 0.0)
    assert found.effect("squeeze")["after"] < found.effect("squeeze")["before"]
    assert found.effect("p_choose")["low"] <= found.effect("p_choose")["estimate"] <= 0


@pytest.mark.parametrize(
    "parts",
    [
        {"flow": "nobody"},
        {"substitutability": "1.5"},
        {"dormant": "much"},
        {"dormant": "nan"},
        {"share": "0.1"},
    ],
)
def test_parts_that_do_not_fit_are_passed_over_and_told(shelf: Shelf, parts: dict[str, str]) -> None:
    view = View(firm="T002", **parts)
    found = turned_for(shelf, view)
    assert found is not None and found.is_odd and found.turn.is_none
    assert "does not fit" in str(what_if_result(shelf, view))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_numbers_stand_with_interval_and_n_and_say_what_is_frozen(shelf: Shelf, lang: str) -> None:
    view = View(lang=lang, firm="T002", flow=flow_of(shelf), substitutability="0.9")
    text = str(what_if_panel(shelf, view))
    assert ("n = 96" if lang == "en" else "n=96") in text and "90" in text
    assert ("nothing is fitted again" if lang == "en" else "推計し直さない") in text
    assert "table-view" in text and "/what_if.csv?" in text


def test_rows_are_taken_away_as_they_stand(internal_client: FlaskClient, shelf: Shelf) -> None:
    asked = address("/what_if.csv", View(firm="T002", flow=flow_of(shelf), substitutability="0.9"))
    answer = internal_client.get(asked)
    assert answer.status_code == 200
    table = pd.read_csv(BytesIO(answer.data), encoding="utf-8-sig")
    assert {"stat", "before", "after", "low", "high", "n", "flow"} <= set(table.columns)
    assert internal_client.get("/what_if.csv?firm=T002&share=0.3").status_code == 404
    assert internal_client.get("/what_if.csv").status_code == 404


def test_other_readers_get_nothing(public: Path, public_client: FlaskClient) -> None:
    assert what_if_panel(open_shelf(public), View(firm="T002")) == []
    assert public_client.get("/what_if.csv?firm=T002").status_code == 404


@pytest.fixture(scope="module")
def kept() -> Shelf:
    """The demonstration with every source of doubt at work, as a Release that keeps its scene."""
    from tests.analysis.scenario.test_one_firm_kept import tables

    people = pd.DataFrame({"firm": list(dict.fromkeys(tables()["pressure"]["firm"]))})
    made = {"firms": people.assign(name="", name_ja="", sector=""), "kept": kept_table(baseline())}
    return Shelf({"audience": "internal", "as_of": "2026-01-15"}, tables() | made)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_source_the_release_keeps_is_drawn_and_said(kept: Shelf, lang: str) -> None:
    found = turned_for(kept, View(firm="S012", dormant="0.5"))
    assert found is not None
    method = found.effect("squeeze")["method"]
    assert method.startswith("paired, drawn over") and "bands" in method and "thresholds" in method
    text = str(what_if_result(kept, View(lang=lang, firm="S012", dormant="0.5")))
    words = {"en": "Drawn over: ", "ja": "考慮した不確かさ："}[lang]
    assert words in text and sources_words(lang, ["bands"]) in text
    compared = str(compare_firms(kept, View(lang=lang, compare=("S035", "S050"))))
    assert words in compared and sources_words(lang, ["rules"]) in compared


def test_others_than_the_internal_audience_never_meet_what_is_kept(kept: Shelf) -> None:
    public = Shelf({"audience": "public"}, kept.tables)
    assert public.drawn.open_day(("S035",)).day.bands is None
    old = Shelf(kept.manifest, kept.tables | {"kept": kept.tables["kept"].iloc[:1]})
    assert old.drawn.open_day(("S035",)).priors == {}  # of another making: links alone
