"""From arrays of values and limits to Estimates: one record a domain and option."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.columns import Columns
from analysis.estimate.domains import Setting
from analysis.estimate.limits import Counts, Limits
from analysis.estimate.record import Estimate, EstimateTable

__all__ = ["FEW", "FEWEST", "estimates_of", "flags_of"]

FEW, FEWEST = 30, 10
"""Bases under which counts replace percents, and under which nothing is printed (method, section 2)."""


def flags_of(
    n: NDArray[np.float64], limits: Limits, leak: NDArray[np.bool_] | None = None
) -> NDArray[np.object_]:
    """Words of k columns joined with `;`, in this order: `census`, `fixed by design`, `leak`, `low base`
    (n under 10) or `counts only` (n under 30), `indicative` (effective n under 30), `if silence were
    random`, `silent omitted`, `no limit` (a quantile's limit lies beyond the data), `no df`, `empty`.

    Parameters
    ----------
    leak : NDArray[np.bool_] or None
        Shape (k,): whether firms not routed to the question are counted.
    """
    never = np.zeros(len(n), dtype=bool)
    marks = limits.marks
    census = marks.get("census", never)
    words = {
        "census": census,
        "fixed by design": marks.get("fixed by design", never),
        "leak": never if leak is None else leak,
        "low base": (n > 0) & (n < FEWEST),
        "counts only": (n >= FEWEST) & (n < FEW),
        "indicative": ~census & (limits.n_eff < FEW),
        **{w: marks.get(w, never) for w in ("if silence were random", "silent omitted", "no limit", "no df")},
        "empty": n == 0,
    }
    flags = np.full(len(n), "", dtype=object)
    for word, applies in words.items():
        said = flags[applies]
        flags[applies] = np.where(said == "", word, said + (";" + word))
    return flags


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

    Parameters
    ----------
    leak : NDArray[np.bool_] or None
        Shape (k,): whether firms not routed to the question are counted.
    """
    many, k = len(codes), len(columns.value)
    domains = setting.domains

    def all_of(value: object) -> NDArray[np.object_]:
        return np.full(k, value, dtype=object)

    def of_domains(values: list[str]) -> NDArray[np.object_]:
        return np.repeat(np.array(values, dtype=object), many)

    table = EstimateTable(
        {
            "question": all_of(question),
            "option": np.tile(np.array(codes, dtype=object), len(domains)),
            "by": of_domains([d.by for d in domains]),
            "group": of_domains([d.group for d in domains]),
            "stat": all_of(stat),
            "base_rule": all_of(rule),
            "n": counts.n.astype(np.int64),
            "base": columns.base,
            "estimate": columns.value,
            "se": limits.se,
            "low": limits.low,
            "high": limits.high,
            "df": limits.df,
            "method": limits.method,
            "flag": flags_of(counts.n, limits, leak),
            "wave": all_of(setting.wave.name),
            "level": np.full(k, setting.level),
            "deff": limits.deff,
            "n_eff": limits.n_eff,
            "p": np.full(k, np.nan),
            "letters": all_of(""),
        }
    )
    return tuple(table)
