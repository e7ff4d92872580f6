"""What to know of activities and bills of materials before contact: what is missing or disagrees."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.rules.activities import activities_on
from analysis.rules.bills import EVERYWHERE, Bills
from analysis.rules.contents import contents_of
from analysis.rules.dating import shortened
from analysis.rules.itemised import CONTENT_ENDS, with_items
from analysis.rules.materials import bills_on
from analysis.rules.stated import stated_of
from analysis.supply.links import Links, load_links
from analysis.supply.words import plain_text
from survey import Finding, Study

__all__ = ["check_flows"]

_ROUNDING = 1e-9

_ASKED = {
    "cooperation": ("technology", "eccn", "hs", "product"),
    "data": ("technology", "product"),
    "staff": ("person_country",),
    "investment": ("person_country",),
    "use": ("technology", "hs", "product"),
    "re-export": ("technology", "eccn", "hs", "product"),
}
"""Facts of each kind of activity, one of which rules on that kind ask for."""


def check_flows(study: Study) -> tuple[Finding, ...]:
    """Look over the activities and bills of a study on its day; nothing is written.

    Returns
    -------
    tuple of Finding
        Parties of activities nobody knows, activities without the facts that rules on their kind ask for;
        items with a bill that nobody sells, bills that leave part of the price unnamed, contents that
        disagree with the file of items. Nothing where the study names neither file, or has no day or links.

    Raises
    ------
    Fault
        Activities, bills or groups of destinations at fault.
    """
    stated, day = stated_of(study), study.as_of or study.calibrated_at
    is_silent = stated.activities is None and stated.bills is None
    if is_silent or day is None or not study.section("supply"):
        return ()
    links = load_links(study, as_of=day)
    found: list[Finding] = []
    if stated.activities is not None:
        acts = activities_on(stated.activities, day, stated.where, links.frame["link"])
        found += _of_activities(acts, links, Path(stated.where).name, day)
    if stated.bills is not None:
        found += _of_bills(stated.bills, links, day)
    return tuple(found)


def _of_activities(acts: pd.DataFrame, links: Links, where: str, day: date) -> list[Finding]:
    found = []
    if acts.empty:
        none = f"no activity on {day.isoformat()}"
        found.append(Finding(where, none, "They change nothing that day.", "Look at the days of the rows."))
    own = acts[acts["link"] == ""]
    named = pd.concat([own["seller"], own["buyer"]]).drop_duplicates()
    odd = named[~named.isin(links.parties["party"])]
    if len(odd):
        found.append(
            Finding(
                f"{where}, columns seller and buyer",
                f"{len(odd)} parties of activities are not among the parties: {shortened(odd)}",
                "Their country and kind are not known, unless the row says so.",
                "Look whether their ids are spelled as in the parties, or add them there.",
            )
        )
    silent = pd.Series(False, index=own.index)
    for kind, facts in _ASKED.items():
        silent |= (own["kind"] == kind) & (own[list(facts)] == "").all(axis=1)
    if silent.any():
        words = "row " + own.loc[silent, "row"].astype("str") + " (" + own.loc[silent, "kind"] + ")"
        found.append(
            Finding(
                where,
                f"{int(silent.sum())} activities say nothing of what rules on their kind ask for: "
                + shortened(words),
                "Rules that ask for it stay unknown there.",
                "Fill in " + "; ".join(f"{kind}: {facts[0]}" for kind, facts in _ASKED.items()) + ".",
            )
        )
    return found


def _of_bills(bills: Bills, links: Links, day: date) -> list[Finding]:
    frame, where, found = bills_on(bills, day), Path(bills.where).name, []
    sold = plain_text(links.frame[["supplier", "product"]]).drop_duplicates()
    pairs = pd.MultiIndex.from_frame(sold)
    items = frame.drop_duplicates("item").sort_values("item")
    keys = pd.MultiIndex.from_frame(items[["party", "product"]])
    is_sold = keys.isin(pairs) | ((items["party"] == "") & items["product"].isin(sold["product"])).to_numpy()
    idle = items[~is_sold & ~items["item"].isin(frame["part"])]
    name = (items["party"] + " " + items["product"]).str.strip()
    if len(idle):
        found.append(
            Finding(
                where,
                f"{len(idle)} items with a bill that nobody sells: {shortened(name[idle.index])}",
                "Their bill changes nothing.",
                "Look whether party and product are spelled as in the links.",
            )
        )
    spent = (frame["value"].fillna(0.0) / frame["price"]).groupby(frame["item"]).sum().to_numpy()
    short = spent < 1.0 - _ROUNDING
    if short.any():
        words = name + " (" + pd.Series(spent * 100, index=name.index).map("{:.4g}".format) + "%)"
        found.append(
            Finding(
                where,
                f"{int(short.sum())} of {len(items)} bills name less than the price: "
                + shortened(words[short]),
                "The rest is in the upper bound of their content.",
                "Name own work and margin as a component too.",
            )
        )
    return found + _disagreeing(bills, links, day, where)


def _disagreeing(bills: Bills, links: Links, day: date, where: str) -> list[Finding]:
    """Items whose content in the file of items no destination of their bill allows.

    It is above what the bill holds if all its components needed a licence, or below what needs one wherever
    the item goes.
    """
    sold = plain_text(links.frame[["supplier", "product", "buyer"]])
    sold["destination"] = (
        sold["buyer"].map(links.parties.set_index("party")["country"]).fillna("").astype("str")
    )
    sold = sold.rename(columns={"supplier": "party"})[["party", "product", "destination"]]
    sold = sold.drop_duplicates().reset_index(drop=True)
    given = with_items(sold.rename(columns={"party": "seller"}), links.items)
    told = contents_of(bills, day, sold)
    most = replace(bills, frame=bills.frame.assign(licence_to=EVERYWHERE))
    held = contents_of(most, day, sold.assign(destination="elsewhere"))
    odd = pd.Series(False, index=sold.index)
    for low, high in (CONTENT_ENDS[:2], CONTENT_ENDS[2:]):
        least = told[low].groupby([sold["party"], sold["product"]]).transform("min")
        odd |= (given[low] > held[high] + _ROUNDING) | (given[high] < least - _ROUNDING)
    away = (sold["party"] + " " + sold["product"])[odd].drop_duplicates()
    if not len(away):
        return []
    return [
        Finding(
            where,
            f"{len(away)} items whose bill and file of items disagree: {shortened(away)}",
            "The bill counts.",
            "Correct one of the two.",
        )
    ]
