"""Where a firm stands among peers of whom only a protected table is known: every place it leaves open."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.release.bands import band_places

__all__ = ["Cells", "Place", "cells_of", "place_between", "place_in_values", "place_of_value"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cells:
    """The released one-way table of k ordered answers.

    Attributes
    ----------
    options : tuple[str, ...]
        Codes, lowest first.
    low, high : shape (k,)
        Limits of each share; 0 and 1 where the cell is hidden.
    estimate : shape (k,)
        Shares; nan where hidden.
    n, base : float
        Of the table; nan where all of it is hidden.
    level : float
    method : str
        Of the first cell shown.
    has_hidden : bool
    """

    options: tuple[str, ...]
    low: Floats
    high: Floats
    estimate: Floats
    n: float
    base: float
    level: float
    method: str
    has_hidden: bool

    def below(self) -> tuple[Floats, Floats]:
        """Least and greatest share of peers in the first j cells, shape (k + 1,) each.

        The cells add up to 1: what the others leave bounds a hidden one. Limits of a sum of cells are the
        sums of their limits, which hold at least as often as each does.
        """
        ahead = [np.concatenate([[0.0], np.cumsum(end)]) for end in (self.low, self.high)]
        behind = [end[-1] - end for end in ahead]
        least = np.maximum(ahead[0], 1.0 - behind[1])
        most = np.minimum(ahead[1], 1.0 - behind[0])
        return np.clip(least, 0.0, 1.0), np.clip(most, 0.0, 1.0)

    def middle(self) -> Floats:
        """Share of peers in the first j cells, shape (k + 1,): the middle of what hidden cells leave open."""
        shown = np.isfinite(self.estimate)
        ends = replace(
            self, low=np.where(shown, self.estimate, 0.0), high=np.where(shown, self.estimate, 1.0)
        )
        least, most = ends.below()
        return (least + most) / 2.0


@dataclass(frozen=True, slots=True)
class Place:
    """A percentile, 0 to 1: share of peers lower, and half of those that stand the same; with its limits."""

    estimate: float
    low: float
    high: float


def cells_of(rows: pd.DataFrame, options: tuple[str, ...]) -> Cells | None:
    """Rows of `estimates` about one question and group, in the order of its options; None without any."""
    rows = rows[rows["option"].isin(options)].drop_duplicates("option").set_index("option")
    if rows.empty:
        return None
    rows = rows.reindex(list(options))
    numbers = {name: rows[name].astype(float).to_numpy() for name in ("estimate", "low", "high", "n", "base")}
    hidden = np.isnan(numbers["estimate"])
    absent = rows["flag"].isna().to_numpy()
    share = np.where(absent & ~hidden.all(), 0.0, numbers["estimate"])
    hidden &= ~absent
    ends = [np.where(np.isnan(numbers[end]), share, numbers[end]) for end in ("low", "high")]
    shown = rows[~hidden & ~absent]
    return Cells(
        options=options,
        low=np.where(hidden, 0.0, np.minimum(ends[0], share)),
        high=np.where(hidden, 1.0, np.maximum(ends[1], share)),
        estimate=np.where(hidden, np.nan, share),
        n=float(shown["n"].max()) if len(shown) else float("nan"),
        base=float(shown["base"].max()) if len(shown) else float("nan"),
        level=float(shown["level"].iloc[0]) if len(shown) else float("nan"),
        method=str(shown["method"].iloc[0]) if len(shown) else "",
        has_hidden=bool(hidden.any()),
    )


def place_between(cells: Cells, point: int, first: int, last: int) -> Place:
    """The percentile of a firm in the cell `point`, that could be in any of `first` to `last`."""
    least, most = cells.below()
    middle = cells.middle()
    low, high = float(least[first]), float(most[last + 1])
    estimate = float(middle[point] + middle[point + 1]) / 2.0
    return Place(min(max(estimate, low), high), low, high)


def place_of_value(cells: Cells, value: float, low: float, high: float) -> Place:
    """The percentile of a value of 0 to 1 among peers in bands, with that of its own limits."""
    at = [int(place) for place in band_places(np.array([value, low, high]))]
    return place_between(cells, at[0], at[1], at[2])


def place_in_values(peers: Floats, value: float, low: float, high: float) -> Place:
    """The percentile of a value among peers whose values are known, with that of its own limits."""
    near = 1e-9
    lower = float(np.mean(peers < value - near))
    same = float(np.mean(np.abs(peers - value) <= near))
    return Place(lower + same / 2.0, float(np.mean(peers < low - near)), float(np.mean(peers <= high + near)))
