"""What a Release keeps gives the same scenario as the study it was made from."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.scenario import kept
from analysis.scenario.comparing import Baseline, baseline_of, compare
from analysis.scenario.files import scenario_of
from survey import FileFault, StudyFault, data_folder, load_study

OWN = """
schema = 1
id = "mine"
title = { en = "The affiliates rule is back and de minimis is 10 percent" }

[[change]]
do = "reinstate"
instrument = "US-AFFIL"
"""


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_of(load_study(data_folder() / "demo"))


def test_a_scenario_against_what_is_kept_is_that_against_the_study(baseline: Baseline, tmp_path):
    table = kept.kept_table(baseline)
    assert table is not None
    table.to_parquet(tmp_path / "kept.parquet")
    again = kept.kept_baseline(pd.read_parquet(tmp_path / "kept.parquet"), "demo")
    mine = scenario_of(OWN, "own scenario")
    one, other = compare(baseline, [mine]), compare(again, [mine])
    for name in ("effects", "winners", "moves", "changes"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert (one.effects["difference"].abs() > 0).any()


@pytest.mark.parametrize(
    "more",
    [
        {"open": {"dormant": [0.0, 0.25, 0.5]}},
        {"pool": "sector", "pool_sd": 0.5},
        {"correction": "flac", "nonnegative": True},
    ],
)
def test_whatever_is_declared_of_the_model_comes_back(more: dict[str, object]):
    demo = load_study(data_folder() / "demo")
    pressure = {**demo.section("pressure"), "draws": 200, **more}
    made = baseline_of(replace(demo, sections={**demo.sections, "pressure": pressure}))
    again = kept.kept_baseline(kept.kept_table(made), "demo")
    assert again.calibrated.settings == made.calibrated.settings
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.read.risk.draws), pd.DataFrame(made.read.risk.draws), check_exact=True
    )


def test_where_it_was_made_does_not_show(baseline: Baseline):
    said = " ".join(kept.kept_table(baseline)["said"])
    assert "bom.csv" in said and "/" not in said


def test_a_large_study_keeps_nothing(baseline: Baseline, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept, "MOST_LINKS", 10)
    assert kept.kept_table(baseline) is None


def test_what_another_version_kept_is_a_fault(baseline: Baseline):
    table = kept.kept_table(baseline)
    table.loc[0, "said"] = str(table.loc[0, "said"]).replace('"Scene"', '"Stage"')
    with pytest.raises(FileFault, match="build it again"):
        kept.kept_baseline(table, "release")


def test_a_text_names_its_own_lines():
    with pytest.raises(StudyFault, match="own scenario, line 7"):
        scenario_of(OWN.replace("reinstate", "reinstat"), "own scenario")
