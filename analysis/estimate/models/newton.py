"""Newton's method for one set of weights, and warm-started for as many replicates as there are."""

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.models.generalised import Generalised
from analysis.estimate.models.likelihood import Likelihood, Terms

__all__ = ["maximise", "refit"]

Floats = NDArray[np.float64]

_ROUNDS = 60
_HALVINGS = 40
_CLOSE = 1e-9
_NEAR = 1e-6
"""Step after which a refit rests: what is left is of the order of its square, far below its error."""


def maximise(model: Likelihood, weight: Floats, start: Floats | None = None) -> tuple[Floats, Terms] | None:
    """Parameters (p,) of greatest likelihood under weights (m,), and the terms there.

    Ends when a step moves no parameter by 1e-9 (columns being standardised); that step is still taken,
    so what is left is of the order of its square.

    Returns
    -------
    tuple or None
        None where there is no finite maximum that can be reached.
    """
    t = model.start(weight) if start is None else start
    terms = model.evaluate(t, weight)
    for _ in range(_ROUNDS):
        step = _step(terms)
        if step is None:
            return None
        done = bool(np.abs(step).max(initial=0.0) < _CLOSE * (1 + np.abs(t).max(initial=0.0)))
        for _ in range(_HALVINGS):
            there = model.evaluate(t + step, weight)
            if done or there.value >= terms.value - 1e-12 * abs(terms.value):
                break
            step = step / 2
        else:
            return None
        t, terms = t + step, there
        if done:
            return t, terms
    return None


def refit(model: Likelihood, weights: Floats, start: Floats, *, one_step: bool = False) -> Floats:
    """Parameters under each of R sets of weights, begun at those of the full sample.

    Parameters
    ----------
    weights : shape (m, R)
    one_step : bool
        Stop after one Newton step, which is approximate.

    Returns
    -------
    shape (R, p); nan where a replicate has no finite maximum.
    """
    if isinstance(model, Generalised):
        return _refit_together(model, weights, start, one_step)
    found = np.full((weights.shape[1], len(start)), np.nan)
    for r, weight in enumerate(weights.T):
        if one_step:
            step = _step(model.evaluate(start, weight))
            found[r] = np.nan if step is None else start + step
            continue
        best = maximise(model, weight, start)
        if best is not None:
            found[r] = best[0]
    return found


def _refit_together(model: Generalised, weights: Floats, start: Floats, one_step: bool) -> Floats:
    """All replicates in one matrix product a round; those that have arrived leave the round."""
    many = weights.shape[1]
    found = np.tile(start, (many, 1))
    going = np.arange(many)
    for _ in range(12):
        left = weights if len(going) == many else weights[:, going]
        step = model.steps(found[going], left)
        moved = np.abs(step).max(axis=1)
        found[going] += step
        near = moved < _NEAR * (1 + np.abs(found[going]).max(axis=1))
        going = going[~near & np.isfinite(moved)]
        if one_step or model.family == "gaussian" or not len(going):
            return found
    for r in going:
        best = maximise(model, weights[:, r], start)
        found[r] = np.nan if best is None else best[0]
    return found


def _step(terms: Terms) -> Floats | None:
    """Inverse information times gradient; None where that does not exist."""
    if not np.isfinite(terms.value) or not np.isfinite(terms.information).all():
        return None
    size = np.sqrt(np.abs(np.diag(terms.information)))
    if not (size > 0).all():
        return None
    unit = terms.information / np.outer(size, size)
    if np.linalg.cond(unit) > 1e13:
        return None
    return np.asarray(np.linalg.solve(unit, terms.gradient / size) / size)
