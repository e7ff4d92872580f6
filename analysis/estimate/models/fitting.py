"""Regression of one question on others under a sampling design."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.design_arrays import DesignArrays
from analysis.estimate.domains import settle
from analysis.estimate.models.coefficients import coefficient_rows, wald_rows
from analysis.estimate.models.outcomes import Outcome, read_outcome
from analysis.estimate.models.predictors import matrix_of, read_predictors
from analysis.estimate.models.solved import Answered, Solved, solve
from analysis.estimate.record import Estimate
from survey import TARGETS, Design, QuestionFault, Wave, nearest

__all__ = ["REFITS", "Fit", "fit"]

REFITS = ("exact", "one-step")
"""exact: each replicate is refitted to its maximum. one-step: one Newton step each, approximate."""


_EVENTS = 5


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model, ready to be read.

    Attributes
    ----------
    wave, outcome, family, target : str
        Names; the target is `firms` or `mechanism`.
    predictors : tuple[str, ...]
        Questions that explain.
    coefficients : tuple[Estimate, ...]
        `stat` is `regression`; `by` and `group` name predictor and level, both empty for constants and
        thresholds; `option` names the category of the outcome, for a threshold the two beside it
        (`1|2`). Scale of the link: log odds, log counts, or the outcome's own unit.
    tests : tuple[Estimate, ...]
        `stat` is `wald`: for each predictor F that all its coefficients are zero, with `p`.
    covariance : NDArray[np.float64]
        Shape (p, p) of the coefficients that are estimated, in their order.
    solved : Solved
        What margins are made of.
    firms : Answered
        The firms in the model.
    template : Estimate
        Fields all rows share.
    arrays : DesignArrays
        The compiled design.
    weight : NDArray[np.float64]
        Shape (used,): weights of the firms in the model.
    """

    wave: str
    outcome: str
    family: str
    target: str
    predictors: tuple[str, ...]
    coefficients: tuple[Estimate, ...]
    tests: tuple[Estimate, ...]
    covariance: NDArray[np.float64]
    solved: Solved
    firms: Answered
    template: Estimate
    arrays: DesignArrays
    weight: NDArray[np.float64]


def fit(
    wave: Wave,
    design: Design,
    outcome: str,
    predictors: str | Sequence[str],
    *,
    family: str = "gaussian",
    event: str | Sequence[str] = (),
    reference: Mapping[str, str] | None = None,
    where: str = "",
    level: float = 0.95,
    target: str = "mechanism",
    refits: str = "exact",
) -> Fit:
    """Fit one question on others, among the firms that answered all of them.

    Standard errors are those of the design: all stages, strata, fractions (target `firms`) and
    calibration (Binder 1983; Lumley 2010, chapter 5), or refits to each set of replicate weights.
    Degrees of freedom: those of the design plus one minus the number of columns, as R `svyglm`.

    Parameters
    ----------
    predictors : str or sequence of str
        Questions of one choice (against their first choice), several choices, yes and no, or numbers.
    family : str
        One of `FAMILIES`.
    event : str or sequence of str
        For `logit`: codes of the outcome that count as yes; not needed where it is yes or no.
    reference : mapping, optional
        Predictor to the code its others are compared with.
    where : str
        Expression that keeps a part of the firms; the design keeps all its units.
    target : str
        `mechanism` (firms like these, other years; no finite population) or `firms`.
    refits : str
        One of `REFITS`; matters under replicate weights only.

    Raises
    ------
    QuestionFault
        Something named does not exist or does not fit; a column that repeats others; perfect
        separation; fewer firms than columns.
    DesignFault
        The design cannot carry an estimate.
    """
    names = (predictors,) if isinstance(predictors, str) else tuple(predictors)
    events = (event,) if isinstance(event, str) and event else tuple(event)
    _refuse_words(outcome, names, target, refits)
    said = read_outcome(wave, outcome, family, events)
    questions = read_predictors(wave, names)
    setting = settle(wave, replace(design, target=target), where=where, level=level)
    arrays = setting.arrays
    inside = setting.members()[:, 0]
    used = inside & said.known
    for question in questions:
        used = used & question.known
    if not used.any():
        raise QuestionFault(
            f"model of {outcome!r}",
            f"no firm answered all of {', '.join((outcome, *names))}" + (f" where {where}" if where else ""),
            "firms that answered the outcome and all predictors",
            "leave predictors out, or widen the part of the firms",
        )
    values, codes = _occurring(said, used)
    concerned = float(inside.sum()) + arrays.population - len(arrays)
    firms = Answered(used, concerned, matrix_of(questions, used, dict(reference or {})), values, codes)
    solved = solve(family, outcome, firms, arrays, one_step=refits == "one-step")
    columns = firms.matrix.columns.shape[1]
    df = float(arrays.df(used[:, None])[0]) + 1 - columns
    template = Estimate(
        outcome, said.option, "", "", "regression", "answered", int(used.sum()),
        float(arrays.weight[used].sum()), np.nan, np.nan, np.nan, np.nan, df, "t",
        _flag(solved, said, used, inside, df), wave.name, level, np.nan, np.nan, np.nan, "",
    )  # fmt: skip
    empty = tuple(code for code in said.codes if code not in codes)
    return Fit(
        wave.name, outcome, family, target, names, coefficient_rows(solved, firms, empty, template),
        wald_rows(solved, firms, template), solved.covariance, solved, firms, template,
        arrays, arrays.weight[used],
    )  # fmt: skip


def _refuse_words(outcome: str, names: tuple[str, ...], target: str, refits: str) -> None:
    if not names:
        raise QuestionFault(f"model of {outcome!r}", "no predictor", "one or more questions", "name some")
    if outcome in names:
        raise QuestionFault(
            f"model of {outcome!r}", "itself as a predictor", "other questions", "leave it out of them"
        )
    for where, word, known in (("target", target, TARGETS), ("refits", refits, REFITS)):
        if word not in known:
            raise QuestionFault(where, repr(word), f"one of {', '.join(known)}", nearest(word, known))


def _occurring(said: Outcome, used: NDArray[np.bool_]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Outcome of the firms used, with places among the categories that occur."""
    values = said.values[used]
    there, places = np.unique(values, return_inverse=True)
    if len(there) < 2:
        answer = said.codes[int(there[0])] if said.codes else f"{there[0]:g}"
        raise QuestionFault(
            f"outcome {said.question!r}",
            f"all {len(values)} firms of the model gave one answer ({answer})",
            "answers that differ",
            "choose another outcome, or widen the part of the firms",
        )
    if not said.codes:
        return values, ()
    return places.astype(float), tuple(said.codes[int(place)] for place in there)


def _are_few(said: Outcome, solved: Solved, used: NDArray[np.bool_]) -> bool:
    """Whether there are fewer than five firms of the rarest answer for each coefficient beside constants.

    On a scale, where the thresholds share the coefficients, n - sum n_j^3 / n^2 stands for the rarest
    (Harrell 2015, 4.4).
    """
    if not (said.codes or said.option):
        return False
    slopes = len({column for _, column in solved.model.labels if column > 0})
    counts = np.unique(said.values[used], return_counts=True)[1]
    n = counts.sum()
    is_scale = any(column < 0 for _, column in solved.model.labels)
    limiting = n - (counts.astype(float) ** 3).sum() / n**2 if is_scale else counts.min()
    return bool(limiting < _EVENTS * slopes)


def _flag(
    solved: Solved, said: Outcome, used: NDArray[np.bool_], inside: NDArray[np.bool_], df: float
) -> str:
    """Words that hold for the whole model."""
    lost = 0 if solved.refits is None else int((~np.isfinite(solved.refits).all(axis=1)).sum())
    words = {
        "census": solved.is_census,
        "leak": bool((said.leak & used).any()),
        "if silence were random": solved.is_silent,
        "silent omitted": bool((inside & said.known & ~used).any()),
        f"{lost} replicates without a fit": lost > 0,
        f"one step, errors off by up to {solved.step_error:.1%}": np.isfinite(solved.step_error),
        "few events": _are_few(said, solved, used),
        "no df": df < 1 and not solved.is_census,
    }
    return ";".join(word for word, applies in words.items() if applies)
