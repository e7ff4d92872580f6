"""Links that stand in for those of firms without any: what their sector buys from each country."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analysis.supply.averages.sectors import bought_from
from analysis.supply.averages.unlinked import AVERAGE, Averages, averages_of
from analysis.supply.ends import read_items, read_parties
from analysis.supply.links import LINK_COLUMNS, Links, load_links
from analysis.supply.places import said_territories
from analysis.supply.settings import settings_of
from analysis.supply.words import as_words, plain_text, shared_words
from survey import Study

__all__ = ["has_only_sectors", "links_or_averages", "own_links", "with_average_links"]

_LEAST = 1e-4
"""Share of inputs from which a country is a flow of its own."""


def has_only_sectors(study: Study) -> bool:
    """Whether a study has no links at all and names a table of sectors in their place."""
    supply = study.section("supply")
    return "links" not in supply and "sectors" in supply


def own_links(study: Study, *, as_of: date | None = None) -> Links | None:
    """The links of a study; None where it has none and names a table of sectors instead.

    Raises
    ------
    Fault
        As `load_links`.
    """
    if has_only_sectors(study):
        return None
    return load_links(study, as_of=as_of)


def links_or_averages(
    study: Study, *, as_of: date | None = None, links: Links | None = None
) -> tuple[Links, Averages | None]:
    """The links of a study, with those that stand in for firms without any, and what these come from.

    Parameters
    ----------
    study : Study
    as_of : date, optional
        As `load_links`.
    links : Links, optional
        The study's own, if they are read already.

    Raises
    ------
    Fault
        As `load_links` and `averages_of`.
    """
    links = own_links(study, as_of=as_of) if links is None else links
    averages = averages_of(study, links)
    if averages is None:
        return (load_links(study, as_of=as_of) if links is None else links), None
    return with_average_links(study, links, averages), averages


def with_average_links(study: Study, links: Links | None, averages: Averages) -> Links:
    """Links and, for each firm without, one for each country its sector buys from.

    The supplier is called `sector average: CN`; its party has the kind `sector average` and nothing above
    it, so that rules on origin and destination apply and those on parties and items are not known. What is
    bought from regions of no one country stays in the unnamed rest.
    """
    unlinked = averages.unlinked()
    settings = averages.settings
    used = {code: names for code, names in settings.mapping.items() if code in set(unlinked["sector"])}
    rows = []
    if used:
        bought = bought_from(averages.table, settings.country, used)
        long = (
            bought.rename_axis("sector")
            .reset_index()
            .melt(id_vars="sector", var_name="country", value_name="share")
        )
        rows = [unlinked[["firm", "sector"]].merge(long[long["share"] >= _LEAST], on="sector")]
    made = pd.concat([*rows, pd.DataFrame(columns=["firm", "sector", "country", "share"])], ignore_index=True)
    made = made[made["country"] != ""].reset_index(drop=True)
    supplier = f"{AVERAGE}: " + made["country"].astype("str")
    of = made["sector"].map({code: " ".join(names) for code, names in used.items()}).astype("str")
    stand = pd.DataFrame(
        {
            "link": "A:" + made["firm"].astype("str") + ":" + made["country"].astype("str"),
            "buyer": made["firm"].astype("str"),
            "supplier": supplier,
            "country": made["country"].astype("str"),
            "product": "",
            "value": np.nan,
            "share": made["share"].astype(float),
            "inputs": np.nan,
            "period": "",
            "confidence": np.nan,
            "evidence": f"{AVERAGE}: {settings.country} " + of + f", {averages.table.source}",
            "share_method": AVERAGE,
        }
    )
    parties = _parties(stand, settings.country)
    if links is None:
        frame, before, items = stand, read_parties(None), read_items(None)
    else:
        frame = pd.concat([plain_text(links.frame), stand], ignore_index=True)
        before, items = links.parties, links.items
    fresh = parties[~parties["party"].isin(before["party"])]
    told = pd.concat([before, fresh.astype({"sales": float})], ignore_index=True)
    whole = Links(
        frame=_categorical(frame),
        parties=told.astype({name: "str" for name in told.columns if name != "sales"}),
        items=items,
        share_method=AVERAGE if links is None else f"{links.share_method}; {AVERAGE}",
        reading="inputs",
        findings=averages.findings,
        territories=said_territories(settings_of(study).territories),
    )
    if links is None:
        return whole
    return replace(links, frame=whole.frame, parties=whole.parties, share_method=whole.share_method,
                   findings=(*links.findings, *averages.findings))  # fmt: skip


def _parties(stand: pd.DataFrame, home: str) -> pd.DataFrame:
    """The firms, in their country, and one party for each country they buy from."""
    sellers = stand.drop_duplicates("supplier")
    names = [*stand["buyer"].drop_duplicates(), *sellers["supplier"]]
    many = stand["buyer"].nunique()
    return pd.DataFrame(
        {
            "party": names,
            "name": names,
            "name_ja": "",
            "country": [*[home] * many, *sellers["country"]],
            "kind": [*[""] * many, *[AVERAGE] * len(sellers)],
            "sales": np.nan,
        }
    )


def _categorical(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of words as categoricals, buyer and supplier of one list of words."""
    names = ("country", "product", "period", "evidence", "share_method")
    made = frame.assign(**{name: as_words(frame[name]).array for name in names})
    buyer, supplier = shared_words(as_words(frame["buyer"]), as_words(frame["supplier"]))
    made = made.assign(buyer=buyer.array, supplier=supplier.array)
    return made[[*LINK_COLUMNS, "share_method", *(["sales_share"] if "sales_share" in made else [])]]
