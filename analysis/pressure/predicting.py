"""The mean risk of firms with given indicators, read off a frozen model, with its doubt."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Chebyshev
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.choice import ChoiceModel, Risk
from analysis.pressure.limits import profile_limits
from analysis.pressure.together import combined_limits
from analysis.pressure.usable import group_columns

__all__ = ["Placed", "place_choice", "predict_choice"]

Floats = NDArray[np.float64]

CURVE = 1_000
"""Firms beyond which limits of a model with one slope are read off a curve through `NODES` exact ones."""

NODES = 65
"""Chebyshev nodes of that curve: it is within 1e-8 of the limits themselves."""

SET_NODES = 33
"""The same over several completed sets, whose limits are dearer."""


@dataclass(frozen=True, slots=True)
class Placed:
    """m firms on the curve of a model.

    Attributes
    ----------
    eta : shape (m,)
        Logit, nan where an indicator is missing.
    draws : shape (d, m)
    is_outside : shape (m,)
        Whether an indicator lies outside the trained range.
    known : shape (m,)
        Whether all indicators are there.
    x : shape (known, k)
        Rows of the model's columns of firms that have them.
    """

    eta: Floats
    draws: Floats
    is_outside: NDArray[np.bool_]
    known: NDArray[np.bool_]
    x: Floats


def predict_choice(
    model: ChoiceModel,
    indicators: Floats,
    doubt: Floats | None = None,
    level: float = 0.90,
    *,
    groups: NDArray[np.object_] | None = None,
) -> Risk:
    """Predict the mean risk of firms with these indicators, with its doubt.

    Limits profile the linear predictor at the firm (model doubt) and are shifted by the same
    amount as the FLIC intercept, so they always contain the point. Where the indicators are in
    doubt themselves, each limit is moved outwards by what that doubt adds to the same quantile of
    the draws, on the logit scale. Where slopes may not be negative the limits are quantiles of the draws:
    at the edge of what is allowed the profile has not the distribution its limits need.

    Parameters
    ----------
    model : ChoiceModel
    indicators : shape (m, terms)
        nan where missing.
    doubt : shape (d, m, terms), optional
        Draws of the indicators, on the same draws as the coefficients.
    level : float
    groups : shape (m,), optional
        Groups of the firms, for a model that pools groups; one it does not know is like the mean of all.

    Returns
    -------
    Risk
        nan where an indicator is missing; `is_outside` where one lies outside the trained range.
    """
    placed = place_choice(model, indicators, doubt, groups=groups)
    known, x_new, m = placed.known, placed.x, len(placed.eta)
    eta, draws = placed.eta, placed.draws
    only_model = model.draws @ x_new.T
    both = only_model if doubt is None else draws[:, known]
    limits = {}
    tails = [0.25, 0.75, (1.0 - level) / 2.0, (1.0 + level) / 2.0]
    plains = np.quantile(only_model, tails, axis=0)
    wides = plains if both is only_model else np.quantile(both, tails, axis=0)
    lows, highs = _model_limits(model, x_new, (0.50, level), plains, eta[known])
    for place, name in enumerate(("50", "")):
        plain, wide = plains[2 * place : 2 * place + 2], wides[2 * place : 2 * place + 2]
        limits[f"low{name}"] = lows[place] - np.maximum(0.0, plain[0] - wide[0])
        limits[f"high{name}"] = highs[place] + np.maximum(0.0, wide[1] - plain[1])
    limits["low"] = np.minimum(limits["low"], limits["low50"])
    limits["high"] = np.maximum(limits["high"], limits["high50"])
    filled = {name: np.full(m, np.nan) for name in limits}
    for name, value in limits.items():
        filled[name][known] = expit(value)
    return Risk(eta=eta, draws=draws, p=expit(eta), is_outside=placed.is_outside, **filled)


def place_choice(
    model: ChoiceModel,
    indicators: Floats,
    doubt: Floats | None = None,
    *,
    groups: NDArray[np.object_] | None = None,
) -> Placed:
    """Where firms stand on the curve of a model, point and draws, without limits.

    What is said of a firm does not hang on which others are placed with it, to the last bit.

    Parameters
    ----------
    model, indicators, doubt, groups
        As `predict_choice`.
    """
    m = len(indicators)
    indicators = np.asarray(indicators, dtype=np.float64).reshape(m, len(model.terms))
    known = np.asarray(np.isfinite(indicators).all(axis=1))
    x = indicators[known]
    own = np.zeros((len(x), len(model.groups)))
    if groups is not None:
        own = group_columns(groups[known], model.groups)
    x_new = np.c_[np.ones(len(x)), x, own]
    eta = np.full(m, np.nan)
    eta[known] = sum(column * b for column, b in zip(x_new.T, model.coefficients, strict=True))
    if doubt is None:
        both = model.draws @ x_new.T
    else:
        moved = doubt if known.all() else doubt[:, known]
        both = model.draws[:, 1:2] * moved[:, :, 0]
        for term in range(1, len(model.terms)):
            both += model.draws[:, 1 + term, None] * moved[:, :, term]
        both += model.draws[:, :1]
        if model.groups:
            both += model.draws[:, 1 + len(model.terms) :] @ own.T
    draws = both
    if not known.all():
        draws = np.full((len(model.draws), m), np.nan)
        draws[:, known] = both
    outside = np.zeros(m, dtype=bool)
    outside[known] = ((x < model.lowest - 1e-12) | (x > model.highest + 1e-12)).any(axis=1)
    return Placed(eta, draws, outside, known, x_new)


def _model_limits(
    model: ChoiceModel, x_new: Floats, widths: tuple[float, ...], quantiles: Floats, point: Floats
) -> tuple[Floats, Floats]:
    """Limits of the linear predictor of m firms for doubt about coefficients alone, shape (widths, m) each.

    `quantiles`, shape (2 * widths, m), are those of the draws: the lower end, then the upper, of each width.
    """
    if model.declared.is_nonnegative:
        return np.minimum(quantiles[::2], point), np.maximum(quantiles[1::2], point)
    held = model.fitted
    moved = 0.0 if model.sets else x_new @ held.move
    asked = x_new
    nodes = SET_NODES if model.sets else NODES
    is_curve = x_new.shape[1] == 2 and len(x_new) > (SET_NODES if model.sets else CURVE)
    if is_curve:  # one slope: limits are smooth in it
        span = float(x_new[:, 1].min()), float(x_new[:, 1].max())
        is_curve = span[1] > span[0]
    if is_curve:
        at = np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes)[::-1]
        asked = np.c_[np.ones(nodes), span[0] + 0.5 * (at + 1.0) * (span[1] - span[0])]
    if model.sets:
        low, high = combined_limits(model.sets, asked, widths, is_moved=True)
    else:
        by = (held.likelihood, held.peak, held.covariance, held.fit.penalised, asked @ held.lift.T)
        low, high = (
            np.stack(ends) for ends in zip(*(profile_limits(*by, width) for width in widths), strict=True)
        )
    if is_curve:
        low, high = (
            np.stack([Chebyshev.fit(asked[:, 1], row, nodes - 1, domain=span)(x_new[:, 1]) for row in ends])
            for ends in (low, high)
        )
    if model.sets:
        return np.minimum(low, point), np.maximum(high, point)
    return low + moved, high + moved
