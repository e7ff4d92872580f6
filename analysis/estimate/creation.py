"""Replicate weights made from a design, with their scales, for those who want the weights themselves."""

from dataclasses import replace

import numpy as np
import pandas as pd

from survey import Creation, Design, Replication, Wave, create_replicates, design_frame

__all__ = ["replicate_weights"]


def replicate_weights(
    wave: Wave | pd.DataFrame,
    design: Design,
    method: str,
    *,
    replicates: int = 500,
    rng: np.random.Generator | None = None,
    rho: float = 0.5,
) -> Replication:
    """Make replicate weights of n firms; estimators make their own where `design.create` says so.

    Parameters
    ----------
    wave : Wave or pandas.DataFrame
        Answers, or what `survey.design_frame` returned for them.
    method : str
        One of `survey.MADE_METHODS`.
    replicates : int
        How many a bootstrap makes.
    rng : numpy.random.Generator or None
        What a bootstrap draws with; None takes the default seed of `survey.Creation`.
    rho : float
        Coefficient of `fay`.

    Returns
    -------
    Replication
        `weights` of shape (n, R), `scale`, `rscales`: the variance of an estimate is
        scale x sum of rscale x (estimate of a replicate - centre)^2.

    Raises
    ------
    DesignFault
        A design that does not fit its file, or a method that does not fit the design.
    """
    made = Creation(method, replicates, rho=rho)
    bare = replace(design, create=None, replicates=(), method="taylor", rscales=())
    frame = design_frame(replace(wave, weighted=None), bare) if isinstance(wave, Wave) else wave
    rng = np.random.default_rng(made.seed) if rng is None else rng
    return create_replicates(frame, replace(bare, create=made), rng)
