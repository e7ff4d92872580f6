"""What would be different for one firm if one of its flows, or the weight of dormant powers, were another."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from analysis.pressure.across import figures_of
from analysis.pressure.channels import STATS, channel_sums
from analysis.pressure.doubt import draw_indicators, limits_round
from analysis.pressure.drawn_over import Doubted, paired_words, sources_at_work
from analysis.pressure.frozen import FrozenModel
from analysis.pressure.openday import OpenDay
from analysis.pressure.turning import Turn, turned_day
from analysis.pressure.unseen import LINKS_ALONE
from analysis.rules.fields import KIND_CHANNELS
from survey import QuestionFault

__all__ = ["FIRM_EFFECT_COLUMNS", "FirmRows", "Standing", "flows_to_turn", "stand_firm", "turn_firm"]

Floats = NDArray[np.float64]

FIRM_EFFECT_COLUMNS = (
    *("stat", "n", "before", "after", "estimate", "low", "high"),
    *("after_low50", "after_high50", "after_low", "after_high", "level", "method", "flag"),
)
"""Columns of what a Turn does: `estimate` is the difference, `low` and `high` are its limits."""


@dataclass(frozen=True, slots=True)
class FirmRows:
    """Rows of one firm in a Release: `flows`, `collisions`, and `pressure` as published."""

    firm: str
    flows: pd.DataFrame
    collisions: pd.DataFrame
    pressure: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Standing:
    """One firm drawn: what it is drawn from, us, cn and squeeze (`point`, shape (3,)), and their draws.

    `draws` has the shape (3, d); `doubted` is the firm laid out.
    """

    known: OpenDay
    doubted: Doubted
    point: Floats
    draws: Floats


def stand_firm(model: FrozenModel, firm: str, known: OpenDay) -> Standing:
    """Draw one firm over all that is in doubt about it; the same draws as in the reading that was published.

    Parameters
    ----------
    model : FrozenModel
    firm : str
    known : OpenDay
        Of it alone.
    """
    reach, unsure = known.laid_out((firm,), model.across)
    point = figures_of(reach, channel_sums(reach))[:, 0]
    draws = draw_indicators(reach, model.seed, model.many, unsure)[:, :, 0]
    return Standing(known, Doubted(reach, unsure), point, draws)


def flows_to_turn(rows: FirmRows) -> pd.DataFrame:
    """Flows of a firm that are at stake, the largest first.

    Returns
    -------
    pandas.DataFrame
        `flow, channel, path, share, room, substitutability, at_stake`: `room` is the largest share the flow
        may have, with all that nobody named in its channel; `at_stake` is that of its worst pair.
    """
    met = rows.collisions[rows.collisions["sides"] == "us-cn"]
    worst = met.sort_values(["at_stake", "flow"], ascending=[False, True], kind="stable")
    worst = worst.drop_duplicates("flow")
    channel = _channels(rows.flows)
    named = rows.flows.groupby(channel)["share"].sum(min_count=1)
    share = worst["share"].astype(float)
    room = (1.0 - _channels(worst).map(named).astype(float) + share).clip(upper=1.0)
    kept = ["flow", "channel", "path", "share", "substitutability", "at_stake"]
    return worst[kept].assign(room=np.fmax(room, share)).reset_index(drop=True)


def _channels(rows: pd.DataFrame) -> "pd.Series[str]":
    kind = rows["channel"].astype("str")
    return kind.map(KIND_CHANNELS).fillna(kind)


def turn_firm(model: FrozenModel, rows: FirmRows, turn: Turn, stands: Standing) -> pd.DataFrame:
    """us, cn, squeeze and p_choose of one firm as it is and as a Turn has it, with paired differences.

    Nothing is trained again: the coefficients and their draws are those of `model`. Draws go over all that
    `stands.known` says is in doubt, each source with the same draws before and after, and the same as in the
    reading that was published. Limits are the published ones, moved by what the Turn moves the same quantile
    of the draws, those of p_choose on the logit scale; so a Turn of nothing gives the published numbers, to
    the last bit. A firm whose p_choose comes from links alone has none here: the model of such firms is
    another one. Order, tiers and the chance of the top tenth depend on all firms and are not worked out.

    Parameters
    ----------
    model : FrozenModel
    rows : FirmRows
    turn : Turn
    stands : Standing
        The firm as it is.

    Returns
    -------
    pandas.DataFrame
        `FIRM_EFFECT_COLUMNS`, a row a stat; without a row where the firm has no flows of its own. `flag` says
        why p_choose is missing, or that it is `outside trained range`.

    Raises
    ------
    QuestionFault
        A flow the firm has not at stake, or a value that is none.
    """
    if stands.known.day.flows.empty:
        return pd.DataFrame(columns=list(FIRM_EFFECT_COLUMNS))
    _check(rows, turn)
    put = stands if turn.is_none else stand_firm(model, rows.firm, turned_day(stands.known, turn))
    points, draws = [stands.point, put.point], [stands.draws, put.draws]
    over = sources_at_work(stands.doubted, put.doubted)
    made: list[tuple[object, ...]] = []
    for s, stat in enumerate(STATS):
        published = _published(rows, stat)
        drawn, after = (draws[0][s], draws[1][s]), float(points[1][s])
        half = _carried(published, ("low50", "high50"), drawn, after, 0.50)
        whole = _carried(published, ("low", "high"), drawn, after, model.level)
        gap = points[1][s] - points[0][s]
        paired = _limits(gap, draws[1][s] - draws[0][s], model.level)
        told = (1, points[0][s], points[1][s], gap, *paired, *half, *whole, model.level)
        made.append((stat, *told, paired_words(over[stat]), str(published.get("flag") or "")))
    made.append(_choice(model, rows, points, draws, paired_words(over, model.terms)))
    return pd.DataFrame(made, columns=list(FIRM_EFFECT_COLUMNS))


def _carried(
    published: pd.Series, ends: tuple[str, str], drawn: tuple[Floats, Floats], after: float, level: float
) -> tuple[float, float]:
    """Published limits, moved by what a Turn moves the same quantile of the draws; they hold the point."""
    told = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    moved = np.quantile(drawn[1], told) - np.quantile(drawn[0], told)
    low, high = (float(published.get(end, np.nan)) + step for end, step in zip(ends, moved, strict=True))
    return min(max(low, 0.0), after), max(min(high, 1.0), after)


def _choice(
    model: FrozenModel, rows: FirmRows, points: list[Floats], draws: list[Floats], method: str
) -> tuple[object, ...]:
    """The row of p_choose."""
    published = _published(rows, "p_choose")
    nothing = ("p_choose", model.n, *[np.nan] * 9, model.level, "")
    before = float(published.get("estimate", np.nan))
    if not model.terms or not np.isfinite(before):
        return (*nothing, str(published.get("flag") or "no p_choose"))
    if model.is_pooled:
        return (*nothing, "groups are pooled")
    if LINKS_ALONE in str(published.get("flag") or ""):
        return (*nothing, LINKS_ALONE)
    at = [STATS.index(term) for term in model.terms]
    eta = [model.coefficients[0] + model.coefficients[1:] @ point[at] for point in points]
    drawn = [model.draws[:, 0] + np.einsum("dk,kd->d", model.draws[:, 1:], held[at]) for held in draws]
    gap = float(expit(eta[1])) - float(expit(eta[0]))
    after = before + gap
    paired = _limits(gap, expit(drawn[1]) - expit(drawn[0]), model.level)
    ends = []
    for width, low, high in ((0.50, "low50", "high50"), (model.level, "low", "high")):
        quantiles = [np.quantile(held, [(1.0 - width) / 2.0, (1.0 + width) / 2.0]) for held in drawn]
        given = np.array([published[low], published[high]], dtype=np.float64)
        step = quantiles[1] - quantiles[0]
        moved = np.where(step == 0.0, given, expit(logit(given) + step))
        ends += [min(float(moved[0]), after), max(float(moved[1]), after)]
    flags = [word for word in str(published.get("flag") or "").split("; ") if word]
    x = points[1][at]
    is_outside = bool(((x < model.lowest - 1e-12) | (x > model.highest + 1e-12)).any())
    flags = [word for word in flags if word != "outside trained range"]
    flags += ["outside trained range"] if is_outside else []
    told = ("p_choose", model.n, before, after, gap, *paired, *ends, model.level, method)
    return (*told, "; ".join(flags))


def _published(rows: FirmRows, stat: str) -> pd.Series:
    mine = rows.pressure[rows.pressure["stat"] == stat]
    return mine.iloc[0] if len(mine) else pd.Series(dtype=object)


def _limits(point: float, draws: Floats, level: float) -> tuple[float, float]:
    low, high = limits_round(np.array([point]), draws[:, None], level)
    return float(low[0]), float(high[0])


def _check(rows: FirmRows, turn: Turn) -> None:
    """Refuse a Turn that does not fit the firm."""
    told = {"substitutability": turn.substitutability, "share": turn.share, "dormant": turn.dormant}
    for name, value in told.items():
        if value is not None and not 0.0 <= value <= 1.0:
            raise QuestionFault(name, f"{value:g}", "a number from 0 to 1", "say another")
    if turn.flow and turn.flow not in set(rows.collisions["flow"]):
        raise QuestionFault("flow", repr(turn.flow), "a flow of the firm that is at stake", "name another")
    if turn.share is None:
        return
    if not turn.flow:
        raise QuestionFault("share", "of all flows", "the share of one flow", "name the flow")
    room = float(flows_to_turn(rows).set_index("flow")["room"][turn.flow])
    if turn.share > room + 1e-9:
        raise QuestionFault(
            "share", f"{turn.share:g}", f"at most {room:.3f}, with all that nobody named", "say less"
        )
