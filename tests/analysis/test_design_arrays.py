"""Designs compiled to codes: stages, fpc, degrees of freedom, and the faults of a design."""

import numpy as np
import pytest

from analysis import mean, share
from analysis.estimate.design_arrays import compile_design
from analysis.estimate.taylor import taylor_variance
from survey import Design, DesignFault, design_frame
from tests.analysis.waves_by_hand import only, question, wave_of

FRAME = {
    "y": [1.0, 4.0, 2.0, 8.0, 5.0, 7.0, 1.0, 3.0],
    "region": ["n", "n", "n", "n", "s", "s", "s", "s"],
    "town": [1, 1, 2, 2, 1, 1, 2, 2],
    "N_town": [4, 4, 4, 4, 2, 2, 2, 2],
    "N_firm": [10, 10, 4, 4, 2, 2, 6, 6],
}


def compiled(design: Design, frame: dict = FRAME):
    wave = wave_of(frame, question("y", "number"))
    return compile_design(design_frame(wave, design), design, wave.frame)


def test_two_stages_written_out_by_hand():
    """Variance of a total: between towns of a region, then within towns x share of towns drawn."""
    arrays = compiled(Design(strata=("region",), clusters=("town",), population=("N_town", "N_firm")))
    assert arrays.weight.tolist() == [10.0, 10.0, 4.0, 4.0, 1.0, 1.0, 3.0, 3.0]
    assert np.isnan(arrays.population) and not arrays.is_simple
    z = arrays.weight * np.array(FRAME["y"])
    between = (1 - 2 / 4) * 2 * np.var([z[:2].sum(), z[2:4].sum()], ddof=1)
    within = 2 / 4 * ((1 - 2 / 10) * 2 * np.var(z[:2], ddof=1) + (1 - 2 / 4) * 2 * np.var(z[2:4], ddof=1))
    within += (1 - 2 / 6) * 2 * np.var(z[6:], ddof=1)  # all towns of s, all firms of its first town
    assert taylor_variance(z[:, None], arrays)[0] == pytest.approx(between + within, rel=1e-12)


def test_without_a_population_only_the_first_stage_counts():
    arrays = compiled(Design(strata=("region",), clusters=("town",)))
    z = np.array(FRAME["y"])
    totals = z.reshape(4, 2).sum(axis=1)
    by_hand = 2 * np.var(totals[:2], ddof=1) + 2 * np.var(totals[2:], ddof=1)
    assert taylor_variance(z[:, None], arrays)[0] == pytest.approx(by_hand, rel=1e-12)


def test_the_mechanism_has_no_fpc():
    firms = compiled(Design(population=(10,)))
    other = compiled(Design(population=(10,), target="mechanism"))
    z = np.array(FRAME["y"])[:, None]
    assert taylor_variance(z, firms)[0] == pytest.approx(0.2 * taylor_variance(z, other)[0], rel=1e-12)


def test_degrees_of_freedom_count_units_and_strata_met():
    arrays = compiled(Design(strata=("region",), clusters=("town",)))
    masks = np.zeros((8, 4), dtype=bool)
    masks[:, 0] = True
    masks[:4, 1] = True
    masks[[0, 4], 2] = True
    assert arrays.df(masks).tolist() == [2.0, 1.0, 0.0, 0.0]


def test_a_stratum_with_one_firm_is_named():
    frame = FRAME | {"region": ["n"] * 7 + ["west"]}
    with pytest.raises(DesignFault) as raised:
        compiled(Design(strata=("region",)), frame)
    assert "region = west" in raised.value.where
    assert "row 8" in raised.value.found


def test_a_single_second_stage_unit_is_named_with_its_parent():
    frame = FRAME | {"town": [1, 1, 2, 2, 1, 1, 2, 3], "N_town": [4] * 8, "N_firm": [9] * 8}
    with pytest.raises(DesignFault) as raised:
        compiled(Design(strata=("region",), clusters=("town",), population=("N_town", "N_firm")), frame)
    assert "stage 2" in raised.value.where and "region = s, town = 2" in raised.value.where


def test_a_stratum_taken_completely_is_no_singleton():
    frame = FRAME | {"region": ["n"] * 7 + ["west"], "N": [7] * 7 + [1]}
    arrays = compiled(Design(strata=("region",), population=("N",)), frame)
    assert arrays.is_complete and arrays.population == 8.0
    with pytest.raises(DesignFault):
        compiled(Design(strata=("region",), population=("N",), target="mechanism"), frame)


def test_one_firm_carries_no_estimate():
    with pytest.raises(DesignFault):
        compiled(Design(), {"y": [1.0]})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"weight": "w"}, "negative"),
        ({"weight": "gaps"}, "missing"),
        ({"weight": "none"}, "zero"),
        ({"population": (7,)}, "population of 7"),
        ({"population": ("y",)}, "more than one population"),
        ({"replicates": ("r_*",), "method": "fay", "rho": 0.5}, "full-sample weight"),
        ({"weight": "one", "replicates": ("r_*",), "method": "taylor"}, "taylor"),
        ({"weight": "one", "replicates": ("r_*",), "method": "fay", "rho": 1.0}, "rho 1"),
        ({"weight": "one", "replicates": ("r_*",), "method": "jkn"}, "rscales"),
        ({"weight": "one", "replicates": ("r_1",), "method": "jk1"}, "1 replicate column"),
        ({"weight": "one", "replicates": ("r_*",), "method": "jk1", "rscales": (1.0,)}, "1 scales for 2"),
    ],
)
def test_designs_that_cannot_carry_an_estimate(more, words):
    frame = FRAME | {
        "w": [1.0] * 7 + [-1.0],
        "gaps": [1.0] * 7 + [np.nan],
        "none": [0.0] * 8,
        "one": [1.0] * 8,
        "r_1": [0.5, 1.5] * 4,
        "r_2": [1.5, 0.5] * 4,
    }
    with pytest.raises(DesignFault) as raised:
        compiled(Design(**more), frame)
    assert words in str(raised.value)


def test_scales_can_be_given():
    frame = FRAME | {"one": [1.0] * 8, "r_1": [0.5, 1.5] * 4, "r_2": [1.5, 0.5] * 4}
    wave = wave_of(frame, question("y", "number"))
    design = {"weight": "one", "replicates": ("r_1", "r_2")}
    means = [np.average(FRAME["y"], weights=frame[r]) for r in ("r_1", "r_2")]
    squares = (np.array(means) - np.mean(FRAME["y"])) ** 2

    def se(**more):
        return only(mean(wave, Design(**design, **more), "y")).se

    assert se(method="brr") ** 2 == pytest.approx(squares.sum() / 2, rel=1e-12)
    assert se(method="fay", rho=0.5) ** 2 == pytest.approx(squares.sum() / 2 * 4, rel=1e-12)
    assert se(method="jk1") ** 2 == pytest.approx(squares.sum() / 2, rel=1e-12)
    assert se(method="bootstrap") ** 2 == pytest.approx(squares.sum(), rel=1e-12)
    assert se(method="jkn", rscales=(0.5, 2.0)) ** 2 == pytest.approx(squares @ [0.5, 2.0], rel=1e-12)
    assert se(method="jk1", scale=3.0) ** 2 == pytest.approx(3 * squares.sum(), rel=1e-12)


def test_ids_nest_unless_they_are_unique():
    """Town 1 of n and town 1 of s are two towns."""
    arrays = compiled(Design(strata=("region",), clusters=("town",)))
    assert len(arrays.stages[0].stratum) == 4
    with pytest.raises(DesignFault):
        compiled(Design(strata=("region",), clusters=("town",), unnested=True))


def test_an_estimate_over_a_cluster_census_is_exact():
    frame = FRAME | {"q": [1, 0, 1, 1, 0, 0, 1, 0]}
    wave = wave_of(frame, question("q", "binary", ("0", "1")))
    e = only(share(wave, Design(clusters=("town",), strata=("region",), population=(2,)), "q"))
    assert (e.method, e.low, e.high) == ("census", 0.5, 0.5)
