"""The declared model fitted to answers: its likelihood, its top, and what brings it to the observed rate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.declared import Declared
from analysis.pressure.firth import FirthFit, fit_logits
from analysis.pressure.flic import correct_intercept, fit_flac
from analysis.pressure.graded import fit_graded, grades_of
from analysis.pressure.jeffreys import Logits, logits
from analysis.pressure.likelihood import Likelihood
from analysis.pressure.noting import Note

__all__ = ["Answered", "Fitted", "fit_declared"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answered:
    """Firms the model is fitted to.

    Attributes
    ----------
    X : shape (n, 1 + slopes + groups)
        Ones, indicators, one 0/1 column a group.
    y : shape (n,)
        1 where the firm had to choose.
    weights : shape (n,)
        Case weights.
    grades : shape (n,) or None
        Places on the scale of a graded outcome.
    slopes : int
    """

    X: Floats
    y: Floats
    weights: Floats
    grades: NDArray[np.intp] | None
    slopes: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """A likelihood of p coefficients at its top, and what of it is the logit of having had to choose.

    Attributes
    ----------
    likelihood : Likelihood
    peak, covariance : shapes (p,), (p, p)
    lift : shape (p, k)
        Which coefficients the k columns of X belong to: `x'b` of a firm is `(x @ lift.T) @ peak`.
    fit : FirthFit
        In terms of the k columns.
    move : shape (k,)
        What FLIC or FLAC adds to the coefficients.
    notes : tuple[Note, ...]
    """

    likelihood: Likelihood
    peak: Floats
    covariance: Floats
    lift: Floats
    fit: FirthFit
    move: Floats
    notes: tuple[Note, ...]


def fit_declared(firms: Answered, declared: Declared) -> Fitted:
    """Fit the model as declared.

    Logit of the event, or proportional odds where there are grades; groups have a normal prior, all else
    the Jeffreys prior.

    Raises
    ------
    ValueError
        As `fit_firth` and `fit_graded`.
    """
    k = firms.X.shape[1]
    leading = 1 + firms.slopes
    if firms.grades is not None:
        likelihood: Likelihood
        likelihood, peak, covariance, lift, fit = _graded(firms)
    else:
        ridge = np.zeros(k)
        if k > leading:
            ridge[leading:] = 1.0 / declared.prior_sd**2
        plain = logits(firms.X, firms.y, weights=firms.weights, ridge=ridge, leading=leading)
        fit = _fit(plain, declared, firms.slopes)
        likelihood, peak, covariance, lift = plain, fit.coefficients, _plain(fit, plain), np.eye(k)
    move = np.zeros(k)
    notes: tuple[Note, ...] = ()
    is_bare = firms.grades is None and k == leading and not declared.is_nonnegative
    if declared.correction == "flac" and is_bare:
        move = fit_flac(firms.X, firms.y, firms.weights).coefficients - fit.coefficients
    else:
        intercept = correct_intercept((firms.X[:, 1:] @ fit.coefficients[1:])[None], firms.y, firms.weights)
        move[0] = float(intercept[0]) - fit.coefficients[0]
        if declared.correction == "flac":
            told = "FLAC is for a plain logit; the intercept is by FLIC here"
            notes = (Note("flac_is_flic", told),)
    return Fitted(likelihood, peak, covariance, lift, fit, move, notes)


def _fit(likelihood: Logits, declared: Declared, slopes: int) -> FirthFit:
    """The top; where slopes may not be negative, the top among those that are not."""
    k = likelihood.X.shape[1]
    held: list[int] = []
    fit = fit_logits(likelihood, information=declared.information)  # type: ignore[arg-type]
    while declared.is_nonnegative:
        below = [i for i in range(1, 1 + slopes) if i not in held and fit.coefficients[i] < 0.0]
        if not below:
            break
        held.append(min(below, key=lambda i: fit.coefficients[i] / fit.se[i]))
        free = np.delete(np.eye(k), held, axis=1)
        fit = fit_logits(likelihood, information=declared.information, free=free)  # type: ignore[arg-type]
    return fit


def _plain(fit: FirthFit, likelihood: Logits) -> Floats:
    """Inverse plain information, whichever is reported: limits and draws are scaled by it."""
    if fit.information == "plain":
        return fit.covariance
    X, v = likelihood.X, likelihood.weights[0] * fit.fitted * (1.0 - fit.fitted)
    return np.asarray(np.linalg.inv((X * v[:, None]).T @ X + np.diag(likelihood.ridge)))


def _graded(firms: Answered) -> tuple[Likelihood, Floats, Floats, Floats, FirthFit]:
    """Proportional odds, and its part that is the logit of the event."""
    grades = firms.grades
    if grades is None:
        raise ValueError("no grades")
    x, many = firms.X[:, 1:], int(grades.max()) + 1
    cut = int(grades[firms.y > 0].min())
    likelihood = grades_of(x, grades, many, weights=firms.weights)
    found = fit_graded(likelihood)
    lift = np.zeros((len(found.coefficients), firms.X.shape[1]))
    lift[cut - 1, 0] = 1.0
    lift[many - 1 :, 1:] = np.eye(x.shape[1])
    b = found.coefficients @ lift
    fitted = 1.0 / (1.0 + np.exp(-(firms.X @ b)))
    told = FirthFit(
        b, lift.T @ found.covariance @ lift, found.penalised, np.full(len(x), np.nan), fitted, "expected", 0
    )
    return likelihood, found.coefficients, found.covariance, lift, told
