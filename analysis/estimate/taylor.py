"""Variance by Taylor linearisation: scores collapsed to totals of units, all columns at once."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from analysis.estimate.design_arrays import DesignArrays, Stage

__all__ = ["answered_variance", "taylor_variance"]


def taylor_variance(scores: NDArray[np.float64], arrays: DesignArrays) -> NDArray[np.float64]:
    """Variances of the k sums of weighted scores under the whole design, all stages.

    V = sum over stages s, strata h of carry (1 - f_h) n_h/(n_h - 1) sum_i (t_hi - mean_h)^2, carry
    being the product of the sampling fractions of earlier stages (Cochran 1977, 10.16; Lumley 2004).
    Rows outside a domain carry the score 0, so that the design keeps all its units. Weights on
    known margins: scores first become those of residuals (see `Residuals`).

    Parameters
    ----------
    scores : NDArray[np.float64]
        Shape (rows, k): weighted linearised values.

    Returns
    -------
    NDArray[np.float64]
        Shape (k,), not negative.
    """
    variance = np.zeros(scores.shape[1])
    if arrays.residuals is not None:
        scores = arrays.residuals.of(scores)
    for stage in arrays.stages:
        factors = stage.factors()
        if not factors.any():
            continue
        totals = scores if stage.is_rows else _sums(scores, stage.unit, len(stage.stratum))
        variance += _spread(totals, stage, factors)
    return variance


def answered_variance(
    scores: NDArray[np.float64], counts: NDArray[np.float64], populations: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Variances where the firms that answered are taken as a random draw from those concerned.

    V = (1 - n/N) n/(n-1) sum z^2, for scores that sum to zero over the n rows of their base
    (Cochran 1977, 2.26). Only for designs of one stratum, equal weights and no clusters.

    Parameters
    ----------
    scores : NDArray[np.float64]
        Shape (rows, k): weighted linearised values, 0 outside the base.
    counts, populations : NDArray[np.float64]
        Shape (k,): n and N of each column.

    Returns
    -------
    NDArray[np.float64]
        Shape (k,); nan where n is below 2 and N is larger.
    """
    left = np.clip(1 - counts / populations, 0.0, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = left * counts / (counts - 1) * (scores**2).sum(axis=0)
    return np.where(left == 0, 0.0, np.where(counts > 1, variance, np.nan))


def _sums(values: NDArray[np.float64], codes: NDArray[np.intp], many: int) -> NDArray[np.float64]:
    """Sums of rows with one code: shape (many, k)."""
    if values.shape[1] == 1:
        return np.asarray(np.bincount(codes, weights=values[:, 0], minlength=many)[:, None], dtype=float)
    rows = len(codes)
    gather = csc_array((np.ones(rows), codes, np.arange(rows + 1)), shape=(many, rows))
    return np.asarray(gather @ values)


def _spread(totals: NDArray[np.float64], stage: Stage, factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over strata of factor x squared deviations from the stratum's mean, from zero where alone."""
    alone = stage.alone
    if len(stage.taken) == 1 and not alone[0]:
        off = totals - totals.sum(axis=0) / stage.taken[0]
        return np.asarray(factors[0] * np.einsum("ij,ij->j", off, off))
    means = _sums(totals, stage.stratum, len(stage.taken)) / stage.taken[:, None]
    means[alone] = 0.0
    off = totals - means[stage.stratum]
    off *= off
    return np.asarray(factors @ _sums(off, stage.stratum, len(stage.taken)))
