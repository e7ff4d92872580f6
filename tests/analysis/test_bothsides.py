"""The chance that both reaches are high: by hand for one link, and none where nothing is in doubt."""

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.bothsides import both_high, high_from
from analysis.pressure.frozen import FrozenModel
from analysis.pressure.openday import OpenDay, day_of_rows

NOTHING = np.empty(0)
MODEL = FrozenModel((), NOTHING, np.empty((0, 0)), NOTHING, NOTHING, 0, 0.9, 0.25, 7, 4000, "largest", False)


def world(confidence: float) -> OpenDay:
    flows = pd.DataFrame(
        {"firm": "A", "flow": ["f", "g"], "channel": "sales", "share": 0.4, "confidence": [confidence, 1.0]}
    )
    contacts = pd.DataFrame({"firm": "A", "flow": ["f", "g"], "side": ["us", "cn"], "outcome": "prohibited"})
    columns = ["firm", "flow", "clause_side", "us_severity", "cn_severity", "weight", "at_stake", "sides"]
    none = pd.DataFrame({name: [] for name in columns}).astype({"firm": str, "flow": str})
    return day_of_rows(flows, contacts, none, 0.25)


@pytest.mark.parametrize("confidence", [0.0, 0.3, 1.0])
def test_it_is_the_chance_that_the_link_is_there(confidence: float) -> None:
    found, over = both_high(MODEL, world(confidence), ("A",), (0.4, 0.4))
    assert over == (("links",) if confidence < 1 else ())
    assert found == pytest.approx([confidence], abs=0.03)
    assert both_high(MODEL, world(confidence), ("A",), (0.5, 0.4))[0] == pytest.approx([0.0])


def test_no_reach_is_never_high() -> None:
    """Where most firms have no reach the quarter begins at zero, and zero is not far."""
    assert both_high(MODEL, world(0.0), ("A",), (0.0, 0.0))[0] == pytest.approx([0.0])
    points = pd.DataFrame({"us": [0.0, 0.0, 0.0, np.nan, 0.9], "cn": [0.0, 0.1, 0.2, 0.3, 0.4]})
    assert high_from(points) == pytest.approx((0.225, 0.3))


def test_a_firm_without_flows_has_no_chance() -> None:
    assert np.isnan(both_high(MODEL, world(1.0), ("B",), (0.1, 0.1))[0]).all()
