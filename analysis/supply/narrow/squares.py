"""How concentrated amounts are, group by group: squared shares added up, and bounds for what is unnamed."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

__all__ = ["Squares", "squared_shares"]


@dataclass(frozen=True, slots=True)
class Squares:
    """Concentration of g groups, each shape (g,).

    Attributes
    ----------
    hhi : numpy.ndarray
        Sum of squared shares of what is named (Herfindahl and Hirschman), nan where nothing is.
    low, high : numpy.ndarray
        With the rest spread over ever so many others, and with all of it at the largest: outer bounds.
    largest : numpy.ndarray
        Number of the largest member, -1 where nothing is named.
    share, share_low, share_high : numpy.ndarray
        Its share of what is named; of all, where the rest is another's, and where it is its own.
    members : numpy.ndarray
        Named members.
    named : numpy.ndarray
        Amount named.
    """

    hhi: np.ndarray
    low: np.ndarray
    high: np.ndarray
    largest: np.ndarray
    share: np.ndarray
    share_low: np.ndarray
    share_high: np.ndarray
    members: np.ndarray
    named: np.ndarray


def squared_shares(
    group: np.ndarray, member: np.ndarray, amount: np.ndarray, rest: np.ndarray, members: int
) -> Squares:
    """Concentration of amounts over members in each group.

    Parameters
    ----------
    group, member, amount : numpy.ndarray
        Shape (rows,): numbers of group and member, and an amount over 0; a member of -1 is unnamed.
    rest : numpy.ndarray
        Shape (groups,): what may belong to the group and is not in the rows.
    members : int
        How many members there are.
    """
    groups = len(rest)
    known = member >= 0
    unnamed = rest + np.bincount(group[~known], amount[~known], minlength=groups)
    cells = sparse.csr_matrix((amount[known], (group[known], member[known])), shape=(groups, members))
    cells.sum_duplicates()
    cells.eliminate_zeros()
    named = np.asarray(cells.sum(axis=1)).ravel()
    squares = np.asarray(cells.multiply(cells).sum(axis=1)).ravel()
    count = np.diff(cells.indptr)
    filled = np.flatnonzero(count)
    most, largest = np.zeros(groups), np.full(groups, -1)
    if len(filled):
        most[filled] = np.maximum.reduceat(cells.data, cells.indptr[filled])
        row = np.repeat(np.arange(groups), count)
        top = np.flatnonzero(cells.data == most[row])
        first = top[np.unique(row[top], return_index=True)[1]]
        largest[filled] = cells.indices[first]
    whole = named + unnamed
    with np.errstate(divide="ignore", invalid="ignore"):
        none = np.where(named > 0, 0.0, np.nan)
        return Squares(
            hhi=squares / named**2 + none,
            low=np.where(whole > 0, squares / whole**2, 0.0),
            high=np.where(whole > 0, ((most + unnamed) ** 2 + squares - most**2) / whole**2, 1.0),
            largest=largest,
            share=most / named + none,
            share_low=np.where(whole > 0, most / whole, 0.0),
            share_high=np.where(whole > 0, (most + unnamed) / whole, 1.0),
            members=count,
            named=named,
        )
