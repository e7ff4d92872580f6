"""`tables` as a person uses it: breaks in breaks, means of scales, tests, pairs, languages."""

import io
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from dashboard.command import main
from dashboard.command.book_pages import page_ends
from dashboard.command.sheets import Cell, Head, Line, Part, Sheet
from dashboard.command.workbook import make_workbook

STUDY = """schema = 1
id = "book"
title = {{ en = "A banner book", ja = "集計表" }}
languages = ["en", "ja"]
[[waves]]
name = "2021"
file = "book.csv"
codebook = "codebook.toml"
[design]
weight = "w"
"""
CODEBOOK = """schema = 1
languages = ["en", "ja"]
[questions.w]
kind = "number"
role = "weight"
[questions.view]
kind = "single"
label = { en = "View of the next year", ja = "来年の見通し" }
choices = [
  { code = "1", label = { en = "Much worse", ja = "大幅に悪化" } },
  { code = "2", label = { en = "Worse", ja = "悪化" } },
  { code = "3", label = { en = "Same", ja = "不変" } },
  { code = "4", label = { en = "Better", ja = "改善" } },
]
[questions.kinds]
kind = "multiple"
columns = ["k_a", "k_b", "k_c"]
counted = "1"
label = { en = "Kinds", ja = "種類" }
choices = [
  { code = "a", column = "k_a", label = { en = "Cost", ja = "費用" } },
  { code = "b", column = "k_b", label = { en = "Sales", ja = "売上" } },
  { code = "c", column = "k_c", label = { en = "Other", ja = "その他" } },
]
[questions.sector]
kind = "single"
label = { en = "Sector", ja = "業種" }
choices = [
  { code = "1", label = { en = "Makers", ja = "製造" } },
  { code = "2", label = { en = "Traders", ja = "商社" } },
]
[questions.size]
kind = "single"
label = { en = "Size", ja = "規模" }
choices = [
  { code = "S", label = { en = "Small", ja = "小" } },
  { code = "L", label = { en = "Large", ja = "大" } },
]
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    rng = np.random.default_rng(5)
    sector = rng.integers(1, 3, 400)
    frame = pd.DataFrame(
        {
            "view": np.clip(rng.integers(1, 5, 400) + (sector == 2), 1, 4),
            **{f"k_{c}": rng.integers(0, 2, 400) for c in "abc"},
            "sector": sector,
            "size": np.where(rng.random(400) < 0.5, "S", "L"),
            "w": rng.uniform(1, 2, 400).round(3),
        }
    )
    frame.to_csv(folder / "book.csv", index=False)
    (folder / "study.toml").write_text(STUDY.format(), encoding="utf-8")
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    return folder


def run(*words: object) -> int:
    return main([str(word) for word in words])


def table(study: Path, name: str, *words: object) -> pd.DataFrame:
    out = study / name
    assert run("tables", study, *words, "--out", out, "--quiet") == 0
    return pd.read_csv(out, dtype={"option": str, "group": str}, keep_default_na=False)


def test_breaks_within_breaks(study):
    found = table(study, "n.csv", "--rows", "view", "--by", "sector>size,sector")
    assert list(dict.fromkeys(found["by"])) == ["", "sector>size", "sector"]
    assert list(dict.fromkeys(found.loc[found["by"] == "sector>size", "group"])) == [
        "1>S",
        "1>L",
        "2>S",
        "2>L",
    ]
    frame = pd.read_csv(study / "book.csv")
    inside = frame[(frame["sector"] == 2) & (frame["size"] == "L")]
    cell = found[(found["group"] == "2>L") & (found["option"] == "4")].iloc[0]
    assert float(cell["estimate"]) == pytest.approx(np.average(inside["view"] == 4, weights=inside["w"]))
    star = table(study, "s.csv", "--rows", "view", "--by", "sector*size,sector")
    pd.testing.assert_frame_equal(found, star)


def test_pairs_and_letters_agree(study):
    found = table(
        study, "p.csv", "--rows", "view", "--by", "sector>size,sector", "--pairs", study / "pairs.csv"
    )
    pairs = pd.read_csv(study / "pairs.csv", dtype={"option": str, "group": str, "other": str})
    assert len(pairs) == 4 * (1 + 1 + 1)  # spans: sizes within each sector, and sectors
    sectors = pairs[pairs["by"] == "sector"]
    for _, pair in sectors.iterrows():
        cells = found[(found["by"] == "sector") & (found["option"] == pair["option"])].set_index("group")
        winner = pair["group"] if pair["estimate"] > 0 else pair["other"]
        wanted = "B" if winner == "1" else "A"
        assert cells.loc[winner, "letters"] == (wanted if pair["p_adjusted"] < 0.05 else "")
        # the rest of two groups is the other
        assert float(cells.loc[winner, "p"]) == pytest.approx(pair["p"])
    assert (sectors["p_adjusted"] < 0.05).any()
    none = table(study, "p.csv", "--rows", "view", "--by", "sector", "--test", "no")
    assert set(none["letters"]) == {""} and set(none["p"]) == {""}


def test_scales_have_means_and_boxes(study):
    found = table(
        study, "m.csv", "--rows", "view,kinds", "--means", "view", "--boxes", "2", "--where", "sector == 1"
    )
    frame = pd.read_csv(study / "book.csv").query("sector == 1")
    rows = found.set_index(["question", "option"])["estimate"].astype(float)
    assert rows["view", ""] == pytest.approx(np.average(frame["view"], weights=frame["w"]))
    assert rows["view", "top 2"] == pytest.approx(np.average(frame["view"] >= 3, weights=frame["w"]))
    assert rows["view", "bottom 2"] == pytest.approx(1 - rows["view", "top 2"])
    assert list(found.loc[found["question"] == "view", "stat"]) == ["share"] * 6 + ["mean"]
    assert run("tables", study, "--means", "kinds", "--quiet") == 2


def test_shares_of_responses_add_up(study):
    found = table(study, "r.csv", "--rows", "kinds,view", "--of-responses")
    kinds = found[found["question"] == "kinds"]
    assert kinds["estimate"].sum() == pytest.approx(1)
    assert set(kinds["base_rule"]) == {"responses"}
    frame = pd.read_csv(study / "book.csv")
    ticks = frame[["k_a", "k_b", "k_c"]].sum(axis=1)
    assert kinds["base"].iloc[0] == pytest.approx((frame["w"] * ticks).sum())
    assert kinds["n"].iloc[0] == 400
    assert ((kinds["low"] < kinds["estimate"]) & (kinds["estimate"] < kinds["high"])).all()
    assert set(found.loc[found["question"] == "view", "base_rule"]) == {"answered"}


@pytest.mark.parametrize(("lang", "contents", "notes"), [("en", "Contents", "Notes"), ("ja", "目次", "注記")])
def test_the_workbook_speaks_both_languages(study, lang, contents, notes):
    out = study / f"{lang}.xlsx"
    words = ["--by", "sector,sector>size", "--means", "view", "--lang", lang, "--out", out, "--quiet"]
    assert run("tables", study, *words) == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [contents, "view", "kinds", "sector", "size", notes]
    links = [cell.hyperlink.location for row in book[contents] for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    sheet = book["view"]
    texts = {cell.value for row in sheet for cell in row if isinstance(cell.value, str)}
    assert {"en": "Makers (A)", "ja": "製造 (A)"}[lang] in texts
    assert {"en": "Weighted base", "ja": "ウエイト付き基数"}[lang] in texts
    assert {"en": "Mean", "ja": "平均"}[lang] in texts
    shares = [c.value for row in sheet for c in row if c.number_format in ("0%", "0.0%")]
    assert len(shares) == 4 * (1 + 2 + 4) and all(0 <= value <= 1 for value in shares)
    said = " ".join(str(cell.value) for row in book[notes] for cell in row if cell.value)
    assert "Rao-Scott" in said and "Holm" in said and "Korn-Graubard" in said


def test_the_page_names_its_columns_and_fetches_nothing(study):
    out = study / "book.html"
    assert run("tables", study, "--by", "sector>size", "--lang", "ja", "--out", out, "--quiet") == 0
    page = out.read_text(encoding="utf-8")
    assert '<html lang="ja">' in page and "業種 &gt; 規模" in page and "製造" in page
    assert "<script" not in page and "http" not in page
    assert page.count("<table>") == 4


def test_choices_that_do_not_exist_are_refused(study, capsys):
    for words in (["--lang", "fr"], ["--alpha", "5"], ["--by", "sector>sice"], ["--target", "firms"]):
        assert run("tables", study, *words, "--quiet") == 2
        told = capsys.readouterr().err
        assert "do this" in told and "Traceback" not in told


def test_a_banner_book_in_five_minutes(tmp_path, monkeypatch):
    """The how-to, run as written."""
    top = Path(__file__).parents[2]
    page = (top / "docs" / "how-to" / "banner-book.md").read_text(encoding="utf-8")
    shutil.copytree(top / "data" / "demo", tmp_path / "data" / "demo")
    monkeypatch.chdir(tmp_path)
    lines = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert len(lines) == 6
    for line in lines:
        assert main([*shlex.split(line)[1:], "--quiet"]) == 0
    (stated,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    wanted = pd.read_csv(io.StringIO(stated), dtype={"option": str})
    pairs = pd.read_csv("pairs.csv", dtype={"option": str})
    found = pairs[pairs["option"].isin(wanted["option"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(found[list(wanted)].round(4), wanted, check_dtype=False)
    shares = pd.read_csv("book.csv", dtype={"option": str, "group": str}).query("option == 'us_ge10'")
    counts = (shares["estimate"] * shares["n"]).round(6).tolist()
    assert counts[1:] == [11, 51]
    letters = shares["letters"].tolist()
    assert letters[1] == "B" and all(letter != letter for letter in letters[::2])
    names = {"book.xlsx", "book.html", "deep.xlsx", "pairs.csv", "book.csv", "spss.xlsx", "exceptions.xlsx"}
    assert names <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize("has_letters", [False, True])
def test_no_number_of_a_workbook_is_wider_than_its_column(has_letters: bool) -> None:
    """A cell whose number is wider than its column shows as a row of hashes."""
    base, value = 123_456_789_012.3, 9_876_543_210.9
    head = Head("", "", "All", "", 1_234_567, base, "")
    cell = Cell("mean", value, value - 1, value + 1, 1, "")
    part = Part("answered", (head, head), (Line("x", "X", False, (cell, cell)),))
    name = "a_very_long_name_of_a_question_that_stands_in_the_contents"
    notes = [("", "words " * 90)]
    made = make_workbook(
        "Title", [Sheet(name, "Title", (part,), has_letters)], notes, lang="en", is_synthetic=False
    )
    book = openpyxl.load_workbook(io.BytesIO(made))
    contents, page, last = book
    step, ends = 2 if has_letters else 1, []
    for k, place in enumerate((1, 1 + step)):
        column = openpyxl.utils.get_column_letter(1 + place if k else 2)
        ends.append(page.column_dimensions[column if column in page.column_dimensions else "B"].width)
    limits = next(
        c.value for row in page.iter_rows() for c in row if isinstance(c.value, str) and " – " in c.value
    )
    assert min(ends) >= len(f"{base:,.1f}") + 1 and min(ends) >= 0.85 * len(limits)
    assert contents.column_dimensions["A"].width >= len(name)
    assert not [k for k, row in last.row_dimensions.items() if row.height], (
        "Excel sets the height of wrapped words"
    )


_ENGLISH = (
    "Some rules treat due diligence itself as a breach, and asking partners about it can meet another. " * 4
)
_JAPANESE = (
    "中国の法令には、取引先調査そのものを違反とみなしうるものがある。取引先に尋ねる前に、弁護士に相談すること。"
    * 4
)


@pytest.mark.parametrize("text", [_ENGLISH, _JAPANESE])
def test_each_line_of_a_note_has_a_row_of_its_own(text: str) -> None:
    """LibreOffice sets no heights at opening: wrapped lines would lie over the next row."""
    notes = [
        ("Interval", text),
        ("", "short"),
        ("a_very_long_name_of_a_file_of_respondents.csv", "4c40d0540453"),
    ]
    made = make_workbook("Title", [], notes, lang="en", is_synthetic=True)
    page = openpyxl.load_workbook(io.BytesIO(made)).worksheets[-1]
    lines = [row for row in page.iter_rows() if row[1].value]
    assert len(lines) > 4 and not [c.coordinate for row in lines for c in row if c.alignment.wrap_text]
    told = [row[1].value for row in lines]
    assert "".join(told[:-2]).replace(" ", "") == text.replace(" ", "") and told[-2] == "short"
    wide = page.column_dimensions["B"].width
    assert all(sum(2 if ord(c) > 0x2E7F else 1 for c in line) <= wide for line in told)
    assert [row[0].value for row in lines if row[0].value] == ["Interval", notes[2][0]]
    assert page.column_dimensions["A"].width > len(notes[2][0])
    assert [row[1].alignment.indent for row in lines[:2]] == [0, 1], "a line that goes on is set in"


def test_a_row_of_a_long_label_is_as_high_as_its_lines() -> None:
    """Without a height of its own LibreOffice shows the first line alone."""
    label = "Strict rules of both countries on the export of what the firm makes there and sells elsewhere"
    head = Head("", "", "All", "", 50, 50.0, "")
    lines = tuple(Line(name, name, False, (Cell("share", 0.5, 0.4, 0.6, 0, ""),)) for name in ("Yes", label))
    sheet = Sheet("q", label * 2, (Part("answered", (head,), lines),), False)
    book = openpyxl.load_workbook(io.BytesIO(make_workbook("T", [sheet], [], lang="en", is_synthetic=False)))
    high = {row[0].value: book["q"].row_dimensions[row[0].row].height for row in book["q"].iter_rows()}
    assert round(high["Yes"]) == 16 and high[label] >= 2 * 14
    contents = {
        row[1].value: book.worksheets[0].row_dimensions[row[1].row].height
        for row in book.worksheets[0].iter_rows()
    }
    assert contents[label * 2] >= 2 * 14


@pytest.mark.parametrize(
    ("breaks", "ends"),
    [([1, 5, 2, 2, 2, 4], [10, 16]), ([1, 11, 1], [1, 12, 13]), ([1, 25, 3], [1, 12, 23, 29]), ([3], [3])],
)
def test_a_page_of_a_wide_table_ends_between_breaks(breaks: list[int], ends: list[int]) -> None:
    assert page_ends(breaks) == ends


@pytest.mark.parametrize("has_letters", [False, True])
def test_a_wide_sheet_prints_each_break_whole(has_letters: bool) -> None:
    """Fitted to so many pages, a program ends one where it pleases: inside the words of a head."""
    heads = [Head(by, "", f"Telecommunications {k}", "", 50, 50.0, "") for by in "abc" for k in range(7)]
    line = Line("Yes", "Yes", False, (Cell("share", 0.5, 0.4, 0.6, 0, ""),) * len(heads))
    sheet = Sheet("q", "Q", (Part("answered", tuple(heads), (line,)),), has_letters)
    made = make_workbook("T", [sheet], [], lang="en", is_synthetic=False)
    page = openpyxl.load_workbook(io.BytesIO(made))["q"]
    step = 2 if has_letters else 1
    assert [cut.id for cut in page.col_breaks.brk] == [1 + 7 * step, 1 + 14 * step]
    assert not page.sheet_properties.pageSetUpPr or not page.sheet_properties.pageSetUpPr.fitToPage
    wide = sum(found.width for name, found in page.column_dimensions.items() if name != "A") / 21
    across = 7 * (40 + 7 * wide * (21 if len(page.column_dimensions) < 5 else 1))
    assert 40 <= page.page_setup.scale <= 94 and page.page_setup.scale / 100 * across <= 940 * 1.01
    assert page.page_setup.paperSize == 9 and page.print_title_cols == "$A:$A"
    each = page.column_dimensions["B"].width + (page.column_dimensions["C"].width if has_letters else 0)
    assert each >= len("Telecommunications"), "a word of a head stays whole"
