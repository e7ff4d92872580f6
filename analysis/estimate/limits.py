"""Which interval a number gets, by how its firms were chosen and how many of them are known."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.columns import Columns
from analysis.estimate.design_arrays import DesignArrays
from analysis.estimate.intervals import (
    assumption_free_bounds,
    clopper_pearson,
    hypergeometric_limits,
    korn_graubard,
    student_limits,
)
from analysis.estimate.taylor import answered_variance

__all__ = [
    "NEAR_CENSUS",
    "Counts",
    "Limits",
    "amount_limits",
    "even_firms",
    "first_stage_left",
    "share_limits",
]

NEAR_CENSUS = 0.95
"""Response of a list from which the hypergeometric interval replaces the assumption-free bounds."""

_LARGEST_EXACT = 1e6
_NOTHING = 1e-14
_MANY_REPLICATES = 10
_THIN = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """What is known of k columns besides their estimates; every array has shape (k,).

    Attributes
    ----------
    x, n : NDArray[np.float64]
        Firms that count (x of shares only), firms in the base.
    fewest, most : NDArray[np.float64]
        Firms concerned, between the two; nan where the population is unknown.
    drawn : NDArray[np.float64]
        Firms concerned that returned a questionnaire.
    df : NDArray[np.float64]
        Design degrees of freedom of the domain.
    whole : NDArray[np.bool_]
        Whether the column is about all firms.
    even : NDArray[np.float64] or None
        Firms of equal weight that weigh as much, (sum w)^2 / sum w^2 (Kish 1965, 11.7); None for n.
    """

    x: NDArray[np.float64]
    n: NDArray[np.float64]
    fewest: NDArray[np.float64]
    most: NDArray[np.float64]
    drawn: NDArray[np.float64]
    df: NDArray[np.float64]
    whole: NDArray[np.bool_]
    even: NDArray[np.float64] | None = None

    def repeated(self, places: NDArray[np.intp]) -> "Counts":
        """The columns at these places, in this order."""
        return Counts(
            self.x[places],
            self.n[places],
            self.fewest[places],
            self.most[places],
            self.drawn[places],
            self.df[places],
            self.whole[places],
            None if self.even is None else self.even[places],
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """Doubt of k columns: arrays of shape (k,); `marks` holds a word and where it applies."""

    se: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    df: NDArray[np.float64]
    deff: NDArray[np.float64]
    n_eff: NDArray[np.float64]
    method: NDArray[np.object_]
    marks: dict[str, NDArray[np.bool_]] = field(default_factory=dict)


def even_firms(inside: NDArray[np.bool_], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Firms of equal weight that weigh as much as those inside, (sum w)^2 / sum w^2 (Kish 1965, 11.7).

    Parameters
    ----------
    inside, weight : NDArray
        Shape (rows, k), shape (rows,).

    Returns
    -------
    NDArray[np.float64]
        Shape (k,); 0 where nobody is inside.
    """
    sums, squares = weight @ inside, weight**2 @ inside
    return np.divide(sums**2, squares, out=np.zeros(len(sums)), where=squares > 0)


def first_stage_left(arrays: DesignArrays) -> float:
    """Part of the units of the first stage that was not taken: 1 where nobody knows how many there are."""
    first = arrays.stages[0]
    return float(np.clip(1 - first.taken.sum() / first.population.sum(), 0.0, 1.0))


def share_limits(columns: Columns, counts: Counts, arrays: DesignArrays, level: float) -> Limits:
    """Limits of shares; `method` says which rule made them.

    Target `firms`, population known: all concerned answered -> `census`, width zero. A list
    otherwise: response of 95 percent and more of a certain number -> `hypergeometric`, below, or
    where the number concerned is uncertain -> `bounds` (most firms concerned). A simple random
    draw: `hypergeometric`. Else `korn-graubard` with fpc, clipped to what is possible at all;
    `clopper-pearson` at shares of 0 and 1. A share without any variance, such as that of a stratum
    or of a margin the weights were raked to, is `fixed by design`; in a sample of clusters, where
    this may be chance, it gets Clopper-Pearson on n. Every interval contains its estimate.

    Where fewer than ten firms said yes, or fewer than ten no, the variance itself is a guess: a
    simple draw of as many firms is then the least doubt (`korn-graubard truncated`), and at 0 and 1
    unequal weights count as fewer firms: docs/method/coverage.md says what that mends.
    """
    p, x, n = columns.value, counts.x, counts.n
    known = (arrays.target == "firms") & np.isfinite(counts.most) & (n > 0)
    certain = known & (counts.fewest == counts.most)
    most = np.where(known, counts.most, 1.0)
    chosen_list = known & (arrays.selection == "list")
    exact = arrays.is_simple & certain & (most <= _LARGEST_EXACT) & (most == np.floor(most))
    silent = n < counts.drawn

    census = certain & (n == most) & (chosen_list | arrays.is_simple | arrays.is_complete)
    near = chosen_list & certain & (n / most >= NEAR_CENSUS)
    exact = exact & ~census & (near | (arrays.selection == "probability"))
    bounds = known & ~census & ~exact & ((chosen_list & ~near) | arrays.is_complete)
    free_low, free_high = assumption_free_bounds(x, n, most)
    possible_low = np.where(certain, np.minimum(free_low, p), 0.0)
    possible_high = np.where(certain, np.maximum(free_high, p), 1.0)

    counted = census | exact | bounds
    one = (arrays.is_simple or arrays.is_complete) & counted
    variance = np.where(
        one, answered_variance(columns.scores, n, np.where(counted, most, 1e300)), columns.variance
    )
    variance = np.where(census, 0.0, variance)
    middle = (x > 0) & (x < n) & (p > 0) & (p < 1)
    still = middle & ~counted & (variance <= _NOTHING * p * (1 - p))
    fixed = still & _variance_can_be_nothing(arrays)
    smooth = middle & ~counted & ~still
    rest = (n > 0) & ~counted & ~smooth & ~fixed

    thin = np.where(np.minimum(x, n - x) < _THIN, (1 - 1e-9) * _simple_variance(p, n, arrays), 0.0)
    doubt = np.where(smooth, np.maximum(variance, thin), np.nan)
    low, high = korn_graubard(p, doubt, n, counts.df, level)
    no_df = smooth & ~np.isfinite(low)
    low, high = np.where(no_df, possible_low, low), np.where(no_df, possible_high, high)
    if rest.any():
        even = n if counts.even is None else counts.even
        rest_low, rest_high = clopper_pearson(p * even, even, level)
        low, high = np.where(rest, rest_low, low), np.where(rest, rest_high, high)
    low, high = np.where(fixed, p, low), np.where(fixed, p, high)
    low, high = np.maximum(low, possible_low), np.minimum(high, possible_high)
    if exact.any():
        kept, drawn, all_firms = (np.where(exact, v, 1).astype(np.int64) for v in (x, n, most))
        hyper_low, hyper_high = hypergeometric_limits(kept, drawn, all_firms, level)
        low, high = np.where(exact, hyper_low, low), np.where(exact, hyper_high, high)
    low = np.where(bounds, np.minimum(free_low, p), np.where(census, p, low))
    high = np.where(bounds, np.maximum(free_high, p), np.where(census, p, high))

    method = np.select(
        [n == 0, census, exact, bounds, no_df, smooth & (thin > variance), smooth | fixed],
        ["", "census", "hypergeometric", "bounds", "bounds", "korn-graubard truncated", "korn-graubard"],
        "clopper-pearson",
    ).astype(object)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = (exact | smooth) & middle & (variance > 0)
        n_eff = np.where(inner, p * (1 - p) / variance, np.where(n > 0, n, np.nan))
        deff = np.where(inner & (n > 1), variance * (n - 1) / (p * (1 - p)), np.nan)
    silence = ((chosen_list & ~census & ~bounds) | (exact & silent)) & (n > 0)
    marks = {"census": census, "fixed by design": fixed, "if silence were random": silence, "no df": no_df}
    return Limits(np.sqrt(variance), low, high, _shown(counts.df, n), deff, n_eff, method, marks)


def amount_limits(
    columns: Columns, counts: Counts, arrays: DesignArrays, level: float, spread: NDArray[np.float64] | None
) -> Limits:
    """Limits of means, ratios (`spread` given) and totals (None): t on the design df.

    A mean or ratio of a simple list, or of a draw that took every firm, treats the firms that
    answered as a random draw from those concerned and says so; all answered: `census`.

    Parameters
    ----------
    spread : NDArray[np.float64] or None
        Shape (k,): variance of one firm's linearised value, for the design effect; None for totals.
    """
    n = counts.n
    known = (arrays.target == "firms") & np.isfinite(counts.most) & (n > 0)
    chosen_list = known & (arrays.selection == "list")
    variance, df = columns.variance, counts.df
    silent = known & (n < counts.most)
    if spread is None:
        complete = known & arrays.is_complete
        census = complete
        marks = {"silent omitted": known & (n < counts.drawn)}
        marks["if silence were random"] = chosen_list & ~complete
    else:
        census = known & (counts.fewest == counts.most) & (n == counts.most)
        census &= chosen_list | arrays.is_simple | arrays.is_complete
        answered = silent & (chosen_list | arrays.is_complete) & (arrays.is_simple or arrays.is_complete)
        drawn = answered_variance(columns.scores, n, np.where(answered, counts.most, 1e300))
        variance = np.where(answered, drawn, variance)
        df = np.where(answered, n - 1, df)
        marks = {"if silence were random": (answered | (chosen_list & silent)) & ~census}
    variance = np.where(census, 0.0, variance)
    se = np.sqrt(variance)
    low, high = student_limits(columns.value, se, df, level)
    low, high = np.where(census, columns.value, low), np.where(census, columns.value, high)
    marks |= {"census": census, "no df": (n > 0) & ~(df >= 1) & ~census}
    method = np.select([n == 0, census], ["", "census"], "t").astype(object)
    n_eff, deff = np.where(n > 0, n, np.nan), np.full(len(n), np.nan)
    if spread is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            fits = ~census & (variance > 0) & (spread > 0)
            n_eff = np.where(fits, spread / variance, n_eff)
            deff = np.where(fits, n / n_eff, np.nan)
    return Limits(se, low, high, _shown(df, n), deff, n_eff, method, marks)


def _simple_variance(
    p: NDArray[np.float64], n: NDArray[np.float64], arrays: DesignArrays
) -> NDArray[np.float64]:
    """Shape (k,): variance of the shares in a simple draw of n, less what was taken at the first stage."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(first_stage_left(arrays) * p * (1 - p) / n)


def _variance_can_be_nothing(arrays: DesignArrays) -> bool:
    """Whether a variance of zero means a share fixed by the design and not chance."""
    if arrays.replicates is not None:
        return len(arrays.replicates.rscales) >= _MANY_REPLICATES
    return arrays.stages[0].is_rows


def _shown(df: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees of freedom to print: nan on an empty base."""
    return np.where(n > 0, df, np.nan)
