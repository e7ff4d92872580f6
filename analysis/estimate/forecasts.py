"""What came of what firms expected: errors of their forecasts, held against the doubt they stated."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.amounts import mean_rows
from analysis.estimate.bases import Amounts, Base
from analysis.estimate.domains import settle
from analysis.estimate.record import Estimate
from survey import (
    Design,
    DistributionRules,
    Panel,
    PointQuestions,
    QuestionFault,
    answers_to,
    firm_distributions,
)

__all__ = ["FORECAST_STATS", "forecast_errors"]

FORECAST_STATS = ("bias", "absolute_error", "squared_error", "stated_variance", "calibration", "coverage")
"""bias: mean of realised - m. absolute_error, squared_error: of the same. stated_variance: mean of s^2, of
the firms of calibration. calibration: mean of ((realised - m) / s)^2, 1 where firms know their own doubt,
above it where they are too sure; of firms with s > 0. coverage: share of realised outcomes from the lowest
to the highest point that carried probability."""


def forecast_errors(
    panel: Panel,
    design: Design,
    questions: PointQuestions,
    realised: str,
    *,
    earlier: str,
    later: str,
    by: Sequence[str] | str = (),
    where: str = "",
    level: float = 0.95,
    rules: DistributionRules | None = None,
) -> tuple[Estimate, ...]:
    """Errors of the forecasts of one wave against what firms report in a later one.

    Firms are those that stated a distribution and report an outcome; design, groups and `where` are of
    the earlier wave, whose name the records bear. Rates and levels are turned into growth as the
    points were (a realised level against the level of today of the earlier wave).

    Parameters
    ----------
    panel : Panel
        Firms over waves; renamed firms are paired, absorbed ones are not.
    questions : PointQuestions
        Questions of the earlier wave.
    realised : str
        Question of kind number of the later wave: rate in percent, level, or value, as was stated.
    earlier, later : str
        Names of the waves.

    Returns
    -------
    tuple[Estimate, ...]
        `stat` is a word of `FORECAST_STATS`, for all firms first, then for each group.

    Raises
    ------
    StudyFault, QuestionFault, DesignFault
        Something named does not exist or does not fit; the design cannot carry an estimate.
    """
    rows, later_rows = panel.pairs(earlier, later)
    by_name = dict(zip(panel.names(), panel.waves, strict=True))
    wave = by_name[earlier]
    found = firm_distributions(wave, questions, rules=rules)
    answers = answers_to(by_name[later], realised)
    if answers.kind != "number":
        raise QuestionFault(
            f"wave {later}, question {realised!r}",
            f"a question of kind {answers.kind!r}",
            "a question of kind number",
            "name the question of what was realised",
        )
    outcome = np.full(len(wave), np.nan)
    outcome[rows] = answers.values[later_rows]
    current = answers_to(wave, questions.current).values if questions.current else None
    outcome = _as_stated(outcome, questions, current)
    error = outcome - found.mean
    carried = found.probability > 0
    low = np.where(carried, found.points, np.inf).min(axis=1)
    high = np.where(carried, found.points, -np.inf).max(axis=1)
    inside = ((outcome >= low) & (outcome <= high)).astype(float)
    sure = ~(found.sd > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        standard = np.where(sure, np.nan, (error / found.sd) ** 2)
    values = {
        "bias": error,
        "absolute_error": np.abs(error),
        "squared_error": error**2,
        "stated_variance": np.where(np.isfinite(standard), found.sd**2, np.nan),
        "calibration": standard,
        "coverage": np.where(np.isfinite(error), inside, np.nan),
    }
    setting = settle(wave, design, by=by, where=where, level=level)
    made = {
        stat: mean_rows(setting, _amounts(questions.name, column, stat == "coverage"))
        for stat, column in values.items()
    }
    count = len(setting.domains)
    return tuple(
        replace(made[stat][d], option="", stat=stat) for d in range(count) for stat in FORECAST_STATS
    )


def _as_stated(
    outcome: NDArray[np.float64], questions: PointQuestions, current: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """A realised outcome on the scale of the points."""
    if questions.stated == "value":
        return outcome
    plain = outcome / 100
    if questions.stated == "level" and current is not None:
        plain = outcome / np.where(current > 0, current, np.nan) - 1
    if questions.growth == "plain":
        return plain
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * plain / (2 + plain))


def _amounts(name: str, values: NDArray[np.float64], is_share: bool) -> Amounts:
    member = np.isfinite(values)
    rows = len(values)
    everybody, nobody = np.ones(rows, dtype=bool), np.zeros(rows, dtype=bool)
    base = Base(
        name, "answered", (), np.zeros((rows, 0), dtype=bool), member, everybody, everybody, True, nobody
    )
    return Amounts(base, np.where(member, values, 0.0), is_share)
