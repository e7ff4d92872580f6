"""The attack itself is tested: each protection switched off is found out, and nothing where all are on."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis import attack_releases, write_release
from tests.analysis.attack.enumerating import leaks, left_open
from tests.analysis.attack.planting import LEAKS
from tests.analysis.attack.small_world import draw_answers, write_world

MORE = 'by = ["sector"]'


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Releases of a world that has a cell for every protection."""
    folder = tmp_path_factory.mktemp("world")
    answers = draw_answers(70, 1)
    answers["sector"] = [1] * 32 + [2] * 28 + [3] * 7 + [4] * 3
    answers["sales"] = [1] * 3 + [2] * 6 + [3] * 30 + [4] * 21 + [5] * 10
    answers["acts"] = [1] * 7 + [2] * 63
    answers["how"] = [1, 1, 2, 2, 2, 3, 3] + [""] * 63
    answers["f_a"] = [1] * 67 + [0] * 3
    answers["f_b"] = [1] * 20 + [0] * 50
    answers["f_c"] = [0] * 70
    answers["chose"] = [1] * 3 + [0] * 67
    # some are silent, so that limits are not the share itself
    study = write_world(folder / "study", 70, answers=answers, more=MORE, population=80)
    write_release(study, folder / "out")
    return folder


def names_of(released: Path) -> list[str]:
    return pd.read_csv(released / "study" / "w.csv")["id"].tolist()


@pytest.mark.parametrize("audience", ["members", "public"])
def test_nothing_is_recovered_where_all_protections_are_on(released: Path, audience: str) -> None:
    attack = attack_releases([released / "out" / audience], names=names_of(released))
    assert attack.broken.empty, attack.broken.to_string()
    assert attack.counts()["open"] >= 10


@pytest.mark.parametrize("what", list(LEAKS))
def test_a_protection_switched_off_is_found_out(released: Path, tmp_path: Path, what: str) -> None:
    plant, way = LEAKS[what]
    folder = tmp_path / "members"
    shutil.copytree(released / "out" / "members", folder)
    plant(folder, released / "out" / "internal")
    attack = attack_releases([folder], names=names_of(released), ask=False)
    assert len(attack.broken), f"{what}: nothing found"
    assert not way or way in set(attack.broken["way"]), attack.broken.to_string()


@pytest.mark.parametrize("what", ["standard error", "limits", "effective number"])
def test_what_stands_beside_tells_what_every_combination_of_counts_leaves(
    released: Path, tmp_path: Path, what: str
) -> None:
    """All counts of a question that print the same rows, tried one by one, lie between the ends stated."""
    folder, internal = tmp_path / "members", released / "out" / "internal"
    shutil.copytree(released / "out" / "members", folder)
    LEAKS[what][0](folder, internal)
    table = attack_releases([folder], ask=False).table
    table = table[(table["by"] == "") & (table["way"] == "margins") & (table["verdict"] != "supposed")]
    exact = 0
    for question, rows in table.groupby("question", sort=False):
        left = left_open(folder, internal, str(question))
        assert left is not None
        for option, low, high in rows[["option", "low", "high"]].itertuples(index=False):
            counts = [x for _, x in left.get(option, ())]
            if counts:
                assert low <= min(counts), (question, option)
                assert max(counts) <= high, (question, option)
                exact += (low, high) == (min(counts), max(counts))
    assert leaks(folder, internal)
    assert exact >= 8


def test_a_census_has_no_errors_that_could_tell(tmp_path: Path) -> None:
    """Of 60 firms that all answered each error is 0: nothing is found, and there is nothing to find."""
    answers = draw_answers(60, 1).assign(
        acts=[1, 2] * 30, how=[1, ""] * 30, sector=[1] * 26 + [2] * 26 + [3] * 5 + [4] * 3
    )
    answers["sales"] = [1, 2, 3, 4, 5] * 12
    study = write_world(tmp_path / "study", 60, answers=answers)
    internal, members, _ = write_release(study, tmp_path / "out")
    LEAKS["standard error"][0](members, internal)
    assert not leaks(members, internal)
    assert attack_releases([members], ask=False).broken.empty
