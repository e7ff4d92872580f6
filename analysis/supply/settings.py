"""What `[supply]` says about the files of links: kind, money, periods, places and codes, each checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.supply.classification import SYSTEMS
from analysis.supply.kinds import KINDS
from analysis.supply.periods import COUNTS, PERIODS
from analysis.supply.places import territories_of
from survey import Study, StudyFault, currency_codes, nearest

__all__ = ["Settings", "file_of", "places_of_links", "settings_of"]

_UNITS = {"one": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "千": 1e3, "百万": 1e6, "億": 1e8}
_SHARES = ("fraction", "percent")


@dataclass(frozen=True, slots=True)
class Settings:
    """How rows become links.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    money : str
        Currency all amounts are turned into; "" where none is named.
    rates : Path or None
        File of dated rates.
    unit : float
        What an amount of 1 stands for.
    percent : float
        What a share is divided by: 1, or 100.
    periods : str
        One of `PERIODS` that days are gathered into; "" to leave them.
    first_month : int
        First month of a fiscal year.
    counts : str
        One of `COUNTS`: which periods may count as of a day.
    territories : dict[str, str]
        Place to the country it counts as, alpha-2 codes.
    products : str
        One of `SYSTEMS`, or "" for products of any words.
    digits : int
        Digits of product codes to keep; 0 for all.
    tells_below : bool
        Whether amounts below zero are told and set aside, as `check` does, instead of refused.
    """

    kind: str = "links"
    money: str = ""
    rates: Path | None = None
    unit: float = 1.0
    percent: float = 1.0
    periods: str = ""
    first_month: int = 4
    counts: str = "started"
    territories: dict[str, str] = field(default_factory=dict)
    products: str = ""
    digits: int = 0
    tells_below: bool = False


def settings_of(study: Study) -> Settings:
    """`[supply]` of a study.

    Raises
    ------
    StudyFault
        A word that is none of those that are known, with its line.
    """
    supply = study.section("supply")
    kind = _word(study, supply, "kind", tuple(KINDS), "links")
    money = supply.get("currency", "")
    if money:
        code = currency_codes(pd.Series([str(money)])).iloc[0]
        if pd.isna(code):
            raise StudyFault(
                study.place("supply.currency"),
                repr(money),
                "a currency such as JPY",
                "write its three letters",
            )
        money = code
    elif supply.get("rates"):
        raise StudyFault(
            study.place("supply.rates"),
            "rates, and no currency to turn amounts into",
            'currency = "JPY"',
            "name the money of the rates under [supply]",
        )
    fallback = "hs" if kind == "customs" else ""
    return Settings(
        kind=kind,
        money=money,
        rates=file_of(study, "rates"),
        unit=_unit(study, supply),
        percent=100.0 if _word(study, supply, "shares", _SHARES, "fraction") == "percent" else 1.0,
        periods=_word(study, supply, "periods", PERIODS, ""),
        first_month=_whole(study, supply, "fiscal_year_starts", 4, range(1, 13)),
        counts=_word(study, supply, "counts", COUNTS, "started"),
        territories=territories_of(supply.get("territories", {}), study),
        products=_word(study, supply, "products", SYSTEMS, fallback),
        digits=_whole(study, supply, "digits", 0, range(1, 14)),
    )


def _word(study: Study, supply: Mapping[str, Any], key: str, known: tuple[str, ...], otherwise: str) -> str:
    word = supply.get(key, otherwise)
    if word != otherwise and word not in known:
        raise StudyFault(
            study.place(f"supply.{key}"), repr(word), "one of: " + ", ".join(known), nearest(str(word), known)
        )
    return str(word)


def _whole(study: Study, supply: Mapping[str, Any], key: str, otherwise: int, known: range) -> int:
    number = supply.get(key, otherwise)
    if number == otherwise or (isinstance(number, int) and not isinstance(number, bool) and number in known):
        return int(number)
    raise StudyFault(
        study.place(f"supply.{key}"),
        repr(number),
        f"a whole number from {known[0]} to {known[-1]}",
        "correct it, or take the line out",
    )


def _unit(study: Study, supply: Mapping[str, Any]) -> float:
    unit = supply.get("unit", "one")
    if isinstance(unit, int | float) and not isinstance(unit, bool) and 0 < unit < 1e18:
        return float(unit)
    if isinstance(unit, str) and unit in _UNITS:
        return _UNITS[unit]
    raise StudyFault(
        study.place("supply.unit"),
        repr(unit),
        "one of: " + ", ".join(_UNITS) + ", or a number above 0",
        'write for example  unit = "million"',
    )


def file_of(study: Study, key: str) -> Path | None:
    """The file that a key of `[supply]` names, beside `study.toml`; None where it names none.

    Raises
    ------
    StudyFault
        What is no name of a file.
    """
    name = study.section("supply").get(key)
    if not name:
        return None
    if not isinstance(name, str):
        raise StudyFault(
            study.place(f"supply.{key}"), repr(name), "the name of a file", f'write  {key} = "..."'
        )
    return study.folder / name


def places_of_links(study: Study) -> list[str | Path]:
    """The files of links, folders of Parquet, or addresses of databases that `links` names: one, or a list.

    Raises
    ------
    StudyFault
        None, or what is no name.
    """
    named = study.section("supply").get("links")
    if not named:
        raise StudyFault(
            study.place("supply.links"),
            "no file of links",
            'a file of links: links = "links.csv"',
            "add  [supply]  with  links = ...  to study.toml",
        )
    names = named if isinstance(named, list) else [named]
    for name in names:
        if not isinstance(name, str) or not name:
            raise StudyFault(
                study.place("supply.links"),
                repr(name),
                "the name of a file, or a list of names",
                'write  links = "..."',
            )
    return [name if "://" in name else study.folder / name for name in names]
