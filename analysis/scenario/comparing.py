"""The world as it is and as scenarios have it, side by side: one model, same draws, paired differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.day import Day, day_of
from analysis.pressure.outcome import firm_ids
from analysis.pressure.pressing import firms_of, lay_out
from analysis.pressure.reading import Calibrated, Reading, calibrate, read_firms
from analysis.pressure.record import Pressure
from analysis.pressure.rereading import Reread, as_read, read_again
from analysis.pressure.scene import scene_of
from analysis.pressure.settings import pressure_settings
from analysis.scenario.amounts import amounts_of
from analysis.scenario.applying import apply_changes
from analysis.scenario.effects import effects_of, moves_of, paired_stats
from analysis.scenario.idle import idle_changes
from analysis.scenario.meeting import Met, meet_again, meet_first
from analysis.scenario.record import BREADTH_COLUMNS, Change, Scenario
from analysis.scenario.telling import Tell, untold
from analysis.scenario.winners import winners_of
from analysis.supply.links import Links
from survey import Finding, Study, Wave, answers_to, latest_wave

__all__ = ["Baseline", "Compared", "baseline_of", "compare", "foresee", "foresee_contact"]

_AS_IT_IS = {"en": "as it is", "ja": "現状"}


@dataclass(frozen=True, slots=True)
class Baseline:
    """The world as it is, read once for any number of scenarios.

    Attributes
    ----------
    study : Study or None
        None where a Release kept the rest.
    day : datetime.date
    met : Met
        Links, rules and lists of the day, and what came of them.
    calibrated : Calibrated
        The model of the day of fieldwork; no scenario trains it again.
    firms : tuple[str, ...]
    read : Reading
        Of these firms.
    groups : Mapping[str, numpy.ndarray]
        Question of `[pressure] by` to each firm's answer.
    """

    study: Study | None
    day: date
    met: Met
    calibrated: Calibrated
    firms: tuple[str, ...]
    read: Reading
    groups: Mapping[str, NDArray[np.object_]]


@dataclass(frozen=True, slots=True)
class Compared:
    """What scenarios do together.

    Attributes
    ----------
    effects, winners, moves, changes, breadth : pandas.DataFrame
        `EFFECTS_COLUMNS`, `WINNERS_COLUMNS`, `MOVES_COLUMNS`, `CHANGES_COLUMNS`, `BREADTH_COLUMNS`; breadth
        has no row where no scenario goes on in steps.
    pressure : Pressure or None
        Of the world as the scenarios have it; None where it was not asked for.
    findings : tuple[Finding, ...]
        Changes that do nothing on the day.
    """

    effects: pd.DataFrame
    winners: pd.DataFrame
    moves: pd.DataFrame
    changes: pd.DataFrame
    breadth: pd.DataFrame
    pressure: Pressure | None = None
    findings: tuple[Finding, ...] = ()


def baseline_of(
    study: Study,
    *,
    as_of: date | None = None,
    all_firms: bool = False,
    wave: Wave | None = None,
    links: Links | None = None,
) -> Baseline:
    """Read a study as `press` does, once for any number of scenarios.

    Parameters
    ----------
    study : Study
    as_of : date, optional
    all_firms : bool
        As `press`.
    wave : Wave, optional
        The last wave, if it is read already.
    links : Links, optional
        The study's own links as known on that day, if they are read already.

    Raises
    ------
    Fault
        As `press`.
    """
    settings = pressure_settings(study)
    day = day_of(study, as_of)
    wave = latest_wave(study) if wave is None else wave
    ids = firm_ids(wave, study)
    met = meet_first(scene_of(study, day, None if all_firms else ids, settings.dormant, links=links))
    calibrated = calibrate(study, day, met.day, wave)
    firms = firms_of(calibrated, met.day, all_firms=all_firms)
    place = {firm: row for row, firm in enumerate(ids)}
    at = np.array([place.get(firm, -1) for firm in firms])
    groups = {}
    for question in settings.by:
        answers = answers_to(wave, question)
        codes = np.array(["", *answers.options], dtype=object)
        number = np.where(answers.ticks.any(axis=1), answers.ticks.argmax(axis=1) + 1, 0)
        groups[question] = np.append(codes[number], "")[at]
    read = read_firms(calibrated, met.day, firms, has_parts=True)
    return Baseline(study, day, met, calibrated, firms, read, groups)


def compare(
    baseline: Baseline,
    scenarios: Sequence[Scenario],
    *,
    with_pressure: bool = False,
    with_leaving: bool = False,
    with_firms: bool = True,
    tick: Tell = untold,
) -> Compared:
    """What one scenario does, or several together, in the order given.

    Parameters
    ----------
    baseline : Baseline
    scenarios : sequence of Scenario
        Each sees what those before it changed. Their name together is their ids joined by `+`.
    with_pressure : bool
        Whether to lay out the pressure in the scenario too.
    with_leaving : bool
        Whether that holds what would take firms out of the top tier then.
    with_firms : bool
        Whether each firm has rows of effects.
    tick : callable
        Told of each step before it is taken (`changes`, `rules`, `firms`, `breadth`, `effects`), and which
        one of how many of its kind it is. What it raises ends the work there.

    Raises
    ------
    Fault
        A change that does not fit.
    """
    name = "+".join(one.id for one in scenarios)
    every = [change for one in scenarios for change in one.all_changes()]
    tick("changes", 0, 0)
    scene, changed = apply_changes(baseline.met.scene, every)
    tick("rules", 0, 0)
    met = meet_again(baseline.met, scene)
    tick("firms", 0, 0)
    after = read_again(baseline.calibrated, baseline.read, met.day)
    stepped = [
        _steps(baseline, scenarios, place, (met, after), tick)
        for place, one in enumerate(scenarios)
        if one.steps
    ]
    none = pd.DataFrame(columns=list(BREADTH_COLUMNS))
    pressure = None
    if with_pressure and baseline.study is not None:
        read = read_firms(baseline.calibrated, met.day, baseline.firms)
        pressure = lay_out(
            baseline.study, baseline.calibrated, met.day, read, baseline.day, with_leaving=with_leaving
        )
    tick("effects", 0, 0)
    effects, winners = _effects(name, baseline, met.day, after, with_firms=with_firms)
    return Compared(
        effects=effects,
        winners=winners,
        moves=moves_of(name, baseline.read, after),
        changes=changed,
        breadth=pd.concat(stepped, ignore_index=True) if stepped else none,
        pressure=pressure,
        findings=idle_changes(every, baseline.day),
    )


def foresee(
    study: Study,
    scenarios: Sequence[Scenario],
    *,
    as_of: date | None = None,
    all_firms: bool = False,
    with_leaving: bool = False,
) -> Compared:
    """The pressure of a study in a scenario, or in several together, against the world as it is.

    Raises
    ------
    Fault
        As `press`; a change that does not fit.
    """
    baseline = baseline_of(study, as_of=as_of, all_firms=all_firms)
    return compare(baseline, scenarios, with_pressure=True, with_leaving=with_leaving)


def foresee_contact(
    study: Study, scenarios: Sequence[Scenario], *, as_of: date | None = None, every: bool = False
) -> tuple[Day, pd.DataFrame]:
    """Contacts and collisions of the firms of a study in scenarios, and what these changed.

    Parameters
    ----------
    study : Study
    scenarios : sequence of Scenario
    as_of : date, optional
    every : bool
        Keep contacts with outcome `none`.

    Raises
    ------
    Fault
        As `touch_firms`; a change that does not fit.
    """
    day = day_of(study, as_of)
    ids = firm_ids(latest_wave(study), study)
    scene = scene_of(study, day, ids, pressure_settings(study).dormant)
    changes = [change for one in scenarios for change in one.all_changes()]
    after, changed = apply_changes(scene, changes)
    met = meet_first(after, every=every).day
    return replace(met, findings=(*idle_changes(changes, day), *met.findings)), changed


def _effects(
    name: str, baseline: Baseline, now: Day, after: Reread, *, with_firms: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Effects, and whom they burden and relieve."""
    settings = baseline.calibrated.settings
    was = baseline.met.day
    before = _values(was, baseline.firms)
    values = before, before if now.flows is was.flows else _values(now, baseline.firms)
    amounts = amounts_of(baseline.read.reach, after.reach, values, seed=settings.seed, draws=settings.draws)
    paired, groups = paired_stats(baseline.read, after, baseline.calibrated), baseline.groups
    effects = effects_of(
        name, baseline.calibrated, paired, baseline.firms, amounts, groups, with_firms=with_firms
    )
    return effects, winners_of(name, paired, groups, settings.level)


def _values(day: Day, firms: tuple[str, ...]) -> pd.Series:
    """Value of each flow in the order in which `reach_of` lays flows out."""
    mine = day.flows[day.flows["firm"].isin(pd.Index(firms))]
    return mine.sort_values(["firm", "flow"], kind="stable")["value"]


def _steps(
    baseline: Baseline, scenarios: Sequence[Scenario], place: int, whole: tuple[Met, Reread], tick: Tell
) -> pd.DataFrame:
    """Effects on all firms after each step of one scenario, on top of those before it.

    The first step may be the world as it is, the last is what all scenarios together do (`whole`): neither is
    worked out again.
    """
    one = scenarios[place]
    first: list[Change] = [change for other in scenarios[:place] for change in other.all_changes()]
    parts, scene, met = [], baseline.met.scene, baseline.met
    scene, _ = apply_changes(scene, [*first, *one.changes], is_known=True)
    is_changed = scene is not baseline.met.scene
    start = {"en": "before the first step", "ja": "最初の段階の前"} if is_changed else _AS_IT_IS
    titles: list[Mapping[str, str]] = [start, *(step.title for step in one.steps)]
    for number, title in enumerate(titles):
        tick("breadth", 1 + number, len(titles))
        if number:
            scene, _ = apply_changes(scene, one.steps[number - 1].changes, is_known=True)
        if scene is baseline.met.scene:
            met, after = baseline.met, as_read(baseline.read)
        elif place == len(scenarios) - 1 and number == len(one.steps):
            met, after = whole
        else:
            met = meet_again(met, scene)
            after = read_again(baseline.calibrated, baseline.read, met.day, is_ranked=False)
        rows, _ = _effects(one.id, baseline, met.day, after, with_firms=False)
        rows = rows[rows["by"] == ""]
        parts.append(rows.assign(step=number, en=title["en"], ja=title.get("ja", title["en"])))
    table = pd.concat(parts, ignore_index=True)
    return table[list(BREADTH_COLUMNS)]
