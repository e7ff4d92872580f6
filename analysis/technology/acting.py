"""Activities by the technologies of the catalogue that they bear, counted alike: their part in each side."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.activities import activities_on
from analysis.rules.fields import KIND_CHANNELS
from analysis.rules.itemised import with_items
from analysis.rules.stated import Stated
from analysis.supply.links import Links
from analysis.technology.homes import SIDES, home_members
from analysis.technology.sides import SIDE_STATS, Cells, Sided
from analysis.technology.tagged import technology_of_tags

__all__ = ["ALIKE", "activity_ratios", "joined_sides", "tagged_activities"]

ALIKE = "activities counted alike"
"""What activities weigh: 1 each, for money, persons and data have no unit in common."""


def tagged_activities(
    stated: Stated | None, links: Links, technologies: pd.DataFrame, day: date | None
) -> pd.DataFrame | None:
    """Activities of a day that bear a technology, one row an activity and technology.

    Kinds are those of `KIND_CHANNELS`: cooperation, use, investment, data, staff. An activity has the tags
    that it states, else those of its item. A row that says more of a link is no activity of its own.

    Parameters
    ----------
    stated : Stated or None
    links : Links
        Of the same study, for items and the countries of parties.
    technologies : pandas.DataFrame
        `tag,tags` of the catalogue.
    day : datetime.date or None
        None for no activities.

    Returns
    -------
    pandas.DataFrame or None
        Columns as `tagged_links`, `value` 1 each; None where no activity bears a technology.

    Raises
    ------
    FileFault
        Activities that cannot be true on the day.
    """
    if stated is None or stated.activities is None or day is None:
        return None
    rows = activities_on(stated.activities, day, stated.where)
    rows = rows[(rows["link"] == "") & rows["kind"].isin(list(KIND_CHANNELS))].reset_index(drop=True)
    if rows.empty:
        return None
    home = links.parties.drop_duplicates("party").set_index("party")["country"]
    made = pd.DataFrame({"link": rows["activity"].astype("str")})
    for end in ("seller", "buyer"):
        made[end] = rows[end].astype("str")
        made[f"{end}_home"] = rows[end].map(home).fillna("").astype("str")
        made[f"{end}_home"] = made[f"{end}_home"].where(made[f"{end}_home"] != "", rows[f"{end}_country"])
    made["sold_from"] = rows["seller_country"].where(rows["seller_country"] != "", made["seller_home"])
    made["product"] = rows["product"].astype("str")
    made["confidence"] = rows["confidence"].astype("float64").fillna(1.0)
    tags = rows["technology"].astype("str")
    if len(links.items):
        named = with_items(made[["seller", "product"]], links.items)["technology"].astype("str")
        tags = tags.where((tags != "") | (made["product"] == ""), named)
    wide = technology_of_tags(technologies)
    found = tags.str.split(";").explode().str.strip().map(wide).dropna()
    pairs = pd.DataFrame({"row": found.index.to_numpy(), "technology": found.to_numpy(dtype=object)})
    pairs = pairs.drop_duplicates()
    if pairs.empty:
        return None
    made = made.iloc[pairs["row"].to_numpy()].reset_index(drop=True)
    made = made.assign(technology=pairs["technology"].to_numpy(dtype=object), value=1.0)
    made = made.assign(inputs=np.nan, inputs_rest=np.nan, sales_rest=np.nan)
    made.attrs["method"] = ALIKE
    return made


def activity_ratios(
    acting: pd.DataFrame,
    homes: Sequence[str],
    firms: tuple[str, ...],
    *,
    seed: int,
    draws: int,
    level: float,
) -> Sided:
    """Ratios of activities, each of which counts as one.

    `received`: of the activities in a technology in which the home's firms receive, the part in which the
    side gives. `given`: of those in which they give, the part in which the side receives. `relied_on`: of
    those in which the side receives, the part in which the home's firms give; missing where nobody else is
    known to.

    Parameters
    ----------
    acting : pandas.DataFrame
        From `tagged_activities`.
    homes, firms, seed, draws, level
        As `side_ratios`.
    """
    cells = Cells(acting)
    for home in homes:
        buys = home_members(acting["buyer"], acting["buyer_home"], home, firms)
        sells = home_members(acting["seller"], acting["seller_home"], home, firms)
        for side, countries in SIDES.items():
            there = acting["sold_from"].isin(countries).to_numpy()
            bought = acting["buyer_home"].isin(countries).to_numpy()
            cells.add(home, side, "received", buys, there.astype(float), "buyer")
            cells.add(home, side, "given", sells, bought.astype(float), "seller")
            cells.add(home, side, "relied_on", bought, sells.astype(float), "buyer")
    return cells.drawn(seed=seed, draws=draws, level=level)


def joined_sides(*parts: Sided) -> Sided:
    """Rows of several, in the fixed order, with their draws."""
    filled = [part for part in parts if len(part.table)] or list(parts[:1])
    table = pd.concat([part.table for part in filled], ignore_index=True)
    place = table["stat"].map({stat: i for i, stat in enumerate(SIDE_STATS)})
    order = (
        table.assign(place=place).sort_values(["technology", "home", "side", "place"], kind="stable").index
    )
    draws = np.concatenate([part.draws for part in filled], axis=1)
    return Sided(table.loc[order].reset_index(drop=True), draws[:, order.to_numpy()])
