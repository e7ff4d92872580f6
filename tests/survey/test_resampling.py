"""Replicate weights made from a design: R's own weights, closed forms, and what is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey import Creation, Design, DesignFault, create_replicates, design_frame, load_study
from survey.bootstraps import finite_copies, halved, kept_factors, redraws, rescaled_factors
from survey.half_samples import balanced_factors, hadamard_matrix
from tests.analysis.waves_by_hand import wave_of

REFERENCE = Path(__file__).parents[1] / "reference"


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{name}.csv.gz")


def made(frame: pd.DataFrame, design: Design, seed: int = 1):
    wave = wave_of(frame)
    return create_replicates(
        design_frame(wave, replace(design, create=None)), design, np.random.default_rng(seed)
    )


def codes(column) -> np.ndarray:
    return np.unique(np.asarray(column), return_inverse=True)[1]


def two_stages(rows: int = 240, seed: int = 3) -> pd.DataFrame:
    """Four strata of 5 districts of 8 of them, 12 firms each of 20."""
    rng = np.random.default_rng(seed)
    district = np.repeat(np.arange(20), 12)
    frame = pd.DataFrame({"h": district // 5, "district": district, "firm": np.arange(rows)})
    frame["many"], frame["firms"] = 8, 20
    frame["y"] = rng.normal(10, 3, rows) + rng.normal(0, 2, 20)[district]
    return frame


def test_the_jackknife_has_the_weights_of_r():
    """Columns of estimates.R: JK1 of districts, JKn of schools in strata with correction."""
    for name, file, design in (
        ("jk1", "api_clus1", Design(weight="pw", clusters=("dnum",), create=Creation("jk1"))),
        (
            "jkn",
            "api_strat",
            Design(weight="pw", strata=("stype",), population=("fpc",), create=Creation("jkn")),
        ),
    ):
        frame = table(file)
        theirs = frame[[c for c in frame if c.startswith(f"{name}_")]].to_numpy()
        ours = made(frame, design).weights
        assert ours.shape == theirs.shape
        key = lambda w: w[:, np.lexsort(w[::-1])]  # noqa: E731  columns in one order
        np.testing.assert_allclose(key(np.round(ours, 9)), key(np.round(theirs, 9)), rtol=1e-9)


def test_half_samples_are_those_of_r_under_its_matrix():
    """The Hadamard matrix is read off the half-samples of R and gives its Fay weights."""
    frame = table("api_pairs")
    brr = frame[[c for c in frame if c.startswith("brr_")]].to_numpy() / frame["pw"].to_numpy()[:, None]
    fay = frame[[c for c in frame if c.startswith("fay_")]].to_numpy() / frame["pw"].to_numpy()[:, None]
    stratum, second = codes(frame["pair"]), np.arange(len(frame)) % 2 == 1
    matrix = np.vstack([np.ones(brr.shape[1]), np.where(brr[~second] > 1, 1, -1)]).astype(np.int8)
    np.testing.assert_allclose(balanced_factors(matrix, stratum, second, 0.0), brr, rtol=1e-12)
    np.testing.assert_allclose(balanced_factors(matrix, stratum, second, 0.3), fay, rtol=1e-12)


def test_rescaled_bootstrap_is_that_of_r_for_its_draws():
    """r is read off R's subbootstrap weights, r n/(n-1)."""
    frame = table("grid_strat")
    theirs = frame[[c for c in frame if c.startswith("sub_")]].to_numpy() / frame["pw"].to_numpy()[:, None]
    stratum = codes(frame["stype"])
    taken = np.bincount(stratum)
    counts = np.round(theirs * ((taken - 1) / taken)[stratum][:, None]).astype(np.uint8)
    assert all((counts[stratum == h].sum(axis=0) == taken[h] - 1).all() for h in range(3))
    ours = rescaled_factors(counts, stratum, taken, taken - 1, np.full(3, np.inf))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_two_stage_bootstrap_is_that_of_r_for_its_draws():
    """Which units R kept is read off its weights: what was dropped first has one value, 1 - lam."""
    frame = table("grid_clus2")
    theirs = (
        frame[[c for c in frame if c.startswith("preston_")]].to_numpy() / frame["pw"].to_numpy()[:, None]
    )
    district = codes(frame["dnum"])
    school = np.arange(len(frame))
    districts = np.bincount(district)
    lam = np.sqrt(20 * (1 - 40 / 757) / 20)
    dropped = np.isclose(theirs, 1 - lam)
    kept_first = np.array([~dropped[district == d].all(axis=0) for d in range(40)])
    highest = np.array([theirs[district == d].max(axis=0) for d in range(40)])
    lowest = np.array([theirs[district == d].min(axis=0) for d in range(40)])
    kept_second = np.isclose(theirs, highest[district]) & ~np.isclose(highest, lowest)[district]
    size = frame["fpc2"].to_numpy()[np.unique(district, return_index=True)[1]].astype(float)
    lone = (districts == 1)[district]
    ours = kept_factors(
        [kept_first, kept_second | lone[:, None]],
        [district, school],
        [np.zeros(40, dtype=int), district],
        [np.array([40]), districts],
        [np.array([757.0]), size],
    )
    sampled = ~(districts == size)[district]
    assert sampled.sum() > 20
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("method", ["subbootstrap", "rao-wu", "canty-davison", "preston"])
def test_a_bootstrap_spreads_a_total_as_theory_says(method):
    """Replicates of a total in strata: variance n^2 (1 - f) s^2 / n a stratum, mean the total."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {"h": np.repeat([0, 1, 2], [10, 20, 31]), "N": np.repeat([40, 25, 310], [10, 20, 31])}
    )
    y = rng.gamma(2, 3, 61)
    known = () if method == "subbootstrap" else ("N",)
    design = Design(strata=("h",), population=known, create=Creation(method, 6000))
    found = made(frame, design)
    full = design_frame(wave_of(frame), replace(design, create=None))["weight"].to_numpy()
    totals = found.weights.T @ y
    theory = 0.0
    for h, size in ((0, 40), (1, 25), (2, 310)):
        part = (frame["h"] == h).to_numpy()
        n = part.sum()
        f = n / size if known else 0.0
        theory += (1 - f) * n * np.var(full[part] * y[part], ddof=1)
    variance = found.scale * (found.rscales @ (totals - full @ y) ** 2)
    # Canty and Davison match the variance over strata together, and only nearly
    slack = 0.12 if method == "canty-davison" else 5 * np.sqrt(2 / 6000)
    assert variance == pytest.approx(theory, rel=slack)
    assert totals.mean() == pytest.approx(full @ y, abs=5 * np.sqrt(theory / 6000))


def test_preston_sees_the_second_stage():
    """Two stages: the variance of a total is that of both, not of the first alone."""
    frame = two_stages()
    design = Design(
        strata=("h",),
        clusters=("district", "firm"),
        population=("many", "firms"),
        create=Creation("preston", 4000),
    )
    found = made(frame, design)
    full = 8 / 5 * 20 / 12
    y = frame["y"].to_numpy()
    first = second = 0.0
    for _, part in frame.groupby("h"):
        totals = full * part.groupby("district")["y"].sum()
        first += (1 - 5 / 8) * 5 * totals.var()
        second += 5 / 8 * (1 - 12 / 20) * 12 * (full**2 * part.groupby("district")["y"].var()).sum()
    assert second > 0.05 * first
    variance = found.scale * ((found.weights.T @ y - full * y.sum()) ** 2).sum()
    assert variance == pytest.approx(first + second, rel=5 * np.sqrt(2 / 4000))


def test_half_samples_of_a_total_are_exact():
    """Balanced: the variance of a total is that of pairs, sum of squared differences, to rounding."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"h": np.tile(np.arange(37), 2)})
    y = rng.normal(5, 2, 74)
    theory = ((y[:37] - y[37:]) ** 2).sum()
    for creation in (Creation("brr"), Creation("fay", rho=0.4)):
        found = made(frame, Design(strata=("h",), create=creation))
        variance = found.scale * ((found.weights.T @ y - y.sum()) ** 2).sum()
        assert variance == pytest.approx(theory, rel=1e-12)


@pytest.mark.parametrize("least", [1, 2, 3, 12, 20, 28, 36, 40, 48, 49, 93, 172])
def test_hadamard_matrices_are_orthogonal(least):
    matrix = hadamard_matrix(least).astype(int)
    order = len(matrix)
    assert order >= least and (matrix[0] == 1).all()
    assert (matrix @ matrix.T == order * np.eye(order)).all()
    if 2 < least <= 48:
        assert order == -(-least // 4) * 4


def test_draws_stay_in_their_stratum():
    stratum = np.array([2, 0, 1, 0, 2, 1, 0, 2, 2, 3])
    taken = np.bincount(stratum)
    rng = np.random.default_rng(1)
    counts = redraws(stratum, taken, np.maximum(taken - 1, 0), 50, rng)
    kept = halved(stratum, taken, 50, rng)
    copies = finite_copies(stratum, taken, np.array([7.0, 2.0, np.inf, 1.0]), 50, rng)
    for h, n in enumerate(taken):
        part = stratum == h
        assert (counts[part].sum(axis=0) == n - 1).all()
        assert (kept[part].sum(axis=0) == (n // 2 if n > 1 else 1)).all()
        assert (copies[part].sum(axis=0) == n).all()
    assert (copies[stratum == 1] == 1).all()
    assert copies[stratum == 0].max() <= 3


def test_the_same_seed_makes_the_same_weights():
    frame = two_stages()
    design = Design(strata=("h",), clusters=("district",), create=Creation("rao-wu", 20, seed=7))
    one, two = (design_frame(wave_of(frame), design) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    other = design_frame(wave_of(frame), replace(design, create=Creation("rao-wu", 20, seed=8)))
    assert not np.allclose(one["replicate_1"], other["replicate_1"])


@pytest.mark.parametrize("method", ["rao-wu", "canty-davison", "preston", "jkn"])
def test_what_was_taken_completely_keeps_its_weight(method):
    frame = pd.DataFrame({"h": [0, 0, 0, 0, 1, 1, 1], "N": [9, 9, 9, 9, 3, 3, 3]})
    found = made(frame, Design(strata=("h",), population=("N",), create=Creation(method, 30)))
    assert np.allclose(found.weights[4:], 1.0)
    assert found.weights[:4].std() > 0.1


LONE = pd.DataFrame({"h": [0, 0, 0, 1]})
PAIRED = pd.DataFrame({"h": [0, 0, 1, 1], "N": [3, 3, 4, 4]})


@pytest.mark.parametrize(
    ("frame", "design", "words"),
    [
        (LONE, Design(strata=("h",), create=Creation("jkn")), "one unit only"),
        (LONE, Design(strata=("h",), create=Creation("rao-wu")), "one unit only"),
        (PAIRED, Design(strata=("h",), create=Creation("jk1")), "'jk1' in 2 strata"),
        (LONE, Design(create=Creation("brr")), "without exactly two units"),
        (PAIRED, Design(strata=("h",), create=Creation("nothing")), "'nothing'"),
        (PAIRED, Design(strata=("h",), create=Creation("rao-wu", 1)), "1"),
        (PAIRED, Design(strata=("h",), population=("N",), create=Creation("brr")), "no finite population"),
        (
            PAIRED,
            Design(strata=("h",), population=("N",), create=Creation("subbootstrap")),
            "up to 67% of a stratum",
        ),
        (PAIRED, Design(strata=("h",), create=Creation("rao-wu", 10**9)), "GiB"),
        (PAIRED, Design(population=(4.0,), create=Creation("jk1")), "taken completely"),
        (PAIRED, Design(replicates=("N",), method="bootstrap", create=Creation("jk1")), "named too"),
    ],
)
def test_what_cannot_be_made_is_a_fault(frame, design, words):
    with pytest.raises(DesignFault) as caught:
        design_frame(wave_of(frame), design)
    assert words in caught.value.found


def test_methods_of_one_stage_are_refused_where_a_second_sampled():
    design = Design(
        strata=("h",), clusters=("district", "firm"), population=("many", "firms"), create=Creation("jkn")
    )
    with pytest.raises(DesignFault, match="first stage only"):
        made(two_stages(), design)


def test_a_lone_stratum_may_be_certain():
    found = made(LONE, Design(strata=("h",), singletons="certainty", create=Creation("jkn")))
    assert found.weights.shape == (4, 3)
    assert (found.weights[3] == 1).all()


def test_create_is_read_from_the_study(tmp_path):
    (tmp_path / "answers.csv").write_text("h,y\n0,1\n0,2\n")
    head = 'schema = 1\nid = "s"\n[[waves]]\nname = "1"\nfile = "answers.csv"\n[design]\n'
    toml = tmp_path / "study.toml"
    toml.write_text(
        head
        + 'centre = "mean"\nsingletons = "certainty"\n'
        + 'create = { method = "rao-wu", replicates = 50, seed = 3 }\n'
    )
    design = load_study(tmp_path).design
    assert design.create == Creation("rao-wu", 50, 3)
    assert (design.centre, design.singletons) == ("mean", "certainty")
    for wrong in (
        'create = "rao-wu"',
        'create = { method = "rao" }',
        'create = { method = "rao-wu", replicates = 1.5 }',
        'create = { method = "fay", rho = 1.0 }',
        'create = { method = "jk1", number = 3 }',
        "create = { replicates = 3 }",
        'centre = "middle"',
        'singletons = "drop"',
    ):
        toml.write_text(head + wrong + "\n")
        with pytest.raises(Exception, match=r"line 7|line 8") as caught:
            load_study(tmp_path)
        assert type(caught.value).__name__ == "StudyFault"
