"""Noise instead of hiding: every count is moved a little, always the same way, right on average."""

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from survey import StudyFault

__all__ = ["noise_table", "perturb_counts"]


def noise_table(widest: int, variance: float) -> NDArray[np.float64]:
    """Probabilities of each change of each count: shape (widest + 1, 2 widest + 1), changes -widest..widest.

    Of all distributions with mean 0 and this variance that never go below zero and never farther than
    `widest`, the one of greatest entropy (Marley and Leaver, Proceedings of the 58th World Statistical
    Congress, 2011; R package ptable): p(v) proportional to exp(a v + b v^2). Row i is for a count of i; the
    last for all larger ones. Nothing is added to a count of 0.

    Raises
    ------
    StudyFault
        A width under 2, or a variance that no such distribution has.
    """
    if widest < 2 or not 0 < variance < widest:
        raise StudyFault(
            "the noise",
            f"width {widest}, variance {variance:g}",
            "a width of 2 or more and a variance over 0 and under the width",
            "widen the noise, or lower its variance",
        )
    table = np.zeros((widest + 1, 2 * widest + 1))
    table[0, widest] = 1.0
    for count in range(1, widest + 1):
        moves = np.arange(-min(count, widest), widest + 1, dtype=np.float64)
        table[count, widest - min(count, widest) :] = _widest_entropy(moves, variance)
    return table


def perturb_counts(
    value: NDArray[np.float64], uniform: NDArray[np.float64], table: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Counts with noise, shape (cells,): the change is looked up by the cell's own number, not drawn anew.

    Parameters
    ----------
    value : NDArray[np.float64]
        Shape (cells,), whole and 0 or more.
    uniform : NDArray[np.float64]
        Shape (cells,), from `cell_uniforms`: repeating a question repeats its noise, so it cannot be averaged
        away.
    table : NDArray[np.float64]
        From `noise_table`.

    Returns
    -------
    NDArray[np.float64]
        Each cell by itself; totals need not be the sum of their parts.
    """
    widest = (table.shape[1] - 1) // 2
    row = np.minimum(value, widest).astype(np.int64)
    reached = np.cumsum(table, axis=1)[row]
    move = (uniform[:, None] >= reached).sum(axis=1) - widest
    return np.asarray(value + np.minimum(move, widest))


def _widest_entropy(moves: NDArray[np.float64], variance: float) -> NDArray[np.float64]:
    """exp(a v + b v^2), scaled, with mean 0 and this variance: the least of a convex function of a and b."""

    def steep(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        power = x[0] * moves + x[1] * (moves**2 - variance)
        top = power.max()
        weight = np.exp(power - top)
        share = weight / weight.sum()
        slope = np.array([share @ moves, share @ (moves**2 - variance)])
        return float(top + np.log(weight.sum())), slope

    found = optimize.minimize(steep, np.zeros(2), jac=True, method="BFGS", options={"gtol": 1e-12})
    power = found.x[0] * moves + found.x[1] * moves**2
    weight = np.exp(power - power.max())
    return np.asarray(weight / weight.sum())
