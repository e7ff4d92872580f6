"""What the attack states is true: over random worlds, hidden well or badly, each interval holds the count."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.attack.adding import Solved, solve_edition
from analysis.attack.counting import evidence_of
from analysis.attack.knowing import questions_of
from analysis.attack.record import Attack, attack_table, with_truth
from analysis.attack.relating import FIRMS
from analysis.attack.taking import Taken
from analysis.release.cells import counted_cells
from analysis.release.quality import question_table
from analysis.release.settings import release_settings
from analysis.release.tables import internal_tables, protected_tables, wording_table
from survey import answers_to, weigh_source
from tests.analysis.attack.small_world import draw_answers, write_world

KEY = ["question", "by", "group", "option"]


def disorderly(firms: int, seed: int) -> pd.DataFrame:
    """Answers with gates disobeyed both ways, groups unknown, and words that stand in no questionnaire."""
    rng = np.random.default_rng([seed, 7])
    frame = draw_answers(firms, seed).astype(object)
    frame.loc[rng.random(firms) < 0.05, "acts"] = 9
    stray = (frame["acts"] != 1) & (rng.random(firms) < rng.choice([0.0, 0.1]))
    frame.loc[stray, "how"] = 2
    frame.loc[rng.random(firms) < rng.choice([0.0, 0.08]), "sector"] = ""
    frame.loc[rng.random(firms) < rng.choice([0.0, 0.05]), "sales"] = 7
    frame.loc[rng.random(firms) < rng.choice([0.0, 0.08]), "sector"] = 6
    return frame


def solved_of(folder: Path, seed: int, hide: float) -> tuple[Solved, pd.DataFrame]:
    """The ends found in one world, and its counts; `hide` cells at random, or by the rules where it is 0."""
    firms = 30 + 11 * (seed % 9)
    more = 'by = ["sector", "acts"]\nopen_by = ["sector", "acts"]'
    study = write_world(folder / "study", firms, seed, answers=disorderly(firms, seed), more=more)
    wave, _ = weigh_source(study)
    settings = release_settings(study, wave)
    floor = 0 if hide else 5
    table = protected_tables(internal_tables(wave, study.design, settings.by), wave, floor, settings.open_by)
    if hide:
        rng = np.random.default_rng([seed, 11])
        gone = rng.random(len(table)) < hide
        table = table[~gone | (rng.random(len(table)) < 0.9)].reset_index(drop=True)
        gone = rng.random(len(table)) < hide
        numbers = [c for c in table.select_dtypes("number").columns if c != "level"]
        table[numbers] = table[numbers].astype("Float64")
        table.loc[gone, numbers] = pd.NA
        table["flag"] = table["flag"].mask(gone, "suppressed")
    tables = {
        "estimates": table,
        "questions": question_table(wave),
        "wording": wording_table(wave, study.languages, table),
    }
    taken = Taken("members", folder, {"firms": len(wave), "wave": wave.name}, tables, 5, 3)
    evidence = evidence_of(taken)
    given = {q.id: answers_to(wave, q.id) for q in wave.codebook.tabulated() if q.kind != "number"}
    truth = counted_cells(wave.codebook, given, settings.open_by)
    sizes = truth.drop_duplicates(KEY[:3]).assign(option=FIRMS, count=lambda t: t["n"])
    return solve_edition(evidence, questions_of(taken, evidence), taken.firms), pd.concat([truth, sizes])


@pytest.mark.parametrize(
    ("seed", "hide"), [(seed, hide) for seed in range(1, 9) for hide in (0.15, 0.4)] + [(2, 0.0), (6, 0.0)]
)
def test_every_interval_holds_the_true_count(tmp_path: Path, seed: int, hide: float) -> None:
    solved, truth = solved_of(tmp_path, seed, hide)
    both = solved.cells.merge(truth, on=KEY)
    assert len(both) == len(solved.cells) > 50
    wrong = both[(both["count"] < both["low"]) | (both["count"] > both["high"])]
    assert wrong.empty, wrong.to_string()
    found = solved.findings[solved.findings["verdict"].isin(["recovered", "bounded"])]
    assert hide or found.empty, found.to_string()
    known = truth.set_index(KEY)["count"].to_dict()
    for row in found[found["way"].isin(["margins", "percents"])].to_dict(orient="records"):
        names = [
            (row["question"], row["by"], group, option)
            for group in row["group"].split(" + ")
            for option in row["option"].split(" + ")
        ]
        total = sum(known[name] for name in names)
        assert row["low"] <= total <= row["high"], row
        assert (row["verdict"] == "recovered") == (row["low"] == row["high"]), row


def test_a_supposition_that_is_seen_to_be_false_is_used_nowhere(tmp_path: Path) -> None:
    """A follow-up that others answered too says nothing of its gate in any group."""
    answers = draw_answers(90, 5).astype(object)
    answers["acts"] = [1] * 60 + [2] * 30
    answers["how"] = [1] * 40 + [2] * 35 + [""] * 15
    answers["sector"] = [1, 2, 3] * 30
    study = write_world(tmp_path / "study", 90, answers=answers, more='by = ["sector"]\nopen_by = ["sector"]')
    wave, _ = weigh_source(study)
    table = protected_tables(internal_tables(wave, study.design, ["sector"]), wave, 0, ["sector"])
    gone = (table["question"] == "acts") & (table["by"] == "sector") & (table["group"] != "1")
    numbers = [c for c in table.select_dtypes("number").columns if c != "level"]
    table[numbers] = table[numbers].astype("Float64")
    table.loc[gone, numbers] = pd.NA
    tables = {
        "estimates": table,
        "questions": question_table(wave),
        "wording": wording_table(wave, study.languages, table),
    }
    taken = Taken("members", tmp_path, {"firms": 90, "wave": wave.name}, tables, 5, 3)
    evidence = evidence_of(taken)
    solved = solve_edition(evidence, questions_of(taken, evidence), 90)
    cells = solved.cells.set_index(KEY)
    assert (
        cells.loc[("acts", "sector", "2", "1"), "low"] < 20 < cells.loc[("acts", "sector", "2", "1"), "high"]
    )
    assert not solved.findings["verdict"].eq("supposed").any()


def test_what_was_rightly_supposed_is_broken() -> None:
    row = {
        "wave": "w",
        "question": "q",
        "option": "1",
        "by": "",
        "group": "",
        "way": "margins",
        "low": 2,
        "high": 2,
    }
    rows = pd.DataFrame([{**row, "verdict": "supposed"}, {**row, "option": "2", "verdict": "supposed"}])
    attack = Attack(attack_table([rows]), ())
    assert attack.broken.empty
    truth = pd.DataFrame([{**row, "count": 2}, {**row, "option": "2", "count": 3}])
    assert with_truth(attack, truth).broken["option"].tolist() == ["1"]
