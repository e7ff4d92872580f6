"""What the engine of all models needs to know of one: value, scores, information, answers foretold."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Likelihood", "Terms", "expit"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Weighted log-likelihood, its gradient (p,) and its negative second derivatives (p, p)."""

    value: float
    gradient: NDArray[np.float64]
    information: NDArray[np.float64]


class Likelihood(Protocol):
    """A model of m rows with k columns (the first all ones) and p parameters t.

    `labels` has one (category, column) for each parameter: category codes are places in the order of
    the codebook (-1 for one equation), the column is -1 for the threshold above a category.
    """

    @property
    def labels(self) -> tuple[tuple[int, int], ...]:
        """Which category and column each parameter belongs to."""

    @property
    def categories(self) -> int:
        """Number of answers foretold for a row: 1, or all categories."""

    @property
    def is_each(self) -> bool:
        """Whether each category has coefficients of its own."""

    def is_end(self, answer: float) -> bool:
        """Whether firms that all give this answer pull a coefficient of their own without end."""

    def start(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (p,): parameters without predictors, to begin from."""

    def evaluate(self, t: NDArray[np.float64], weight: NDArray[np.float64]) -> Terms:
        """Value and derivatives under weights of shape (m,); the value is -inf where it does not exist."""

    def scores(self, t: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (m, p): derivatives of each row's log-likelihood."""

    def rebased(self, middle: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (p, p): from parameters on columns (x - middle) / spread to those on x."""

    def improving(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Directions d with A d >= 0 and B d = 0 never make any row less likely; (A, B)."""

    def foretold(self, t: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (rows, categories): expected answers at other columns."""

    def foretold_gradient(
        self, t: NDArray[np.float64], columns: NDArray[np.float64], weight: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Shape (categories, p): derivatives of the weighted sums of `foretold`."""

    def slopes(self, t: NDArray, columns: NDArray[np.float64], column: int) -> NDArray:
        """Shape (rows, categories): derivatives of `foretold` along one column; takes complex t."""


def expit(z: NDArray) -> NDArray:
    """1 / (1 + exp(-z)), of complex numbers as well."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))
