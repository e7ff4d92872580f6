"""Firms that put their answers together: what they know is taken off, and the others stay protected."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import attack_releases, read_release, read_several, write_release
from analysis.attack.joining import known_counts
from analysis.attack.knowing import Asked
from survey import Fault, load_study
from tests.analysis.attack.planting import rewrite
from tests.analysis.attack.small_world import draw_answers, write_world

MORE = 'by = ["sector"]'


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world with answers of six firms, which members see nothing of."""
    folder = tmp_path_factory.mktemp("joined")
    answers = draw_answers(90, 3)
    answers["sales"] = [1] * 6 + [2] * 24 + [3] * 20 + [4] * 25 + [5] * 15
    answers["f_a"] = [1] * 7 + [0] * 83
    write_release(write_world(folder / "study", 90, answers=answers, more=MORE), folder / "out")
    return folder


def coalition(released: Path, rows: list[int], tmp_path: Path) -> list[dict[str, tuple[str, ...]]]:
    """Answers of some firms, read from a file as the command reads it."""
    path = tmp_path / "known.csv"
    pd.read_csv(released / "study" / "w.csv", dtype=str).iloc[rows].to_csv(path, index=False)
    release = read_release(released / "out" / "members")
    return [dict(one.answers) for one in read_several(release, path)]


def test_what_a_coalition_knows_is_counted_as_by_hand() -> None:
    asked = {
        "q": Asked("q", True, ("1", "2", "3"), {"low": ("1", "2")}, ("", "")),
        "s": Asked("s", False, ("a", "b"), {}, ("", "")),
    }
    firms = [{"q": ("1",), "s": ("a", "b")}, {"q": ("2",), "s": ()}, {"q": ("3",)}]
    table = known_counts(firms, asked, ("q",)).set_index(["question", "by", "group", "option"])
    assert table.loc[("q", "", "", "low"), ["count", "n"]].tolist() == [2, 3]
    assert table.loc[("s", "", "", "a"), ["count", "n"]].tolist() == [1, 2]
    assert table.loc[("s", "q", "1", "b"), ["count", "n"]].tolist() == [1, 1]
    assert table.loc[("s", "q", "2", ""), ["count", "n"]].tolist() == [0, 1]
    assert ("s", "q", "3", "") not in table.index


def test_no_three_firms_learn_of_the_others(released: Path, tmp_path: Path) -> None:
    """Twelve threes at random, and the three that are rarest in their answers."""
    rng = np.random.default_rng(5)
    threes = [sorted(rng.choice(90, 3, replace=False).tolist()) for _ in range(12)] + [[0, 1, 2]]
    joined = [coalition(released, rows, tmp_path) for rows in threes]
    folders = [released / "out" / audience for audience in ("members", "public")]
    for one in ([folders[0]], folders):
        attack = attack_releases(one, ask=False, coalitions=joined)
        assert attack.broken.empty, attack.broken.to_string()
        assert "coalition" in attack.ways


def test_without_the_room_for_a_coalition_it_finds_the_others(released: Path, tmp_path: Path) -> None:
    """Members shown what the public may see: of six firms three know that three others said so."""
    folder = tmp_path / "members"
    shutil.copytree(released / "study", tmp_path / "study")
    text = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    text = text.replace('"members", ', "")  # for the public alone the floor is 5
    (tmp_path / "study" / "study.toml").write_text(text, encoding="utf-8")
    write_release(load_study(tmp_path / "study"), tmp_path / "out", ["public"])
    shutil.copytree(tmp_path / "out" / "public", folder)
    rewrite(folder, {}, {"audience": "members"})
    assert attack_releases([folder], ask=False).broken.empty
    joined = coalition(released, [0, 1, 2], tmp_path)
    broken = attack_releases([folder], ask=False, coalitions=[joined]).broken.set_index(
        ["question", "option"]
    )
    assert broken.loc[("sales", "1"), ["low", "high", "firms_high"]].tolist() == [3, 3, 87]
    assert broken.loc[("fears", "a"), ["low", "high"]].tolist() == [4, 4]
    assert set(broken["way"]) == {"coalition"}
    assert broken["how"].str.startswith("less the answers of 3 firms").all()


def test_a_file_that_is_no_answers_is_named(released: Path, tmp_path: Path) -> None:
    release = read_release(released / "out" / "members")
    path = tmp_path / "known.csv"
    path.write_text("firm,colour\na,red\n", encoding="utf-8")
    with pytest.raises(Fault, match="another codebook"):
        read_several(release, path)
    path.write_text("id,sales,acts\nA,1,1\nB,8,1\n", encoding="utf-8")
    with pytest.raises(Fault, match=r"row 2.*sales"):
        read_several(release, path)
