"""Names that stand on no list, and whom a listed party owns: caught by a 50 per cent rule, or a red flag."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.matching.judging import fold_names
from analysis.matching.pairing import MATCH_AT, REVIEW_AT, match_names
from analysis.rules.catalogue import Catalogue
from analysis.rules.derived import affiliates_on
from analysis.rules.owners import read_owner_rules

__all__ = ["screen_owners"]

_COLUMNS = ("row", "name", "outcome", "probability", "list", "entry", "matched_name", "reason")


def screen_owners(
    names: pd.DataFrame,
    listed: pd.DataFrame,
    holdings: pd.DataFrame,
    catalogue: Catalogue,
    as_of: date,
    judgements: pd.DataFrame | None = None,
    *,
    match_at: float = MATCH_AT,
    review_at: float = REVIEW_AT,
    where: str = "ownership",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Look the owners of names up in the lists, and count what they hold on a day.

    Parameters
    ----------
    names : pandas.DataFrame
        `name`, and `country` where it is known.
    listed : pandas.DataFrame
        `analysis.matching.listing.LISTED_COLUMNS`.
    holdings : pandas.DataFrame
        `read_ownership`; parties are written as in `names` (case, width and spaces do not count), or as entry
        of a list.
    catalogue : Catalogue
        Its owner sets, and what is in force.
    as_of : datetime.date
    judgements : pandas.DataFrame, optional
    match_at, review_at : float
        As `match_names`.
    where : str
        The file of holdings, for messages.

    Returns
    -------
    tuple of two pandas.DataFrame
        First, as `match_names`, a row a name and rule. `outcome`: `caught`; or `red flag`, where an owner's
        share is not known, an owner's name waits for a person, a point of law is open, or the owners hold
        less than the threshold. `probability` that the first owner of the chain is the listed party; `list`
        the rule, `entry` that owner's, `matched_name` the owner, `reason` the chain, the clause, the state.
        Second, rows of `match_names` of owners whose names wait for a person.

    Raises
    ------
    FileFault
        Majorities in a loop.
    """
    parties = pd.DataFrame({"name": pd.unique(pd.concat([holdings["owner"], holdings["owned"]]))})
    country = names["country"] if "country" in names.columns else pd.Series("", index=names.index)
    homes = pd.Series(country.to_numpy(), index=fold_names(names["name"]).to_numpy())
    homes = homes[homes != ""]
    homes = homes[~homes.index.duplicated()]
    parties["country"] = fold_names(parties["name"]).map(homes).astype(object).fillna("").astype("str")
    found = match_names(parties, listed, judgements, match_at=match_at, review_at=review_at, every=True)
    by_entry = parties.merge(
        listed.drop_duplicates(["list", "entry"])[["list", "entry", "name"]],
        left_on="name",
        right_on="entry",
        suffixes=("", "_listed"),
    )
    more = by_entry.assign(outcome="match", probability=1.0, matched_name=by_entry["name_listed"])
    hits = pd.concat([found[found["outcome"] != "no match"], more], ignore_index=True)
    hits = hits.sort_values("probability", ascending=False, kind="stable")
    lists = _as_listings(hits, listed)
    rules = read_owner_rules(catalogue)
    home = parties.set_index("name")["country"]
    sure = affiliates_on(
        holdings, lists[lists["outcome"] == "match"], rules, catalogue, as_of, home, where=where
    )
    wide = affiliates_on(holdings, lists, rules, catalogue, as_of, home, where=where)
    firm = pd.MultiIndex.from_frame(sure.loc[sure["outcome"] == "caught", ["party", "list"]])
    is_firm = pd.MultiIndex.from_frame(wide[["party", "list"]]).isin(firm)
    waits = (wide["outcome"] == "caught") & ~is_firm
    why = wide["why"].mask(waits, "caught only if the owner's name is the listed one: to be judged")
    wide = wide.assign(why=why, outcome=np.where(is_firm, "caught", "red flag"))
    waiting = hits[(hits["outcome"] == "review") & hits["name"].isin(holdings["owner"])]
    return _rows(names, wide, hits, catalogue, as_of), waiting[list(_COLUMNS)]


def _as_listings(hits: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    facts = listed.drop_duplicates(["list", "entry"])
    rows = hits[["name", "list", "entry", "outcome"]].merge(facts.drop(columns="name"), on=["list", "entry"])
    every = rows["list"].str.cat(rows["also"], sep=";").str.strip(";").str.split(";")
    rows = rows.assign(list=every, party=rows["name"]).explode("list")
    return rows[["party", "list", "from", "to", "program", "outcome"]].reset_index(drop=True)


def _rows(
    names: pd.DataFrame, wide: pd.DataFrame, hits: pd.DataFrame, catalogue: Catalogue, as_of: date
) -> pd.DataFrame:
    asked = pd.DataFrame(
        {"folded": fold_names(names["name"]), "row": np.arange(len(names)), "name": names["name"]}
    )
    out = asked.merge(wide.assign(folded=fold_names(wide["party"])), on="folded")
    root = out["path"].astype("str").str.extract(r"^(.*?) \[")[0]
    best = hits.drop_duplicates("name").set_index("name")
    state = catalogue.on(as_of).drop_duplicates("instrument").set_index("instrument")["state"]
    now = out["list"].map(state).fillna("not dated").astype("str").str.replace("_", " ", regex=False)
    held = (100 * out["total"].astype(float)).map("{:.6g}%".format)
    many = out["owners"].astype("str").str.contains("; ", regex=False)
    said = out["path"] + ("; together " + held + ": " + out["owners"]).where(many, "")
    said += ("; " + out["why"]).where(out["why"] != "", "")
    out["reason"] = said + "; " + out["clause"] + "; " + out["list"] + " " + now + " on " + as_of.isoformat()
    out["probability"] = root.map(best["probability"]).astype(float)
    out["entry"], out["matched_name"] = root.map(best["entry"]), root.map(best["matched_name"])
    out = out.sort_values(["row", "outcome", "list"], kind="stable", ignore_index=True)
    return out[list(_COLUMNS)].fillna({"entry": "", "matched_name": ""})
