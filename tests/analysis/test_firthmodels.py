"""Firth, its limits and tests against another implementation in Python: `firthmodels`."""

import json
from pathlib import Path

import numpy as np
import pytest
from firthmodels import FirthLogisticRegression

from analysis.pressure.firth import fit_firth
from analysis.pressure.limits import coefficient_interval, ratio_test

GOLDEN = json.loads((Path(__file__).parents[1] / "reference" / "firth.json").read_text())


def seeded(seed: int, firms: int, slopes: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.maximum(0.0, rng.normal(0.05, 0.2, (firms, slopes)))
    return x, (np.argsort(np.argsort(x[:, 0] + rng.normal(0, 0.2, firms))) >= firms - firms // 8).astype(
        float
    )


def golden(name: str) -> tuple[np.ndarray, np.ndarray]:
    case = next(case for case in GOLDEN["cases"] if case["name"] == name)
    x = np.array(case["x"], dtype=float)
    return x.reshape(len(x), -1), np.array(case["y"], dtype=float)


CASES = [pytest.param(*golden(case["name"]), id=case["name"]) for case in GOLDEN["cases"]] + [
    pytest.param(*seeded(seed, firms, slopes), id=f"{firms} firms, {slopes} slopes")
    for seed, firms, slopes in ((1, 60, 1), (2, 96, 1), (3, 96, 3), (4, 300, 6), (5, 40, 1))
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("x", "y"), CASES)
def test_equals_firthmodels(x: np.ndarray, y: np.ndarray) -> None:
    """Slopes, likelihood, standard errors of the augmented information, profile limits, ratio tests."""
    peer = FirthLogisticRegression(backend="numpy", gtol=1e-6, xtol=1e-6, max_iter=500).fit(x, y)
    X = np.c_[np.ones(len(y)), x]
    fit = fit_firth(X, y, information="augmented")
    # firthmodels lists slopes first and the intercept last
    np.testing.assert_allclose(
        fit.coefficients, np.r_[peer.intercept_, np.ravel(peer.coef_)], rtol=1e-6, atol=1e-7
    )
    np.testing.assert_allclose(fit.penalised, peer.loglik_, rtol=1e-9)
    np.testing.assert_allclose(fit.se, np.roll(peer.bse_, 1), rtol=1e-5)
    peer.lrt()
    limits = peer.conf_int(alpha=0.10, method="pl")
    for column in range(1, X.shape[1]):
        np.testing.assert_allclose(
            coefficient_interval(X, y, column, 0.90), limits[column - 1], rtol=1e-4, atol=1e-4
        )
        theirs = peer.lrt_pvalues_[column - 1]
        if np.isfinite(theirs):  # it gives none where its own line search stopped early: complete separation
            np.testing.assert_allclose(ratio_test(X, y, [column]).p, theirs, rtol=1e-5)
