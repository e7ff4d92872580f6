"""Whether two columns of a table differ: design-based by default, or as other programs test it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

from analysis.estimate.adjust import ADJUSTMENTS
from analysis.estimate.spread import Compared, Rivals
from survey import Fault, nearest

__all__ = ["TESTS", "Comparison", "Verdicts", "compare_columns"]

TESTS = ("design", "spss", "displayr_exceptions")
"""design: Rao-Scott tests of shares, t tests of means. spss: pooled z and t, Bonferroni, no test of 0
and 1. displayr_exceptions: each column against the others of its span, arrows, no correction."""

_USUAL = {"design": "holm", "spss": "bonferroni", "displayr_exceptions": "none"}

_THIN = 10
"""Firms on the smaller side of a share under which its design effect is a guess."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How columns are compared.

    Attributes
    ----------
    test : str
        One of `TESTS`.
    adjust : str
        One of `ADJUSTMENTS`, over the pairs of one row and span; "" for the usual one of the test.
    alpha : float
        A pair whose adjusted p-value is below it gets a letter.
    fewest : int
        No letter where one of the two columns has fewer firms; its p-value is still exported.
    """

    test: str = "design"
    adjust: str = ""
    alpha: float = 0.05
    fewest: int = 10

    def __post_init__(self) -> None:
        for what, word, words in (("test", self.test, TESTS), ("adjust", self.adjust or "holm", ADJUSTMENTS)):
            if word not in words:
                raise Fault(f"--{what}", repr(word), f"one of {', '.join(words)}", nearest(word, list(words)))
        if not 0 < self.alpha < 1:
            raise Fault("--alpha", f"{self.alpha:g}", "a number between 0 and 1", "0.05 is usual")

    @property
    def correction(self) -> str:
        """The adjustment in force."""
        return self.adjust or _USUAL[self.test]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Tests of one block: m comparisons of its k options; every array has shape (m, k).

    Attributes
    ----------
    difference, se : NDArray[np.float64]
        First column less the second, its design-based standard error.
    df, p : NDArray[np.float64]
        Degrees of freedom (inf for z), two-sided p-value before adjustment; nan where there is no test.
    method : NDArray[np.object_]
        Shape (m,): `rao-scott`, `t`, `wald`, `pooled z` or `pooled t`.
    """

    difference: Array
    se: Array
    df: Array
    p: Array
    method: NDArray[np.object_]


def compare_columns(
    found: Compared, rivals: Rivals, is_share: bool, comparison: Comparison, span: NDArray[np.intp]
) -> Verdicts:
    """Test every comparison of one block.

    `design`, shares: Pearson's X2 of the 2 x 2 table scaled to its n, over the design effect of the
    log odds ratio, as F with 1 and units - strata df (Rao and Scott 1984; R `svychisq`). Where one
    share is 0 or 1, the design effect of the other; where both are, that of the weights (Kish 1965).
    Columns that share firms: Wald test of the difference with its covariance. Means: t with one df
    less (R `svyttest`). Where a column has fewer than ten firms on one side of its share, its design
    effect is a guess, and counts as no smaller than that of the weights (docs/method/letters.md).
    `spss`: z of pooled shares without continuity correction on effective bases (sum w)^2 / sum w^2,
    no test where a share is 0 or 1; means: t, variance pooled over the span.

    Parameters
    ----------
    span : NDArray[np.intp]
        Shape (c,): span of each column.
    """
    one, other = rivals.one, rivals.other
    first, second = found.value[one], found.value[other]
    gap = first - second
    with np.errstate(divide="ignore", invalid="ignore"):
        if comparison.test == "spss":
            df, p, method = _spss(found, rivals, is_share, span, gap)
        elif is_share:
            df, p = _rao_scott(found, one, other, gap)
            method = "rao-scott"
            if found.shared.any():
                wald_p = _two_sided(gap / np.sqrt(found.difference), df)
                p = np.where(found.shared[:, None], wald_p, p)
        else:
            df = np.broadcast_to(found.df[:, None] - 1, gap.shape)
            p, method = _two_sided(gap / np.sqrt(found.difference), df), "t"
    empty = (found.n[one] == 0) | (found.n[other] == 0)
    p = np.where(empty[:, None] | ~(df >= 1), np.nan, p)
    methods = np.full(len(one), method, dtype=object)
    if method == "rao-scott":
        methods[found.shared] = "wald"
    return Verdicts(gap, np.sqrt(found.difference), df, p, methods)


def _rao_scott(
    found: Compared, one: NDArray[np.intp], other: NDArray[np.intp], gap: Array
) -> tuple[Array, Array]:
    n1, n2, w1, w2 = (a[:, None] for a in (found.n[one], found.n[other], found.base[one], found.base[other]))
    p1, p2 = found.value[one], found.value[other]
    firms = n1 + n2
    e1, e2 = firms * w1 / (w1 + w2), firms * w2 / (w1 + w2)
    both = (w1 * p1 + w2 * p2) / (w1 + w2)
    per_firm = 1 / e1 + 1 / e2
    pearson = gap**2 / (both * (1 - both) * per_firm)
    s1, s2 = p1 * (1 - p1), p2 * (1 - p2)
    simple = np.where(s1 > 0, 1 / (e1 * s1), 0.0) + np.where(s2 > 0, 1 / (e2 * s2), 0.0)
    kish = (found.base2[one] / found.base[one] ** 2 + found.base2[other] / found.base[other] ** 2)[:, None]
    effect = np.where(simple > 0, found.odds / simple, kish / per_firm)
    fewest = np.minimum(n1 * np.minimum(p1, 1 - p1), n2 * np.minimum(p2, 1 - p2))
    effect = np.where((fewest < _THIN) & (effect > 1e-12), np.maximum(effect, kish / per_firm), effect)
    df = np.broadcast_to(found.df[:, None], gap.shape)
    # nothing varies though neither share is 0 or 1: fixed by the design, no test
    return df, _two_sided(np.sqrt(pearson / np.where(effect > 1e-12, effect, np.nan)), df)


def _spss(
    found: Compared, rivals: Rivals, is_share: bool, span: NDArray[np.intp], gap: Array
) -> tuple[Array, Array, str]:
    one, other = rivals.one, rivals.other
    even = found.base**2 / found.base2
    e1, e2 = even[one][:, None], even[other][:, None]
    if is_share:
        p1, p2 = found.value[one], found.value[other]
        both = (e1 * p1 + e2 * p2) / (e1 + e2)
        inner = (p1 > 0) & (p1 < 1) & (p2 > 0) & (p2 < 1)
        z = np.where(inner, gap / np.sqrt(both * (1 - both) * (1 / e1 + 1 / e2)), np.nan)
        return np.full(gap.shape, np.inf), 2 * ndtr(-np.abs(z)), "pooled z"
    many = len(span)
    same = ((span[:, None] == span) & (span >= 0)).astype(float)
    squares = np.where(even[:many, None] > 0, even[:many, None] * found.spread[:many], 0.0)
    left = same @ np.where(even[:many] > 0, even[:many] - 1, 0.0)
    pooled = (same @ squares) / left[:, None]
    df = np.broadcast_to(left[one][:, None], gap.shape)
    return df, _two_sided(gap / np.sqrt(pooled[one] * (1 / e1 + 1 / e2)), df), "pooled t"


def _two_sided(t: Array, df: Array) -> Array:
    """Two-sided p-value of Student's t; nan for 0 over 0 and where the df are below 1."""
    t = np.where(np.isfinite(t), t, np.nan)
    return 2 * stdtr(np.where(df >= 1, df, np.nan), -np.abs(t))
