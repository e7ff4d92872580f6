"""From arrays of values and limits to Estimates: one record a domain and option."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.columns import Columns
from analysis.estimate.domains import Setting
from analysis.estimate.limits import Counts, Limits
from analysis.estimate.record import Estimate

__all__ = ["FEW", "FEWEST", "estimates_of"]

FEW, FEWEST = 30, 10
"""Bases under which counts replace percents, and under which nothing is printed (method, section 2)."""

_NAN = float("nan")


def estimates_of(
    setting: Setting,
    question: str,
    codes: Sequence[str],
    stat: str,
    rule: str,
    columns: Columns,
    counts: Counts,
    limits: Limits,
    leak: NDArray[np.bool_] | None = None,
) -> tuple[Estimate, ...]:
    """Records of k = domains x codes columns, all codes of the first domain first.

    `flag` joins with `;`, in this order: `census`, `fixed by design`, `leak`, `low base` (n under
    10) or `counts only` (n under 30), `indicative` (effective n under 30), `if silence were random`,
    `silent omitted`, `no df`, `empty`.

    Parameters
    ----------
    leak : NDArray[np.bool_] or None
        Shape (k,): whether firms not routed to the question are counted.
    """
    many = len(codes)
    k = len(columns.value)
    never = np.zeros(k, dtype=bool)
    n = counts.n
    marks = limits.marks
    census = marks.get("census", never)
    words = {
        "census": census,
        "fixed by design": marks.get("fixed by design", never),
        "leak": never if leak is None else leak,
        "low base": (n > 0) & (n < FEWEST),
        "counts only": (n >= FEWEST) & (n < FEW),
        "indicative": ~census & (limits.n_eff < FEW),
        **{w: marks.get(w, never) for w in ("if silence were random", "silent omitted", "no df")},
        "empty": n == 0,
    }
    flags = np.full(k, "", dtype=object)
    for word, applies in words.items():
        flags = np.where(applies, np.where(flags == "", word, flags + ";" + word), flags)
    lists = zip(
        *(
            a.tolist()
            for a in (
                n, columns.base, columns.value, limits.se, limits.low, limits.high, limits.df,
                limits.method, flags, limits.deff, limits.n_eff,
            )
        ),
        strict=True,
    )  # fmt: skip
    wave, level, domains = setting.wave.name, setting.level, setting.domains
    return tuple(
        Estimate(
            question, codes[j % many], domains[j // many].by, domains[j // many].group, stat, rule,
            int(count), base, value, se, low, high, df, method, flag, wave, level, deff, n_eff, _NAN, "",
        )
        for j, (count, base, value, se, low, high, df, method, flag, deff, n_eff) in enumerate(lists)
    )  # fmt: skip
