"""On the real road: firms of the demonstration whose links are taken out are imputed, and it is said."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.choice import ChoiceModel
from analysis.pressure.choosing import train_on
from analysis.pressure.knowing import imputed_firms
from analysis.pressure.outcome import outcome_of
from analysis.pressure.pressing import press
from analysis.pressure.record import Pressure
from analysis.pressure.settings import pressure_settings
from survey import Study, StudyFault, data_folder, latest_wave, load_study
from tests.analysis.test_press import having

LOST = tuple(f"S{i:03d}" for i in range(1, 13))
ASKED = {"question": "tech_transfer_demand", "countries": ["CN"], "values": {"1": [0, 0.5], "2": 0}}
"""Answered by eleven of the twelve."""


def study_lacking(folder: str, impute: str, *, is_asked: bool = True) -> Study:
    """The demonstration where twelve firms have no links, all but one with an answer."""
    study = load_study(data_folder() / "demo")
    said: dict[str, Any] = {**study.sections["pressure"], "draws": 200, "imputations": 4, "impute": impute}
    if is_asked:
        said["answers"] = {"technology": ASKED}
    links = pd.read_csv(data_folder() / "demo" / "links.csv", dtype=str)
    links = links[~links["buyer"].isin(LOST) & ~links["supplier"].isin(LOST)]
    links.to_csv(Path(folder) / "links.csv", index=False)
    supply = {**study.sections["supply"], "links": str(Path(folder) / "links.csv")}
    return replace(study, sections={**study.sections, "pressure": said, "supply": supply})


@cache
def lacking(impute: str, *, is_asked: bool = True) -> Pressure:
    """That study pressed."""
    with TemporaryDirectory() as folder:
        return press(study_lacking(folder, impute, is_asked=is_asked))


def notes(made: Pressure) -> dict[str, list[str]]:
    codes = [why.split("|") for why in made.model.loc[made.model["stat"].str.startswith("note"), "why"]]
    return {code: about for code, *about in codes}


def test_firms_of_which_something_is_known_are_imputed_and_the_others_counted() -> None:
    made, every = lacking("known"), lacking("all")
    report, of_all = made.model.set_index("stat"), every.model.set_index("stat")
    assert report.loc["firms imputed", "estimate"] == 11 and notes(made)["nothing_known"] == ["1"]
    assert of_all.loc["firms imputed", "estimate"] == 12 and notes(every)["imputed_blind"] == ["1"]
    assert notes(made)["imputed"] == ["11", "4"] and report.loc["firms left out", "estimate"] == 5
    assert of_all.loc["firms", "estimate"] + of_all.loc["firms imputed", "estimate"] == 96
    assert of_all.loc["firms left out", "estimate"] == 4 and of_all.loc["imputations", "estimate"] == 4


def test_without_answers_that_stand_in_nothing_is_known_of_them() -> None:
    made = lacking("known", is_asked=False)
    assert "firms imputed" not in set(made.model["stat"]) and "imputed" not in notes(made)
    assert int(notes(made)["nothing_known"][0]) == 96 - made.model.set_index("stat").loc["firms", "estimate"]


def test_an_outcome_that_was_not_answered_is_told_with_its_numbers() -> None:
    lost, n, least, most = map(int, notes(lacking("known"))["outcome_missing"])
    assert (lost, n, least, most) == (4, 100, 12, 16)


def test_imputed_firms_have_no_figures_and_their_doubt_is_a_source() -> None:
    made = lacking("all")
    report = made.model.set_index("stat")
    low, high = report.loc["slope squeeze", ["low", "high"]]
    assert low < report.loc["slope squeeze", "estimate"] < high
    first = made.table.head(12)  # missing, never 0
    assert first[["us", "cn", "squeeze", "p_choose"]].isna().all(axis=None)
    doubts = made.doubts
    sums = doubts.groupby(["firm", "stat"])["estimate"].sum()
    np.testing.assert_allclose(sums, 1.0, atol=1e-9)
    of_answers = doubts[doubts["source"] == "answers"]
    assert set(of_answers["stat"]) == {"p_choose"} and of_answers["estimate"].between(0, 1).all()
    known = made.table.dropna(subset="p_choose")
    assert known["p_choose"].between(known["p_choose_low"], known["p_choose_high"]).all()


def test_where_none_lacks_it_nothing_moves_to_the_last_bit() -> None:
    study = load_study(data_folder() / "demo")
    wave, settings = latest_wave(study), pressure_settings(study)
    chose = outcome_of(wave, study, settings)
    measured = np.random.default_rng(1).random((3, len(chose)))
    known, made = np.ones(len(chose), dtype=bool), []
    for how in ("all", "none"):
        said = replace(settings, impute=how, draws=200)
        made.append(train_on(study, wave, chose, measured, said, np.random.default_rng(1), known))
    assert isinstance(made[0], ChoiceModel) and isinstance(made[1], ChoiceModel)
    np.testing.assert_array_equal(made[0].draws, made[1].draws)
    np.testing.assert_array_equal(made[0].coefficients, made[1].coefficients)
    assert made[0].notes == made[1].notes and made[0].sets == ()


def test_which_firms_are_imputed_by_hand() -> None:
    chose = np.array([1.0, 0.0, np.nan, 1.0, 0.0])
    lacks = np.array([False, True, True, True, True])
    known = np.array([True, True, True, False, False])
    for how, wanted, code in (
        ("known", [1], "nothing_known|2"),
        ("all", [1, 3, 4], "imputed_blind|2"),
        ("none", [], "imputing_off|3"),
    ):
        taken, said = imputed_firms(chose, lacks, known, how)
        assert np.flatnonzero(taken).tolist() == wanted and [note.why for note in said] == [code]
    assert imputed_firms(chose, lacks & False, known, "known")[1] == ()


@pytest.mark.parametrize("word", ["some", True, 3])
def test_a_word_that_does_not_say_who_is_imputed_is_named(word: object) -> None:
    with pytest.raises(StudyFault, match="known, all, none"):
        pressure_settings(having("pressure", impute=word))


@pytest.mark.parametrize("number", [0, 1, 101, -1, 2.5, True, "20"])
def test_imputations_at_fault_are_named(number: object) -> None:
    with pytest.raises(StudyFault, match="imputations = 20"):
        pressure_settings(having("pressure", imputations=number))
