"""How far two groups of firms lie apart: score limits for shares, t for means, overlap of groups included."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr, stdtrit

from analysis.estimate.amounts import mean_rows
from analysis.estimate.bases import Amounts, Base, amounts_of, base_of
from analysis.estimate.breaks import break_of
from analysis.estimate.columns import ratio_columns
from analysis.estimate.design_arrays import DesignArrays
from analysis.estimate.differences import hybrid_limits, independent_limits, independent_p
from analysis.estimate.domains import Domain, Setting, settle
from analysis.estimate.record import Estimate
from analysis.estimate.replicates import replicate_variance
from analysis.estimate.shares import share_rows
from analysis.estimate.taylor import taylor_variance
from survey import Design, QuestionFault, Wave

__all__ = ["AGAINST", "difference"]

AGAINST = ("rest", "each")
"""Whom a group is compared with: all other firms that are in some group, or each other group."""

Floats = NDArray[np.float64]
_NAN, _NOISE, _SURE = float("nan"), 1e-6, 1e12


def difference(
    wave: Wave,
    design: Design,
    question: str | Sequence[str],
    by: str,
    *,
    against: str = "rest",
    base_rule: str = "answered",
    where: str = "",
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Differences of shares (means of numbers) between the groups of a question.

    Parameters
    ----------
    by : str
        Question whose answers form groups; nested breaks `a>b` too. Groups may overlap.
    against : str
        One of `AGAINST`.
    base_rule, where, level : str, str, float
        As in `analysis.share`.

    Returns
    -------
    tuple[Estimate, ...]
        `stat` is `difference`, `group` the code, or `a:b` for a minus b; `n` counts the firms of both;
        `p` is two-sided, of no difference, not adjusted for the number of comparisons. `method`:
        `independent score` (Miettinen and Nurminen 1985), `hybrid score` where the design or shared
        firms make the groups correlate (Newcombe 1998, Zou and Donner 2008), `t`, and under the target
        `firms` of a list `bounds` and `census`, without p.

    Raises
    ------
    QuestionFault, DesignFault
        As `analysis.share`; a word that is none of `AGAINST`.
    """
    if against not in AGAINST:
        raise QuestionFault("--against", repr(against), f"one of {', '.join(AGAINST)}", "say rest or each")
    setting = settle(wave, design, where=where, level=level)
    sides = _sides(setting, wave, by, against)
    found: list[Estimate] = []
    for name in (question,) if isinstance(question, str) else question:
        if wave.codebook.question(name).kind == "number":
            found += _of_means(setting, amounts_of(wave, name), sides)
        else:
            found += _of_shares(setting, base_of(wave, name, base_rule), sides)
    return tuple(found)


def _sides(setting: Setting, wave: Wave, by: str, against: str) -> list[tuple[Domain, Domain]]:
    """Pairs of domains; the first carries the word for `group`."""
    made = break_of(wave, by)
    whole = setting.domains[0]
    member = made.member & whole.member[:, None]
    some = member.any(axis=1)
    groups = [
        Domain(made.by, code, member[:, j], made.perhaps[:, j] & whole.perhaps, False)
        for j, code in enumerate(made.groups)
    ]
    if against == "rest":
        rests = [replace(g, member=some & ~g.member, perhaps=whole.perhaps & ~g.member) for g in groups]
        return list(zip(groups, rests, strict=True))
    return [
        (replace(groups[a], group=f"{groups[a].group}:{groups[b].group}"), groups[b])
        for a in range(len(groups))
        for b in range(a + 1, len(groups))
        if made.span[a] == made.span[b]
    ]


def _of_shares(setting: Setting, base: Base, sides: list[tuple[Domain, Domain]]) -> list[Estimate]:
    found: list[Estimate] = []
    members = setting.arrays.weight != 0
    for pair in sides:
        one, two = (list(share_rows(replace(setting, domains=(d,)), base)) for d in pair)
        inside = [((d.member & base.member & members)[:, None]).astype(float) for d in pair]
        tops = [base.ticks * side for side in inside]
        variance = _variance(tops, inside, setting.arrays)
        for j, (a, b) in enumerate(zip(one, two, strict=True)):
            found.append(_share_record(setting, a, b, float(variance[j])))
    return found


def _share_record(setting: Setting, a: Estimate, b: Estimate, variance: float) -> Estimate:
    level = setting.level
    shared = _shared(a, b, setting)
    gap = a.estimate - b.estimate
    if not min(a.n, b.n):
        return shared
    counted = {a.method, b.method} & {"census", "bounds"}
    if counted:
        low, high = (gap, gap) if a.method == b.method == "census" else (a.low - b.high, a.high - b.low)
        word = "census" if a.method == b.method == "census" else "bounds"
        return replace(shared, se=0.0 if word == "census" else shared.se, low=low, high=high, method=word)
    if all("fixed by design" in e.flag.split(";") for e in (a, b)):
        return replace(shared, se=0.0, low=gap, high=gap, method=a.method)
    na, nb = (_effective(e, level) for e in (a, b))
    if not (na > 0 and nb > 0):
        return replace(shared, flag=_join(shared.flag, "no df"))
    spread = 0.0 if _is_answered_at_random(setting) else a.se * b.se
    covariance = (a.se**2 + b.se**2 - variance) / 2 if spread > 0 else 0.0
    r = float(np.clip(covariance / spread, -1, 1)) if spread > 0 else 0.0
    r = r if abs(r) > _NOISE else 0.0
    if not spread > 0:
        variance = a.se**2 + b.se**2
    if r:
        limits = hybrid_limits(b.estimate, nb, a.estimate, na, r, level)
    else:
        limits = independent_limits(b.estimate * nb, nb, a.estimate * na, na, level)
    p = independent_p(b.estimate, nb, a.estimate, na, covariance if r else 0.0)
    return replace(
        shared, se=float(np.sqrt(max(variance, 0.0))), low=float(limits[0]), high=float(limits[1]),
        p=float(p), method="hybrid score" if r else "independent score",
    )  # fmt: skip


def _of_means(setting: Setting, amounts: Amounts, sides: list[tuple[Domain, Domain]]) -> list[Estimate]:
    found = []
    members = setting.arrays.weight != 0
    for pair in sides:
        a, b = (
            next(iter(mean_rows(replace(setting, domains=(d,)), replace(amounts, is_binary=False))))
            for d in pair
        )
        shared = _shared(a, b, setting)
        if not min(a.n, b.n):
            found.append(shared)
            continue
        inside = [((d.member & amounts.base.member & members)[:, None]).astype(float) for d in pair]
        tops = [amounts.values[:, None] * side for side in inside]
        is_drawn = _is_answered_at_random(setting)
        variance = a.se**2 + b.se**2 if is_drawn else float(_variance(tops, inside, setting.arrays)[0])
        se = float(np.sqrt(max(variance, 0.0)))
        if a.method == b.method == "census":
            gap = shared.estimate
            found.append(replace(shared, se=0.0, low=gap, high=gap, method="census"))
            continue
        if not shared.df >= 1 or not np.isfinite(se):
            found.append(replace(shared, se=se, flag=_join(shared.flag, "no df"), method="t"))
            continue
        half = float(stdtrit(shared.df, (1 + setting.level) / 2)) * se
        p = float(2 * stdtr(shared.df, -abs(shared.estimate) / se)) if se > 0 else _NAN
        low, high = shared.estimate - half, shared.estimate + half
        found.append(replace(shared, se=se, low=low, high=high, method="t", p=p))
    return found


def _variance(tops: list[Floats], bottoms: list[Floats], arrays: DesignArrays) -> Floats:
    """Shape (k,): design variance of k differences of ratios, shared units and firms included."""
    wide = [np.broadcast_to(bottom, top.shape).copy() for top, bottom in zip(tops, bottoms, strict=True)]
    one, two = (ratio_columns(top, bottom, arrays) for top, bottom in zip(tops, wide, strict=True))
    if arrays.replicates is None:
        return taylor_variance(one.scores - two.scores, arrays)
    many = arrays.replicates.weights.T
    with np.errstate(divide="ignore", invalid="ignore"):
        thetas = [(many @ top) / (many @ bottom) for top, bottom in zip(tops, wide, strict=True)]
    return replicate_variance(thetas[0] - thetas[1], one.value - two.value, arrays.replicates)


def _is_answered_at_random(setting: Setting) -> bool:
    """Whether those who answered are taken as random draws, group by group, from a list that is known."""
    arrays = setting.arrays
    is_listed = arrays.selection == "list" and arrays.is_simple and bool(np.isfinite(arrays.population))
    return arrays.target == "firms" and (arrays.is_complete or is_listed)


def _shared(a: Estimate, b: Estimate, setting: Setting) -> Estimate:
    """What every difference says of its two sides; limits and p left out."""
    flags = [w for w in dict.fromkeys([*a.flag.split(";"), *b.flag.split(";")]) if w and w != "census"]
    if "census" in a.flag and "census" in b.flag:
        flags.insert(0, "census")
    return replace(
        a, stat="difference", n=a.n + b.n, base=a.base + b.base, estimate=a.estimate - b.estimate,
        se=float(np.hypot(a.se, b.se)), low=_NAN, high=_NAN, df=min(a.df, b.df), method="",
        flag=";".join(flags), deff=_NAN, n_eff=_NAN, p=_NAN,
    )  # fmt: skip


def _effective(e: Estimate, level: float) -> float:
    """Effective firms of a share, shrunk by (z/t)^2; never above n where its variance is a guess.

    Of a share that the design fixes as many as make it certain.
    """
    if not e.df >= 1:
        return _NAN
    if "fixed by design" in e.flag.split(";"):
        return _SURE
    n = min(e.n_eff, e.n) if e.method == "korn-graubard truncated" else e.n_eff
    return float(n * (ndtri((1 + level) / 2) / stdtrit(e.df, (1 + level) / 2)) ** 2)


def _join(flag: str, word: str) -> str:
    return flag if word in flag.split(";") else ";".join(filter(None, (flag, word)))
