"""Which rules touch which flow on a day: every instrument is asked once about each case, in memory."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.cases import Values, cuts_of, pair_codes, told_apart
from analysis.rules.catalogue import Catalogue
from analysis.rules.fields import BOUND_FIELDS, LIST_FIELDS
from analysis.rules.gates import Facts, Gate, facts_of, gates_of
from analysis.rules.listings import lists_on
from analysis.rules.ruling import RULED, State, rule_cases, states_of

__all__ = ["CONTACT_COLUMNS", "Asked", "Reached", "asked_on", "contact", "reach_flows"]

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

_RULING = ("side", "instrument", *RULED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One instrument as it stands on a day.

    Attributes
    ----------
    name, side : str
        Id and side of the instrument.
    branches : dict[str, list[Gate]]
        Its gates.
    states : list[State]
        What each branch is on the day.
    doubts : list[str]
        Said in each warning.
    """

    name: str
    side: str
    branches: dict[str, list[Gate]]
    states: list[State]
    doubts: list[str]

    @property
    def rows(self) -> list[Gate]:
        """Gates that can decide on the day: those of branches in force."""
        live = {state.branch for state in self.states if state.word == "in_force"}
        return [row for name, rows in self.branches.items() if live & {name, ""} for row in rows]


def asked_on(
    catalogue: Catalogue, as_of: date, *, screened: bool, only: Collection[str] | None = None
) -> Iterator[Asked]:
    """Computed instruments of a catalogue as they stand on a day.

    Parameters
    ----------
    catalogue : Catalogue
    as_of : datetime.date
    screened : bool
        Whether the parties of the flows were held against lists.
    only : collection of str, optional
        Ids to ask; default all.
    """
    now = states_of(catalogue.on(as_of))
    sides = catalogue.side_of()
    sure = dict(zip(catalogue.instruments["id"], catalogue.instruments["confidence"], strict=True))
    for name, branches in gates_of(catalogue.gates).items():
        if only is not None and name not in only:
            continue
        doubts = ["the instrument's facts are uncertain"] if sure[name] == "uncertain" else []
        if not screened and any(gate.field in LIST_FIELDS for rows in branches.values() for gate in rows):
            doubts.append("parties were not screened against lists")
        yield Asked(name, sides[name], branches, now.get(name, []), doubts)


@dataclass(frozen=True, slots=True)
class Reached:
    """Contact of some flows on a day, with what makes it quick to look again.

    Attributes
    ----------
    flows : pandas.DataFrame
        From `flows_of`, with the lists of the day.
    facts : Facts
        What rules may ask of them.
    table : pandas.DataFrame
        `CONTACT_COLUMNS`.
    place : numpy.ndarray
        Row of `flows` of each row of `table`.
    every : bool
        Whether rows with outcome `none` are kept.
    """

    flows: pd.DataFrame
    facts: Facts
    table: pd.DataFrame
    place: np.ndarray
    every: bool


def contact(
    flows: pd.DataFrame,
    catalogue: Catalogue,
    as_of: date,
    listings: pd.DataFrame | None = None,
    *,
    every: bool = False,
    only: Collection[str] | None = None,
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
    only : collection of str, optional
        Ids of instruments to ask; default all. An id without gates gives no row.

    Returns
    -------
    pandas.DataFrame
        `CONTACT_COLUMNS`, one row a firm, flow and instrument. `gate` failed (for none), stayed open (for
        unknown, between) or decided; of several branches that fail it is that of the one that came nearest.
        `risk` is the risk of being sanctioned or listed oneself; it is never an outcome.
    """
    return reach_flows(flows, catalogue, as_of, listings, every=every, only=only).table


def reach_flows(
    flows: pd.DataFrame,
    catalogue: Catalogue,
    as_of: date,
    listings: pd.DataFrame | None = None,
    *,
    every: bool = False,
    only: Collection[str] | None = None,
    facts: Facts | None = None,
) -> Reached:
    """As `contact`, with what `contact_again` needs.

    Parameters
    ----------
    flows, catalogue, as_of, listings, every, only
        As `contact`.
    facts : Facts, optional
        Of these flows with these lists, where they are there already.
    """
    if listings is not None:
        flows = lists_on(flows, listings, as_of)
    facts = facts or facts_of(flows)
    screened = not len(flows) or bool(flows["buyer_lists"].notna().any())
    asked = list(asked_on(catalogue, as_of, screened=screened, only=only))
    codes, values = _values(facts, [row for one in asked for row in one.rows])
    known: dict[tuple[str, str, str], np.ndarray] = {}
    words: list[tuple[str, ...]] = []
    places, rulings = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for one in asked:
        cases = told_apart(one.rows, values, known)
        present, case = _present(cases.numbers(codes, facts.n), cases.count)
        ruled, table = rule_cases(cases.facts(present, values), one.branches, one.states, one.doubts)
        stays = np.array([every or row[0] != "none" for row in table])
        if stays[ruled].any():
            ruling = ruled[case]
            place = np.flatnonzero(stays[ruling])
            places.append(place)
            rulings.append(ruling[place] + len(words))
        words += [(one.side, one.name, *row) for row in table]
    place = np.concatenate(places)
    order = np.argsort(place, kind="stable")
    place, ruling = place[order], np.concatenate(rulings)[order]
    said = pd.DataFrame(words, columns=list(_RULING), dtype="str")
    columns = {name: said[name].array.take(ruling) for name in _RULING}
    columns |= {name: flows[name].array.take(place) for name in ("flow", "firm", "value", "share", "path")}
    made = pd.DataFrame(columns)
    made["as_of"] = pd.Series(as_of.isoformat(), index=made.index, dtype="str")
    return Reached(flows, facts, made[list(CONTACT_COLUMNS)], place, every)


def _values(facts: Facts, rows: list[Gate]) -> tuple[Mapping[str, np.ndarray], Values]:
    """Codes of the values of each field that some gate asks for, and the values."""
    fields = {row.field for row in rows}
    cuts = {name: cuts_of(rows, name) for name in BOUND_FIELDS if name in fields}
    codes = {name: pair_codes(*facts.bounds[name], cuts[name]) for name in cuts}
    codes |= {name: facts.text[name][0] for name in fields if name in facts.text}
    return codes, Values({name: words for name, (_, words) in facts.text.items()}, cuts)


def _present(number: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Cases that occur, and which of them each flow is."""
    if count > max(4 * len(number), 1 << 16):
        return np.unique(number, return_inverse=True)
    present = np.flatnonzero(np.bincount(number, minlength=count))
    place = np.zeros(count, dtype=np.int64)
    place[present] = np.arange(len(present))
    return present, place[number]
