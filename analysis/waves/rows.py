"""From arrays of changes to records: one Change an option, with its flags."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from analysis.estimate.rows import FEW, FEWEST
from analysis.waves.alignment import Aligned
from analysis.waves.meeting import Meeting
from analysis.waves.record import Change

__all__ = ["POWER", "Changed", "changes_of", "detectable"]

POWER = 0.8
"""Power of the smallest change that is called detectable."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Changed:
    """k changes of one question; every array has shape (k,), fields as in `Change`.

    `n` counts the firms compared; `is_census` and `is_silent` say where every firm answered, and where
    silence is taken as random; `leak` whether firms not routed to the question are counted.
    """

    compared: str
    n_earlier: Floats
    n_later: Floats
    overlap: float
    n: Floats
    before: Floats
    after: Floats
    se: Floats
    low: Floats
    high: Floats
    df: Floats
    method: NDArray[np.object_]
    p: Floats
    narrow_low: Floats
    narrow_high: Floats
    bound_low: Floats
    bound_high: Floats
    detectable: Floats
    is_census: NDArray[np.bool_]
    is_silent: NDArray[np.bool_]
    leak: bool = False


def detectable(variance: Floats, level: float) -> Floats:
    """Smallest change found with 80 percent probability, from the variance where nothing changed."""
    return (float(ndtri((1 + level) / 2)) + float(ndtri(POWER))) * np.sqrt(np.maximum(variance, 0.0))


def changes_of(meeting: Meeting, one: Aligned, stat: str, rule: str, found: Changed) -> tuple[Change, ...]:
    """Records of k changes, in order; an empty code for a number."""
    codes = one.codes or ("",)
    earlier, later = meeting.earlier, meeting.later
    return tuple(
        Change(
            concept=one.concept, question=one.later.id, option=code, stat=stat, compared=found.compared,
            base_rule=rule, earlier=earlier.wave.name, later=later.wave.name,
            n_earlier=float(found.n_earlier[j]), n_later=float(found.n_later[j]), overlap=found.overlap,
            before=float(found.before[j]), after=float(found.after[j]),
            estimate=float(found.after[j] - found.before[j]), se=float(found.se[j]), low=float(found.low[j]),
            high=float(found.high[j]), level=later.level, df=float(found.df[j]),
            method=str(found.method[j]) if found.n[j] > 0 else "", flag=_flag(one, found, j),
            p=float(found.p[j]),
            narrow_low=float(found.narrow_low[j]), narrow_high=float(found.narrow_high[j]),
            bound_low=float(found.bound_low[j]), bound_high=float(found.bound_high[j]),
            detectable=float(found.detectable[j]), target=later.arrays.target, why=one.why,
        )
        for j, code in enumerate(codes)
    )  # fmt: skip


def _flag(one: Aligned, found: Changed, j: int) -> str:
    n = found.n[j]
    words = {
        "census": found.is_census[j],
        "break": bool(one.why),
        "options differ": one.differ,
        "leak": found.leak,
        "low base": 0 < n < FEWEST,
        "counts only": FEWEST <= n < FEW,
        "if silence were random": found.is_silent[j] and n > 0,
        "no df": n > 0 and not found.is_census[j] and not np.isfinite(found.low[j]),
        "empty": not n > 0,
    }
    return ";".join(word for word, applies in words.items() if applies)
