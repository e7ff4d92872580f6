"""Which declared terms the answers can carry: five events a slope, none constant, none made of others."""

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.noting import Note

__all__ = ["LEAST_EVENTS", "LEAST_GROUPS", "can_pool", "group_columns", "usable_terms"]

Floats = NDArray[np.float64]

LEAST_EVENTS = 5
"""Events, and non-events, below which there is no model; and the number of them a slope needs."""

LEAST_GROUPS = 5
"""Groups with that many events each, below which groups are not pooled."""

_REPEATED = 1e-10


def usable_terms(x: Floats, y: Floats, terms: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[Note, ...]]:
    """Places of the terms that enter, in declared order, and a note on each that does not.

    Parameters
    ----------
    x : shape (n, terms)
    y : shape (n,)
        0 or 1.
    terms : tuple[str, ...]
    """
    room = int(min(y.sum(), len(y) - y.sum())) // LEAST_EVENTS
    kept: list[int] = []
    notes: list[Note] = []
    columns = np.ones((len(x), 1))
    for i, term in enumerate(terms):
        spread = float(np.ptp(x[:, i]))
        if spread <= 1e-9:
            notes.append(Note("term_constant", f"{term} is the same for all firms and has no slope", (term,)))
            continue
        column = (x[:, i] - x[:, i].mean()) / x[:, i].std()
        left = column - columns @ np.linalg.lstsq(columns, column, rcond=None)[0]
        if float(np.mean(left**2)) < _REPEATED:
            before = " and ".join(terms[j] for j in kept)
            told = f"{term} follows from {before} (collinear) and has no slope"
            notes.append(Note("term_collinear", told, (term, before)))
            continue
        if len(kept) == room:
            told = f"{term} is left out: a slope needs {LEAST_EVENTS} events and {LEAST_EVENTS} others"
            notes.append(Note("term_no_room", told, (term, str(LEAST_EVENTS))))
            continue
        kept.append(i)
        columns = np.c_[columns, column]
    return tuple(kept), tuple(notes)


def can_pool(groups: NDArray[np.object_], y: Floats) -> Note | None:
    """Why groups are not pooled, None where they may be: five events in each of five groups.

    Parameters
    ----------
    groups, y : shape (n,)
    """
    names, codes = np.unique(groups.astype(str), return_inverse=True)
    enough = int((np.bincount(np.ravel(codes), weights=y) >= LEAST_EVENTS).sum())
    if enough >= LEAST_GROUPS:
        return None
    told = (
        f"groups are not pooled: {enough} of {len(names)} groups have {LEAST_EVENTS} events or more, "
        f"and {LEAST_GROUPS} are needed"
    )
    about = (str(enough), str(len(names)), str(LEAST_EVENTS), str(LEAST_GROUPS))
    return Note("few_pooled_events", told, about)


def group_columns(groups: NDArray[np.object_], names: tuple[str, ...]) -> Floats:
    """0/1 columns of groups, shape (n, names)."""
    return (groups.astype(str)[:, None] == np.array(names, dtype=object)[None]).astype(np.float64)
