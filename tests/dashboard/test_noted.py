"""The notice on every way out of rules: each row, the file beside, JSON, workbook, page, terminal."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from flask import Flask

from analysis import notice_record, read_release
from dashboard.command import main
from dashboard.command.noted_files import page_of
from dashboard.downloads import offer_downloads
from dashboard.own import OwnScenarios
from dashboard.pages.frame import surround
from dashboard.selection import View
from dashboard.shelf import open_shelf
from survey import data_folder

ADVICE = "not legal advice"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few links of the demonstration, and lists that are 45 days old."""
    folder = tmp_path_factory.mktemp("noted") / "study"
    shutil.copytree(data_folder() / "demo", folder)
    listings = pd.read_csv(folder / "listings.csv", dtype=str, keep_default_na=False)
    listed = set(listings.loc[listings["list"] == "US-EL", "party"])
    links = pd.read_csv(folder / "links.csv", dtype=str, keep_default_na=False)
    links = links[links["buyer"].isin(listed)].head(6)
    links.to_csv(folder / "links.csv", index=False)
    parties = pd.read_csv(folder / "parties.csv", dtype=str, keep_default_na=False)
    kept = parties["party"].isin({*links["buyer"], *links["supplier"], *listings["party"]})
    parties[kept].to_csv(folder / "parties.csv", index=False)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace("lists_taken = 2026-01-10", "lists_taken = 2025-12-01")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def test_tables_carry_it_on_each_row_and_in_a_file_beside(study: Path, capsys: pytest.CaptureFixture) -> None:
    out = study.parent / "c.csv"
    assert main(["contact", str(study), "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert ADVICE in said and "due diligence itself as a breach" in said and "That is over 30 days" in said
    assert "collisions: " in said and " lethal" in said
    for name in ("c.csv", "c.collisions.csv", "c.stakes.csv"):
        table = pd.read_csv(out.with_name(name))
        assert len(table) and table.columns[-1] == "notice"
        assert table["notice"].str.contains(f"{ADVICE}; lists up to 45 days old (over 30)", regex=False).all()
    told = out.with_name("c.notice.txt").read_text(encoding="utf-8")
    assert (
        ADVICE in told
        and "法的助言ではありません" in told
        and "45日前" in told
        and "Over 30 days old" in told
    )


def test_quiet_keeps_it_in_what_is_written(study: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["contact", str(study), "--quiet"]) == 0
    got = capsys.readouterr()
    assert got.err == ""
    lines = got.out.splitlines()
    assert lines[0].endswith(",notice") and all(ADVICE in line for line in lines[1:])


def test_json_and_workbook_begin_with_it(study: Path) -> None:
    out = study.parent / "c.json"
    assert main(["contact", str(study), "--out", str(out), "--quiet"]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert ADVICE in found["notice"][0] and any("法的助言" in line for line in found["notice"])
    assert {"contacts", "collisions", "stakes"} <= set(found) and found["collisions"]
    assert isinstance(found["collisions"][0]["lethal"], bool)
    book = study.parent / "c.xlsx"
    assert main(["contact", str(study), "--out", str(book), "--quiet"]) == 0
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames == ["notice", "contacts", "collisions", "stakes"]
    assert ADVICE in str(sheets["notice"]["A3"].value)
    head = [cell.value for cell in sheets["collisions"][1]]
    first = dict(zip(head, (cell.value for cell in sheets["collisions"][2]), strict=True))
    assert isinstance(first["at_stake"], float) and first["lethal"] in (True, False)
    assert ADVICE in first["notice"]


def test_a_page_begins_with_it_and_runs_nothing(tmp_path: Path) -> None:
    table = pd.DataFrame({"firm": ["<script>alert(1)</script>"], "at_stake": [0.05], "lethal": [True]})
    out = tmp_path / "c.html"
    page_of(out, {"collisions": table}, ("one", "", "二"), "A study")
    text = out.read_text(encoding="utf-8")
    assert text.index("<li>one</li>") < text.index("<table>") and 'lang="ja"' in text
    assert "<script" not in text and "&lt;script&gt;" in text and "http" not in text


def test_screen_carries_it(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "names.csv").write_text("name\nAcme\n")
    (tmp_path / "list.csv").write_text("name\nAcme\n")
    out = tmp_path / "hits.csv"
    words = ["screen", str(tmp_path / "names.csv"), "--out", str(out), "--list"]
    assert main([*words, f"US-EL={tmp_path / 'list.csv'}@2025-12-01"]) == 1
    assert ADVICE in capsys.readouterr().err
    assert pd.read_csv(out)["notice"].tolist() == ["indicative analysis, not legal advice"]
    assert "Say the day looked at" in (tmp_path / "hits.notice.txt").read_text(encoding="utf-8")
    assert main([*words, f"US-EL={tmp_path / 'list.csv'}@2025-12-01", "--as-of", "2026-01-15"]) == 1
    assert "lists up to 45 days old (over 30)" in pd.read_csv(out)["notice"].iloc[0]


def test_downloads_and_pages_of_a_release_carry_it(internal: Path) -> None:
    shelf = open_shelf(internal)
    shelf = replace(shelf, manifest={**shelf.manifest, "notice": notice_record(None)})
    server = Flask(__name__)
    offer_downloads(server, shelf, read_release(internal), OwnScenarios(shelf))
    text = server.test_client().get("/collisions.csv").get_data(as_text=True)
    rows = pd.read_csv(io.StringIO(text.lstrip("\ufeff")))
    assert set(rows["notice"]) == {"indicative analysis, not legal advice; nobody was screened"}
    for page in ("briefing", "pressure", "scenarios", "survey"):
        for lang, words in (("en", ADVICE), ("ja", "法的助言ではありません")):
            parts = surround(shelf, View(lang=lang), page, [])
            said = json.dumps(parts, default=lambda one: one.to_plotly_json(), ensure_ascii=False)
            assert (words in said) == (page != "survey")


def test_the_workbook_prints_what_a_page_shows_and_cuts_no_words(study: Path) -> None:
    """Columns that say the same on each row stay off the paper; wrapped words have their height."""
    out = study.parent / "printed.xlsx"
    assert main(["contact", str(study), "--out", str(out), "--quiet"]) == 0
    book = openpyxl.load_workbook(out)
    for name in ("contacts", "collisions", "stakes"):
        page = book[name]
        heads = [cell.value for cell in page[1]]
        last = openpyxl.utils.cell.range_boundaries(page.print_area.split("!")[-1])[2]
        printed = heads[:last]
        assert printed[:2] in (["firm", "flow"], ["firm", "channel"]) and heads[-1] == "notice"
        assert not {"notice", "synthetic", "as_of"} & set(printed)
        assert page.print_title_rows == "$1:$1" and page.page_setup.fitToHeight == 0
        wide = {
            heads[place - 1]: found.width
            for found in page.column_dimensions.values()
            for place in range(found.min, found.max + 1)
        }
        for row in page.iter_rows(min_row=2, max_row=40):
            high = page.row_dimensions[row[0].row].height or 15
            for column, cell in zip(printed, row, strict=False):
                if isinstance(cell.value, str):
                    assert cell.alignment.wrap_text and high >= 12 * len(cell.value) / (1.6 * wide[column])
                elif isinstance(cell.value, float):
                    assert cell.number_format in ("#,##0", "0.0000")
