"""Doubt about coefficients: the sandwich of a sampling design, all stages, or refits to replicates."""

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.design_arrays import DesignArrays
from analysis.estimate.replicates import Replicates

__all__ = ["influence_covariance", "refit_covariance"]

Floats = NDArray[np.float64]


def influence_covariance(influence: Floats, arrays: DesignArrays) -> Floats:
    """Covariance (p, p) of the sums of weighted influences (rows, p) under the whole design.

    The influence of a row is its weighted score times the inverse information (Binder 1983); rows
    outside the model carry 0, so that the design keeps all its units. Stages, fractions and
    calibration enter as in `taylor_variance`.
    """
    p = influence.shape[1]
    covariance = np.zeros((p, p))
    if arrays.residuals is not None:
        influence = arrays.residuals.of(influence)
    for stage in arrays.stages:
        factors = stage.factors()
        if not factors.any():
            continue
        totals = influence if stage.is_rows else _sums(influence, stage.unit, len(stage.stratum))
        means = _sums(totals, stage.stratum, len(stage.taken)) / stage.taken[:, None]
        means[stage.alone] = 0.0
        off = totals - means[stage.stratum]
        covariance += off.T @ (off * factors[stage.stratum][:, None])
    return (covariance + covariance.T) / 2


def refit_covariance(thetas: Floats, full: Floats, replicates: Replicates) -> Floats:
    """Covariance (p, p): scale x sum of rscale x outer product of what each of R refits is off by.

    Centre and scales are those of `replicate_variance`; replicates without a finite fit (nan) are left
    out.
    """
    kept = np.isfinite(thetas).all(axis=1)
    centre = full
    if replicates.centre == "mean":
        centre = thetas[kept & (replicates.rscales > 0)].mean(axis=0)
    off = thetas[kept] - centre
    return np.asarray(replicates.scale * (off.T @ (off * replicates.rscales[kept][:, None])))


def _sums(values: Floats, codes: NDArray[np.intp], many: int) -> Floats:
    """Sums of rows with one code: shape (many, p)."""
    from scipy.sparse import csr_array

    rows = len(codes)
    return np.asarray(csr_array((np.ones(rows), (codes, np.arange(rows))), shape=(many, rows)) @ values)
