"""Joint bands round firms that hold the differences of all of them at once, and the order they allow."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bands", "band_order", "joint_bands"]

Floats = NDArray[np.float64]

ROWS = 300_000
"""Numbers (draws x firms) held at once: few enough to stay in the processor's own memory."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Joint bands round n firms; only differences of their ends mean anything.

    Attributes
    ----------
    lower, upper : shape (n,)
        Firm j is surely higher than i, by more than `least`, where `lower[j] - upper[i] > least`.
    centre : float
        Mean of the points.
    common, slope : shape (d,)
        Of each draw the deviation that all firms share, and how much more it is for each unit of the point.
    spread : float
        Standard deviation of the slopes.
    of_slope, of_rest : float
        Critical values of the slope and of what is left of each firm, in standard deviations.
    """

    lower: Floats
    upper: Floats
    centre: float
    common: Floats
    slope: Floats
    spread: float
    of_slope: float
    of_rest: float

    @property
    def critical(self) -> float:
        """The larger of the two critical values."""
        return max(self.of_slope, self.of_rest)

    def ends(self, theta: Floats, draws: Floats) -> tuple[Floats, Floats]:
        """Lower and upper end of k other figures on the same draws, all else held as it was found.

        Parameters
        ----------
        theta, draws : shapes (k,), (d, k)
        """
        away = theta - self.centre
        left = _left(draws - theta, self.common, self.slope, away)
        middle = max(0.0, 1.0 - self.of_slope * self.spread) * away
        half = self.of_rest * left.std(axis=0, ddof=1)
        return middle - half, middle + half


def joint_bands(theta: Floats, draws: Floats, level: float) -> Bands:
    """Bands that hold all differences of n firms at once with probability `level`.

    The deviation of each draw is a part common to all firms, which no difference has, what follows from
    one slope on `theta`, and what is left of each firm: `e = m + g (theta - mean) + r`. A difference deviates
    by `g (theta_j - theta_i) + r_j - r_i`, so with `|g| <= c_g sd(g)` and `|r_i| <= c_r sd(r_i)` for all i
    every difference is held at once. Both constants are quantiles at one and the same adjusted level, at
    which both hold together in a share `level` of the draws (balanced bands: Beran, JASA 83, 1988), so that
    doubt about links of some firms does not blur the order of all others. With one slope and no doubt about
    indicators these are the intervals of the pairs themselves.

    Parameters
    ----------
    theta : shape (n,)
    draws : shape (d, n)
    level : float
    """
    d, n = draws.shape
    centre = float(theta.mean())
    away = theta - centre
    square = float(away @ away)
    slope, common, worst = np.zeros(d), np.zeros(d), np.zeros(d)
    rows = max(1, ROWS // n)
    blocks = [slice(first, min(first + rows, d)) for first in range(0, d, rows)]
    total, sums, size = np.zeros(n), np.zeros(n), np.zeros(n)
    for some in blocks:
        error = draws[some] - theta
        common[some] = error.mean(axis=1)
        slope[some] = error @ away / square if square > 0 else 0.0
        left = _left(error, common[some], slope[some], away)
        total += np.einsum("dn,dn->n", left, left)
        size += np.einsum("dn,dn->n", error, error)
        sums += left.sum(axis=0)
    variance = np.maximum(total - sums**2 / d, 0.0) / max(1, d - 1)
    sd = np.where(variance > 1e-12 * (size.max(initial=0.0) / d + 1e-300), np.sqrt(variance), 0.0)
    inverse = np.divide(1.0, sd, out=np.zeros(n), where=sd > 0)
    for some in blocks:
        left = _left(draws[some] - theta, common[some], slope[some], away)
        worst[some] = np.abs(left * inverse).max(axis=1)
    spread = float(np.std(slope, ddof=1)) if d > 1 else 0.0
    steep = np.abs(slope) / spread if spread > 0 else np.zeros(d)
    at = np.quantile(np.maximum(_placed(steep), _placed(worst)), level, method="higher")
    of_slope = float(np.quantile(steep, min(at, 1.0), method="higher"))
    of_rest = float(np.quantile(worst, min(at, 1.0), method="higher"))
    middle = max(0.0, 1.0 - of_slope * spread) * away
    half = of_rest * sd
    return Bands(middle - half, middle + half, centre, common, slope, spread, of_slope, of_rest)


def _left(error: Floats, common: Floats, slope: Floats, away: Floats) -> Floats:
    return np.asarray(error - common[:, None] - slope[:, None] * away, dtype=np.float64)


def _placed(values: Floats) -> Floats:
    """Share of draws that are as small or smaller; 0 where all are the same."""
    if np.ptp(values) == 0.0:
        return np.zeros(len(values))
    ordered = np.sort(values)
    return np.searchsorted(ordered, values, side="right") / len(values)


def band_order(
    lower: Floats, upper: Floats, order: NDArray[np.int64], least: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """From bands to numbers of firms surely higher and surely lower, by sorting.

    Parameters
    ----------
    lower, upper : shape (n,)
        From `joint_bands`.
    order : shape (n,) int
        Firms in descending order.
    least : float
        Smallest difference that counts.

    Returns
    -------
    above, below : shape (n,) int
        Firms surely higher, and surely lower, than each.
    reach : shape (n,) int
        Place in `order` of the first firm surely lower than each; n where none is.
    """
    lows, highs = np.sort(lower), np.sort(upper)
    above = len(lower) - np.searchsorted(lows, upper + least + 1e-12, side="right")
    below = np.searchsorted(highs, lower - least - 1e-12, side="left")
    # the least upper end up to each place: where it first falls below, the firm there is the first
    sinking = np.minimum.accumulate(upper[order])
    reach = np.searchsorted(-sinking, -(lower - least - 1e-12), side="right")
    return above.astype(np.int64), below.astype(np.int64), reach.astype(np.int64)
