"""The paths with the largest products of shares, of any length, found exactly and best first."""

import numpy as np
import pandas as pd
from scipy import sparse

__all__ = ["PATH_STEPS", "best_paths", "best_products"]

PATH_STEPS = ("party", "rank", "step", "column", "share", "weight")
"""Columns of `best_paths`: one row a step of a path."""

_CHUNK = 50_000
"""Parties searched together."""


def best_products(
    shares: sparse.csr_matrix, owner: np.ndarray, hit: np.ndarray, tiers: int | None
) -> list[np.ndarray]:
    """The largest product of shares on a path from each party to a seed.

    Parameters
    ----------
    shares : scipy.sparse.csr_matrix
        Shape (parties, columns), 0 to 1.
    owner : numpy.ndarray
        Shape (columns,), the party a column leads on to.
    hit : numpy.ndarray
        Shape (columns,), whether a column is of the seed: a path ends there.
    tiers : int or None
        The most links of a path; None for any number.

    Returns
    -------
    list of numpy.ndarray
        With k tiers at place k - 1, shape (parties,), 0 where no path is; one array where `tiers` is None.

    Notes
    -----
    Value iteration over (max, times): a round looks only at buyers of whoever became larger in the last.
    """
    inward = shares.tocsc()
    best = np.zeros(shares.shape[0])
    rounds: list[np.ndarray] = []
    news = np.flatnonzero(hit)
    value = np.ones(len(news))
    while tiers is None or len(rounds) < tiers:
        place, which = _ranges(inward.indptr, news)
        offered = inward.data[place] * value[which]
        after = best.copy()
        np.maximum.at(after, inward.indices[place], offered)
        larger = after > best
        best = after
        if tiers is not None:
            rounds.append(best)
        elif not larger.any():
            return [best]
        news = np.flatnonzero(larger[owner] & ~hit)
        value = best[owner[news]]
    return rounds


def best_paths(
    shares: sparse.csr_matrix,
    owner: np.ndarray,
    hit: np.ndarray,
    parties: np.ndarray,
    most: int,
    tiers: int | None,
) -> pd.DataFrame:
    """Up to `most` largest paths from each of some parties to a seed, stopped where they first meet it.

    Best-first search with the bound `product so far x best_products of where it stands`. That bound is
    reached by some path, so of each party's open and finished paths only the `most` with the largest bound
    can be among its largest: the search holds no more, and is exact (Hart, Nilsson and Raphael, IEEE Trans.
    Systems Science and Cybernetics 4, 1968, with an exact heuristic).

    Returns
    -------
    pandas.DataFrame
        `PATH_STEPS`: `party`, `rank` from 1 (ties in order of columns), `step` from 1, `column` bought from,
        `share` of that step, `weight` = product of the path's shares.
    """
    bounds = best_products(shares, owner, hit, tiers)
    reached = np.asarray(parties)[bounds[-1][parties] > 0]
    parts = [
        _search(shares, owner, hit, reached[start : start + _CHUNK], most, bounds, tiers)
        for start in range(0, len(reached), _CHUNK)
    ]
    if not parts:
        return pd.DataFrame({name: np.empty(0) for name in PATH_STEPS})
    return pd.concat(parts, ignore_index=True)


def _search(
    shares: sparse.csr_matrix,
    owner: np.ndarray,
    hit: np.ndarray,
    parties: np.ndarray,
    most: int,
    bounds: list[np.ndarray],
    tiers: int | None,
) -> pd.DataFrame:
    query, here = np.arange(len(parties)), parties
    weight, parent = np.ones(len(parties)), np.full(len(parties), -1)
    ended_query, ended_weight, ended_at = query[:0], weight[:0], parent[:0]
    columns, sizes, parents = [np.empty(0, dtype=np.int64)], [np.empty(0)], [np.empty(0, dtype=np.int64)]
    known, depth = 0, 0
    while len(query):
        depth += 1
        left = None if tiers is None else tiers - depth
        onward = bounds[0] if left is None else bounds[left - 1] if left else np.zeros(shares.shape[0])
        which, column, share, promise = _children(shares, owner, hit, here, onward, most)
        bound = weight[which] * promise
        chosen = _largest(
            np.concatenate([ended_query, query[which]]),
            np.concatenate([ended_weight, bound]),
            np.concatenate([np.arange(len(ended_query)), len(ended_query) + np.arange(len(which))]),
            most,
        )
        stay, new = chosen[chosen < len(ended_query)], chosen[chosen >= len(ended_query)] - len(ended_query)
        columns.append(column[new])
        sizes.append(share[new])
        parents.append(parent[which[new]])
        place = known + np.arange(len(new))
        known += len(new)
        is_end = hit[column[new]]
        made = weight[which[new]] * share[new]
        asked = query[which[new]]
        ended_query = np.concatenate([ended_query[stay], asked[is_end]])
        ended_weight = np.concatenate([ended_weight[stay], made[is_end]])
        ended_at = np.concatenate([ended_at[stay], place[is_end]])
        query, here, weight, parent = (part[~is_end] for part in (asked, owner[column[new]], made, place))
    ends = _largest(ended_query, ended_weight, np.arange(len(ended_query)), most)
    return _written(
        parties[ended_query[ends]],
        ended_query[ends],
        ended_weight[ends],
        ended_at[ends],
        (np.concatenate(columns), np.concatenate(sizes), np.concatenate(parents)),
    )


def _children(
    shares: sparse.csr_matrix,
    owner: np.ndarray,
    hit: np.ndarray,
    here: np.ndarray,
    onward: np.ndarray,
    most: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Steps from where paths stand, the best `most` of each party: whose, column, share, best onward."""
    distinct, back = np.unique(here, return_inverse=True)
    place, which = _ranges(shares.indptr, distinct)
    column, share = shares.indices[place], shares.data[place].astype(float)
    promise = share * np.where(hit[column], 1.0, onward[owner[column]])
    good = np.flatnonzero(promise > 0)
    kept = good[_largest(which[good], promise[good], column[good], most)]
    starts = np.searchsorted(which[kept], np.arange(len(distinct) + 1))
    row, item = _ranges(starts, back)
    return item, column[kept][row], share[kept][row], promise[kept][row]


def _largest(group: np.ndarray, size: np.ndarray, order: np.ndarray, most: int) -> np.ndarray:
    """Places of the `most` largest of each group, by group, then from the largest, then in `order`."""
    places = np.lexsort((order, -size, group))
    ranked = group[places]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(ranked) else ranked
    rank = np.arange(len(ranked)) - np.repeat(starts, np.diff(np.r_[starts, len(ranked)]))
    return np.asarray(places[rank < most])


def _ranges(indptr: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of the cells of some rows of a compressed matrix, and which of `rows` each is of."""
    starts = indptr[rows].astype(np.int64)
    counts = indptr[rows + 1].astype(np.int64) - starts
    which = np.repeat(np.arange(len(rows)), counts)
    first = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) + np.repeat(starts - first, counts), which


def _written(
    party: np.ndarray,
    query: np.ndarray,
    weight: np.ndarray,
    at: np.ndarray,
    steps: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> pd.DataFrame:
    """Paths from their last steps back to their first, as rows."""
    column, share, parent = steps
    path, rows = np.arange(len(at)), []
    here, back = at, 0
    while len(here):
        rows.append((path, np.full(len(path), back), column[here], share[here]))
        back += 1
        here = parent[here]
        path, here = path[here >= 0], here[here >= 0]
    if not rows:
        return pd.DataFrame({name: np.empty(0) for name in PATH_STEPS})
    paths, backs, columns, shares = (np.concatenate(part) for part in zip(*rows, strict=True))
    rank = np.arange(len(query)) - np.searchsorted(query, query) + 1
    length = np.bincount(paths, minlength=len(at))
    table = pd.DataFrame(
        {
            "party": party[paths],
            "rank": rank[paths],
            "step": length[paths] - backs,
            "column": columns,
            "share": shares,
            "weight": weight[paths],
        }
    )
    return table.iloc[np.lexsort((table["step"], paths))].reset_index(drop=True)
