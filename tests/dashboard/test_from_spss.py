"""docs/how-to/from-spss.md, run as written on the answers of the demonstration."""

import contextlib
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from dashboard.command import main

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "how-to" / "from-spss.md"


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copyfile(TOP / "data" / "demo" / "demo_2021.sav", tmp_path / "answers.sav")
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    said = ""
    ran = []
    page = PAGE.read_text(encoding="utf-8")
    for kind, block in re.findall(r"^```(\w*)\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        if kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(block, str(PAGE), "exec"), names)
            said = out.getvalue()
        elif kind == "text":
            assert said == block
        for line in block.splitlines() if not kind else []:
            if line.startswith("crosspressure "):
                words = shlex.split(line)[1:]
                assert main(words) in (0, 1), line
                ran.append(words[0])
    assert ran == ["init", "check", "tables", "export", "export", "export"]
    made = {"table.csv", "back.sav", "back.dta", "back.xml", "back.csv"}
    assert made <= {path.name for path in tmp_path.iterdir()}


def test_a_study_of_an_exported_synthetic_file_is_synthetic(tmp_path: Path) -> None:
    assert (
        main(["export", str(TOP / "data" / "demo"), "--format", "dta", "--out", str(tmp_path / "d.dta")]) == 1
    )
    assert main(["init", str(tmp_path / "d.dta"), str(tmp_path / "study"), "--id", "firm_id"]) in (0, 1)
    assert "synthetic = true" in (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")


def test_a_wrong_ending_or_format_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo = str(TOP / "data" / "demo")
    assert main(["export", demo, "--format", "sav", "--out", str(tmp_path / "a.xls")]) == 2
    assert main(["export", demo, "--format", "sov", "--out", str(tmp_path / "a.sav")]) == 2
    assert main(["export", str(tmp_path), "--format", "sav", "--out", str(tmp_path / "a.sav")]) == 2
    assert capsys.readouterr().err.count("do this:") == 3
    assert list(tmp_path.iterdir()) == []
