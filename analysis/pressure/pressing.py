"""From a study to the pressure on each of its firms: links and rules of two days, one model, shared draws."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.assemble import Measured, Ranked, interval_table, join_flags, pressure_table
from analysis.pressure.averaged import averaged_firms, own_only, widen
from analysis.pressure.channels import STATS, Reach, channel_sums, largest_channel, reach_of
from analysis.pressure.choice import Abstained, ChoiceModel, Risk, predict_choice, train_choice
from analysis.pressure.day import Day, day_of, meet_day
from analysis.pressure.doubt import draw_indicators, limits_round, outer_bounds
from analysis.pressure.drivers import driver_rows, driver_words, stakes_by_flow
from analysis.pressure.outcome import firm_ids, outcome_of
from analysis.pressure.ranks import rank_intervals, top_share
from analysis.pressure.record import Pressure
from analysis.pressure.settings import PressureSettings, pressure_settings
from analysis.pressure.validate import model_rows
from analysis.supply.averages.unlinked import AVERAGE
from survey import Finding, Study, latest_wave

__all__ = ["press"]

Floats = NDArray[np.float64]

LEAST_ODDS = 1.1
"""Odds ratio of p_choose that two firms must surely exceed to be called ordered."""

LEAST_SQUEEZE = 0.01
"""Difference of squeeze that two firms must surely exceed to be called ordered, without p_choose."""


def press(study: Study, *, as_of: date | None = None, all_firms: bool = False) -> Pressure:
    """The pressure to choose on each firm of a study's last wave.

    The model is trained on indicators of the day of fieldwork (`calibrated_at`) and predicted on
    those of `as_of`; where the two differ every p_choose is flagged `transported`.

    Parameters
    ----------
    study : Study
        With `[supply]` and, for p_choose, `outcome` and `event` under `[pressure]`.
    as_of : date, optional
        Day the rules and links are looked at; by default the study's.
    all_firms : bool
        Whether firms that only appear in links have rows too.

    Returns
    -------
    Pressure
        The same input gives the same bytes.

    Raises
    ------
    StudyFault
        No links, no date, or a setting that does not fit.
    QuestionFault
        An outcome that does not exist or that nobody chose.
    """
    settings = pressure_settings(study)
    day = day_of(study, as_of)
    fieldwork = study.calibrated_at or day
    wave = latest_wave(study)
    ids = firm_ids(wave, study)
    chose = outcome_of(wave, study, settings)
    now = meet_day(study, day, None if all_firms else ids, settings.dormant)
    then = now if fieldwork == day else meet_day(study, fieldwork, ids, settings.dormant, own=True)
    firms = _in_order({*ids, *now.flows["firm"].astype("str")} if all_firms else set(ids))
    rng = np.random.default_rng(settings.seed)
    reach = reach_of(now.flows, now.contacts, now.collisions, firms)
    model = _train(then, ids, chose, settings, rng)
    measured, doubt = _measure(reach, settings)
    measured, own = (
        widen(measured, now.averages, firms),
        own_only(measured, averaged_firms(now.averages, firms)),
    )
    risk = _predict(model, own, doubt, settings, np.isin(firms, ids))
    ranked = _rank(own, doubt, risk, settings)
    flag, risk_flag = _flags(firms, ids, chose, reach, measured, model, risk, now, settings, fieldwork != day)
    stakes = stakes_by_flow(reach, now.collisions)
    trained = len(model.y) if isinstance(model, ChoiceModel) else model.firms
    fitted = model if isinstance(model, ChoiceModel) else None
    sums = channel_sums(reach)
    channels = {f"{s}_{c}": sums[i, :, j] for i, s in enumerate(STATS) for j, c in enumerate(reach.channels)}
    keep = pd.Index(firms)
    return Pressure(
        table=pressure_table(
            firms, measured, risk, ranked, driver_words(stakes, firms), join_flags(flag, risk_flag)
        ),
        intervals=interval_table(
            firms,
            measured,
            risk,
            ranked,
            level=settings.level,
            trained=trained,
            flag=flag,
            risk_flag=join_flags(flag, risk_flag),
        ),
        channels=pd.DataFrame({"firm": list(firms), **channels}),
        drivers=driver_rows(reach, measured.point[STATS.index("squeeze")], stakes, fitted),
        collisions=now.collisions[now.collisions["firm"].isin(keep)].reset_index(drop=True),
        contacts=now.contacts[now.contacts["firm"].isin(keep)].reset_index(drop=True),
        model=model_rows(
            model,
            rng,
            level=settings.level,
            parameters={
                "dormant": settings.dormant,
                "level": settings.level,
                "least odds ratio": LEAST_ODDS,
                "least squeeze": LEAST_SQUEEZE,
            },
        ),
        findings=_findings(study, ids, now, model, risk, reach),
        as_of=day,
        calibrated_at=fieldwork,
        flows=now.flows[now.flows["firm"].isin(keep)].reset_index(drop=True),
        affiliates=now.affiliates,
    )


def _in_order(ids: set[str]) -> tuple[str, ...]:
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
    """Indicators with their limits, and the draws of squeeze, shape (draws, n)."""
    point = largest_channel(channel_sums(reach))
    draws = draw_indicators(reach, settings.seed, settings.draws)
    low50, high50 = limits_round(point, draws, 0.50)
    low, high = limits_round(point, draws, settings.level)
    return Measured(point, low50, high50, low, high, outer_bounds(reach)), draws[STATS.index("squeeze")]


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


def _rank(measured: Measured, doubt: Floats, risk: Risk, settings: PressureSettings) -> Ranked:
    """Order by p_choose on shared draws of coefficients and squeeze; without p_choose, by squeeze."""
    if np.isfinite(risk.p).any():
        point, draws, least, target = risk.eta, risk.draws, float(np.log(LEAST_ODDS)), "p_choose"
    else:
        point, draws = measured.point[STATS.index("squeeze")], doubt
        least, target = LEAST_SQUEEZE, "squeeze"
    half, full = (rank_intervals(point, draws, level, least=least) for level in (0.50, settings.level))
    return Ranked(half, full, top_share(np.where(np.isfinite(point), draws, np.nan)), target)


def _flags(
    firms: tuple[str, ...],
    ids: tuple[str, ...],
    chose: Floats,
    reach: Reach,
    measured: Measured,
    model: ChoiceModel | Abstained,
    risk: Risk,
    now: Day,
    settings: PressureSettings,
    transported: bool,
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Words on each firm's indicators, and on its p_choose."""
    n = len(firms)
    linked = np.bincount(reach.firm, minlength=n) > 0
    unsized = np.zeros(n, dtype=bool)
    unsized[reach.firm[~np.isfinite(reach.share)]] = True
    averaged = averaged_firms(now.averages, firms)
    missing = np.isnan(measured.point[STATS.index("squeeze")])
    about = join_flags(
        np.where(linked, "", "no links").astype(object),
        np.where(averaged, AVERAGE, "").astype(object),
        np.where(
            linked & missing & ~averaged,
            "no denominator",
            np.where(unsized & ~missing, "some flows without a size", ""),
        ).astype(object),
    )
    place = {firm: i for i, firm in enumerate(ids)}
    at = np.array([place.get(firm, -1) for firm in firms])
    answered = np.r_[np.isfinite(chose), False][at]
    if isinstance(model, Abstained):
        risky = np.full(n, model.why, dtype=object)
        return about, risky
    words = [
        np.where(risk.is_outside, "outside trained range", ""),
        np.where(at < 0, "not in the survey", np.where(answered, "", "outcome not answered")),
        np.where(np.isfinite(risk.p) & transported, "transported", ""),
    ]
    return about, join_flags(*(w.astype(object) for w in words))


def _findings(
    study: Study,
    ids: tuple[str, ...],
    now: Day,
    model: ChoiceModel | Abstained,
    risk: Risk,
    reach: Reach,
) -> tuple[Finding, ...]:
    """What the user should know about this run."""
    found = [*now.findings]
    averaged = int(averaged_firms(now.averages, ids).sum())
    if averaged:
        found.append(
            Finding(
                study.place("supply.sectors"),
                f"{averaged} of the {len(ids)} firms have no links and take their sector's average",
                "Their limits span firms of the sector that have links; they have no p_choose and no rank.",
                "Add their links where you can.",
            )
        )
    unlinked = len(set(ids) - set(np.array(reach.firms, dtype=object)[np.unique(reach.firm)]))
    if unlinked:
        found.append(
            Finding(
                study.place("supply.links"),
                f"{unlinked} of the {len(ids)} firms of the survey appear in no link",
                "They have no squeeze and no p_choose.",
                "Check that ids of firms are the ids used in links.",
            )
        )
    if isinstance(model, Abstained):
        found.append(
            Finding(
                study.place("pressure.outcome"),
                f"no p_choose: {model.why}",
                "Squeeze is given alone, and ranks are ranks of squeeze.",
                "",
            )
        )
    outside = int((risk.is_outside & np.isin(reach.firms, ids)).sum())
    if outside:
        found.append(
            Finding(
                study.place("as_of"),
                f"{outside} of the {len(ids)} firms have a squeeze outside the trained range",
                "Their p_choose is drawn on beyond the data.",
                "Lean on squeeze for them.",
            )
        )
    if study.design.weight or study.section("weights"):
        found.append(
            Finding(
                study.place("weights" if study.section("weights") else "design.weight"),
                "weights",
                "The model of p_choose is about the mechanism and does not use them.",
                "",
            )
        )
    return tuple(found)
