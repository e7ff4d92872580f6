"""What firms do beside buying and selling: activities of a study, and what it adds to the links it has."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.rules.cells import bounds_of, countries_in, refuse_cells, text_of, with_days
from analysis.rules.fields import FLOW_KINDS, PLAIN_KIND
from analysis.supply.ends import hs_digits
from analysis.supply.tables import numbers, read_rows
from survey import FileFault, nearest

__all__ = ["ACTIVITY_COLUMNS", "ACTIVITY_KINDS", "activities_on", "read_activities"]

ACTIVITY_KINDS = tuple(kind for kind in FLOW_KINDS if kind != PLAIN_KIND)
"""Kinds an activity may have; the word is the channel of its flow too."""

_BOUNDS = ("us_content", "cn_content", "stake", "growth")
_NUMBERS = ("value", "seller_share", "buyer_share", "confidence")
_OF_LINK = ("seller_country", "buyer_country", *_NUMBERS)

ACTIVITY_COLUMNS = (
    "activity",
    "link",
    "kind",
    "seller",
    "buyer",
    "seller_country",
    "buyer_country",
    "product",
    "hs",
    "eccn",
    "technology",
    "origin",
    "direct_product",
    "end_use",
    "person_country",
    "currency",
    *(f"{name}_{end}" for name in _BOUNDS for end in ("low", "high")),
    *_NUMBERS,
    "from",
    "to",
    "evidence",
    "row",
)
"""Columns of `read_activities`; `row` is the row of the file, 1 under the header."""


def read_activities(path: Path) -> pd.DataFrame:
    """Activities by `ACTIVITY_COLUMNS`, checked cell by cell.

    The seller gives (shares, hands over, invests, sends) and the buyer receives, as `fields.FLOW_KINDS` says.
    A row with a `link` is no flow of its own: it says more of that link, and may turn its kind. Contents,
    `stake` and `growth` are numbers, or bounds (`stake_low`, `stake_high`).

    Raises
    ------
    FileFault
        A kind nobody knows, or trade without its link; a party that is missing; a country, number, code,
        date or yes-or-no that cannot be: with their rows.
    """
    rows = read_rows(path)
    where = str(path)
    if "link" not in rows.columns and not {"kind", "seller", "buyer"} <= set(rows.columns):
        raise FileFault(
            f"{where}, header",
            ", ".join(str(word) for word in rows.columns[:8]),
            "the columns kind, seller, buyer, or link",
            "say who gives, who receives, and what",
        )
    text = text_of(rows, (*ACTIVITY_COLUMNS[:-1], *_BOUNDS))
    frame = text[list(ACTIVITY_COLUMNS[:-1])].copy()
    own = text["link"] == ""
    frame["kind"] = _kinds(text["kind"], own, where)
    for name in ("seller", "buyer"):
        refuse_cells((text[name] == "") & own, where, text[name], "the id of a party", "fill it in")
    for name in _OF_LINK:
        refuse_cells((text[name] != "") & ~own, where, text[name], "an empty cell: the link says it")
    alone = own & frame["kind"].isin(["re-export", "investment"]) & (text["seller"] == text["buyer"])
    refuse_cells(alone, where, text["buyer"], "another party than the seller")
    for name in ("seller_country", "buyer_country", "person_country", "origin"):
        frame[name] = countries_in(text[name], where, regions=name == "origin")
    frame["hs"] = hs_digits(text["hs"], where)
    for name in ("eccn", "currency"):
        frame[name] = text[name].str.upper()
    for name in ("technology", "end_use"):
        frame[name] = text[name].str.casefold().str.replace(r"\s*;\s*", ";", regex=True)
    frame["direct_product"] = text["direct_product"].str.casefold()
    odd = ~frame["direct_product"].isin(["", "yes", "no"])
    refuse_cells(odd, where, text["direct_product"], "yes, no or an empty cell")
    for name in _BOUNDS:
        frame[f"{name}_low"], frame[f"{name}_high"] = bounds_of(
            text, name, where, np.inf if name == "growth" else 1.0
        )
    for name in _NUMBERS:
        frame[name] = numbers(text[name], where, low=0.0, high=np.inf if name == "value" else 1.0)
    with_days(text, where)
    frame["row"] = np.arange(1, len(frame) + 1)
    return frame


def _kinds(cells: pd.Series, own: pd.Series, where: str) -> pd.Series:
    kind = cells.str.casefold()
    known = kind.isin(list(FLOW_KINDS)) | ((kind == "") & ~own)
    first = cells[~known].head(1)
    advice = nearest(str(first.iloc[0]), tuple(FLOW_KINDS)) if len(first) else ""
    refuse_cells(~known, where, cells, "what passes: " + ", ".join(ACTIVITY_KINDS), advice)
    bought = own & (kind == PLAIN_KIND)
    refuse_cells(
        bought, where, cells, "an activity; trade stands in the links", "add it there, or name its link"
    )
    same = kind.isin(["re-export", "use", PLAIN_KIND, ""])
    refuse_cells(
        ~own & ~same, where, cells, "trade, re-export or use: a link is of goods", "leave link empty"
    )
    return kind


def activities_on(
    activities: pd.DataFrame, day: date, where: str, links: pd.Series | None = None
) -> pd.DataFrame:
    """The activities of a day, each with an id: as given, else `A` and its row in six digits.

    Parameters
    ----------
    activities : pandas.DataFrame
        From `read_activities`.
    day : datetime.date
    where : str
        The file, for messages.
    links : pandas.Series, optional
        Ids of all links, to hold those of the rows against; without it they are not looked at (a scenario
        may have taken links away).

    Raises
    ------
    FileFault
        A link that does not exist, two rows of one link or one id on that day, the id of a link.
    """
    text = day.isoformat()
    begun = (activities["from"] == "") | (activities["from"] <= text)
    now = begun & ((activities["to"] == "") | (activities["to"] >= text))
    of_link = activities["link"] != ""
    made = activities.copy()
    numbered = "A" + activities["row"].astype("str").str.zfill(6)
    made["activity"] = activities["activity"].where(activities["activity"] != "", numbered)
    if links is not None:
        ids = links.astype("str")
        odd = now & of_link & ~activities["link"].isin(ids)
        first = activities.loc[odd, "link"].head(1)
        advice = nearest(str(first.iloc[0]), tuple(ids.head(10_000))) if len(first) else ""
        refuse_cells(odd, where, made["link"], "the id of a link of that day, as contact calls it", advice)
        taken = now & ~of_link & made["activity"].isin(ids)
        refuse_cells(taken, where, made["activity"], "an id that no link has", "rename the activity")
    for name, these in (("link", now & of_link), ("activity", now & ~of_link)):
        twice = pd.Series(False, index=made.index)
        twice[these] = made.loc[these, name].duplicated()
        refuse_cells(twice, where, made[name], "one row on one day", "join the rows, or give them days")
    return made[now].reset_index(drop=True)
