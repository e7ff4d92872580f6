"""Listings that follow from ownership: who is caught by a 50 per cent rule on a day, and by which chain."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.affiliates import find_affiliates
from analysis.rules.catalogue import Catalogue
from analysis.rules.owners import OwnerRule, counting
from analysis.rules.ownership import holdings_on

__all__ = ["DERIVED_COLUMNS", "affiliates_on", "as_listings", "with_chains"]

DERIVED_COLUMNS = (
    "party",
    "list",
    "outcome",
    "total",
    "unknown",
    "level",
    "product",
    "owners",
    "path",
    "why",
    "clause",
    "flag",
)
"""Columns of `affiliates_on`."""


def affiliates_on(
    holdings: pd.DataFrame,
    listings: pd.DataFrame,
    rules: Sequence[OwnerRule],
    catalogue: Catalogue,
    as_of: date,
    countries: pd.Series | None = None,
    where: str = "ownership",
) -> pd.DataFrame:
    """Who listed owners hold on a day, under each rule.

    Parameters
    ----------
    holdings : pandas.DataFrame
        `read_ownership`.
    listings : pandas.DataFrame
        `party,list,from,to` and, where it is known, `program` (several with `;`).
    rules : sequence of OwnerRule
        `read_owner_rules`; one whose `during` is not in force that day catches nobody.
    catalogue : Catalogue
    as_of : datetime.date
    countries : pandas.Series, optional
        Country code by party; firms of `not_in` are left out, firms without one are not.
    where : str
        The file of holdings, for messages.

    Returns
    -------
    pandas.DataFrame
        `DERIVED_COLUMNS`; `total` to `owners` as `find_affiliates`. `outcome`: `caught`; `review`, a red flag
        and no "no": an owner's share is not known, or the party is caught only if an open point falls
        so; `below`. `why` says which. `path`: the listed party, the shares and the parties between.

    Raises
    ------
    FileFault
        Majorities in a loop.
    """
    now = holdings_on(holdings, as_of, where)
    state = catalogue.on(as_of)
    running = set(state.loc[state["state"] == "in_force", "instrument"])
    on = _on(listings, as_of)
    active = [rule for rule in rules if not rule.during or rule.during in running]
    wide_all = _found(now, on, active, sure=False)
    moved = [
        rule
        for rule in active
        if rule.aggregation == "open"
        or not counting(rule, on, sure=True).equals(counting(rule, on, sure=False))
    ]
    sure_all = _found(now, on, moved, sure=True) if moved else wide_all
    near = now[now["owned"].isin(wide_all["party"]).to_numpy()]
    parts = []
    for rule in active:
        wide = wide_all[(wide_all["list"] == rule.rule).to_numpy()]
        if not len(wide):
            continue
        from_ = sure_all if rule in moved else wide_all
        mine = from_[(from_["list"] == rule.rule).to_numpy() & (from_["outcome"] == "caught")]
        firm = wide["party"].isin(mine["party"])
        only = (wide["outcome"] == "caught") & ~firm
        open_point = "owners are added up or chains followed" if rule.aggregation == "open" else _PROGRAM
        wide = wide.assign(
            path=_paths(near, on, rule, wide),
            why=np.select(
                [firm, only, wide["outcome"] == "review"],
                ["", f"caught only if {open_point}", "the share of a listed or caught owner is not known"],
                "held by listed parties, below the threshold",
            ),
            outcome=np.select(
                [firm, only | (wide["outcome"] == "review")], ["caught", "review"], "below"
            ).astype(object),
            clause=rule.clause,
            flag=rule.flag,
        )
        if rule.not_in and countries is not None:
            home = wide["party"].map(countries[~countries.index.duplicated()])
            wide = wide[~home.isin(rule.not_in).to_numpy()]
        parts.append(wide)
    if not parts:
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in DERIVED_COLUMNS})
    table = pd.concat(parts, ignore_index=True)[list(DERIVED_COLUMNS)]
    return table.reset_index(drop=True)


def as_listings(affiliates: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Listings of that one day: the rule's list for parties that are caught, its `flag` for those to look at.

    Returns
    -------
    pandas.DataFrame
        `party,list,from,to,evidence,program,taken`; `evidence` is the clause and the chain.
    """
    caught = affiliates[affiliates["outcome"] == "caught"]
    flagged = affiliates[(affiliates["outcome"] == "review") & (affiliates["flag"] != "")]
    rows = pd.concat([caught, flagged.assign(list=flagged["flag"])], ignore_index=True)
    many = rows["owners"].astype("str").str.contains("; ", regex=False)
    together = "; owners that count: " + rows["owners"].astype("str")
    said = rows["clause"].astype("str") + ": " + rows["path"].astype("str") + together.where(many, "")
    out = rows[["party", "list"]].assign(evidence=said, program="", taken="")
    out["from"] = out["to"] = as_of.isoformat()
    return out[["party", "list", "from", "to", "evidence", "program", "taken"]]


def with_chains(contacts: pd.DataFrame, flows: pd.DataFrame, affiliates: pd.DataFrame) -> pd.DataFrame:
    """Contacts whose `path` goes on with the chain of ownership that puts an end of the flow on the list.

    Parameters
    ----------
    contacts, flows : pandas.DataFrame
        Of `reach.contact` and `flows_of`.
    affiliates : pandas.DataFrame
        `affiliates_on` of the same day.
    """
    known = affiliates[affiliates["outcome"] != "below"].drop_duplicates(["party", "list"])
    if not len(known) or not len(contacts):
        return contacts
    chain = known.set_index(["party", "list"])["path"]
    ends = flows.drop_duplicates("flow").set_index("flow")
    path = contacts["path"]
    for end in ("seller", "buyer"):
        party = contacts["flow"].map(ends[end])
        said = chain.reindex(pd.MultiIndex.from_arrays([party, contacts["instrument"]])).to_numpy()
        told = pd.Series(said, index=contacts.index, dtype="str")
        path = path.where(told.isna(), path + "; owned: " + told.fillna(""))
    return contacts.assign(path=path)


_PROGRAM = "the programme of an owner's designation is a named one"


def _on(listings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    day = as_of.isoformat()
    rows = listings.fillna("")
    now = rows[((rows["from"] == "") | (rows["from"] <= day)) & ((rows["to"] == "") | (rows["to"] >= day))]
    program = now["program"] if "program" in now.columns else ""
    return now[["party", "list"]].assign(program=program).reset_index(drop=True)


def _found(now: pd.DataFrame, on: pd.DataFrame, rules: list[OwnerRule], *, sure: bool) -> pd.DataFrame:
    """What `find_affiliates` finds for all rules at once; `sure`: whatever open points come to."""
    parts, alone = [], []
    for rule in rules:
        owners = on.loc[counting(rule, on, sure=sure), ["party"]].assign(list=rule.rule)
        if sure and rule.aggregation == "open" and len(owners):
            held = now[now["owner"].isin(owners["party"]).to_numpy()]
            whole = held.groupby(["owner", "owned"])["share"].transform("sum")
            enough = held[(whole >= rule.threshold - 1e-9).to_numpy()]
            alone.append(pd.DataFrame({"party": enough["owned"], "list": rule.rule, "outcome": "caught"}))
        elif len(owners):
            parts.append(owners)
    found = []
    if parts:
        named = {rows["list"].iloc[0] for rows in parts}
        sets = [rule.as_set() for rule in rules if rule.rule in named]
        found.append(find_affiliates(now, pd.concat(parts, ignore_index=True), sets))
    if not found and not alone:
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in ("party", "list", "outcome")})
    return pd.concat([*found, *alone], ignore_index=True)


def _paths(now: pd.DataFrame, on: pd.DataFrame, rule: OwnerRule, found: pd.DataFrame) -> np.ndarray:
    """The largest holding back to a list, step by step: `A [US-EL] > 60% > B > 30% of 55% counted > C`."""
    counts = on[counting(rule, on, sure=False)]
    said = counts.drop_duplicates(["party", "list"]).groupby("party")["list"].agg(", ".join)
    path = pd.Series(said.index + " [" + said.to_numpy(dtype=object) + "]", index=said.index, dtype="str")
    level = pd.Series(0, index=said.index)
    caught = found[found["outcome"] == "caught"]
    steps = caught.set_index("party")["level"]
    level = pd.concat([level, steps])
    wanted = found.set_index("party")["level"].where(
        (found["outcome"] == "caught").to_numpy(), len(found) + 1
    )
    edges = now[now["owned"].isin(found["party"])].copy()
    edges["up"] = edges["owner"].map(level)
    edges = edges[edges["up"].notna() & (edges["up"] < edges["owned"].map(wanted))]
    edges = edges.sort_values("share", ascending=False, na_position="last", kind="stable")
    best = edges.drop_duplicates("owned").set_index("owned")
    percent = pd.Series(np.char.mod("%.6g%%", 100 * best["share"].to_numpy(dtype=float)), index=best.index)
    percent = percent.astype("str").replace("nan%", "?")
    total = found.set_index("party")["total"].reindex(best.index).to_numpy(dtype=float)
    of = pd.Series(np.char.mod(" of %.6g%% counted", 100 * total), index=best.index, dtype="str")
    percent += of.where(total > np.nan_to_num(best["share"].to_numpy(dtype=float)) + 1e-9, "")
    for step in sorted(wanted.loc[best.index].unique()):
        here = best.index[wanted.loc[best.index] == step]
        above = best.loc[here, "owner"].map(path).to_numpy(dtype=object)
        new = above + " > " + percent.loc[here].to_numpy(dtype=object) + " > " + here.to_numpy(dtype=object)
        path = pd.concat([path, pd.Series(new, index=here, dtype="str")])
    return found["party"].map(path).fillna("").to_numpy(dtype=object)
