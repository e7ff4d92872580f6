"""Releases whose counts are rounded or moved: all that is printed follows from the changed count alone."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.attack.attacking import attack_releases
from analysis.disclosure.changing import changing_for
from analysis.release.changed import changed_tables
from analysis.release.read import read_release
from analysis.release.tables import internal_tables
from analysis.release.write import write_release
from survey import Fault, Study, load_study, weigh_source
from tests.analysis.attack.planting import rewrite
from tests.analysis.attack.small_world import write_world

SECRET = "0123456789abcdefxyz"


def study_of(folder: Path, way: str, firms: int = 100, more: str = "", seed: int = 1) -> Study:
    """A made-up survey whose members and public see changed counts."""
    lines = f'private = "../private.toml"\n[release.members]\nprotect = "{way}"\n'
    write_world(folder / "s", firms, seed, more=f'{more}\n{lines}[release.public]\nprotect = "{way}"\n')
    (folder / "private.toml").write_text(f'p = 12\nsecret = "{SECRET}"\n', encoding="utf-8")
    return load_study(folder / "s")


def changed_of(study: Study, way: str, secret: str = SECRET) -> tuple[pd.DataFrame, pd.DataFrame]:
    wave, _ = weigh_source(study)
    true = internal_tables(wave, study.design, ())
    ids = tuple(wave.frame["id"].astype(str))
    changing = changing_for(way, 8)
    assert changing is not None
    return true, changed_tables(true, wave, study.design, ids, changing, secret, 8)


@pytest.mark.parametrize("way", ["round", "cell-key"])
def test_the_release_withstands_is_alike_for_both_audiences_and_repeats(tmp_path: Path, way: str) -> None:
    study = study_of(tmp_path, way, 40)
    members, public = write_release(study, tmp_path / "out", ["members", "public"])
    one, two = (read_release(folder).table("estimates") for folder in (members, public))
    pd.testing.assert_frame_equal(one, two)
    said = read_release(members).manifest["disclosure"]
    assert said["protect"] == way
    assert said["reach"] == (9 if way == "round" else 8)
    shown = one[one["estimate"].notna()]
    count = shown["estimate"] * shown["n"]
    assert np.allclose(count, count.round())
    if way == "round":
        assert (count.round() % 9 == 0).all()
        assert ((shown["n"] % 9 == 0) | (shown["n"] == 40)).all()
    text = b"".join(path.read_bytes() for folder in (members, public) for path in folder.iterdir())
    assert SECRET.encode() not in text
    assert not len(attack_releases([members, public]).broken)


@pytest.mark.parametrize("way", ["round", "cell-key"])
def test_nothing_beside_a_changed_count_is_worked_out_from_the_true_one(tmp_path: Path, way: str) -> None:
    _, table = changed_of(study_of(tmp_path, way), way)
    shown = table[table["estimate"].notna()]
    # the same printed count of the same printed number of firms: every number beside it is the same
    beside = ["se", "low", "high", "df", "n_eff", "base", "method", "flag", "letters"]
    alike = shown[shown["question"] != "how"].assign(count=(shown["estimate"] * shown["n"]).round())
    found = alike.groupby(["n", "count"])[beside].nunique(dropna=False)
    assert (found == 1).all().all()
    assert shown[["deff", "p"]].isna().all().all()
    assert set(shown["letters"]) == {""}


@pytest.mark.parametrize("way", ["round", "cell-key"])
def test_limits_hold_the_share_that_was_true(tmp_path: Path, way: str) -> None:
    held, many = 0, 0
    for seed in range(4):
        study = study_of(tmp_path / f"{seed}", way, 100, seed=seed)
        true, table = changed_of(study, way, SECRET + str(seed))
        key = ["question", "option"]
        truth = true[(true["base_rule"] == "answered") & (true["by"] == "")].set_index(key)["estimate"]
        shown = table[table["estimate"].notna()].set_index(key)
        known = truth.reindex(shown.index)
        held += int(((shown["low"] <= known + 1e-9) & (known <= shown["high"] + 1e-9)).sum())
        many += len(shown)
    assert many > 50
    assert held / many >= 0.95


def test_the_same_firms_are_changed_alike_whatever_else_changes(tmp_path: Path) -> None:
    study = study_of(tmp_path, "cell-key")
    _, first = changed_of(study, "cell-key")
    _, again = changed_of(study, "cell-key")
    pd.testing.assert_frame_equal(first, again)
    _, other = changed_of(study, "cell-key", SECRET + "!")
    assert not first["estimate"].equals(other["estimate"])


def test_a_contrast_is_the_difference_of_what_is_shown(tmp_path: Path) -> None:
    (members,) = write_release(study_of(tmp_path, "round", 60), tmp_path / "out", ["members"])
    release = read_release(members)
    estimates = release.table("estimates").set_index(["question", "option"])["estimate"]
    row = release.table("claims").set_index("claim").loc["contrast:fears:a:b"]
    assert row["estimate"] == pytest.approx(estimates["fears", "a"] - estimates["fears", "b"])
    assert row["low"] < row["estimate"] < row["high"]
    assert row["method"] == "counts changed"


def test_a_true_count_beside_changed_ones_is_found_out(tmp_path: Path) -> None:
    """Change switched off in the bytes, with the manifest honest about it: the attack reads it again."""
    study = study_of(tmp_path, "round", 60)
    internal, members = write_release(study, tmp_path / "out", ["internal", "members"])
    true = read_release(internal).table("estimates")
    true = true[(true["base_rule"] == "answered") & (true["by"] == "") & (true["stat"] == "share")]
    manifest = dict(read_release(members).manifest)
    manifest["disclosure"] = {
        k: v for k, v in manifest["disclosure"].items() if k not in ("protect", "reach")
    }
    rewrite(members, {"estimates": true.reset_index(drop=True)}, manifest)
    assert len(attack_releases([members]).broken)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('[release.members]\nprotect = "round"\n[release.public]\nprotect = "suppress"\n', "contradict"),
        ('[release.members]\nprotect = "blur"\n', "blur"),
        ('[release.members]\nprotect = "round"\n[release.public]\nprotect = "round"\n', "secret"),
        ("[release.public]\nfloor = 5\n", "reason"),
        ('[release.public]\nfloor = 4\nreason = "why"\n', "minimum_frequency"),
        ("[release.public]\nfloors = 9\n", "floors"),
        ("[release.members]\nfloor = 6\n", "reason"),
    ],
)
def test_what_contradicts_is_named_and_nothing_is_written(tmp_path: Path, more: str, says: str) -> None:
    study = write_world(tmp_path / "s", 40, more=more)
    with pytest.raises(Fault) as fault:
        write_release(study, tmp_path / "out")
    assert says in str(fault.value)
    assert not (tmp_path / "out").exists()


def test_a_weighted_share_has_no_count_to_change(tmp_path: Path) -> None:
    study = study_of(tmp_path, "round", 60)
    path = tmp_path / "s" / "study.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('id = "id"', 'id = "id"\nstrata = ["sector"]', 1), encoding="utf-8")
    with pytest.raises(Fault, match="no count to change"):
        write_release(load_study(study.folder), tmp_path / "out")


def test_public_readers_may_be_members(tmp_path: Path) -> None:
    """Members read the public Release: its floor is theirs, unless the study says why not."""
    write_world(tmp_path / "a", 60)
    for more, floor in (("", 8), ('[release.public]\nfloor = 5\nreason = "printed before"\n', 5)):
        study = write_world(tmp_path / f"s{floor}", 60, more=more)
        (public,) = write_release(study, tmp_path / f"out{floor}", ["public"])
        assert read_release(public).manifest["disclosure"]["floor"] == floor
