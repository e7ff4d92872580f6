"""Cells whose firms belong to few holdings: whoever owns several firms knows what all of them said."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure.audiences import MINIMUM_TABLE

__all__ = ["of_few_holdings"]


def of_few_holdings(
    ticks: NDArray[np.bool_],
    nets: Sequence[NDArray[np.bool_]],
    holding: NDArray[np.object_],
    floor: int,
    *,
    smallest: int | None = None,
) -> NDArray[np.bool_] | None:
    """Cells in which, or outside which, fewer holdings are than the floor.

    Parameters
    ----------
    ticks : NDArray[np.bool_]
        Shape (firms, options).
    nets : sequence of NDArray[np.bool_]
        Each of shape (firms,).
    holding : NDArray[np.object_]
        Shape (firms,): the holding of each firm, a word of its own where it belongs to none.
    floor : int
        Fewest holdings that may be known, each counted once (Handbook on Statistical Disclosure Control,
        2nd ed., 4.2.2: contributions of one holding are one).
    smallest : int, optional
        Fewest holdings of a table; by default `MINIMUM_TABLE`, and twice the floor.

    Returns
    -------
    NDArray[np.bool_] or None
        Shape (options and nets,); None where all firms together are too few holdings for any table.
    """
    _, of = np.unique(holding.astype(str), return_inverse=True)
    many = int(of.max(initial=-1)) + 1
    if many < (max(MINIMUM_TABLE, 2 * floor) if smallest is None else smallest):
        return None
    member = np.column_stack([ticks, *nets])
    inside, outside = (np.zeros((many, member.shape[1]), dtype=bool) for _ in range(2))
    np.logical_or.at(inside, of, member)
    np.logical_or.at(outside, of, ~member)
    return np.asarray((inside.sum(axis=0) < floor) | (outside.sum(axis=0) < floor))
