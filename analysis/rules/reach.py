"""Which rules touch which flow on a day: flow by instrument, gates in order."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.catalogue import Catalogue
from analysis.rules.gates import Facts, facts_of, judge
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

_SETTLED = 3
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
    screened = bool(flows["buyer_lists"].notna().any()) if len(flows) else True
    state = catalogue.on(as_of)
    sides = catalogue.side_of()
    sure = dict(zip(catalogue.instruments["id"], catalogue.instruments["confidence"], strict=True))
    parts = []
    for instrument, gates in catalogue.gates.groupby("instrument", sort=False):
        name = str(instrument)
        part = _judged(facts, name, gates, state[state["instrument"] == name])
        part["side"], part["instrument"] = sides[name], name
        settled = part["outcome"] != "none"
        lists = not screened and bool(gates["field"].str.endswith("_lists").any())
        notes = [
            "parties were not screened against lists" if lists else "",
            "the instrument's facts are uncertain" if sure[name] == "uncertain" else "",
        ]
        said = "; ".join(note for note in notes if note)
        part["warning"] = _joined(
            part["warning"], pd.Series(said, index=part.index, dtype="str").where(settled, "")
        )
        parts.append(part if every else part[settled])
    table = pd.concat(parts)
    for column in ("flow", "firm", "value", "share", "path"):
        table[column] = flows[column].to_numpy()[table.index]
    table["as_of"] = as_of.isoformat()
    table = table.sort_index(kind="stable").reset_index(drop=True)
    return table[list(CONTACT_COLUMNS)]


def _joined(first: pd.Series, second: pd.Series) -> pd.Series:
    gap = pd.Series("; ", index=first.index, dtype="str").where((first != "") & (second != ""), "")
    return first + gap + second


def _judged(facts: Facts, instrument: str, gates: pd.DataFrame, state: pd.DataFrame) -> pd.DataFrame:
    """The heaviest branch in force of one instrument, for every flow."""
    words = np.array(OUTCOMES, dtype=object)
    outcome = np.full(facts.n, -1)
    worst = np.zeros(facts.n, dtype=int)
    risk = np.full(facts.n, "", dtype=object)
    gate, clause, warning = (np.full(facts.n, "", dtype=object) for _ in range(3))
    for branch, rows in gates.groupby("branch", sort=False):
        now = state[state["branch"].isin([str(branch), ""])]
        if not len(now) or now["state"].iloc[0] != "in_force":
            continue
        rows = rows.sort_values("order", kind="stable").reset_index(drop=True)
        verdict = judge(facts, rows)
        said = rows.loc[rows["gate"] == "risk", "outcome"]
        if len(said):
            risk[verdict.risk & (verdict.outcome < _SETTLED)] = str(said.iloc[0])
        worst = np.maximum(worst, verdict.worst)
        heavier = verdict.outcome > outcome
        outcome[heavier] = verdict.outcome[heavier]
        gate[heavier] = rows["gate"].to_numpy(dtype=object)[verdict.row[heavier]]
        clause[heavier] = rows["clause"].to_numpy(dtype=object)[verdict.row[heavier]]
        doubts = rows.loc[(rows["confidence"] == "uncertain") & (rows["gate"] != "risk"), "note"]
        notes = [str(now["warning"].iloc[0]), *doubts.drop_duplicates().tolist()]
        warning[heavier] = "; ".join(note for note in notes if note)
    if (outcome < 0).all():
        why = [] if not len(state) else [f"{w}" for w in state["warning"].unique().tolist() if w]
        clause[:] = _why_not(state)
        gate[:], outcome[:], warning[:] = "in force", 0, "; ".join(why)
    else:
        warning[outcome == 0] = ""
    return pd.DataFrame(
        {
            "outcome": words[outcome],
            "worst": words[worst],
            "risk": risk,
            "gate": gate,
            "clause": clause,
            "warning": pd.Series(warning, dtype="str"),
        }
    ).astype("str")


def _why_not(state: pd.DataFrame) -> str:
    if not len(state):
        return "no dates"
    row = state.iloc[0]
    word = str(row["state"]).replace("_", " ")
    return f"{word}: {row['from'] or 'open'} to {row['to'] or 'open'}"
