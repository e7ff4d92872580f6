"""Logistic regression with the Jeffreys penalty (Firth), which stays finite when events are few."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.jeffreys import Logits, logits
from analysis.pressure.likelihood import Terms, climb

__all__ = ["FirthFit", "ascend", "fit_firth", "fit_logits", "penalised_terms"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FirthFit:
    """A fitted Firth model of n firms and k coefficients (intercept first).

    Attributes
    ----------
    coefficients : shape (k,)
    covariance : shape (k, k)
        Inverse of the information named in `information`.
    penalised : float
        l*(b) = l(b) + 0.5 log det I(b) at the estimate.
    hat : shape (n,)
        Hat diagonals h, which sum to k.
    fitted : shape (n,)
        Probabilities p.
    information : str
        `plain` X'WX (as brglm2) or `augmented` X' diag(1 + h) W X (as logistf from 1.24.1).
    iterations : int
    """

    coefficients: Floats
    covariance: Floats
    penalised: float
    hat: Floats
    fitted: Floats
    information: str
    iterations: int

    @property
    def se(self) -> Floats:
        """Standard errors, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))


def penalised_terms(
    b: Floats, X: Floats, y: Floats, weights: Floats | float = 1.0, penalty: float = 0.5
) -> Terms:
    """Penalised log-likelihood and its derivatives at m coefficient vectors at once.

    `l* = sum w (y eta - log(1 + e^eta)) + penalty log det I`, `I = X' W X`, score
    `sum (w (y - p) + 2 penalty h (0.5 - p)) x` (Firth 1993; Heinze and Schemper 2002).

    Parameters
    ----------
    b : shape (m, k)
    X, y, weights, penalty
        As `logits`.

    Returns
    -------
    Terms
        `value` is -inf where the information is singular.
    """
    return logits(X, y, weights=weights, penalty=penalty).at(b, np.arange(len(b)))


def ascend(
    X: Floats,
    y: Floats,
    *,
    weights: Floats | float = 1.0,
    penalty: float = 0.5,
    start: Floats | None = None,
    free: Floats | None = None,
    many: int = 1,
) -> tuple[Floats, Terms, NDArray[np.int64]]:
    """Maximise the penalised likelihood of m logits on the same columns at once; see `climb`.

    Parameters
    ----------
    X, y, weights, penalty
        As `logits`.
    start : shape (m, k), optional
        Where to begin; zeros if None.
    free : shape (m, k, q), optional
        Directions that may move; all of them if None.
    many : int
        m, where `start` is None.

    Returns
    -------
    coefficients (m, k), nan where there is no maximum, terms there, iterations (m,)
    """
    begin = np.zeros((many, X.shape[1])) if start is None else start
    return climb(logits(X, y, weights=weights, penalty=penalty), begin, free)


def fit_firth(
    X: Floats,
    y: Floats,
    *,
    information: Literal["plain", "augmented"] = "plain",
    weights: Floats | float = 1.0,
) -> FirthFit:
    """Fit a logit by Firth's penalised likelihood.

    Parameters
    ----------
    X : shape (n, k)
        First column ones.
    y : shape (n,)
        0 or 1.
    information : str
        Which information the covariance inverts: `plain` (brglm2) or `augmented` (logistf >= 1.24.1).
    weights : shape (n,) or one number
        Case weights.

    Returns
    -------
    FirthFit

    Raises
    ------
    ValueError
        Columns of X are collinear, y is not 0/1, or the ascent did not arrive.

    Source: Firth, Biometrika 80, 1993; Heinze and Schemper, Statistics in Medicine 21, 2002.
    """
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("y must hold 0 and 1 only")
    return fit_logits(logits(X, y, weights=weights), information=information)


def fit_logits(
    likelihood: Logits, *, information: Literal["plain", "augmented"] = "plain", free: Floats | None = None
) -> FirthFit:
    """Fit one logit with its priors; see `fit_firth`.

    Parameters
    ----------
    likelihood : Logits
        Of one problem.
    information : str
    free : shape (k, q), optional
        Directions that may move; the covariance is that of all directions.

    Raises
    ------
    ValueError
        As `fit_firth`.
    """
    if information not in ("plain", "augmented"):
        raise ValueError(f"information is {information!r}; it must be 'plain' or 'augmented'")
    X = likelihood.X
    b, terms, spent = climb(likelihood, np.zeros((1, X.shape[1])), None if free is None else free[None])
    if not np.isfinite(b).all():
        raise ValueError("the penalised likelihood has no maximum here: columns of X are collinear")
    v = terms.fitted[0] * (1.0 - terms.fitted[0]) * likelihood.weights[0]
    if information == "augmented":
        v = v * (1.0 + np.divide(terms.hat[0], likelihood.weights[0], out=np.zeros(len(v)), where=v > 0))
    return FirthFit(
        coefficients=b[0],
        covariance=np.linalg.inv((X * v[:, None]).T @ X + np.diag(likelihood.ridge)),
        penalised=float(terms.value[0]),
        hat=terms.hat[0],
        fitted=terms.fitted[0],
        information=information,
        iterations=int(spent[0]),
    )
