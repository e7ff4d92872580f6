"""Firms without answers: read from links alone, by models that have not seen one kind of firm, so wider."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from analysis.pressure.choice import ChoiceModel, Risk
from analysis.pressure.draws import keyed_uniforms
from analysis.pressure.flic import correct_intercept
from analysis.pressure.trusting import refitted
from analysis.pressure.usable import LEAST_EVENTS

__all__ = ["LINKS_ALONE", "moved_draws", "unseen_moves", "widen_unseen"]

Floats = NDArray[np.float64]

LINKS_ALONE = "links alone"
"""Word in `flag` of a firm whose answers the model has not seen."""

_KEY = 0x756E7365656E


def unseen_moves(model: ChoiceModel, seed: int, draws: int) -> Floats:
    """Moves of the coefficients by draw, each to those of the model without one group; shape (draws, k).

    A firm without answers may be of a kind that the survey has not seen. So in each draw its model is one
    that has not seen one of the groups either (`apart`), drawn alike; a group without which there are too few
    events, or no fit, is passed over. All zero where no group is left.

    Parameters
    ----------
    model : ChoiceModel
    seed, draws : int
    """
    none = np.zeros((draws, len(model.coefficients)))
    names = np.unique(model.apart.astype(str))
    if len(names) < 2:
        return none
    away = model.apart.astype(str)[None] == names[:, None]
    weights = np.where(away, 0.0, model.weights)
    fair = np.minimum((~away) @ model.y, (~away) @ (1.0 - model.y)) >= LEAST_EVENTS
    if not fair.any():
        return none
    b = refitted(model.fitted, weights[fair])
    offset = b[:, 1:] @ model.X[:, 1:].T
    solved = np.isfinite(offset).all(axis=1)
    if not solved.any():
        return none
    b = b[solved].copy()
    b[:, 0] = correct_intercept(offset[solved], model.y, weights[fair][solved])
    named = pd.util.hash_array(np.array(["group left out"], dtype=object))
    u = keyed_uniforms(seed + _KEY, named, 0, draws)[:, 0]
    which = np.minimum((u * len(b)).astype(np.int64), len(b) - 1)
    return np.asarray((b - model.own)[which])


def moved_draws(draws: Floats, model: ChoiceModel, moves: Floats, indicators: Floats) -> Floats:
    """Draws of m logits as models that have not seen their kind have them, shape (d, m).

    Parameters
    ----------
    draws : shape (d, m)
    model : ChoiceModel
    moves : shape (d, k)
        From `unseen_moves`.
    indicators : shape (d, m, terms)
        Draws of the model's indicators.
    """
    more = moves[:, 1:2] * indicators[:, :, 0]
    for term in range(1, len(model.terms)):
        more += moves[:, 1 + term, None] * indicators[:, :, term]
    return np.asarray(draws + moves[:, :1] + more)


def widen_unseen(
    risk: Risk,
    model: ChoiceModel,
    moves: Floats,
    indicators: Floats,
    is_unseen: NDArray[np.bool_],
    level: float,
) -> Risk:
    """Risk of m firms of which some are read by models that have not seen their kind.

    Their draws are moved, and each limit goes outwards by what that adds to the same quantile of the draws,
    on the logit scale; never inwards. Points stay.

    Parameters
    ----------
    risk : Risk
    model : ChoiceModel
    moves : shape (d, k)
        From `unseen_moves`.
    indicators : shape (d, m, terms)
        Draws of the model's indicators.
    is_unseen : shape (m,)
    level : float
    """
    at = np.flatnonzero(is_unseen & np.isfinite(risk.p))
    if not at.size or not moves.any():
        return risk
    plain = risk.draws[:, at]
    wide = moved_draws(plain, model, moves, indicators[:, at])
    draws = risk.draws.copy()
    draws[:, at] = wide
    ends = [(1 - level) / 2, 0.25, 0.75, (1 + level) / 2]
    first, second = np.quantile(plain, ends, axis=0), np.quantile(wide, ends, axis=0)
    made = {}
    for name, place, sign in (("low", 0, -1.0), ("low50", 1, -1.0), ("high50", 2, 1.0), ("high", 3, 1.0)):
        limit = getattr(risk, name).copy()
        more = np.maximum(0.0, sign * (second[place] - first[place]))
        limit[at] = expit(logit(limit[at]) + sign * more)
        made[name] = limit
    made["low"] = np.minimum(made["low"], made["low50"])
    made["high"] = np.maximum(made["high"], made["high50"])
    return replace(risk, draws=draws, **made)
