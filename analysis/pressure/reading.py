"""What a day says of each firm under a model that stays as it is: indicators, risk and order, with draws."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.assemble import Measured, Ranked
from analysis.pressure.averaged import averaged_firms, own_only, widen
from analysis.pressure.channels import STATS, Reach, channel_sums, largest_channel, reach_of
from analysis.pressure.choice import Abstained, ChoiceModel, Risk, predict_choice, train_choice
from analysis.pressure.day import Day, meet_day
from analysis.pressure.doubt import draw_indicators, limits_round, outer_bounds
from analysis.pressure.outcome import firm_ids, outcome_of
from analysis.pressure.ranks import Order, rank_intervals, top_share
from analysis.pressure.settings import PressureSettings, pressure_settings
from survey import Study, latest_wave

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
    """

    settings: PressureSettings
    ids: tuple[str, ...]
    chose: Floats
    model: ChoiceModel | Abstained
    rng: np.random.Generator
    fieldwork: date


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
    return Calibrated(settings, ids, chose, _train(then, ids, chose, settings, rng), rng, fieldwork)


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
    reach = reach_of(now.flows, now.contacts, now.collisions, firms)
    measured, draws = _measure(reach, settings)
    measured, own = (
        widen(measured, now.averages, firms),
        own_only(measured, averaged_firms(now.averages, firms)),
    )
    doubt = draws[STATS.index("squeeze")]
    risk = _predict(calibrated.model, own, doubt, settings, np.isin(firms, calibrated.ids))
    ranked = _rank(own, doubt, risk, settings, has_halves=has_halves) if is_ranked else _unranked(len(firms))
    return Reading(firms, reach, measured, draws, risk, ranked)


def in_order(ids: set[str]) -> tuple[str, ...]:
    """Ids sorted as text, or as numbers where all are whole numbers."""
    if all(word.isdecimal() for word in ids):
        return tuple(sorted(ids, key=lambda word: (int(word), word)))
    return tuple(sorted(ids))


def _train(
    then: Day, ids: tuple[str, ...], chose: Floats, settings: PressureSettings, rng: np.random.Generator
) -> ChoiceModel | Abstained:
    """The model of the day of fieldwork, on firms that answered."""
    if not settings.outcome:
        return Abstained("no outcome in the survey", 0, 0)
    linked = [firm for firm, no in zip(ids, averaged_firms(then.averages, ids), strict=True) if not no]
    reach = reach_of(then.flows[then.flows["firm"].isin(linked)], then.contacts, then.collisions, ids)
    squeeze = largest_channel(channel_sums(reach))[STATS.index("squeeze")]
    return train_choice(squeeze[:, None], chose, rng, draws=settings.draws)


def _measure(reach: Reach, settings: PressureSettings) -> tuple[Measured, Floats]:
    """Indicators with their limits, and their draws, shape (3, draws, n)."""
    point = largest_channel(channel_sums(reach))
    draws = draw_indicators(reach, settings.seed, settings.draws)
    low50, high50 = limits_round(point, draws, 0.50)
    low, high = limits_round(point, draws, settings.level)
    return Measured(point, low50, high50, low, high, outer_bounds(reach)), draws


def _predict(
    model: ChoiceModel | Abstained,
    measured: Measured,
    doubt: Floats,
    settings: PressureSettings,
    is_respondent: NDArray[np.bool_],
) -> Risk:
    """Risk of each firm; firms outside the survey only inside the trained range."""
    squeeze = measured.point[STATS.index("squeeze")]
    n = len(squeeze)
    if isinstance(model, Abstained):
        empty = np.full(n, np.nan)
        draws = np.full((settings.draws, n), np.nan)
        return Risk(empty, draws, empty, empty, empty, empty, empty, np.zeros(n, dtype=bool))
    risk = predict_choice(model, squeeze[:, None], doubt[:, :, None], settings.level)
    out = risk.is_outside & ~is_respondent
    for value in (risk.eta, risk.p, risk.low50, risk.high50, risk.low, risk.high):
        value[out] = np.nan
    risk.draws[:, out] = np.nan
    return risk


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
