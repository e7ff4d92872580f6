"""Generalised linear models with their natural links: a number, a yes or no, a count."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.models.likelihood import Terms, expit

__all__ = ["Generalised"]

Floats = NDArray[np.float64]
_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True)
class Generalised:
    """`gaussian`, `logit` or `poisson` of m rows (McCullagh and Nelder 1989); see `Likelihood`.

    Attributes
    ----------
    family : str
        One of the three.
    x : shape (m, k)
    y : shape (m,)
    """

    family: str
    x: Floats
    y: Floats

    @property
    def labels(self) -> tuple[tuple[int, int], ...]:
        """One equation: category -1."""
        return tuple((-1, j) for j in range(self.x.shape[1]))

    @property
    def categories(self) -> int:
        """One expected answer a row."""
        return 1

    @property
    def is_each(self) -> bool:
        """Whether each category has coefficients of its own."""
        return False

    def is_end(self, answer: float) -> bool:
        """Any yes or no; of counts zero; of numbers none."""
        return self.family == "logit" or (self.family == "poisson" and answer == 0)

    def start(self, weight: Floats) -> Floats:
        """The constant alone."""
        t = np.zeros(self.x.shape[1])
        mean = float(weight @ self.y / weight.sum())
        if self.family == "logit":
            t[0] = np.log(mean / (1 - mean)) if 0 < mean < 1 else 0.0
        elif self.family == "poisson":
            t[0] = np.log(mean) if mean > 0 else 0.0
        else:
            t[0] = mean
        return t

    def evaluate(self, t: Floats, weight: Floats) -> Terms:
        """Value and derivatives; with a natural link the information is the expected one."""
        eta = self.x @ t
        mean, spread = self._moments(eta)
        if not np.isfinite(mean).all():
            return Terms(-np.inf, np.zeros(len(t)), np.eye(len(t)))
        if self.family == "logit":
            value = float(weight @ (self.y * eta - np.logaddexp(0.0, eta)))
        elif self.family == "poisson":
            value = float(weight @ (self.y * eta - mean))
        else:
            value = -0.5 * float(weight @ (self.y - eta) ** 2)
        information = self.x.T @ (self.x * (weight * spread)[:, None])
        return Terms(value, self.x.T @ (weight * (self.y - mean)), information)

    def scores(self, t: Floats) -> Floats:
        """(y - mean) x."""
        mean, _ = self._moments(self.x @ t)
        return (self.y - mean)[:, None] * self.x

    def rebased(self, middle: Floats, spread: Floats) -> Floats:
        """Slopes over the spread; the constant takes what the middles held."""
        back = np.diag(1.0 / spread)
        back[0, 1:] = -(middle / spread)[1:]
        return back

    def improving(self) -> tuple[Floats, Floats]:
        """Yes never pulled down and no never up; counts above 0 stay where they are."""
        if self.family == "logit":
            return (2 * self.y - 1)[:, None] * self.x, self.x[:0]
        if self.family == "poisson":
            return -self.x[self.y == 0], self.x[self.y > 0]
        return self.x[:0], self.x

    def foretold(self, t: Floats, columns: Floats) -> Floats:
        """Expected number, share or count."""
        return self._moments(columns @ t)[0][:, None]

    def foretold_gradient(self, t: Floats, columns: Floats, weight: Floats) -> Floats:
        """Sum of w times the derivative of the mean times x."""
        _, slope = self._moments(columns @ t)
        return ((weight * slope) @ columns)[None, :]

    def slopes(self, t: NDArray, columns: Floats, column: int) -> NDArray:
        """Derivative of the mean times the coefficient."""
        _, slope = self._moments(columns @ t)
        return (slope * t[column])[:, None]

    def steps(self, t: Floats, weights: Floats) -> Floats:
        """Newton steps (R, k) of R problems at once, at t (R, k) under weights (m, R); nan where none is."""
        m, k = self.x.shape
        many = weights.shape[1]
        upper = np.triu_indices(k)
        gradient, packed = np.zeros((many, k)), np.zeros((many, len(upper[0])))
        alike = bool((t == t[0]).all())
        size = max(1, _BLOCK // max(many, k))
        for begin in range(0, m, size):
            x, w = self.x[begin : begin + size], weights[begin : begin + size]
            mean, spread = self._moments(x @ (t[:1].T if alike else t.T))
            products = x[:, upper[0]] * x[:, upper[1]]
            off = self.y[begin : begin + size, None] - mean
            with np.errstate(over="ignore", invalid="ignore"):
                if alike:
                    gradient += w.T @ (x * off)
                    packed += w.T @ (products * spread)
                else:
                    off *= w
                    gradient += off.T @ x
                    np.multiply(spread, w, out=off)
                    packed += off.T @ products
        information = np.empty((many, k, k))
        information[:, upper[0], upper[1]] = packed
        information[:, upper[1], upper[0]] = packed
        finite = np.isfinite(information).all(axis=(1, 2)) & np.isfinite(gradient).all(axis=1)
        sound = np.asarray(finite)
        sound &= np.linalg.matrix_rank(np.where(sound[:, None, None], information, 0.0)) == k
        step = np.full((many, k), np.nan)
        step[sound] = np.linalg.solve(information[sound], gradient[sound][:, :, None])[:, :, 0]
        return step

    def _moments(self, eta: NDArray) -> tuple[NDArray, NDArray]:
        """Mean and its derivative along eta."""
        if self.family == "logit":
            mean = expit(eta)
            return mean, mean * (1 - mean)
        if self.family == "poisson":
            with np.errstate(over="ignore"):
                mean = np.exp(eta)
            return mean, mean
        return eta, np.ones_like(eta)
