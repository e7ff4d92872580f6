"""Proportional odds: places on a scale, with one set of coefficients for all its thresholds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.models.likelihood import Terms, expit

__all__ = ["Ordered"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ordered:
    """P(y <= j) = expit(threshold_j - x b) (McCullagh 1980, as `MASS::polr`); see `Likelihood`.

    Parameters: b of the columns after the first, then the thresholds between the J categories.

    Attributes
    ----------
    x : shape (m, k)
        The first column is all ones and has no coefficient.
    y : shape (m,)
        Places 0 to J - 1.
    many : int
        J.
    """

    x: Floats
    y: NDArray[np.intp]
    many: int

    @property
    def labels(self) -> tuple[tuple[int, int], ...]:
        """Slopes belong to no category; the threshold above category j to j, column -1."""
        slopes = tuple((-1, j) for j in range(1, self.x.shape[1]))
        return slopes + tuple((j, -1) for j in range(self.many - 1))

    @property
    def categories(self) -> int:
        """One probability a category."""
        return self.many

    @property
    def is_each(self) -> bool:
        """Whether each category has coefficients of its own."""
        return False

    def is_end(self, answer: float) -> bool:
        """The lowest and the highest place."""
        return answer in (0, self.many - 1)

    def start(self, weight: Floats) -> Floats:
        """Thresholds at the shares of the whole."""
        below = np.cumsum(np.bincount(self.y, weights=weight, minlength=self.many))[:-1] / weight.sum()
        below = np.clip(below, 1e-6, 1 - 1e-6)
        return np.concatenate([np.zeros(self.x.shape[1] - 1), np.log(below / (1 - below))])

    def evaluate(self, t: Floats, weight: Floats) -> Terms:
        """Value and derivatives; the information is the observed one."""
        upper, lower = self._ends(t)
        high, low = self._curve(upper), self._curve(lower)
        chance = high[0] - low[0]
        p = len(t)
        if not (chance > 0).all():
            return Terms(-np.inf, np.zeros(p), np.eye(p))
        a, b = high[1] / chance, -low[1] / chance
        # second derivatives by both ends of a row's interval: upper twice, lower twice, once each
        up, down = weight * (high[2] / chance - a**2), weight * (-low[2] / chance - b**2)
        across = -weight * a * b
        x, place, cuts = self.x[:, 1:], np.eye(self.many), self.many - 1
        told = place[self.y]
        slopes = x.shape[1]
        second = np.empty((p, p))
        second[:slopes, :slopes] = x.T @ (x * (up + down + 2 * across)[:, None])
        mixed = -told.T @ (x * (up + across)[:, None]), -told.T @ (x * (down + across)[:, None])
        second[slopes:, :slopes] = mixed[0][:-1] + mixed[1][1:]
        second[:slopes, slopes:] = second[slopes:, :slopes].T
        sums = np.array([up, down, across]) @ told
        second[slopes:, slopes:] = np.diag(sums[0][:-1] + sums[1][1:])
        second[slopes:, slopes:] += np.diag(sums[2][1:cuts], 1) + np.diag(sums[2][1:cuts], -1)
        pulls = np.array([weight * a, weight * b]) @ told
        gradient = np.concatenate([-(weight * (a + b)) @ x, pulls[0][:-1] + pulls[1][1:]])
        return Terms(float(weight @ np.log(chance)), gradient, -second)

    def scores(self, t: Floats) -> Floats:
        """Derivatives by the ends of each row's interval."""
        upper, lower = self._ends(t)
        high, low = self._curve(upper), self._curve(lower)
        chance = (high[0] - low[0])[:, None]
        at_high, at_low = self._sides()
        return (high[1][:, None] * at_high - low[1][:, None] * at_low) / chance

    def rebased(self, middle: Floats, spread: Floats) -> Floats:
        """Slopes over the spread; each threshold takes what the middles held."""
        slopes = self.x.shape[1] - 1
        back = np.diag(np.concatenate([1.0 / spread[1:], np.ones(self.many - 1)]))
        back[slopes:, :slopes] = (middle / spread)[1:]
        return back

    def improving(self) -> tuple[Floats, Floats]:
        """No upper end comes down, no lower end goes up."""
        at_high, at_low = self._sides()
        both = np.concatenate([at_high[self.y < self.many - 1], -at_low[self.y > 0]])
        return both, both[:0]

    def foretold(self, t: Floats, columns: Floats) -> Floats:
        """Probabilities of the categories."""
        return np.diff(self._below(t, columns), axis=1)

    def foretold_gradient(self, t: Floats, columns: Floats, weight: Floats) -> Floats:
        """Differences of neighbouring thresholds' derivatives."""
        slopes = columns.shape[1] - 1
        inner = self._below(t, columns)[:, 1:-1]
        dense = weight[:, None] * inner * (1 - inner)
        up = np.zeros((self.many + 1, len(t)))
        up[1:-1, :slopes] = -dense.T @ columns[:, 1:]
        up[np.arange(1, self.many), slopes + np.arange(self.many - 1)] = dense.sum(axis=0)
        return np.diff(up, axis=0)

    def slopes(self, t: NDArray, columns: Floats, column: int) -> NDArray:
        """Minus the coefficient times the differences of densities."""
        inner = self._below(t, columns)
        return np.diff(-t[column - 1] * inner * (1 - inner), axis=1)

    def _below(self, t: NDArray, columns: Floats) -> NDArray:
        """Shape (rows, J + 1): probabilities up to each threshold, 0 and 1 at the ends."""
        slopes = columns.shape[1] - 1
        inner = expit(t[slopes:] - (columns[:, 1:] @ t[:slopes])[:, None])
        ends = np.ones((len(columns), 1))
        return np.concatenate([0 * ends, inner, ends], axis=1)

    def _ends(self, t: Floats) -> tuple[Floats, Floats]:
        """Upper and lower end of each row's interval on the scale of the logit."""
        slopes = self.x.shape[1] - 1
        eta = self.x[:, 1:] @ t[:slopes]
        cuts = np.concatenate([[-np.inf], t[slopes:], [np.inf]])
        return cuts[self.y + 1] - eta, cuts[self.y] - eta

    def _sides(self) -> tuple[Floats, Floats]:
        """Shape (m, p) each: derivatives of the upper and of the lower end; zero where it is infinite."""
        cuts = np.eye(self.many + 1)[:, 1:-1]
        high = np.concatenate([-self.x[:, 1:], cuts[self.y + 1]], axis=1)
        low = np.concatenate([-self.x[:, 1:], cuts[self.y]], axis=1)
        return high * (self.y < self.many - 1)[:, None], low * (self.y > 0)[:, None]

    @staticmethod
    def _curve(z: Floats) -> tuple[Floats, Floats, Floats]:
        """Logistic distribution at z, its density and the slope of that."""
        below = expit(z)
        density = below * (1 - below)
        return below, density, density * (1 - 2 * below)
