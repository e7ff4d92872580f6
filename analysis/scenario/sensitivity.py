"""What hangs on each open parameter: one moved at a time to either end, and what that does to all firms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.across import ACROSS, figures_of
from analysis.pressure.atoms import Patterns, atom_values, patterns_of
from analysis.pressure.channels import STATS, Reach, channel_sums
from analysis.pressure.choice import ChoiceModel
from analysis.pressure.doubt import draw_indicators
from analysis.pressure.flowkeys import FlowKeys
from analysis.pressure.priors import Prior, standing_values
from analysis.pressure.ranks import rank_intervals
from analysis.pressure.reading import LEAST_ODDS, LEAST_SQUEEZE
from analysis.pressure.unsure import with_links_alone
from analysis.scenario.comparing import Baseline
from analysis.scenario.record import TORNADO_COLUMNS

__all__ = ["FLOORS", "RANGES", "tornado"]

Floats = NDArray[np.float64]

RANGES: Mapping[str, tuple[float, float]] = {
    "dormant": (0.0, 0.5),
    "notify": (0.1, 0.4),
    "licence": (0.25, 0.75),
    "prohibited": (0.75, 1.0),
}
"""Ends of parameters of which `[pressure.open]` says nothing."""

FLOORS = (0.5, 0.9)
"""Confidence below which links are left out."""

_SQUEEZE = STATS.index("squeeze")
_MEANS = "mean over firms; model as trained, all else as it stands; paired draws over link confidence"
_TOP = "firms in the top tier of the order made anew; a tier is made of all draws and has no interval"


@dataclass(frozen=True, slots=True)
class _Turn:
    """One parameter at one end, and the flows then."""

    parameter: str
    end: str
    setting: str
    standing: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class _State:
    """All firms with some flows: points (4, n) of us, cn, squeeze, p_choose; draws of each; who is on top."""

    points: Floats
    draws: tuple[Floats, ...]
    top: NDArray[np.bool_]


def tornado(baseline: Baseline) -> pd.DataFrame:
    """Each open parameter moved to its low and its high end, one at a time, all else as it stands.

    Parameters are the weight of dormant powers and the severity of each degree (to the ends of their prior in
    `[pressure.open]`, else `RANGES`), the confidence below which a link is left out, how us and cn are made
    of channels, and each rule in force on a date that the sources leave open (as if it were not).
    Coefficients stay as they were trained: a parameter moves where a firm stands on the curve, not the curve.

    Parameters
    ----------
    baseline : Baseline

    Returns
    -------
    pandas.DataFrame
        `TORNADO_COLUMNS`: for each parameter and end a row for us, cn, squeeze, p_choose (means over firms)
        and `top_tier` (firms in it).
    """
    drawn = _drawn(baseline, baseline.read.reach)
    before = _state(baseline, baseline.read.reach, drawn)
    rows: list[dict[str, object]] = []
    for turn in _turns(baseline):
        rows += _told(baseline, turn, before, _state(baseline, turn.reach, drawn))
    return pd.DataFrame(rows, columns=list(TORNADO_COLUMNS))


def _turns(baseline: Baseline) -> Iterator[_Turn]:
    reach, day, settings = baseline.read.reach, baseline.met.day, baseline.calibrated.settings
    firms = np.array(reach.firms, dtype=object)[reach.firm]
    keys = FlowKeys.of(firms, reach.flow)
    patterns = patterns_of(keys, day.contacts, day.collisions)
    at = FlowKeys.of(day.flows["firm"], day.flows["flow"]).find(firms, reach.flow)
    kept = 1.0 - np.nan_to_num(day.flows["substitutability"].to_numpy(dtype=np.float64)[at])
    standing = standing_values(settings.dormant)
    for name, value in standing.items():
        ends = _ends(settings.open.get(name), RANGES[name])
        for end, moved in zip(("low", "high"), ends, strict=True):
            if moved != value:
                weight = _weights(patterns, {**standing, name: moved}, kept)
                yield _Turn(name, end, f"{moved:g}", f"{value:g}", replace(reach, weight=weight))
    for end, floor in zip(("low", "high"), FLOORS, strict=True):
        weight = reach.weight * (reach.confidence >= floor)
        yield _Turn("confidence", end, f"{floor:g}", "0", replace(reach, weight=weight))
    other = next(word for word in ACROSS if word != settings.across)
    yield _Turn("across", "high", other, settings.across, replace(reach, across=other))
    now = baseline.met.scene.catalogue.on(baseline.day)
    is_open = (now["state"] == "in_force") & ((now["warning"] != "") | (now["confidence"] == "uncertain"))
    touching = {*day.contacts["instrument"], *day.collisions["duty"], *day.collisions["clause"]}
    for rule in sorted(set(now.loc[is_open, "instrument"]) & touching):
        met = day.collisions[~day.collisions[["duty", "clause"]].eq(rule).any(axis=1)]
        without = patterns_of(keys, day.contacts[day.contacts["instrument"] != rule], met)
        weight = _weights(without, standing, kept)
        yield _Turn(f"date {rule}", "low", "not in force", "in force", replace(reach, weight=weight))


def _ends(prior: Prior | None, usual: tuple[float, float]) -> tuple[float, float]:
    return usual if prior is None else (prior.low, prior.high)


def _weights(patterns: Patterns, values: Mapping[str, float], kept: Floats) -> Floats:
    """Weight of each flow for us, cn and squeeze under values of the parameters, shape (3, f)."""
    atoms = atom_values({name: np.array([value]) for name, value in values.items()}, values["dormant"])
    made = np.stack([patterns.weights(atoms, s)[patterns.at[s], 0] for s in range(len(STATS))])
    made[_SQUEEZE] *= kept
    return made


def _drawn(baseline: Baseline, reach: Reach) -> Floats:
    """us, cn and squeeze over link confidence alone, shape (3, draws, n)."""
    settings = baseline.calibrated.settings
    return draw_indicators(reach, settings.seed, settings.draws, with_links_alone(reach))


def _state(baseline: Baseline, reach: Reach, before: Floats) -> _State:
    """All firms with other flows: each draw moved by what the same links make of the difference."""
    read, settings, model = baseline.read, baseline.calibrated.settings, baseline.calibrated.model
    point, drawn = figures_of(reach, channel_sums(reach)), _drawn(baseline, reach)
    step = point - figures_of(read.reach, channel_sums(read.reach))
    eta, by_risk = read.risk.eta, read.risk.draws
    if read.ranked.target == "p_choose" and isinstance(model, ChoiceModel):
        at, slopes = [STATS.index(term) for term in model.terms], slice(1, 1 + len(model.terms))
        eta = eta + model.coefficients[slopes] @ step[at]
        by_risk = by_risk + np.einsum("dk,kdn->dn", model.draws[:, slopes], (drawn - before)[at])
        order = rank_intervals(eta, by_risk, settings.level, least=float(np.log(LEAST_ODDS)))
    else:
        known = read.ranked.full.tier > 0
        squeeze = np.where(known, read.measured.point[_SQUEEZE] + step[_SQUEEZE], np.nan)
        by = read.draws[_SQUEEZE] + (drawn - before)[_SQUEEZE]
        order = rank_intervals(squeeze, by, settings.level, least=LEAST_SQUEEZE)
    return _State(np.vstack([point, expit(eta)]), (*drawn, expit(by_risk)), order.tier == 1)


def _told(baseline: Baseline, turn: _Turn, before: _State, after: _State) -> list[dict[str, object]]:
    settings, firms = baseline.calibrated.settings, np.array(baseline.firms, dtype=object)
    is_declared = turn.parameter in settings.open
    base = {
        "parameter": turn.parameter,
        "end": turn.end,
        "setting": turn.setting,
        "standing": turn.standing,
        "declared": "study" if is_declared else "default",
        "level": settings.level,
        "entered": "",
        "left": "",
        "flag": "",
    }
    rows: list[dict[str, object]] = []
    for place, stat in enumerate((*STATS, "p_choose")):
        known = np.isfinite(before.points[place]) & np.isfinite(after.points[place])
        row = {**base, "stat": stat, "n": int(known.sum()), "method": _MEANS}
        if not known.any():
            rows.append({**row, "flag": "no firm has it"})
            continue
        was, now = (float(state.points[place, known].mean()) for state in (before, after))
        drawn = (after.draws[place][:, known] - before.draws[place][:, known]).mean(axis=1)
        low, high = np.quantile(drawn, [(1.0 - settings.level) / 2.0, (1.0 + settings.level) / 2.0])
        change = now - was
        ends = {"low": min(float(low), change), "high": max(float(high), change)}
        rows.append({**row, "before": was, "after": now, "difference": change, **ends})
    was, now = float(before.top.sum()), float(after.top.sum())
    flag = "" if was and now else "no firm has a tier"
    names = {
        "entered": ";".join(firms[after.top & ~before.top]),
        "left": ";".join(firms[before.top & ~after.top]),
    }
    ordered = int(np.isfinite(before.points[3 if np.isfinite(before.points[3]).any() else _SQUEEZE]).sum())
    row = {**base, **names, "stat": "top_tier", "n": ordered, "method": _TOP, "flag": flag}
    return [*rows, {**row, "before": was, "after": now, "difference": now - was}]
