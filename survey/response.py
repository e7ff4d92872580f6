"""Weights of firms that answered, raised for firms like them that were approached and did not."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

__all__ = ["class_factors", "propensity", "propensity_groups"]

_SEPARATED = 15.0


def class_factors(
    weight: NDArray[np.float64], classes: NDArray[np.int64], answered: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Approached over answered, weighted, in each class (Oh and Scheuren 1983).

    Parameters
    ----------
    weight, classes, answered : NDArray
        Shape (firms approached,): base weights, class from 0, whether the firm answered.

    Returns
    -------
    NDArray[np.float64]
        Shape (classes,); inf in a class in which nobody answered.
    """
    many = int(classes.max(initial=-1)) + 1
    approached = np.bincount(classes, weights=weight, minlength=many)
    back = np.bincount(classes, weights=weight * answered, minlength=many)
    return np.divide(approached, back, out=np.full(many, np.inf), where=back > 0)


def propensity(columns: NDArray[np.float64], answered: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Probability that a firm answers, by maximum likelihood logistic regression.

    Every firm approached counts once: what the weights depend on belongs among the columns
    (Little and Vartivarian 2003).

    Parameters
    ----------
    columns : NDArray[np.float64]
        Shape (firms approached, p), an intercept among them; may depend on each other.
    answered : NDArray[np.bool_]
        Shape (firms approached,).

    Returns
    -------
    NDArray[np.float64]
        Shape (firms approached,); nan throughout where the columns tell answering from silence
        perfectly in some part of the firms, so that no maximum exists.
    """
    size = np.sqrt((columns**2).mean(axis=0))
    left, kept, _ = np.linalg.svd(columns / np.where(size > 0, size, 1.0), full_matrices=False)
    x = left[:, kept > 1e-10 * kept[0]] * np.sqrt(len(columns))
    y = answered.astype(float)
    many = len(y)

    def loss(b: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        u = x @ b
        return float((np.logaddexp(0.0, u) - y * u).sum() / many), x.T @ (expit(u) - y) / many

    def curvature(b: NDArray[np.float64]) -> NDArray[np.float64]:
        p = expit(x @ b)
        return np.asarray(x.T @ ((p * (1 - p))[:, None] * x) / many)

    found = minimize(
        loss,
        np.zeros(x.shape[1]),
        jac=True,
        hess=curvature,
        method="trust-exact",
        options={"gtol": 1e-12, "maxiter": 200},
    )
    last = np.linalg.lstsq(curvature(found.x), loss(found.x)[1], rcond=None)[0]
    line = x @ (found.x - last)
    if np.abs(line).max(initial=0.0) > _SEPARATED:
        return np.full(many, np.nan)
    return np.asarray(expit(line))


def propensity_groups(chance: NDArray[np.float64], groups: int) -> NDArray[np.int64]:
    """Classes of about equal numbers of firms, by rising propensity (Little 1986).

    Firms of one propensity stay in one class, so there may be fewer classes than asked for.
    """
    cuts = np.quantile(chance, np.arange(1, groups) / groups)
    return np.unique(np.searchsorted(cuts, chance, side="left"), return_inverse=True)[1].astype(np.int64)
