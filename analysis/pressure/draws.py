"""Draws from the Jeffreys posterior of a logit, of which the Firth estimate is the mode."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from analysis.pressure.firth import fit_firth
from analysis.pressure.jeffreys import logits
from analysis.pressure.likelihood import Likelihood

__all__ = [
    "PosteriorDraws",
    "jeffreys_draws",
    "keyed_below",
    "keyed_uniforms",
    "mixed_bits",
    "posterior_draws",
]

Floats = NDArray[np.float64]

FREEDOM = 5.0
"""Degrees of freedom of the t proposal."""

PER_DRAW = 8
"""Proposals weighed for each draw kept."""

ROUNDS = 6
"""Most rounds of adaptation."""

ENOUGH = 0.15
"""Effective share of the proposals at which no further round is needed."""

CENTRES = 80
"""Kernels of an adapted proposal."""

BLOCK = 4_000_000
"""Numbers (proposals x firms) held at once."""


@dataclass(frozen=True, slots=True)
class PosteriorDraws:
    """Draws of the coefficients, shape (draws, k), and the effective number of proposals behind them."""

    coefficients: Floats
    effective: float


@dataclass(frozen=True, slots=True)
class _Peak:
    """A likelihood, its top b (k,) and covariance (k, k), its value there, and signs that must hold."""

    likelihood: Likelihood
    b: Floats
    covariance: Floats
    top: float
    positive: tuple[int, ...]

    def height(self, b: Floats) -> Floats:
        """Value less the top, -inf where a coefficient that must not be negative is; shape (m,)."""
        rows = max(1, BLOCK // max(1, len(self.likelihood.rows)))
        parts = [self.likelihood.value(b[i : i + rows]) for i in range(0, len(b), rows)]
        found = np.concatenate(parts) - self.top
        if self.positive:
            found[(b[:, list(self.positive)] < 0.0).any(axis=1)] = -np.inf
        return found


def jeffreys_draws(
    X: Floats, y: Floats, rng: np.random.Generator, draws: int = 2000, weights: Floats | float = 1.0
) -> PosteriorDraws:
    """Draw logit coefficients from the posterior under the Jeffreys prior; see `posterior_draws`.

    Parameters
    ----------
    X : shape (n, k)
        First column ones.
    y : shape (n,)
        0 or 1.
    rng : numpy.random.Generator
    draws : int
        Draws kept.
    weights : shape (n,) or one number
        Case weights.

    Raises
    ------
    ValueError
        As `fit_firth`.
    """
    fit = fit_firth(X, y, weights=weights)
    likelihood = logits(X, y, weights=weights)
    return posterior_draws(likelihood, fit.coefficients, fit.covariance, fit.penalised, rng, draws)


def posterior_draws(
    likelihood: Likelihood,
    b: Floats,
    covariance: Floats,
    top: float,
    rng: np.random.Generator,
    draws: int = 2000,
    positive: tuple[int, ...] = (),
) -> PosteriorDraws:
    """Draw coefficients with density `exp(l*)`, of which the penalised estimate is the mode.

    Importance sampling with resampling (Rubin 1988): multivariate t proposals with 5 degrees of
    freedom, split at the mode along each principal axis and stretched to what the penalised
    likelihood shows on either side (Geweke 1989), weighed by `exp(l*)` and resampled
    systematically. Where that fits badly (separation makes a long thin tail), proposals are
    adapted to what was found, in rounds.

    Parameters
    ----------
    likelihood : Likelihood
        Of one problem.
    b, covariance : shapes (k,), (k, k)
        Its top and the doubt about it.
    top : float
        Its value there.
    rng : numpy.random.Generator
    draws : int
        Draws kept.
    positive : tuple[int, ...]
        Coefficients that are never negative: the density is zero where one is.
    """
    peak = _Peak(likelihood, b, covariance, top, positive)
    many = PER_DRAW * draws
    found, weight = _first_round(peak, rng, many)
    for _ in range(ROUNDS):
        if 1.0 / np.sum(weight**2) >= ENOUGH * many:
            break
        found, weight = _next_round(peak, found, weight, rng)
    at = np.searchsorted(np.cumsum(weight), (rng.random() + np.arange(draws)) / draws)
    chosen = found[np.minimum(at, many - 1)]
    return PosteriorDraws(chosen[rng.permutation(draws)], float(1.0 / np.sum(weight**2)))


def _weights(log_ratio: Floats) -> Floats:
    weight = np.exp(log_ratio - np.max(log_ratio))
    return weight / weight.sum()


def _first_round(peak: _Peak, rng: np.random.Generator, many: int) -> tuple[Floats, Floats]:
    """Split-t proposals round the mode and their weights, shapes (many, k) and (many,)."""
    k = len(peak.b)
    values, vectors = np.linalg.eigh(peak.covariance)
    axes = vectors * np.sqrt(values)
    z = rng.standard_normal((many, k)) / np.sqrt(rng.chisquare(FREEDOM, many) / FREEDOM)[:, None]
    factor = np.take_along_axis(_stretch(peak, axes), (z > 0).astype(np.int64), axis=0)
    b = peak.b + (z * factor) @ axes.T
    proposal = -0.5 * (FREEDOM + k) * np.log1p(np.sum(z**2, axis=1) / FREEDOM) - np.log(factor).sum(axis=1)
    return b, _weights(peak.height(b) - proposal)


def _stretch(peak: _Peak, axes: Floats) -> Floats:
    """How much wider than the normal each side of each axis is, shape (2, k): [0] below, [1] above."""
    k = len(peak.b)
    distance = 2.0 ** np.arange(-1.0, 8.0)
    moves = np.array([-1.0, 1.0])[:, None, None] * distance[None, :, None] * np.ones((1, 1, k))
    points = peak.b + moves[..., None] * axes.T
    value = peak.height(points.reshape(-1, k)).reshape(2, len(distance), k)
    drop = np.sqrt(np.maximum(-2.0 * value, 1e-6))
    wide = np.where(drop < 3.0, distance[None, :, None] / drop, 0.0)
    return np.clip(np.max(wide, axis=1), 0.5, 200.0)


def _next_round(peak: _Peak, b: Floats, weight: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Proposals from a mixture of t kernels on what the last round found (Cappe and others 2004).

    Kernel widths follow the spread of the nearest centres, so that a long thin tail is followed.
    """
    many, k = b.shape
    at = np.searchsorted(np.cumsum(weight), (rng.random() + np.arange(CENTRES)) / CENTRES)
    centres = np.unique(b[np.minimum(at, many - 1)], axis=0)
    spread = np.cov(b.T, aweights=weight).reshape(k, k)
    whiten = np.linalg.inv(np.linalg.cholesky(spread + 1e-12 * np.diag(np.diag(spread))))
    gaps = np.linalg.norm((centres[:, None] - centres[None]) @ whiten.T, axis=2)
    near = np.argsort(gaps, axis=1, kind="stable")[:, : max(2 * k + 1, len(centres) // 8)]
    local = centres[near] - centres[near].mean(axis=1, keepdims=True)
    scatter = np.einsum("cni,cnj->cij", local, local) / near.shape[1]
    scatter += (0.01 * np.trace(scatter @ whiten.T @ whiten, axis1=1, axis2=2) / k)[:, None, None] * spread
    roots = np.linalg.cholesky(scatter)
    pick = rng.integers(len(centres), size=many)
    z = rng.standard_normal((many, k)) / np.sqrt(rng.chisquare(FREEDOM, many) / FREEDOM)[:, None]
    fresh = centres[pick] + np.einsum("mij,mj->mi", roots[pick], z)
    inverse = np.linalg.inv(roots)
    far = np.einsum("cij,mcj->mci", inverse, fresh[:, None] - centres[None])
    kernel = -0.5 * (FREEDOM + k) * np.log1p(np.sum(far**2, axis=2) / FREEDOM)
    kernel += np.log(np.abs(np.linalg.det(inverse)))
    return fresh, _weights(peak.height(fresh) - logsumexp(kernel, axis=1))


def keyed_uniforms(key: int, names: NDArray[np.uint64], first: int, last: int) -> Floats:
    """Uniform numbers that belong to (key, name, draw) and to nothing else.

    The same link keeps its numbers whatever else is in the study, in whatever order, so that scenarios
    are compared on the same draws. Mixing function: splitmix64 (Steele, Lea, Flood 2014).

    Parameters
    ----------
    key : int
        Seed of the study.
    names : shape (f,)
        Hashes of the names.
    first, last : int
        Draws wanted, first included, last not.

    Returns
    -------
    shape (last - first, f), in [0, 1)
    """
    with np.errstate(over="ignore"):
        stream = mixed_bits(names ^ mixed_bits(np.full(1, key & (2**64 - 1), dtype=np.uint64)))
        steps = np.arange(first + 1, last + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        return (mixed_bits(stream[None, :] + steps[:, None]) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def keyed_below(
    key: int, names: NDArray[np.uint64], bound: Floats, first: int, last: int
) -> NDArray[np.bool_]:
    """Whether each of `keyed_uniforms` lies below the bound of its name.

    Parameters
    ----------
    key, names, first, last
        As there.
    bound : shape (f,)
        Probabilities.

    Returns
    -------
    shape (f, last - first)
    """
    with np.errstate(over="ignore"):
        stream = mixed_bits(names ^ mixed_bits(np.full(1, key & (2**64 - 1), dtype=np.uint64)))
        steps = np.arange(first + 1, last + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z, left = stream[:, None] + steps[None, :], np.empty((len(names), last - first), dtype=np.uint64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            z ^= np.right_shift(z, np.uint64(shift), out=left)
            z *= np.uint64(factor)
        z ^= np.right_shift(z, np.uint64(31), out=left)
    z >>= np.uint64(11)
    # u = z / 2^53 is below p where the whole number z is below p 2^53, rounded up
    whole = np.ceil(np.clip(bound, 0.0, 1.0) * 2.0**53).astype(np.uint64)
    return np.asarray(z < whole[:, None])


def mixed_bits(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Whole numbers of 64 bits mixed as splitmix64 ends (Steele, Lea, Flood 2014), of the same shape."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
