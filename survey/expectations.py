"""Distributions that firms stated point by point: defects treated by named rules, and their moments."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.codebook import Question
from survey.distribution_rules import DISTRIBUTION_RULES, GROWTHS, STATED, DistributionRules, repaired
from survey.faults import QuestionFault, nearest
from survey.routing import answers_to
from survey.wave import Wave

__all__ = ["Distributions", "PointQuestions", "firm_distributions"]


@dataclass(frozen=True, slots=True)
class PointQuestions:
    """Which questions hold one distribution, and how its points are to be read.

    Attributes
    ----------
    name : str
        What is expected, such as `sales`; stands in the column `question` of every table.
    supports, probabilities : tuple[str, ...]
        Ids of number questions, lowest point first; five of each as a rule, at least two.
    current : str
        Id of the question of today's level; needed where levels are stated.
    stated : str
        One of `STATED`: `rate` (growth in percent), `level` (of the same unit as `current`) or
        `value` (a number that is taken as it stands).
    growth : str
        One of `GROWTHS`. symmetric: g = 2 (F - C) / (F + C), from a rate r as 2 r / (2 + r);
        plain: F / C - 1. No source confirms which of them published surveys use.
    """

    name: str
    supports: tuple[str, ...]
    probabilities: tuple[str, ...]
    current: str = ""
    stated: str = "rate"
    growth: str = "symmetric"


@dataclass(frozen=True, slots=True)
class Distributions:
    """Stated distributions of n firms over k points.

    Attributes
    ----------
    questions : PointQuestions
        Where they were read from.
    rules : DistributionRules
        Constants of the treatment.
    without : tuple[str, ...]
        Rules that were not applied.
    points : NDArray[np.float64]
        Shape (n, k): points as growth (0.05 is 5 percent) or as values; nan where dropped.
    probability : NDArray[np.float64]
        Shape (n, k): 0 to 1, each row adds up to 1; nan where dropped.
    mean, sd, skew : NDArray[np.float64]
        Shape (n,): m = sum p x; s = sqrt(sum p (x - m)^2); sum p (x - m)^3 / s^3, nan at s = 0.
        nan where dropped; s and skew nan too where a rule keeps the mean only.
    given : NDArray[np.bool_]
        Shape (n,): firms that stated at least one point or probability.
    touched : pandas.DataFrame
        Shape (n, rules): columns as `DISTRIBUTION_RULES`, whether the rule met the firm.
    """

    questions: PointQuestions
    rules: DistributionRules
    without: tuple[str, ...]
    points: NDArray[np.float64]
    probability: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    skew: NDArray[np.float64]
    given: NDArray[np.bool_]
    touched: pd.DataFrame

    def moments(self) -> pd.DataFrame:
        """One row a firm: `mean,sd,skew,flag`; `flag` joins the rules that met it by `;`."""
        met = self.touched.to_numpy()
        flag = np.full(len(met), "", dtype=object)
        for j, rule in enumerate(self.touched.columns):
            flag = np.where(met[:, j], np.where(flag == "", rule, flag + ";" + rule), flag)
        columns = {"mean": self.mean, "sd": self.sd, "skew": self.skew, "flag": pd.Series(flag, dtype="str")}
        return pd.DataFrame(columns)

    def defects(self) -> pd.DataFrame:
        """What each rule met: `rule,treatment,firms,share,dropped`.

        `share` is of the firms that gave a distribution; `dropped` counts firms met by the rule that
        have no mean now, by this rule or another. The last rows, without a treatment, count the firms
        that gave one (`given`) and those that met no rule (`clean`).
        """
        given = int(self.given.sum())
        gone = self.given & np.isnan(self.mean)
        met = self.touched.to_numpy()
        clean = int((self.given & ~met.any(axis=1)).sum())
        firms = np.array([*met.sum(axis=0), given, clean])
        dropped = np.array([*(met & gone[:, None]).sum(axis=0), gone.sum(), 0])
        treatments = [
            "not applied" if r in self.without else DISTRIBUTION_RULES[r]
            for r in map(str, self.touched.columns)
        ]
        return pd.DataFrame(
            {
                "rule": [*self.touched.columns, "given", "clean"],
                "treatment": [*treatments, "", ""],
                "firms": firms,
                "share": firms / given if given else np.full(len(firms), np.nan),
                "dropped": dropped,
            }
        )


def firm_distributions(
    wave: Wave,
    questions: PointQuestions,
    *,
    rules: DistributionRules | None = None,
    without: Collection[str] = (),
) -> Distributions:
    """Read the distributions of a wave, treat their defects, and take their moments.

    Parameters
    ----------
    wave : Wave
        Answers of n firms.
    questions : PointQuestions
        Where the points stand.
    rules : DistributionRules or None
        Constants of the treatment; None for the defaults.
    without : collection of str
        Rules of `DISTRIBUTION_RULES` not to apply, to see what they do.

    Raises
    ------
    QuestionFault
        A question that does not exist or holds no numbers, unequal numbers of points and
        probabilities, an unknown word, levels without the level of today.
    """
    rules = rules or DistributionRules()
    _check(wave, questions, without)
    stated = np.column_stack([answers_to(wave, q).values for q in questions.supports])
    chance = np.column_stack([answers_to(wave, q).values for q in questions.probabilities])
    given = np.asarray(np.isfinite(np.hstack([stated, chance])).any(axis=1))
    current = answers_to(wave, questions.current).values if questions.current else None
    points, probability, keeps_sd, touched = repaired(
        stated, chance, current, questions.stated, questions.growth, rules, frozenset(without), given
    )
    mean, sd, skew = _moments(points, probability)
    sd, skew = np.where(keeps_sd, sd, np.nan), np.where(keeps_sd, skew, np.nan)
    return Distributions(
        questions, rules, tuple(without), points, probability, mean, sd, skew, given, touched
    )


def _moments(
    points: NDArray[np.float64], probability: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Mean, standard deviation and skewness of each row; a point without mass has no say."""
    x = np.where(probability == 0, 0.0, points)
    mean = (probability * x).sum(axis=1)
    off = np.where(probability == 0, 0.0, x - mean[:, None])
    sd = np.sqrt((probability * off**2).sum(axis=1))
    largest = np.abs(off).max(axis=1, initial=0.0)
    sd = np.where(sd <= 1e-12 * np.maximum(1e-300, np.abs(mean) + largest), 0.0, sd)
    with np.errstate(divide="ignore", invalid="ignore"):
        skew = np.where(sd > 0, (probability * (off / sd[:, None]) ** 3).sum(axis=1), np.nan)
    return mean, sd, skew


def _check(wave: Wave, questions: PointQuestions, without: Collection[str]) -> None:
    where = f"expectation {questions.name!r}"
    for what, said, known in (
        ("stated", [questions.stated], STATED),
        ("growth", [questions.growth], GROWTHS),
        ("without", list(without), tuple(DISTRIBUTION_RULES)),
    ):
        for word in said:
            if word not in known:
                raise QuestionFault(
                    f"{where}, {what}", repr(word), "one of: " + ", ".join(known), nearest(word, known)
                )
    points, chances = len(questions.supports), len(questions.probabilities)
    if points != chances or points < 2:
        raise QuestionFault(
            where,
            f"{points} points and {chances} probabilities",
            "as many of both, two at least",
            "name the questions in pairs, lowest point first",
        )
    if questions.stated == "level" and not questions.current:
        raise QuestionFault(
            where,
            "levels without the level of today",
            "growth needs both",
            "name the question of today's level as current, or say stated = 'value'",
        )
    named = (*questions.supports, *questions.probabilities, *filter(None, [questions.current]))
    for name in named:
        question: Question = wave.codebook.question(name)
        if question.kind != "number":
            raise QuestionFault(
                f"{where}, question {name!r}",
                f"kind {question.kind!r}",
                "kind 'number'",
                "set kind = 'number' in codebook.toml",
            )
