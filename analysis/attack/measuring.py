"""Sums that tell of counts: means, totals and errors of graded answers, and effective numbers of weights."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.attack.counting import are_whole
from analysis.attack.knowing import Asked
from analysis.attack.taking import LAW, Taken

__all__ = ["Told", "told_by_amounts", "told_by_sums"]

_NEAR = 1e-6
_CLOSE = 0.1
"""A mean known to within a tenth of what it can be counts as known (the p% rule with p = 10)."""

_SUMS = frozenset({"mean", "total"})
_AMOUNTS = frozenset({"mean", "total", "quantile", "median"})
Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """A sum of counts between two ends, one of `values` where some; `soft` above 0 where only supposed."""

    keys: tuple[Key, ...]
    weights: tuple[float, ...]
    low: float
    high: float
    why: str
    soft: int = 0
    values: tuple[int, ...] = ()


def told_by_sums(taken: Taken, asked: dict[str, Asked]) -> list[Told]:
    """What means, totals and errors of answers say of the counts of these answers.

    Notes
    -----
    The answers of a question with codes that are numbers, c_k of n firms with code k: sum k c_k = n mean (to
    the last decimal), and of the standard error s / sqrt(n), with or without finite population,
    sum k^2 c_k = (n - 1) s^2 + (sum k c_k)^2 / n, where that is whole: of the sums that round to a mean only
    those for which it is. Of three codes that is all there is to know. Of a weighted share p with effective
    number m = p (1 - p) / variance, x firms who said so and n - x who did not,
    x (n - x) >= p (1 - p) m n^2 / (n - 1) by the inequality of Cauchy and Schwarz: supposed, for how the
    error was found is not known.
    """
    found: list[Told] = []
    for name, table in taken.tables.items():
        if name in LAW or not {"question", "stat", "estimate", "n"} <= set(table.columns) or "firm" in table:
            continue
        rows = _plain(table)
        of_answers = rows[rows["stat"].isin(_SUMS) & rows["option"].eq("")]
        for row in of_answers.to_dict(orient="records"):
            if str(row["question"]) in asked:
                found += _moments({str(k): v for k, v in row.items()}, asked[str(row["question"])], taken)
        found += _weighted(rows[rows["stat"].eq("share")])
    return found


def told_by_amounts(taken: Taken) -> pd.DataFrame:
    """Means, totals and quantiles of too few firms, as they stand or as what groups leave of all firms.

    Returns
    -------
    pandas.DataFrame
        Columns of an attack; `low` and `high` are the sum over these firms.
    """
    found: list[dict[str, object]] = []
    for name, table in taken.tables.items():
        if name in LAW or not {"stat", "estimate", "n"} <= set(table.columns) or "firm" in table:
            continue
        rows = _plain(table)
        rows = rows[rows["stat"].isin(_AMOUNTS) | rows["summary"].isin(_AMOUNTS)]
        rows = rows[rows["estimate"].notna() & (rows["n"] > 0)]
        if rows.empty:
            continue
        few = rows[rows["n"] < taken.floor]
        for row in few.to_dict(orient="records"):
            n, value = float(row["n"]), float(row["estimate"])
            total = value if row["stat"] == "total" else n * value
            found.append(_row(taken, name, row, n, (total, total), "an amount of so few firms"))
        found += _left_over(taken, name, rows[rows["stat"].isin(_SUMS) | rows["summary"].isin(_SUMS)])
    return pd.DataFrame(found)


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Keys as text, numbers as numbers, those that are not there empty."""
    texts = ("wave", "question", "option", "by", "group", "base_rule", "stat", "summary", "seed")
    numbers = ("n", "base", "estimate", "se", "n_eff")
    out: dict[str, pd.Series] = {
        c: table[c].astype("str") if c in table else pd.Series("", index=table.index) for c in texts
    }
    out |= {
        c: pd.to_numeric(table[c], errors="coerce").astype(float)
        if c in table
        else pd.Series(np.nan, index=table.index)
        for c in numbers
    }
    return pd.DataFrame(out)


def _moments(row: dict[str, object], asked: Asked, taken: Taken) -> Iterator[Told]:
    """First and second moment of one mean or total as sums of counts."""
    n, base, value, error = (float(str(row[c])) for c in ("n", "base", "estimate", "se"))
    try:
        codes = [float(option) for option in asked.options]
    except ValueError:
        return
    if not (np.isfinite([n, value]).all() and n > 1 and asked.is_single and len(codes) > 1):
        return
    if np.isfinite(base) and abs(base - n) > _NEAR:
        return
    where = tuple(str(row[c]) for c in ("wave", "question", "by", "group"))
    keys = tuple((where[0], where[1], where[2], where[3], option) for option in asked.options)
    mean = value / n if row["stat"] == "total" else value
    half = _half(mean) * n
    sums = np.arange(np.ceil(mean * n - half - _NEAR), np.floor(mean * n + half + _NEAR) + 1)
    if not len(sums):  # the codes are not what was added up
        return
    seconds = np.empty((0, 2))
    if np.isfinite(error) and error > 0:
        part = [1.0, 1.0 - n / taken.firms if taken.firms > n else 1.0]
        seconds = np.array([
            (first, second)
            for first in sums
            for finite in dict.fromkeys(part)
            for second in _second(first, n, error * (1.0 if row["stat"] == "mean" else 1.0 / n), finite)
        ]).reshape(-1, 2)  # fmt: skip
    if len(seconds):  # of the sums that round to the mean those the error agrees with
        sums = seconds[:, 0]
    ends = float(sums.min()), float(sums.max())
    yield Told(keys, tuple(codes), *ends, f"{row['stat']} times firms")
    if len(seconds):
        squares = tuple(code**2 for code in codes)
        ends = float(seconds[:, 1].min()), float(seconds[:, 1].max())
        yield Told(keys, squares, *ends, "standard error of a mean")


def _second(first: float, n: float, error: float, finite: float) -> list[float]:
    """Whole sums of squares that give the standard error of a mean of n, as far as it is rounded."""
    half = _half(error)
    ends = [(n - 1) * max(error + side * half, 0.0) ** 2 * n / finite + first**2 / n for side in (-1.0, 1.0)]
    found = np.arange(np.ceil(ends[0] - 1e-4), np.floor(ends[1] + 1e-4) + 1)
    return [float(one) for one in found]


def _half(value: float) -> float:
    """Half the last decimal a mean is printed with, four or fewer; else next to nothing."""
    for places in range(1, 5):
        if abs(value * 10**places - round(value * 10**places)) < 1e-9:
            return 0.5 * 10.0**-places
    return 1e-9


def _weighted(rows: pd.DataFrame) -> list[Told]:
    """Least and greatest number of firms behind a weighted share, supposed."""
    n, p, m = (rows[c].to_numpy(dtype=float) for c in ("n", "estimate", "n_eff"))
    base = rows["base"].to_numpy(dtype=float)
    use = np.isfinite(n) & np.isfinite(p) & np.isfinite(m) & np.isfinite(base) & (n > 1) & (p > 0) & (p < 1)
    use &= (np.abs(base - n) > _NEAR) & ~are_whole(rows, n * p)
    use &= rows["base_rule"].isin(["answered", ""]).to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(np.maximum(n**2 - 4 * p * (1 - p) * m * n**2 / (n - 1), 0.0))
    low, high = np.ceil((n - root) / 2 - _NEAR), np.floor((n + root) / 2 + _NEAR)
    keys = list(zip(*(rows[c] for c in ("wave", "question", "by", "group", "option")), strict=True))
    return [
        Told((keys[at],), (1.0,), float(low[at]), float(high[at]), "effective number of a weighted share", 3)
        for at in np.flatnonzero(use & (low <= high))
    ]


def _left_over(taken: Taken, name: str, rows: pd.DataFrame) -> Iterator[dict[str, object]]:
    """The amount of the firms that are in no group shown: all firms less the groups."""
    key = ["wave", "question", "option", "base_rule", "stat", "summary", "seed"]
    for _, part in rows.groupby(key, sort=False):
        every, groups = part[part["by"] == ""], part[part["by"] != ""]
        for _, shown in groups.groupby("by", sort=False) if len(every) == 1 else ():
            sums = [
                np.where(one["stat"] == "total", one["estimate"], one["n"] * one["estimate"])
                for one in (every, shown)
            ]
            left = float(every["n"].iloc[0] - shown["n"].sum())
            total = float(sums[0].sum() - sums[1].sum())
            doubt = float(sum((one["n"] * one["estimate"].map(_half)).sum() for one in (every, shown)))
            most = float(np.abs(sums[0]).sum())
            if 0 < left < taken.floor and doubt < _CLOSE * max(abs(total), _NEAR * most):
                row = {**every.iloc[0].to_dict(), "by": shown["by"].iloc[0]}
                ends = (total - doubt, total + doubt)
                yield _row(taken, name, row, left, ends, "all firms less the groups shown")


def _row(
    taken: Taken,
    name: str,
    row: Mapping[Any, object],
    n: float,
    ends: tuple[float, float],
    how: str,
) -> dict[str, object]:
    told = {str(k): v for k, v in row.items()}
    return {
        "release": taken.label, "way": "amounts", "table": name,
        **{c: told[c] for c in ("wave", "by", "group")},
        "question": told["question"] or told["stat"], "option": told["option"] or told["seed"],
        "firms_low": n, "firms_high": n, "low": ends[0], "high": ends[1], "floor": taken.floor,
        "verdict": "recovered" if n == 1 else "bounded", "how": how,
    }  # fmt: skip
