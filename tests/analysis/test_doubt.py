"""Draws over every source of doubt, against chances by hand; and what each makes of the variance."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.banded import read_bands
from analysis.pressure.channels import Reach
from analysis.pressure.choice import Abstained
from analysis.pressure.crossing import Crossing
from analysis.pressure.doubt import draw_indicators
from analysis.pressure.priors import Prior, parameter_draws
from analysis.pressure.sharing import DOUBT_SOURCES, parts_of
from analysis.pressure.unsure import Unsure, with_links_alone
from survey import FileFault

DRAWS = 20_000
NEAR = 4.0 / np.sqrt(DRAWS)


def reach(share: list[float], weight: list[float], confidence: list[float], firm: list[int]) -> Reach:
    """Flows of sales whose squeeze weighs what us and cn do."""
    f = len(share)
    three = np.repeat(np.array(weight)[None], 3, axis=0)
    return Reach(
        firms=tuple(f"F{i}" for i in range(max(firm) + 1)),
        channels=("sales",),
        firm=np.array(firm, dtype=np.int64),
        channel=np.zeros(f, dtype=np.int64),
        flow=np.array([f"L{i}" for i in range(f)], dtype=object),
        share=np.array(share),
        weight=three,
        worst=three,
        confidence=np.array(confidence),
        name=pd.util.hash_array(np.array([f"L{i}" for i in range(f)], dtype=object)),
    )


def bare(of: Reach) -> Unsure:
    """Nothing in doubt but links, with stakes before substitutability."""
    return replace(with_links_alone(of), answer=np.stack([of.name, of.name]))


def test_a_match_is_right_or_wrong_for_all_links_of_its_party() -> None:
    flows = reach([0.3, 0.2, 0.1], [1.0, 1.0, 1.0], [0.6, 0.6, 1.0], [0, 0, 0])
    party = pd.util.hash_array(np.array(["P", "P"], dtype=object))
    unsure = replace(
        bare(flows),
        exists=np.ones(3),
        matched=np.array([0, 1]),
        party=party,
        is_match=np.array([0.6, 0.6]),
    )
    drawn = draw_indicators(flows, 1, DRAWS, unsure)[0, :, 0]
    np.testing.assert_allclose(np.unique(drawn.round(12)), [0.1, 0.6])
    assert np.mean(drawn > 0.3) == pytest.approx(0.6, abs=NEAR)


def test_a_match_at_each_end_of_a_link() -> None:
    flows = reach([0.5], [1.0], [0.9 * 0.8 * 0.7], [0])
    party = pd.util.hash_array(np.array(["P", "Q"], dtype=object))
    unsure = replace(
        bare(flows),
        exists=np.array([0.9]),
        matched=np.array([0, 0]),
        party=party,
        is_match=np.array([0.8, 0.7]),
    )
    assert np.mean(draw_indicators(flows, 2, DRAWS, unsure)[0, :, 0] > 0) == pytest.approx(0.504, abs=NEAR)


def test_bands_of_share_and_substitutability() -> None:
    flows = reach([0.3], [0.5], [1.0], [0])
    unsure = replace(
        bare(flows), share_low=np.array([0.2]), share_high=np.array([0.4]),
        kept_low=np.array([0.5]), kept_high=np.array([1.0]), stake=np.array([0.5]), kept=np.array([0.75]),
    )  # fmt: skip
    us, _, squeeze = draw_indicators(flows, 3, DRAWS, unsure)[:, :, 0]
    assert us.min() >= 0.1 and us.max() <= 0.2 and us.mean() == pytest.approx(0.15, abs=0.03 * NEAR)
    assert us.std() == pytest.approx(0.1 / np.sqrt(12), rel=0.02)
    ratio = squeeze / us
    assert (
        ratio.min() >= 0.5
        and ratio.max() <= 1.0
        and np.corrcoef(ratio, us)[0, 1] == pytest.approx(0, abs=NEAR)
    )


def test_a_threshold_inside_a_band_is_crossed_as_often_as_the_band_lies_above_it() -> None:
    flows = reach([0.4, 0.2], [0.0, 0.0], [1.0, 1.0], [0, 1])
    item = pd.util.hash_array(np.array(["item", "item"], dtype=object))
    crossing = Crossing(
        flow=np.array([0, 1]), stat=np.array([0, 0]), atom=np.array([28, 28]), cut=np.array([0.25, 0.25]),
        is_above=np.array([True, True]), name=item,
    )  # fmt: skip
    drawn = draw_indicators(flows, 4, DRAWS, replace(bare(flows), crossing=crossing))[0]
    np.testing.assert_allclose(np.unique(drawn[:, 0]), [0.0, 0.2])  # a licence weighs a half
    assert np.mean(drawn[:, 0] > 0) == pytest.approx(0.75, abs=NEAR)
    np.testing.assert_array_equal(drawn[:, 0] > 0, drawn[:, 1] > 0)


def test_priors_are_triangles_and_never_cross() -> None:
    prior = Prior(0.0, 0.25, 0.5)
    u = (np.arange(DRAWS) + 0.5) / DRAWS
    assert prior.quantile(u).mean() == pytest.approx(0.25, abs=1e-6)
    assert prior.quantile(u).var() == pytest.approx((0.25**2 + 0.5**2 - 0.25 * 0.5) / 18, rel=1e-6)
    assert prior.quantile(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.0, 0.25, 0.5])
    wide = {"notify": Prior(0.0, 0.25, 1.0), "licence": Prior(0.0, 0.5, 1.0)}
    drawn = parameter_draws(wide, 0.25, 7, 0, 500)
    assert (drawn["notify"] <= drawn["licence"]).all() and (drawn["licence"] <= drawn["prohibited"]).all()
    assert (drawn["dormant"] == 0.25).all()
    np.testing.assert_array_equal(
        drawn["notify"][100:300], parameter_draws(wide, 0.25, 7, 100, 300)["notify"]
    )


def test_one_source_has_all_of_the_variance_and_several_add_up_to_it() -> None:
    flows = reach([0.3, 0.3], [1.0, 1.0], [0.5, 1.0], [0, 0])
    told = bare(flows)
    drawn = draw_indicators(flows, 5, 4000, told)
    none = np.zeros(1, dtype=bool)
    why = Abstained.__new__(Abstained)
    alone = parts_of(flows, told, drawn, why, none, seed=5)
    links = DOUBT_SOURCES.index("links")
    assert alone.whole[0, 0] == pytest.approx(0.3**2 * 0.25, rel=0.05)
    assert alone.parts[links, 0, 0] == alone.whole[0, 0] and np.isnan(alone.parts[-1, 0, 0])
    both = replace(told, share_low=np.array([np.nan, 0.0]), share_high=np.array([np.nan, 0.6]))
    drawn = draw_indicators(flows, 5, 4000, both)
    parts = parts_of(flows, both, drawn, why, none, seed=5)
    assert np.nansum(parts.parts[:, 0, 0]) == pytest.approx(parts.whole[0, 0], rel=1e-9)
    truth = {"links": 0.09 * 0.25, "bands": 0.36 / 12}  # a sum: nothing together
    for source, variance in truth.items():
        k = DOUBT_SOURCES.index(source)
        assert parts.parts[k, 0, 0] == pytest.approx(variance, abs=4 * parts.error[k, 0, 0])


def test_a_product_of_two_sources_leaves_a_rest() -> None:
    """Y = 0.6 S X, S there or not with one half, X anywhere in 0 to 1: parts 1/16, 1/48, 1/48 of 0.36."""
    flows = reach([0.3], [1.0], [0.5], [0])
    told = replace(bare(flows), share_low=np.array([0.0]), share_high=np.array([0.6]))
    drawn = draw_indicators(flows, 6, DRAWS, told)
    parts = parts_of(flows, told, drawn, Abstained.__new__(Abstained), np.zeros(1, dtype=bool), seed=6)
    for source, share in (("links", 1 / 16), ("bands", 1 / 48), ("together", 1 / 48)):
        assert parts.parts[DOUBT_SOURCES.index(source), 0, 0] == pytest.approx(0.36 * share, abs=0.0016)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("firm,flow,share_low,share_high\nA,L1,0.4,0.2\n", "0.4 to 0.2"),
        ("firm,flow,share_low,share_high\nA,L1,0.4,\n", "0.4 to nothing"),
        ("firm,flow,share_low,share_high\nA,L1,0,0.2\nA,L1,0,0.3\n", "twice"),
        ("firm,share_low,share_high\nA,0,0.2\n", "flow"),
        ("firm,flow,share_low,share_high\nA,L1,0,1.2\n", "1.2"),
    ],
)
def test_bands_at_fault_are_named(tmp_path: Any, text: str, word: str) -> None:
    path = tmp_path / "bands.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileFault, match=word):
        read_bands(path)
