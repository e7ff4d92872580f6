"""What would take a firm out of the top tier: the smallest change of its named inputs."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.channels import STATS
from analysis.pressure.day import Day
from analysis.pressure.freeing import cases_at_stake, stakes_at
from analysis.pressure.reading import Calibrated, Reading
from analysis.pressure.record import LEAVING_COLUMNS
from analysis.pressure.ways import (
    Ground,
    ground_of,
    joint_ways,
    single_ways,
    substituted_ways,
    suspended_ways,
)

__all__ = ["MOST_FIRMS", "leaving_rows"]

MOST_FIRMS = 200
"""Firms of the top tier looked at, the highest first."""

MOST_ORDERED = 1_000
"""Firms with a tier up to which rules are suspended for everybody too: it takes the whole order anew."""

_KINDS = ("substitutability", "flow", "party", "licence", "suspension")
_TEXT = ("firm", "kind", "input", "channel", "party", "unit", "stat", "method", "flag")
_WHOLE = ("way", "step", "n", "tier_before", "tier_after", "fewest")


def leaving_rows(calibrated: Calibrated, now: Day, read: Reading) -> pd.DataFrame:
    """For each firm of the top tier the smallest change that takes it out, and that of each other kind.

    Every flow and every party that a rule touches, every rule that asks or punishes, is freed one at a time,
    and the substitutability of each party's flows is raised in hundredths: each case is measured by the rules
    of the day on the firm's own draws with the coefficients as trained, and its tier found among all firms.
    Where no single change does, parties are freed together, the largest stakes first. The smallest is the one
    that touches the least part of the firm's own sales, inputs or other channel.

    Parameters
    ----------
    calibrated : Calibrated
    now : Day
    read : Reading
        Of the same day, with its order.

    Returns
    -------
    pandas.DataFrame
        `LEAVING_COLUMNS`, in the order of ids. Where all firms stand in one tier, or none has one, a single
        row without a firm whose flag says so.
    """
    tier = read.ranked.full.tier
    if not (tier > 1).any():
        why = "all firms stand in one tier" if (tier == 1).any() else "no firm has a tier"
        return _laid_out(pd.DataFrame({"firm": [""], "flag": [why]}))
    ground = ground_of(calibrated, read)
    top = np.flatnonzero(tier == 1)
    height = ground.field.theta[ground.place[top]]
    looked = np.sort(top[np.argsort(-height, kind="stable")][:MOST_FIRMS])
    found = _ways_out(ground, now, looked)
    names = np.array(read.firms, dtype=object)
    without = top[~np.isin(names[top], found["firm"].to_numpy(dtype=object))]
    none = pd.DataFrame({"firm": names[without]})
    none["flag"] = np.where(
        np.isin(without, looked),
        "no change of its named inputs does",
        f"not looked at: more than {MOST_FIRMS} firms stand in the top tier",
    )
    rows = pd.concat([found, none], ignore_index=True)
    at = ground.at(rows["firm"])
    rows = rows.assign(
        squeeze_before=read.measured.point[STATS.index("squeeze")][at],
        p_before=read.risk.p[at],
        tier_before=1,
        n=len(ground.field.theta),
        level=calibrated.settings.level,
        _at=at,
    )
    return _laid_out(rows.sort_values(["_at", "way", "step"], kind="stable"))


def _ways_out(ground: Ground, now: Day, looked: NDArray[np.int64]) -> pd.DataFrame:
    """Ways out of some firms, numbered by size: the smallest of each kind, or several changes together."""
    read, settings = ground.read, ground.calibrated.settings
    case = cases_at_stake(now, read, looked, settings, squeeze_only=ground.squeeze_only)
    stakes = stakes_at(case)
    singles = single_ways(ground, case)
    parts = [singles, substituted_ways(ground, case, stakes)]
    if len(ground.field.theta) <= MOST_ORDERED and len(singles):
        is_felt = (singles["kind"] == "licence") & (singles["estimate"] != 0.0)
        ordered = np.flatnonzero(ground.place >= 0)
        everybody = cases_at_stake(now, read, ordered, settings, squeeze_only=ground.squeeze_only)
        rules = sorted(singles.loc[is_felt, "input"].unique())
        parts.append(suspended_ways(ground, case, everybody, rules))
    every = pd.concat([part for part in parts if len(part)] or [_nothing()], ignore_index=True)
    out = every[every["tier_after"] > 1]
    out = out.assign(_kind=out["kind"].map({kind: i for i, kind in enumerate(_KINDS)}))
    out = out.sort_values(["firm", "size", "_kind", "input"], kind="stable")
    out = out.drop_duplicates(["firm", "kind"]).assign(step=1, fewest=1)
    rest = stakes[~stakes["firm"].isin(out["firm"])]
    rows = [part for part in (out, joint_ways(ground, case, rest)) if len(part)]
    made = pd.concat(rows or [_nothing()], ignore_index=True)
    made["way"] = (made["step"] == 1).groupby(made["firm"]).cumsum()
    return made.assign(flag="", stat="squeeze")


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=["firm", "kind", "input", "size", "step", "tier_after"])


def _laid_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `LEAVING_COLUMNS`, "" and missing where they say nothing."""
    made = rows.reindex(columns=list(LEAVING_COLUMNS))
    kinds = {name: "str" if name in _TEXT else "Int64" if name in _WHOLE else "float64" for name in made}
    made[list(_TEXT)] = made[list(_TEXT)].astype(object).where(made[list(_TEXT)].notna(), "")
    return made.astype(kinds).reset_index(drop=True)
