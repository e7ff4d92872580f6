"""Counts from p-values: the number of firms in a hidden cell that makes a printed test come out as it did."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

from analysis.attack.measuring import Told

__all__ = ["invert_test", "told_by_tests"]

_SURE = (1e-12, 1 - 1e-9)
"""P-values outside say too little: many counts give them."""

_NEAR = 1e-6
_LARGEST = 500

Floats = NDArray[np.float64]


def invert_test(p: float, x: float, n: float, other: float) -> NDArray[np.int64]:
    """Counts of a second group of `other` firms for which a test against x of n gives p.

    Parameters
    ----------
    p : float
        As printed; relative precision 1e-6 is asked for.
    x, n : float
        Firms that said so, and firms, of the group that is known.
    other : float
        Firms of the group whose count is sought.

    Returns
    -------
    array of whole numbers
        Empty where no test tried gives p.

    Notes
    -----
    Tried: z of two shares with pooled variance (the chi-square of Pearson, and of Rao and Scott where weights
    are equal), with n - 1 in place of n as in a survey design, with the correction of Yates, with variances
    apart, and the exact test of Fisher (two-sided, all tables at most as likely).
    """
    if not _SURE[0] < p < _SURE[1] or not 0 < other <= _LARGEST or not 0 < n <= _LARGEST:
        return np.empty(0, dtype=np.int64)
    y = np.arange(int(other) + 1, dtype=float)
    a, b = x / n, y / other
    pooled = (x + y) / (n + other)
    gap = np.abs(a - b)
    with np.errstate(divide="ignore", invalid="ignore"):
        one = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / other))
        apart = np.sqrt(a * (1 - a) / n + b * (1 - b) / other)
        less = np.sqrt(a * (1 - a) / (n - 1) + b * (1 - b) / (other - 1))
        yates = np.maximum(gap - 0.5 * (1 / n + 1 / other), 0.0)
        many = n + other
        scores = [gap / one, gap / one * np.sqrt((many - 1) / many), gap / apart, gap / less, yates / one]
        tried = [2 * ndtr(-score) for score in scores]
    tried.append(_fisher(x, n, y, other))
    fits = np.zeros(len(y), dtype=bool)
    for values in tried:
        fits |= np.abs(values - p) <= _NEAR * p
    return np.flatnonzero(fits)


def _fisher(x: float, n: float, y: Floats, other: float) -> Floats:
    """Two-sided p of the exact test for each y."""
    out = np.ones(len(y))
    for at, count in enumerate(y):
        said = x + count
        k = np.arange(max(0.0, said - other), min(n, said) + 1)
        log = _choose(n, k) + _choose(other, said - k) - _choose(n + other, said)
        chance = np.exp(log)
        here = chance[int(x - k[0])]
        out[at] = chance[chance <= here * (1 + 1e-7)].sum()
    return out


def _choose(n: float, k: Floats | float) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(np.asarray(k) + 1) - gammaln(n - np.asarray(k) + 1))


def told_by_tests(tables: dict[str, pd.DataFrame], evidence: pd.DataFrame) -> list[Told]:
    """What p-values of groups say of cells that are hidden.

    A test of a group is against another group, or against all the others; each is tried. The sizes of both
    must be known.

    Parameters
    ----------
    tables : dict
        Of one Release.
    evidence : pandas.DataFrame
        As `evidence_of` of the same Release.
    """
    key = ["wave", "question", "by", "group", "option"]
    known = evidence[evidence["base_rule"].isin(["answered", ""])].drop_duplicates(key)
    at = {
        tuple(row[:5]): tuple(row[5:])
        for row in known[[*key, "firms_low", "firms_high", "low", "high"]].itertuples(index=False, name=None)
    }
    found: list[Told] = []
    for table in tables.values():
        if not {"p", "question", "option", "by", "group"} <= set(table.columns):
            continue
        rows = table[pd.to_numeric(table["p"], errors="coerce").notna() & (table["by"].astype("str") != "")]
        for row in rows.to_dict(orient="records"):
            found += _of_row({str(k): v for k, v in row.items()}, at)
    return found


def _of_row(row: dict[str, object], at: dict[tuple[str, ...], tuple[float, ...]]) -> list[Told]:
    """What one p-value says of its own cell, or of the one it was tested against."""
    names = ("wave", "question", "by", "group", "option")
    wave, question, by, group, option = (str(row.get(name, "")) for name in names)
    own = at.get((wave, question, by, group, option))
    if own is None:
        return []
    p = float(str(row["p"]))
    others = {
        k: v for k, v in at.items() if k[:3] == (wave, question, by) and k[4] == option and k[3] != group
    }
    every = at.get((wave, question, "", "", option))
    found: dict[tuple[str, ...], list[int]] = {}
    for place, other in others.items():
        pairs = (((wave, question, by, group, option), own, other), (place, other, own))
        for target, hidden, told in pairs:
            if hidden[2] < hidden[3] and hidden[0] == hidden[1] and told[2] == told[3] and told[0] == told[1]:
                counts = invert_test(p, told[2], told[0], hidden[0])
                found.setdefault(target, []).extend(int(count) for count in counts)
    if every is not None and own[2] < own[3] and every[2] == every[3] and own[0] == own[1] < every[0]:
        place = (wave, question, by, group, option)
        for count in range(int(own[0]) + 1):
            rest = every[2] - count
            if 0 <= rest <= every[0] - own[0]:
                hits = invert_test(p, rest, every[0] - own[0], own[0])
                found.setdefault(place, []).extend([count] if count in hits else [])
    return [
        Told(
            ((k[0], k[1], k[2], k[3], k[4]),), (1.0,), float(min(c)), float(max(c)), "p-value of a test",
            values=tuple(sorted({*c})),
        )
        for k, c in found.items()
        if c
    ]  # fmt: skip
