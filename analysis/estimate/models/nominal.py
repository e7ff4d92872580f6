"""Multinomial logit: one of several answers, each with its own coefficients against the first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.models.likelihood import Terms

__all__ = ["Nominal"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Nominal:
    """log P(y = j) / P(y = 0) = x b_j (McFadden 1974, as `nnet::multinom`); see `Likelihood`.

    Parameters: the k coefficients of category 1, then those of category 2, and so on.

    Attributes
    ----------
    x : shape (m, k)
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
        """Categories outermost; the first has no coefficients."""
        return tuple((j, c) for j in range(1, self.many) for c in range(self.x.shape[1]))

    @property
    def categories(self) -> int:
        """One probability a category."""
        return self.many

    @property
    def is_each(self) -> bool:
        """Whether each category has coefficients of its own."""
        return True

    def is_end(self, answer: float) -> bool:
        """Any answer."""
        return True

    def start(self, weight: Floats) -> Floats:
        """Constants at the shares of the whole."""
        share = np.bincount(self.y, weights=weight, minlength=self.many) / weight.sum()
        t = np.zeros((self.many - 1, self.x.shape[1]))
        with np.errstate(divide="ignore"):
            t[:, 0] = np.clip(np.log(share[1:] / max(share[0], 1e-9)), -20, 20)
        return t.ravel()

    def evaluate(self, t: Floats, weight: Floats) -> Terms:
        """Value and derivatives; with a natural link the information is the expected one."""
        chance = self._chances(t, self.x)
        own = chance[np.arange(len(self.y)), self.y]
        if not (own > 0).all():
            return Terms(-np.inf, np.zeros(len(t)), np.eye(len(t)))
        k, free = self.x.shape[1], self.many - 1
        information = np.empty((free, k, free, k))
        for j in range(free):
            for i in range(j + 1):
                bend = weight * chance[:, j + 1] * ((i == j) - chance[:, i + 1])
                block = self.x.T @ (self.x * bend[:, None])
                information[j, :, i], information[i, :, j] = block, block
        gradient = (self._told() - chance[:, 1:]).T @ (self.x * weight[:, None])
        size = free * k
        return Terms(float(weight @ np.log(own)), gradient.ravel(), information.reshape(size, size))

    def scores(self, t: Floats) -> Floats:
        """(told - probability) x for each category after the first."""
        off = self._told() - self._chances(t, self.x)[:, 1:]
        return np.asarray((off[:, :, None] * self.x[:, None, :]).reshape(len(self.y), -1))

    def rebased(self, middle: Floats, spread: Floats) -> Floats:
        """As one equation, once for each category."""
        one = np.diag(1.0 / spread)
        one[0, 1:] = -(middle / spread)[1:]
        return np.asarray(np.kron(np.eye(self.many - 1), one), dtype=float)

    def improving(self) -> tuple[Floats, Floats]:
        """The answer given gains on each other answer."""
        told = np.eye(self.many)[self.y]
        blocks = []
        for j in range(self.many):
            rows = self.y != j
            gain = told[rows, 1:] - np.eye(self.many)[j, 1:]
            blocks.append((gain[:, :, None] * self.x[rows][:, None, :]).reshape(int(rows.sum()), -1))
        every = np.concatenate(blocks)
        return every, every[:0]

    def foretold(self, t: Floats, columns: Floats) -> Floats:
        """Probabilities of the categories."""
        return self._chances(t, columns)

    def foretold_gradient(self, t: Floats, columns: Floats, weight: Floats) -> Floats:
        """Sum of w p_j ((j = l) - p_l) x."""
        chance = self._chances(t, columns)
        pulls = []
        for j in range(self.many):
            bends = (weight * chance[:, j])[:, None] * (np.eye(self.many)[j, 1:] - chance[:, 1:])
            pulls.append((bends.T @ columns).ravel())
        return np.array(pulls)

    def slopes(self, t: NDArray, columns: Floats, column: int) -> NDArray:
        """p_j times its coefficient less the mean coefficient."""
        chance = self._chances(t, columns)
        own = np.concatenate([np.zeros(1), t.reshape(self.many - 1, -1)[:, column]])
        return np.asarray(chance * (own - (chance @ own)[:, None]))

    def _told(self) -> Floats:
        """Shape (m, J - 1): 1 where the answer is that category."""
        return np.eye(self.many)[self.y, 1:]

    def _chances(self, t: NDArray, columns: Floats) -> NDArray:
        eta = columns @ t.reshape(self.many - 1, -1).T
        eta = np.concatenate([np.zeros((len(columns), 1)), eta], axis=1)
        raised = np.exp(eta - eta.real.max(axis=1)[:, None])
        return raised / raised.sum(axis=1)[:, None]
