"""Rounding instead of hiding: every cell is printed as a multiple of a base that hides who is in it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from survey import StudyFault

__all__ = ["round_controlled", "round_randomly"]


def round_randomly(
    value: NDArray[np.float64], base: int, uniform: NDArray[np.float64], *, floor: int = 0
) -> NDArray[np.float64]:
    """Each cell by itself to a multiple of `base`, up with the probability that makes it right on average.

    Parameters
    ----------
    value : NDArray[np.float64]
        Shape (cells,), 0 or more.
    base : int
        A reader learns that the count lies less than `base` on either side.
    uniform : NDArray[np.float64]
        Shape (cells,), from `cell_uniforms`: the same cell is rounded the same way every time.
    floor : int
        Smallest count that may be known; the base may not be under it.

    Returns
    -------
    NDArray[np.float64]
        Shape (cells,); totals are rounded by themselves and need not be the sum of their parts.
    """
    _check(base, floor)
    below = np.floor(value / base + 1e-12)
    rest = value / base - below
    return np.asarray(base * (below + (uniform < rest - 1e-12)))


def round_controlled(
    value: NDArray[np.float64],
    relations: sparse.csr_array,
    base: int,
    uniform: NDArray[np.float64],
    *,
    floor: int = 0,
) -> NDArray[np.float64] | None:
    """All cells to neighbouring multiples of `base` so that totals stay the sums of their parts.

    Zero-restricted controlled rounding (Cox, JASA 82:520, 1987), solved as an integer programme: least
    distance to the true table, ties broken by `uniform`. Always possible for tables of one and two axes; None
    where linked tables or three axes allow none.

    Parameters
    ----------
    value, base, uniform, floor
        As in `round_randomly`.
    relations : sparse.csr_array
        Shape (relations, cells): `relations @ value` is 0, and so it is of what comes back.
    """
    _check(base, floor)
    below = np.floor(value / base + 1e-12)
    rest = value / base - below
    is_whole = rest < 1e-12
    solver: Any = optimize.milp
    target = -(relations @ below)
    found = solver(
        1 - 2 * rest + 0.02 * (uniform - 0.5),
        constraints=optimize.LinearConstraint(relations, target, target) if relations.shape[0] else None,
        bounds=optimize.Bounds(0.0, np.where(is_whole, 0.0, 1.0)),
        integrality=np.ones(len(value), dtype=np.int64),
        options={"node_limit": 20_000},
    )
    if found.x is None:
        return None
    return np.asarray(base * (below + np.round(found.x)))


def _check(base: int, floor: int) -> None:
    if base < max(2, floor):
        raise StudyFault(
            "the base of rounding",
            str(base),
            f"{max(2, floor)} or more: a smaller one tells counts under the floor apart",
            "raise the base",
        )
