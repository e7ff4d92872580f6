"""What firms that put their answers together know, taken off everything printed: the others remain."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.attack.adding import solve_edition
from analysis.attack.knowing import Asked
from analysis.attack.measuring import Told
from analysis.attack.taking import Taken
from analysis.disclosure.audiences import floor_for

__all__ = ["Coalition", "known_counts", "told_to_coalition"]

Coalition = Sequence[Mapping[str, Sequence[str]]]
"""Of each firm that joins: question to its codes; a set it ticked nothing of has ()."""

_USUAL = 5
_CELL = ["question", "by", "group", "option"]
_TABLE = _CELL[:3]


def told_to_coalition(
    pool: Sequence[Taken],
    evidence: pd.DataFrame,
    asked: Mapping[str, Asked],
    told: Sequence[Told],
    coalition: Coalition,
) -> pd.DataFrame:
    """Counts of the other firms that a coalition recovers or bounds from Releases of the same answers.

    Parameters
    ----------
    pool : sequence of Taken
    evidence : pandas.DataFrame
        As `evidence_of`, of all of them.
    asked : mapping
    told : sequence of Told
    coalition : Coalition
        Its firms are supposed to be in every Release of the pool.

    Returns
    -------
    pandas.DataFrame
        Columns of an attack; numbers of firms are those of the others.

    Notes
    -----
    Everything is a sum over firms, so that what the coalition answered is subtracted from every count, every
    number of firms and every sum of counts; all relations hold for the others too, and all programmes are
    solved again. Others are recovered or bounded under the minimum frequency, less the firms by which the
    coalition is larger than the one the floor of its audience allows for (or under the floor less all its
    firms, if that is more), one at least. Questions that are
    not among its answers, and other waves, are left out.
    """
    waves = {str(one.manifest.get("wave")) for one in pool}
    known = known_counts(coalition, asked, tuple(by for by in evidence["by"].unique() if by))
    held = known[known["by"] == ""]["question"].unique()
    use = evidence["wave"].isin(waves) & evidence["question"].isin(held)
    use &= evidence["base_rule"].isin(["answered", ""])
    rows = evidence[use].reset_index(drop=True)
    if rows.empty:
        return pd.DataFrame()
    counts = known.set_index(_CELL)["count"]
    sizes = known.drop_duplicates(_TABLE).set_index(_TABLE)["n"]
    cell = counts.reindex(pd.MultiIndex.from_frame(rows[_CELL])).fillna(0.0).to_numpy(dtype=float)
    size = sizes.reindex(pd.MultiIndex.from_frame(rows[_TABLE])).fillna(0.0).to_numpy(dtype=float)
    floor = min(_floor(one, len(coalition)) for one in pool)
    rows = rows.assign(
        low=np.maximum(rows["low"] - cell, 0.0),
        high=rows["high"] - cell,
        firms_low=np.maximum(rows["firms_low"] - size, 0.0),
        firms_high=rows["firms_high"] - size,
        floor=float(floor),
    )
    left: list[object] = [
        tuple(int(v - k) for v in values if v >= k) for values, k in zip(rows["values"], cell, strict=True)
    ]
    rows["values"] = pd.Series(left, index=rows.index, dtype=object)
    there = {
        tuple(str(word) for word in key): float(count)
        for key, count in zip(counts.index, counts, strict=True)
    }
    others = [_of_others(one, there) for one in told if one.keys[0][0] in waves and one.keys[0][1] in held]
    firms = max(one.firms for one in pool) - len(coalition)
    found = solve_edition(rows, dict(asked), firms, others).findings
    found = found[found["verdict"].isin(["recovered", "bounded", "supposed"])]
    how = f"less the answers of {len(coalition)} firms: "
    return found.assign(way="coalition", how=how + found["how"].astype("str"))


def known_counts(coalition: Coalition, asked: Mapping[str, Asked], breaks: Sequence[str]) -> pd.DataFrame:
    """Counts of a coalition's own answers: `question,by,group,option,count,n`, by empty for all of them.

    Parameters
    ----------
    coalition : Coalition
    asked : mapping
        As `questions_of`.
    breaks : sequence of str
        Questions by whose answers tables are broken down.
    """
    did = pd.DataFrame(
        [(at, q) for at, firm in enumerate(coalition) for q in firm if q in asked],
        columns=["firm", "question"],
    )
    said = pd.DataFrame(
        [
            (at, q, str(code))
            for at, firm in enumerate(coalition)
            for q, codes in firm.items()
            for code in codes
        ],
        columns=["firm", "question", "option"],
    )
    parts = pd.DataFrame(
        [(q, net, part) for q, one in asked.items() for net, of in one.nets.items() for part in of],
        columns=["question", "net", "option"],
    )
    nets = said.merge(parts, on=["question", "option"]).drop(columns="option")
    nets = nets.rename(columns={"net": "option"}).drop_duplicates()
    said = said[said["question"].isin(list(asked))]
    groups = said[said["question"].isin(list(breaks))].rename(columns={"question": "by", "option": "group"})
    every = pd.DataFrame({"firm": range(len(coalition)), "by": "", "group": ""})
    within = pd.concat([every, groups], ignore_index=True)
    n = did.merge(within, on="firm").groupby(_TABLE).size().rename("n").reset_index()
    count = pd.concat([said, nets], ignore_index=True).merge(within, on="firm").groupby(_CELL).size()
    return n.merge(count.rename("count").reset_index(), on=_TABLE, how="left").fillna(
        {"option": "", "count": 0}
    )


def _floor(taken: Taken, firms: int) -> int:
    """Fewest other firms that a coalition of so many may know of in a Release."""
    said = (taken.manifest.get("disclosure") or {}).get("minimum_frequency")
    least = int(said) if isinstance(said, int) else _USUAL
    allowed = floor_for("members" if taken.manifest.get("audience") == "members" else "public", 0)
    return max(least - max(firms - allowed, 0), taken.floor - firms, 1)


def _of_others(told: Told, known: Mapping[tuple[str, ...], float]) -> Told:
    """A sum of counts less what the coalition adds to it."""
    own = sum(w * known.get(key[1:], 0.0) for key, w in zip(told.keys, told.weights, strict=True))
    left = tuple(int(v - own) for v in told.values if v >= own)
    return replace(told, low=told.low - own, high=told.high - own, values=left)
