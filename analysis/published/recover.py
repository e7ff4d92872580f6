"""The base all answers of a question share, from nothing but its printed percents."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.published.rounding import RULES, count_range

__all__ = ["LARGEST", "Recovered", "recover_bases"]

LARGEST = 5000
"""Largest base looked for where no bound is known."""

_CHUNK = 8_000_000
_UP, _EVEN, _CUT = (np.uint8(1 << i) for i in range(len(RULES)))
_ROUNDED = np.uint8(3)


@dataclass(frozen=True, slots=True)
class Recovered:
    """Bases one question can have.

    Attributes
    ----------
    key : str
        The question, as `question_keys` names it.
    rounded, cut, mixed : NDArray[np.int64]
        Bases that print every figure by one rule of rounding (halves up, or halves to even); those that
        need every figure cut; those that need figures treated differently. Each base in one of them only.
    """

    key: str
    rounded: NDArray[np.int64]
    cut: NDArray[np.int64]
    mixed: NDArray[np.int64]

    @property
    def bases(self) -> NDArray[np.int64]:
        """The simplest explanation: rounded, else cut, else mixed."""
        return self.rounded if len(self.rounded) else self.cut if len(self.cut) else self.mixed

    @property
    def way(self) -> str:
        """Which of the three `bases` are: `rounded`, `cut`, `mixed`; "" where no base fits."""
        ways = {"rounded": self.rounded, "cut": self.cut, "mixed": self.mixed}
        return next((name for name, found in ways.items() if len(found)), "")

    def way_of(self, base: int) -> str:
        """How this base prints all figures; "" where it cannot."""
        ways = {"rounded": self.rounded, "cut": self.cut, "mixed": self.mixed}
        return next((name for name, found in ways.items() if base in found), "")


def recover_bases(
    leads: pd.DataFrame, most: pd.Series, *, least: int = 1, largest: int = LARGEST
) -> dict[str, Recovered]:
    """Bases of every question for which each figure has a count that prints as it stands.

    Answers of a single-choice question must also fit beside each other: their least counts may not
    add up to more than the base.

    Parameters
    ----------
    leads : pandas.DataFrame
        As `lead_figures` returns.
    most : pandas.Series
        Largest base of each row of `leads` (missing: `largest`).
    least, largest : int
        Bounds on every base.

    Returns
    -------
    dict[str, Recovered]
        By key, in the order of the file.
    """
    if leads.empty:
        return {}
    question, keys = pd.factorize(leads["key"])
    order = np.argsort(question, kind="stable")
    table, place = _reach_table(leads, largest)
    limit = most.astype("Float64").fillna(largest).clip(upper=largest).to_numpy(dtype=float)
    limits = pd.Series(limit).groupby(question).min().to_numpy().astype(np.int64)
    is_single = (leads["multi_response"].str.lower() == "no").groupby(question).all().to_numpy()
    starts = np.flatnonzero(np.diff(question[order], prepend=-1))
    step = max(1, _CHUNK // (largest * max(1, int(np.diff(starts, append=len(order)).max()))))
    found: dict[str, Recovered] = {}
    for first in range(0, len(keys), step):
        inside = range(first, min(first + step, len(keys)))
        stop = starts[inside[-1] + 1] if inside[-1] + 1 < len(keys) else len(order)
        rows = order[starts[first] : stop]
        cuts = starts[inside] - starts[first]
        bits, low = table[0][place[rows]], table[1][place[rows]]
        common = np.bitwise_and.reduceat(bits, cuts, axis=0)
        possible = np.bitwise_and.reduceat((bits != 0).astype(np.uint8), cuts, axis=0).astype(bool)
        sums = np.add.reduceat(low, cuts, axis=0)
        bases = np.arange(1, bits.shape[1] + 1)
        possible &= (bases >= least) & (bases <= limits[inside][:, None])
        possible &= ~is_single[inside][:, None] | (sums <= bases)
        for j, at in enumerate(inside):
            fits = possible[j]
            rounded = fits & ((common[j] & _ROUNDED) != 0)
            cut = fits & ~rounded & ((common[j] & _CUT) != 0)
            found[str(keys[at])] = Recovered(
                str(keys[at]), bases[rounded], bases[cut], bases[fits & ~rounded & ~cut]
            )
    return found


def _reach_table(
    leads: pd.DataFrame, largest: int
) -> tuple[tuple[NDArray[np.uint8], NDArray[np.int32]], NDArray[np.intp]]:
    """Rules that reach each distinct figure on each base (bits) and its least count; rows of `leads` in it.

    A figure whose count is printed is reached only through that count.
    """
    count = leads["count"].astype("Float64").fillna(-1).to_numpy(dtype=float).astype(np.int64)
    asked = np.column_stack([leads["units"], leads["decimals"], count])
    distinct, place = np.unique(asked, axis=0, return_inverse=True)
    bases = np.arange(1, largest + 1)
    bits = np.zeros((len(distinct), largest), dtype=np.uint8)
    least = np.full((len(distinct), largest), largest, dtype=np.int32)
    for bit, rule in enumerate(RULES):
        low, high = count_range(distinct[:, 0], 10 ** distinct[:, 1], bases, rule)
        fits = low <= high
        printed = distinct[:, 2][:, None]
        fits &= (printed < 0) | ((low <= printed) & (printed <= high))
        bits |= fits.astype(np.uint8) << bit
        least = np.where(fits, np.minimum(least, np.where(printed < 0, low, printed)), least).astype(np.int32)
    return (bits, least), place.reshape(-1)
