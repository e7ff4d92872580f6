"""p_choose, ranks and scenarios are judged apart, and each says why it is not carried."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import press
from analysis.pressure.carrying import order_in_draws
from analysis.pressure.noting import NOTE_CODES
from survey import Study, data_folder, load_study


def having(**keys: Any) -> Study:
    demo = load_study(data_folder() / "demo")
    said = {**demo.sections["pressure"], "draws": 300, **keys}
    return replace(
        demo, sections={**demo.sections, "pressure": {k: v for k, v in said.items() if v is not None}}
    )


def verdicts(table: pd.DataFrame) -> dict[str, tuple[float, str]]:
    rows = table[table["stat"].str.startswith("carries ")]
    return {
        stat.removeprefix("carries "): (value, why.split("|")[0])
        for stat, value, why in zip(rows["stat"], rows["estimate"], rows["why"], strict=True)
    }


def test_order_in_draws_by_hand() -> None:
    points = np.arange(10.0)
    draws = np.stack([points, -points, np.r_[points[1:], 0.0]])
    alike, kept = order_in_draws(points, draws)
    np.testing.assert_allclose(alike[:2], [1.0, -1.0])
    np.testing.assert_allclose(kept, [1.0, 0.0, 0.0])
    assert order_in_draws(points, np.zeros((1, 10)))[0][0] == 0


def test_the_demonstration_says_how_little_twelve_events_carry() -> None:
    model = press(having()).model
    assert set(model["why"].str.split("|").str[0]) - {""} <= set(NOTE_CODES)
    rows = model.set_index("stat")
    assert verdicts(model) == {
        "p_choose": (1.0, "carried"), "ranks": (1.0, "one_slope"), "scenarios": (1.0, "carried"),
    }  # fmt: skip
    assert rows.loc["events", "estimate"] == 12 and rows.loc["non-events", "estimate"] == 84
    assert rows.loc["firms left out", ["n", "estimate"]].tolist() == [100, 4]
    assert rows.loc["calibration slope", "why"] == "few_slope_events|50"
    notes = {why.split("|")[0] for why in rows.loc[rows.index.str.startswith("note"), "why"]}
    assert {"little", "no_better", "model_based", "one_respondent"} <= notes
    limits = rows.loc[rows["low"].notna()]
    assert ((limits["low"] <= limits["estimate"]) & (limits["estimate"] <= limits["high"])).all()
    assert (limits["level"] == 0.9).all() and rows.loc["auc left out", "n"] == 96


def test_no_outcome_no_p_choose_and_ranks_of_squeeze() -> None:
    found = press(having(outcome=None, event=None))
    assert verdicts(found.model) == {
        "p_choose": (0.0, "no_outcome"), "ranks": (1.0, "order_of_squeeze"), "scenarios": (0.0, "no_outcome"),
    }  # fmt: skip
    assert found.calibration.empty
    absent = found.model[found.model["estimate"].isna()]
    assert (absent["why"] != "").all()


@pytest.mark.parametrize(
    ("keys", "code"),
    [({"slopes": ["cn"]}, ("carried", "holds_zero")), ({"event": ["2"]}, ("carried", "holds_zero"))],
)
def test_every_variant_has_codes_that_are_known(keys: dict[str, Any], code: tuple[str, ...]) -> None:
    found = verdicts(press(having(**keys)).model)
    assert found["p_choose"] == (1.0, "carried") and found["scenarios"][1] in code
