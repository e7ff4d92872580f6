"""Wald tests of models that were fitted to several completed data sets."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import fdtrc

from analysis.estimate.models.fitting import Fit
from analysis.estimate.record import Estimate
from survey import QuestionFault

__all__ = ["pooled_tests"]


def pooled_tests(fits: Sequence[Fit]) -> tuple[Estimate, ...]:
    """For each predictor: F that all its coefficients are zero, over m imputations.

    F = Q' U^-1 Q / (k (1 + r)), Q the mean of the coefficients, U that of their covariances, r = (1 +
    1/m) tr(B U^-1)/k (Li, Raghunathan and Rubin 1991); second degrees of freedom by Reiter (2007) from
    those of the design, or by the former where there are too few of either (R `mitml::testModels`).

    Raises
    ------
    QuestionFault
        Fewer than two models, or models of other coefficients.
    """
    if len(fits) < 2:
        raise QuestionFault(
            "imputations", f"{len(fits)}", "models of at least two completed data sets", "give more of them"
        )
    if len({(f.outcome, f.family, f.predictors, f.solved.model.labels) for f in fits}) > 1:
        raise QuestionFault(
            "imputations",
            "models with other columns",
            "the same outcome, predictors and levels in each",
            "a level that occurs in some imputations only: merge it with another in the codebook",
        )
    thetas = np.array([f.solved.parameters for f in fits])
    inside = np.mean([f.covariance for f in fits], axis=0)
    between = np.atleast_2d(np.cov(thetas.T))
    complete = min(f.template.df for f in fits)
    rows = []
    for term, row in zip(fits[0].firms.matrix.terms, fits[0].tests, strict=True):
        at = [i for i, (_, column) in enumerate(fits[0].solved.model.labels) if column in term.columns]
        part = np.ix_(at, at)
        flags = dict.fromkeys(word for word in (*row.flag.split(";"), "no df") if word)
        blank = replace(
            row, n=round(np.mean([f.template.n for f in fits])), estimate=np.nan, p=np.nan, df=np.nan,
            method=f"rubin F on {len(at)}", flag=";".join(flags),
        )  # fmt: skip
        if not complete >= 1 or np.linalg.matrix_rank(inside[part]) < len(at):
            rows.append(blank)
            continue
        k, mean = len(at), thetas[:, at].mean(axis=0)
        r = (1 + 1 / len(fits)) * float(np.trace(np.linalg.solve(inside[part], between[part]))) / k
        f = float(mean @ np.linalg.solve(inside[part], mean)) / (k * (1 + r))
        df = _second_df(k, len(fits), r, complete)
        rows.append(replace(blank, estimate=f, df=df, p=float(fdtrc(k, df, f)), flag=row.flag))
    return tuple(rows)


def _second_df(k: int, m: int, r: float, complete: float) -> float:
    """Second degrees of freedom; those of the design where the imputations agree."""
    if r <= 0:
        return complete
    t = k * (m - 1)
    a = r * t / (t - 2) if t > 2 else np.inf
    star = (complete + 1) / (complete + 3) * complete
    c1, c2 = star - 2 * (1 + a), star - 4 * (1 + a)
    if t > 4 and c2 > 0:
        share = (
            a**2 * c1 / ((1 + a) ** 2 * c2) + 8 * a**2 * c1 / ((1 + a) * c2**2) + 4 * a**2 / ((1 + a) * c2)
        )
        share += 4 * a**2 / (c2 * c1) + 16 * a**2 * c1 / c2**3 + 8 * a**2 / c2**2
        return float(4 + 1 / (1 / c2 + share / (t - 4)))
    if t > 4:
        return float(4 + (t - 4) * (1 + (1 - 2 / t) / r) ** 2)
    return float(t * (1 + 1 / k) * (1 + 1 / r) ** 2 / 2)
