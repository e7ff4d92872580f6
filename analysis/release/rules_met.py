"""What the rules do to the flows of firms: pairs that collide, their flows, and what awaits judgement."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.release.rules_awaiting import awaiting_table
from analysis.release.technologies import technology_tables
from analysis.rules.catalogue import Catalogue
from analysis.supply.links import Links
from survey import Study

if TYPE_CHECKING:
    from analysis.pressure.record import Pressure

__all__ = ["Met", "collision_flows", "collision_matrix", "met_tables"]

_PAIR = ["duty", "clause", "article", "kind", "status"]

_ENDS = ("seller", "buyer")


@dataclass(frozen=True, slots=True)
class Met:
    """Flows of firms and the collisions they meet.

    Attributes
    ----------
    flows : pandas.DataFrame
        `FLOW_COLUMNS`.
    collisions : pandas.DataFrame
        `COLLISION_COLUMNS`.
    firms : int
        Firms asked about, with collisions or without.
    """

    flows: pd.DataFrame
    collisions: pd.DataFrame
    firms: int


def met_tables(
    study: Study, pressure: "Pressure", links: Links | None, catalogue: Catalogue | None
) -> dict[str, pd.DataFrame]:
    """Tables of the internal Release: of this module, `awaiting_table` and `technology_tables`.

    Parameters
    ----------
    study : Study
    pressure : Pressure
    links : Links or None
        All links, where the study has its own.
    catalogue : Catalogue or None
        That of the study.
    """
    if catalogue is None or pressure.flows.empty:
        return {}
    met = Met(pressure.flows, pressure.collisions, len(pressure.table))
    tables = {
        "collision_matrix": collision_matrix(met),
        "collision_flows": collision_flows(met, links),
        "rule_awaiting": awaiting_table(study, pressure.affiliates, links),
    }
    if links is not None:
        tables |= technology_tables(study, tuple(pressure.table["firm"]), links, catalogue)
    return {name: table for name, table in tables.items() if len(table)}


def collision_matrix(met: Met) -> pd.DataFrame:
    """Each pair of a duty and a clause, by status, with what is at stake in it.

    Returns
    -------
    pandas.DataFrame
        `duty,clause,article,kind,status,sides,lethal,n,flows,value,stat,estimate,share,counted`: firms,
        flows and value of the flows that meet the pair. `estimate` is the value at stake of the flows whose
        worst pair it is, each flow counted once over all firms, so that rows add up (nan where values are
        not known); `share` the same as a share of each firm's sales or inputs, the mean over all firms;
        `counted` the flows counted here. `lethal` as `collisions` says: these come first, then most at stake.
    """
    rows = met.collisions
    if rows.empty:
        return pd.DataFrame()
    own = rows.assign(
        article=rows["article"].astype("str"),
        lethal=rows["lethal"].astype(bool),
        mine=rows["at_stake"].astype(float).where(rows["counted"].astype(bool), 0.0),
    )
    heaviest = ["counted", "value_at_stake", "at_stake", "lethal"]
    worst = own.sort_values(heaviest, ascending=False, kind="stable")
    own["once"] = ~worst.duplicated("flow").reindex(own.index)
    groups = own.groupby(_PAIR, sort=False, observed=True)
    table = groups.agg(
        n=("firm", "nunique"), flows=("flow", "nunique"), lethal=("lethal", "any"), sides=("sides", "first")
    ).reset_index()
    met_once = own.drop_duplicates([*_PAIR, "flow"])
    counted = own[own["once"]]
    keys = pd.MultiIndex.from_frame(table[_PAIR])

    def of(part: pd.DataFrame, column: str) -> np.ndarray:
        sums = part.groupby(_PAIR, sort=False, observed=True)[column].sum(min_count=1)
        return sums.reindex(keys).to_numpy(dtype=float)

    unknown = bool(own["value"].isna().any())
    table["value"] = np.nan if unknown else of(met_once, "value")
    table["stat"] = "value_at_stake"
    table["estimate"] = np.nan if unknown else np.nan_to_num(of(counted, "value_at_stake"))
    table["share"] = np.nan_to_num(of(own, "mine")) / max(met.firms, 1)
    table["counted"] = np.nan_to_num(of(counted.assign(one=1.0), "one")).astype(int)
    order = ["lethal", "estimate", "share", "flows"]
    table = table.sort_values(order, ascending=False, kind="stable")
    columns = [*_PAIR, "sides", "lethal", "n", "flows", "value", "stat", "estimate", "share", "counted"]
    return table[columns].reset_index(drop=True)


def collision_flows(met: Met, links: Links | None) -> pd.DataFrame:
    """The flows that meet a pair: who sells what to whom, what the rules ask of it, what it rests on.

    Returns
    -------
    pandas.DataFrame
        One row a firm, flow and channel: the columns of the flow, names of both ends in both languages, and
        `evidence` of the link.
    """
    key = ["firm", "flow", "channel"]
    wanted = pd.MultiIndex.from_frame(met.collisions[key].astype("str").drop_duplicates())
    rows = met.flows[pd.MultiIndex.from_frame(met.flows[key].astype("str")).isin(wanted)]
    if rows.empty:
        return pd.DataFrame()
    names = [*key, *_ENDS, "seller_country", "buyer_country", "seller_lists", "buyer_lists", "product", "hs"]
    names += ["eccn", "technology", "origin", "us_content_low", "us_content_high", "confidence"]
    table = rows[names].reset_index(drop=True)
    if links is None:
        return table
    known = links.parties.drop_duplicates("party").set_index("party")
    for end in _ENDS:
        for name in ("name", "name_ja"):
            table[f"{end}_{name}"] = known[name].reindex(table[end]).fillna("").astype("str").to_numpy()
    said = links.frame[["link", "evidence"]].astype("str").drop_duplicates("link").set_index("link")
    table["evidence"] = said["evidence"].reindex(table["flow"].astype("str")).fillna("").to_numpy()
    return table
