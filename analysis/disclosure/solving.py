"""The linear programme every question here comes down to: least value of a sum over tables that agree."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["least_sum"]


def least_sum(
    aim: NDArray[np.float64],
    relations: sparse.csr_array,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Where `aim @ x` is least over `relations @ x = 0` and low <= x <= high, and the price of each relation.

    Parameters
    ----------
    aim, low, high : NDArray[np.float64]
        Shape (cells,).
    relations : sparse.csr_array
        Shape (relations, cells).

    Returns
    -------
    tuple or None
        Shapes (cells,) and (relations,); None where no x meets all relations. HiGHS, dual simplex: the same
        input gives the same corner.
    """
    from scipy.optimize import linprog

    solver: Any = linprog
    rows = relations.shape[0]
    found = solver(
        aim,
        A_eq=relations if rows else None,
        b_eq=np.zeros(rows) if rows else None,
        bounds=np.stack([low, high], axis=1),
        method="highs-ds",
    )
    if found.x is None:
        return None
    prices = np.asarray(found.eqlin.marginals, dtype=np.float64) if rows else np.zeros(0)
    return np.asarray(found.x, dtype=np.float64), prices
