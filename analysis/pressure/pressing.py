"""From a study to the pressure on each of its firms: links and rules of two days, one model, shared draws."""

from copy import deepcopy
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.assemble import interval_table, join_flags, pressure_table
from analysis.pressure.averaged import averaged_firms
from analysis.pressure.by_channel import channel_limits, channel_table
from analysis.pressure.carrying import carry
from analysis.pressure.channels import STATS
from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.composite import composite_table
from analysis.pressure.curve import calibration_curve
from analysis.pressure.day import Day, day_of, meet_day
from analysis.pressure.drawn_over import figure_methods
from analysis.pressure.drivers import driver_rows, driver_words, stakes_by_flow
from analysis.pressure.frozen import frozen_table
from analysis.pressure.leaving import leaving_rows
from analysis.pressure.outcome import firm_ids
from analysis.pressure.reading import (
    LEAST_ODDS,
    LEAST_SQUEEZE,
    Calibrated,
    Reading,
    calibrate,
    in_order,
    read_firms,
)
from analysis.pressure.record import Pressure
from analysis.pressure.settings import pressure_settings
from analysis.pressure.unseen import LINKS_ALONE
from analysis.pressure.validate import judge_model
from analysis.supply.averages.unlinked import AVERAGE
from survey import Finding, Study, latest_wave

__all__ = ["firms_of", "lay_out", "press"]


def press(
    study: Study, *, as_of: date | None = None, all_firms: bool = False, with_leaving: bool = False
) -> Pressure:
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
    with_leaving : bool
        Whether to look for what would take firms out of the top tier.

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
    ids = firm_ids(latest_wave(study), study)
    now = meet_day(study, day, None if all_firms else ids, settings.dormant)
    calibrated = calibrate(study, day, now)
    firms = firms_of(calibrated, now, all_firms=all_firms)
    read = read_firms(calibrated, now, firms, has_parts=True)
    return lay_out(study, calibrated, now, read, day, with_leaving=with_leaving)


def firms_of(calibrated: Calibrated, *days: Day, all_firms: bool) -> tuple[str, ...]:
    """Firms of the wave and, with `all_firms`, every firm in flows of some days; in order of ids."""
    ids = set(calibrated.ids)
    if all_firms:
        ids.update(*(day.flows["firm"].astype("str") for day in days))
    return in_order(ids)


def lay_out(
    study: Study,
    calibrated: Calibrated,
    now: Day,
    read: Reading,
    day: date,
    *,
    with_leaving: bool = False,
) -> Pressure:
    """What was read of firms on a day, as the tables of the contract.

    Parameters
    ----------
    study : Study
    calibrated : Calibrated
    now : Day
    read : Reading
        Of the same day, with its order.
    day : datetime.date
    with_leaving : bool
        As `press`.
    """
    settings, model, fieldwork = calibrated.settings, calibrated.model, calibrated.fieldwork
    firms, reach, measured, risk, ranked = read.firms, read.reach, read.measured, read.risk, read.ranked
    flag, risk_flag = _flags(calibrated, read, now, fieldwork != day)
    stakes = stakes_by_flow(reach, now.collisions)
    trained = model.trained if isinstance(model, ChoiceModel) else model.firms
    fitted = model if isinstance(model, ChoiceModel) else None
    limits = channel_limits(
        reach, read.unsure, seed=settings.seed, draws=settings.draws, level=settings.level
    )
    agreed = calibrated.agreement
    keep = pd.Index(firms)
    rng = deepcopy(calibrated.rng)
    report = judge_model(
        model,
        rng,
        level=settings.level,
        declared=len(settings.choice.slopes),
        parameters={
            "dormant": settings.dormant,
            "level": settings.level,
            "least odds ratio": LEAST_ODDS,
            "least squeeze": LEAST_SQUEEZE,
        },
    )
    by_risk = ranked.target == "p_choose"
    squeeze = STATS.index("squeeze")
    points, draws = (risk.eta, risk.draws) if by_risk else (measured.point[squeeze], read.draws[squeeze])
    carry(report, model, ranked, points, draws, len(calibrated.ids))
    told = report.table()
    index = pd.DataFrame()
    if settings.composite is not None and fitted is None:
        values = {stat: measured.point[i] for i, stat in enumerate(STATS)}
        rng = np.random.default_rng(settings.seed)
        index, hangs = composite_table(firms, values, settings.composite, rng, level=settings.level)
        told = pd.concat([told, hangs.assign(why="")], ignore_index=True)[list(told.columns)]
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
            methods=figure_methods(calibrated, read, averaged_firms(now.averages, firms)),
            flag=flag,
            risk_flag=join_flags(flag, risk_flag),
        ),
        channels=channel_table(reach, limits, settings.level, now.flows, stakes),
        drivers=driver_rows(
            reach, measured.point[STATS.index("squeeze")], stakes, fitted, _beside_squeeze(calibrated, read)
        ),
        collisions=now.collisions[now.collisions["firm"].isin(keep)].reset_index(drop=True),
        contacts=now.contacts[now.contacts["firm"].isin(keep)].reset_index(drop=True),
        model=told,
        findings=_findings(study, calibrated, now, read),
        as_of=day,
        calibrated_at=fieldwork,
        flows=now.flows[now.flows["firm"].isin(keep)].reset_index(drop=True),
        affiliates=now.affiliates,
        ages=now.ages,
        composite=index,
        leaving=leaving_rows(calibrated, now, read) if with_leaving else pd.DataFrame(),
        doubts=read.doubts,
        calibration=calibration_curve(fitted, rng, level=settings.level) if fitted else pd.DataFrame(),
        frozen=frozen_table(model, settings),
        agreement=agreed.table if agreed else pd.DataFrame(),
        agreement_firms=agreed.firms if agreed else pd.DataFrame(),
    )


def _beside_squeeze(calibrated: Calibrated, read: Reading) -> dict[str, NDArray[np.float64]]:
    """What each term of the model but squeeze adds to the logits of n firms."""
    model = calibrated.model
    if isinstance(model, Abstained):
        return {}
    parts = {
        term: model.slope(term) * read.measured.point[STATS.index(term)]
        for term in model.terms
        if term != "squeeze"
    }
    groups = calibrated.groups_of(read.firms)
    if model.groups and groups is not None:
        own = dict(zip(model.groups, model.coefficients[1 + len(model.terms) :], strict=True))
        parts["group"] = np.array([own.get(str(group), 0.0) for group in groups])
    return parts


def _flags(
    calibrated: Calibrated, read: Reading, now: Day, transported: bool
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Words on each firm's indicators, and on its p_choose."""
    firms, reach, measured, risk = read.firms, read.reach, read.measured, read.risk
    n = len(firms)
    linked = np.bincount(reach.firm, minlength=n) > 0
    unsized = np.zeros(n, dtype=bool)
    of_trade = np.isin(np.array(reach.channels, dtype=object)[reach.channel], ("sales", "inputs"))
    unsized[reach.firm[~np.isfinite(reach.share) & of_trade]] = True
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
    place = {firm: i for i, firm in enumerate(calibrated.ids)}
    at = np.array([place.get(firm, -1) for firm in firms])
    answered = np.r_[np.isfinite(calibrated.chose), False][at]
    if isinstance(calibrated.model, Abstained):
        risky = np.full(n, calibrated.model.why, dtype=object)
        return about, risky
    words = [
        np.where(risk.is_outside, "outside trained range", ""),
        np.where(at < 0, "not in the survey", np.where(answered, "", "outcome not answered")),
        np.where(np.isfinite(risk.p) & ~answered, LINKS_ALONE, ""),
        np.where(np.isfinite(risk.p) & transported, "transported", ""),
    ]
    return about, join_flags(*(w.astype(object) for w in words))


def _findings(study: Study, calibrated: Calibrated, now: Day, read: Reading) -> tuple[Finding, ...]:
    """What the user should know about this run."""
    ids, model, reach, risk = calibrated.ids, calibrated.model, read.reach, read.risk
    found = [*now.findings, *calibrated.findings]
    averaged = int(averaged_firms(now.averages, ids).sum())
    if averaged:
        found.append(
            Finding(
                study.place("supply.sectors"),
                f"{averaged} of the {len(ids)} firms have no links and take their sector's average",
                "Their limits span firms of the sector that have links; "
                "they have no probability of having to choose and no rank.",
                "Add their links where you can.",
            )
        )
    unlinked = len(set(ids) - set(np.array(reach.firms, dtype=object)[np.unique(reach.firm)]))
    if unlinked:
        found.append(
            Finding(
                study.place("supply.links"),
                f"{unlinked} of the {len(ids)} firms of the survey appear in no link",
                "They have no squeeze and no probability of having to choose.",
                "Check that ids of firms are the ids used in links.",
            )
        )
    if isinstance(model, Abstained):
        found.append(
            Finding(
                study.place("pressure.outcome"),
                f"no probability of having to choose: {model.why}",
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
                "Their probability of having to choose is drawn on beyond the data.",
                "Lean on squeeze for them.",
            )
        )
    is_weighed = isinstance(model, ChoiceModel) and not np.all(model.weights == model.weights[0])
    if (study.design.weight or study.section("weights")) and not is_weighed:
        found.append(
            Finding(
                study.place("weights" if study.section("weights") else "design.weight"),
                "weights",
                "The model of having to choose is about the mechanism and does not use them.",
                'Write  weights = "design"  under [pressure] to use them.',
            )
        )
    return tuple(found)
