"""Changes of means: paired among the firms of both waves, and between everybody who answered."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from analysis.estimate.amounts import mean_rows
from analysis.estimate.bases import Amounts, amounts_of
from analysis.estimate.columns import ratio_columns
from analysis.estimate.domains import Setting
from analysis.estimate.intervals import student_limits
from analysis.estimate.taylor import answered_variance
from analysis.waves.alignment import Aligned
from analysis.waves.meeting import Meeting
from analysis.waves.record import Change
from analysis.waves.rows import Changed, changes_of, detectable

__all__ = ["changes_of_means"]

Floats = NDArray[np.float64]
_NAN = float("nan")


def changes_of_means(meeting: Meeting, one: Aligned) -> tuple[Change, ...]:
    """Change of the mean of a number: first the panel's, then everybody's; limits by t.

    Degrees of freedom between waves after Satterthwaite (1946); for panels those of the later wave.
    """
    first = amounts_of(meeting.earlier.wave, one.earlier.id)
    second = amounts_of(meeting.later.wave, one.later.id)
    found = [] if meeting.rows is None else [_panel(meeting, first, second)]
    found.append(_everybody(meeting, first, second))
    return tuple(c for one_way in found for c in changes_of(meeting, one, "mean", "answered", one_way))


def _everybody(meeting: Meeting, first: Amounts, second: Amounts) -> Changed:
    level = meeting.later.level
    a, b = (mean_rows(s, x)[0] for s, x in ((meeting.earlier, first), (meeting.later, second)))
    is_census = "census" in a.flag.split(";") and "census" in b.flag.split(";")
    one, two = (_scores(s, x) for s, x in ((meeting.earlier, first), (meeting.later, second)))
    covariance = float(meeting.covariance(one, two)[0]) if a.se > 0 and b.se > 0 else 0.0
    variance = max(a.se**2 + b.se**2 - 2 * covariance, 0.0)
    whole = a.se**4 / a.df + b.se**4 / b.df if min(a.df, b.df) >= 1 else _NAN
    df = (a.se**2 + b.se**2) ** 2 / whole if whole > 0 else min(a.df, b.df)
    both = _NAN
    if meeting.rows is not None:
        both = float((first.base.member[meeting.rows[0]] & second.base.member[meeting.rows[1]]).sum())
    silent = any("if silence were random" in e.flag for e in (a, b))
    method = "census" if is_census else ("t, overlap not known" if meeting.rows is None else "t")
    if meeting.rows is None:
        variance = (a.se + b.se) ** 2  # the widest that any overlap can make it
    numbers = [
        np.array([v]) for v in (a.n, b.n, min(a.n, b.n), a.estimate, b.estimate, np.sqrt(variance), df)
    ]
    n1, n2, n, before, after, se, degrees = (v.astype(float) for v in numbers)
    leak = any("leak" in e.flag.split(";") for e in (a, b))
    return _changed(
        "all", n1, n2, both, n, before, after, se, degrees, method, is_census, silent, level, leak
    )


def _panel(meeting: Meeting, first: Amounts, second: Amounts) -> Changed:
    rows1, rows2 = meeting.rows if meeting.rows is not None else (np.zeros(0, int), np.zeros(0, int))
    arrays, level = meeting.later.arrays, meeting.later.level
    live = meeting.later.members()[:, 0][rows2] & meeting.earlier.members()[:, 0][rows1]
    both = first.base.member[rows1] & second.base.member[rows2] & live
    rows1, rows2 = rows1[both], rows2[both]
    m = float(len(rows2))
    was, now, inside = (np.zeros((len(arrays), 1)) for _ in range(3))
    was[rows2, 0], now[rows2, 0], inside[rows2] = first.values[rows1], second.values[rows2], 1.0
    columns = ratio_columns(now - was, inside, arrays)
    before, after = (ratio_columns(v, inside, arrays).value for v in (was, now))
    variance, df = columns.variance, arrays.df(inside > 0)
    response = m / arrays.population if arrays.target == "firms" and arrays.selection == "list" else _NAN
    is_listed = bool(np.isfinite(response) and (arrays.is_simple or arrays.is_complete))
    is_census = is_listed and response >= 1
    if is_listed:
        variance = answered_variance(columns.scores, np.array([m]), np.array([arrays.population]))
        df = np.array([m - 1])
    n, method = np.array([m]), "census" if is_census else "t"
    leak = bool((first.base.leak[rows1] | second.base.leak[rows2]).any())
    se = np.sqrt(variance)
    return _changed("panel", n, n, m, n, before, after, se, df, method, is_census, is_listed, level, leak)


def _changed(
    compared: str, n_earlier: Floats, n_later: Floats, both: float, n: Floats, before: Floats, after: Floats,
    se: Floats, df: Floats, method: str, is_census: bool, is_silent: bool, level: float, leak: bool,
) -> Changed:  # fmt: skip
    low, high = student_limits(after - before, se, df, level)
    never = np.full(1, _NAN)
    if is_census:
        low = high = after - before
        se = np.zeros(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stdtr(np.maximum(df, 1.0), -np.abs((after - before) / se))
    is_tested = not is_census and bool(df[0] >= 1) and bool(se[0] > 0)
    return Changed(
        compared, n_earlier, n_later, both, n, before, after, se, low, high, df,
        np.array([method], dtype=object), p if is_tested else never, never, never, never, never,
        detectable(se**2, level) if is_tested else never, np.array([is_census]),
        np.array([is_silent and not is_census]), leak,
    )  # fmt: skip


def _scores(setting: Setting, amounts: Amounts) -> Floats:
    """Shape (rows, 1): weighted linearised values of the mean of all firms."""
    inside = (setting.members()[:, :1] & amounts.base.member[:, None]).astype(float)
    return ratio_columns(inside * amounts.values[:, None], inside, setting.arrays).scores
