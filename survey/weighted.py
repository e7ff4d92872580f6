"""Weights of a wave with all that made them: base, margins met, diagnostics, what was changed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.faults import Finding
from survey.ledger import Ledger

__all__ = ["MarginMet", "Weighted"]


@dataclass(frozen=True, slots=True)
class MarginMet:
    """One category of a margin: the total wanted, and the weighted totals before and after.

    `category` is "" for the total of a number, and `(no answer)` for firms that could not be
    matched, whose share is kept. `firms` counts those of positive weight.
    """

    margin: str
    category: str
    firms: int
    wanted: float
    before: float
    after: float
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Weighted:
    """Weights of the n firms of a wave.

    Attributes
    ----------
    weight : NDArray[np.float64]
        Shape (n,): the weights to use.
    base : NDArray[np.float64]
        Shape (n,): weights before calibration, non-response included; residuals are taken under them.
    columns : NDArray[np.float64]
        Shape (n, p): what was calibrated to; p is 0 without margins.
    replicates : NDArray[np.float64]
        Shape (n, R): replicate weights, each through the same steps.
    method : str
        A word of `WEIGHT_METHODS`; "" where there are no margins.
    margins : tuple[MarginMet, ...]
        Every category of every margin.
    rounds : int
        Rounds of the calibration.
    unmatched : tuple[int, ...]
        Rows (from 0) of firms that gave no category of some margin.
    ledger : Ledger
        Each step, as changes of the weight.
    findings : tuple[Finding, ...]
        What the user should know.
    """

    weight: NDArray[np.float64]
    base: NDArray[np.float64]
    columns: NDArray[np.float64]
    replicates: NDArray[np.float64]
    method: str
    margins: tuple[MarginMet, ...]
    rounds: int
    unmatched: tuple[int, ...]
    ledger: Ledger
    findings: tuple[Finding, ...]

    @property
    def design_effect(self) -> float:
        """Kish's 1 + cv^2 of the weights in use (Kish 1965, 11.7)."""
        w = self.weight[self.weight != 0]
        return float(len(w) * (w @ w) / w.sum() ** 2)

    @property
    def smallest(self) -> float:
        """Smallest weight in use."""
        return float(self.weight[self.weight != 0].min())

    @property
    def largest(self) -> float:
        """Largest weight."""
        return float(self.weight.max())
