"""What is wrong with a design is a fault that names it, and what has no number says why in its flag."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import mean, quantile, ratio, share, total
from survey import Creation, Design, DesignFault, Study, weigh
from tests.analysis.waves_by_hand import question, wave_of

ROWS = 60
SINGLE = {"strata": ("lone",)}


def wave(**changed):
    rng = np.random.default_rng(1)
    columns = {
        "h": np.repeat([1, 2, 3], 20),
        "c": np.tile(np.repeat(np.arange(5), 4), 3),
        "w": rng.uniform(1, 3, ROWS),
        "N": np.full(ROWS, 40),
        "y": rng.normal(50, 9, ROWS),
        "x": rng.uniform(1, 2, ROWS),
        "q": rng.choice([1, 2, 3], ROWS),
        "none": np.full(ROWS, np.nan),
        "lone": np.r_[9, np.repeat(1, ROWS - 1)],
        "r1": rng.uniform(0, 4, ROWS),
        "r2": rng.uniform(0, 4, ROWS),
    }
    frame = pd.DataFrame(columns | changed)
    numbers = [question(name, "number") for name in ("y", "x", "none")]
    return wave_of(frame, question("q", "single", ("1", "2", "3", "4")), *numbers)


def weights(at, value):
    column = np.ones(ROWS)
    column[at] = value
    return column


@pytest.mark.parametrize(
    ("changed", "design", "where", "found"),
    [
        ({"w": weights(4, np.nan)}, {"weight": "w"}, "'w'", "1 of 60 weights missing"),
        ({"w": weights(4, -1)}, {"weight": "w"}, "'w'", "1 of 60 weights negative: row 5"),
        ({"w": weights(4, np.inf)}, {"weight": "w"}, "'w'", "not finite"),
        ({"w": np.zeros(ROWS)}, {"weight": "w"}, "'w'", "all weights are zero"),
        ({}, SINGLE, "lone = 9", "one unit only, in row 1"),
        ({}, {**SINGLE, "create": Creation("jkn")}, "create", "one unit only"),
        ({}, {"strata": ("h",), "clusters": ("c",), "unnested": True}, "'c'", "more than one stratum"),
        ({}, {"strata": ("h",), "population": (12.0,)}, "population", "population of 12 with 20 sampled"),
        ({"N": np.arange(ROWS) + 40}, {"strata": ("h",), "population": ("N",)}, "'N'", "more than one"),
        ({}, {"weight": "w", "replicates": ("z*",), "method": "brr"}, "replicates", "no column fits"),
        (
            {},
            {"weight": "w", "replicates": ("r*",), "method": "jkn", "rscales": (1.0,)},
            "rscales",
            "1 scales for 2",
        ),
        (
            {"r2": weights(7, np.nan)},
            {"weight": "w", "replicates": ("r*",), "method": "brr"},
            "'r2'",
            "row 8",
        ),
        ({}, {"weight": "w", "replicates": ("r1",), "method": "brr"}, "replicates", "1 replicate column"),
    ],
)
def test_a_design_at_fault_is_named(changed, design, where, found):
    with pytest.raises(DesignFault) as caught:
        mean(wave(**changed), Design(**design), "y")
    assert where in caught.value.where
    assert found in caught.value.found


@pytest.mark.parametrize(
    "design",
    [
        Design(),
        Design(weight="w", strata=("h",), clusters=("c",)),
        Design(strata=("h",), population=("N",)),
        Design(weight="w", strata=("h",), create=Creation("rao-wu", 30)),
        Design(weight="w", strata=("h",), clusters=("c",), create=Creation("jkn")),
        Design(strata=("lone",), singletons="centre"),
        Design(strata=("lone",), singletons="certainty"),
    ],
)
@pytest.mark.parametrize("where", ["", "q == 4", "y > 1000", "h == 1 and c == 2"])
def test_no_number_is_missing_without_a_word(design, where):
    one = wave()
    found = [
        *mean(one, design, "y", by="q", where=where),
        *mean(one, design, "none", where=where),
        *total(one, design, "y", by="q", where=where),
        *ratio(one, design, "y", "x", by="q", where=where),
        *ratio(one, design, "y", "none", where=where),
        *share(one, design, "q", by="q", where=where),
        *share(one, design, "none", where=where),
        *quantile(one, design, "y", where=where),
        *quantile(one, design, "none", where=where),
    ]
    assert len(found) > 20
    for row in found:
        if np.isnan([row.estimate, row.se, row.low, row.high]).any():
            assert {"empty", "no df", "no limit"} & set(row.flag.split(";")), row
        if row.n == 0:
            assert "empty" in row.flag


def test_zero_weights_are_no_firms():
    """A firm of weight zero is in no base and adds no doubt, but its unit stays in the design."""
    column = np.ones(ROWS)
    column[:20] = 0
    one = wave(w=column)
    found = mean(one, Design(weight="w", strata=("h",)), "y")[0]
    rest = mean(one, Design(weight="w", strata=("h",)), "y", where="h > 1")[0]
    assert (found.n, found.df) == (40, 38)
    assert (found.estimate, found.se) == pytest.approx((rest.estimate, rest.se))


def test_weights_made_without_the_replicates_are_a_fault(tmp_path):
    (tmp_path / "m.csv").write_text("margin,category,total,source,date\nq,1,10,x,1\nq,2,20,x,1\nq,3,30,x,1\n")
    sections = {"weights": {"margins": "m.csv"}}
    plain, made = Design(weight="w", strata=("h",)), Design(weight="w", strata=("h",), create=Creation("jkn"))
    for design in (plain, made):
        study = Study("s", tmp_path, {}, ("en",), False, None, None, (), design, sections)
        one = wave()
        one = replace(one, weighted=weigh(one, study))
        if design is made:
            assert total(one, made, by="q")[1].se == pytest.approx(0, abs=1e-9)
            assert mean(one, made, "y")[0].se > 0.5
            continue
        with pytest.raises(DesignFault) as caught:
            mean(one, made, "y")
        assert "60 replicates, but the weights of the wave came with 0" in caught.value.found
