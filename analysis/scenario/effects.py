"""What a scenario does to firms: differences on the same draws, with intervals, and moves between tiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.blocks import blocks_of, in_threads
from analysis.pressure.channels import STATS
from analysis.pressure.choice import Abstained
from analysis.pressure.drawn_over import paired_words, sources_at_work
from analysis.pressure.reading import Calibrated, Reading
from analysis.pressure.rereading import Reread
from analysis.scenario.amounts import AMOUNTS, Amounts
from analysis.scenario.record import EFFECTS_COLUMNS, MOVES_COLUMNS

__all__ = ["Paired", "effects_of", "moves_of", "paired_stats"]

Floats = NDArray[np.float64]

_MEANS = "mean over firms; "
_NEAR = 1e-12
_BLOCK, _FIRMS = 64, 128
"""Draws, and firms, worked on at once: few enough to stay in the processor's own memory."""
_SUMS = "sum over flows; paired draws over whether links exist"


@dataclass(frozen=True, slots=True)
class Paired:
    """A stat of n firms before and after, on the same draws.

    Attributes
    ----------
    stat : str
    before, after : shape (n,)
    at : shape (m,)
        Firms of whom some draw differs; of all others no draw does.
    draws : shape (draws, m)
        Difference in each draw, those of one firm side by side.
    method : str
        Which sources of doubt these went over.
    """

    stat: str
    before: Floats
    after: Floats
    at: NDArray[np.int64]
    draws: Floats
    method: str


def paired_stats(before: Reading, after: Reread, calibrated: Calibrated) -> tuple[Paired, ...]:
    """us, cn, squeeze and p_choose of the same n firms, each draw with the same links and coefficients."""
    over = sources_at_work(before, after)
    terms = () if isinstance(calibrated.model, Abstained) else calibrated.model.terms

    def of(stat: str) -> Paired:
        if stat == "p_choose":
            ends, drawn = (before.risk.p, after.p), (before.risk.draws, after.logits)
            return _paired(stat, ends, after.at, drawn, paired_words(over, terms), as_chance=True)
        place = STATS.index(stat)
        ends = before.measured.point[place], after.point[place]
        drawn = before.draws[place], after.draws[place]
        return _paired(stat, ends, after.at, drawn, paired_words(over[stat]))

    return tuple(in_threads(of, [*STATS, "p_choose"]))


def _paired(
    stat: str,
    ends: tuple[Floats, Floats],
    at: NDArray[np.int64],
    drawn: tuple[Floats, Floats],
    method: str,
    *,
    as_chance: bool = False,
) -> Paired:
    """Only firms that have the stat and of whom some draw differs; draws are of all n, and of those `at`."""
    before, after = drawn
    place = np.flatnonzero(np.isfinite(ends[0][at]) & np.isfinite(ends[1][at]))
    blocks = blocks_of(len(after), _BLOCK)
    moved = np.zeros(len(at), dtype=bool)
    for block in blocks:  # most firms that differ at all do so in the first
        same = place[~moved[place]]
        moved[same] = (after[block][:, same] != before[block][:, at[same]]).any(axis=0)
    mine = np.flatnonzero(moved)
    made = np.empty((len(mine), len(after)))
    for block in blocks:
        some = [before[block][:, at[mine]], after[block][:, mine]]
        was, now = (expit(one) for one in some) if as_chance else some
        made[:, block] = (now - was).T
    return Paired(stat, *ends, at[mine], made.T, method)


def effects_of(
    scenario: str,
    calibrated: Calibrated,
    paired: Sequence[Paired],
    firms: tuple[str, ...],
    amounts: Amounts,
    groups: Mapping[str, NDArray[np.object_]],
    *,
    with_firms: bool = True,
) -> pd.DataFrame:
    """Differences of every stat, for all firms, groups of them and each firm.

    Each draw takes the same links as there and the same coefficients before and after (common random
    numbers), so that what they share cancels; the model is never trained again. The interval is that of the
    draws' difference, moved outwards where need be to hold the point. It does not hold doubt about the model
    itself, the rules of the scenario, or what firms would do.

    Parameters
    ----------
    scenario : str
    calibrated : Calibrated
    paired : sequence of Paired
        From `paired_stats`.
    firms : n ids
    amounts : Amounts
        In money.
    groups : mapping of str to shape (n,)
        Question to the code of each firm's answer, "" where it has none.
    with_firms : bool
        Whether each firm has rows too.

    Returns
    -------
    pandas.DataFrame
        `EFFECTS_COLUMNS`.
    """
    parts = _parts(firms, groups, with_firms)
    many = len(firms)
    rows: list[pd.DataFrame] = []
    for one in paired:
        stat, ends, draws = one.stat, (one.before, one.after), one.draws
        known = np.isfinite(ends[0]) & np.isfinite(ends[1])
        for by, names, member in parts:
            if by == "firm":
                table = _firm_rows(ends, draws, one.at, many, calibrated.settings.level)
                table["n"] = np.where(known, 1, 0)
                said = one.method
            else:
                table = _mean_rows(ends, draws, one.at, known, member, calibrated.settings.level)
                said = _MEANS + one.method
            rows.append(table.assign(by=by, group=names, stat=stat, method=said))
    codes = {by: (names, member) for by, names, member in parts if by != "firm"}
    for by, (names, member) in codes.items():
        rows += [
            table.assign(by=by, group=names, method=_SUMS)
            for table in amounts.rows(member, calibrated.settings.level)
        ]
    made = pd.concat(rows, ignore_index=True)
    made["scenario"], made["level"] = scenario, calibrated.settings.level
    empty = made["difference"].isna() & ~made["stat"].isin(AMOUNTS)
    made["flag"] = np.where(empty, "no firm has it", np.where(made["n"] < 5, "fewer than 5 firms", ""))
    made.loc[made["by"] == "firm", "flag"] = np.where(empty[made["by"] == "firm"], "no value", "")
    return made[list(EFFECTS_COLUMNS)]


def moves_of(scenario: str, before: Reading, after: Reread) -> pd.DataFrame:
    """How many firms go from which tier to which: `MOVES_COLUMNS`; firms without a tier are left out.

    Tiers are of all firms together, so that one may move that nothing touches.
    """
    was, now = before.ranked.full.tier, after.tier
    both = (was > 0) & (now > 0)
    pairs = pd.DataFrame({"tier_before": was[both], "tier_after": now[both]})
    counted = pairs.value_counts(sort=False).rename("firms").reset_index()
    counted = counted.sort_values(["tier_before", "tier_after"], kind="stable")
    return counted.assign(scenario=scenario)[list(MOVES_COLUMNS)].reset_index(drop=True)


def _parts(
    firms: tuple[str, ...], groups: Mapping[str, NDArray[np.object_]], with_firms: bool
) -> list[tuple[str, list[str], Floats]]:
    """Breaks, their groups and the firms in each: shape (groups, n) of 0 and 1."""
    parts: list[tuple[str, list[str], Floats]] = [("", [""], np.ones((1, len(firms))))]
    for question, codes in groups.items():
        names = sorted({str(code) for code in codes if code})
        member = np.array([codes == name for name in names], dtype=np.float64).reshape(len(names), len(firms))
        if names:
            parts.append((question, names, member))
    if with_firms:
        parts.append(("firm", list(firms), np.zeros((0, 0))))
    return parts


def _limits(point: Floats, draws: Floats, level: float) -> tuple[Floats, Floats]:
    """Quantiles over the first axis, moved outwards to hold the point."""
    if not len(draws) or not draws.shape[1]:
        return point, point
    low, high = np.quantile(draws, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    low, high = np.fmin(low, point), np.fmax(high, point)
    return np.where(point - low < _NEAR, point, low), np.where(high - point < _NEAR, point, high)


def _firm_rows(
    ends: tuple[Floats, Floats], draws: Floats, moved: NDArray[np.intp], many: int, level: float
) -> pd.DataFrame:
    difference = ends[1] - ends[0]
    low, high = difference.copy(), difference.copy()

    def put(some: slice) -> None:
        at = moved[some]
        low[at], high[at] = _limits(difference[at], draws[:, some], level)

    in_threads(put, blocks_of(len(moved), _FIRMS))
    return pd.DataFrame(
        {"before": ends[0], "after": ends[1], "difference": difference, "low": low, "high": high},
        index=range(many),
    )


def _mean_rows(
    ends: tuple[Floats, Floats],
    draws: Floats,
    moved: NDArray[np.intp],
    known: NDArray[np.bool_],
    member: Floats,
    level: float,
) -> pd.DataFrame:
    """Means over the firms of each group that have the stat before and after."""
    count = member @ known.astype(np.float64)
    size = np.where(count > 0, count, np.nan)
    was, now = (member @ np.where(known, end, 0.0) / size for end in ends)
    spread = (member[:, moved] @ draws.T).T / size
    low, high = _limits(now - was, spread, level)
    made = {"before": was, "after": now, "difference": now - was, "low": low, "high": high}
    return pd.DataFrame({**made, "n": count.astype(int)})
