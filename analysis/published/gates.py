"""What a questionnaire says beside its figures: follow-ups and their gates, and where a question changed."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.published.reasons import Reason
from analysis.published.recover import Recovered
from analysis.published.rounding import RULES, count_range
from analysis.supply.tables import read_rows
from survey import FileFault, data_folder

__all__ = ["Gate", "follow_gates", "read_breaks", "read_gates", "usual_breaks", "usual_gates"]

_COLUMNS = ("question_id", "gate_question", "gate_option")


@dataclass(frozen=True, slots=True)
class Gate:
    """A follow-up that only firms with one answer to an earlier question are asked."""

    question: str
    asked_of: str
    option: str


def read_gates(path: Path) -> tuple[Gate, ...]:
    """Gates of a questionnaire from a file with the columns `question_id,gate_question,gate_option`.

    Raises
    ------
    FileFault
        No such file, or a column missing.
    """
    rows = read_rows(path)
    missing = [name for name in _COLUMNS if name not in rows]
    if missing:
        raise FileFault(str(path), f"no column {missing[0]!r}", ", ".join(_COLUMNS), "name the columns so")
    return tuple(Gate(*cells) for cells in rows[list(_COLUMNS)].itertuples(index=False, name=None))


def usual_gates() -> tuple[Gate, ...]:
    """Gates of the yearly survey whose figures travel with the product."""
    return read_gates(data_folder() / "reference" / "published" / "gates.csv")


def read_breaks(path: Path) -> pd.DataFrame:
    """Waves from which on a question is another: `wave`, `question_id`, `reason`, and `reason_ja` if given.

    Raises
    ------
    FileFault
        No such file, or a column missing.
    """
    rows = read_rows(path)
    missing = [name for name in ("wave", "question_id", "reason") if name not in rows]
    if missing:
        raise FileFault(
            str(path), f"no column {missing[0]!r}", "wave, question_id, reason", "name the columns so"
        )
    return rows


def usual_breaks() -> pd.DataFrame:
    """Breaks of the yearly survey whose figures travel with the product."""
    return read_breaks(data_folder() / "reference" / "published" / "breaks.csv")


def follow_gates(
    leads: pd.DataFrame, found: dict[str, Recovered], gates: tuple[Gate, ...]
) -> tuple[dict[str, Recovered], dict[str, Reason]]:
    """Bases narrowed where a follow-up's base must be a count of its gate.

    Only an ambiguous base is narrowed, and only where something is left: a base that is certain and is
    no count of its gate is a leak, which belongs to the data.

    Returns
    -------
    tuple
        The bases by key, narrowed; and by key of a follow-up what its gate says.
    """
    narrowed = dict(found)
    said: dict[str, Reason] = {}
    edition = ["survey", "wave", "edition"]
    for gate in gates:
        children = leads[leads["question_id"] == gate.question].drop_duplicates("key")
        for _, child in children.iterrows():
            mine = str(child["key"])
            parents = leads[
                (leads["question_id"] == gate.asked_of)
                & (leads["option_id"] == gate.option)
                & (leads[edition] == child[edition].to_numpy()).all(axis=1)
            ]
            if len(parents) != 1 or mine not in narrowed:
                continue
            parent = parents.iloc[0]
            low, high = _counts(parent, narrowed[parent["key"]])
            bases = narrowed[mine].bases
            fits = np.array([bool(((low <= b) & (b <= high)).any()) for b in bases], dtype=bool)
            name = f"{gate.asked_of} = {gate.option}"
            if len(bases) > 1 and fits.any() and not fits.all():
                narrowed[mine] = _only(narrowed[mine], bases[fits])
                said[mine] = Reason("narrowed", {"gate": name})
            bases = narrowed[mine].bases
            if len(bases) != 1:
                continue
            reach = (low <= bases[0]) & (bases[0] <= high)
            if reach.any():
                narrowed[parent["key"]] = _only(narrowed[parent["key"]], narrowed[parent["key"]].bases[reach])
                said.setdefault(mine, Reason("same_as_gate", {"gate": name}))
            elif len(low):
                counts = sorted({int(low.min()), int(high.max())})
                between = "–".join(str(c) for c in counts)
                said[mine] = Reason("leak", {"n": str(bases[0]), "counts": between, "gate": name})
    return narrowed, said


def _counts(figure: pd.Series, found: Recovered) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Least and greatest count of a figure on each base its question can have."""
    bases = found.bases
    if not len(bases):
        return bases, bases
    units, scale = np.array([figure["units"]]), np.array([10 ** figure["decimals"]])
    low, high = np.full(len(bases), np.iinfo(np.int64).max), np.full(len(bases), -1)
    for rule in RULES[:2] if found.way == "rounded" else RULES[2:] if found.way == "cut" else RULES:
        bottom, top = count_range(units, scale, bases, rule)
        fits = bottom[0] <= top[0]
        low = np.where(fits, np.minimum(low, bottom[0]), low)
        high = np.where(fits, np.maximum(high, top[0]), high)
    return low, high


def _only(found: Recovered, bases: NDArray[np.int64]) -> Recovered:
    """The same question with fewer of its bases."""
    kept = [np.intersect1d(part, bases) for part in (found.rounded, found.cut, found.mixed)]
    return Recovered(found.key, *kept)
