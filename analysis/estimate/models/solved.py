"""A model brought to its maximum: parameters, their covariance, and what moves them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.design_arrays import DesignArrays
from analysis.estimate.models.doubt import influence_covariance, refit_covariance
from analysis.estimate.models.generalised import Generalised
from analysis.estimate.models.identified import refuse_repeated, refuse_separated
from analysis.estimate.models.likelihood import Likelihood
from analysis.estimate.models.newton import maximise, refit
from analysis.estimate.models.nominal import Nominal
from analysis.estimate.models.ordered import Ordered
from analysis.estimate.models.patterns import Patterns, patterns_of
from analysis.estimate.models.predictors import ModelMatrix
from survey import QuestionFault

__all__ = ["Answered", "Solved", "solve"]

Floats = NDArray[np.float64]

_SURE = 1e-8
_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Answered:
    """The firms of a model: which of all rows, their matrix, outcome and the codes of its categories.

    Attributes
    ----------
    used : shape (rows,)
    concerned : float
        Firms the model is about, answered or not; nan where that is not known.
    matrix : ModelMatrix
        Of the firms used.
    values : shape (used,)
        Outcome; places of `codes` where there are any.
    codes : tuple[str, ...]
        Categories that occur; empty for numbers.
    """

    used: NDArray[np.bool_]
    concerned: float
    matrix: ModelMatrix
    values: Floats
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """A fitted model.

    Attributes
    ----------
    model : Likelihood
        On the distinct rows, columns as given.
    parameters, covariance : shapes (p,) and (p, p)
    influence : shape (rows, p) or None
        Weighted influence of each row on each parameter; None under replicate weights.
    refits : shape (R, p) or None
        Parameters in each replicate; nan where a replicate has no finite fit.
    step_error : float
        Largest relative error of the standard errors by stopping after one step, in a sample of 20
        replicates refitted exactly; nan where refits are exact.
    patterns : Patterns
        Distinct rows, their weights and where each firm is among them.
    is_census, is_silent : bool
        Whether nothing is left to chance; whether silence was taken as chance.
    left : float
        There, (1 - n/N) n/(n - 1), by which squared influences are summed; nan elsewhere.
    """

    model: Likelihood
    parameters: Floats
    covariance: Floats
    influence: Floats | None
    refits: Floats | None
    step_error: float
    patterns: Patterns
    is_census: bool
    is_silent: bool
    left: float = float("nan")


def solve(family: str, outcome: str, firms: Answered, arrays: DesignArrays, *, one_step: bool) -> Solved:
    """Fit a model under a design.

    Columns are standardised inside, distinct rows are counted once; neither changes an answer.

    Raises
    ------
    QuestionFault
        Fewer firms than columns, a column that repeats others, perfect separation, no maximum.
    """
    weight = arrays.weight[firms.used]
    x = firms.matrix.columns
    if len(x) <= x.shape[1]:
        raise QuestionFault(
            f"model of {outcome!r}",
            f"{len(x)} firms for {x.shape[1]} columns",
            "more firms than columns",
            "leave predictors out, or merge their answers in the codebook",
        )
    refuse_repeated(firms.matrix, weight)
    middle = np.asarray(weight @ x) / weight.sum()
    spread = np.sqrt(np.abs(weight) @ (x - middle) ** 2 / np.abs(weight).sum())
    middle[0], spread[0] = 0.0, 1.0
    patterns = patterns_of((x - middle) / spread, firms.values, weight)
    inner = _model(family, patterns.x, patterns.y, len(firms.codes))
    best = maximise(inner, patterns.weight)
    if best is None or _is_sure(inner, best[0]):
        refuse_separated(inner, firms.matrix, outcome, firms.codes, firms.values)
    if best is None:
        raise QuestionFault(
            f"model of {outcome!r}",
            "no maximum of its likelihood could be reached",
            "predictors that leave each answer possible",
            "leave some predictors out, and add them again one at a time",
        )
    back = inner.rebased(middle, spread)
    given = _model(family, x[patterns.first], patterns.y, len(firms.codes))
    inverse = np.linalg.inv(best[1].information)
    parameters = back @ best[0]
    if arrays.replicates is not None:
        many = patterns.sums(arrays.replicates.weights[firms.used])
        thetas = refit(inner, many, best[0], one_step=one_step)
        error = _step_error(inner, many, best[0], thetas) if one_step else float("nan")
        refits = thetas @ back.T
        if not np.isfinite(refits).all(axis=1).any():
            raise QuestionFault(
                f"model of {outcome!r}",
                "no replicate has a finite fit",
                "replicates in which each level still has different answers",
                "leave predictors out, or use the strata and clusters of the design",
            )
        covariance = refit_covariance(refits, parameters, arrays.replicates)
        return Solved(
            given, parameters, covariance, None, refits, error, patterns, False, False
        )  # fmt: skip
    moves = (inner.scores(best[0]) @ inverse @ back.T)[patterns.place] * weight[:, None]
    influence = np.zeros((len(arrays), len(parameters)))
    influence[firms.used] = moves
    covariance = influence_covariance(influence, arrays)
    counted = _is_counted(arrays) and np.isfinite(firms.concerned)
    left = (1 - len(x) / max(firms.concerned, len(x))) * len(x) / (len(x) - 1) if counted else float("nan")
    if counted:
        covariance = left * (moves.T @ moves)
    is_census = counted and firms.concerned <= len(x)
    return Solved(
        given, parameters, covariance, influence, None, float("nan"), patterns, is_census,
        counted and not is_census, left,
    )  # fmt: skip


def _is_counted(arrays: DesignArrays) -> bool:
    """Whether all firms of a known list were approached, so that only silence leaves doubt."""
    if arrays.target != "firms":
        return False
    return arrays.is_complete or (arrays.selection == "list" and arrays.is_simple)


def _model(family: str, x: Floats, y: Floats, many: int) -> Likelihood:
    if family == "proportional_odds":
        return Ordered(x, y.astype(np.intp), many)
    if family == "multinomial":
        return Nominal(x, y.astype(np.intp), many)
    return Generalised(family, x, y)


def _is_sure(model: Likelihood, t: Floats) -> bool:
    """Whether some answer is foretold with next to no doubt, as after separation."""
    if isinstance(model, Generalised) and model.family == "gaussian":
        return False
    chance = model.foretold(t, model.x)  # type: ignore[attr-defined]
    bounded = not (isinstance(model, Generalised) and model.family == "poisson")
    return bool((chance < _SURE).any() or (bounded and (chance > 1 - _SURE).any()))


def _step_error(model: Likelihood, weights: Floats, start: Floats, thetas: Floats) -> float:
    """Largest relative difference of spreads over up to 20 replicates, one step against exact."""
    some = np.unique(np.linspace(0, weights.shape[1] - 1, _SAMPLE).astype(int))
    exact = refit(model, weights[:, some], start) - start
    near = thetas[some] - start
    kept = np.isfinite(exact).all(axis=1) & np.isfinite(near).all(axis=1)
    true, close = (np.sqrt((v[kept] ** 2).sum(axis=0)) for v in (exact, near))
    return float(np.abs(close / np.where(true > 0, true, 1.0) - 1)[true > 0].max(initial=0.0))
