"""What two editions give away together: the firms that answered in between, and answers that were changed."""

import numpy as np
import pandas as pd

__all__ = ["between_editions", "same_answers", "sums_between"]

_KEY = ["wave", "question", "by", "group", "option"]
_HALF = 0.1
"""An amount known to within a tenth of what it can be at most counts as known (the p% rule with p = 10)."""


def same_answers(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    """Whether two sets of evidence can be of the same answers: no cell is one number here, another there."""
    exact = [e[e["low"] == e["high"]].drop_duplicates([*_KEY, "base_rule"]) for e in (first, second)]
    both = exact[0].merge(exact[1], on=[*_KEY, "base_rule"], suffixes=("", "_later"))
    return bool(((both["low"] == both["low_later"]) & (both["firms_high"] == both["firms_high_later"])).all())


def between_editions(first: pd.DataFrame, second: pd.DataFrame, floor: int, named: str) -> pd.DataFrame:
    """Answers of the firms that only one of two editions holds, supposing that nobody changed an answer.

    Parameters
    ----------
    first, second : pandas.DataFrame
        `Solved.cells` of each.
    floor : int
        Fewest firms a reader of both may know of.
    named : str
        What the two are called together.

    Returns
    -------
    pandas.DataFrame
        One row a cell that both hold and that differs: `firms_low`, `firms_high` firms more in the larger
        edition, of whom between `low` and `high` gave the answer. With fewer firms more than the floor every
        cell known tells of too few; from the floor on, nobody and everybody do. With as many firms as
        before, the net number of answers changed.
    """
    both = first.merge(second, on=_KEY, suffixes=("", "_later"))
    both = both[both["option"] != "#firms"]
    fixed = (both["firms_low"] == both["firms_high"]) & (both["firms_low_later"] == both["firms_high_later"])
    both = both[fixed].reset_index(drop=True)
    if both.empty:
        return pd.DataFrame()
    more = (both["firms_high_later"] - both["firms_high"]).to_numpy(dtype=float)
    sign = np.where(more < 0, -1.0, 1.0)
    many = np.abs(more)
    ends = [
        both[f"{a}_later"].to_numpy(dtype=float) - both[b].to_numpy(dtype=float)
        for a, b in (("low", "high"), ("high", "low"))
    ]
    low = np.where(sign > 0, ends[0], -ends[1])
    high = np.where(sign > 0, ends[1], -ends[0])
    is_edit = many == 0
    least = np.where(is_edit, low, np.clip(low, 0, many))
    most = np.where(is_edit, high, np.clip(high, 0, many))
    # beyond what added firms can explain: answers were changed as well
    changed = ~is_edit & ((low > many) | (high < 0))
    known = least == most
    few = (many > 0) & (many < floor) & ((most - least < many) | known)
    alone = (many >= floor) & known & ((least == 0) | (least == many))
    edited = is_edit & known & (least != 0) & (np.abs(least) < floor)
    verdict = np.select(
        [changed, few & known, few, alone, edited, known],
        ["told", "recovered", "bounded", "recovered", "recovered", "told"],
        "open",
    )
    told = np.select(
        [changed, is_edit, many < floor],
        [
            "more changed than the firms added or left out: answers were changed too",
            "as many firms as before: net number of changed answers",
            "subtracting editions: they differ by fewer firms than may be known of",
        ],
        "subtracting editions: nobody, or everybody, of the firms by which they differ",
    )
    keep = ((many > 0) | (least != 0) | (most != 0)) & (verdict != "open")
    return pd.DataFrame(
        {
            **{key: both[key].to_numpy() for key in _KEY},
            "release": named,
            "way": "editions",
            "table": "estimates",
            "firms_low": many,
            "firms_high": many,
            "low": np.where(is_edit, np.abs(least), least),
            "high": np.where(is_edit, np.abs(most), most),
            "floor": float(floor),
            "verdict": verdict,
            "how": told,
        }
    )[keep].reset_index(drop=True)


def sums_between(first: pd.DataFrame, second: pd.DataFrame, floor: int, named: str) -> pd.DataFrame:
    """What the firms added between two editions depend on each country, from two means and their rounding.

    Parameters
    ----------
    first, second : pandas.DataFrame
        Tables `exposure`.
    floor : int
    named : str

    Returns
    -------
    pandas.DataFrame
        A row for each mean whose sum over fewer added firms than the floor is known to within a tenth of the
        firms either way; `low` and `high` are that sum.
    """
    key = ["seed", "stat", "summary"]
    both = first[[*key, "n", "estimate"]].merge(
        second[[*key, "n", "estimate"]], on=key, suffixes=("", "_later")
    )
    both = both[(both["summary"] == "mean") & both["estimate"].notna() & both["estimate_later"].notna()]
    n, m = both["n"].to_numpy(dtype=float), both["n_later"].to_numpy(dtype=float)
    a, b = both["estimate"].to_numpy(dtype=float), both["estimate_later"].to_numpy(dtype=float)
    many = np.abs(m - n)
    # the last decimal any of the means has says how far each may have been rounded
    half = 0.5 * 10.0 ** -float(_places(np.concatenate([a, b])))
    total = np.where(m > n, m * b - n * a, n * a - m * b)
    doubt = (n + m) * half
    low, high = np.clip(total - doubt, 0, many), np.clip(total + doubt, 0, many)
    known = (many > 0) & (many < floor) & (high - low < 2 * _HALF * many)
    return pd.DataFrame(
        {
            "release": named,
            "way": "editions",
            "table": "exposure",
            "question": both["stat"].to_numpy(),
            "option": both["seed"].to_numpy(),
            "firms_low": many,
            "firms_high": many,
            "low": low,
            "high": high,
            "floor": float(floor),
            "verdict": np.where(high - low < 1e-6, "recovered", "bounded"),
            "how": "subtracting means of two editions",
        }
    )[known].reset_index(drop=True)


def _places(values: np.ndarray) -> int:
    """Decimals with which all of the values are written, 12 at most."""
    for places in range(1, 12):
        scaled = values * 10.0**places
        if (np.abs(scaled - np.round(scaled)) < 1e-7).all():
            return places
    return 12
