"""Indicators that firms lack, drawn from firms of the same outcome: a hot deck, several times."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.draws import keyed_uniforms
from analysis.pressure.usable import LEAST_EVENTS

__all__ = ["LEAST_DONORS", "filled_sets"]

Floats = NDArray[np.float64]

LEAST_DONORS = LEAST_EVENTS
"""Donors under which a cell of outcome and group gives way to that of the outcome alone."""

_KEY = 0x616E7377657273
_DONOR, _TAKER = np.uint64(0x646F6E6F72), np.uint64(0x74616B6572)


def filled_sets(
    values: Floats, outcome: Floats, groups: NDArray[np.object_], ids: tuple[str, ...], seed: int, sets: int
) -> Floats:
    """Complete the indicators of n firms several times.

    Approximate Bayesian bootstrap (Rubin and Schenker 1986): in each set the donors of a cell are first drawn
    anew with replacement, then each firm that lacks something takes it from one of these. Cells are those of
    the same outcome and group; the outcome is in them, for without it slopes would shrink. A draw belongs to
    a firm, the set and the seed, so that the order of rows changes nothing.

    Parameters
    ----------
    values : shape (n, terms)
        nan where missing. What a firm lacks it takes from one donor, which has all of them.
    outcome : shape (n,)
        Of firms that answered: 1 or 0, or a grade.
    groups : shape (n,)
        Group of each firm; "" where there is none.
    ids : n ids
    seed, sets : int

    Returns
    -------
    shape (sets, n, terms)

    Raises
    ------
    ValueError
        An outcome nobody with all indicators has.
    """
    lacks = np.isnan(values).any(axis=1)
    out = np.repeat(values[None], sets, axis=0)
    if not lacks.any():
        return out
    named = pd.util.hash_array(np.array(ids, dtype=object))
    whole = np.unique(outcome, return_inverse=True)[1].ravel()
    kind = np.unique(groups.astype(str), return_inverse=True)[1].ravel()
    fine = whole * (int(kind.max()) + 1) + kind
    donors = np.flatnonzero(~lacks)
    many = np.bincount(fine[donors], minlength=int(fine.max()) + 1)
    is_fine = lacks & (many[fine] >= LEAST_DONORS)
    for cell, takers in ((fine, np.flatnonzero(is_fine)), (whole, np.flatnonzero(lacks & ~is_fine))):
        if not takers.size:
            continue
        order = donors[np.lexsort((named[donors], cell[donors]))]
        size = np.bincount(cell[order], minlength=int(cell.max()) + 1)
        if (size[cell[takers]] == 0).any():
            raise ValueError("no firm that has all indicators has this outcome")
        first = np.cumsum(size) - size
        u = keyed_uniforms(seed + _KEY, named[order] ^ _DONOR, 0, sets)
        deck = order[first[cell[order]] + (u * size[cell[order]]).astype(np.int64)]
        u = keyed_uniforms(seed + _KEY, named[takers] ^ _TAKER, 0, sets)
        slot = first[cell[takers]] + (u * size[cell[takers]]).astype(np.int64)
        given = values[np.take_along_axis(deck, slot, axis=1)]
        own = values[takers]
        out[:, takers] = np.where(np.isnan(own)[None], given, own[None])
    return out
