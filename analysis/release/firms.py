"""The tables of single firms in a Release: who they are, and what pressure was found on each."""

from typing import TYPE_CHECKING

import pandas as pd

from analysis.rules.stakes import stakes_of
from analysis.supply.links import Links
from survey import Study, Wave, answers_to

if TYPE_CHECKING:
    from analysis.pressure.record import Pressure

__all__ = ["FLOWS_KEPT", "firm_table", "pressure_tables"]

FLOWS_KEPT = ("firm", "flow", "channel", "seller", "share", "confidence", "path")
"""Columns of flows that an internal Release keeps, from which one firm's what-if is worked out."""


def firm_table(study: Study, wave: Wave, ids: pd.Series, links: Links | None) -> pd.DataFrame:
    """Columns firm, name, name_ja, and sector: the code given to the first question that forms groups."""
    table = pd.DataFrame({"firm": ids.to_numpy()})
    names = pd.DataFrame(columns=["party", "name", "name_ja"]) if links is None else links.parties
    known = names.drop_duplicates("party").set_index("party")
    for column in ("name", "name_ja"):
        found = (
            known[column].reindex(table["firm"]) if column in known else pd.Series("", index=table["firm"])
        )
        table[column] = found.fillna("").astype("str").to_numpy()
    breaks = study.section("release").get("by", [])
    table["sector"] = _codes(wave, str(breaks[0])) if breaks else ""
    return table


def _codes(wave: Wave, question: str) -> list[str]:
    """The code each firm gave to a question with one answer; "" where none."""
    answers = answers_to(wave, question)
    place = answers.ticks.argmax(axis=1)
    return [answers.options[p] if row.any() else "" for p, row in zip(place, answers.ticks, strict=True)]


def pressure_tables(pressure: "Pressure") -> dict[str, pd.DataFrame]:
    """The tables of pressure, each with `stat`, `n`, `estimate`; a row about one flow has n = 1."""
    flows = {"collisions": (pressure.collisions, "at_stake"), "contacts": (pressure.contacts, "share")}
    stated = {
        name: table.assign(stat=column, n=1, estimate=table[column].astype(float))
        for name, (table, column) in flows.items()
    }
    stakes = stakes_of(pressure.collisions)
    return (
        stated
        | {
            "stakes": stakes.assign(stat="at_stake", n=1, estimate=stakes["at_stake"].astype(float)),
            "pressure": pressure.intervals,
            "drivers": pressure.drivers,
            "model": pressure.model,
            "channels": pressure.channels,
            "doubts": pressure.doubts,
            "frozen": pressure.frozen,
            "flows": _kept_flows(pressure.flows),
        }
        | {
            name: table
            for name, table in (
                ("calibration", pressure.calibration),
                ("composite", pressure.composite),
                ("leaving", pressure.leaving),
                ("agreement", pressure.agreement),
                ("agreement_firms", pressure.agreement_firms),
            )
            if len(table)
        }
    )


def _kept_flows(flows: pd.DataFrame) -> pd.DataFrame:
    """Flows with what their draws need; a link that goes by another name keeps it."""
    kept = flows[[name for name in (*FLOWS_KEPT, "link") if name in flows]]
    return kept.assign(stat="share", n=1, estimate=flows["share"].astype(float)).reset_index(drop=True)
