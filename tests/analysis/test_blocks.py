"""Sums by unit give what scores of firms give, over designs, bases and kinds of question."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimate.blocks import _from_firms, _from_sums
from analysis.estimate.items import items_of
from analysis.estimate.layout import lay_out
from analysis.estimate.spread import rivals_of
from analysis.estimate.tallies import layers_of, tally
from survey import Design
from tests.analysis.waves_by_hand import question, wave_of


def mixed_wave(rows: int = 240):
    rng = np.random.default_rng(20221003)
    stratum = np.repeat(np.arange(4), rows // 4)
    cluster = np.tile(np.repeat(np.arange(12), 5), rows // 60)
    frame = {
        "q": rng.integers(1, 6, rows).astype(float),
        "gate": rng.integers(0, 2, rows),
        "follow": rng.integers(1, 4, rows).astype(float),
        "size": 1e3 + rng.normal(size=rows),
        "g": rng.integers(1, 4, rows).astype(float),
        "h": rng.integers(1, 3, rows),
        "w": rng.uniform(0.5, 3, rows),
        "s": stratum,
        "c": cluster,
        "row": np.arange(rows),
        "N1": 20,
        "N2": 9,
        "NS": 100 + 10 * stratum,
    } | {f"m_{c}": rng.integers(0, 2, rows) for c in "abc"}
    frame = pd.DataFrame(frame)
    frame.loc[rng.random(rows) < 0.1, "q"] = np.nan
    frame.loc[rng.random(rows) < 0.1, "g"] = np.nan
    frame.loc[rng.random(rows) < 0.05, "w"] = 0.0
    frame.loc[frame["gate"] == 0, "follow"] = np.nan
    return wave_of(
        frame, question("q", "single", tuple("12345"), nets={"high": ("4", "5")}),
        question("gate", "binary", ("0", "1")),
        question("follow", "single", tuple("123"), asked_if="gate == 1"),
        question("m", "multiple", ("a", "b", "c")), question("size", "number"),
        question("g", "single", tuple("123")), question("h", "single", tuple("12")),
        *(question(n, "number", role="design") for n in ("s", "c", "row", "N1", "N2", "NS")),
        question("w", "number", role="weight"),
    )  # fmt: skip


DESIGNS = {
    "simple": Design(population=(1000,)),
    "weighted": Design(weight="w"),
    "stratified": Design(weight="w", strata=("s",), population=("NS",)),
    "clustered": Design(weight="w", clusters=("c",), population=(20,)),
    "stratified clusters": Design(weight="w", strata=("s",), clusters=("c",), population=("N1",)),
    "two stages": Design(
        weight="w", strata=("s",), clusters=("c", "row"), population=("N1", "N2"), target="firms"
    ),
}


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("where", ["", "h == 1"])
def test_sums_by_unit_are_scores_of_firms(name, where):
    wave = mixed_wave()
    layout = lay_out(wave, DESIGNS[name], ["g", "g>h"], where)
    assert not layout.overlaps
    layers, rivals = layers_of(layout), rivals_of(layout)
    items = items_of(wave, ["q", "gate", "follow", "m", "size"], "routed", means=["q"], boxes=2)
    assert [(i.base.question, i.stat, len(i.codes)) for i in items] == [
        ("q", "share", 8), ("q", "mean", 1), ("gate", "share", 1), ("follow", "share", 3),
        ("m", "share", 3), ("size", "mean", 1),
    ]  # fmt: skip
    for item in items:
        fast = _from_sums(item, tally(item, layout, layers), layers, rivals, layout.rest)
        slow = _from_firms(item, layout, rivals)
        for what in ("value", "variance", "squares", "x", "n", "base", "base2", "df"):
            close(getattr(fast, what), getattr(slow, what), what)
        assert fast.compared is not None and slow.compared is not None
        gap = fast.compared.value[rivals.one] - fast.compared.value[rivals.other]
        close(gap, slow.compared.value[rivals.one] - slow.compared.value[rivals.other], "gap")
        for what in ("n", "base", "base2", "difference", "df", "shared"):
            close(getattr(fast.compared, what), getattr(slow.compared, what), what)
        if item.values is None:
            close(fast.compared.odds, slow.compared.odds, "odds")
            close(fast.compared.spread, slow.compared.spread, "spread")


def close(mine, theirs, what):
    np.testing.assert_allclose(mine, theirs, rtol=2e-9, atol=1e-12, equal_nan=True, err_msg=what)


def test_a_share_fixed_by_the_strata_has_no_variance():
    rows = 400
    stratum = np.repeat([1, 2, 3, 4], rows // 4)
    wave = wave_of(
        {"s": stratum, "q": np.where(stratum < 3, 1, 2), "g": np.tile([1, 2], rows // 2), "w": 7.3},
        question("s", "single", tuple("1234")), question("q", "single", ("1", "2")),
        question("g", "single", ("1", "2")), question("w", "number", role="weight"),
    )  # fmt: skip
    layout = lay_out(wave, Design(weight="w", strata=("s",)), ["g"])
    layers = layers_of(layout)
    item = items_of(wave, ["q"], "answered")[0]
    block = _from_sums(item, tally(item, layout, layers), layers, None, layout.rest)
    assert block.variance[0].tolist() == [0.0, 0.0]
    assert (block.variance[1:] > 0).all()
