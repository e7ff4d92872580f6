"""Score limits of a difference of two shares: on the same firms, on others, on some of both, or unknown."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

__all__ = [
    "hybrid_limits",
    "independent_limits",
    "independent_p",
    "overlap_bounds",
    "paired_limits",
    "paired_p",
    "wilson_limits",
]

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]
_STEPS = 60


def paired_limits(gained: ArrayLike, lost: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Limits of (gained - lost)/n, a difference on the same n firms, by the score (Tango 1998).

    They solve (b - c - n d)^2 = z^2 n (2 q + d (1 - d)), with q the most likely share of the lost at
    difference d. Counts may be effective ones.

    Parameters
    ----------
    gained, lost, n : array-like
        Firms with the second answer only, with the first only, and all; n positive; broadcast together.

    Returns
    -------
    tuple of arrays
        Low and high, within -1 and 1.
    """
    b, c, m = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (gained, lost, n)))

    def score(d: Floats) -> Floats:
        slope = -b - c + (2 * m - b + c) * d
        q = (np.sqrt(np.maximum(slope**2 + 8 * m * c * d * (1 - d), 0.0)) - slope) / (4 * m)
        return _over(b - c - m * d, m * (2 * q + d * (1 - d)))

    return _inverted(score, (b - c) / m, level)


def independent_limits(
    first: ArrayLike, n_first: ArrayLike, second: ArrayLike, n_second: ArrayLike, level: float = 0.95
) -> Limits:
    """Limits of second/n_second - first/n_first on different firms, by the score.

    Miettinen and Nurminen (1985), restricted shares in closed form (Farrington and Manning 1990).
    Counts may be effective ones; arrays broadcast together.
    """
    x1, n1, x2, n2 = np.broadcast_arrays(
        *(np.asarray(v, dtype=float) for v in (second, n_second, first, n_first))
    )
    p1, p2 = x1 / n1, x2 / n2
    more = (n1 + n2) / np.maximum(n1 + n2 - 1, (n1 + n2) / 2)

    def score(d: Floats) -> Floats:
        one = _restricted(p1, p2, n2 / n1, d)
        two = np.clip(one - d, 0.0, 1.0)
        return _over(p1 - p2 - d, more * (one * (1 - one) / n1 + two * (1 - two) / n2))

    return _inverted(score, p1 - p2, level)


def hybrid_limits(
    first: ArrayLike,
    n_first: ArrayLike,
    second: ArrayLike,
    n_second: ArrayLike,
    correlation: ArrayLike,
    level: float = 0.95,
) -> Limits:
    """Limits of second - first where some firms are in both: Wilson's limits squared and added.

    Newcombe (1998, methods 10 of both papers), with any correlation of the two estimates (Zou and
    Donner 2008).

    Parameters
    ----------
    first, second : array-like
        Shares, 0 to 1.
    n_first, n_second : array-like
        Their firms; may be effective ones.
    correlation : array-like
        Of the two estimates, -1 to 1.
    """
    p1, p2, r = (np.asarray(v, dtype=float) for v in (first, second, correlation))
    (low1, high1), (low2, high2) = wilson_limits(p1, n_first, level), wilson_limits(p2, n_second, level)
    under, over = p2 - low2, high2 - p2
    down, up = p1 - low1, high1 - p1
    low = p2 - p1 - np.sqrt(np.maximum(under**2 - 2 * r * under * up + up**2, 0.0))
    high = p2 - p1 + np.sqrt(np.maximum(over**2 - 2 * r * over * down + down**2, 0.0))
    return np.maximum(low, -1.0), np.minimum(high, 1.0)


def wilson_limits(share: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Score limits of one share (Wilson 1927); n may be effective."""
    p, m = np.asarray(share, dtype=float), np.asarray(n, dtype=float)
    z = float(ndtri((1 + level) / 2))
    middle = (p + z**2 / (2 * m)) / (1 + z**2 / m)
    half = z * np.sqrt(p * (1 - p) / m + z**2 / (4 * m**2)) / (1 + z**2 / m)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def overlap_bounds(first: int, second: int, n: int, level: float = 0.95) -> dict[str, float]:
    """Limits of (first - second)/n on the same n firms when nobody knows how many are in both.

    Parameters
    ----------
    first, second, n : int
        Firms with either answer, and all firms.

    Returns
    -------
    dict
        `estimate`; `low`, `high`: the widest paired score interval of all feasible overlaps;
        `narrow_low`, `narrow_high`: the narrowest; `least`, `most`: feasible firms with both answers.

    Raises
    ------
    ValueError
        Counts that are negative or above n.
    """
    if not (0 <= first <= n and 0 <= second <= n and n > 0):
        raise ValueError(f"{first} and {second} of {n}: counts run from 0 to n")
    both = np.arange(max(0, first + second - n), min(first, second) + 1)
    low, high = paired_limits(first - both, second - both, n, level)
    tightest = int(np.argmin(high - low))
    return {
        "estimate": (first - second) / n,
        "low": float(low.min()),
        "high": float(high.max()),
        "narrow_low": float(low[tightest]),
        "narrow_high": float(high[tightest]),
        "least": int(both[0]),
        "most": int(both[-1]),
    }


def paired_p(gained: ArrayLike, lost: ArrayLike) -> Floats:
    """Two-sided p of no change on the same firms: (b - c)^2/(b + c) (McNemar 1947); 1 without changes."""
    b, c = (np.asarray(v, dtype=float) for v in (gained, lost))
    return _two_sided(_over(b - c, b + c))


def independent_p(
    first: ArrayLike, n_first: ArrayLike, second: ArrayLike, n_second: ArrayLike, covariance: ArrayLike = 0.0
) -> Floats:
    """Two-sided p of no difference by the pooled score; `covariance` is that of the two shares."""
    p1, n1, p2, n2 = (np.asarray(v, dtype=float) for v in (first, n_first, second, n_second))
    pooled = (p1 * n1 + p2 * n2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2) - 2 * np.asarray(covariance, dtype=float)
    return _two_sided(_over(p2 - p1, variance))


def _inverted(score, estimate: Floats, level: float) -> Limits:  # type: ignore[no-untyped-def]
    """Where a score that falls in d passes +z (low) and -z (high)."""
    z = float(ndtri((1 + level) / 2))
    ends = []
    for wanted, bottom, top in ((z, -1.0, estimate), (-z, estimate, 1.0)):
        low, high = (
            np.broadcast_to(bottom, estimate.shape).copy(),
            np.broadcast_to(top, estimate.shape).copy(),
        )
        for _ in range(_STEPS):
            middle = (low + high) / 2
            above = score(middle) > wanted
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        ends.append((low + high) / 2)
    low, high = ends
    return np.where(estimate <= -1, -1.0, low), np.where(estimate >= 1, 1.0, high)


def _restricted(p1: Floats, p2: Floats, theta: Floats, d: Floats) -> Floats:
    """Most likely first share where the shares differ by d."""
    a = 1 + theta
    b = -(1 + theta + p1 + theta * p2 + d * (theta + 2))
    c = d**2 + d * (2 * p1 + theta + 1) + p1 + theta * p2
    e = -p1 * d * (1 + d)
    v = b**3 / (3 * a) ** 3 - b * c / (6 * a**2) + e / (2 * a)
    size = np.sqrt(np.maximum(b**2 / (3 * a) ** 2 - c / (3 * a), 0.0))
    u = np.where(v < 0, -size, size)
    cosine = np.divide(v, u**3, out=np.zeros_like(v * u), where=u != 0)
    w = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
    return np.clip(2 * u * np.cos(w) - b / (3 * a), np.maximum(d, 0.0), np.minimum(1 + d, 1.0))


def _over(gap: Floats, variance: Floats) -> Floats:
    """Gap over the root of its variance; infinite, with the gap's sign, where there is none."""
    root = np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(root > 0, gap / root, np.where(gap == 0, 0.0, np.sign(gap) * np.inf))


def _two_sided(z: Floats) -> Floats:
    return np.asarray(2 * ndtr(-np.abs(z)))
