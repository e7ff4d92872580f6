"""Case weights of the model where the design asks for them: the survey's weights over the design's effect."""

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.design_arrays import DesignArrays
from analysis.estimate.models.doubt import influence_covariance
from analysis.pressure.firth import fit_firth

__all__ = ["case_weights"]

Floats = NDArray[np.float64]


def case_weights(x: Floats, y: Floats, arrays: DesignArrays) -> tuple[Floats, float]:
    """Weights whose likelihood is as informative as the design says, and the design's effect.

    Weights of the firms used are brought to a mean of 1 and divided by the mean of the generalised design
    effects `tr(I V) / k`: I the information of the weighted fit, V the design's covariance of its
    coefficients, all stages (Rao and Scott 1984; Lumley and Scott 2014). Profiles and draws of the
    weighted likelihood then have the width of the design. An effect below 1 is not used: it would make a
    few events worth more than they are.

    Parameters
    ----------
    x : shape (n, slopes)
        Indicators of all rows of the wave; nan where missing.
    y : shape (n,)
        1, 0, or nan where not answered.
    arrays : DesignArrays
        Compiled design of the same rows.

    Returns
    -------
    weights (n,), 0 where a firm is not used; effect

    Raises
    ------
    ValueError
        As `fit_firth`.
    """
    used = np.isfinite(y) & np.isfinite(x).all(axis=1) & (arrays.weight > 0)
    weight = np.where(used, arrays.weight, 0.0)
    weight *= used.sum() / weight.sum()
    X = np.c_[np.ones(int(used.sum())), x[used]]
    fit = fit_firth(X, y[used], weights=weight[used])
    influence = np.zeros((len(y), X.shape[1]))
    residual = weight[used] * (y[used] - fit.fitted) + fit.hat * (0.5 - fit.fitted)
    influence[used] = (X * residual[:, None]) @ fit.covariance
    covariance = influence_covariance(influence, arrays)
    effect = float(np.trace(np.linalg.solve(fit.covariance, covariance)) / X.shape[1])
    return weight / max(1.0, effect), effect
