"""What a firm brings to the page: compared, named where it does not fit, and nowhere afterwards."""

import base64
import logging
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from flask.testing import FlaskClient

from analysis import benchmark_firm, read_given, read_release, write_release
from dashboard.app import make_app
from dashboard.benchmark_report import report_of_benchmark
from dashboard.benchmark_tables import moves_table
from dashboard.benchmark_words import place_words
from dashboard.benchmarked import MOST_BROUGHT
from dashboard.pages.benchmark import show_benchmark
from dashboard.pages.frame import PAGES
from dashboard.selection import View
from dashboard.shelf import open_shelf
from dashboard.wording import as_interval, as_share
from tests.analysis.ready_study import write_ready

PATH = "/benchmark/compare"
SECRET = "Planted Firm 4711"
LINKS = (
    "buyer,supplier,country,product,value\n"
    f"{SECRET},<b>Maker</b>,CN,<script>alert(1)</script>,5\n"
    f"Buyer,{SECRET},US,thing,7\n"
)


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FlaskClient]:
    folder = tmp_path_factory.mktemp("ready")
    study, _ = write_ready(folder)
    write_release(study, folder / "out")
    return {name: make_app(folder / "out" / name).server.test_client() for name in ("internal", "members")}


def _file(text: str, name: str = "mine.csv") -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(text.encode()).decode()}


def test_answers_of_the_form_are_compared(clients: dict[str, FlaskClient]) -> None:
    asked = {"lang": "en", "answers": {"measures": ["head"], "board": ["2"], "acts": ["1"]}}
    answer = clients["internal"].post(PATH, json=asked)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.get_json()
    assert "3 of your answers beside those of 12 firms." in told["html"]
    assert "A named head of economic security" in told["html"]
    assert told["html"].count('<details class="about">') == told["html"].count("<dt>Suppression</dt>") > 0
    assert told["csv"].startswith("kind,question,option,")
    japanese = clients["internal"].post(PATH, json=asked | {"lang": "ja"}).get_json()["html"]
    assert "経済安全保障の責任者の任命" in japanese


def test_files_are_read_in_memory_and_words_from_outside_are_escaped(
    clients: dict[str, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_disk(*_: object, **__: object) -> None:
        raise AssertionError("a file on the disk")

    for name in ("mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile"):
        monkeypatch.setattr(tempfile, name, no_disk)
    for name in ("write_bytes", "write_text", "touch", "mkdir"):
        monkeypatch.setattr(Path, name, no_disk)
    files = {"answers": _file("id,board\nX,1\n"), "links": _file(LINKS, "links.csv")}
    answer = clients["internal"].post(PATH, json={"lang": "en", "files": files})
    assert answer.status_code == 200, answer.get_json()
    page = answer.get_json()["html"]
    assert "<script" not in page and "<b>" not in page
    assert "/proc/" not in page
    assert "links.csv: no listings" in page


def test_nothing_brought_is_found_afterwards(
    clients: dict[str, FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    client = clients["internal"]
    with caplog.at_level(logging.DEBUG):
        for text in (LINKS, LINKS.replace("5\n", "five\n"), SECRET):
            client.post(PATH, json={"files": {"links": _file(text)}, "firm": SECRET})
            client.post(PATH, json={"files": {"answers": _file(text)}, "answers": {SECRET: [SECRET]}})
    assert SECRET not in caplog.text
    for path in [path for _, path in PAGES] + ["/_dash-layout", "/_dash-dependencies", "/benchmark_form.csv"]:
        assert SECRET not in client.get(path).get_data(as_text=True)
    asked = {"answers": {"board": ["1"]}}
    assert SECRET not in client.post(PATH, json=asked).get_data(as_text=True)


@pytest.mark.parametrize(
    ("asked", "where", "found"),
    [
        ({}, "--answers", "nothing to compare"),
        ({"answers": {"bord": ["1"]}}, "form, question 'bord'", "no such question"),
        ({"answers": {"board": ["7"]}}, "form, question board", "'7'"),
        ({"files": {"answers": _file("a,b,c\n1,2,3\n")}}, "mine.csv, header", "another codebook"),
        ({"files": {"answers": {"name": "x.sav", "content": "%%"}}}, "x.sav", "no content"),
        ({"files": {"answers": _file("", "e.csv")}}, "e.csv", "an empty file"),
        ({"files": {"answers": _file("$FL2 not really", "m.sav")}}, "m.sav", ""),
        ({"files": {"links": _file("who,whom\na,b\n", "l.csv")}}, "l.csv", ""),
    ],
)
def test_what_does_not_fit_is_named_as_its_owner_names_it(
    clients: dict[str, FlaskClient], asked: dict[str, object], where: str, found: str
) -> None:
    answer = clients["members"].post(PATH, json=asked)
    assert answer.status_code == 422
    fault = answer.get_json()["fault"]
    assert fault["where"].startswith(where)
    assert found in fault["found"]
    assert "/proc/" not in str(fault)


def test_what_does_not_fit_is_said_in_the_readers_language(clients: dict[str, FlaskClient]) -> None:
    for asked, where, found in (
        ({"files": {"answers": _file("", "e.csv")}}, "e.csv", "空のファイル"),
        ({"answers": {"board": ["7"]}}, "form、設問board", "「7」という回答"),
        ({}, "--answers", "比較するものがない"),
    ):
        fault = clients["members"].post(PATH, json={"lang": "ja", **asked}).get_json()["fault"]
        assert (fault["where"], fault["found"]) == (where, found)
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", fault["expected"]), fault


def test_a_failure_of_ours_tells_no_word_of_what_was_brought(
    clients: dict[str, FlaskClient], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("dashboard.benchmarked.benchmark_firm", broken)
    answer = clients["members"].post(PATH, json={"answers": {"board": ["1"]}})
    assert answer.status_code == 422
    assert SECRET not in answer.get_data(as_text=True) + caplog.text
    assert "ValueError" in caplog.text


def test_the_door_takes_json_of_this_site_and_not_too_much(clients: dict[str, FlaskClient]) -> None:
    client = clients["members"]
    assert client.get(PATH).status_code == 404
    assert client.post(PATH, data="x").status_code == 403
    elsewhere = client.post(PATH, json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    large = client.post(PATH, json={"firm": "x" * (MOST_BROUGHT + 1)})
    assert large.status_code == 413
    assert client.post("/_dash-update-component", json={"x": "y" * 300_000}).status_code == 413


def test_form_can_be_taken_away_and_filled_in(clients: dict[str, FlaskClient]) -> None:
    text = clients["members"].get("/benchmark_form.csv").get_data(as_text=True).lstrip("\ufeff")
    assert text.splitlines()[0] == "question,answer,wording,options"
    filled = re.sub(r"(?m)^measures,,", "measures,head;drill,", text)
    answer = clients["members"].post(PATH, json={"files": {"answers": _file(filled)}})
    assert answer.status_code == 200, answer.get_json()
    assert "1 of your answers" in answer.get_json()["html"]


def test_readiness_of_firms_is_for_the_internal_audience(clients: dict[str, FlaskClient]) -> None:
    assert clients["internal"].get("/readiness_firms.csv").status_code == 200
    assert clients["members"].get("/readiness_firms.csv").status_code == 404
    assert clients["members"].get("/readiness.csv").status_code == 404


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_how_many_are_ready_stands_with_n_and_interval(
    tmp_path_factory: pytest.TempPathFactory, lang: str
) -> None:
    folder = tmp_path_factory.mktemp("told")
    study, _ = write_ready(folder)
    write_release(study, folder / "out", ["internal"])
    shelf = open_shelf(folder / "out" / "internal")
    table = shelf.tables["readiness"]
    row = table[(table["stat"] == "ready") & (table["by"].fillna("") == "")].iloc[0]
    page = str(show_benchmark(shelf, View(lang=lang)))
    ends = as_interval(lang, row["low"], row["high"], row["level"], row["method"], n=int(row["n"]))
    assert ends and f"{as_share(lang, row['estimate'], int(row['n']))}" in page
    many = f"of {row['n']:.0f} firms are ready, {ends}" if lang == "en" else f"{row['n']:.0f}社のうち"
    assert many in page and page.count(ends) >= 1


@pytest.mark.parametrize(
    ("low", "high", "words"), [(0.2, 0.64, "20 to 64"), (0.195, 0.645, "19 to 65"), (0.29, 0.29, "29")]
)
def test_places_are_rounded_outwards(low: float, high: float, words: str) -> None:
    assert place_words({"low": low, "high": high}, "en") == words


@pytest.mark.parametrize(("lang", "words"), [("en", "Synthetic data: every firm"), ("ja", "合成データ")])
def test_a_report_names_no_folder_and_says_on_each_page_what_is_invented(
    tmp_path: Path, lang: str, words: str
) -> None:
    study, _ = write_ready(tmp_path)
    write_release(study, tmp_path / "out", ("members",))
    release = read_release(tmp_path / "out" / "members")
    mine = tmp_path / "mine.csv"
    mine.write_text("id,board,colour\nF01,1,red\n", encoding="utf-8")
    found = benchmark_firm(release, read_given(release, mine), None, firm="")
    made = replace(found, about=found.about | {"synthetic": True})
    page, real = (
        report_of_benchmark(open_shelf(release.folder), one, lang)
        for one in (made, replace(found, about=found.about | {"synthetic": False}))
    )
    assert "colour" in page and "mine.csv" in page and tmp_path.name not in page
    assert f'@top-left {{ content: "{words}' in page and f'role="note">{words}' in page
    assert "@top-left" not in real and words not in real
    sources = read_release(tmp_path / "out" / "members").manifest["sources"]
    assert sources and all(f"{one['file']} <code>{one['sha256'][:12]}</code>" in page for one in sources)


def test_flows_of_a_comparison_are_in_the_readers_words_and_each_cell_knows_its_head(public: Path) -> None:
    row = {"measure": "us", "channel": "sales", "before": 0.03, "after": 0.0, "low": 0.2, "high": 0.6}
    row |= {"what": "motors", "partner": "<b>C1", "evidence": "US-EL (licence), US-744.23 (review)"}
    shelf = open_shelf(public)
    japanese, english = (moves_table(shelf, pd.DataFrame([row]), lang) for lang in ("ja", "en"))
    said_ja, said_en = (re.sub("<[^>]+>", "", table) for table in (japanese, english))
    assert (
        "モーター（売上）" in said_ja
        and "リスト US-EL（許可）、" in said_ja
        and " US-744.23（要確認）" in said_ja
    )
    assert "motors (sales)" in said_en and "Entity List US-EL (licence), " in said_en
    assert " US-744.23 (review)" in said_en
    assert '<td data-head="相手">&lt;b&gt;C1</td>' in japanese
    assert english.count("data-head=") == english.count("<td") == 5
