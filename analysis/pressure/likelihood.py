"""A penalised likelihood as limits, tests and draws see it, and the way to its top."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Likelihood", "Terms", "climb"]

Floats = NDArray[np.float64]

TOLERANCE = 1e-10
"""Newton decrement (standardised step, free of units) at which an ascent has converged."""

STEPS = 200
HALVINGS = 40
REACH = 5.0
"""Largest move of any firm's linear predictor in one step."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a likelihood is at m coefficient vectors.

    Attributes
    ----------
    value : shape (m,)
        Penalised log-likelihood; -inf where the information is singular.
    score : shape (m, k)
    curvature : shape (m, k, k)
        Positive definite: minus the second derivatives where these are, else the augmented information
        `X' diag(1 + 2 penalty h) W X`. Steps are made by it.
    hat, fitted : shape (m, n)
        Hat diagonals and probabilities.
    """

    value: Floats
    score: Floats
    curvature: Floats
    hat: Floats
    fitted: Floats


class Likelihood(Protocol):
    """Penalised log-likelihoods of k coefficients, of one problem or of several of equal shape."""

    @property
    def rows(self) -> Floats:
        """Shape (r, k): every linear predictor the likelihood looks at."""

    def at(self, b: Floats, which: NDArray[np.int64]) -> Terms:
        """Terms at b, shape (m, k), of the problems `which`, shape (m,)."""

    def value(self, b: Floats) -> Floats:
        """Value alone at b, shape (m, k), where there is one problem."""


def climb(
    likelihood: Likelihood, start: Floats, free: Floats | None = None
) -> tuple[Floats, Terms, NDArray[np.int64]]:
    """Maximise from m starts at once, each along its own free directions.

    Newton steps with halving; one has converged when its standardised step is below 1e-10. One that
    cannot be solved comes back as nan.

    Parameters
    ----------
    likelihood : Likelihood
        Of one problem, or of m.
    start : shape (m, k)
        Where to begin; with `free`, also the point the free directions leave from.
    free : shape (m, k, q), optional
        Directions that may move; all of them if None.

    Returns
    -------
    coefficients (m, k), terms there, iterations (m,)
    """
    b = np.array(start, dtype=np.float64)
    m = len(b)
    spent = np.zeros(m, dtype=np.int64)
    terms = likelihood.at(b, np.arange(m))
    if free is not None and free.shape[2] == 0:
        return b, terms, spent
    rows = likelihood.rows
    live = np.isfinite(terms.value)
    done = np.zeros(m, dtype=bool)
    for _ in range(STEPS):
        at = np.flatnonzero(live & ~done)
        if not at.size:
            break
        score, curvature = terms.score[at], terms.curvature[at]
        if free is None:
            step = np.linalg.solve(curvature, score[:, :, None])[:, :, 0]
        else:
            F = free[at]
            turned = F.transpose(0, 2, 1)
            step = (F @ np.linalg.solve(turned @ curvature @ F, turned @ score[:, :, None]))[:, :, 0]
        decrement = np.sqrt(np.maximum(np.sum(step * score, axis=1), 0.0))
        arrived = decrement <= TOLERANCE
        done[at[arrived]] = True
        at, step = at[~arrived], step[~arrived]
        if not at.size:
            continue
        step *= np.minimum(1.0, REACH / np.maximum(np.abs(step @ rows.T).max(axis=1), 1e-300))[:, None]
        spent[at] += 1
        waiting = np.arange(len(at))
        for _ in range(HALVINGS):
            who = at[waiting]
            trial = likelihood.at(b[who] + step[waiting], who)
            slack = 1e-12 * (1.0 + np.abs(terms.value[who]))
            better = trial.value >= terms.value[who] - slack
            moved = who[better]
            b[moved] += step[waiting[better]]
            for name in ("value", "score", "curvature", "hat", "fitted"):
                getattr(terms, name)[moved] = getattr(trial, name)[better]
            waiting = waiting[~better]
            if not waiting.size:
                break
            step[waiting] *= 0.5
        done[at[waiting]] = True
    b[~(live & done)] = np.nan
    return b, terms, spent
