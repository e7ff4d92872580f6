"""Which rules touch which flow on a day: one row a flow and an instrument that touches it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.asking import RULING, ask_all, asked_on
from analysis.rules.cases import Values, cuts_of, pair_codes
from analysis.rules.catalogue import Catalogue
from analysis.rules.fields import BOUND_FIELDS
from analysis.rules.gates import Facts, Gate, facts_of
from analysis.rules.listings import lists_on

__all__ = ["CONTACT_COLUMNS", "Reached", "contact", "reach_flows"]

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
    ruled = ask_all(asked, codes, values, facts.n, every=every)
    order = np.argsort(ruled.place, kind="stable")
    place, ruling = ruled.place[order], ruled.ruling[order]
    words = pd.DataFrame(ruled.words, columns=list(RULING), dtype="str")
    columns = {name: words[name].array.take(ruling) for name in RULING}
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
