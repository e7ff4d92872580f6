"""Over studies drawn at random, by the real road: tightening never relieves, and drivers add up exactly.

More of them: `python -m tests.benchmarks.properties`.
"""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.pressure.choice import ChoiceModel
from analysis.scenario.comparing import Baseline, baseline_of, compare
from analysis.scenario.record import Change, Scenario
from tests.analysis.scenario.studies_at_random import random_study

FEW = settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
STATS = ("us", "cn", "squeeze", "p_choose")

TIGHTER = st.one_of(
    st.builds(
        lambda value: ("threshold", {"instrument": "US-DEMIN-25", "field": "us_content", "value": value}),
        st.floats(0.0, 0.25),
    ),
    st.builds(
        lambda name: ("set", {"instrument": name}),
        st.sampled_from(["CN-61-2025-L1", "CN-61-2025-L2", "US-AFFIL", "CN-835"]),
    ),
    st.builds(
        lambda name, party: ("list", {"list": name, "parties": [f"P{party:02d}"]}),
        st.sampled_from(["US-EL", "US-SDN", "US-UVL", "CN-UEL"]),
        st.integers(0, 29),
    ),
)


def scenario(do: str, keys: dict[str, object]) -> Scenario:
    change = Change(1, do, keys, "test", Path("test.toml"), "change.0", {})
    return Scenario("test", {"en": "Test"}, {}, (), (), (change,), (), Path("test.toml"))


def drawn(seed: int, slopes: tuple[str, ...] = ("squeeze",)) -> Baseline:
    with tempfile.TemporaryDirectory() as name:
        return baseline_of(random_study(Path(name), seed, slopes=slopes))


def of_firms(table: pd.DataFrame, stat: str) -> pd.DataFrame:
    rows = table[(table["by"] == "firm") & (table["stat"] == stat)]
    return rows.set_index("group").dropna(subset=["before", "after"])


@FEW
@given(seed=st.integers(0, 10_000), changes=st.lists(TIGHTER, min_size=2, max_size=2))
def test_tightening_never_lowers_any_of_the_four(seed: int, changes: list) -> None:
    """us, cn, squeeze whatever the model; p_choose since its slopes may not be negative."""
    tightened(seed, changes)


def tightened(seed: int, changes: list) -> None:
    base = drawn(seed, ("squeeze", "us"))
    for do, keys in changes:
        table = compare(base, [scenario(do, keys)]).effects
        for stat in STATS:
            assert (of_firms(table, stat)["difference"] >= -1e-12).all(), (seed, do, keys, stat)


@FEW
@given(seed=st.integers(0, 10_000), party=st.integers(0, 29), name=st.sampled_from(["US-EL", "CN-UEL"]))
def test_a_firm_that_is_not_touched_does_not_move(seed: int, party: int, name: str) -> None:
    untouched(seed, party, name)


def untouched(seed: int, party: int, name: str) -> None:
    base = drawn(seed)
    flows, listed = base.met.day.flows, f"P{party:02d}"
    dealt = set(flows.loc[(flows["buyer"] == listed) | (flows["seller"] == listed), "firm"])
    table = compare(base, [scenario("list", {"list": name, "parties": [listed]})]).effects
    for stat in STATS:
        rows = of_firms(table, stat)
        others = rows[~rows.index.isin(list(dealt))]
        assert (others[["difference", "low", "high"]] == 0.0).all().all(), (seed, listed, stat)


@FEW
@given(seed=st.integers(0, 10_000))
def test_drivers_add_up_to_logit_and_squeeze_by_path_and_by_collision(seed: int) -> None:
    """To 1e-12: each path's part, and the parts of paths of the same pair of rules together."""
    added_up(seed)


def added_up(seed: int) -> None:
    base = drawn(seed, ("squeeze", "us"))
    done = compare(base, [scenario("set", {"instrument": "CN-835"})], with_pressure=True)
    found = done.pressure
    assert found is not None
    table = found.table.set_index("firm")
    sums = found.drivers.groupby(["stat", "firm"])["estimate"].sum()
    squeeze = (
        sums["squeeze"].reindex(table.index).fillna(0.0) if "squeeze" in sums else 0.0 * table["squeeze"]
    )
    known = table["squeeze"].notna()
    np.testing.assert_allclose(squeeze[known], table["squeeze"][known], rtol=0, atol=1e-12)
    by_pair = found.drivers[found.drivers["stat"] == "squeeze"].groupby(["firm", "term"])["estimate"].sum()
    whole = by_pair.groupby("firm").sum().reindex(table.index).fillna(0.0)
    np.testing.assert_allclose(whole[known], table["squeeze"][known], rtol=0, atol=1e-12)
    if isinstance(base.calibrated.model, ChoiceModel):
        p = table["p_choose"].dropna()
        eta = np.log(p) - np.log1p(-p)
        assert len(p) and sums["logit"].reindex(p.index).to_numpy() == pytest.approx(eta, abs=1e-12)
