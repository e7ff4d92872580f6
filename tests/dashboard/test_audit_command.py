"""The `audit` command: docs/how-to/is-this-figure-possible.md run as written, its report in two languages."""

import io
import re
import shlex
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from dashboard.command import main
from dashboard.command.printing import find_browser
from survey import data_folder

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "is-this-figure-possible.md"
SERIES = data_folder() / "reference" / "published" / "published_waves.csv"


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


class _Cells(HTMLParser):
    """Checks that tags close in order, and keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def test_the_page_is_true(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    figures, gates = _blocks("csv")
    Path("figures.csv").write_text(figures, encoding="utf-8")
    Path("gates.csv").write_text(gates, encoding="utf-8")
    (lines,) = _blocks("sh")
    assert [main(shlex.split(line)[1:]) for line in lines.splitlines()] == [1, 1]
    (stated,) = (pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False) for text in _blocks("text"))
    made = pd.read_csv("audit.csv", dtype=str, keep_default_na=False)[list(stated)]
    pd.testing.assert_frame_equal(made, stated)
    assert "3 / 8" in Path("audit.html").read_text(encoding="utf-8")
    assert "figures do not fit" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "misprint"), ("ja", "誤植"), ("ja", "米国の規制強化によるコスト増")]
)
def test_the_report_reads_in_both_languages(tmp_path, lang: str, words: str) -> None:
    out = tmp_path / "audit.html"
    assert main(["audit", str(SERIES), "--lang", lang, "--out", str(out), "--quiet"]) == 1
    page = out.read_text(encoding="utf-8")
    seen = _Cells()
    seen.feed(page)
    text = " ".join(seen.text)
    assert not seen.open and words in text and "44 / 74" in text and "http" not in page
    assert not re.search(r"\{\w+\}|<NA>|\bnan\b|None", text)


@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge on this machine")
def test_the_report_prints(tmp_path) -> None:
    out = tmp_path / "audit.pdf"
    (tmp_path / "f.csv").write_text("wave,question_id,option_id,value\n2021,q,a,12.5\n", encoding="utf-8")
    assert main(["audit", str(tmp_path / "f.csv"), "--out", str(out), "--quiet"]) == 0
    head = out.read_bytes()
    assert head.startswith(b"%PDF") and b"/MarkInfo" in head


def test_without_a_browser_the_message_says_what_to_do(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("dashboard.command.printing.shutil.which", lambda name: None)
    out = tmp_path / "audit.pdf"
    assert main(["audit", str(SERIES), "--out", str(out)]) == 2
    assert "CROSSPRESSURE_BROWSER" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_bounds_that_make_no_sense_are_refused(capsys) -> None:
    assert main(["audit", str(SERIES), "--least", "0"]) == 2
    assert "--least" in capsys.readouterr().err


@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge on this machine")
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_head_of_a_question_stands_alone_at_the_foot_of_a_page(tmp_path, lang: str) -> None:
    out = tmp_path / "audit.pdf"
    assert main(["audit", str(SERIES), "--lang", lang, "--out", str(out), "--quiet"]) == 1
    pages = [page.extract_text() for page in PdfReader(out).pages]
    assert len(pages) > 5
    head = re.compile(r"^20\d\d · .* · .*_?[a-z_]+$")
    lines = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    assert sum(bool(head.match(line)) for page in lines for line in page) > 40
    feet = [
        [line for line in page if not re.match(r"^\d+ / \d+$|.*published_waves\.csv$", line)]
        for page in lines
    ]
    assert not [page[-1] for page in feet if head.match(page[-1])]


@pytest.mark.parametrize(
    ("lang", "reason"), [("en", "Russia and Taiwan"), ("ja", "ロシア・台湾に関する選択肢を追加")]
)
def test_the_report_says_answers_in_words_and_no_folder(tmp_path, lang: str, reason: str) -> None:
    out = tmp_path / "audit.html"
    assert main(["audit", str(SERIES), "--lang", lang, "--out", str(out), "--quiet"]) == 1
    page = out.read_text(encoding="utf-8")
    seen = _Cells()
    seen.feed(page)
    text = " ".join(seen.text)
    changes = page[page.index('class="changes"') :]
    assert reason in changes and str(SERIES.parent) not in text
    assert {"en": "tighter information management", "ja": "情報管理の強化"}[lang] in changes
    assert "(-" not in text and "−" in text


@pytest.mark.parametrize(("lang", "above"), [("en", "as above"), ("ja", "同上")])
def test_a_remark_of_several_answers_of_a_question_is_said_once(tmp_path, lang: str, above: str) -> None:
    """Eight lines of the same words under each answer hid what differs."""
    out, table = tmp_path / "report.html", tmp_path / "audit.csv"
    gates = SERIES.with_name("gates.csv")
    for path in (out, table):
        main(["audit", str(SERIES), "--gates", str(gates), "--lang", lang, "--out", str(path), "--quiet"])
    text = out.read_text(encoding="utf-8")
    (figures,) = re.findall(r'<table class="figures".*?</table>', text, re.DOTALL)
    questions = re.split(r'scope="rowgroup"', figures)[1:]
    assert sum(question.count(above) for question in questions) >= 10
    for question in questions:
        told = [
            re.sub(r'<span class="flag">.*?</span>', "", r)
            for r in re.findall(r"<td>.*?</td></tr>", question)
        ]
        told = [one.rsplit("<td>", 1)[-1].removesuffix("</td></tr>") for one in told]
        pairs = [(a, b) for a, b in pairwise(told) if b]
        assert all(a != b or b == above for a, b in pairs), "words said twice in a row"
        assert not told or told[0] != above, "what is above stands under the same question"
    flagged = pd.read_csv(table, keep_default_na=False)["flag"].ne("").sum()
    assert figures.count('class="flag"') == flagged, "each row keeps its flag"
