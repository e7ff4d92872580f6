"""What a scenario does in money: value under the rules of each side and at stake, before and after."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.pressure.channels import Reach
from analysis.pressure.draws import keyed_below

__all__ = ["AMOUNTS", "Amounts", "amounts_of"]

Floats = NDArray[np.float64]

AMOUNTS = ("reach_us", "reach_cn", "at_stake")
"""Stats in money, in the order of the first axis."""

BLOCK = 300_000
"""Numbers (draws x flows) held at once: few enough to stay in the processor's own memory."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """Money of n firms, and the flows whose money differs.

    Attributes
    ----------
    before, after : shapes (3, n)
        Sums over a firm's flows.
    n : shape (n,)
        1 where some flow of the firm has a value.
    firm : shape (f,)
        Firm of each flow that differs.
    change : shape (3, f)
        What it changes.
    confidence, name : shape (f,)
        Probability that its link exists, and the hash its draws belong to.
    seed, draws : int
    """

    before: Floats
    after: Floats
    n: NDArray[np.int64]
    firm: NDArray[np.int64]
    change: Floats
    confidence: Floats
    name: NDArray[np.uint64]
    seed: int
    draws: int

    def rows(self, member: Floats, level: float) -> Iterator[pd.DataFrame]:
        """For each of `AMOUNTS` a row a group: `stat,n,before,after,difference,low,high`.

        Parameters
        ----------
        member : shape (groups, n)
            0 and 1.
        level : float
        """
        spread = self._drawn(member)
        count = (member @ self.n).astype(int)
        for place, stat in enumerate(AMOUNTS):
            was, now = member @ self.before[place], member @ self.after[place]
            low = high = now - was
            if len(spread):
                ends = np.quantile(spread[place], [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
                low, high = np.minimum(ends[0], now - was), np.maximum(ends[1], now - was)
            made = {"before": was, "after": now, "difference": now - was, "low": low, "high": high}
            yield pd.DataFrame({"stat": stat, "n": count, **made})

    def _drawn(self, member: Floats) -> Floats:
        """Differences of each group in each draw, shape (3, draws, groups)."""
        if not len(self.firm):
            return np.zeros((0, 0, 0))
        groups = len(member)
        of_flow = sparse.csr_matrix(member[:, self.firm].T)  # (f, groups)
        unsure = self.confidence < 1.0
        sure = np.stack([of_flow.T @ np.where(unsure, 0.0, row) for row in self.change])
        out = np.repeat(sure[:, None, :], self.draws, axis=1)
        at = np.flatnonzero(unsure)
        if not len(at):
            return out
        spread = [sparse.csr_matrix(of_flow[at].multiply(row[at][:, None])) for row in self.change]
        rows = max(1, BLOCK // len(at))
        for first in range(0, self.draws, rows):
            last = min(first + rows, self.draws)
            there = keyed_below(self.seed, self.name[at], self.confidence[at], first, last)
            for place, one in enumerate(spread):
                out[place, first:last] += (one.T @ there.astype(np.float64)).T.reshape(-1, groups)
        return out


def amounts_of(
    before: Reach,
    after: Reach,
    values: tuple[pd.Series, pd.Series],
    *,
    seed: int,
    draws: int,
) -> Amounts:
    """Money of firms under each side's rules and at stake, before and after.

    A flow between two of the firms counts for each of them; one without a value counts nothing.

    Parameters
    ----------
    before, after : Reach
        Of the same n firms.
    values : pair of pandas.Series
        Value of each flow in the order of the reach, nan where not known.
    seed, draws : int
        Those of the study.
    """
    tables = []
    for reach, value in zip((before, after), values, strict=True):
        money = np.nan_to_num(value.to_numpy(dtype=np.float64))
        amounts = reach.weight * money
        keys = {
            "firm": reach.firm,
            "flow": reach.flow,
            "channel": np.array(reach.channels, dtype=object)[reach.channel],
        }
        table = pd.DataFrame(
            {**keys, "name": pd.array(reach.name, dtype="UInt64"), "confidence": reach.confidence}
        )
        for place, stat in enumerate(AMOUNTS):
            table[stat] = amounts[place]
        table["has"] = np.isfinite(value.to_numpy(dtype=np.float64))
        tables.append(table)
    many = len(before.firms)
    sums = [_sums(table, many) for table in tables]
    has = [np.bincount(t["firm"], t["has"], minlength=many) > 0 for t in tables]
    both = tables[0].merge(tables[1], on=["firm", "flow", "channel"], how="outer", suffixes=("", "_after"))
    change = np.stack([(both[f"{s}_after"].fillna(0.0) - both[s].fillna(0.0)).to_numpy() for s in AMOUNTS])
    differs = (change != 0).any(axis=0)
    left = both[differs]
    gone = left["confidence"].isna()
    return Amounts(
        before=sums[0],
        after=sums[1],
        n=(has[0] | has[1]).astype(np.int64),
        firm=left["firm"].to_numpy(dtype=np.int64),
        change=change[:, differs],
        confidence=left["confidence"].where(~gone, left["confidence_after"]).to_numpy(dtype=np.float64),
        name=_hashes(left["name"], left["name_after"]),
        seed=seed,
        draws=draws,
    )


def _hashes(first: pd.Series, second: pd.Series) -> NDArray[np.uint64]:
    """Names of flows; of one that is only there before or after, the name it has there."""
    return np.asarray(first.where(first.notna(), second), dtype=np.uint64)


def _sums(table: pd.DataFrame, many: int) -> Floats:
    firm = table["firm"].to_numpy()
    return np.stack([np.bincount(firm, weights=table[stat], minlength=many) for stat in AMOUNTS]).astype(
        float
    )
