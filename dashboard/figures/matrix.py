"""Pairs of rules as a matrix: which duty in which row, which clause in which column, how long a bar."""

from dataclasses import dataclass

import pandas as pd

__all__ = ["Grid", "place_pairs"]

_STATUSES = {"exercised": 0, "duty": 1, "dormant": 2}


@dataclass(frozen=True, slots=True)
class Grid:
    """A placed matrix.

    Attributes
    ----------
    duties, clauses : tuple[str, ...]
        Rows from the top and columns from the left: those with a lethal pair, then those with most at stake.
    cells : dict[tuple[str, str], tuple[int, ...]]
        Places in the table of each duty and clause: exercised and duty before dormant.
    measure : str
        Column the bars are long by: `estimate` (a value), `share`, or `flows` where neither is known.
    most : float
        Its largest value.
    """

    duties: tuple[str, ...]
    clauses: tuple[str, ...]
    cells: dict[tuple[str, str], tuple[int, ...]]
    measure: str
    most: float

    def length(self, value: float) -> float:
        """Length of a bar, 0 to 1."""
        return min(max(float(value) / self.most, 0.0), 1.0) if self.most > 0 else 0.0


def place_pairs(pairs: pd.DataFrame) -> Grid:
    """The matrix of `collision_matrix`, or of pairs of the catalogue without numbers."""
    rows = pairs.reset_index(drop=True)
    measure = ""
    for name in ("estimate", "share", "flows"):
        if name in rows and bool(rows[name].notna().any()) and float(rows[name].max()) > 0:
            measure = name
            break
    weight = rows[measure].astype(float).fillna(0.0) if measure else pd.Series(0.0, index=rows.index)
    lethal = rows["lethal"].astype(float) if "lethal" in rows else pd.Series(0.0, index=rows.index)
    status = rows["status"].map(_STATUSES).fillna(3)
    cells = {
        (str(key[0]), str(key[1])): tuple(int(at) for at in part.sort_values("order", kind="stable").index)
        for key, part in rows.assign(order=status).groupby(["duty", "clause"], sort=False)
    }
    ends = {}
    for end in ("duty", "clause"):
        sums = pd.DataFrame({"lethal": lethal, "weight": weight, "pairs": 1.0}).groupby(rows[end]).sum()
        ordered = sums.sort_values(["lethal", "weight", "pairs"], ascending=False, kind="stable")
        ends[end] = tuple(str(name) for name in ordered.index)
    return Grid(ends["duty"], ends["clause"], cells, measure, float(weight.max()) if len(weight) else 0.0)
