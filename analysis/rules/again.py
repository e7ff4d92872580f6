"""After a change of rules or lists only the instruments it touches are asked again."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.asking import Asked, asked_on
from analysis.rules.catalogue import Catalogue
from analysis.rules.fields import LIST_FIELDS
from analysis.rules.gates import Facts, facts_of
from analysis.rules.listings import lists_on
from analysis.rules.reach import Reached, reach_flows

__all__ = ["changed_instruments", "contact_again"]


def changed_instruments(
    before: Catalogue,
    after: Catalogue,
    as_of: date,
    listings_before: pd.DataFrame | None = None,
    listings_after: pd.DataFrame | None = None,
) -> frozenset[str]:
    """Ids of instruments that may rule otherwise after a change, on a day.

    An instrument is touched where its gates, its side, its state that day or the warnings with it differ, or
    where it asks for a list on which other parties stand. What nobody may see in the table (sources, notes of
    sure rows) touches nothing.

    Parameters
    ----------
    before, after : Catalogue
    as_of : datetime.date
    listings_before, listings_after : pandas.DataFrame, optional
        Who stands on which list; None for flows of which nobody was screened.

    Returns
    -------
    frozenset of str
        Also ids that only one of the two computes.
    """
    old, new = (
        {one.name: _said(one) for one in asked_on(catalogue, as_of, screened=listings is not None)}
        for catalogue, listings in ((before, listings_before), (after, listings_after))
    )
    lists = _moved_lists(listings_before, listings_after, as_of)
    touched = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    gates = after.gates[after.gates["field"].isin(list(LIST_FIELDS))]
    if lists is None:
        touched.update(gates["instrument"])
    elif lists:
        words = gates["value"].str.split("|").explode()
        touched.update(gates.loc[words.index[words.isin(list(lists))].unique(), "instrument"])
    return frozenset(touched)


def contact_again(
    reached: Reached,
    before: Catalogue,
    after: Catalogue,
    as_of: date,
    listings_before: pd.DataFrame | None = None,
    listings_after: pd.DataFrame | None = None,
) -> Reached:
    """What `reach_flows` gives for a changed catalogue or changed lists, at the cost of what they touch.

    Parameters
    ----------
    reached : Reached
        From `reach_flows` of the same flows and day with `before` and `listings_before`.
    before, after : Catalogue
    as_of : datetime.date
    listings_before, listings_after : pandas.DataFrame, optional
        Where `listings_after` is None the flows keep their lists.

    Returns
    -------
    Reached
        Its table equals that of `reach_flows` with `after`, row by row.
    """
    flows, facts = reached.flows, reached.facts
    touched = changed_instruments(before, after, as_of, listings_before, listings_after)
    lists = _moved_lists(listings_before, listings_after, as_of)
    if listings_after is not None and (lists is None or lists):
        flows = lists_on(flows, listings_after, as_of)
        moved = facts_of(flows[list(LIST_FIELDS)])
        facts = Facts(facts.n, facts.text | {name: moved.text[name] for name in LIST_FIELDS}, facts.bounds)
    if not touched:
        return Reached(flows, facts, reached.table, reached.place, reached.every)
    new = reach_flows(flows, after, as_of, every=reached.every, only=touched, facts=facts)
    stays = np.flatnonzero(~reached.table["instrument"].isin(list(touched)).to_numpy())
    order = after.gates["instrument"].drop_duplicates().reset_index(drop=True)
    number = pd.Series(order.index, index=order)
    table = pd.concat([reached.table.take(stays), new.table], ignore_index=True)
    place = np.concatenate([reached.place[stays], new.place])
    rows = np.lexsort((table["instrument"].map(number).to_numpy(), place))
    return Reached(flows, facts, table.take(rows).reset_index(drop=True), place[rows], reached.every)


def _said(one: Asked) -> tuple[object, ...]:
    """What of an instrument can show in the table of contact; notes only where they are said."""
    gates = [
        (branch, row.order, row.gate, row.field, row.operator, row.value, row.outcome, row.clause)
        + ((row.note,) if row.confidence == "uncertain" else ())
        for branch, rows in one.branches.items()
        for row in rows
    ]
    return one.side, gates, one.states, one.doubts


def _moved_lists(
    before: pd.DataFrame | None, after: pd.DataFrame | None, as_of: date
) -> frozenset[str] | None:
    """Lists on which other parties stand that day; None where nobody was screened before."""
    if after is None:
        return frozenset()
    if before is None:
        return None
    old, new = (set(_standing(rows, as_of).itertuples(index=False, name=None)) for rows in (before, after))
    return frozenset(name for _, name in old ^ new)


def _standing(listings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    day = as_of.isoformat()
    rows = listings.fillna("")
    start, end = rows["from"].astype("str").str.slice(0, 10), rows["to"].astype("str").str.slice(0, 10)
    now = ((start == "") | (start <= day)) & ((end == "") | (end >= day))
    return rows.loc[now, ["party", "list"]].drop_duplicates()
