"""How far what firms say of rules agrees with what their flows say: shares, kappa, and rank association."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from analysis.estimate.differences import wilson_limits
from analysis.pressure.channels import STATS, Reach, channel_sums, of_trade
from analysis.pressure.selfreport import Said

__all__ = [
    "AGREEMENT_COLUMNS",
    "DISAGREEMENT_COLUMNS",
    "Agreement",
    "agree",
    "area_limits",
    "kappa_limits",
    "touch_chances",
]

Floats = NDArray[np.float64]

AGREEMENT_COLUMNS = (
    *("says", "question", "option", "stat", "n", "base", "estimate", "low", "high", "level", "method"),
    *("as_of", "flag"),
)
"""Columns of `Agreement.table`."""

DISAGREEMENT_COLUMNS = (
    *("firm", "says", "question", "option", "answer", "ledger", "case"),
    *("stat", "n", "estimate", "chance", "as_of"),
)
"""Columns of `Agreement.firms`."""

CASES = ("both", "answer only", "ledger only", "neither")
"""Who says that the rules of a side reach the firm."""

LEAST = 5
"""Firms of each kind below which no association is told."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Answers beside the ledger, over all firms and firm by firm.

    Attributes
    ----------
    table : pandas.DataFrame
        `AGREEMENT_COLUMNS`, for each question: counts of `CASES` (`both`, ...), `agree` (share of firms on
        which both say the same), `agree_yes` and `agree_no` (the same of those of whom either says yes, or
        no), `agree_expected` (the share over links that may not exist), `kappa`, `auc`. `n` firms with
        both; `base` is n, for firms count alike.
    firms : pandas.DataFrame
        `DISAGREEMENT_COLUMNS`, one row a firm with both; `estimate` the indicator, `chance` the probability
        that a flow the rules of the side reach exists.
    """

    table: pd.DataFrame
    firms: pd.DataFrame


def agree(said: tuple[Said, ...], reach: Reach, points: Floats, day: str, level: float) -> Agreement:
    """Answers of the firms of `reach` held against us, cn and squeeze of the day of fieldwork.

    Parameters
    ----------
    said : tuple of Said
        Of n firms.
    reach : Reach
        Of the same firms, on the day of fieldwork.
    points : shape (3, n)
        Indicators, in the order of `STATS`; nan where missing.
    day : str
        That day.
    level : float
    """
    chances = touch_chances(reach)
    rows: list[tuple[object, ...]] = []
    firms = []
    for one in said:
        s = STATS.index(one.stat)
        value = points[s]
        known = np.isfinite(one.yes) & np.isfinite(value)
        yes, touched = one.yes[known] > 0, value[known] > 0
        key = (one.stat, one.question, one.option or ";".join(one.codes))
        flag = _why(yes, touched)
        told = _counts(yes, touched, level) + _expected(yes, chances[s, known], level)
        told += _associations(yes, touched, value[known], level)
        n = int(known.sum())
        for stat, of, estimate, low, high, method in told:
            why = flag if np.isnan(estimate) else ""
            rows.append((*key, stat, of, float(of), estimate, low, high, level, method, day, why))
        case = np.select([yes & touched, yes, touched], CASES[:3], CASES[3])
        firms.append(
            pd.DataFrame(
                {
                    "firm": np.array(reach.firms, dtype=object)[known],
                    "says": key[0],
                    "question": key[1],
                    "option": key[2],
                    "answer": yes.astype(int),
                    "ledger": touched.astype(int),
                    "case": case,
                    "stat": one.stat,
                    "n": 1,
                    "estimate": value[known],
                    "chance": chances[s, known],
                    "as_of": day,
                }
            )
            if n
            else pd.DataFrame(columns=list(DISAGREEMENT_COLUMNS))
        )
    table = pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS))
    whole = pd.concat(firms, ignore_index=True) if firms else pd.DataFrame(columns=list(DISAGREEMENT_COLUMNS))
    return Agreement(table, whole[list(DISAGREEMENT_COLUMNS)])


_Row = tuple[str, int, float, float, float, str]


def _counts(yes: NDArray[np.bool_], touched: NDArray[np.bool_], level: float) -> list[_Row]:
    """Counts of the four cases, and shares of firms on which both agree, with Wilson limits."""
    n = len(yes)
    cells = [yes & touched, yes & ~touched, ~yes & touched, ~yes & ~touched]
    rows = [
        (name, n, float(c.sum()), np.nan, np.nan, "a count") for name, c in zip(CASES, cells, strict=True)
    ]
    both, one, other, none = (int(cell.sum()) for cell in cells)
    for name, hits, of in (
        ("agree", both + none, n),
        ("agree_yes", both, both + one + other),
        ("agree_no", none, none + one + other),
    ):
        if not of:
            rows.append((name, 0, np.nan, np.nan, np.nan, "share of firms, Wilson limits"))
            continue
        low, high = wilson_limits(hits / of, of, level)
        rows.append((name, of, hits / of, float(low), float(high), "share of firms, Wilson limits"))
    return rows


def _expected(yes: NDArray[np.bool_], chance: Floats, level: float) -> list[_Row]:
    """Agreement over links that may not exist: the mean of the probability that the ledger says the same."""
    told = "mean probability over link confidence, Wilson limits"
    if not len(yes):
        return [("agree_expected", 0, np.nan, np.nan, np.nan, told)]
    mean = float(np.where(yes, chance, 1.0 - chance).mean())
    low, high = wilson_limits(mean, len(yes), level)
    return [("agree_expected", len(yes), mean, float(low), float(high), told)]


def _associations(
    yes: NDArray[np.bool_], touched: NDArray[np.bool_], value: Floats, level: float
) -> list[_Row]:
    """Kappa, and how well the indicator orders firms by their answer; nan where there are too few."""
    n = len(yes)
    nothing = (np.nan, np.nan, np.nan)
    few = min(int(yes.sum()), int((~yes).sum())) < LEAST
    flat = touched.all() or not touched.any()
    kappa = nothing if few or flat else kappa_limits(yes, touched, level)
    area = nothing if few or np.ptp(value) <= 0 else area_limits(yes, value, level)
    return [
        ("kappa", n, *kappa, "Cohen; normal limits with the large-sample error of Fleiss, Cohen and Everitt"),
        (
            "auc",
            n,
            *area,
            "the indicator is higher for a firm that says yes; limits of DeLong on the logit scale",
        ),
    ]


def _why(yes: NDArray[np.bool_], touched: NDArray[np.bool_]) -> str:
    """Why no association is told, "" where it is."""
    if not len(yes):
        return "no firm has both an answer and an indicator"
    if min(int(yes.sum()), int((~yes).sum())) < LEAST:
        return f"fewer than {LEAST} firms said yes, or no"
    if touched.all():
        return "the ledger says yes of every firm"
    return "the ledger says yes of no firm" if not touched.any() else ""


def kappa_limits(one: NDArray[np.bool_], two: NDArray[np.bool_], level: float) -> tuple[float, float, float]:
    """Cohen's kappa of two yes-or-no readings of n firms, with normal limits.

    Source: Cohen, Educational and Psychological Measurement 20, 1960; error of Fleiss, Cohen and Everitt,
    Psychological Bulletin 72, 1969, equation 13.

    Parameters
    ----------
    one, two : shape (n,)
    level : float

    Returns
    -------
    kappa, low, high; nan where either reading is the same of all
    """
    n = len(one)
    p = np.array([[np.mean(one & two), np.mean(one & ~two)], [np.mean(~one & two), np.mean(~one & ~two)]])
    row, column = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float(np.trace(p)), float(row @ column)
    if chance >= 1.0 or not (0 < row[0] < 1) or not (0 < column[0] < 1):
        return np.nan, np.nan, np.nan
    kappa = (observed - chance) / (1.0 - chance)
    first = float(np.sum(np.diag(p) * (1.0 - (row + column) * (1.0 - kappa)) ** 2))
    across = (column[:, None] + row[None, :]) ** 2
    second = (1.0 - kappa) ** 2 * float(np.sum(p * across) - np.trace(p * across))
    third = (kappa - chance * (1.0 - kappa)) ** 2
    error = np.sqrt(max(first + second - third, 0.0) / n) / (1.0 - chance)
    z = float(ndtri((1.0 + level) / 2.0))
    return kappa, max(kappa - z * error, -1.0), min(kappa + z * error, 1.0)


def area_limits(yes: NDArray[np.bool_], value: Floats, level: float) -> tuple[float, float, float]:
    """Probability that the value of a firm with yes is above that of one with no, ties a half, with limits.

    Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988; limits on the logit scale, those of a
    perfect order by half a pair.

    Parameters
    ----------
    yes, value : shape (n,)
    level : float
    """
    high, low = value[yes], value[~yes]
    m, n = len(high), len(low)
    whole = _midranks(np.r_[high, low])
    above = (whole[:m] - _midranks(high)) / n
    below = 1.0 - (whole[m:] - _midranks(low)) / m
    area = float(above.mean())
    error = float(np.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n))
    z = float(ndtri((1.0 + level) / 2.0))
    at = min(max(area, 0.5 / (m * n)), 1.0 - 0.5 / (m * n))
    spread = max(error, 0.5 / (m * n)) / (at * (1.0 - at))
    ends = expit(logit(at) + np.array([-z, z]) * spread)
    return area, min(float(ends[0]), area), max(float(ends[1]), area)


def _midranks(values: Floats) -> Floats:
    """Ranks from 1, ties at their mean."""
    _, place, many = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(many) - (many - 1) / 2.0)[place])


def touch_chances(reach: Reach) -> Floats:
    """Probability that at least one flow that weighs on an indicator exists, shape (3, n); nan where missing.

    In closed form: 1 less the product of (1 - confidence) over links, each link counted once.
    """
    n = len(reach.firms)
    out = np.empty((len(STATS), n))
    sure = np.clip(1.0 - reach.confidence, 0.0, 1.0)
    traded = of_trade(reach.channels)[reach.channel]
    for s, stat in enumerate(STATS):
        weighs = (reach.weight[s] > 0) & (np.nan_to_num(reach.share) > 0)
        if stat == "squeeze":
            weighs &= traded
        key = pd.DataFrame({"firm": reach.firm[weighs], "name": reach.name[weighs]})
        first = ~key.duplicated().to_numpy()
        with np.errstate(divide="ignore"):
            logs = np.log(sure[weighs][first])
        out[s] = 1.0 - np.exp(np.bincount(key["firm"].to_numpy()[first], weights=logs, minlength=n))
    out[:, np.isnan(channel_sums(reach)).all(axis=(0, 2))] = np.nan
    return out
