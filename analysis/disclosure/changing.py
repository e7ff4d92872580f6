"""Counts that are changed instead of hidden: by which way, and what a reader knows of the true one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure.perturbing import noise_table, perturb_counts
from analysis.disclosure.rounding import round_randomly

__all__ = ["WAYS_TO_PROTECT", "Changing", "changing_for", "changing_said"]

WAYS_TO_PROTECT = ("suppress", "round", "cell-key")
"""Hide cells; round every count to a base; move every count by noise that its cell's number looks up."""

_VARIANCE = 0.5
"""Variance of the noise, as a part of the farthest it moves a count."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Changing:
    """A way to change counts, of which nothing need be kept secret but the seed.

    Attributes
    ----------
    way : str
        `round` or `cell-key`.
    reach : int
        `round`: the base; a printed count lies less than that from the true one. `cell-key`: the farthest
        a count is moved.
    """

    way: str
    reach: int

    @classmethod
    def to(cls, way: str, floor: int) -> "Changing":
        """`round` or `cell-key` as a floor asks for.

        Rounding is to the floor and one more, and noise reaches as far as the floor, so that a printed 0 may
        stand for a count that could be shown: else every 0 would tell of fewer firms than the floor.
        """
        return cls(way, floor + 1 if way == "round" else floor)

    @property
    def farthest(self) -> int:
        """Most firms between a printed count and the true one."""
        return self.reach - 1 if self.way == "round" else self.reach

    @property
    def variance(self) -> float:
        """Of the change of one count: (b^2 - 1)/6 over all remainders of a base b; of the noise, declared."""
        return (self.reach**2 - 1) / 6 if self.way == "round" else _VARIANCE * self.reach

    def changed(self, value: Floats, uniform: Floats) -> Floats:
        """Counts as they are printed, shape (cells,): 0 or more, the same for the same firms each time.

        Parameters
        ----------
        value, uniform : NDArray[np.float64]
            Shape (cells,): true counts, and numbers of their cells (`cell_uniforms`).
        """
        if self.way == "round":
            return round_randomly(value, self.reach, uniform)
        return perturb_counts(value, uniform, noise_table(self.reach, self.variance))

    def capped(self, printed: Floats, most: Floats) -> Floats:
        """Printed counts that are no more than the printed number of firms asked, shape (cells,)."""
        if self.way == "round":
            most = self.reach * np.floor(most / self.reach)
        return np.asarray(np.minimum(printed, most))

    def between(self, printed: Floats, firms: float) -> tuple[Floats, Floats]:
        """Least and greatest true count behind printed ones, of at most `firms`; each of shape (cells,).

        A count of 0 stays 0 and no other becomes less, so that a printed count over 0 has somebody behind it.
        What is no multiple of the base was not rounded: the number of all firms.
        """
        far = np.full(np.shape(printed), float(self.farthest))
        if self.way == "round":
            far = np.where(printed % self.reach == 0, far, 0.0)
        low = np.maximum(printed - far, np.minimum(printed, 1.0))
        return low, np.minimum(printed + far, firms)

    def likely(self, level: float) -> int:
        """Firms by which a count is moved at most, with this probability or more."""
        if self.way == "round":
            return self.farthest
        odds = noise_table(self.reach, self.variance)[-1]
        moves = np.abs(np.arange(-self.reach, self.reach + 1))
        within = np.array([odds[moves <= w].sum() for w in range(self.reach + 1)])
        return int(np.argmax(within >= level - 1e-9))

    def said(self) -> dict[str, Any]:
        """What a manifest says of it; `changing_said` reads it."""
        return {"protect": self.way, "reach": self.reach}


def changing_for(way: str, floor: int) -> Changing | None:
    """The way a release with this floor changes counts; None where it hides them."""
    return None if way == "suppress" else Changing.to(way, floor)


def changing_said(disclosure: Mapping[str, Any]) -> Changing | None:
    """The way a manifest's account of disclosure control states; None where counts are not changed."""
    way, reach = disclosure.get("protect"), disclosure.get("reach")
    if way not in WAYS_TO_PROTECT[1:] or not isinstance(reach, int):
        return None
    return Changing(str(way), reach)
