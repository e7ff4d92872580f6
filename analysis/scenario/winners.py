"""Whom a scenario burdens and whom it relieves: firms counted by group, on the same draws."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.scenario.effects import Paired
from analysis.scenario.record import WINNERS_COLUMNS

__all__ = ["FELT", "winners_of"]

Floats = NDArray[np.float64]

FELT = 0.0005
"""Smallest change of a stat that counts: half of what is printed."""

_COUNTED = f"firms whose stat changes by more than {FELT:g}; counted in each of the paired draws"


def winners_of(
    scenario: str,
    paired: Sequence[Paired],
    groups: Mapping[str, NDArray[np.object_]],
    level: float,
) -> pd.DataFrame:
    """Firms that a scenario burdens and firms that it relieves, of all and of each group.

    Parameters
    ----------
    scenario : str
    paired : sequence of Paired
        Stats of the same n firms, from `paired_stats`.
    groups : mapping of str to shape (n,)
        Question to the code of each firm's answer, "" where it has none.
    level : float

    Returns
    -------
    pandas.DataFrame
        `WINNERS_COLUMNS`. Limits are quantiles of the count over draws, moved outwards where need be to hold
        the count itself.
    """
    parts = []
    for one in paired:
        known = np.isfinite(one.before) & np.isfinite(one.after)
        change = np.where(known, one.after - one.before, 0.0)
        moved, drawn = one.at, one.draws
        whose = {"": np.full(len(known), "all", dtype=object), **groups}
        felt = {sign: (sign * drawn > FELT).astype(np.float32) for sign in (1.0, -1.0)}
        for by, codes in whose.items():
            names = sorted({str(code) for code in codes if code})
            member = np.array([codes == name for name in names]).reshape(len(names), len(known))
            made: dict[str, object] = {"n": (member & known).sum(axis=1)}
            for sign, word in ((1.0, "burdened"), (-1.0, "relieved")):
                count = (member & (sign * change > FELT)).sum(axis=1)
                spread = (felt[sign] @ member[:, moved].T.astype(np.float32)).astype(np.float64)
                ends = np.quantile(spread, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
                mean = np.where(sign * change > FELT, change, 0.0) @ member.T
                made |= {
                    word: count,
                    f"{word}_low": np.minimum(np.floor(ends[0]), count),
                    f"{word}_high": np.maximum(np.ceil(ends[1]), count),
                    f"{word}_mean": np.divide(mean, count, out=np.full(len(names), np.nan), where=count > 0),
                }
            groups_named = [""] if not by else names
            parts.append(pd.DataFrame({**made, "by": by, "group": groups_named, "stat": one.stat}))
    table = pd.concat(parts, ignore_index=True)
    counted = [
        "burdened",
        "relieved",
        *(f"{w}_{e}" for w in ("burdened", "relieved") for e in ("low", "high")),
    ]
    table[counted] = table[counted].astype("int64")
    table["unmoved"] = table["n"] - table["burdened"] - table["relieved"]
    flag = np.where(table["n"] == 0, "no firm has it", np.where(table["n"] < 5, "fewer than 5 firms", ""))
    return table.assign(scenario=scenario, level=level, method=_COUNTED, flag=flag)[list(WINNERS_COLUMNS)]
