"""The declared index: by hand, and what its order hangs on."""

import numpy as np

from analysis.pressure.composite import (
    AGGREGATIONS,
    NORMALISATIONS,
    Composite,
    composite_scores,
    composite_table,
    rank_shifts,
)

VALUES = np.array([[0.1, 0.4, 0.0], [0.5, 0.2, 0.1], [0.3, 0.3, np.nan], [0.0, 0.0, 0.0]])
EQUAL = Composite({"us": 1.0, "cn": 1.0, "squeeze": 2.0})


def test_scores_by_hand() -> None:
    weights = np.array([1.0, 1.0, 2.0])
    np.testing.assert_allclose(
        composite_scores(VALUES, weights, "share", "arithmetic"), [0.125, 0.225, np.nan, 0.0]
    )
    geometric = composite_scores(VALUES, weights, "share", "geometric")
    np.testing.assert_allclose(geometric[1], 0.5**0.25 * 0.2**0.25 * 0.1**0.5)
    np.testing.assert_allclose(composite_scores(VALUES, weights, "share", "largest")[:2], [0.2, 0.25])
    np.testing.assert_allclose(
        composite_scores(VALUES, weights, "minmax", "arithmetic"),
        [0.25 * 0.2 + 0.25, 0.25 + 0.25 * 0.5 + 0.5, np.nan, 0.0],
    )
    np.testing.assert_allclose(
        composite_scores(VALUES, weights, "ranks", "arithmetic")[3], (0.25 + 0.25 + 0.5 * 1.5) / 3
    )


def test_an_order_nothing_moves_has_one_rank_each() -> None:
    values = np.linspace(0.1, 0.9, 9)[:, None] * np.ones(3)
    scores, ranks, shares = rank_shifts(values, EQUAL, np.random.default_rng(1), 64)
    assert (ranks == ranks[0]).all() and scores.shape == (64, 9)
    assert shares["rank shift"][0] == 0.0
    assert all(share == 0.0 for share, _ in shares.values())


def test_what_the_order_hangs_on_is_found() -> None:
    rng = np.random.default_rng(2)
    values = rng.random((40, 3))
    _, _, loose = rank_shifts(values, Composite(EQUAL.weights, spread=0.9), np.random.default_rng(3), 4096)
    _, _, tight = rank_shifts(values, Composite(EQUAL.weights, spread=0.0), np.random.default_rng(3), 4096)
    assert tight["weights in all"][0] == 0.0 < loose["weights in all"][0]
    for shares in (loose, tight):
        for name in ("weights", "normalisation", "aggregation"):
            assert -0.05 < shares[f"{name} alone"][0] < shares[f"{name} in all"][0] + 0.05
        # first orders never add up to more than the whole, total orders never to less
        assert sum(shares[f"{n} alone"][0] for n in ("weights", "normalisation", "aggregation")) < 1.08
        assert sum(shares[f"{n} in all"][0] for n in ("weights", "normalisation", "aggregation")) > 0.92


def test_table_holds_the_point_and_says_how_it_was_made() -> None:
    firms = ("a", "b", "c", "d")
    columns = {name: VALUES[:, i] for i, name in enumerate(("us", "cn", "squeeze"))}
    rows, hangs = composite_table(firms, columns, EQUAL, np.random.default_rng(4), runs=200)
    score = rows[rows["stat"] == "composite"].set_index("firm")
    assert (score["low"] <= score["estimate"]).sum() == 3 and (score["estimate"] <= score["high"]).sum() == 3
    assert np.isnan(score.loc["c", "estimate"]) and (rows["n"] == 3).all()
    assert "squeeze 0.50" in score["method"].iloc[0]
    rank = rows[rows["stat"] == "composite_rank"].set_index("firm")
    assert rank["estimate"].isna().all() and rank.loc["d", "low"] >= 2
    assert len(hangs) == 7
    again, _ = composite_table(firms, columns, EQUAL, np.random.default_rng(4), runs=200)
    assert again.equals(rows)
    assert (len(NORMALISATIONS), len(AGGREGATIONS)) == (3, 3)
