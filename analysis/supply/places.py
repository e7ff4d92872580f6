"""Countries of links in any spelling, with territories counted as the user chooses."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.supply.tables import place_rows
from analysis.supply.words import respelt
from survey import FileFault, Study, StudyFault, country_codes, country_names, nearest

__all__ = ["APART", "places_of", "said_territories", "territories_of"]

APART = ("TW", "HK", "MO")
"""Places that statistics count in several ways: how ours counts them is always printed."""


def territories_of(settings: Any, study: Study) -> dict[str, str]:
    """`[supply.territories]`: for each place the country it counts as, both in any spelling, as codes.

    Raises
    ------
    StudyFault
        No table, or a place nobody knows.
    """
    if not isinstance(settings, Mapping):
        raise StudyFault(
            study.place("supply.territories"),
            repr(settings),
            "a table of places",
            'write  territories = { HK = "CN" }',
        )
    made: dict[str, str] = {}
    for place, country in settings.items():
        codes = country_codes(pd.Series([str(place), str(country)], dtype="str"))
        for word, code in zip((place, country), codes, strict=True):
            if pd.isna(code) or not code:
                raise StudyFault(
                    study.place(f"supply.territories.{place}"),
                    f"{word!r}, a country nobody knows",
                    "a country name or code in any spelling",
                    nearest(str(word), tuple(country_names().values())),
                )
        made[codes.iloc[0]] = codes.iloc[1]
    return made


def places_of(
    column: pd.Series, where: str, numbering: np.ndarray, territories: Mapping[str, str]
) -> pd.Series:
    """Alpha-2 codes of the countries of rows, each distinct spelling looked up once.

    Raises
    ------
    FileFault
        A country nobody knows, with its rows.
    """
    codes, lost = respelt(column, lambda words: country_codes(words).replace(dict(territories)))
    odd = np.flatnonzero(lost)
    if len(odd):
        raise FileFault(
            f"{where}, column {column.name}, {place_rows(numbering[odd])}",
            f"{str(column.iloc[int(odd[0])])!r}, a country nobody knows",
            "a country name or code of data/geography/countries.csv, in any spelling, or an empty cell",
            "correct the name, or leave the cell empty where the country is not known",
        )
    return codes


def said_territories(territories: Mapping[str, str]) -> str:
    """How Taiwan, Hong Kong, Macao and chosen others are counted: `TW as TW, HK as CN, ...`."""
    chosen = {code: code for code in APART} | dict(territories)
    return ", ".join(f"{place} as {country}" for place, country in chosen.items())
