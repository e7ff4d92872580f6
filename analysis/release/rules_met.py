"""What the rules do to the flows of firms: pairs that collide, their flows, technologies by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.release.rules_awaiting import awaiting_table
from analysis.rules.catalogue import Catalogue
from analysis.supply.links import Links
from survey import Study

if TYPE_CHECKING:
    from analysis.pressure.record import Pressure

__all__ = ["Met", "collision_flows", "collision_matrix", "met_tables", "technology_sides"]

_SIDES = {"us": ("US",), "cn": ("CN", "HK", "MO")}
"""Countries of each side, as collisions count them."""

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
    """Tables of the internal Release that end in what the functions of this module and `awaiting_table` give.

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
        "technology_sides": technology_sides(met, links, catalogue.technologies),
        "rule_awaiting": awaiting_table(study, pressure.affiliates, links),
    }
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


def technology_sides(met: Met, links: Links | None, technologies: pd.DataFrame) -> pd.DataFrame:
    """What comes from each side and what goes to it, by technology.

    Parameters
    ----------
    links : Links or None
        All links, for what customers buy in all.
    technologies : pandas.DataFrame
        `tag,tags` of the catalogue: narrower tags count in the wider one.

    Returns
    -------
    pandas.DataFrame
        A row a technology, side (`us`, `cn`) and stat: `comes_from`, the part of what the firms buy of it
        that is sold from there (dependence on that side); `goes_to`, the part of what they sell of it that
        goes there; `held`, of what customers there are known to buy of it, the part these firms supply (how
        hard they are to do without; missing where links name no other supplier to any of them);
        `of_inputs`, the part of all inputs of those customers. `n` firms, `flows`, `customers`, `value` the
        whole of which the estimate is a part; by value, or by number of flows where values are missing
        (`method`).
    """
    tagged = _tagged(met.flows, technologies)
    if tagged.empty:
        return pd.DataFrame()
    method = "by value"
    if tagged["value"].isna().any():
        tagged, method = tagged.assign(value=1.0), "flows counted alike"
    buyers = _purchases(links, met.flows, tagged)
    parts: list[dict[str, object]] = []
    for tag, rows in tagged.groupby("tag", sort=True):
        for side, countries in _SIDES.items():
            for stat, channel, end in (("comes_from", "inputs", "seller"), ("goes_to", "sales", "buyer")):
                whole = rows[rows["channel"] == channel]
                there = whole[whole[f"{end}_country"].isin(countries)]
                total = float(whole["value"].sum())
                if total > 0:
                    parts.append(
                        {
                            "technology": tag,
                            "side": side,
                            "stat": stat,
                            "n": whole["firm"].nunique(),
                            "flows": len(there),
                            "customers": there["buyer"].nunique() if channel == "sales" else 0,
                            "value": total,
                            "estimate": float(there["value"].sum()) / total,
                        }
                    )
            parts += _held(str(tag), side, buyers, countries)
    return pd.DataFrame(parts).assign(method=method)


def _tagged(flows: pd.DataFrame, technologies: pd.DataFrame) -> pd.DataFrame:
    """Flows once for each technology of the catalogue that their tags fall under."""
    wide = {str(row["tag"]): str(row["tag"]) for _, row in technologies.iterrows()}
    for _, row in technologies.iterrows():
        wide |= {tag: str(row["tag"]) for tag in str(row["tags"]).split("|") if tag}
    words = pd.Series(flows["technology"].unique(), dtype="str")
    pairs = words[words != ""].str.split(";").explode()
    found = pairs.str.strip().map(wide).dropna()
    table = pd.DataFrame({"technology": words.reindex(found.index).to_numpy(), "tag": found.to_numpy()})
    columns = ["firm", "flow", "channel", "seller", "buyer", "seller_country", "buyer_country"]
    rows = flows[[*columns, "value", "technology"]].astype({"technology": "str"})
    return rows.merge(table.drop_duplicates(), on="technology")


def _purchases(links: Links | None, flows: pd.DataFrame, tagged: pd.DataFrame) -> pd.DataFrame:
    """Every named purchase of the customers, of any supplier, with its technology where a sale tells it."""
    if links is None:
        return pd.DataFrame()
    sales = tagged[tagged["channel"] == "sales"]
    frame = links.frame[["link", "buyer", "product", "value", "share", "inputs"]]
    mine = frame[frame["buyer"].isin(sales["buyer"].unique())].astype(
        {"link": "str", "buyer": "str", "product": "str"}
    )
    country = links.parties.set_index("party")["country"].astype("str")
    mine = mine.assign(country=mine["buyer"].map(country).fillna(""), ours=mine["link"].isin(sales["flow"]))
    product = sales[["flow", "tag"]].merge(mine[["link", "product"]], left_on="flow", right_on="link")
    told = product.loc[product["product"] != "", ["product", "tag"]].drop_duplicates()
    by_product = mine[mine["product"] != ""].merge(told, on="product")
    unnamed = mine[mine["product"] == ""].merge(sales[["flow", "tag"]], left_on="link", right_on="flow")
    return pd.concat([by_product, unnamed.drop(columns="flow")], ignore_index=True)


def _held(tag: str, side: str, buyers: pd.DataFrame, countries: Sequence[str]) -> list[dict[str, object]]:
    if buyers.empty:
        return []
    rows = buyers[(buyers["tag"] == tag) & buyers["country"].isin(countries)]
    ours = rows[rows["ours"]]
    customers = ours["buyer"].nunique()
    if not customers:
        return []
    rows = rows[rows["buyer"].isin(ours["buyer"])]
    plain = {"technology": tag, "side": side, "n": customers, "customers": customers, "flows": len(ours)}
    whole = float(rows["value"].sum())
    others = not bool(rows["ours"].all()) and not bool(rows["value"].isna().any()) and whole > 0
    inputs = ours.drop_duplicates("buyer")["inputs"].astype(float)
    of_inputs = float(ours["value"].sum()) / float(inputs.sum()) if bool((inputs > 0).all()) else np.nan
    return [
        plain
        | {
            "stat": "held",
            "value": whole,
            "estimate": float(ours["value"].sum()) / whole if others else np.nan,
        },
        plain | {"stat": "of_inputs", "value": float(inputs.sum()), "estimate": of_inputs},
    ]
