"""What firms expect, how unsure each is and how far they differ: aggregates of stated distributions."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.estimate.amounts import counts_of
from analysis.estimate.bases import Base
from analysis.estimate.columns import Columns, ratio_columns
from analysis.estimate.domains import Setting, settle
from analysis.estimate.limits import Limits, amount_limits
from analysis.estimate.record import Estimate, as_frame
from analysis.estimate.replicates import replicate_variance
from analysis.estimate.rows import estimates_of
from survey import (
    DISTRIBUTION_RULES,
    Design,
    DistributionRules,
    Distributions,
    PointQuestions,
    Wave,
    firm_distributions,
)

__all__ = ["EXPECTATION_STATS", "expectations_of", "without_each_rule"]

EXPECTATION_STATS = (
    "expectation",
    "uncertainty",
    "skewness",
    "disagreement",
    "within_variance",
    "between_variance",
    "pooled_variance",
)
"""expectation: mean of m. uncertainty: mean of s. skewness: mean of skew. disagreement: sd of m over
firms. within_variance: mean of s^2. between_variance: variance of m. pooled_variance: variance of the
mixture of all distributions, which is within + between. The last four are of the firms that have both m
and s, so that the identity holds exactly; variances divide by the sum of weights."""

_NEVER_NEGATIVE = ("uncertainty", "disagreement", "within_variance", "between_variance", "pooled_variance")


def expectations_of(
    wave: Wave,
    design: Design,
    questions: PointQuestions,
    *,
    by: Sequence[str] | str = (),
    where: str = "",
    level: float = 0.95,
    rules: DistributionRules | None = None,
    without: Collection[str] = (),
) -> tuple[Estimate, ...]:
    """Aggregates of the distributions firms stated, with design-based intervals.

    `question` holds `questions.name`, `stat` a word of `EXPECTATION_STATS`; growth stands as a
    fraction (0.05 is 5 percent), variances in its square. Limits are t on the design df (see
    `amount_limits`; disagreement and variances linearised: scores w ((m - M)^2 - V) / W, and half of
    that over the root), cut at 0 where a number cannot be negative.

    Parameters
    ----------
    by, where, level
        As in `analysis.share`.
    rules : DistributionRules or None
        Constants of the treatment of defects; None for the defaults.
    without : collection of str
        Rules of `survey.DISTRIBUTION_RULES` not to apply.

    Raises
    ------
    QuestionFault, DesignFault
        Something named does not exist or does not fit; the design cannot carry an estimate.
    """
    setting = settle(wave, design, by=by, where=where, level=level)
    return _aggregates(setting, firm_distributions(wave, questions, rules=rules, without=without))


def without_each_rule(
    wave: Wave,
    design: Design,
    questions: PointQuestions,
    *,
    by: Sequence[str] | str = (),
    where: str = "",
    rules: DistributionRules | None = None,
) -> pd.DataFrame:
    """What each aggregate would be without each rule, the others applied.

    Returns
    -------
    pandas.DataFrame
        Columns `rule,firms` (met by the rule, in the wave) `,by,group,stat,n,estimate` (all rules)
        `,n_without,without` (all but this one) `,difference`; rules that met no firm are left out.

    Raises
    ------
    QuestionFault, DesignFault
        As `expectations_of`.
    """
    setting = settle(wave, design, by=by, where=where)
    full = firm_distributions(wave, questions, rules=rules)
    base = as_frame(_aggregates(setting, full))
    tables: list[pd.DataFrame] = []
    for rule in DISTRIBUTION_RULES:
        firms = int(full.touched[rule].sum())
        if not firms:
            continue
        one = firm_distributions(wave, questions, rules=rules, without=(rule,))
        other = as_frame(_aggregates(setting, one))
        table = base[["by", "group", "stat", "n", "estimate"]].copy()
        table.insert(0, "firms", firms)
        table.insert(0, "rule", rule)
        table["n_without"], table["without"] = other["n"], other["estimate"]
        table["difference"] = table["without"] - table["estimate"]
        tables.append(table)
    if tables:
        return pd.concat(tables, ignore_index=True)
    names = "rule firms by group stat n estimate n_without without difference"
    return pd.DataFrame(columns=names.split())


def _aggregates(setting: Setting, found: Distributions) -> tuple[Estimate, ...]:
    m, s, skew = found.mean, found.sd, found.skew
    both = np.isfinite(m) & np.isfinite(s)
    made: dict[str, tuple[Estimate, ...]] = {}
    for stat, values in (("expectation", m), ("uncertainty", s), ("skewness", skew)):
        made[stat] = _mean(setting, found, stat, values, np.isfinite(values))
    made["within_variance"] = _mean(setting, found, "within_variance", s**2, both)
    for stat in ("disagreement", "between_variance", "pooled_variance"):
        made[stat] = _spread(setting, found, stat, both)
    count = len(setting.domains)
    return tuple(made[stat][d] for d in range(count) for stat in EXPECTATION_STATS)


def _mean(
    setting: Setting, found: Distributions, stat: str, values: NDArray[np.float64], member: NDArray[np.bool_]
) -> tuple[Estimate, ...]:
    inside = (setting.members() & member[:, None]).astype(float)
    tops = inside * np.where(member, values, 0.0)[:, None]
    return _rows(setting, found, stat, member, inside, ratio_columns(tops, inside, setting.arrays))


def _spread(
    setting: Setting, found: Distributions, stat: str, member: NDArray[np.bool_]
) -> tuple[Estimate, ...]:
    """Variance or sd of m over firms, or the variance of the mixture; by squares about the mean."""
    arrays = setting.arrays
    inside = (setting.members() & member[:, None]).astype(float)
    m = np.where(member, found.mean, 0.0)[:, None]
    extra = np.where(member, found.sd, 0.0)[:, None] ** 2 if stat == "pooled_variance" else 0.0
    centre = ratio_columns(inside * m, inside, arrays).value
    centre = np.where(np.isfinite(centre), centre, 0.0)
    columns = ratio_columns(inside * ((m - centre) ** 2 + extra), inside, arrays)
    value, variance, scores = columns.value, columns.variance, columns.scores
    if arrays.replicates is not None:
        many = arrays.replicates.weights.T
        with np.errstate(divide="ignore", invalid="ignore"):
            base = many @ inside
            drift = (many @ (inside * (m - centre))) / base
            thetas = (many @ (inside * ((m - centre) ** 2 + extra))) / base - drift**2
        if stat == "disagreement":
            thetas = np.sqrt(np.maximum(thetas, 0.0))
        full = np.sqrt(value) if stat == "disagreement" else value
        variance = replicate_variance(thetas, full, arrays.replicates)
        variance = np.where(columns.base != 0, variance, np.nan)
    if stat == "disagreement":
        value = np.sqrt(value)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(value > 0, 1 / (2 * value), 0.0)
        scores = scores * slope
        variance = variance if arrays.replicates is not None else variance * slope**2
    return _rows(setting, found, stat, member, inside, Columns(value, columns.base, variance, scores))


def _rows(
    setting: Setting,
    found: Distributions,
    stat: str,
    member: NDArray[np.bool_],
    inside: NDArray[np.float64],
    columns: Columns,
) -> tuple[Estimate, ...]:
    rows = len(member)
    everybody, nobody = np.ones(rows, dtype=bool), np.zeros(rows, dtype=bool)
    ticks = np.zeros((rows, 0), dtype=bool)
    base = Base(found.questions.name, "answered", (), ticks, member, everybody, everybody, True, nobody)
    counts = counts_of(setting, base, inside)
    limits = amount_limits(
        columns, counts, setting.arrays, setting.level, _one_firm(setting, columns, inside)
    )
    if stat in _NEVER_NEGATIVE:
        limits = _above_zero(limits)
    return estimates_of(setting, base.question, ("",), stat, base.rule, columns, counts, limits)


def _one_firm(setting: Setting, columns: Columns, inside: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of one firm's linearised value, for the design effect."""
    w, n = setting.arrays.weight, inside.sum(axis=0)
    per_weight = np.divide(1.0, w, out=np.zeros_like(w), where=w > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(n / (n - 1) * columns.base * (per_weight @ columns.scores**2))


def _above_zero(limits: Limits) -> Limits:
    return replace(limits, low=np.where(limits.low < 0, 0.0, limits.low))
