"""Firms drawn in blocks: limits from all draws, while only what others need of the draws is kept."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.across import figures_of
from analysis.pressure.assemble import Measured
from analysis.pressure.channels import STATS, Reach, channel_sums
from analysis.pressure.choice import Abstained, ChoiceModel, Risk
from analysis.pressure.choosing import risk_of
from analysis.pressure.doubt import draw_indicators, outer_bounds
from analysis.pressure.settings import PressureSettings
from analysis.pressure.sharing import Parts, joined_parts, parts_of
from analysis.pressure.unseen import unseen_moves, widen_unseen
from analysis.pressure.unsure import Unsure, part_of
from analysis.pressure.usable import group_columns

__all__ = ["Drawn", "Told", "draw_firms", "moves_of_unseen"]

Floats = NDArray[np.float64]

FIRMS = 2_500
"""Firms drawn at once."""

KEPT = 30_000_000
"""Numbers (draws x firms) kept of each figure; beyond it draws are thinned evenly."""

LEAST = 200
"""Draws kept by that thinning at least."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of n firms beside their flows.

    Attributes
    ----------
    model : ChoiceModel or Abstained
        Of firms that answered.
    apart : ChoiceModel or Abstained
        Of firms that did not: from links alone.
    has_answered : shape (n,)
        Whether the model has seen the firm's answer.
    is_averaged : shape (n,)
        Whether a sector's average stands in for its links.
    groups : shape (n,), optional
        For a model that pools groups.
    """

    model: ChoiceModel | Abstained
    apart: ChoiceModel | Abstained
    has_answered: NDArray[np.bool_]
    is_averaged: NDArray[np.bool_]
    groups: NDArray[np.object_] | None = None

    def part(self, firms: NDArray[np.bool_]) -> "Told":
        """The same of some firms only, given as a mask of shape (n,)."""
        groups = None if self.groups is None else self.groups[firms]
        return Told(self.model, self.apart, self.has_answered[firms], self.is_averaged[firms], groups)


@dataclass(frozen=True, slots=True)
class Drawn:
    """n firms after their draws.

    Attributes
    ----------
    measured : Measured
    draws : shape (3, kept draws, n)
    risk : Risk
        Its draws are the kept ones.
    ranked_by : shape (draws, n)
        All draws of what firms are ranked by: the logit of p_choose, or squeeze where nobody has one; of very
        many firms as 32-bit floats.
    parts : Parts or None
        Variance by source, where it was asked for.
    """

    measured: Measured
    draws: Floats
    risk: Risk
    ranked_by: Floats
    parts: Parts | None


def draw_firms(
    reach: Reach, unsure: Unsure, told: Told, settings: PressureSettings, *, has_parts: bool = False
) -> Drawn:
    """Draw n firms, `FIRMS` at a time; the result does not depend on how they are cut into blocks.

    Parameters
    ----------
    reach, unsure : Reach, Unsure
    told : Told
        Of the same firms.
    settings : PressureSettings
    has_parts : bool
        Whether to take variance apart by source.
    """
    n, d = len(reach.firms), settings.draws
    keep = _kept(n, d)
    draws = np.empty((len(STATS), len(keep), n))
    is_many = len(keep) < d
    by_risk, by_squeeze = (np.empty((d, n), dtype=np.float32 if is_many else np.float64) for _ in range(2))
    if isinstance(told.model, ChoiceModel):
        by_squeeze = by_squeeze[:0]
    moves = moves_of_unseen(told, settings)
    measured, risks, parts = [], [], []
    for first in range(0, max(n, 1), FIRMS):
        of_block = slice(first, min(first + FIRMS, n))
        inside = np.zeros(n, dtype=bool)
        inside[of_block] = True
        own, doubt = (reach, unsure) if n <= FIRMS else part_of(reach, unsure, inside)
        drawn = draw_indicators(own, settings.seed, d, doubt)
        measured.append(_measured(own, drawn, settings.level))
        point = replace(measured[-1], point=np.where(told.is_averaged[of_block], np.nan, measured[-1].point))
        risk, taken = _risk(point, drawn, told, of_block, moves, settings)
        by_risk[:, of_block] = risk.draws
        if len(by_squeeze):
            by_squeeze[:, of_block] = drawn[STATS.index("squeeze")]
        draws[:, :, of_block] = drawn[:, keep]
        risks.append(replace(risk, draws=np.empty((0, risk.p.size))))  # a slice would keep all of them
        if has_parts:
            parts.append(_parts(own, doubt, drawn, told, of_block, risk, taken, settings))
    joined = _joined(risks)
    has_risk = bool(np.isfinite(joined.p).any())
    if not has_risk and not len(by_squeeze):
        by_squeeze = by_risk
        for first in range(0, n, FIRMS):
            inside = np.zeros(n, dtype=bool)
            inside[first : first + FIRMS] = True
            own, doubt = part_of(reach, unsure, inside)
            by_squeeze[:, inside] = draw_indicators(own, settings.seed, d, doubt)[STATS.index("squeeze")]
    kept = by_risk if not is_many else by_risk[keep].astype(np.float64)
    return Drawn(
        Measured(*(np.concatenate([getattr(m, f) for m in measured], axis=1) for f in Measured.__slots__)),
        draws,
        replace(joined, draws=kept if has_risk else np.full((len(keep), n), np.nan)),
        by_risk if has_risk else by_squeeze,
        joined_parts(parts) if has_parts else None,
    )


def _kept(n: int, draws: int) -> NDArray[np.int64]:
    """Places of the draws that are kept."""
    most = max(LEAST, KEPT // max(n, 1))
    if draws <= most:
        return np.arange(draws)
    return np.linspace(0, draws - 1, most).astype(np.int64)


def _measured(reach: Reach, draws: Floats, level: float) -> Measured:
    """Points of a block with their limits, moved outwards where need be to hold the point."""
    point = figures_of(reach, channel_sums(reach))
    low, low50, high50, high = _ends(draws, level)
    return Measured(
        point,
        np.minimum(low50, point),
        np.maximum(high50, point),
        np.minimum(low, point),
        np.maximum(high, point),
        outer_bounds(reach),
    )


def _ends(draws: Floats, level: float) -> Floats:
    """Quantiles over draws at both levels, shape (4, 3, n); those of constant draws are not worked out."""
    tails = [(1.0 - level) / 2.0, 0.25, 0.75, (1.0 + level) / 2.0]
    ends = np.repeat(draws[None, :, 0], len(tails), axis=0)
    for s, drawn in enumerate(draws):
        moves = (drawn != drawn[0]).any(axis=0) & np.isfinite(drawn[0])
        if moves.any():
            ends[:, s, moves] = np.quantile(drawn[:, moves], tails, axis=0)
    return ends


def moves_of_unseen(told: Told, settings: PressureSettings) -> Floats | None:
    """Moves of the coefficients for firms without answers, shape (draws, k); None where there are none."""
    if told.has_answered.all() or isinstance(told.apart, Abstained):
        return None
    return unseen_moves(told.apart, settings.seed, settings.draws)


def _risk(
    measured: Measured,
    drawn: Floats,
    told: Told,
    of_block: slice,
    moves: Floats | None,
    settings: PressureSettings,
) -> tuple[Risk, NDArray[np.bool_]]:
    """Risk of a block, and which of its firms are read by models that have not seen their kind."""
    answered = told.has_answered[of_block]
    groups = None if told.groups is None else told.groups[of_block]
    risk = risk_of(told.model, measured, drawn, settings, answered, groups)
    nobody = np.zeros(len(answered), dtype=bool)
    if isinstance(told.apart, Abstained) or moves is None or answered.all():
        return risk, nobody
    if told.apart is not told.model:
        other = risk_of(told.apart, measured, drawn, settings, answered, None)
        risk = Risk(*(np.where(answered, getattr(risk, f), getattr(other, f)) for f in Risk.__slots__))
    terms = [STATS.index(term) for term in told.apart.terms]
    values = np.moveaxis(drawn[terms], 0, 2)
    return widen_unseen(risk, told.apart, moves, values, ~answered, settings.level), ~answered


def _parts(
    reach: Reach,
    unsure: Unsure,
    drawn: Floats,
    told: Told,
    of_block: slice,
    risk: Risk,
    taken: NDArray[np.bool_],
    settings: PressureSettings,
) -> Parts:
    model = told.model
    own = None
    if isinstance(model, ChoiceModel) and model.groups and told.groups is not None:
        own = group_columns(told.groups[of_block], model.groups)
    unseen = None
    if taken.any() and isinstance(told.apart, ChoiceModel):
        unseen = (unseen_moves(told.apart, settings.seed, settings.draws), taken)
    return parts_of(
        reach, unsure, drawn, model, np.isfinite(risk.p), seed=settings.seed, own=own, unseen=unseen
    )


def _joined(risks: list[Risk]) -> Risk:
    names = [name for name in Risk.__slots__ if name != "draws"]
    return Risk(draws=risks[0].draws, **{f: np.concatenate([getattr(r, f) for r in risks]) for f in names})
