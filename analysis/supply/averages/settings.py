"""What `[supply.sectors]` says: the table, its layout, the firms' country, and which sectors are which."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.supply.averages.layouts import LAYOUTS
from survey import Study, StudyFault, country_codes, nearest

__all__ = ["SectorSettings", "sector_settings"]

_KEYS = ("table", "layout", "year", "outputs", "country", "sector", "map", "countries", "least")


@dataclass(frozen=True, slots=True)
class SectorSettings:
    """Where sector averages come from.

    Attributes
    ----------
    table : Path
        File or folder of the input-output table.
    layout : str
        One of `LAYOUTS`.
    country : str
        Country of the firms, alpha-2 code.
    sector : str
        Question that tells each firm's sector.
    mapping : Mapping[str, tuple[str, ...]]
        Code of that question to sectors of the table.
    year : int or None
        Year of the table, where a folder holds several.
    outputs : Path or None
        Outputs of the layout `flows`.
    countries : Mapping[str, str]
        Regions of the table to countries, "" for none.
    least : int
        Linked firms of a sector from which their spread is taken.
    """

    table: Path
    layout: str
    country: str
    sector: str
    mapping: Mapping[str, tuple[str, ...]]
    year: int | None = None
    outputs: Path | None = None
    countries: Mapping[str, str] = field(default_factory=dict)
    least: int = 5


def sector_settings(study: Study) -> SectorSettings | None:
    """`[supply.sectors]` of a study; None where it has none.

    Raises
    ------
    StudyFault
        An unknown key, one that is missing, or a value that does not fit, with its line.
    """
    told = study.section("supply").get("sectors")
    if told is None:
        return None
    if not isinstance(told, Mapping):
        raise _fault(study, "", repr(told), "a section", "write [supply.sectors] with table, layout, ...")
    for key in told:
        if key not in _KEYS:
            raise _fault(
                study, key, f"unknown key {key!r}", "one of: " + ", ".join(_KEYS), nearest(key, _KEYS)
            )
    for key in ("table", "layout", "country", "sector"):
        if not isinstance(told.get(key), str) or not told[key]:
            raise _fault(study, key, repr(told.get(key)), "a text", f'write  {key} = "..."')
    if told["layout"] not in LAYOUTS:
        known = list(LAYOUTS)
        raise _fault(
            study,
            "layout",
            repr(told["layout"]),
            "one of: " + ", ".join(known),
            nearest(told["layout"], known),
        )
    outputs = told.get("outputs")
    return SectorSettings(
        table=study.folder / told["table"],
        layout=told["layout"],
        country=_country(study, "country", told["country"]),
        sector=told["sector"],
        mapping=_mapping(study, told.get("map")),
        year=_whole(study, told, "year", None),
        outputs=None if outputs is None else study.folder / str(outputs),
        countries=_countries(study, told.get("countries", {})),
        least=_whole(study, told, "least", 5) or 5,
    )


def _mapping(study: Study, told: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(told, Mapping) or not told:
        raise _fault(
            study,
            "map",
            repr(told),
            "a table of sectors",
            'write [supply.sectors.map] with "1" = ["C26", ...]',
        )
    made = {}
    for code, sectors in told.items():
        names = sectors if isinstance(sectors, list) else [sectors]
        if not names or not all(isinstance(name, str) and name for name in names):
            raise _fault(study, f"map.{code}", repr(sectors), "sectors of the table", 'write  "1" = ["C26"]')
        made[str(code)] = tuple(names)
    return made


def _countries(study: Study, told: Any) -> dict[str, str]:
    if not isinstance(told, Mapping):
        raise _fault(study, "countries", repr(told), "a table of regions", 'write  countries = { ROW = "" }')
    return {
        str(region): _country(study, f"countries.{region}", str(name)) if name else ""
        for region, name in told.items()
    }


def _country(study: Study, key: str, name: str) -> str:
    code = country_codes(pd.Series([name], dtype="str")).iloc[0]
    if pd.isna(code) or not code:
        raise _fault(study, key, f"{name!r}, a country nobody knows", "a country", 'write for example  "JP"')
    return str(code)


def _whole(study: Study, told: Mapping[str, Any], key: str, otherwise: int | None) -> int | None:
    number = told.get(key, otherwise)
    if number is None or (isinstance(number, int) and not isinstance(number, bool) and number > 0):
        return number
    raise _fault(study, key, repr(number), "a whole number above 0", "correct it, or take the line out")


def _fault(study: Study, key: str, found: str, expected: str, do: str) -> StudyFault:
    place = f"supply.sectors.{key}" if key else "supply.sectors"
    return StudyFault(study.place(place), found, expected, do)
