"""Weights moved to several margins at once by turns, over cells of firms that look alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack

__all__ = ["ROUNDS", "TOLERANCE", "Raked", "least_misses", "rake"]

TOLERANCE = 1e-11
"""Largest miss of a category, as a share of the total of its margin, at which raking stops."""

ROUNDS = 2000
"""Rounds over all margins after which raking gives up."""

_DENSE = 1 << 22


@dataclass(frozen=True, slots=True)
class Raked:
    """What raking n firms to m margins ended in.

    Attributes
    ----------
    weight : NDArray[np.float64]
        Shape (n,).
    misses : tuple[NDArray[np.float64], ...]
        For each margin, reached minus wanted total of each category.
    rounds : int
        Rounds over all margins.
    is_met : bool
        Whether every category is met within the tolerance.
    """

    weight: NDArray[np.float64]
    misses: tuple[NDArray[np.float64], ...]
    rounds: int
    is_met: bool

    @property
    def worst(self) -> tuple[int, int, float]:
        """Margin, category and miss of the category that is furthest off."""
        sizes = [float(np.abs(m).max(initial=0.0)) for m in self.misses]
        margin = int(np.argmax(sizes))
        category = int(np.argmax(np.abs(self.misses[margin])))
        return margin, category, float(self.misses[margin][category])


def rake(
    weight: NDArray[np.float64],
    codes: Sequence[NDArray[np.int64]],
    totals: Sequence[NDArray[np.float64]],
    *,
    tolerance: float = TOLERANCE,
    rounds: int = ROUNDS,
) -> Raked:
    """Iterative proportional fitting (Deming and Stephan 1940; Deville, Sarndal and Sautory 1993).

    Firms with the same codes keep the same ratio of new to old weight, so the work of a round is
    one sum a cell and margin, however many firms there are. Nothing is raised: margins that cannot
    be met, such as a category wanted but held by nobody, come back with `is_met` false and the
    misses that are left.

    Parameters
    ----------
    weight : NDArray[np.float64]
        Shape (n,), not negative.
    codes : sequence of NDArray[np.int64]
        For each margin, shape (n,): category of each firm, from 0.
    totals : sequence of NDArray[np.float64]
        For each margin, shape (categories,): weighted totals wanted, not negative.
    tolerance, rounds : float, int
        See `TOLERANCE` and `ROUNDS`.
    """
    cell, cells = _cells(codes, [len(t) for t in totals])
    start = np.bincount(cell, weights=weight, minlength=len(cells[0])).astype(np.float64)
    mass = start.copy()
    sizes = [max(float(np.sum(t)), np.finfo(float).tiny) for t in totals]
    misses = _misses(mass, cells, totals)
    done = 0
    is_met = _met(misses, sizes, tolerance)
    while not is_met and done < rounds:
        for at, wanted in zip(cells, totals, strict=True):
            reached = np.bincount(at, weights=mass, minlength=len(wanted))
            mass *= np.divide(wanted, reached, out=np.ones(len(wanted)), where=reached > 0)[at]
        done += 1
        misses = _misses(mass, cells, totals)
        is_met = _met(misses, sizes, tolerance)
        if any((((m < 0) & (m == -t)) & (t > 0)).any() for m, t in zip(misses, totals, strict=True)):
            break
    factor = np.divide(mass, start, out=np.zeros(len(start)), where=start > 0)
    return Raked(weight * factor[cell], misses, done, is_met)


def least_misses(
    weight: NDArray[np.float64],
    codes: Sequence[NDArray[np.int64]],
    totals: Sequence[NDArray[np.float64]],
) -> tuple[NDArray[np.float64], ...]:
    """How near any weights at all could come: for each margin, reached minus wanted totals.

    Solves for the weights of the cells, zero or more, whose misses over all categories have the
    smallest sum (linear programme). All zero: the margins can be met, if only by weights of zero.
    """
    live = weight > 0
    _, cells = _cells([c[live] for c in codes], [len(t) for t in totals])
    many = len(cells[0])
    rows = csr_array(
        np.vstack([np.arange(len(t))[:, None] == at for at, t in zip(cells, totals, strict=True)]).astype(
            float
        )
    )
    scale = max(float(np.max(np.concatenate(totals))), np.finfo(float).tiny)
    wanted = np.concatenate(totals) / scale
    one = csr_array(eye_array(len(wanted)))
    found = linprog(  # type: ignore[call-overload]
        np.concatenate([np.zeros(many), np.ones(2 * len(wanted))]),
        A_eq=csr_array(hstack([rows, -one, one])),
        b_eq=wanted,
        method="highs",
    )
    over = found.x[many : many + len(wanted)] - found.x[many + len(wanted) :]
    over = np.where(np.abs(over) < 1e-9, 0.0, over) * scale
    return tuple(np.split(over, np.cumsum([len(t) for t in totals])[:-1]))


def _cells(
    codes: Sequence[NDArray[np.int64]], sizes: Sequence[int]
) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], ...]]:
    """Cell of each firm, and for each margin the category of each cell."""
    key = np.zeros(len(codes[0]), dtype=np.int64)
    span = 1
    for code, size in zip(codes, sizes, strict=True):
        if span * size > _DENSE:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            span = int(key.max(initial=0)) + 1
        key = key * size + code
        span *= size
    if span <= _DENSE:
        place = np.full(span, -1, dtype=np.int64)
        place[key] = np.arange(len(key))
        first = place[place >= 0]
        place[place >= 0] = np.arange(len(first))
        cell = place[key]
    else:
        _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    return cell, tuple(np.asarray(code)[first] for code in codes)


def _misses(
    mass: NDArray[np.float64], cells: Sequence[NDArray[np.int64]], totals: Sequence[NDArray[np.float64]]
) -> tuple[NDArray[np.float64], ...]:
    return tuple(
        np.bincount(at, weights=mass, minlength=len(t)) - t for at, t in zip(cells, totals, strict=True)
    )


def _met(misses: Sequence[NDArray[np.float64]], sizes: Sequence[float], tolerance: float) -> bool:
    return all(float(np.abs(m).max(initial=0.0)) <= tolerance * s for m, s in zip(misses, sizes, strict=True))
