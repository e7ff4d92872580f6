"""What a day says of each firm under a model that stays as it is: indicators, risk and order, with draws."""

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.across import figures_of
from analysis.pressure.agreeing import Agreement, agree
from analysis.pressure.asking import asks_of
from analysis.pressure.assemble import Measured, Ranked
from analysis.pressure.averaged import averaged_firms, own_only, widen
from analysis.pressure.channels import STATS, Reach, channel_sums, reach_of
from analysis.pressure.choice import Abstained, ChoiceModel, Risk
from analysis.pressure.choosing import train_on
from analysis.pressure.day import Day, meet_day
from analysis.pressure.drawing import Drawn, Told, draw_firms
from analysis.pressure.knowing import known_firms
from analysis.pressure.outcome import firm_ids, groups_given, outcome_findings, outcome_of
from analysis.pressure.ranks import Order, rank_intervals, top_share
from analysis.pressure.record import DOUBT_COLUMNS
from analysis.pressure.selfreport import said_by_firms
from analysis.pressure.settings import PressureSettings, pressure_settings
from analysis.pressure.sharing import doubt_rows
from analysis.pressure.unsure import Unsure, unsure_of
from survey import Finding, Study, Wave, latest_wave

__all__ = [
    "LEAST_ODDS",
    "LEAST_SQUEEZE",
    "Calibrated",
    "Reading",
    "calibrate",
    "in_order",
    "ranked_point",
    "read_firms",
]

Floats = NDArray[np.float64]

LEAST_ODDS = 1.1
"""Odds ratio of p_choose that two firms must surely exceed to be called ordered."""

LEAST_SQUEEZE = 0.01
"""Difference of squeeze that two firms must surely exceed to be called ordered, without p_choose."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A model trained on the day of fieldwork and frozen: every other day, and every scenario, reads it.

    Attributes
    ----------
    settings : PressureSettings
    ids : tuple[str, ...]
        Firms of the wave.
    chose : shape (ids,)
        1, 0, or nan where not answered.
    model : ChoiceModel or Abstained
    rng : numpy.random.Generator
        As the training left it.
    fieldwork : datetime.date
    groups : shape (ids,), optional
        Pooled group of each firm.
    findings : tuple[Finding, ...]
        What is odd about the outcome.
    apart : ChoiceModel, Abstained or None
        Model of firms without answers where it is another one: groups are answers, and it has none.
    agreement : Agreement or None
        What firms said of rules beside their own flows on the day of fieldwork; None where nothing was asked.
    """

    settings: PressureSettings
    ids: tuple[str, ...]
    chose: Floats
    model: ChoiceModel | Abstained
    rng: np.random.Generator
    fieldwork: date
    groups: NDArray[np.object_] | None = None
    findings: tuple[Finding, ...] = ()
    apart: ChoiceModel | Abstained | None = None
    agreement: Agreement | None = None

    def told_of(self, firms: tuple[str, ...], is_averaged: NDArray[np.bool_]) -> Told:
        """What is known of some firms beside their flows."""
        place = {firm: i for i, firm in enumerate(self.ids)}
        at = np.array([place.get(firm, -1) for firm in firms], dtype=np.int64)
        answered = np.r_[np.isfinite(self.chose), False][at] if self.settings.outcome else at >= 0
        apart = self.model if self.apart is None else self.apart
        return Told(self.model, apart, answered, is_averaged, self.groups_of(firms))

    def groups_of(self, firms: tuple[str, ...]) -> NDArray[np.object_] | None:
        """Pooled groups of some firms, "" outside the survey; None where groups are not pooled."""
        if self.groups is None:
            return None
        own = dict(zip(self.ids, self.groups, strict=True))
        return np.array([own.get(firm, "") for firm in firms], dtype=object)


@dataclass(frozen=True, slots=True)
class Reading:
    """n firms on a day.

    Attributes
    ----------
    firms : tuple[str, ...]
    reach : Reach
        Flows as arrays.
    measured : Measured
        Indicators of all firms, those of averaged firms too.
    draws : shape (3, draws, n)
        us, cn, squeeze over all that is in doubt; the same link has the same draws on every day. Of very many
        firms fewer draws, evenly chosen, and the same ones as those of `risk`.
    risk : Risk
        On the same draws of coefficients on every day.
    ranked : Ranked
        All 0 and nan where no order was asked for.
    doubts : pandas.DataFrame
        Shares of variance by source: `DOUBT_COLUMNS`; empty where not asked for.
    unsure : Unsure or None
        What is in doubt about the flows.
    """

    firms: tuple[str, ...]
    reach: Reach
    measured: Measured
    draws: Floats
    risk: Risk
    ranked: Ranked
    doubts: pd.DataFrame = field(default_factory=pd.DataFrame)
    unsure: Unsure | None = None


def calibrate(study: Study, day: date, now: Day | None = None, wave: Wave | None = None) -> Calibrated:
    """Train the model on indicators of the day of fieldwork (`calibrated_at`, else the day looked at).

    Parameters
    ----------
    study : Study
    day : datetime.date
        Day looked at.
    now : Day, optional
        That day, met already: it is used where it is the day of fieldwork too.
    wave : Wave, optional
        The last wave, if it is read already.

    Raises
    ------
    Fault
        Settings, outcome, links or rules at fault.
    """
    settings = pressure_settings(study)
    fieldwork = study.calibrated_at or day
    wave = latest_wave(study) if wave is None else wave
    ids = firm_ids(wave, study)
    chose = outcome_of(wave, study, settings)
    then = now if now is not None and fieldwork == day else None
    then = then or meet_day(study, fieldwork, ids, settings.dormant, own=True)
    rng = np.random.default_rng(settings.seed)
    reach = _own_reach(then, ids, settings)
    figures = figures_of(reach, channel_sums(reach))
    is_known = known_firms(reach, then.answers)
    model = train_on(study, wave, chose, figures, settings, rng, is_known)
    groups = groups_given(wave, study, settings.pool, "pool")
    odd = outcome_findings(wave, study, settings)
    said = said_by_firms(study, wave)
    agreement = agree(said, reach, figures, fieldwork.isoformat(), settings.level) if said else None
    apart = None
    if settings.pool and isinstance(model, ChoiceModel) and model.groups:
        of_its_own = np.random.default_rng([settings.seed, 1])
        apart = train_on(study, wave, chose, figures, replace(settings, pool=""), of_its_own, is_known)
    return Calibrated(settings, ids, chose, model, rng, fieldwork, groups, odd, apart, agreement)


def read_firms(
    calibrated: Calibrated,
    now: Day,
    firms: tuple[str, ...],
    *,
    is_ranked: bool = True,
    has_halves: bool = True,
    has_parts: bool = False,
) -> Reading:
    """Indicators, risk and order of n firms on a day.

    Firms are drawn in blocks, so that memory grows with firms and not with their links. Of very many firms
    limits and order come from all draws, but only some draws, evenly chosen, are kept.

    Parameters
    ----------
    calibrated : Calibrated
    now : Day
    firms : n ids
    is_ranked : bool
        Whether to work out order, the slowest part.
    has_halves : bool
        Whether order at 50% too; else it is that of the level.
    has_parts : bool
        Whether to take variance apart by source.
    """
    settings = calibrated.settings
    reach = reach_of(now.flows, now.contacts, now.collisions, firms, settings.across)
    unsure = unsure_of(reach, now, settings.open, settings.dormant)
    told = calibrated.told_of(firms, averaged_firms(now.averages, firms))
    drawn = draw_firms(reach, unsure, told, settings, has_parts=has_parts)
    own = own_only(drawn.measured, told.is_averaged)
    ranked = _unranked(len(firms))
    if is_ranked:
        ranked = _rank(own, drawn, settings, has_halves=has_halves)
    doubts = pd.DataFrame(columns=list(DOUBT_COLUMNS))
    if drawn.parts is not None:
        doubts = doubt_rows(firms, drawn.parts, asks_of(reach, unsure), level=settings.level)
    measured = widen(drawn.measured, now.averages, firms)
    return Reading(firms, reach, measured, drawn.draws, drawn.risk, ranked, doubts, unsure)


def in_order(ids: set[str]) -> tuple[str, ...]:
    """Ids sorted as text, or as numbers where all are whole numbers."""
    if all(word.isdecimal() for word in ids):
        return tuple(sorted(ids, key=lambda word: (int(word), word)))
    return tuple(sorted(ids))


def _own_reach(then: Day, ids: tuple[str, ...], settings: PressureSettings) -> Reach:
    """Flows of the firms of the wave on that day, without those that stand in for missing ones."""
    linked = [firm for firm, no in zip(ids, averaged_firms(then.averages, ids), strict=True) if not no]
    flows = then.flows[then.flows["firm"].isin(linked)]
    return reach_of(flows, then.contacts, then.collisions, ids, settings.across)


def _rank(measured: Measured, drawn: Drawn, settings: PressureSettings, *, has_halves: bool) -> Ranked:
    """Order on shared draws, at both levels."""
    point, least, target = ranked_point(measured.point[STATS.index("squeeze")], drawn.risk.eta)
    full = rank_intervals(point, drawn.ranked_by, settings.level, least=least)
    half = rank_intervals(point, drawn.ranked_by, 0.50, least=least) if has_halves else full
    return Ranked(half, full, top_share(drawn.ranked_by, is_known=np.isfinite(point)), target)


def ranked_point(squeeze: Floats, logit: Floats) -> tuple[Floats, float, str]:
    """What n firms are ordered by, the least difference of it that counts, and its name.

    p_choose on the logit scale; squeeze where no firm has one.
    """
    if np.isfinite(logit).any():
        return logit, float(np.log(LEAST_ODDS)), "p_choose"
    return squeeze, LEAST_SQUEEZE, "squeeze"


def _unranked(n: int) -> Ranked:
    zero = np.zeros(n, dtype=np.int64)
    none = Order(zero, zero, zero, float("nan"), 0)
    return Ranked(none, none, np.full(n, np.nan), "")
