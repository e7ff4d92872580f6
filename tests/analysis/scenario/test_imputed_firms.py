"""A model over imputed sets, kept and read again: the same scenario, paired on the same sets."""

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.choice import ChoiceModel
from analysis.scenario import kept
from analysis.scenario.comparing import Baseline, baseline_of, compare
from analysis.scenario.files import scenario_of
from tests.analysis.scenario.test_kept import OWN
from tests.analysis.test_lacking import LOST, study_lacking


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    return baseline_of(study_lacking(str(tmp_path_factory.mktemp("lacking")), "known"))


def test_what_is_kept_gives_the_same_scenario_and_holds_its_sets(baseline: Baseline) -> None:
    again = kept.kept_baseline(kept.kept_table(baseline), "demo")
    model = again.calibrated.model
    assert isinstance(model, ChoiceModel) and model.imputed == 11 and len(model.sets) == 4
    mine = scenario_of(OWN, "own scenario")
    one, other = compare(baseline, [mine]), compare(again, [mine])
    for name in ("effects", "winners", "moves"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert (one.effects["difference"].abs() > 0).any()
    lost = one.effects[one.effects["group"].isin(LOST)]
    assert lost["difference"].isna().all() and set(lost["flag"]) == {"no value"}


def test_a_scenario_that_changes_nothing_moves_no_draw_of_any_set(baseline: Baseline) -> None:
    idle = OWN.replace('do = "reinstate"', 'do = "suspend"')
    found = compare(baseline, [scenario_of(idle, "own scenario")])
    moved = found.effects[["difference", "low", "high"]].to_numpy(dtype=float)
    assert (np.nan_to_num(moved) == 0.0).all()
