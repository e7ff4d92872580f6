"""Groups that members and the public see: all tables of a question are safe together, and gates hold."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.attack.attacking import attack_releases
from analysis.release.settings import release_settings
from analysis.release.tables import internal_tables, protected_tables
from analysis.release.write import write_release
from survey import StudyFault, load_study, weigh_source
from tests.benchmarks.attack import false_ends

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


def shown_of(folder: Path, floor: int = 5) -> pd.DataFrame:
    """Estimates as an audience of this floor sees them."""
    study = load_study(folder)
    wave, _ = weigh_source(study)
    settings = release_settings(study, wave)
    estimates = internal_tables(wave, study.design, settings.by)
    return protected_tables(estimates, wave, floor, settings.open_by)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_left_of_any_total_is_none_or_the_floor(tmp_path: Path, seed: int) -> None:
    folder = study_of(tmp_path / "study", seed, 240)
    table = shown_of(folder)
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
    table = shown_of(folder)
    gate = table[(table["question"] == "view") & (table["by"] != "")]
    deep = table[(table["question"] == "deep") & (table["by"] != "")]
    for by, rows in gate.groupby("by"):
        if rows["estimate"].isna().any():
            assert deep[deep["by"] == by]["estimate"].isna().all()
    assert deep["estimate"].isna().all()


def test_without_open_breaks_there_are_no_groups(tmp_path: Path) -> None:
    folder = study_of(tmp_path / "study", 1, 80, "")
    assert set(shown_of(folder)["by"]) == {""}


@pytest.mark.parametrize(
    ("more", "says"), [('open_by = ["view"]', "one of `by`"), ('open_by = ["kinds"]', "several")]
)
def test_breaks_that_cannot_be_opened_are_named(tmp_path: Path, more: str, says: str) -> None:
    folder = study_of(tmp_path / "study", 1, 40, more)
    with pytest.raises(StudyFault, match=says):
        shown_of(folder)


def test_a_group_its_own_table_hides_is_hidden_in_every_table(tmp_path: Path) -> None:
    """Else the number of firms printed beside another question would give it away."""
    folder = study_of(tmp_path / "study", 5, 50)
    table = pd.read_csv(folder / "s.csv")
    table["sector"] = [1] * 24 + [2] * 14 + [3] * 9 + [4] * 3
    table.to_csv(folder / "s.csv", index=False)
    shown = shown_of(folder)
    own = shown[(shown["question"] == "sector") & (shown["by"] == "")]
    hidden = {"1", "2", "3", "4"} - set(own[own["estimate"].notna()]["option"])
    assert {"3", "4"} <= hidden
    other = shown[(shown["by"] == "sector") & shown["estimate"].notna()]
    assert len(other) > 0
    assert not hidden & set(other["group"])


@pytest.mark.parametrize(("seed", "firms"), [(1, 240), (3, 120)])
def test_groups_go_out_and_withstand(tmp_path: Path, seed: int, firms: int) -> None:
    """Firms of no size and words of no questionnaire once made the attack say what is not so."""
    folder = study_of(tmp_path / "study", seed, firms)
    internal, members, public = write_release(load_study(folder), tmp_path / "out")
    attack = attack_releases([members, public], ask=False)
    assert attack.broken.empty, attack.broken.to_string()
    assert all(false_ends(attack.table, internal, is_supposed=one).empty for one in (False, True))


def test_a_break_that_is_a_gate_too(tmp_path: Path) -> None:
    more = 'by = ["view", "sector"]\nopen_by = ["view", "sector"]'
    folder = study_of(tmp_path / "study", 1, 80, more)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(
        text.replace('by = ["sector", "size", "kinds"]\n', ""), encoding="utf-8"
    )
    assert {"view", "sector"} <= set(shown_of(folder)["by"])
