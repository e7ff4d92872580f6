"""Firms read again in a changed world: where they stand, and draws of those it touches; no limits."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.across import figures_of
from analysis.pressure.alike import alike_firms
from analysis.pressure.averaged import averaged_firms, averaged_points
from analysis.pressure.blocks import blocks_of, in_threads
from analysis.pressure.channels import STATS, Reach, channel_sums, reach_of
from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.day import Day
from analysis.pressure.doubt import draw_indicators
from analysis.pressure.drawing import Told, moves_of_unseen
from analysis.pressure.predicting import place_choice
from analysis.pressure.ranks import rank_intervals
from analysis.pressure.reading import Calibrated, Reading, ranked_point, read_firms
from analysis.pressure.unseen import moved_draws
from analysis.pressure.unsure import Unsure, part_of, unsure_of

__all__ = ["Reread", "as_read", "read_again"]

Floats = NDArray[np.float64]

BLOCK = 300_000
"""Numbers (draws x firms) held at once: few enough to stay in the processor's own memory."""


@dataclass(frozen=True, slots=True)
class Reread:
    """n firms in a changed world, held against a world that was read.

    Attributes
    ----------
    reach : Reach
    point : shape (3, n)
        us, cn, squeeze.
    p : shape (n,)
    at : shape (m,)
        Places of firms that may differ from the other world; of all others every draw is the same.
    draws : shape (3, kept draws, m)
        us, cn, squeeze of these, as `Reading.draws`.
    logits : shape (kept draws, m)
        As the draws of `Reading.risk`.
    tier : shape (n,)
        0 where no order was asked for.
    unsure : Unsure or None
        What is in doubt about the flows.
    """

    reach: Reach
    point: Floats
    p: Floats
    at: NDArray[np.int64]
    draws: Floats
    logits: Floats
    tier: NDArray[np.int64]
    unsure: Unsure | None


def read_again(calibrated: Calibrated, before: Reading, now: Day, *, is_ranked: bool = True) -> Reread:
    """Read the firms of a world again as another has them.

    The same numbers as `read_firms`, to the last bit, of which limits and shares of variance are not worked
    out. A firm whose flows are as they were has the draws it had; an order is made of all firms anew.

    Parameters
    ----------
    calibrated : Calibrated
    before : Reading
        Of the same firms, with what is in doubt about their flows.
    now : Day
    is_ranked : bool
    """
    settings, firms = calibrated.settings, before.firms
    if len(before.risk.draws) < settings.draws:  # so many firms that not all draws were kept
        read = read_firms(calibrated, now, firms, is_ranked=is_ranked, has_halves=False)
        point, risk = read.measured.point, read.risk
        every = np.arange(len(firms))
        return Reread(
            read.reach, point, risk.p, every, read.draws, risk.draws, read.ranked.full.tier, read.unsure
        )
    reach = reach_of(now.flows, now.contacts, now.collisions, firms, settings.across)
    unsure = unsure_of(reach, now, settings.open, settings.dormant)
    is_averaged = averaged_firms(now.averages, firms)
    told = calibrated.told_of(firms, is_averaged)
    differs = np.ones((len(STATS), len(firms)), dtype=bool)
    if before.unsure is not None:
        differs = ~alike_firms((before.reach, before.unsure), (reach, unsure)) | is_averaged
    moved = np.asarray(differs.any(axis=0))
    at = np.flatnonzero(moved)
    own = figures_of(reach, channel_sums(reach))
    point = np.where(is_averaged, np.nan, own)  # an average of others measures no firm
    some, doubt = (reach, unsure) if moved.all() else part_of(reach, unsure, moved)
    held = {stat: before.draws[s][:, at] for s, stat in enumerate(STATS) if not differs[s].any()}
    draws = draw_indicators(some, settings.seed, settings.draws, doubt, held=held)
    eta, _ = _placed(point, np.empty((len(STATS), 0, len(firms))), told, None, slice(0, 0))
    logits, mine = np.empty(draws.shape[1:]), told.part(moved)
    moves = moves_of_unseen(mine, settings)
    squeeze = STATS.index("squeeze")
    ranked, least, target = ranked_point(point[squeeze], eta)
    was, now_ = before.risk.draws, logits
    if target == "squeeze":
        was, now_ = before.draws[squeeze], draws[squeeze]
    is_spliced = is_ranked and not moved.all()
    ordered: Floats = np.empty(was.shape) if is_spliced else now_
    rows = max(1, BLOCK // max(1, len(firms)))

    def place(block: slice) -> None:
        logits[block] = _placed(point[:, moved], draws[:, block], mine, moves, block)[1]
        if is_spliced:
            ordered[block] = was[block]
            ordered[block, at] = now_[block]

    in_threads(place, blocks_of(settings.draws, rows))
    tier = np.zeros(len(firms), dtype=np.int64)
    if is_ranked:
        tier = rank_intervals(ranked, ordered, settings.level, least=least).tier
    whole = averaged_points(own, now.averages, firms)
    return Reread(reach, whole, expit(eta), at, draws, logits, tier, unsure)


def as_read(before: Reading) -> Reread:
    """A world as it was read: no firm differs."""
    none = np.zeros(0, dtype=np.int64)
    risk, tier = before.risk, before.ranked.full.tier
    drawn = (before.draws[:, :, :0], risk.draws[:, :0])
    return Reread(before.reach, before.measured.point, risk.p, none, *drawn, tier, before.unsure)


def _placed(
    point: Floats, drawn: Floats, told: Told, moves: Floats | None, block: slice
) -> tuple[Floats, Floats]:
    """Logits of m firms, shape (m,), and a block of their draws, (block, m), from those of indicators."""
    eta, draws = _by_model(told.model, point, drawn, told, block)
    if told.has_answered.all() or isinstance(told.apart, Abstained):
        return eta, draws
    if told.apart is not told.model:
        of_apart = replace(told, groups=None)
        other = _by_model(told.apart, point, drawn, of_apart, block)
        eta, draws = (
            np.where(told.has_answered, mine, own) for mine, own in zip((eta, draws), other, strict=True)
        )
    if moves is not None and moves.any():
        at = np.flatnonzero(~told.has_answered & np.isfinite(eta))
        values = np.moveaxis(drawn[[STATS.index(term) for term in told.apart.terms]], 0, 2)
        draws[:, at] = moved_draws(draws[:, at], told.apart, moves[block], values[:, at])
    return eta, draws


def _by_model(
    model: "ChoiceModel | Abstained", point: Floats, drawn: Floats, told: Told, block: slice
) -> tuple[Floats, Floats]:
    if isinstance(model, Abstained):
        return np.full(point.shape[1], np.nan), np.full(drawn.shape[1:], np.nan)
    terms = [STATS.index(term) for term in model.terms]
    held = replace(model, draws=model.draws[block])
    placed = place_choice(held, point[terms].T, np.moveaxis(drawn[terms], 0, 2), groups=told.groups)
    out = placed.is_outside & ~told.has_answered
    placed.eta[out] = np.nan
    placed.draws[:, out] = np.nan
    return placed.eta, placed.draws
