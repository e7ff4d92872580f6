"""Printed figures beside a study: who they belong to, their origin, and that no reader gets a small cell."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis import read_release, write_release
from analysis.published.beside import Beside, figures_beside, shown_beside
from analysis.published.origin import usual_figures, usual_origin
from analysis.published.settings import published_settings
from survey import FileFault, StudyFault, Wave, data_folder, latest_wave, load_study
from survey.study import Study


@pytest.fixture(scope="module")
def demo() -> tuple[Study, Wave]:
    study = load_study(data_folder() / "demo")
    return study, latest_wave(study)


@pytest.fixture(scope="module")
def beside(demo: tuple[Study, Wave]) -> Beside:
    settings = published_settings(*demo)
    assert settings is not None
    return figures_beside(settings, ("en", "ja"), floor=5)


TWO_WAVES = """schema = 1
id = "two"
title = { en = "Two", ja = "二回" }
languages = ["en", "ja"]

[[waves]]
name = "2020"
file = "first.csv"

[[waves]]
name = "2021"
file = "second.csv"

[design]
id = "firm"
target = "mechanism"
"""


def two_waves(folder: Path) -> Path:
    """Sixty firms over two waves; 20, then 35, gave the answer `yes` to `hit`; 2 gave it to `rare`."""
    folder.mkdir()
    (folder / "study.toml").write_text(TWO_WAVES, encoding="utf-8")
    for name, many in (("first.csv", 20), ("second.csv", 35)):
        rows = [f"f{k},{'yes' if k < many else 'no'},{'yes' if k < 2 else 'no'}" for k in range(60)]
        (folder / name).write_text("firm,hit,rare\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_earlier_waves_are_released_and_protected_like_the_last(tmp_path: Path) -> None:
    folders = write_release(load_study(two_waves(tmp_path / "study")), tmp_path / "out")
    inside, members, public = (read_release(folder) for folder in folders)
    earlier = inside.table("earlier").set_index(["question", "option"])
    assert earlier.loc[("hit", "yes"), ["n", "estimate", "wave"]].tolist() == [60, 20 / 60, "2020"]
    changes = inside.table("changes")
    assert {"stat", "n", "estimate"} <= set(changes.columns)
    mine = changes[(changes["question"] == "hit") & (changes["option"] == "yes")]
    assert mine["estimate"].iloc[0] == pytest.approx(15 / 60)
    for release in (members, public):
        assert "changes" not in release.tables()
        shown = release.table("earlier").set_index(["question", "option"])
        assert shown.loc[("hit", "yes"), "estimate"] == pytest.approx(20 / 60)
        # an answer found in the file only has no row where it is hidden: the word itself could tell
        assert "rare" not in set(shown.index.get_level_values("question"))


def told(demo: tuple[Study, Wave], section: dict[str, object]) -> tuple[Study, Wave]:
    study, wave = demo
    return replace(study, sections={**study.sections, "published": section}), wave


def test_figures_find_the_answers_they_belong_to(beside: Beside) -> None:
    table = beside.tables["published"]
    assert len(table) == 88
    mine = table[(table["question"] == "us_china_impact") & (table["option"] == "1")]
    assert list(mine["printed"]) == ["60.8", "60", "63.2", "63.7", ">70"]
    assert mine.iloc[0][["count", "base"]].tolist() == [59, 97]
    widened = table[table["option_id"] == "us_regulation_cost_sales"].iloc[0]
    assert (widened["question"], widened["option"]) == ("impact_type", "us_regulation_cost")
    # an answer of a printed question that the study did not offer belongs to no option
    assert set(table.loc[table["option_id"] == "taiwan_contingency", "option"]) == {""}
    assert beside.about["version"] == "1.0"


def test_every_printed_figure_of_the_year_is_the_demonstration(
    beside: Beside, demo: tuple[Study, Wave]
) -> None:
    from analysis import share

    study, wave = demo
    table = beside.tables["published"]
    mine = table[(table["wave"] == "2021") & (table["option"] != "") & table["count"].notna()]
    own = {
        (one.question, one.option): (round(one.estimate * one.n), one.n)
        for name in mine["question"].unique()
        for one in share(wave, study.design, str(name))
    }
    found = 0
    for row in mine[mine["base"].notna()].itertuples():
        assert own[row.question, row.option] == (row.count, row.base), row
        found += 1
    assert found > 20


def test_the_received_file_is_the_one_of_the_record() -> None:
    path = data_folder() / "reference" / "published" / "origin.toml"
    record = tomllib.loads(path.read_text(encoding="utf-8"))
    assert all((path.parent / entry["name"]).is_file() for entry in record["files"])
    assert usual_origin().sha256 == next(e["sha256"] for e in record["files"] if e["received"])
    assert usual_origin().title.keys() == {"en", "ja"}


def test_a_changed_file_of_figures_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "reference" / "published"
    folder.mkdir(parents=True)
    for name in ("origin.toml", "published_waves.csv"):
        (folder / name).write_bytes((usual_figures().parent / name).read_bytes())
    (folder / "published_waves.csv").write_text("wave,question_id\n", encoding="utf-8")
    monkeypatch.setattr("analysis.published.origin.data_folder", lambda: tmp_path)
    with pytest.raises(FileFault, match="checksum"):
        usual_origin()


@pytest.mark.parametrize("floor", [5, 8])
def test_readers_get_one_edition_and_no_cell_under_the_floor(beside: Beside, floor: int) -> None:
    empty = pd.DataFrame(columns=["question", "option", "by", "flag", "wave"], dtype="str")
    shown = shown_beside(beside, empty, floor)
    assert set(shown) == {
        "published", "published_changes", "published_contrasts", "published_breaks", "published_wording"
    }  # fmt: skip
    table = shown["published"]
    editions = table.groupby(["wave", "question_id"])["edition"].nunique()
    assert editions.max() == 1
    known = table[table["count"].notna()]
    assert len(known) > 40
    assert (known["count"] >= floor).all()
    assert ((known["base"] - known["count"]).dropna() >= floor).all()
    hidden = table[table["flag"] == "suppressed"]
    assert {"tech_transfer_complied", "awareness"} <= set(hidden["question_id"])
    empty_now = ["printed", "feasible_bases", "rounding", "method", "why"]
    assert (hidden[empty_now] == "").all().all()
    assert (
        hidden[["base", "count", "estimate", "low", "high", "value", "n", "stated_base"]].isna().all().all()
    )
    assert set(hidden["reasons"]) == {"[]"}
    # the two firms added between the editions of 2022 can be read from both, so only one is left
    assert "38" not in set(table.loc[table["question_id"] == "impact_type", "count"].astype(str))


def test_a_cell_hidden_in_the_study_hides_what_was_printed_of_it(beside: Beside) -> None:
    own = pd.DataFrame(
        [("had_to_choose", "1", "", "suppressed", "2021")],
        columns=["question", "option", "by", "flag", "wave"],
    )
    table = shown_beside(beside, own, 5)["published"]
    mine = table[(table["question_id"] == "had_to_choose") & (table["wave"] == "2021")]
    assert set(mine["flag"]) == {"suppressed"}
    other = table[(table["question_id"] == "us_china_impact") & (table["wave"] == "2021")]
    assert "suppressed" not in set(other["flag"])


def test_follow_ups_of_a_hidden_answer_are_hidden_too(beside: Beside) -> None:
    table = shown_beside(beside, pd.DataFrame(columns=["question", "by", "flag", "wave"]), 60)["published"]
    follow = table[(table["question_id"] == "impact_type") & (table["wave"] == "2021")]
    assert set(follow["flag"]) == {"suppressed"}


@pytest.mark.parametrize(
    ("section", "found"),
    [
        ({"figure": "builtin"}, "the key 'figure'"),
        ({"questions": {"had_to_chose": "x"}}, "'had_to_chose'"),
        ({"questions": {"had_to_choose": 3}}, "3"),
        ({"questions": {"had_to_choose": {"serie": "x"}}}, "the key 'serie'"),
        ({"questions": {"had_to_choose": {"options": {"yes": "9"}}}}, "'9'"),
        ({"questions": ["had_to_choose"]}, "['had_to_choose']"),
        ({"survey": 3}, "3"),
    ],
)
def test_settings_at_fault_are_named(
    demo: tuple[Study, Wave], section: dict[str, object], found: str
) -> None:
    with pytest.raises(StudyFault) as fault:
        published_settings(*told(demo, section))
    assert fault.value.found == found
    assert "published" in fault.value.where


def test_a_file_that_is_not_there_is_named(demo: tuple[Study, Wave]) -> None:
    with pytest.raises(FileFault, match=r"no file 'gone\.csv'"):
        published_settings(*told(demo, {"figures": "gone.csv"}))
    assert published_settings(*told(demo, {})) is None


def test_findings_name_the_file_not_the_folder_of_whoever_builds(beside: Beside) -> None:
    places = beside.tables["published_findings"]["where"]
    assert len(places) and places.str.startswith("published_waves.csv").all()
