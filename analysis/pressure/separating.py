"""Separation in words: whether indicators tell apart, without a mistake, who had to choose."""

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.models.separation import improving_direction
from analysis.pressure.noting import Note

__all__ = ["separation_note"]

Floats = NDArray[np.float64]


def separation_note(X: Floats, y: Floats, terms: tuple[str, ...]) -> Note | None:
    """A note on separation, None where there is none.

    Complete: some combination of the indicators is above a point for every firm with the event and below
    it for all others. Quasi-complete: some firms lie on the point. Maximum likelihood has no finite
    estimate then (Albert and Anderson 1984); Firth's has, and its limits are wide.

    Parameters
    ----------
    X : shape (n, k)
        First column ones.
    y : shape (n,)
    terms : tuple[str, ...]
        Names of the other columns.
    """
    sign = np.where(y > 0, 1.0, -1.0)
    direction = improving_direction(sign[:, None] * X, np.empty((0, X.shape[1])), np.ones(X.shape[1], bool))
    if direction is None:
        return None
    is_complete = _is_complete(sign[:, None] * X)
    how = "completely" if is_complete else "partly (some firms lie on the line)"
    who = " and ".join(terms)
    told = (
        f"{who} {'separates' if len(terms) == 1 else 'separate'} firms with the event from the others "
        f"{how}; maximum likelihood has no finite slope, the penalised one is finite and has wide limits"
    )
    return Note("separated" if is_complete else "separated_partly", told, (who,))


def _is_complete(gains: Floats) -> bool:
    """Whether a direction within -1 and 1 has all gains above 0; `gains` of shape (n, k)."""
    from scipy.optimize import linprog

    n, k = gains.shape
    least = np.r_[np.zeros(k), -1.0]
    found = linprog(
        least, A_ub=np.c_[-gains, np.ones(n)], b_ub=np.zeros(n), bounds=[(-1, 1)] * k + [(None, None)]
    )
    return found.x is not None and bool(found.x[-1] > 1e-9)
