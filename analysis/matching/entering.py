"""What was matched becomes listings of a study: the party, the instrument, its days, and why."""

import pandas as pd

__all__ = ["listings_from"]

_COLUMNS = ("party", "list", "from", "to", "evidence", "program", "taken")


def listings_from(found: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Listings of the parties that match an entry; reviews are left to a person.

    Parameters
    ----------
    found : pandas.DataFrame
        `gathering.match_study`: `what,key,outcome,probability,list,entry,matched_name,reason`.
    listed : pandas.DataFrame
        The lists looked in, `listing.LISTED_COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        `party,list,from,to,evidence,program,taken`, a row a party and list (footnotes of an entry are lists
        too), earliest day first. A firm that matched a party of the links stands under the party's id.
    """
    matched = found[(found["outcome"] == "match")]
    same = matched[matched["what"] == "firm"].drop_duplicates("key").set_index("key")["entry"]
    rows = matched[matched["what"].isin(["firm on lists", "party on lists"])]
    known = rows["key"].map(same).astype(object).fillna(rows["key"]).astype("str")
    party = rows["key"].where(rows["what"] != "firm on lists", known)
    facts = listed.drop_duplicates(["list", "entry"])
    whole = rows.assign(party=party).merge(
        facts[["list", "entry", "also", "from", "to", "program", "taken"]], on=["list", "entry"], how="left"
    )
    percent = (100 * whole["probability"]).round().astype(int).astype(str)
    whole["evidence"] = (
        whole["matched_name"] + " (entry " + whole["entry"] + "): " + whole["reason"] + ", " + percent + "%"
    )
    every = whole["list"].str.cat(whole["also"].fillna(""), sep=";").str.strip(";").str.split(";")
    whole = whole.assign(list=every).explode("list").sort_values(["party", "list", "from"], kind="stable")
    return whole.drop_duplicates(["party", "list"])[list(_COLUMNS)].fillna("").reset_index(drop=True)
