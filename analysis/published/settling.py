"""Which base a question is given, and why: stated, claimed for all figures, recovered, or left open."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.published.reasons import Reason
from analysis.published.recover import LARGEST, Recovered
from analysis.published.rounding import compact

__all__ = ["Settled", "settle_base"]

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Settled:
    """The base of one question.

    Attributes
    ----------
    base : int or None
        The base, where only one is left.
    bases : NDArray[np.int64]
        Bases its figures are read on; `base` alone where there is one, none where nothing is known.
    way : str
        How these print all figures: `rounded`, `cut` or `mixed`.
    stated : int or None
        Base that the source states for the question, or else claims for all of its figures.
    feasible : str
        All bases that fit by the simplest way, shortened.
    flags, why : tuple
        What is wrong, and the reasons.
    """

    base: int | None
    bases: NDArray[np.int64]
    way: str
    stated: int | None
    feasible: str
    flags: tuple[str, ...]
    why: tuple[Reason, ...]


def settle_base(group: pd.DataFrame, found: Recovered, said: Reason | None) -> Settled:
    """Decide on the base of a question.

    A base stated for the question is taken wherever all figures can be printed from it. A base
    claimed for all figures of an edition is taken only if it fits by the simplest way. Else the base is taken
    if one is left; it is never guessed.

    Parameters
    ----------
    group : pandas.DataFrame
        Lead figures of one question with `stated`, `claimed`, `most`, `bound`, and `limit`, the largest
        base looked for.
    found : Recovered
        Its bases.
    said : Reason or None
        What its gate says.
    """
    stated, claimed = _one(group["stated"]), _one(group["claimed"])
    bases, way = found.bases, found.way
    why = [] if said is None else [said]
    flags = ["leak"] if said is not None and said.code == "leak" else []
    base = int(bases[0]) if len(bases) == 1 else None
    feasible = compact(bases) if len(bases) <= _SHOWN else f"{len(bases)} from {bases[0]} to {bases[-1]}"
    if stated is not None and found.way_of(stated):
        base, way = stated, found.way_of(stated)
        feasible = feasible or str(stated)
    elif stated is not None:
        flags.append("stated base not reachable")
        why.append(Reason("unreachable", {"stated": str(stated)}))
        if stated > LARGEST or _one(group["most"]) is None:
            base = None
    elif claimed is not None and claimed in bases:
        if base is None:
            flags.append("base as claimed")
            why.append(Reason("claimed", {"feasible": feasible, "stated": str(claimed)}))
        base = claimed
    elif claimed is not None and len(bases):
        flags.append("stated base not reachable")
        code = {"cut": "claimed_cut", "mixed": "claimed_mixed"}.get(
            found.way_of(claimed), "claimed_elsewhere"
        )
        why.append(Reason(code, {"feasible": feasible, "stated": str(claimed)}))
    if not len(bases) and base is None:
        flags.append("no base fits")
        why.append(Reason("no_base", {"most": str(_one(group["limit"]) or LARGEST)}))
    elif base is None:
        flags.append("ambiguous base" if len(bases) <= _SHOWN else "base unknown")
    if way in ("cut", "mixed"):
        flags.append("cut, not rounded" if way == "cut" else "mixed rounding")
        why.append(Reason(way))
    used = bases if len(bases) <= _SHOWN else bases[:0]
    used = used if base is None else np.array([base])
    if base is not None and group["bound"].iloc[0] == "respondents of another edition" and stated is None:
        why.append(Reason("bound"))
    said_base = claimed if stated is None else stated
    return Settled(base, used, way, said_base, feasible, tuple(flags), tuple(why))


def _one(column: "pd.Series[int]") -> int | None:
    """The one number of a column, None where it is missing."""
    known = column.dropna()
    return int(known.iloc[0]) if len(known) else None
