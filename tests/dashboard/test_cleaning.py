"""`clean` and `replay` from the command line: files, bytes, findings and faults."""

import hashlib
import json
from pathlib import Path

import pytest

from dashboard.command import main
from dashboard.command.ledger_words import LEDGER_WORDS
from survey import CLEANING_RULES, REASONS, STEP_RULES, WEIGHT_METHODS, data_folder

STUDY = """schema = 1
id = "small"
title = { en = "Small <study>", ja = "小さな調査" }
[[waves]]
name = "2021"
file = "answers.csv"
codebook = "codebook.toml"
[design]
id = "firm"
[[clean]]
rule = "correct"
reason = "the firm was called"
who = "K. Sato"
firm = "b"
question = "sales"
before = 2000
value = 20
[[clean]]
rule = "drop"
reason = "a test <entry>"
firms = ["d"]
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "answers.csv").write_text(
        "firm,sales,who\na,10,=cmd\nb,2000, x\nc,,y\nd,1,z\n", encoding="utf-8"
    )
    (folder / "codebook.toml").write_text(
        'schema = 1\n[questions.sales]\nkind = "number"\n', encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("suffix", [".json", ".csv", ".html"])
def test_replay_gives_the_same_bytes(study: Path, tmp_path: Path, suffix: str) -> None:
    before = {p.name: p.read_bytes() for p in study.iterdir()}
    out = tmp_path / f"ledger{suffix}"
    assert main(["clean", str(study), "--out", str(out), "--quiet"]) == 0
    assert main(["replay", str(out), "--out", str(tmp_path / "again.csv"), "--quiet"]) == 0
    again = (tmp_path / "again.csv").read_bytes()
    assert again == (tmp_path / "ledger.answers.csv").read_bytes()
    assert again.decode() == "firm,sales,who\na,10,=cmd\nb,20,x\nc,,y\n"
    assert hashlib.sha256(again).hexdigest() in (tmp_path / "ledger.json").read_text(encoding="utf-8")
    book = (tmp_path / "again.codebook.toml").read_bytes()
    assert book == (tmp_path / "ledger.answers.codebook.toml").read_bytes() and b"sales" in book
    assert {p.name: p.read_bytes() for p in study.iterdir()} == before, "the study is untouched"


def test_the_page_can_be_read_on_paper(study: Path, tmp_path: Path) -> None:
    main(["clean", str(study), "--out", str(tmp_path / "l.html"), "--quiet"])
    page = (tmp_path / "l.html").read_text(encoding="utf-8")
    for text in (
        "@page",
        "回答データの修正記録",
        "K. Sato",
        "2000",
        "the firm was called",
        "確認者",
        "小さな調査",
    ):
        assert text in page
    assert "a test &lt;entry&gt;" in page and "<entry>" not in page and "<script" not in page
    assert "http" not in page


def test_a_dry_run_writes_nothing_and_shows_no_answer(study: Path, tmp_path: Path, capsys) -> None:
    there = sorted(tmp_path.rglob("*"))
    assert main(["clean", str(study), "--dry-run", "--out", str(tmp_path / "l.json")]) == 0
    out = capsys.readouterr().out.splitlines()
    assert (
        out[0] == "rule,column,cells,missing,reason,who"
        and "correct,sales,1,,the firm was called,K. Sato" in out
    )
    assert sorted(tmp_path.rglob("*")) == there and "2000" not in "".join(out)


def test_an_edited_ledger_or_file_stops(study: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "l.json"
    main(["clean", str(study), "--out", str(out), "--quiet"])
    table = json.loads(out.read_text(encoding="utf-8"))
    table["changes"][1]["after"] = [30]
    out.write_text(json.dumps(table), encoding="utf-8")
    assert main(["replay", str(out), "--out", str(tmp_path / "again.csv")]) == 2
    assert "other answers" in capsys.readouterr().err
    main(["clean", str(study), "--out", str(out), "--quiet"])
    (study / "answers.csv").write_text("firm,sales,who\na,10,x\n", encoding="utf-8")
    assert main(["replay", str(out), "--out", str(tmp_path / "again.csv")]) == 2
    assert "checksum" in capsys.readouterr().err and not (tmp_path / "again.csv").exists()
    assert main(["replay", str(tmp_path / "none.json")]) == 2


def test_the_demonstration_replays(tmp_path: Path, capsys) -> None:
    assert main(["clean", str(data_folder() / "demo"), "--out", str(tmp_path / "l.html"), "--quiet"]) == 0
    page = (tmp_path / "l.html").read_text(encoding="utf-8")
    assert "合成企業007␣</td>" in page, "a space that was taken off can be seen"
    assert "合成企業０２３" in page and "maker of the demonstration" in page and "trim_text" in page
    assert main(["replay", str(tmp_path / "l.json"), "--quiet"]) == 0
    out = capsys.readouterr().out
    assert out == (tmp_path / "l.answers.csv").read_text(encoding="utf-8")
    assert out.splitlines()[1].endswith("synthetic respondents") and len(out.splitlines()) == 101


MARGINS = """margin,category,total,source,date,wave
size,s,30,Register <a>,2020,2020
size,l,10,Register <a>,2020,2020
"""


def test_one_wave_its_weights_and_meanings_on_paper(study: Path, tmp_path: Path, capsys) -> None:
    first = '[[waves]]\nname = "2020"\nfile = "first.csv"\n'
    rules = (
        '[weights]\nmargins = "m.csv"\n[[clean]]\nrule = "harmonise_country"\nquestion = "land"\n'
        'reason = "typed by hand"\nwaves = ["2020"]\n'
    )
    text = STUDY.replace("[[waves]]", first + "[[waves]]", 1)
    text = text.replace('rule = "correct"', 'rule = "correct"\nwaves = ["2021"]')
    text = text.replace('rule = "drop"', 'rule = "drop"\nwaves = ["2021"]') + rules
    (study / "study.toml").write_text(text, encoding="utf-8")
    (study / "first.csv").write_text(
        "firm,size,land\na,s,Japan\nb,s,日本\nc,l,Japan\nd,l,Viet Nam\n", encoding="utf-8"
    )
    (study / "m.csv").write_text(MARGINS, encoding="utf-8")
    out = tmp_path / "l.html"
    assert main(["clean", str(study), "--wave", "2020", "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert "wave 2020: 1 change of 4 cells; 4 rows read, 4 left" in said
    assert "the codebook says something else of: land" in said
    assert "weights (raking to size): from 5 to 15, design effect 1.250" in said
    page = out.read_text(encoding="utf-8")
    for text in (
        "レイキング",
        "Register &lt;a&gt;, 2020",
        "JP Japan / 日本",
        "各企業を1とする",
        "weights.margins",
        "3.2 (4)",
    ):
        assert text in page, text
    assert 'id="step-2"' not in page, "the weight of each firm is not printed"
    margins = (tmp_path / "l.margins.csv").read_text().splitlines()
    assert margins[0] == "margin,category,firms,wanted,before,after,source,date"
    assert margins[1].startswith("size,s,2,30.0,20.0,")
    assert main(["replay", str(out), "--out", str(tmp_path / "again.csv")]) == 0
    assert "byte for byte" in capsys.readouterr().err
    again = (tmp_path / "again.csv").read_bytes()
    assert again == (tmp_path / "l.answers.csv").read_bytes()
    assert again.decode().splitlines()[:2] == ["firm,size,land,weight", "a,s,JP,15"]
    assert main(["clean", str(study), "--wave", "2019"]) == 2
    assert "one of: 2020, 2021" in capsys.readouterr().err


def test_every_rule_reason_and_method_has_words_in_both_languages() -> None:
    needed = {*CLEANING_RULES, *STEP_RULES, *REASONS, *WEIGHT_METHODS}
    needed |= {f"weights.{step}" for step in ("base", "response", "margins", "trim")}
    assert not needed - set(LEDGER_WORDS)
    for english, japanese in LEDGER_WORDS.values():
        assert english and japanese and not japanese.isascii()
