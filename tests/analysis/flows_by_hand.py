"""Flows written out by hand: a Japanese firm's sale to China, changed fact by fact."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from analysis.rules.catalogue import Catalogue, load_catalogue
from analysis.rules.flows import FLOW_COLUMNS
from analysis.rules.reach import contact

__all__ = ["FIELDWORK", "NOW", "TEXT", "flow", "flows", "forced", "gate_of", "one", "outcome_of", "shipped"]

FIELDWORK = date(2021, 12, 15)
NOW = date(2026, 1, 15)

TEXT = {
    "firm": "JP1",
    "flow": "L1",
    "channel": "sales",
    "seller": "JP1",
    "buyer": "CN1",
    "seller_country": "JP",
    "buyer_country": "CN",
    "seller_kind": "firm",
    "buyer_kind": "customer",
    "seller_lists": "",
    "buyer_lists": "",
    "product": "pump",
    "hs": "841370",
    "eccn": "EAR99",
    "technology": "none",
    "origin": "JP",
    "region": "JP",
    "direct_product": "no",
    "share_method": "value over sales",
    "path": "JP1 (JP) > CN1 (CN): pump",
    "flow_kind": "trade",
    "end_use": "",
    "person_country": "",
    "currency": "",
    "content": "items",
}


def flow(**facts: object) -> dict:
    """One flow; `us_content=0.3` sets both bounds, `us_content=(0.1, 0.4)` each, None means not known."""
    row: dict = dict(TEXT) | {"value": 10.0, "share": 0.2, "substitutability": 0.0, "confidence": np.nan}
    row |= {"us_through": 0.0, "cn_through": 0.0}
    row |= dict.fromkeys(("stake_low", "stake_high", "growth_low", "growth_high"), np.nan)
    for side in ("us_content", "cn_content"):
        told = facts.pop(side, 0.0)
        low, high = told if isinstance(told, tuple) else (told, told)
        row[f"{side}_low"] = np.nan if low is None else low
        row[f"{side}_high"] = np.nan if high is None else high
    if "origin" in facts and "region" not in facts:
        facts["region"] = facts["origin"]
    row |= facts
    return row


def flows(*rows: dict) -> pd.DataFrame:
    """Rows of `flow` as a table of flows, each with an id of its own."""
    table = pd.DataFrame(list(rows))
    table["flow"] = [f"L{i}" for i in range(1, len(rows) + 1)]
    return table[list(FLOW_COLUMNS)]


@cache
def shipped() -> Catalogue:
    """The catalogue that travels with the product, read once."""
    return load_catalogue()


def one(instrument: str, day: date = NOW, *, is_forced: bool = False, **facts: object) -> pd.Series:
    """The contact of one flow with one instrument of the shipped catalogue, `none` included.

    `is_forced`: with the instrument always in force, whatever its dates, as a scenario may have it.
    """
    catalogue = forced(shipped(), instrument) if is_forced else shipped()
    table = contact(flows(flow(**facts)), catalogue, day, every=True)
    return table.set_index("instrument").loc[instrument]


def forced(catalogue: Catalogue, instrument: str, state: str = "in_force") -> Catalogue:
    """The catalogue with one state of an instrument for all days."""
    rows = catalogue.in_force
    always = rows[rows["instrument"] == instrument].head(1)
    always = always.assign(branch="", state=state, warning="", **{"from": "", "to": ""})
    others = rows[rows["instrument"] != instrument]
    return replace(catalogue, in_force=pd.concat([others, always], ignore_index=True))


def outcome_of(instrument: str, day: date = NOW, *, is_forced: bool = False, **facts: object) -> str:
    """Only its outcome."""
    return str(one(instrument, day, is_forced=is_forced, **facts)["outcome"])


def gate_of(instrument: str, day: date = NOW, *, is_forced: bool = False, **facts: object) -> tuple[str, str]:
    """Outcome and gate."""
    row = one(instrument, day, is_forced=is_forced, **facts)
    return str(row["outcome"]), str(row["gate"])
