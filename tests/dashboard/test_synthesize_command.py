"""The `synthesize` command: its page run as written, every published wave printed again from its `.sav`."""

import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.published.audit import audit_figures
from analysis.published.figures import read_figures
from analysis.published.gates import usual_gates
from analysis.published.rounding import RULES, printed_as
from dashboard.command import main
from survey import data_folder, read_wave

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "respondents-from-printed-figures.md"
SERIES = data_folder() / "reference" / "published" / "published_waves.csv"


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_page_is_true(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    figures, gates = _blocks("csv")
    Path("figures.csv").write_text(figures, encoding="utf-8")
    Path("gates.csv").write_text(gates, encoding="utf-8")
    make, fail = _blocks("sh")
    first, *rest = make.splitlines()
    assert main(shlex.split(first)[1:]) == 0
    said, refused = _blocks("text")
    assert capsys.readouterr().err == said
    assert [main(shlex.split(line)[1:]) for line in rest] == [0, 0]
    table = pd.read_csv("tables.csv", dtype=str, keep_default_na=False).set_index(["question", "option"])
    assert float(table.loc[("hit", "yes"), "estimate"]) * 80 == pytest.approx(67)
    assert float(table.loc[("hit_bulletin", "no"), "estimate"]) * 78 == pytest.approx(14)
    capsys.readouterr()
    assert main(shlex.split(fail)[1:]) == 2
    told = capsys.readouterr().err
    assert all(line in told for line in refused.splitlines())
    assert not Path("other.sav").exists()


@pytest.mark.parametrize("wave", ["2021", "2022", "2023", "2024"])
def test_each_wave_read_back_and_tabulated_prints_what_was_published(wave, tmp_path, capsys) -> None:
    out, study, tables = tmp_path / "w.sav", tmp_path / "study", tmp_path / "t.csv"
    assert main(["synthesize", str(SERIES), "--wave", wave, "--out", str(out)]) == 0
    assert main(["init", str(out), str(study)]) == 0
    assert main(["tables", str(study), "--rows", "all", "--out", str(tables)]) == 0
    made = pd.read_csv(tables, dtype=str, keep_default_na=False)
    made = made[made["by"] == ""].set_index(["question", "option"])
    audit = audit_figures(read_figures(SERIES, {"wave": wave}), usual_gates()).table
    used = audit[audit["feasible_bases"] != ""]
    assert len(used) >= 4
    for row in used.itertuples():
        q, o = row.question_id, row.option_id
        names = (f"{q}_{row.edition}", f"{q}_{o}", q)
        cell = next(made.loc[(name, o)] for name in names if (name, o) in made.index)
        base = int(cell["n"])
        count = round(float(cell["estimate"]) * base)
        assert float(cell["estimate"]) == pytest.approx(count / base, abs=1e-12)
        rules = [
            r for r in RULES if printed_as(count, base, len(row.printed.partition(".")[2]), r) == row.printed
        ]
        assert rules, (q, o, row.printed, count, base)
        assert row.rounding not in RULES or row.rounding in rules
        assert pd.isna(row.base) or base == row.base


def test_the_file_says_everywhere_that_it_is_made_up(tmp_path) -> None:
    out = tmp_path / "w.sav"
    assert main(["synthesize", str(SERIES), "--wave", "2022", "--seed", "4", "--out", str(out)]) == 0
    wave = read_wave(out)
    assert wave.notes["file_label"].startswith("SYNTHETIC DATA")
    text = wave.notes["documents"]
    assert "Seed 4." in text
    assert "Loadings side us: +0.60 +0.00 +0.10" in text
    assert "edits, 1 answer changed" in text
    for question in wave.codebook.questions:
        assert "[synthetic]" in question.label["en"]
        assert "［合成］" in question.label["ja"]
    again = tmp_path / "again.sav"
    assert main(["synthesize", str(SERIES), "--wave", "2022", "--seed", "4", "--out", str(again)]) == 0
    assert again.read_bytes() == out.read_bytes()


def test_more_firms_than_answered_stay_silent(tmp_path) -> None:
    out = tmp_path / "w.sav"
    assert main(["synthesize", str(SERIES), "--wave", "2023", "--firms", "95", "--out", str(out)]) == 0
    frame = read_wave(out).frame
    assert len(frame) == 95
    ticks = frame["main_challenge_taiwan_contingency"].to_numpy(dtype=float)
    assert (np.isin(ticks, (0, 1)).sum(), (ticks == 1).sum()) == (80, 44)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--wave", "2025"], "one of 2021, 2022, 2023, 2024"),
        (["--wave", "2022", "--firms", "60"], "no base up to 60"),
        (["--wave", "2022", "--firms", "0"], "--firms"),
        (["--wave", "2022", "--seed", "-1"], "--seed"),
        (["--wave", "2022", "--dependence", "none.toml"], "none.toml"),
    ],
)
def test_what_cannot_be_made_leaves_nothing_behind(words, said, tmp_path, capsys) -> None:
    out = tmp_path / "w.sav"
    assert main(["synthesize", str(SERIES), *words, "--out", str(out)]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_rows_that_are_no_percent_are_named_and_the_rest_is_made(tmp_path, capsys) -> None:
    file = tmp_path / "f.csv"
    file.write_text(
        "wave,question_id,option_id,value,base_n,multi_response\n"
        "1,q,a,150,20,yes\n1,q,b,55,20,yes\n2,q,a,x,,\n",
        encoding="utf-8",
    )
    assert main(["synthesize", str(file), "--wave", "1", "--out", str(tmp_path / "w.sav")]) == 1
    told = capsys.readouterr().err
    assert "row 1" in told
    assert "over 100" in told
    assert "row 3" not in told
    assert main(["synthesize", str(file), "--wave", "1", "--out", str(tmp_path / "w.csv")]) == 2
