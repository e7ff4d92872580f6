"""Whether more firms gave one option of a question than another: the same firms answered both."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr

from analysis.estimate.adjust import adjusted
from analysis.estimate.bases import Base, base_of
from analysis.estimate.columns import ratio_columns
from analysis.estimate.dense import with_replacement
from analysis.estimate.design_arrays import DesignArrays
from analysis.estimate.layout import Layout, lay_out
from analysis.estimate.replicates import replicate_variance
from analysis.estimate.taylor import taylor_variance
from survey import Design, Wave

__all__ = ["OPTION_COLUMNS", "compare_options"]

OPTION_COLUMNS = (
    *("question", "option", "other", "by", "group", "stat", "base_rule", "n", "estimate", "se", "df"),
    *("p", "p_adjusted", "method", "flag", "wave"),
)
"""Columns of `compare_options`: `estimate` is the share of `option` less that of `other`."""

Array = NDArray[np.float64]

_FEWEST = 10


def compare_options(
    wave: Wave,
    design: Design,
    rows: Sequence[str] | None = None,
    by: Sequence[str] | str = (),
    base_rule: str = "answered",
    *,
    where: str = "",
    adjust: str = "holm",
) -> pd.DataFrame:
    """Every pair of options of each question, for all firms and within each group.

    The two shares stand on the same firms, so their covariance is in the error. The test is
    McNemar's with a design effect: D^2 / (V q / (q - D^2)), where V is the design variance of the
    difference D and q the share of firms that gave just one of the two; t with units - strata df.
    In a simple sample it is McNemar's (1947). No finite population enters, as in all tests. p-values
    are corrected over the pairs of one question and group. Nets are left out.

    Parameters
    ----------
    rows : sequence of str or None
        Questions of codes; None takes all of several options.
    by, base_rule, where : as in `analysis.banner`.
    adjust : str
        One of `ADJUSTMENTS`.

    Returns
    -------
    pandas.DataFrame
        Columns `OPTION_COLUMNS`; `flag` is `no test` where no firm gave just one of the two, `low
        base` under 10 firms.

    Raises
    ------
    QuestionFault, DesignFault
        As `analysis.banner`.
    """
    layout = lay_out(wave, design, by, where)
    kinds = ("single", "multiple")
    asked = wave.codebook.tabulated() if rows is None else [wave.codebook.question(name) for name in rows]
    parts = []
    for question in asked:
        if rows is not None or question.kind in kinds:
            base = base_of(wave, question.id, base_rule)
            plain = len(base.codes) - len(question.nets)
            if plain > 1:
                parts.append(_pairs(replace(base, codes=base.codes[:plain]), layout, adjust))
    if not parts:
        return pd.DataFrame({name: [] for name in OPTION_COLUMNS})
    return pd.concat(parts, ignore_index=True)[list(OPTION_COLUMNS)]


def _pairs(base: Base, layout: Layout, adjust: str) -> pd.DataFrame:
    """Pairs of options of one question, pair by pair within each column."""
    first, second = np.triu_indices(len(base.codes), 1)
    inside = (layout.member & base.member[:, None]).astype(float)
    arrays = with_replacement(layout.arrays)
    df = arrays.df(inside > 0)
    w = arrays.weight
    gap, error, p = (np.empty((len(layout), len(first))) for _ in range(3))
    for column in range(len(layout)):
        here = inside[:, column]
        ticks = base.ticks[:, : len(base.codes)] * here[:, None]
        apart = ticks[:, first] - ticks[:, second]
        gap[column], variance = _differences(apart, here, arrays)
        whole = w @ here
        with np.errstate(divide="ignore", invalid="ignore"):
            only_one = (w @ apart**2) / whole
            left = only_one - gap[column] ** 2
            kish = only_one * (w**2 @ here) / whole**2
            under_null = np.where(left > 1e-12, variance * only_one / left, kish)
            t = gap[column] / np.sqrt(under_null)
        error[column] = np.sqrt(variance)
        p[column] = 2 * stdtr(df[column] if df[column] >= 1 else np.nan, -np.abs(t))
    codes = np.array(base.codes, dtype=object)
    m, c = len(first), len(layout)
    n = np.repeat(inside.sum(axis=0).astype(np.int64), m)
    flat = p.reshape(-1)
    return pd.DataFrame(
        {
            "question": base.question,
            "option": np.tile(codes[first], c),
            "other": np.tile(codes[second], c),
            "by": np.repeat(np.array(layout.by, dtype=object), m),
            "group": np.repeat(np.array(layout.group, dtype=object), m),
            "stat": "share",
            "base_rule": base.rule,
            "n": n,
            "estimate": gap.reshape(-1),
            "se": error.reshape(-1),
            "df": np.repeat(df, m),
            "p": flat,
            "p_adjusted": adjusted(p, adjust).reshape(-1),
            "method": f"mcnemar, {adjust}",
            "flag": np.select([np.isnan(flat), n < _FEWEST], ["no test", "low base"], ""),
            "wave": layout.wave.name,
        }
    )


def _differences(apart: Array, inside: Array, arrays: DesignArrays) -> tuple[Array, Array]:
    """Mean of each column of `apart` over the firms inside, and its design variance."""
    bottoms = np.broadcast_to(inside[:, None], apart.shape)
    columns = ratio_columns(apart, bottoms, replace(arrays, replicates=None))
    if arrays.replicates is None:
        return columns.value, taylor_variance(columns.scores, arrays)
    many = arrays.replicates.weights.T
    with np.errstate(divide="ignore", invalid="ignore"):
        thetas = (many @ apart) / (many @ inside)[:, None]
    return columns.value, replicate_variance(thetas, columns.value, arrays.replicates)
