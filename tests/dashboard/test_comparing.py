"""`change`, `--target` and `--stat crosstab` from the command line."""

import io
import json

import pandas as pd
import pytest

from analysis import CHANGE_COLUMNS
from dashboard.command import main

CODEBOOK = """schema = 1
[questions.y]
kind = "single"
choices = [{{ code = "1" }}, {{ code = "2" }}]
[questions.size]
kind = "number"
{more}
"""


@pytest.fixture
def study(tmp_path):
    """Three waves of forty firms; ten left after each, ten came; `size` breaks in the third."""
    folder = tmp_path / "mystudy"
    folder.mkdir()
    waves = ""
    for place, name in enumerate(("a", "b", "c")):
        firms = [f"F{i}" for i in range(10 * place, 10 * place + 40)]
        y = [1 + (i + place) % (2 + place) % 2 for i in range(40)]
        size = [i % 7 + place for i in range(40)]
        pd.DataFrame({"firm": firms, "y": y, "size": size}).to_csv(folder / f"{name}.csv", index=False)
        more = 'break = { en = "group" }' if name == "c" else ""
        (folder / f"{name}.toml").write_text(CODEBOOK.format(more=more))
        waves += f'[[waves]]\nname = "{name}"\nfile = "{name}.csv"\ncodebook = "{name}.toml"\n'
    (folder / "study.toml").write_text(f'schema = 1\nid = "three"\n{waves}[design]\nid = "firm"\n')
    return folder


def test_change_prints_a_table_and_says_what_it_rests_on(study, capsys):
    assert main(["change", str(study), "--waves", "a,b"]) == 0
    said = capsys.readouterr()
    table = pd.read_csv(io.StringIO(said.out))
    assert tuple(table.columns) == CHANGE_COLUMNS
    assert "a and b: 30 firms gave an answer in both waves" in said.err
    assert "Target: firms like these" in said.err
    assert table["compared"].tolist() == ["panel", "all"] * 3
    assert set(table["overlap"]) == {30} and set(table["method"]) == {"paired score", "hybrid score", "t"}


def test_a_break_is_left_out_refused_or_marked(study, tmp_path, capsys):
    assert main(["change", str(study), "--waves", "b,c"]) == 1
    said = capsys.readouterr()
    assert "group" in said.err and "size" not in set(pd.read_csv(io.StringIO(said.out))["concept"])
    assert main(["change", str(study), "--waves", "a,c", "--of", "size"]) == 2
    assert "--across-breaks" in capsys.readouterr().err
    out = tmp_path / "change.json"
    words = ["change", str(study), "--waves", "a,b,c", "--of", "size", "--across-breaks", "--out", str(out)]
    assert main([*words, "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    rows = json.loads(out.read_text())
    assert [(r["earlier"], r["later"], r["why"]) for r in rows[::2]] == [
        ("a", "b", ""),
        ("b", "c", "c: group"),
    ]


def test_a_trend_has_a_row_for_each_wave(study, capsys):
    assert main(["change", str(study), "--waves", "a,b,c", "--of", "y", "--trend"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype={"option": str})
    assert list(zip(table["wave"], table["option"], strict=True)) == [(w, o) for w in "abc" for o in "12"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--waves", "a"], "two different waves"),
        (["--waves", "a,a"], "two different waves"),
        (["--waves", "b,a"], "the earlier first"),
        (["--waves", "a,z"], "no such wave"),
        (["--waves", "a,b", "--of", "z"], "no such question or concept"),
        (["--waves", "a,b", "--trend"], "add --of"),
        (["--waves", "a,b", "--target", "firms"], "population = [100]"),
    ],
)
def test_what_is_wrong_is_said_in_four_parts_and_nothing_is_written(study, tmp_path, capsys, words, said):
    out = tmp_path / "out.csv"
    assert main(["change", str(study), *words, "--out", str(out)]) == 2
    heard = capsys.readouterr().err
    assert said in heard and all(part in heard for part in ("where:", "found:", "expected:", "do this:"))
    assert not out.exists()


def test_crosstab_needs_one_question_to_cross(study, capsys):
    assert main(["estimate", str(study), "--stat", "crosstab", "--of", "y"]) == 2
    assert "--by" in capsys.readouterr().err
    assert main(["estimate", str(study), "--stat", "crosstab", "--of", "y", "--by", "size"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert table["method"].tolist()[:2] == ["rao-scott F", "rao-scott chi-squared"]
    assert table["p"].notna().sum() == 2 and len(table) == 2 + 2 * 7
    assert table["estimate"].iloc[2:].sum() == pytest.approx(1.0)


def test_the_target_is_said_and_changes_the_interval(capsys):
    widths = {}
    for target in ("firms", "mechanism"):
        words = ["estimate", "data/demo", "--stat", "share", "--of", "had_to_choose", "--target", target]
        assert main(words) == 0
        said = capsys.readouterr()
        row = pd.read_csv(io.StringIO(said.out)).iloc[0]
        widths[target] = row["high"] - row["low"]
        assert said.err.startswith("Target: these firms") is (target == "firms")
    assert widths["mechanism"] > 5 * widths["firms"]
