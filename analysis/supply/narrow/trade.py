"""Who buys what from which country: links as trade between countries, and the countries of a home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.links import Links, load_links
from analysis.supply.tables import read_rows
from survey import QuestionFault, Study, country_codes, data_folder, nearest

__all__ = ["Trade", "home_countries", "trade_in_years", "trade_of"]


@dataclass(frozen=True, slots=True)
class Trade:
    """Who buys what from which country.

    Attributes
    ----------
    flows : pandas.DataFrame
        `product,period,importer,exporter,value`: a row a flow; countries are alpha-2 codes, or "".
    rest : pandas.DataFrame
        `period,importer,value,named`: inputs of buyers there that no flow names, and those that are named.
    firms : pandas.DataFrame
        `product,period,importer,buyer`, a row each; empty for trade that is not of firms.
    """

    flows: pd.DataFrame
    rest: pd.DataFrame
    firms: pd.DataFrame


def trade_of(links: Links) -> Trade:
    """The flows of links: importer is the country of the buyer, money their value or share of inputs.

    Raises
    ------
    QuestionFault
        No link with money.
    """
    frame = links.frame
    money = frame["value"].to_numpy(dtype=float, copy=True)
    inputs = frame["inputs"].to_numpy(dtype=float)
    money = np.where(np.isnan(money), frame["share"].to_numpy(dtype=float) * inputs, money)
    paid = money > 0
    if not paid.any():
        raise QuestionFault(
            "links",
            "no link with a value",
            "links with value, or with share and inputs",
            "give the column value",
        )
    home = links.parties.set_index("party")["country"]
    number, buyers = pd.factorize(frame["buyer"])
    importer = home.reindex(buyers).fillna("").astype("str").to_numpy(dtype=object)[number]
    flows = pd.DataFrame(
        {
            "product": frame["product"].to_numpy(dtype=object),
            "period": frame["period"].to_numpy(dtype=object),
            "importer": importer,
            "exporter": frame["country"].to_numpy(dtype=object),
            "value": money,
            "buyer": number,
            "inputs": inputs,
        }
    )[paid]
    spent = flows.groupby(["period", "importer", "buyer"], as_index=False).agg(
        {"value": "sum", "inputs": "max"}
    )
    spent["rest"] = (spent["inputs"] - spent["value"]).clip(lower=0).fillna(0)
    rest = spent.groupby(["period", "importer"], as_index=False)[["rest", "value"]].sum()
    firms = flows[["product", "period", "importer", "buyer"]].drop_duplicates()
    rest = rest.rename(columns={"value": "named", "rest": "value"})
    return Trade(flows.drop(columns=["buyer", "inputs"]), rest, firms)


def trade_in_years(source: Study | Path | str, years: Sequence[str]) -> tuple[Trade, Links]:
    """The flows of several years of a source, and the links of the last of them.

    Raises
    ------
    QuestionFault
        Words that are no years, or a year without links.
    """
    parts: list[Trade] = []
    for year in sorted(set(years)):
        if not (year.isdecimal() and len(year) == 4):
            raise QuestionFault("years", repr(year), "years of four digits", "say for example 2019,2020,2021")
        links = load_links(source, as_of=date(int(year), 12, 31))
        part = trade_of(links)
        part = Trade(*(_in_year(table, year) for table in (part.flows, part.rest, part.firms)))
        if part.flows.empty:
            there = sorted(set(links.frame["period"].astype("str")))
            raise QuestionFault(
                f"year {year}",
                "no links of that year",
                "one of: " + ", ".join(there[:12]),
                "leave the year out",
            )
        parts.append(part)
    flows, rest, firms = (
        pd.concat([getattr(part, name) for part in parts], ignore_index=True)
        for name in ("flows", "rest", "firms")
    )
    return Trade(flows, rest, firms), links


def _in_year(table: pd.DataFrame, year: str) -> pd.DataFrame:
    return table[table["period"].str.extract(r"(\d{4})", expand=False) == year].assign(period=year)


def home_countries(words: str, day: date | None = None) -> frozenset[str]:
    """The countries of a home: a bloc on a day (data/reference/dependency), or countries by commas.

    Raises
    ------
    QuestionFault
        A word that is neither.
    """
    blocs = read_rows(data_folder() / "reference" / "dependency" / "blocs.csv")
    mine = blocs[blocs["bloc"] == words.strip().upper()]
    if len(mine):
        on = day.isoformat() if day else "9999"
        member = (mine["from"] <= on) & ((mine["to"] == "") | (mine["to"] >= on))
        return frozenset(mine.loc[member, "country"])
    asked = pd.Series([part.strip() for part in words.split(",")], dtype="str")
    codes = country_codes(asked)
    odd = asked[codes.isna() | (codes == "")]
    if len(odd):
        raise QuestionFault(
            f"home {words!r}",
            f"{odd.iloc[0]!r}, neither a bloc nor a country",
            "a bloc (" + ", ".join(blocs["bloc"].unique()) + "), or countries by commas",
            nearest(str(odd.iloc[0]), list(blocs["bloc"].unique())),
        )
    return frozenset(codes)
