"""Graded outcomes: proportional odds with the Jeffreys penalty, finite where few answered a grade."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.likelihood import Terms, climb

__all__ = ["Graded", "GradedFit", "fit_graded", "grades_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GradedFit:
    """Estimate (k,), inverse expected information (k, k), penalised log-likelihood there."""

    coefficients: Floats
    covariance: Floats
    penalised: float


@dataclass(frozen=True, slots=True)
class Graded:
    """Proportional odds `P(grade >= j) = expit(a_j + x'b)` for j = 1 to J - 1; a `Likelihood`.

    Coefficients: `a_1 > ... > a_(J-1)`, then b. `l* = l + penalty log det I`, I the expected information:
    with two grades this is Firth's logit, coefficient for coefficient. (Bias reduction by adjusted scores,
    Kosmidis 2014, is another choice; it has no likelihood to profile or to draw from.)

    Attributes
    ----------
    x : shape (n, p)
        Without ones.
    y : shape (n,)
        Grades, 0 to J - 1.
    many : int
        J.
    weights : shape (1 or m, n)
    penalty : float
        0.5, or 0 for maximum likelihood.
    """

    x: Floats
    y: NDArray[np.intp]
    many: int
    weights: Floats
    penalty: float = 0.5

    @property
    def rows(self) -> Floats:
        """Linear predictors of all firms at all cuts, shape (n (J - 1), k)."""
        return self._z().reshape(-1, self.many - 1 + self.x.shape[1])

    def _z(self) -> Floats:
        """Shape (n, J - 1, k)."""
        n, cuts = len(self.x), self.many - 1
        at = np.broadcast_to(np.eye(cuts), (n, cuts, cuts))
        return np.concatenate([at, np.repeat(self.x[:, None], cuts, axis=1)], axis=2)

    def at(self, b: Floats, which: NDArray[np.int64]) -> Terms:
        """Terms at b; the curvature is the expected information."""
        z = self._z()
        w = self.weights if len(self.weights) == 1 else self.weights[which]
        above, g, chance, inside = self._chances(b, z)
        M = _information(g, chance)
        information = np.einsum("mn,nik,mnij,njl->mkl", w, z, M, z, optimize=True)
        sign, logdet = np.linalg.slogdet(information)
        sound = inside & (sign > 0) & np.isfinite(logdet)
        information = np.where(sound[:, None, None], information, np.eye(z.shape[2]))
        likelihood = np.sum(w * np.log(self._own(chance)), axis=1)
        value = np.where(sound, likelihood + self.penalty * np.where(sound, logdet, 0.0), -np.inf)
        is_in = self.y[:, None] == np.arange(1, self.many)
        is_below = self.y[:, None] == np.arange(self.many - 1)
        pull = g * (is_in.astype(float) - is_below) / self._own(chance)[:, :, None]
        leverage = np.einsum("nik,mkl,njl->mnij", z, np.linalg.inv(information), z, optimize=True)
        if self.penalty:
            pull = pull + self.penalty * _bend(g, above, chance, leverage)
        score = np.einsum("mn,mni,nik->mk", w, pull, z, optimize=True)
        hat = w * np.einsum("mnij,mnij->mn", leverage, M)
        return Terms(value, score, information, hat, above[:, :, 0])

    def value(self, b: Floats) -> Floats:
        """Value alone of m coefficient vectors."""
        z = self._z()
        _, g, chance, inside = self._chances(b, z)
        M = _information(g, chance)
        information = np.einsum("mn,nik,mnij,njl->mkl", self.weights, z, M, z, optimize=True)
        sign, logdet = np.linalg.slogdet(information)
        sound = inside & (sign > 0) & np.isfinite(logdet)
        likelihood = np.sum(self.weights * np.log(self._own(chance)), axis=1)
        return np.where(sound, likelihood + self.penalty * np.where(sound, logdet, 0.0), -np.inf)

    def _chances(self, b: Floats, z: Floats) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
        """P(grade >= j), its slope, chances of the grades, and whether all are above 0."""
        eta = np.einsum("mk,nik->mni", b, z, optimize=True)
        above = 1.0 / (1.0 + np.exp(-np.clip(eta, -700.0, 700.0)))
        ends = np.ones((*above.shape[:2], 1))
        chance = -np.diff(np.concatenate([ends, above, 0.0 * ends], axis=2), axis=2)
        inside = np.asarray(np.min(chance, axis=(1, 2)) > 1e-300)
        safe = np.where(inside[:, None, None], chance, 1.0)
        return above, above * (1.0 - above), safe, inside

    def _own(self, chance: Floats) -> Floats:
        """Chance of the grade each firm gave, shape (m, n)."""
        return np.take_along_axis(chance, self.y[None, :, None], axis=2)[:, :, 0]


def _information(g: Floats, chance: Floats) -> Floats:
    """Expected information of a firm about its linear predictors, shape (m, n, J - 1, J - 1)."""
    cuts = g.shape[2]
    out = np.zeros((*g.shape, cuts))
    for j in range(cuts):
        out[:, :, j, j] = g[:, :, j] ** 2 * (1.0 / chance[:, :, j + 1] + 1.0 / chance[:, :, j])
        if j + 1 < cuts:
            out[:, :, j, j + 1] = out[:, :, j + 1, j] = -g[:, :, j] * g[:, :, j + 1] / chance[:, :, j + 1]
    return out


def _bend(g: Floats, above: Floats, chance: Floats, leverage: Floats) -> Floats:
    """Slope of log det I in each linear predictor of a firm of weight 1, shape (m, n, J - 1)."""
    cuts = g.shape[2]
    s = g * (1.0 - 2.0 * above)
    out = np.zeros_like(g)
    for j in range(cuts):
        under, over = chance[:, :, j], chance[:, :, j + 1]
        gj, sj = g[:, :, j], s[:, :, j]
        own = 2.0 * gj * sj * (1.0 / over + 1.0 / under) + gj**3 * (1.0 / under**2 - 1.0 / over**2)
        out[:, :, j] += leverage[:, :, j, j] * own
        if j + 1 < cuts:
            up = g[:, :, j + 1]
            out[:, :, j] -= leverage[:, :, j + 1, j + 1] * up**2 * gj / over**2
            out[:, :, j] += 2.0 * leverage[:, :, j, j + 1] * (up * gj**2 / over**2 - sj * up / over)
        if j > 0:
            down = g[:, :, j - 1]
            out[:, :, j] += leverage[:, :, j - 1, j - 1] * down**2 * gj / under**2
            out[:, :, j] -= 2.0 * leverage[:, :, j - 1, j] * (down * sj / under + down * gj**2 / under**2)
    return out


def grades_of(
    x: Floats, y: NDArray[np.intp], many: int, *, weights: Floats | float = 1.0, penalty: float = 0.5
) -> Graded:
    """The likelihood of grades; shapes as `Graded`, where one number stands for equal weights."""
    case = np.asarray(weights, dtype=np.float64)
    case = np.full((1, len(y)), float(case)) if case.ndim == 0 else np.atleast_2d(case)
    return Graded(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.intp), many, case, penalty)


def fit_graded(likelihood: Graded) -> GradedFit:
    """Fit proportional odds with the Jeffreys penalty (maximum likelihood where its penalty is 0).

    Raises
    ------
    ValueError
        A grade nobody gave, or columns that are collinear.
    """
    counts = np.bincount(likelihood.y, weights=likelihood.weights[0], minlength=likelihood.many)
    if len(counts) != likelihood.many or not (counts > 0).all():
        raise ValueError("each grade must be given by somebody; merge grades that nobody gave")
    share = (counts[::-1].cumsum()[::-1][1:] + 0.25) / (counts.sum() + 0.5)
    start = np.r_[np.log(share / (1.0 - share)), np.zeros(likelihood.x.shape[1])][None]
    b, terms, _ = climb(likelihood, start)
    if not np.isfinite(b).all():
        raise ValueError("the penalised likelihood has no maximum here: columns are collinear")
    return GradedFit(b[0], np.linalg.inv(terms.curvature[0]), float(terms.value[0]))
