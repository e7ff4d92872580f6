"""Defects of stated distributions, each with its rule, its constant and what happens without it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["DISTRIBUTION_RULES", "GROWTHS", "STATED", "DistributionRules", "repaired"]

GROWTHS = ("symmetric", "plain")
"""symmetric: 2 (F - C) / (F + C). plain: F / C - 1."""

STATED = ("rate", "level", "value")
"""What a firm stated at each point: growth in percent, a level, or a number taken as it stands."""

DISTRIBUTION_RULES = {
    "incomplete": "a point without a number that carries probability: dropped",
    "no_current": "levels without a positive level of today: dropped",
    "negative_probability": "a probability below 0: dropped",
    "blank_probability": "a blank beside stated probabilities: read as 0",
    "fractions": "no probability above 1 and a total of about 1: read as fractions",
    "total_rescaled": "a total near 100: rescaled to 100",
    "total_outside": "a total far from 100: dropped",
    "not_rising": "points that do not rise: dropped",
    "one_point": "all mass on one point: kept, s = 0",
    "few_points": "mass on too few different points: the mean is kept, s is not",
    "below_floor": "growth under the floor of -100 percent: dropped",
}
"""Rules and their default treatment, in the order they run (method, section 5). Without a rule:
blanks make the answer incomplete; fractions are judged as percents; totals near 100 are dropped, far
ones rescaled; negative probabilities count 0; points that do not rise are taken as stated; s of one
point is left out, s of few points is taken; growth is cut at the floor. Incomplete answers and levels
without a level of today have no moments, with or without their rule."""


@dataclass(frozen=True, slots=True)
class DistributionRules:
    """Constants of the rules. No source confirms those of published surveys; these are defaults.

    Attributes
    ----------
    total : float
        What probabilities should add up to.
    tolerance : float
        How far from `total` a total is rescaled; further off it is dropped.
    exact : float
        How far from `total` a total is taken as right (rounding).
    distinct : int
        Fewest different points with mass whose s is used.
    floor : float
        Lowest growth there can be, as a plain fraction: -1 is -100 percent.
    """

    total: float = 100.0
    tolerance: float = 10.0
    exact: float = 1e-6
    distinct: int = 3
    floor: float = -1.0


Repaired = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], pd.DataFrame]


def repaired(
    stated: NDArray[np.float64],
    chance: NDArray[np.float64],
    current: NDArray[np.float64] | None,
    kind: str,
    growth: str,
    rules: DistributionRules,
    without: frozenset[str],
    given: NDArray[np.bool_],
) -> Repaired:
    """Points and probabilities after all rules, with the rules that met each firm.

    Parameters
    ----------
    stated, chance : NDArray[np.float64]
        Shape (n, k): points and probabilities as stated, nan where blank.
    current : NDArray[np.float64] or None
        Shape (n,): levels of today.
    kind, growth : str
        Of `STATED` and `GROWTHS`.
    without : frozenset[str]
        Rules not to apply; they still tell whom they would have met.
    given : NDArray[np.bool_]
        Shape (n,): firms that stated anything.

    Returns
    -------
    points, probability : NDArray[np.float64]
        Shape (n, k), nan where the answer was dropped.
    keeps_sd : NDArray[np.bool_]
        Shape (n,): whether s and skew may be used.
    touched : pandas.DataFrame
        Shape (n, rules), truth.
    """
    met: dict[str, NDArray[np.bool_]] = {}
    plain = _plain(stated, current, kind)
    blank = np.isnan(chance)
    met["blank_probability"] = ~_all(blank) & _any(blank & np.isfinite(stated))
    met["negative_probability"] = _any(chance < 0)
    p = np.where(blank, 0.0, chance)
    if "negative_probability" in without:
        p = np.maximum(p, 0.0)
    p = _fractions(p, rules, without, met)
    total = p.sum(axis=1)
    off = np.abs(total - rules.total)
    met["total_rescaled"] = (off > rules.exact) & (off <= rules.tolerance)
    met["total_outside"] = given & (off > rules.tolerance) & ~_all(blank)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(total[:, None] > 0, p / total[:, None], np.nan)
    mass = p > 0
    met["incomplete"] = given & (_any(np.isnan(stated) & mass) | _all(blank))
    met["no_current"] = np.zeros(len(p), dtype=bool)
    if kind == "level" and current is not None:
        met["no_current"] = given & ~(current > 0)
    met["not_rising"] = _falls(stated)
    points = _distinct(plain, mass)
    alive = given & ~met["incomplete"] & ~met["no_current"] & (total > 0)
    met["one_point"] = alive & (points == 1)
    met["few_points"] = alive & (points > 1) & (points < rules.distinct)
    low = np.zeros(len(p), dtype=bool)
    if kind != "value":
        low = _any(plain < rules.floor)
        plain = np.where(plain < rules.floor, rules.floor, plain) if "below_floor" in without else plain
    met["below_floor"] = low
    for rule in ("negative_probability", "total_outside", "not_rising", "below_floor"):
        if rule not in without:
            alive &= ~met[rule]
    for rule in ("total_rescaled", "blank_probability"):
        if rule in without:
            alive &= ~met[rule]
    keeps_sd = np.ones(len(p), dtype=bool)
    if "one_point" in without:
        keeps_sd &= ~met["one_point"]
    if "few_points" not in without:
        keeps_sd &= ~met["few_points"]
    if kind != "value" and growth == "symmetric":
        with np.errstate(divide="ignore", invalid="ignore"):
            plain = 2 * plain / (2 + plain)
    gone = ~alive[:, None]
    touched = pd.DataFrame({rule: met[rule] & given for rule in DISTRIBUTION_RULES})
    return np.where(gone, np.nan, plain), np.where(gone, np.nan, p), keeps_sd, touched


def _any(table: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(table.any(axis=1))


def _all(table: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(table.all(axis=1))


def _plain(
    stated: NDArray[np.float64], current: NDArray[np.float64] | None, kind: str
) -> NDArray[np.float64]:
    """Points as plain growth F / C - 1, or as they stand."""
    if kind == "rate":
        return stated / 100
    if kind == "level" and current is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(stated / np.where(current > 0, current, np.nan)[:, None] - 1)
    return stated


def _fractions(
    p: NDArray[np.float64],
    rules: DistributionRules,
    without: frozenset[str],
    met: dict[str, NDArray[np.bool_]],
) -> NDArray[np.float64]:
    """Probabilities on the scale of `total`; fractions are as far off as percents may be."""
    off = np.abs(p.sum(axis=1) - 1.0)
    met["fractions"] = (p <= 1).all(axis=1) & (off <= rules.tolerance / rules.total)
    if "fractions" in without:
        return p
    return np.where(met["fractions"][:, None], p * rules.total, p)


def _falls(stated: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a stated point lies below one stated before it; equal points only are few."""
    seen = np.where(np.isnan(stated), -np.inf, stated)
    highest = np.maximum.accumulate(seen, axis=1)
    return np.asarray((stated[:, 1:] < highest[:, :-1]).any(axis=1))


def _distinct(points: NDArray[np.float64], mass: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Shape (n,): number of different points that carry probability."""
    ordered = np.sort(np.where(mass, points, np.nan), axis=1)
    first = np.isfinite(ordered[:, :1]).sum(axis=1)
    return np.asarray(first + ((ordered[:, 1:] > ordered[:, :-1]) & np.isfinite(ordered[:, 1:])).sum(axis=1))
