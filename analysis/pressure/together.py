"""Limits of many combinations over completed sets: Newton on all profiles together, else a bracket."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from analysis.pressure.fitting import Fitted
from analysis.pressure.imputed import profile_share
from analysis.pressure.limits import profile_limits

__all__ = ["combined_limits"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

CLOSE = 1e-9
"""How near limits are found."""

JOINT = 25
"""Most steps of Newton on all profiles together; it takes three or four."""

NEAR = 1e-10
"""Squared step to the top, in standard errors, at which the quadratic there is the likelihood itself."""

STRIDE = 8.0
"""Largest move of any firm's linear predictor in one such step."""

STEPS = 200


@dataclass(frozen=True, slots=True)
class _Set:
    """A completed set as r combinations see it: rows (r, k), and what its FLIC or FLAC adds to each (r,)."""

    fit: Fitted
    asked: Floats
    moved: Floats

    def share(self, at: Floats, rows: Places) -> Floats:
        """Distribution that the profile of each of some combinations stands for, at one value each."""
        fit = self.fit
        gap = at - self.moved[rows]
        return profile_share(fit.likelihood, fit.peak, fit.fit.penalised, self.asked[rows], gap)


def combined_limits(
    fits: Sequence[Fitted], columns: Floats, levels: Sequence[float], *, is_moved: bool = False
) -> tuple[Floats, Floats]:
    """Limits of m combinations of coefficients over completed sets, as `combine_profiles`, all at once.

    Parameters
    ----------
    fits : sequence of Fitted
        One a completed set.
    columns : shape (m, k)
        Combinations, in terms of the k columns of X; no row may be all zero.
    levels : sequence of float
    is_moved : bool
        Whether each set's profile is moved by what its FLIC or FLAC adds.

    Returns
    -------
    low, high : shape (levels, m) each
    """
    unique, back = np.unique(columns, axis=0, return_inverse=True)
    tails = np.array([(1.0 - level) / 2.0 for level in levels] + [(1.0 + level) / 2.0 for level in levels])
    every = np.tile(unique, (len(tails), 1))
    wanted = np.repeat(ndtri(tails), len(unique))
    none = np.zeros(len(every))
    sets = [_Set(fit, every @ fit.lift.T, every @ fit.move if is_moved else none) for fit in fits]
    found = _at_once(sets, wanted)
    left = np.flatnonzero(np.isnan(found))
    if left.size:
        found[left] = _searched(sets, wanted, left)
    ends = found.reshape(2, len(levels), len(unique))[:, :, np.ravel(back)]
    return ends[0], ends[1]


def _at_once(sets: list[_Set], wanted: Floats) -> Floats:
    """Limits where Newton arrives on the value and on every set's coefficients at once, else nan; shape (r,).

    In each set the highest value given `c'b = g` is that of the quadratic at its coefficients, so that all
    of them are at their tops only in the end (Venzon and Moolgavkar 1988, for several profiles).
    """
    centre, width, g = _start(sets, wanted)
    b = [
        one.fit.peak + ((g - at) / se**2)[:, None] * (one.asked @ one.fit.covariance)
        for one, at, se in zip(sets, centre, width, strict=True)
    ]
    ends, live = np.full(len(wanted), np.nan), np.arange(len(wanted))
    for _ in range(JOINT):
        shares, slopes, steps = [], [], []
        at_top = np.ones(len(live), dtype=bool)
        for one, here, middle in zip(sets, b, centre, strict=True):
            c, gap = one.asked[live], g[live] - one.moved[live] - np.sum(one.asked[live] * here[live], axis=1)
            terms = one.fit.likelihood.at(here[live], np.zeros(len(live), dtype=np.int64))
            pair = np.stack([terms.score, c], axis=2)
            with np.errstate(all="ignore"):
                solved = np.linalg.solve(terms.curvature, pair)
                inner = pair.swapaxes(1, 2) @ solved
                pull = (inner[:, 0, 1] - gap) / inner[:, 1, 1]
                high = terms.value + 0.5 * (inner[:, 0, 0] - pull**2 * inner[:, 1, 1])
                root = np.sqrt(np.maximum(2.0 * (one.fit.fit.penalised - high), 0.0))
                slope = np.where(root > 1e-4, np.abs(pull) / root, 1.0 / np.sqrt(inner[:, 1, 1]))
                root *= np.sign(g[live] - middle[live])
                off = inner[:, 0, 0] - inner[:, 0, 1] ** 2 / inner[:, 1, 1]
            at_top &= (off < NEAR) & (np.abs(gap) < CLOSE)
            shares.append(ndtr(root))
            slopes.append(np.exp(-0.5 * root**2) * slope)
            steps.append((solved, pull, inner[:, 1, 1]))
        with np.errstate(all="ignore"):
            z = ndtri(np.mean(shares, axis=0))
            short = z - wanted[live]
            move = -short * np.exp(-0.5 * z**2) / np.mean(slopes, axis=0)
        arrived = at_top & (np.abs(short) < CLOSE)
        ends[live[arrived]] = g[live[arrived]]
        going = np.isfinite(move) & ~arrived
        for one, here, (solved, pull, bend) in zip(sets, b, steps, strict=True):
            step = solved[:, :, 0] - (pull - move / bend)[:, None] * solved[:, :, 1]
            reach = np.abs(step @ one.fit.likelihood.rows.T).max(axis=1) / STRIDE
            here[live] += step / np.maximum(1.0, reach)[:, None]
            going &= np.isfinite(step).all(axis=1)
        g[live] += move
        live = live[going]
        if not live.size:
            break
    return ends


def _start(sets: list[_Set], wanted: Floats) -> tuple[Floats, Floats, Floats]:
    """Estimate and standard error of each set, shapes (sets, r), and the limits were all normal."""
    centre = np.array([one.asked @ one.fit.peak + one.moved for one in sets])
    width = np.array([np.sqrt(np.sum(one.asked @ one.fit.covariance * one.asked, axis=1)) for one in sets])
    ends = centre + wanted * width
    below, above, tails = ends.min(axis=0), ends.max(axis=0), ndtr(wanted)
    for _ in range(40):
        middle = 0.5 * (below + above)
        is_short = ndtr((middle - centre) / width).mean(axis=0) < tails
        below, above = np.where(is_short, middle, below), np.where(is_short, above, middle)
    return centre, width, 0.5 * (below + above)


def _searched(sets: list[_Set], wanted: Floats, rows: Places) -> Floats:
    """Limits of some of the combinations by the secant on the scale of the normal, inside a bracket."""
    below, above = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
    for one in sets:  # the mean's limit lies between the least and the greatest of the sets' own
        for z in np.unique(np.abs(wanted[rows])):
            mine = np.flatnonzero(np.abs(wanted[rows]) == z)
            fit, c = one.fit, one.asked[rows[mine]]
            ends = profile_limits(
                fit.likelihood, fit.peak, fit.covariance, fit.fit.penalised, c, float(2.0 * ndtr(z) - 1.0)
            )
            end = np.where(wanted[rows[mine]] < 0.0, *ends) + one.moved[rows[mine]]
            below[mine], above[mine] = np.minimum(below[mine], end), np.maximum(above[mine], end)

    def short(at: Floats, places: Places) -> Floats:
        mean = np.mean([one.share(at, rows[places]) for one in sets], axis=0)
        return np.asarray(ndtri(np.clip(mean, 1e-300, 1.0 - 1e-16))) - wanted[rows[places]]

    before, last = below.copy(), above.copy()
    every = np.arange(len(rows))
    of_before, of_last = short(before, every), short(last, every)
    left = np.flatnonzero(above - below > CLOSE)
    for _ in range(STEPS):
        if not left.size:
            break
        a, b, fa, fb = before[left], last[left], of_before[left], of_last[left]
        with np.errstate(divide="ignore", invalid="ignore"):
            trial = b - fb * (b - a) / (fb - fa)  # nearly straight on the scale of the normal
        inside = (trial > below[left]) & (trial < above[left])
        trial = np.where(inside, trial, 0.5 * (below[left] + above[left]))
        found = short(trial, left)
        before[left], of_before[left], last[left], of_last[left] = b, fb, trial, found
        below[left] = np.where(found < 0.0, trial, below[left])
        above[left] = np.where(found < 0.0, above[left], trial)
        left = left[(np.abs(found) > CLOSE) & (above[left] - below[left] > CLOSE)]
    return last
