"""What one instrument rules on each case: of its branches in force the heaviest, and the gate deciding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.rules.gates import Facts, Gate, judge
from analysis.rules.outcomes import OUTCOMES

__all__ = ["RULED", "State", "rule_cases", "states_of"]

RULED = ("outcome", "worst", "risk", "gate", "clause", "warning")
"""Columns of words that a ruling has."""

_SETTLED = OUTCOMES.index("notify")
"""First rank of `OUTCOMES` that is neither none nor undecided."""

_DEPTH = ("bound", "subject", "licence", "exception")
"""Gates at which a flow can fail, from the first on."""


@dataclass(frozen=True, slots=True)
class State:
    """State of an instrument, or of one branch of it, on a day."""

    branch: str
    word: str
    warning: str
    since: str
    until: str


def states_of(table: pd.DataFrame) -> dict[str, list[State]]:
    """States by instrument, from `Catalogue.on`."""
    found: dict[str, list[State]] = {}
    columns = ["instrument", "branch", "state", "warning", "from", "to"]
    for instrument, *rest in table[columns].itertuples(index=False):
        found.setdefault(str(instrument), []).append(State(*(str(cell) for cell in rest)))
    return found


def rule_cases(
    facts: Facts, branches: Mapping[str, list[Gate]], states: Sequence[State], doubts: Sequence[str]
) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """Rule on every case.

    Of the branches in force the heaviest outcome counts. Where all give `none`, the gate named is that of
    the branch that came nearest: failed at the latest kind of gate, then after most gates passed.

    Parameters
    ----------
    facts : Facts
        Of the cases.
    branches : mapping
        Gates of the instrument by branch, from `gates_of`.
    states : sequence of State
        Of the instrument on the day.
    doubts : sequence of str
        Said in every warning.

    Returns
    -------
    tuple of numpy.ndarray and list of tuple
        Place in the list for each case, shape (cases,); and the distinct rulings, words by `RULED`.
    """
    states = [state for state in states if state.branch in branches or not state.branch]
    outcome = np.full(facts.n, -1)
    worst = np.zeros(facts.n, dtype=int)
    chosen = np.zeros(facts.n, dtype=int)
    nearest = np.full(facts.n, -1)
    risk = np.zeros(facts.n, dtype=int)
    words: list[tuple[str, str, str]] = []
    risks = [""]
    for branch, rows in branches.items():
        now = [state for state in states if state.branch in (branch, "")]
        if not now or now[0].word != "in_force":
            continue
        verdict = judge(facts, rows)
        risks.extend(row.outcome for row in rows if row.gate == "risk")
        risk[verdict.risk & (verdict.outcome < _SETTLED)] = len(risks) - 1
        worst = np.maximum(worst, verdict.worst)
        depth = np.where(verdict.outcome == 0, _depths(rows)[verdict.row], 0)
        heavier = (verdict.outcome > outcome) | ((verdict.outcome == 0) & (outcome == 0) & (depth > nearest))
        outcome[heavier], nearest[heavier] = verdict.outcome[heavier], depth[heavier]
        chosen[heavier] = len(words) + verdict.row[heavier]
        notes = [row.note for row in rows if row.confidence == "uncertain" and row.gate != "risk"]
        told = _told(now[0].warning, *notes, *doubts)
        words.extend((row.gate, row.clause, told) for row in rows)
    if not words:
        told = _told(*(state.warning for state in states))
        return np.zeros(facts.n, dtype=np.int64), [("none", "none", "", "in force", _why_not(states), told)]
    keys = np.column_stack([outcome, worst, risk, chosen])
    distinct, place = np.unique(keys, axis=0, return_inverse=True)
    table: list[tuple[str, ...]] = []
    for now, then, of, row in distinct.tolist():
        gate, clause, warning = words[row]
        table.append((OUTCOMES[now], OUTCOMES[then], risks[of], gate, clause, warning if now else ""))
    return place.reshape(-1), table


def _depths(rows: Sequence[Gate]) -> np.ndarray:
    """How far a flow came that fails at each row: the kind of gate, then the orders passed."""
    kinds = [_DEPTH.index(row.gate) if row.gate in _DEPTH else -1 for row in rows]
    main = sorted({row.order for row in rows if row.gate in _DEPTH})
    passed = [main.index(row.order) if row.gate in _DEPTH else 0 for row in rows]
    return np.array(kinds) * (len(rows) + 100) + np.array(passed)


def _told(*notes: str) -> str:
    return "; ".join(dict.fromkeys(note for note in notes if note))


def _why_not(states: Sequence[State]) -> str:
    if not states:
        return "no dates"
    first = states[0]
    return f"{first.word.replace('_', ' ')}: {first.since or 'open'} to {first.until or 'open'}"
