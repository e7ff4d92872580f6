"""What would be different for one firm if one of its flows, or the weight of dormant powers, were another."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from analysis.pressure.across import figures_of
from analysis.pressure.channels import STATS, Reach, channel_sums, reach_of
from analysis.pressure.doubt import draw_indicators, limits_round
from analysis.pressure.frozen import FrozenModel
from analysis.pressure.unseen import LINKS_ALONE
from analysis.rules.fields import KIND_CHANNELS
from survey import QuestionFault

__all__ = ["FIRM_EFFECT_COLUMNS", "FirmRows", "Turn", "flows_to_turn", "turn_firm"]

Floats = NDArray[np.float64]

FIRM_EFFECT_COLUMNS = (
    *("stat", "n", "before", "after", "estimate", "low", "high"),
    *("after_low50", "after_high50", "after_low", "after_high", "level", "method", "flag"),
)
"""Columns of what a Turn does: `estimate` is the difference, `low` and `high` are its limits."""

_OF_CONTACTS = ("firm", "flow", "side", "outcome")
_OF_COLLISIONS = (
    *("firm", "flow", "clause_side", "us_severity", "cn_severity", "weight", "substitutability"),
    *("meets", "sides"),
)
"""Columns that indicators are made of: without those that are not needed each turn takes half the time."""

_PAIRED = "paired draws over link confidence"
_FROZEN = "coefficients and draws as trained; " + _PAIRED


@dataclass(frozen=True, slots=True)
class Turn:
    """One what-if about one firm; None leaves a thing as it is.

    Attributes
    ----------
    flow : str
        Flow that `share` and `substitutability` are about; "" for all flows, of which no share is turned.
    substitutability : float or None
        Share of the flow that could go or come another way, 0 to 1.
    share : float or None
        Share of the firm's own total in the flow's channel, 0 to 1; what it gains or loses is of the
        part nobody named, and all other flows keep theirs.
    dormant : float or None
        Weight of dormant powers, 0 to 1.
    """

    flow: str = ""
    substitutability: float | None = None
    share: float | None = None
    dormant: float | None = None

    @property
    def is_none(self) -> bool:
        """Whether it turns nothing."""
        return self.substitutability is None and self.share is None and self.dormant is None


@dataclass(frozen=True, slots=True)
class FirmRows:
    """Rows of one firm in a Release: `flows`, `contacts`, `collisions`, and `pressure` as published."""

    firm: str
    flows: pd.DataFrame
    contacts: pd.DataFrame
    collisions: pd.DataFrame
    pressure: pd.DataFrame


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


def turn_firm(model: FrozenModel, rows: FirmRows, turn: Turn) -> pd.DataFrame:
    """us, cn, squeeze and p_choose of one firm as it is and as a Turn has it, with paired differences.

    Nothing is trained again: the coefficients and their draws are those of `model`, and each link keeps its
    own draws before and after. Limits are the published ones, moved by what the Turn moves the same quantile
    of the draws, those of p_choose on the logit scale; so a Turn of nothing gives the published numbers, and
    doubt beside that about links stays as it was published. A firm whose p_choose comes from links alone has
    none here: the model of such firms is another one. Order, tiers and the chance of the top tenth depend
    on all firms and are not worked out.

    Parameters
    ----------
    model : FrozenModel
    rows : FirmRows
    turn : Turn

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
    if rows.flows.empty:
        return pd.DataFrame(columns=list(FIRM_EFFECT_COLUMNS))
    turned = _turned(rows, turn)
    ends = [_reach(held, model.across) for held in (rows, turned)]
    points = [figures_of(reach, channel_sums(reach))[:, 0] for reach in ends]
    draws = [draw_indicators(reach, model.seed, model.many)[:, :, 0] for reach in ends]
    made: list[tuple[object, ...]] = []
    for s, stat in enumerate(STATS):
        published = _published(rows, stat)
        drawn, after = (draws[0][s], draws[1][s]), float(points[1][s])
        half = _carried(published, ("low50", "high50"), drawn, after, 0.50)
        whole = _carried(published, ("low", "high"), drawn, after, model.level)
        gap = points[1][s] - points[0][s]
        paired = _limits(gap, draws[1][s] - draws[0][s], model.level)
        told = (1, points[0][s], points[1][s], gap, *paired, *half, *whole, model.level, _PAIRED)
        made.append((stat, *told, str(published.get("flag") or "")))
    made.append(_choice(model, rows, points, draws))
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
    model: FrozenModel, rows: FirmRows, points: list[Floats], draws: list[Floats]
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
    after = float(expit(eta[1]))
    gap = after - float(expit(eta[0]))
    paired = _limits(gap, expit(drawn[1]) - expit(drawn[0]), model.level)
    ends = []
    for width, low, high in ((0.50, "low50", "high50"), (model.level, "low", "high")):
        quantiles = [np.quantile(held, [(1.0 - width) / 2.0, (1.0 + width) / 2.0]) for held in drawn]
        given = logit(np.array([published[low], published[high]], dtype=np.float64))
        moved = expit(given + quantiles[1] - quantiles[0])
        ends += [min(float(moved[0]), after), max(float(moved[1]), after)]
    flags = [word for word in str(published.get("flag") or "").split("; ") if word]
    x = points[1][at]
    is_outside = bool(((x < model.lowest - 1e-12) | (x > model.highest + 1e-12)).any())
    flags = [word for word in flags if word != "outside trained range"]
    flags += ["outside trained range"] if is_outside else []
    told = ("p_choose", model.n, before, after, gap, *paired, *ends, model.level, _FROZEN)
    return (*told, "; ".join(flags))


def _published(rows: FirmRows, stat: str) -> pd.Series:
    mine = rows.pressure[rows.pressure["stat"] == stat]
    return mine.iloc[0] if len(mine) else pd.Series(dtype=object)


def _limits(point: float, draws: Floats, level: float) -> tuple[float, float]:
    low, high = limits_round(np.array([point]), draws[:, None], level)
    return float(low[0]), float(high[0])


def _reach(rows: FirmRows, across: str) -> Reach:
    """Flows of the firm as arrays; what is at stake follows from share, severities and weight."""
    contacts = rows.contacts[[name for name in _OF_CONTACTS if name in rows.contacts]]
    return reach_of(rows.flows, contacts, _staked(rows.collisions), [rows.firm], across)


def _staked(collisions: pd.DataFrame) -> pd.DataFrame:
    left = (collisions["weight"] * (1.0 - collisions["substitutability"])).to_numpy(dtype=np.float64)
    exposed = np.nan_to_num(collisions["share"].to_numpy(dtype=np.float64) * left)
    harder = collisions[["us_severity", "cn_severity"]].to_numpy(dtype=np.float64).min(axis=1)
    return collisions[[name for name in _OF_COLLISIONS if name in collisions]].assign(
        at_stake=exposed * harder
    )


def _turned(rows: FirmRows, turn: Turn) -> FirmRows:
    """The rows of a firm as a Turn has them."""
    told = {"substitutability": turn.substitutability, "share": turn.share, "dormant": turn.dormant}
    for name, value in told.items():
        if value is not None and not 0.0 <= value <= 1.0:
            raise QuestionFault(name, f"{value:g}", "a number from 0 to 1", "say another")
    known = set(rows.collisions["flow"])
    if turn.flow and turn.flow not in known:
        raise QuestionFault("flow", repr(turn.flow), "a flow of the firm that is at stake", "name another")
    if turn.share is not None and not turn.flow:
        raise QuestionFault("share", "of all flows", "the share of one flow", "name the flow")
    met, flows = rows.collisions.copy(), rows.flows
    mine = met["flow"] == turn.flow if turn.flow else pd.Series(True, index=met.index)
    if turn.substitutability is not None:
        met["substitutability"] = met["substitutability"].where(~mine, turn.substitutability)
    if turn.share is not None:
        room = float(flows_to_turn(rows).set_index("flow")["room"][turn.flow])
        if turn.share > room + 1e-9:
            raise QuestionFault(
                "share", f"{turn.share:g}", f"at most {room:.3f}, with all that nobody named", "say less"
            )
        met["share"] = met["share"].where(~mine, turn.share)
        flows = flows.assign(share=flows["share"].where(flows["flow"] != turn.flow, turn.share))
    if turn.dormant is not None:
        is_dormant = met["status"] == "dormant"
        met["weight"] = met["weight"].where(~is_dormant, turn.dormant)
    return FirmRows(rows.firm, flows, rows.contacts, met, rows.pressure)
