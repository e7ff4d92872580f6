"""The goods of the made-up world: what each is called, classified as, and where it tends to be made."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ANYWHERE", "GOODS", "RESOLD", "SOLD", "TIERS", "Good"]


@dataclass(frozen=True, slots=True)
class Good:
    """One kind of good.

    Attributes
    ----------
    hs : str
        Heading of the Harmonized System, 6 digits; `none` for services and software.
    eccn : str
        Entry of the US Commerce Control List, or EAR99.
    technology : str
        Tags as the gates of the catalogue name them, joined by `;`; "" if none.
    made : Mapping[str, float]
        Country of the maker to weight; empty for `ANYWHERE`. `CN-XJ` is Xinjiang.
    us, cn : tuple[float, float]
        Range of US-origin and Chinese-origin content, as shares of the item's value.
    """

    hs: str
    eccn: str
    technology: str
    made: Mapping[str, float]
    us: tuple[float, float]
    cn: tuple[float, float]


ANYWHERE: Mapping[str, float] = {
    "JP": 30, "CN": 16, "US": 10, "KR": 6, "TW": 6, "DE": 5, "TH": 4, "VN": 4, "MY": 3, "SG": 2, "ID": 2,
    "PH": 2, "IN": 2, "AU": 1, "GB": 2, "FR": 2, "NL": 1.5, "IT": 1.5, "MX": 1.5, "CA": 1, "BR": 0.8,
    "CL": 0.7, "ZA": 0.5, "CH": 1, "SE": 0.8,
}  # fmt: skip
"""Where suppliers of goods without a place of their own are: 25 countries."""


def _good(
    hs: str,
    eccn: str,
    technology: str,
    made: str,
    us: tuple[float, float] = (0.0, 0.08),
    cn: tuple[float, float] = (0.0, 0.15),
) -> Good:
    places = (place.split(":") for place in made.split())
    return Good(hs, eccn, technology, {country: float(weight) for country, weight in places}, us, cn)


GOODS: Mapping[str, Good] = {
    "logic_chips": _good(
        "854231", "3A991", "semiconductors;dual-use", "JP:3 TW:5 KR:2 US:2 CN:2", (0.28, 0.6)
    ),
    "memory_chips": _good("854232", "3A991", "semiconductors;dual-use", "KR:6 JP:2 CN:2 TW:1", (0.1, 0.4)),
    "ai_accelerators": _good("854231", "3A090", "AI chips;dual-use", "TW:4 US:3", (0.3, 0.7)),
    "telecom_equipment": _good("851762", "5A991", "telecom;dual-use", "CN:3 JP:3 SE:2", (0.26, 0.5)),
    "cameras": _good("852589", "EAR99", "video surveillance", "CN:4 JP:2", (0.02, 0.2)),
    "chip_making_equipment": _good(
        "848620", "3B991", "chip-making equipment;dual-use", "JP:5 NL:2 US:3", (0.27, 0.5)
    ),
    "deposition_equipment": _good("848620", "3B001", "chip-making equipment;dual-use", "JP:5 NL:2", (0, 0)),
    "measuring_instruments": _good("903082", "3A992", "semiconductors", "JP:3 US:3 DE:2", (0.26, 0.55)),
    "machine_tools": _good("845710", "2B001", "machine tools;dual-use", "JP:5 DE:3 TW:1", (0, 0.1)),
    "robots": _good("847950", "EAR99", "robotics", "JP:5 DE:1 CN:1", (0, 0.1), (0, 0.1)),
    "vehicle_parts": _good("870899", "EAR99", "connected vehicles", "", (0, 0.06), (0.05, 0.3)),
    "vehicle_modules": _good("852691", "7A994", "connected vehicles", "JP:3 US:2 CN:1", (0.27, 0.5)),
    "motors": _good("850131", "EAR99", "magnets", "JP:3 CN:3 VN:1", (0, 0.05), (0.1, 0.4)),
    "electronic_parts": _good("853224", "EAR99", "", "", (0, 0.1), (0, 0.3)),
    "chip_materials": _good("370790", "3C992", "semiconductors", "JP:5 US:2 KR:1", (0.26, 0.5)),
    "fine_chemicals": _good("293499", "EAR99", "", ""),
    "specialty_gases": _good("281290", "EAR99", "semiconductors", "JP:2 KR:1 CN:1 US:1"),
    "resins": _good("390730", "EAR99", "", ""),
    "steel": _good("720839", "EAR99", "", "JP:4 KR:3 CN:2 BR:1"),
    "castings": _good("732599", "EAR99", "", "CN:3 JP:3 IN:1 TH:1", (0, 0.02), (0, 0.4)),
    "copper_foil": _good("741011", "EAR99", "", "JP:3 CN:2 KR:2 CL:1"),
    "aircraft_parts": _good(
        "880730", "9A991", "aerospace;controlled unclassified information", "US:4 JP:2 FR:2 GB:1", (0.27, 0.6)
    ),
    "servers": _good("847150", "4A994", "advanced computing", "TW:3 CN:3 US:3", (0.26, 0.6)),
    "software": _good("none", "5D992", "software", "US:6 JP:3 IN:2 DE:1", (0.27, 0.8), (0, 0)),
    "encryption_software": _good("none", "5D002", "encryption;dual-use", "JP:3 US:2", (0, 0.2), (0, 0)),
    "data_services": _good(
        "none", "EAR99", "personal data;important data", "CN:5 JP:2 SG:1", (0, 0.1), (0, 0)
    ),
    "rare_earth_processes": _good("none", "EAR99", "rare-earth technology", "CN:1", (0, 0), (0.5, 0.9)),
    "soybeans": _good("120190", "EAR99", "", "US:4 BR:2", (0, 0), (0, 0)),
    "services": _good("none", "EAR99", "", "", (0, 0.1), (0, 0.05)),
    "rare_earth_metals": _good(
        "280530", "EAR99", "rare earths;dual-use", "CN:9 AU:1 VN:1", (0, 0), (0.1, 0.9)
    ),
    "rare_earth_compounds": _good("284690", "EAR99", "rare earths;dual-use", "CN:9 MY:2", (0, 0), (0.1, 0.9)),
    "magnets": _good("850511", "EAR99", "magnets;dual-use", "CN:6 JP:3 DE:1", (0, 0), (0.1, 0.8)),
    "gallium": _good("811292", "EAR99", "gallium;dual-use", "CN:8 JP:1 KR:1 CA:1", (0, 0), (0.1, 0.9)),
    "germanium_oxide": _good("282560", "EAR99", "germanium;dual-use", "CN:7 CA:1", (0, 0), (0.1, 0.9)),
    "antimony": _good("811010", "EAR99", "antimony;dual-use", "CN:7 TH:1", (0, 0), (0.1, 0.9)),
    "antimony_oxide": _good("282580", "EAR99", "antimony;dual-use", "CN:6 FR:1", (0, 0), (0.1, 0.9)),
    "graphite": _good("380110", "EAR99", "artificial graphite;dual-use", "CN:8 JP:1", (0, 0), (0.2, 0.9)),
    "natural_graphite": _good(
        "250410", "EAR99", "natural flake graphite;dual-use", "CN:7 BR:1 CA:1", (0, 0), (0.2, 0.9)
    ),
    "tungsten_powder": _good("810110", "EAR99", "tungsten;dual-use", "CN:7 JP:1 VN:1", (0, 0), (0.1, 0.9)),
    "tungsten_tools": _good("820730", "EAR99", "tungsten", "JP:4 DE:2 SE:2", (0, 0.02), (0.1, 0.5)),
    "indium": _good("811299", "EAR99", "indium;dual-use", "CN:6 KR:3 JP:1", (0, 0), (0.1, 0.8)),
    "polysilicon": _good("280461", "EAR99", "polysilicon", "CN-XJ:3 CN:3 DE:2 US:1", (0, 0.02), (0, 0.8)),
    "solar_cells": _good("854142", "EAR99", "polysilicon", "CN:6 MY:2 VN:2", (0, 0.02), (0.1, 0.8)),
    "cotton_yarn": _good("520512", "EAR99", "cotton", "CN-XJ:2 CN:3 IN:3 VN:2", (0, 0), (0, 0.8)),
    "cotton": _good("520100", "EAR99", "cotton", "CN-XJ:4 US:3 IN:2 BR:2", (0, 0), (0, 0)),
    "ores": _good("260300", "EAR99", "", "CL:4 AU:3 ID:2 ZA:2 CA:1", (0, 0), (0, 0)),
    "lithium": _good("283691", "EAR99", "", "CL:4 AU:3 CN:3", (0, 0), (0, 0.6)),
}
"""Name of a good to what it is. Codes are real codes, loosely assigned; contents are invented."""

RESOLD = ("cotton_yarn", "magnets", "solar_cells", "soybeans")
"""Goods that a firm sells as it bought them, with the origin of their maker; all else it makes in Japan."""

SOLD: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "1": (
        ("logic_chips", "telecom_equipment", "servers"),
        ("electronic_parts", "cameras"),
        ("electronic_parts", "cameras"),
    ),
    "2": (
        ("chip_making_equipment", "vehicle_modules", "measuring_instruments"),
        ("vehicle_parts", "motors", "robots"),
        ("machine_tools", "motors", "deposition_equipment", "robots"),
    ),
    "3": (
        ("chip_materials",),
        ("fine_chemicals", "resins", "copper_foil"),
        ("magnets", "tungsten_tools", "solar_cells", "fine_chemicals"),
    ),
    "4": (
        ("aircraft_parts", "logic_chips", "telecom_equipment"),
        ("steel", "vehicle_parts"),
        ("cotton_yarn", "cotton_yarn", "soybeans", "solar_cells", "magnets", "steel"),
    ),
    "5": (("software",), ("services",), ("services", "encryption_software")),
}
"""Sector to what its firms sell: goods with controlled US content; goods without; and further goods."""

TIERS: tuple[Mapping[str, float], ...] = (
    {
        "electronic_parts": 12, "logic_chips": 5, "memory_chips": 4, "castings": 6, "steel": 5, "resins": 5,
        "fine_chemicals": 6, "specialty_gases": 2, "magnets": 4, "motors": 3, "vehicle_parts": 5,
        "cameras": 2,
        "measuring_instruments": 2, "servers": 3, "software": 5, "services": 6, "telecom_equipment": 2,
        "solar_cells": 2, "cotton_yarn": 3, "tungsten_powder": 2, "gallium": 2, "germanium_oxide": 1,
        "graphite": 2, "antimony_oxide": 1, "rare_earth_metals": 2, "rare_earth_compounds": 2, "indium": 1,
        "polysilicon": 2, "aircraft_parts": 1, "copper_foil": 3,
        "encryption_software": 1, "ai_accelerators": 1, "data_services": 3, "rare_earth_processes": 1,
        "machine_tools": 2, "deposition_equipment": 1,
    },
    {
        "electronic_parts": 8, "castings": 6, "steel": 6, "resins": 6, "fine_chemicals": 8, "copper_foil": 4,
        "rare_earth_metals": 4, "rare_earth_compounds": 3, "gallium": 3, "graphite": 4, "tungsten_powder": 4,
        "polysilicon": 4, "cotton": 3, "specialty_gases": 3, "indium": 2, "antimony": 2, "software": 3,
        "services": 5, "logic_chips": 3, "chip_materials": 3, "lithium": 3, "machine_tools": 3,
    },
    {
        "ores": 10, "rare_earth_compounds": 6, "natural_graphite": 5, "antimony": 3, "cotton": 6,
        "lithium": 6,
        "gallium": 3, "germanium_oxide": 2, "polysilicon": 4, "fine_chemicals": 6, "steel": 4, "services": 4,
    },
)  # fmt: skip
"""What suppliers of the first, second and third tier sell, with weights."""
