"""p-values of many tests made together, corrected for their number."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["ADJUSTMENTS", "adjusted"]

ADJUSTMENTS = ("holm", "none", "bh", "bonferroni")
"""Holm 1979; none; Benjamini and Hochberg 1995; Bonferroni."""


def adjusted(p: NDArray[np.float64], how: str = "holm") -> NDArray[np.float64]:
    """Adjusted p-values along the last axis: one family of tests a row; nan is no test and not counted.

    As R `p.adjust`.

    Raises
    ------
    ValueError
        `how` is none of `ADJUSTMENTS`.
    """
    if how not in ADJUSTMENTS:
        raise ValueError(f"adjustment {how!r}; expected one of {', '.join(ADJUSTMENTS)}")
    if how == "none" or not p.size:
        return p.copy()
    many = np.count_nonzero(np.isfinite(p), axis=-1)[..., None]
    if how == "bonferroni":
        return np.minimum(p * many, 1.0)
    order = np.argsort(p, axis=-1)  # nan last
    ranked = np.take_along_axis(p, order, axis=-1)
    place = np.arange(p.shape[-1])
    if how == "holm":
        stepped = np.maximum.accumulate(np.where(place < many, ranked * (many - place), 0.0), axis=-1)
    else:
        scaled = np.where(place < many, ranked * many / (place + 1), np.inf)
        stepped = np.minimum.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1]
    found = np.empty_like(p)
    np.put_along_axis(found, order, np.minimum(stepped, 1.0), axis=-1)
    return np.where(np.isfinite(p), found, np.nan)
