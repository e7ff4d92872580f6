"""The 50 per cent rules: who is owned by listed parties, each rule with owners of its own, in full count."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

__all__ = ["AFFILIATE_COLUMNS", "OwnerSet", "find_affiliates"]

AFFILIATE_COLUMNS = ("party", "list", "total", "unknown", "level", "product", "owners", "outcome")
"""Columns of `find_affiliates`."""

_NEAR = 1e-9
_TIERS = 200


@dataclass(frozen=True, slots=True)
class OwnerSet:
    """A rule on owners.

    Attributes
    ----------
    rule : str
        Id of the list that a caught party stands on.
    lists : tuple[str, ...]
        Lists whose parties count as owners, added together; those a rule caught itself count in full.
    threshold : float
        Share of 0 to 1; a party is caught at it or above.
    """

    rule: str
    lists: tuple[str, ...]
    threshold: float = 0.5


def find_affiliates(
    holdings: pd.DataFrame, listings: pd.DataFrame, rules: Sequence[OwnerSet]
) -> pd.DataFrame:
    """Parties that owners on lists hold, directly or through parties that are caught themselves.

    A party is caught where listed owners and caught owners together hold the threshold or more, each
    holding counted in full: 50 percent of 50 percent is caught, and so is 25 and 25 percent of two
    caught owners (OFAC guidance of 13 August 2014 and FAQ 398, 401; supplement 8 to part 744 of the EAR).

    Parameters
    ----------
    holdings : pandas.DataFrame
        Of one day, see `holdings_on`: `owner,owned,share`.
    listings : pandas.DataFrame
        Of one day: `party,list`.
    rules : sequence of OwnerSet
        Each is looked at by itself.

    Returns
    -------
    pandas.DataFrame
        One row a rule and party that listed or caught owners hold a share of and that is not on the
        rule's lists itself: `AFFILIATE_COLUMNS`. `total` = share held by listed and caught owners, known
        shares only; `unknown` = how many such owners hold a share that is not known; `level` = steps from a
        list (1 = held by listed parties; 0 where not caught); `product` = sum over all chains of the
        products of shares, a statistic and no legal test; `owners` = who counts, largest first, in words;
        `outcome` = `caught`, `review` (not caught, and an owner's share is not known: a red flag in the
        EAR, not a no), `below`.
    """
    ends = pd.concat([holdings["owner"], holdings["owned"]], ignore_index=True).astype("str")
    codes, found_names = pd.factorize(ends)
    names = pd.Index(found_names)
    many, n = len(holdings), len(names)
    owner, owned = codes[:many], codes[many:]
    share = holdings["share"].to_numpy(dtype=float)
    graph = _Graph(owner, owned, share, n)
    at = names.get_indexer(pd.Index(listings["party"].astype("str")))
    on = np.zeros((n, len(rules)), dtype=bool)
    for k, rule in enumerate(rules):
        on[at[(at >= 0) & listings["list"].isin(rule.lists).to_numpy()], k] = True
    products = graph.products(on)
    parts = []
    for k, rule in enumerate(rules):
        listed = on[:, k]
        level, total, unknown = graph.caught(listed, rule.threshold)
        counts = listed | (level > 0)
        touched = np.zeros(n, dtype=bool)
        touched[owned[counts[owner]]] = True
        found = np.flatnonzero(touched & ~listed)
        caught = level[found] > 0
        parts.append(
            pd.DataFrame(
                {
                    "party": names[found],
                    "list": rule.rule,
                    "total": total[found],
                    "unknown": unknown[found],
                    "level": level[found],
                    "product": products[found, k],
                    "owners": _said(owner, owned, share, counts, found, names),
                    "outcome": np.where(caught, "caught", np.where(unknown[found] > 0, "review", "below")),
                }
            )
        )
    if not parts:
        return pd.DataFrame({name: [] for name in AFFILIATE_COLUMNS})
    table = pd.concat(parts, ignore_index=True).sort_values(["list", "party"], kind="stable")
    return table[list(AFFILIATE_COLUMNS)].reset_index(drop=True)


class _Graph:
    """Holdings by owner, so that what a newly caught party holds is found without looking at the others."""

    def __init__(self, owner: np.ndarray, owned: np.ndarray, share: np.ndarray, n: int) -> None:
        order = np.argsort(owner, kind="stable")
        self.n, self.owned = n, owned[order]
        self.unknown = np.isnan(share[order])
        self.share = np.where(self.unknown, 0.0, share[order])
        self.start = np.searchsorted(owner[order], np.arange(n + 1))
        self.held = csr_array((np.nan_to_num(share), (owned, owner)), shape=(n, n))

    def caught(self, listed: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Level at which each party is caught (0 if not), its counted share, its owners of unknown share."""
        level = np.zeros(self.n, dtype=np.int64)
        total, unknown = np.zeros(self.n), np.zeros(self.n, dtype=np.int64)
        new, step = np.flatnonzero(listed), 0
        while len(new):
            step += 1
            sizes = self.start[new + 1] - self.start[new]
            first = np.repeat(self.start[new] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
            held = first + np.arange(len(first))
            reached, place = np.unique(self.owned[held], return_inverse=True)
            total[reached] += np.bincount(place, self.share[held], minlength=len(reached))
            unknown[reached] += np.bincount(
                place, self.unknown[held].astype(float), minlength=len(reached)
            ).astype(np.int64)
            over = (total[reached] >= threshold - _NEAR) & (level[reached] == 0) & ~listed[reached]
            new = reached[over]
            level[new] = step
        return level, total, unknown

    def products(self, listed: np.ndarray) -> np.ndarray:
        """Sums over chains of products of shares, from the last listed owner on; shape as `listed`."""
        value = np.zeros(listed.shape)
        for _ in range(_TIERS):
            before = value
            value = self.held @ np.where(listed, 1.0, before)
            if np.abs(value - before).max(initial=0.0) < _NEAR:
                break
        return np.asarray(np.minimum(value, 1.0))


def _said(
    owner: np.ndarray,
    owned: np.ndarray,
    share: np.ndarray,
    counts: np.ndarray,
    found: np.ndarray,
    names: pd.Index,
) -> np.ndarray:
    """Owners that count, `50% A; 25% B`, largest first; `?` where the share is not known."""
    rows = np.flatnonzero(counts[owner] & np.isin(owned, found))
    order = rows[np.lexsort((owner[rows], -np.nan_to_num(share[rows], nan=-1.0), owned[rows]))]
    percent = pd.Series(np.char.mod("%.6g%%", 100 * share[order]), dtype="str").replace("nan%", "?")
    words = percent + " " + pd.Series(np.asarray(names)[owner[order]], dtype="str")
    return words.groupby(owned[order]).agg("; ".join).reindex(found, fill_value="").to_numpy(dtype=object)
