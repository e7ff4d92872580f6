"""What each good sold in the made-up world is made of, and how it is classified."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.worlds.flows import Firms, between
from analysis.worlds.goods import GOODS, RESOLD
from analysis.worlds.parties import Parties, places_of

__all__ = ["item_table"]

_SILENT = 0.1
_BETWEEN = 0.25
_DESIGNED = (
    "logic_chips",
    "memory_chips",
    "ai_accelerators",
    "telecom_equipment",
    "chip_making_equipment",
)


def item_table(rng: np.random.Generator, links: pd.DataFrame, firms: Firms, parties: Parties) -> pd.DataFrame:
    """One row a seller and good.

    Goods of the firms come from Japan, except those they resell. What is made in the United States or
    in China consists mostly of that country's content.

    Returns
    -------
    pandas.DataFrame
        `party,product,hs,eccn,technology,us_content_low,us_content_high,cn_content_low,
        cn_content_high,origin,direct_product,evidence`; contents are shares of the item's value, known as
        bounds; they and `direct_product` are blank where the seller does not say (a tenth of the
        suppliers' goods). A quarter of the goods that the firms make without US content and without
        an entry of their own on the control list have bounds on both sides of 25%.
    """
    made = links[["supplier", "product"]].drop_duplicates()
    made = made.sort_values(["supplier", "product"], kind="stable", ignore_index=True)
    made = made.rename(columns={"supplier": "party"})
    product = made["product"].to_numpy(dtype=str)
    rows = len(made)
    goods = [GOODS[name] for name in product]
    home = pd.concat([pd.Series("JP", index=firms.id), parties.suppliers.set_index("party")["origin"]])
    resold = np.isin(product, RESOLD) & made["party"].isin(set(firms.id)).to_numpy()
    origin = np.where(resold, places_of(rng, product), made["party"].map(home).to_numpy(dtype=str))
    american, chinese = origin == "US", np.char.startswith(origin, "CN")
    low_us, high_us = np.asarray([good.us for good in goods]).T
    low_cn, high_cn = np.asarray([good.cn for good in goods]).T
    us = np.where(american, between(rng, 0.6, 0.95, rows), between(rng, low_us, high_us, rows))
    cn = np.where(chinese, between(rng, 0.6, 0.95, rows), between(rng, low_cn, high_cn, rows))
    us = np.where(chinese, 0.2 * us, us)
    cn = np.minimum(np.where(american, 0.2 * cn, cn), 0.98 - us)
    silent = (rng.random(rows) < _SILENT) & made["party"].str.startswith("T").to_numpy()
    direct = np.where(np.isin(product, _DESIGNED) & (rng.random(rows) < 0.5), "yes", "no")
    made_here = made["party"].isin(set(firms.id)).to_numpy() & ~resold
    uncontrolled = np.asarray([good.eccn == "EAR99" and good.us[1] < 0.25 for good in goods])
    sold_then = np.isin(made["party"].to_numpy(dtype=str) + "/" + product, _first_goods(firms))
    unsure = made_here & uncontrolled & ~sold_then & (rng.random(rows) < _BETWEEN)
    us_low, us_high = np.where(unsure, 0.5 * us, us), np.where(unsure, np.minimum(us + 0.3, 0.98 - cn), us)
    bounds = {
        "us_content_low": us_low,
        "us_content_high": us_high,
        "cn_content_low": cn,
        "cn_content_high": cn,
    }
    return made.assign(
        hs=[good.hs for good in goods],
        eccn=[good.eccn for good in goods],
        technology=[good.technology for good in goods],
        **{name: np.where(silent, np.nan, np.round(value, 3)) for name, value in bounds.items()},
        origin=origin,
        direct_product=np.where(silent, "", direct),
        evidence="synthetic",
    )


def _first_goods(firms: Firms) -> NDArray[np.str_]:
    """Seller and good that may go to buyers listed on the day of the survey: known content, no doubt."""
    return np.char.add(np.char.add(firms.id.astype(str), "/"), firms.plain[:, 0])
