"""Counts behind a paired comparison: firms with one answer and not the other, from a difference's limits."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.attack.judging import verdicts
from analysis.attack.measuring import Told
from analysis.attack.taking import LAW, Taken
from analysis.estimate.differences import paired_limits

__all__ = ["told_by_pairs"]

_LARGEST = 5000
_NEAR = 1e-6
_METHOD = "paired score"
"""Limits of these firms; those of `any overlap` are the widest of all that could be, and fit none."""

_NEEDED = {"stat", "question", "option", "against", "n", "estimate", "method"}
_CELLS = ("{one}, not {two}", "{two}, not {one}", "{one} and {two}", "neither {one} nor {two}")


def told_by_pairs(taken: Taken, evidence: pd.DataFrame) -> tuple[list[Told], pd.DataFrame]:
    """What differences of two answers of the same firms say of both, and of the firms with one of them alone.

    Parameters
    ----------
    taken : Taken
    evidence : pandas.DataFrame
        As `evidence_of` of the same Release.

    Returns
    -------
    tuple
        Sums of counts, and columns of an attack: the four counts of a comparison that are unsafe.

    Notes
    -----
    Of n firms, b have the first answer alone and c the second: n times the difference is b - c, which is the
    count of the first less that of the second. Every c is tried in the score limits of Tango (1998); b + c
    moves them, so that one is left. What both answers have, and neither, follows where one count is known.
    Weighted differences and changed counts are passed over: they are of no whole firms; and limits over any
    overlap, as of printed figures, which hold for every b and c alike.
    """
    told: list[Told] = []
    found: list[dict[str, object]] = []
    for name, table in taken.tables.items() if taken.changing is None else ():
        if name in LAW or not set(table.columns) >= _NEEDED:
            continue
        is_paired = table["method"].astype("str") == _METHOD
        rows = table[(table["stat"].astype("str") == "difference") & table["estimate"].notna() & is_paired]
        for row in rows.to_dict(orient="records"):
            at = {str(key): value for key, value in row.items()}
            n = float(at["n"])
            gap = _difference(at, n)
            if gap is None:
                continue
            place = (str(at.get("wave", "")), str(at["question"]), "", "")
            keys = ((*place, str(at["option"])), (*place, str(at["against"])))
            told.append(Told(keys, (1.0, -1.0), gap, gap, "difference of two answers times firms"))
            found += _cells(taken, name, at, n, gap, _known(evidence, keys[0]))
    return told, pd.DataFrame(found)


def _difference(row: dict[str, object], n: float) -> float | None:
    """Firms of the first answer less those of the second; None where it is of no whole firms."""
    gap = n * float(str(row["estimate"]))
    is_whole = np.isfinite(gap) and 0 < n <= _LARGEST and abs(gap - round(gap)) < _NEAR * n
    return float(round(gap)) if is_whole else None


def _known(evidence: pd.DataFrame, key: tuple[str, ...]) -> float:
    """The count of an answer that is shown; nan where it is not."""
    is_this = np.ones(len(evidence), dtype=bool)
    for column, word in zip(("wave", "question", "by", "group", "option"), key, strict=True):
        is_this &= (evidence[column] == word).to_numpy()
    mine = evidence[is_this & (evidence["low"] == evidence["high"]).to_numpy()]
    return float(mine["low"].iloc[0]) if len(mine) else float("nan")


def _cells(
    taken: Taken, name: str, row: dict[str, object], n: float, gap: float, first: float
) -> Iterator[dict[str, object]]:
    """The unsafe ones of the four counts of a comparison, as far as its limits tell them."""
    low, high = (float(str(row.get(end, "nan"))) for end in ("low", "high"))
    level = float(str(row.get("level", 0.95)))
    alone = np.arange(max(0.0, -gap), np.floor((n - gap) / 2) + 1)  # the second answer alone
    if not (np.isfinite([low, high]).all() and len(alone)):
        return
    ends = paired_limits(alone + gap, alone, np.full(len(alone), n), level)
    fits = alone[(np.abs(ends[0] - low) < _NEAR) & (np.abs(ends[1] - high) < _NEAR)]
    if not len(fits):
        return
    second, both = fits, first - (fits + gap)
    cells = np.column_stack([second + gap, second, both, n - first - second])
    sizes = np.full(4, n)
    least, most = cells.min(axis=0), cells.max(axis=0)
    words = {"one": str(row["option"]), "two": str(row["against"])}
    verdict = verdicts(least, most, sizes, sizes, np.full(4, float(taken.floor)))
    for at in np.flatnonzero(np.isfinite(least) & np.isin(verdict, ["recovered", "bounded"])):
        yield {
            "release": taken.label, "way": "margins", "table": name, "wave": str(row.get("wave", "")),
            "question": str(row["question"]), "option": _CELLS[at].format(**words), "firms_low": n,
            "firms_high": n, "low": least[at], "high": most[at], "floor": taken.floor,
            "verdict": verdict[at], "how": "limits of a difference of two answers",
        }  # fmt: skip
