"""Which rules touch which flow on a day: flow by instrument, gates in order."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.catalogue import Catalogue
from analysis.rules.fields import LIST_FIELDS
from analysis.rules.gates import Facts, Gate, facts_of, gates_of, judge
from analysis.rules.listings import lists_on
from analysis.rules.outcomes import OUTCOMES

__all__ = ["CONTACT_COLUMNS", "contact"]

CONTACT_COLUMNS = (
    "flow",
    "firm",
    "side",
    "instrument",
    "outcome",
    "risk",
    "gate",
    "clause",
    "value",
    "share",
    "path",
    "as_of",
    "warning",
    "worst",
)
"""Columns of `contact`: the contract, then `worst`, what undecided facts could still make of it."""

_WORDS = np.array(OUTCOMES, dtype=object)

_SETTLED = OUTCOMES.index("notify")
"""First rank of `OUTCOMES` that is neither none nor undecided."""


def contact(
    flows: pd.DataFrame,
    catalogue: Catalogue,
    as_of: date,
    listings: pd.DataFrame | None = None,
    *,
    every: bool = False,
) -> pd.DataFrame:
    """Take every flow through every computed instrument on a day.

    Parameters
    ----------
    flows : pandas.DataFrame
        From `flows_of`.
    catalogue : Catalogue
        The rules.
    as_of : datetime.date
        The day; an instrument that is suspended, not started or ended gives `none` at the gate `in force`.
    listings : pandas.DataFrame, optional
        Who stands on which list; replaces the lists in `flows`. Where neither holds lists, party tests
        are undecided.
    every : bool
        Keep the rows with outcome `none` (with the gate that failed).

    Returns
    -------
    pandas.DataFrame
        `CONTACT_COLUMNS`, one row a firm, flow and instrument. `gate` failed (for none), stayed open (for
        unknown, between) or decided. `risk` is the risk of being sanctioned or listed oneself; it is never
        an outcome.
    """
    if listings is not None:
        flows = lists_on(flows, listings, as_of)
    facts = facts_of(flows)
    screened = not len(flows) or bool(flows["buyer_lists"].notna().any())
    now = _states(catalogue.on(as_of))
    sides = catalogue.side_of()
    sure = dict(zip(catalogue.instruments["id"], catalogue.instruments["confidence"], strict=True))
    parts: list[dict[str, np.ndarray]] = []
    for name, branches in gates_of(catalogue.gates).items():
        doubts = ["the instrument's facts are uncertain"] if sure[name] == "uncertain" else []
        if not screened and any(gate.field in LIST_FIELDS for rows in branches.values() for gate in rows):
            doubts.append("parties were not screened against lists")
        part = _judged(facts, branches, now.get(name, []), doubts, every)
        many = len(part["place"])
        parts.append(part | {"side": np.full(many, sides[name]), "instrument": np.full(many, name)})
    table = pd.DataFrame({key: np.concatenate([part[key] for part in parts]) for key in parts[0]})
    place = table.pop("place").to_numpy(dtype=np.int64)
    for column in ("flow", "firm", "value", "share", "path"):
        table[column] = flows[column].to_numpy()[place]
    table["as_of"] = as_of.isoformat()
    return table.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)[list(CONTACT_COLUMNS)]


@dataclass(frozen=True, slots=True)
class _State:
    branch: str
    word: str
    warning: str
    since: str
    until: str


def _states(state: pd.DataFrame) -> dict[str, list[_State]]:
    found: dict[str, list[_State]] = {}
    columns = ["instrument", "branch", "state", "warning", "from", "to"]
    for instrument, *rest in state[columns].itertuples(index=False):
        found.setdefault(str(instrument), []).append(_State(*(str(cell) for cell in rest)))
    return found


def _judged(
    facts: Facts, branches: dict[str, list[Gate]], states: list[_State], doubts: list[str], every: bool
) -> dict[str, np.ndarray]:
    """The heaviest branch in force of one instrument: rows that stay, and their place among the flows."""
    states = [state for state in states if state.branch in branches or not state.branch]
    outcome = np.full(facts.n, -1)
    worst = np.zeros(facts.n, dtype=int)
    chosen = np.zeros(facts.n, dtype=int)
    risk = np.zeros(facts.n, dtype=int)
    gates: list[str] = []
    clauses: list[str] = []
    warnings: list[str] = []
    risks = [""]
    for branch, rows in branches.items():
        now = [state for state in states if state.branch in (branch, "")]
        if not now or now[0].word != "in_force":
            continue
        verdict = judge(facts, rows)
        risks.extend(row.outcome for row in rows if row.gate == "risk")
        risk[verdict.risk & (verdict.outcome < _SETTLED)] = len(risks) - 1
        worst = np.maximum(worst, verdict.worst)
        heavier = verdict.outcome > outcome
        outcome[heavier] = verdict.outcome[heavier]
        chosen[heavier] = len(gates) + verdict.row[heavier]
        notes = [row.note for row in rows if row.confidence == "uncertain" and row.gate != "risk"]
        gates.extend(row.gate for row in rows)
        clauses.extend(row.clause for row in rows)
        warnings.extend([_told(now[0].warning, *notes, *doubts)] * len(rows))
    idle = not gates
    if idle:
        outcome[:], gates, clauses = 0, ["in force"], [_why_not(states)]
        warnings = [_told(*(state.warning for state in states))]
    place = np.arange(facts.n) if every else np.flatnonzero(outcome > 0)
    said = np.array(warnings, dtype=object)[chosen[place]]
    return {
        "place": place,
        "outcome": _WORDS[outcome[place]],
        "worst": _WORDS[worst[place]],
        "risk": np.array(risks, dtype=object)[risk[place]],
        "gate": np.array(gates, dtype=object)[chosen[place]],
        "clause": np.array(clauses, dtype=object)[chosen[place]],
        "warning": said if idle else np.where(outcome[place] > 0, said, ""),
    }


def _told(*notes: str) -> str:
    return "; ".join(dict.fromkeys(note for note in notes if note))


def _why_not(states: list[_State]) -> str:
    if not states:
        return "no dates"
    first = states[0]
    return f"{first.word.replace('_', ' ')}: {first.since or 'open'} to {first.until or 'open'}"
