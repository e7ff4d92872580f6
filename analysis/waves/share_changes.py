"""Changes of shares: paired among the firms of both waves, and between everybody who answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from analysis.estimate.bases import Base, base_of
from analysis.estimate.columns import Columns, ratio_columns
from analysis.estimate.differences import (
    hybrid_limits,
    independent_limits,
    independent_p,
    paired_limits,
    paired_p,
)
from analysis.estimate.domains import Setting
from analysis.estimate.limits import NEAR_CENSUS, first_stage_left
from analysis.estimate.record import Estimate
from analysis.estimate.shares import share_rows
from analysis.waves.alignment import Aligned
from analysis.waves.meeting import Meeting
from analysis.waves.record import Change
from analysis.waves.rows import Changed, changes_of, detectable

__all__ = ["changes_of_shares"]

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
_NAN = float("nan")
_THIN, _SURE = 10, 1e12


@dataclass(frozen=True, slots=True)
class _Side:
    """One wave: its base, its shares with their limits, their scores, and the bounds of silence."""

    base: Base
    shares: Sequence[Estimate]
    columns: Columns
    free: tuple[Floats, Floats]

    def numbers(self, name: str) -> Floats:
        """Shape (k,): one field of the shares."""
        return np.array([getattr(e, name) for e in self.shares], dtype=float)

    def has(self, word: str) -> Booleans:
        """Shape (k,): whether the flag holds a word."""
        return np.array([word in e.flag.split(";") for e in self.shares], dtype=np.bool_)

    def is_made_by(self, *methods: str) -> Booleans:
        """Shape (k,): whether the limits were made in one of these ways."""
        return np.array([e.method in methods for e in self.shares], dtype=np.bool_)

    def effective(self, level: float) -> Floats:
        """Shape (k,): effective firms, shrunk by (z/t)^2; never above n where the variance is a guess."""
        n, found = self.numbers("n"), self.numbers("n_eff")
        found = np.where(self.is_made_by("korn-graubard truncated"), np.minimum(found, n), found)
        found = found * _student(self.numbers("df"), level)
        return np.where(n > 0, np.where(self.has("fixed by design"), _SURE, found), _NAN)


def changes_of_shares(meeting: Meeting, one: Aligned, rule: str) -> tuple[Change, ...]:
    """Changes of all options of a question; for each first the panel's, then everybody's.

    Shares of the panel get paired score limits, all shares limits of independent or partly
    overlapping samples, on effective firms. Where the whole list is the target and less than 95
    percent of it answered, the limits are the bounds of silence. Fewer than ten firms that changed:
    the variance is at least that of a simple draw, as in `share_limits`.
    """
    first = _side(meeting.earlier, one.earlier.id, one.codes, rule)
    second = _side(meeting.later, one.later.id, one.codes, rule)
    everybody = changes_of(meeting, one, "share", rule, _everybody(meeting, first, second))
    if meeting.rows is None:
        return everybody
    panel = changes_of(meeting, one, "share", rule, _panel(meeting, first, second))
    return tuple(change for pair in zip(panel, everybody, strict=True) for change in pair)


def _side(setting: Setting, question: str, codes: tuple[str, ...], rule: str) -> _Side:
    base = base_of(setting.wave, question, rule)
    places = [base.codes.index(code) for code in codes if code in base.codes]
    base = replace(base, codes=tuple(base.codes[j] for j in places), ticks=base.ticks[:, places])
    members = (setting.members()[:, :1] & base.member[:, None]).astype(float)
    tops = base.ticks.astype(float) * members
    columns = ratio_columns(tops, np.broadcast_to(members, tops.shape).copy(), setting.arrays)
    weight = setting.arrays.weight
    concerned = weight @ ((base.perhaps | base.member) & setting.members()[:, 0])
    if setting.arrays.selection == "list" and np.isfinite(setting.arrays.population):
        concerned += max(setting.arrays.population - len(setting.arrays), 0.0) * weight.mean()
    ticked, answered = weight @ tops, float(weight @ members[:, 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        free = ticked / concerned, (ticked + concerned - answered) / concerned
    return _Side(base, share_rows(setting, base), columns, free)


def _everybody(meeting: Meeting, first: _Side, second: _Side) -> Changed:
    """Change between all who answered in either wave."""
    level = meeting.later.level
    before, after = first.numbers("estimate"), second.numbers("estimate")
    n1, n2 = first.effective(level), second.effective(level)
    v1, v2 = first.numbers("se") ** 2, second.numbers("se") ** 2
    is_census = first.has("census") & second.has("census")
    is_counted = first.is_made_by("census", "bounds") | second.is_made_by("census", "bounds")
    is_tested = ~is_counted & (first.numbers("n") > 0) & (second.numbers("n") > 0)
    both = _NAN
    if meeting.rows is not None:
        both = float((first.base.member[meeting.rows[0]] & second.base.member[meeting.rows[1]]).sum())
    covariance = meeting.covariance(first.columns.scores, second.columns.scores)
    is_shared = both > 1 or not meeting.later.arrays.stages[0].is_rows  # firms, or groups, of both waves
    covariance = np.where(is_tested & is_shared, covariance, 0.0)
    narrow = np.full(len(before), _NAN), np.full(len(before), _NAN)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.clip(np.where(v1 * v2 > 0, covariance / np.sqrt(v1 * v2), 0.0), -1.0, 1.0)
        p = independent_p(before, n1, after, n2, covariance)
        if meeting.rows is None:
            (low, high), narrow = _any_overlap(first, second, n1, n2, level)
            method, p = np.full(len(before), "any overlap", dtype=object), np.full(len(before), _NAN)
        else:
            apart = independent_limits(before * n1, n1, after * n2, n2, level)
            joint = hybrid_limits(before, n1, after, n2, r, level)
            low, high = (np.where(r != 0, j, a) for j, a in zip(joint, apart, strict=True))
            method = np.where(r != 0, "hybrid score", "independent score").astype(object)
        pooled = (before * n1 + after * n2) / (n1 + n2)
        pooled = np.clip(pooled, 0.5 / (n1 + n2), 1 - 0.5 / (n1 + n2))
        null = pooled * (1 - pooled) * (1 / n1 + 1 / n2) - 2 * covariance
    low = np.where(is_counted, second.numbers("low") - first.numbers("high"), low)
    high = np.where(is_counted, second.numbers("high") - first.numbers("low"), high)
    free = second.free[0] - first.free[1], second.free[1] - first.free[0]
    if meeting.later.arrays.target == "firms" and meeting.later.arrays.selection == "list":
        low = np.where(is_tested, np.maximum(low, np.minimum(free[0], after - before)), low)
        high = np.where(is_tested, np.minimum(high, np.maximum(free[1], after - before)), high)
    method = np.where(is_census, "census", np.where(is_counted, "bounds", method))
    shown = [np.where(is_tested, v, _NAN) for v in (p, *narrow, detectable(null, level))]
    return Changed(
        "all", first.numbers("n"), second.numbers("n"), both,
        np.minimum(first.numbers("n"), second.numbers("n")), before, after,
        np.sqrt(np.maximum(v1 + v2 - 2 * covariance, 0.0)), low, high,
        np.minimum(first.numbers("df"), second.numbers("df")), method, shown[0], shown[1], shown[2],
        free[0], free[1], shown[3], is_census,
        is_tested & (first.has("if silence were random") | second.has("if silence were random")),
        bool(first.has("leak").any() or second.has("leak").any()),
    )  # fmt: skip


def _panel(meeting: Meeting, first: _Side, second: _Side) -> Changed:
    """Change among the firms that answered in both waves, under the design of the later."""
    rows1, rows2 = meeting.rows if meeting.rows is not None else (np.zeros(0, int), np.zeros(0, int))
    arrays, level = meeting.later.arrays, meeting.later.level
    live = meeting.later.members()[:, 0][rows2] & meeting.earlier.members()[:, 0][rows1]
    both = first.base.member[rows1] & second.base.member[rows2] & live
    rows1, rows2 = rows1[both], rows2[both]
    k, m = len(first.base.codes), float(len(rows2))
    was, now, inside = (np.zeros((len(arrays), k)) for _ in range(3))
    was[rows2], now[rows2], inside[rows2] = first.base.ticks[rows1], second.base.ticks[rows2], 1.0
    columns = ratio_columns(now - was, inside, arrays)
    weight = arrays.weight[rows2]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = [weight @ v[rows2] / weight.sum() for v in (was, now, now * (1 - was), was * (1 - now))]
    before, after, gained, lost = shares
    spread = gained + lost - (gained - lost) ** 2
    variance, left = columns.variance, first_stage_left(arrays)
    df = np.full(k, float(arrays.df(inside[:, :1] > 0)[0]) if k else 0.0)
    response = m / arrays.population if arrays.target == "firms" and arrays.selection == "list" else _NAN
    is_listed = bool(np.isfinite(response) and (arrays.is_simple or arrays.is_complete))
    if is_listed:
        left = max(1 - response, 0.0)
        variance, df = left * spread / max(m - 1, 1.0), np.full(k, m - 1)
    is_census = np.full(k, is_listed and response >= 1)
    is_bounds = np.full(k, is_listed and response < NEAR_CENSUS)
    moved = (now != was).sum(axis=0)
    doubt = np.maximum(variance, np.where(moved < _THIN, left * spread / max(m - 1, 1.0), 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        n = np.where(doubt > 0, spread / doubt, m) * _student(df, level)
        low, high = paired_limits(gained * n, lost * n, n, level)
        p = paired_p(gained * n, lost * n)
        smallest = detectable(np.maximum(gained + lost, 1 / max(m, 1.0)) / n, level)
    never, compared = np.full(k, _NAN), np.full(k, m)
    bound = (never, never)
    if is_listed:  # bounds of the change among all of the list
        bound = second.free[0] - first.free[1], second.free[1] - first.free[0]
        ends = np.minimum(bound[0], after - before), np.maximum(bound[1], after - before)
        low = np.where(is_bounds, ends[0], np.maximum(low, ends[0]))
        high = np.where(is_bounds, ends[1], np.minimum(high, ends[1]))
    low, high = (np.where(is_census, after - before, limit) for limit in (low, high))
    method = np.where(is_census, "census", np.where(is_bounds, "bounds", "paired score")).astype(object)
    is_tested = ~(is_census | is_bounds) & (m > 0)
    return Changed(
        "panel", compared, compared, m, compared, before, after, np.sqrt(np.where(is_census, 0.0, variance)),
        low, high, df, method, np.where(is_tested, p, _NAN), never, never, bound[0], bound[1],
        np.where(is_tested, smallest, _NAN), is_census, is_tested & is_listed,
        bool((first.base.leak[rows1] | second.base.leak[rows2]).any()),
    )  # fmt: skip


def _any_overlap(
    first: _Side, second: _Side, n1: Floats, n2: Floats, level: float
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Widest and narrowest limits over every overlap, and every way the firms of both may have answered.

    With m firms in both, drawn at random, the estimates correlate by m/sqrt(n1 n2) times the
    correlation of the two answers, which lies between its Frechet bounds; m is at most the smaller n.
    """
    p1, p2 = first.numbers("estimate"), second.numbers("estimate")
    one, two = first.numbers("n"), second.numbers("n")
    root = np.sqrt(p1 * (1 - p1) * p2 * (1 - p2))
    scale = np.sqrt(np.minimum(one, two) / np.maximum(one, two))
    least = np.nan_to_num(scale * (np.maximum(0.0, p1 + p2 - 1) - p1 * p2) / root)
    most = np.nan_to_num(scale * (np.minimum(p1, p2) - p1 * p2) / root)
    wide = hybrid_limits(p1, n1, p2, n2, np.clip(least, -1.0, 0.0), level)
    narrow = hybrid_limits(p1, n1, p2, n2, np.clip(most, 0.0, 1.0), level)
    return wide, narrow


def _student(df: Floats, level: float) -> Floats:
    """(z/t)^2, by which few degrees of freedom shrink an effective number of firms; nan without any."""
    z = float(ndtri((1 + level) / 2))
    return np.where(df >= 1, (z / stdtrit(np.maximum(df, 1.0), (1 + level) / 2)) ** 2, _NAN)
