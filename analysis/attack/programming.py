"""One programme over unknown counts: least of an aim, in fractions or whole numbers, or least violation."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

__all__ = ["Matrix", "least_violated", "solve_fractions", "solve_whole"]

_NEAR = 1e-6
_SECONDS = 5.0

Floats = NDArray[np.float64]
Matrix = tuple[csr_array, Floats, Floats]
"""Relations as rows, and the two ends of each."""


def solve_whole(
    aim: Floats, part: Matrix, box: list[tuple[float, float]], left: tuple[NDArray[np.int64], Floats]
) -> Floats | None:
    """As `solve_fractions`, in whole numbers, each count one of those `left`; None after five seconds."""
    matrix, low, high = part
    (place, value), k = left, len(aim)
    ends = np.array(box).reshape(-1, 2)
    within = (value >= ends[place, 0] - _NEAR) & (value <= ends[place, 1] + _NEAR)
    place, value = place[within], value[within]
    some, row = np.unique(place, return_inverse=True)
    picks = np.zeros((2 * len(some), k + len(place)))
    picks[np.arange(len(some)), some] = -1.0
    picks[row, k + np.arange(len(place))] = value
    picks[len(some) + row, k + np.arange(len(place))] = 1.0
    one = np.concatenate([np.zeros(len(some)), np.ones(len(some))])
    rows = np.vstack([np.hstack([matrix.toarray(), np.zeros((len(low), len(place)))]), picks])
    found = milp(
        np.concatenate([aim, np.zeros(len(place))]),
        integrality=np.ones(k + len(place), dtype=np.int64),
        bounds=Bounds(np.r_[ends[:, 0], np.zeros(len(place))], np.r_[ends[:, 1], np.ones(len(place))]),
        constraints=LinearConstraint(rows, np.concatenate([low, one]), np.concatenate([high, one])),
        options={"time_limit": _SECONDS},
    )  # fmt: skip
    return np.asarray(found.x[:k], dtype=float) if found.status == 0 and found.x is not None else None


def solve_fractions(aim: Floats, part: Matrix, box: list[tuple[float, float]]) -> Floats | None:
    """Where an aim is least; None where nothing agrees with all relations."""
    matrix, low, high = part
    dense = matrix.toarray()
    above, below = np.isfinite(high), np.isfinite(low)
    equal = above & below & (np.abs(np.where(above & below, high - low, 1.0)) < _NEAR)
    one, two = above & ~equal, below & ~equal
    found = linprog(
        aim,
        A_ub=np.vstack([dense[one], -dense[two]]),
        b_ub=np.concatenate([high[one], -low[two]]),
        A_eq=dense[equal],
        b_eq=high[equal],
        bounds=box,
        method="highs",
    )
    return np.asarray(found.x, dtype=float) if found.status == 0 and found.x is not None else None


def least_violated(
    part: Matrix, box: list[tuple[float, float]], price: Floats, free: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Relations broken by the solution that breaks least, each at its price; only `free` ones may be."""
    matrix, low, high = part
    m, k = matrix.shape
    dense = matrix.toarray()
    eye = np.eye(m)
    above, below = np.isfinite(high), np.isfinite(low)
    upper = np.hstack([dense, -eye, np.zeros((m, m))])[above]
    lower = np.hstack([-dense, np.zeros((m, m)), -eye])[below]
    spare = [(0.0, None if one else 0.0) for one in free]
    found = linprog(
        np.concatenate([np.zeros(k), price, price]),
        A_ub=np.vstack([upper, lower]),
        b_ub=np.concatenate([high[above], -low[below]]),
        bounds=[*box, *spare, *spare],
        method="highs",
    )
    if found.status != 0 or found.x is None:
        return np.ones(m, dtype=bool)
    over = found.x[k : k + m] + found.x[k + m :]
    return np.asarray(over > 1e-5)
