"""Estimates of several completed data sets made into one: Rubin's rules for multiple imputation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from analysis.estimate.intervals import clopper_pearson, korn_graubard, student_limits
from analysis.estimate.record import Estimate
from survey import QuestionFault, Wave, nearest

__all__ = ["combine", "imputed_waves"]

_SHARES = ("korn-graubard", "korn-graubard truncated", "hypergeometric", "clopper-pearson", "bounds")
_MANY = 1e9
_STATS = ("share", "mean", "total", "ratio", "quantile", "regression", "predicted", "margin", "wald")
_ALWAYS = ("question", "option", "by", "group", "stat", "base_rule", "wave", "level")


def combine(tables: Sequence[Sequence[Estimate]]) -> tuple[Estimate, ...]:
    """One table from m tables of the same rows, each made from one completed data set.

    Estimate: the mean. Variance: T = U + (1 + 1/m) B, U the mean of the variances, B the variance of
    the estimates (Rubin 1987). Degrees of freedom: Barnard and Rubin (1999) with the smallest of the
    design's; infinite where B is zero and they are. Intervals: t; of shares Korn-Graubard on the
    effective n that T leaves. A row that no imputation changes stays as it is; `p` is made anew for
    regression and margins; Wald tests of several coefficients cannot be combined row by row and are
    left out (`pooled_tests` makes them). n and base are means (n rounded) where they differ.

    Raises
    ------
    QuestionFault
        Fewer than two tables, tables whose rows are not the same, or crosstabs and differences, whose
        tests and limits have no such rule.
    """
    if len(tables) < 2:
        raise QuestionFault(
            "imputations", f"{len(tables)}", "at least two completed data sets", "give more of them"
        )
    others = sorted({e.stat for e in tables[0]} - set(_STATS))
    if others:
        raise QuestionFault(
            f"imputations of a {others[0]}",
            f"{len(tables)} tables of a statistic that Rubin's rules are not about",
            f"one of {', '.join(_STATS[:-1])}",
            "for differences between groups ask for a regression on the groups, with margins",
        )
    keys = [[tuple(getattr(e, name) for name in _ALWAYS) for e in table] for table in tables]
    for i, other in enumerate(keys[1:], start=2):
        if other != keys[0]:
            away = sorted({k[:4] for k in set(keys[0]) ^ set(other)})[:3]
            raise QuestionFault(
                f"imputation {i}",
                f"other rows than the first: {away}" if away else "rows in another order",
                "the same questions, options and groups in each",
                "a level that occurs in some imputations only: merge it with another in the codebook",
            )
    rows = zip(*tables, strict=True)
    return tuple(_combined(row) for row in rows if row[0].stat != "wald")


def imputed_waves(wave: Wave, columns: Mapping[str, Sequence[str]]) -> tuple[Wave, ...]:
    """One wave for each imputation: the columns of a question filled from those that were imputed.

    Parameters
    ----------
    columns : mapping
        Column of a question to the columns (names or patterns such as `sales_imp*`) that hold its
        imputed values, in order; each question the same number of them.

    Raises
    ------
    QuestionFault
        A column that does not exist, a pattern that fits none, or numbers that differ.
    """
    known = [str(c) for c in wave.frame.columns]
    found: dict[str, list[str]] = {}
    for target, wanted in columns.items():
        if target not in known:
            raise QuestionFault(
                f"imputed {target!r}", "no such column", "a column of the file", nearest(target, known)
            )
        names: list[str] = []
        for word in (wanted,) if isinstance(wanted, str) else wanted:
            fits = [word] if word in known else [c for c in known if fnmatchcase(c, word)]
            if not fits:
                raise QuestionFault(
                    f"imputed {target!r}",
                    f"no column fits {word!r}",
                    "columns of imputed values",
                    nearest(word.rstrip("*"), known),
                )
            names += [c for c in fits if c != target and c not in names]
        found[target] = names
    sizes = {target: len(names) for target, names in found.items()}
    if len(set(sizes.values())) != 1 or min(sizes.values(), default=0) < 2:
        raise QuestionFault(
            "imputations",
            ", ".join(f"{many} of {target}" for target, many in sizes.items()) or "none",
            "the same number for each, at least two",
            "name them all, such as sales=sales_imp*",
        )
    return tuple(
        replace(wave, frame=wave.frame.assign(**{t: wave.frame[names[m]] for t, names in found.items()}))
        for m in range(next(iter(sizes.values())))
    )


def _combined(rows: Sequence[Estimate]) -> Estimate:
    """One row of m."""
    first, m = rows[0], len(rows)
    values = np.array([e.estimate for e in rows])
    inside = np.array([e.se for e in rows]) ** 2
    flags = dict.fromkeys(word for e in rows for word in e.flag.split(";") if word)
    made = replace(
        first,
        n=round(np.mean([e.n for e in rows])),
        base=float(np.mean([e.base for e in rows])),
        flag=";".join(flags),
    )
    between = float(values.var(ddof=1))
    if between == 0 and len({(e.se, e.low, e.high) for e in rows}) == 1:
        return made
    value, within = float(values.mean()), float(inside.mean())
    variance = within + (1 + 1 / m) * between
    df = _degrees(m, between, variance, min(e.df for e in rows))
    low, high, method = _limits(made, value, variance, df)
    se = float(np.sqrt(variance))
    p = first.p
    if first.stat in ("regression", "margin"):
        p = float(2 * stdtr(min(df, _MANY), -abs(value) / se)) if se > 0 and df >= 1 else float("nan")
    n_eff = value * (1 - value) / variance if method == "korn-graubard" and variance > 0 else float("nan")
    deff = (made.n - 1) / n_eff if n_eff == n_eff and made.n > 1 else float("nan")
    return replace(
        made, estimate=value, se=se, low=low, high=high, df=df, method=f"rubin {method}", p=p,
        deff=deff, n_eff=n_eff,
    )  # fmt: skip


def _degrees(m: int, between: float, variance: float, complete: float) -> float:
    """Barnard and Rubin (1999), as `mice::pool`; `complete` are those without missing answers."""
    missing = (1 + 1 / m) * between / variance if variance > 0 else 0.0
    if missing == 0:
        return complete
    old = (m - 1) / missing**2
    if not np.isfinite(complete):
        return old if complete == complete else float("nan")
    observed = (complete + 1) / (complete + 3) * complete * (1 - missing)
    return old * observed / (old + observed) if old + observed > 0 else 0.0


def _limits(row: Estimate, value: float, variance: float, df: float) -> tuple[float, float, str]:
    """Limits and their name."""
    one: NDArray[np.float64] = np.array([value])
    degrees = np.array([min(df, _MANY)])
    if row.method in _SHARES and row.stat in ("share", "mean"):
        n = np.array([float(row.n)])
        if row.method.endswith("truncated") and row.n:
            variance = max(variance, value * (1 - value) / row.n)
        if 0 < value < 1 and variance > 0:
            low, high = korn_graubard(one, np.array([variance]), n, degrees, row.level)
            name = "korn-graubard"
        else:
            low, high = clopper_pearson(one * n, n, row.level)
            name = "clopper-pearson"
    else:
        low, high = student_limits(one, np.sqrt(np.array([variance])), degrees, row.level)
        name = "t"
    return float(low[0]), float(high[0]), name
