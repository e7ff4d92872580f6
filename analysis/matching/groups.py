"""Who belongs to whom: the head of each firm's group on a day, from dated holdings."""

from datetime import date

import pandas as pd

from survey import FileFault

__all__ = ["group_heads"]


def group_heads(holdings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Head of the group of each firm on a day.

    Parameters
    ----------
    holdings : pandas.DataFrame
        `owner,owned,share,from,to` as `analysis.rules.ownership.read_ownership` gives them.
    as_of : datetime.date
        The day; last days included.

    Returns
    -------
    pandas.DataFrame
        `party,head,steps,product`: an owner counts where its share is over one half, or is not known and the
        firm has one owner only; the head is the last one up the chain, `steps` how far, `product` the product
        of the shares, a bare number that no law asks for. No row for a firm that nobody controls.

    Raises
    ------
    FileFault
        Firms that control each other in a circle.
    """
    day = as_of.isoformat()
    now = holdings[(holdings["from"] <= day) & ((holdings["to"] == "") | (holdings["to"] >= day))]
    alone = now.groupby("owned")["owner"].transform("size") == 1
    now = now[(now["share"] > 0.5) | (now["share"].isna() & alone)]
    now = now.sort_values("share", ascending=False, kind="stable").drop_duplicates("owned")
    up, share = now.set_index("owned")["owner"], now.set_index("owned")["share"]
    out = pd.DataFrame({"party": now["owned"].to_numpy(), "head": now["owner"].to_numpy(), "steps": 1})
    out["product"] = now["share"].to_numpy(dtype=float)
    for _ in range(len(up)):
        higher = out["head"].map(up)
        moves = higher.notna()
        if not moves.any():
            return out
        out.loc[moves, "product"] *= out.loc[moves, "head"].map(share)
        out.loc[moves, "steps"] += 1
        out.loc[moves, "head"] = higher[moves]
    if not len(up):
        return out
    name = str(out["party"].iloc[int(out["steps"].to_numpy().argmax())])
    raise FileFault(
        f"holdings, owned {name!r}",
        "firms that control each other in a circle",
        "a chain that ends in a head",
        "correct the shares or the dates of its rows",
    )
