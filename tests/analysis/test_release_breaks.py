"""Groups that members and the public see: all tables of a question are safe together, and gates hold."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import read_release, write_release
from survey import StudyFault, load_study

CODEBOOK = """
schema = 1
[questions.sector]
kind = "single"
[questions.size]
kind = "single"
[questions.view]
kind = "single"
nets = { some = ["1", "2"] }
[questions.kinds]
kind = "multiple"
columns = ["a", "b", "c"]
counted = "1"
[questions.deep]
kind = "single"
asked_if = "view == 1"
"""


def study_of(folder: Path, seed: int, firms: int, more: str = 'open_by = ["sector", "size"]') -> Path:
    """A study of made-up answers with two breaks."""
    rng = np.random.default_rng(seed)
    view = rng.choice([1, 2, 3, 4], p=[0.5, 0.2, 0.25, 0.05], size=firms)
    table = pd.DataFrame(
        {
            "sector": rng.choice([1, 2, 3, 4], p=[0.4, 0.3, 0.2, 0.1], size=firms),
            "size": pd.array(rng.choice([1, 2, 3], size=firms), dtype="Int64"),
            "view": view,
            **{name: rng.integers(0, 2, firms) for name in "abc"},
            "deep": pd.array(np.where(view == 1, rng.integers(1, 3, firms), 0), dtype="Int64"),
        }
    )
    table.loc[table["deep"] == 0, "deep"] = pd.NA
    table.loc[rng.random(firms) < 0.1, "size"] = pd.NA
    folder.mkdir(parents=True)
    table.to_csv(folder / "s.csv", index=False)
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "study.toml").write_text(
        'schema = 1\nid = "b"\n[[waves]]\nname = "1"\nfile = "s.csv"\ncodebook = "codebook.toml"\n'
        f'[release]\nby = ["sector", "size", "kinds"]\n{more}\n',
        encoding="utf-8",
    )
    return folder


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_left_of_any_total_is_none_or_the_floor(tmp_path: Path, seed: int) -> None:
    folder = study_of(tmp_path / "study", seed, 240)
    write_release(load_study(folder), tmp_path / "out", ["public"])
    release = read_release(tmp_path / "out" / "public")
    assert release.manifest["by"] == ["sector", "size"]
    table = release.table("estimates")
    assert set(table["by"]) == {"", "sector", "size"}
    count = (table["estimate"] * table["n"]).round(9)
    shown = count.notna()
    assert (count[shown] >= 5).all()
    assert (table["n"][shown] - count[shown] >= 5).all()
    assert (table["n"][shown] >= 10).all()
    cells = dict(
        zip(zip(*(table[c] for c in ("question", "by", "group", "option")), strict=True), count, strict=True)
    )
    seen = 0
    for question, by in product(("view", "kinds", "deep"), ("sector", "size")):
        rows = table[(table["question"] == question) & (table["by"] == by)]
        for option in set(rows["option"]):
            total = cells.get((question, "", "", option), np.nan)
            parts = [cells.get((question, by, group, option), np.nan) for group in sorted(set(rows["group"]))]
            if np.isnan(total) or not np.isnan(parts).any():
                continue
            left = total - np.nansum(parts)
            # groups that are hidden, and firms in none, share what is left
            assert np.isnan(parts).sum() + (by == "size") >= 2
            assert left >= 5
            seen += 1
    assert shown[table["by"] != ""].sum() > 20
    assert seen > 0 or seed != 1


def test_a_break_hides_a_follow_up_whose_gate_is_hidden_there(tmp_path: Path) -> None:
    folder = study_of(tmp_path / "study", 3, 120)
    write_release(load_study(folder), tmp_path / "out", ["public"])
    table = read_release(tmp_path / "out" / "public").table("estimates")
    gate = table[(table["question"] == "view") & (table["by"] != "")]
    deep = table[(table["question"] == "deep") & (table["by"] != "")]
    for by, rows in gate.groupby("by"):
        if rows["estimate"].isna().any():
            assert deep[deep["by"] == by]["estimate"].isna().all()
    assert deep["estimate"].isna().all()


def test_without_open_breaks_there_are_no_groups(tmp_path: Path) -> None:
    folder = study_of(tmp_path / "study", 1, 80, "")
    write_release(load_study(folder), tmp_path / "out", ["public"])
    assert set(read_release(tmp_path / "out" / "public").table("estimates")["by"]) == {""}


@pytest.mark.parametrize(
    ("more", "says"), [('open_by = ["view"]', "one of `by`"), ('open_by = ["kinds"]', "several")]
)
def test_breaks_that_cannot_be_opened_are_named(tmp_path: Path, more: str, says: str) -> None:
    folder = study_of(tmp_path / "study", 1, 40, more)
    with pytest.raises(StudyFault, match=says):
        write_release(load_study(folder), tmp_path / "out", ["public"])
    assert not (tmp_path / "out").exists()
