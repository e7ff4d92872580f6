"""What a day says of each firm under a model that stays as it is: indicators, risk and order, with draws."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.across import figures_of
from analysis.pressure.assemble import Measured, Ranked
from analysis.pressure.averaged import averaged_firms, own_only, widen
from analysis.pressure.channels import STATS, Reach, channel_sums, reach_of
from analysis.pressure.choice import Abstained, ChoiceModel, Risk
from analysis.pressure.choosing import risk_of, train_on
from analysis.pressure.day import Day, meet_day
from analysis.pressure.doubt import draw_indicators, limits_round, outer_bounds
from analysis.pressure.outcome import firm_ids, groups_given, outcome_findings, outcome_of
from analysis.pressure.ranks import Order, rank_intervals, top_share
from analysis.pressure.settings import PressureSettings, pressure_settings
from survey import Finding, Study, Wave, latest_wave

__all__ = ["LEAST_ODDS", "LEAST_SQUEEZE", "Calibrated", "Reading", "calibrate", "in_order", "read_firms"]

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
    """

    settings: PressureSettings
    ids: tuple[str, ...]
    chose: Floats
    model: ChoiceModel | Abstained
    rng: np.random.Generator
    fieldwork: date
    groups: NDArray[np.object_] | None = None
    findings: tuple[Finding, ...] = ()

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
        us, cn, squeeze over link confidence; the same link has the same draws on every day.
    risk : Risk
        On the same draws of coefficients on every day.
    ranked : Ranked
        All 0 and nan where no order was asked for.
    """

    firms: tuple[str, ...]
    reach: Reach
    measured: Measured
    draws: Floats
    risk: Risk
    ranked: Ranked


def calibrate(study: Study, day: date, now: Day | None = None) -> Calibrated:
    """Train the model on indicators of the day of fieldwork (`calibrated_at`, else the day looked at).

    Parameters
    ----------
    study : Study
    day : datetime.date
        Day looked at.
    now : Day, optional
        That day, met already: it is used where it is the day of fieldwork too.

    Raises
    ------
    Fault
        Settings, outcome, links or rules at fault.
    """
    settings = pressure_settings(study)
    fieldwork = study.calibrated_at or day
    wave = latest_wave(study)
    ids = firm_ids(wave, study)
    chose = outcome_of(wave, study, settings)
    then = now if now is not None and fieldwork == day else None
    then = then or meet_day(study, fieldwork, ids, settings.dormant, own=True)
    rng = np.random.default_rng(settings.seed)
    model = _train(study, wave, then, ids, chose, settings, rng)
    groups = groups_given(wave, study, settings.pool, "pool")
    odd = outcome_findings(wave, study, settings)
    return Calibrated(settings, ids, chose, model, rng, fieldwork, groups, odd)


def read_firms(
    calibrated: Calibrated,
    now: Day,
    firms: tuple[str, ...],
    *,
    is_ranked: bool = True,
    has_halves: bool = True,
) -> Reading:
    """Indicators, risk and order of n firms on a day.

    Parameters
    ----------
    calibrated : Calibrated
    now : Day
    firms : n ids
    is_ranked : bool
        Whether to work out order, the slowest part.
    has_halves : bool
        Whether order at 50% too; else it is that of the level.
    """
    settings = calibrated.settings
    reach = reach_of(now.flows, now.contacts, now.collisions, firms, settings.across)
    measured, draws = _measure(reach, settings)
    measured, own = (
        widen(measured, now.averages, firms),
        own_only(measured, averaged_firms(now.averages, firms)),
    )
    doubt = draws[STATS.index("squeeze")]
    is_respondent = np.isin(firms, calibrated.ids)
    groups = calibrated.groups_of(firms)
    risk = risk_of(calibrated.model, own, draws, settings, is_respondent, groups)
    ranked = _rank(own, doubt, risk, settings, has_halves=has_halves) if is_ranked else _unranked(len(firms))
    return Reading(firms, reach, measured, draws, risk, ranked)


def in_order(ids: set[str]) -> tuple[str, ...]:
    """Ids sorted as text, or as numbers where all are whole numbers."""
    if all(word.isdecimal() for word in ids):
        return tuple(sorted(ids, key=lambda word: (int(word), word)))
    return tuple(sorted(ids))


def _train(
    study: Study,
    wave: Wave,
    then: Day,
    ids: tuple[str, ...],
    chose: Floats,
    settings: PressureSettings,
    rng: np.random.Generator,
) -> ChoiceModel | Abstained:
    """The model of the day of fieldwork, on firms that answered."""
    linked = [firm for firm, no in zip(ids, averaged_firms(then.averages, ids), strict=True) if not no]
    flows = then.flows[then.flows["firm"].isin(linked)]
    reach = reach_of(flows, then.contacts, then.collisions, ids, settings.across)
    return train_on(study, wave, chose, figures_of(reach, channel_sums(reach)), settings, rng)


def _measure(reach: Reach, settings: PressureSettings) -> tuple[Measured, Floats]:
    """Indicators with their limits, and their draws, shape (3, draws, n)."""
    point = figures_of(reach, channel_sums(reach))
    draws = draw_indicators(reach, settings.seed, settings.draws)
    low50, high50 = limits_round(point, draws, 0.50)
    low, high = limits_round(point, draws, settings.level)
    return Measured(point, low50, high50, low, high, outer_bounds(reach)), draws


def _rank(
    measured: Measured, doubt: Floats, risk: Risk, settings: PressureSettings, *, has_halves: bool
) -> Ranked:
    """Order by p_choose on shared draws of coefficients and squeeze; without p_choose, by squeeze."""
    if np.isfinite(risk.p).any():
        point, draws, least, target = risk.eta, risk.draws, float(np.log(LEAST_ODDS)), "p_choose"
    else:
        point, draws = measured.point[STATS.index("squeeze")], doubt
        least, target = LEAST_SQUEEZE, "squeeze"
    full = rank_intervals(point, draws, settings.level, least=least)
    half = rank_intervals(point, draws, 0.50, least=least) if has_halves else full
    return Ranked(half, full, top_share(np.where(np.isfinite(point), draws, np.nan)), target)


def _unranked(n: int) -> Ranked:
    zero = np.zeros(n, dtype=np.int64)
    none = Order(zero, zero, zero, float("nan"), 0)
    return Ranked(none, none, np.full(n, np.nan), "")
