"""Where obeying one side's rule is punished by the other's: directed pairs on the same flow."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.catalogue import Catalogue
from analysis.rules.outcomes import SEVERITY, severity
from survey import QuestionFault

__all__ = ["COLLISION_COLUMNS", "collisions"]

COLLISION_COLUMNS = (
    "firm",
    "flow",
    "channel",
    "duty",
    "duty_side",
    "clause",
    "clause_side",
    "status",
    "value",
    "share",
    "us_severity",
    "cn_severity",
    "weight",
    "substitutability",
    "at_stake",
    "trigger",
    "addressee",
    "path",
    "as_of",
    "warning",
    "article",
    "at_stake_high",
    "counted",
    "kind",
    "addressed",
)
"""Columns of `collisions`."""

_CHINA = ("CN", "HK", "MO")


def collisions(
    contacts: pd.DataFrame,
    flows: pd.DataFrame,
    catalogue: Catalogue,
    as_of: date,
    dormant: float = 0.25,
    *,
    weights: Mapping[str, float] = SEVERITY,
) -> pd.DataFrame:
    """Directed collisions of a day, with what is at stake.

    A pair meets a flow where its duty touches the flow on the pair's channel, the party that
    obedience hurts is of the other side, and the punishing clause is in force. With U and C the
    severities of the American and the Chinese side of the pair,
    at stake = share * min(U, C) * weight(status) * (1 - substitutability).

    Parameters
    ----------
    contacts, flows : pandas.DataFrame
        From `contact` and `flows_of`.
    catalogue : Catalogue
        Holds the pairs.
    as_of : datetime.date
        The day.
    dormant : float
        Weight of a dormant power, 0 to 1 (duty and exercised weigh 1; 0 is the strict reading).
    weights : mapping, optional
        Severity of each outcome.

    Returns
    -------
    pandas.DataFrame
        `COLLISION_COLUMNS`, every pair of every flow. `counted` marks the worst pair of each firm and
        flow: only these add up. `at_stake_high` takes the duty at its `worst`. `exercised` where the
        firm itself stands on the list of the punishing instrument. `kind` is a word of `COLLISION_KINDS`;
        `addressed` says whether the clause binds the firm itself (`yes`, `no`, `unknown`): a blocking rule
        binds its subsidiary in China, not the parent abroad.

    Raises
    ------
    QuestionFault
        `dormant` outside 0 to 1.
    """
    if not 0.0 <= dormant <= 1.0:
        raise QuestionFault("dormant", f"{dormant:g}", "a weight from 0 to 1", "correct [rules] dormant")
    pairs = _live_pairs(catalogue, as_of)
    sides = catalogue.side_of()
    touched = contacts[contacts["instrument"].isin(pairs["duty"])]
    columns = ["firm", "flow", "channel", "substitutability", "seller_country", "buyer_country", "origin"]
    lists = flows["seller_lists"].where(flows["channel"] == "sales", flows["buyer_lists"])
    ends = flows[columns].assign(own_lists=lists.fillna("").astype("str"))
    met = touched.merge(ends, on=["firm", "flow"], how="inner")
    met = met.merge(
        pairs, left_on=["instrument", "channel"], right_on=["duty", "channel"], suffixes=("", "_pair")
    )
    hurt = np.ones(len(met), dtype=bool)
    for field in ("seller_country", "buyer_country", "origin"):
        hurt &= ((met["hurt"] != field) | met[field].isin(_CHINA)).to_numpy()
    met = met[hurt].reset_index(drop=True)
    met["duty_side"], met["clause_side"] = met["duty"].map(sides), met["clause_pair"].map(sides)
    duty, high = severity(met["outcome"], weights), severity(met["worst"], weights)
    clause = severity(met["clause_outcome"], weights)
    listed = _listed(met["own_lists"], met["clause_pair"])
    met["status"] = met["status"].where(~listed, "exercised")
    met["weight"] = np.where(met["status"] == "dormant", dormant, 1.0)
    ours = (met["duty_side"] == "us").to_numpy()
    met["us_severity"] = np.where(ours, duty, clause)
    met["cn_severity"] = np.where(ours, clause, duty)
    exposed = (met["share"] * met["weight"] * (1.0 - met["substitutability"])).to_numpy(dtype=float)
    met["at_stake"] = np.nan_to_num(exposed) * np.minimum(duty, clause)
    met["at_stake_high"] = np.nan_to_num(exposed) * np.minimum(np.maximum(duty, high), clause)
    met["clause"] = met["clause_pair"]
    own_country = met["seller_country"].where(met["channel"] == "sales", met["buyer_country"])
    met["addressed"] = _addressed(met["binds"], own_country)
    doubt = ("uncertain pair: " + met["note"]).where(met["confidence"] == "uncertain", "")
    met["warning"] = _joined(_joined(met["warning"], doubt), met["clause_dates"])
    met["as_of"] = as_of.isoformat()
    key = ["firm", "flow", "channel"]
    ordered = met.sort_values(["at_stake", "at_stake_high"], ascending=False, kind="stable")
    met["counted"] = ~ordered.duplicated(key).reindex(met.index)
    table = met.sort_values([*key, "at_stake"], ascending=[True, True, True, False], kind="stable")
    return table[list(COLLISION_COLUMNS)].reset_index(drop=True)


def _live_pairs(catalogue: Catalogue, as_of: date) -> pd.DataFrame:
    day = as_of.isoformat()
    pairs = catalogue.collisions
    state = catalogue.on(as_of)
    force = state.loc[state["state"] == "in_force", "instrument"]
    inside = ((pairs["from"] == "") | (pairs["from"] <= day)) & ((pairs["to"] == "") | (pairs["to"] >= day))
    live = pairs[inside & pairs["clause"].isin(force) & pairs["duty"].isin(force)]
    open_ = state[(state["state"] == "in_force") & (state["warning"] != "")].drop_duplicates("instrument")
    told = open_["instrument"] + ": " + open_["warning"]
    dates = live["clause"].map(told.set_axis(open_["instrument"]))
    return live.assign(clause_dates=dates.fillna("").astype("str"))


def _joined(first: pd.Series, second: pd.Series) -> pd.Series:
    gap = pd.Series("; ", index=first.index, dtype="str").where((first != "") & (second != ""), "")
    return first + gap + second


def _addressed(binds: pd.Series, country: pd.Series) -> np.ndarray:
    """Whether whom the clause binds (`BINDS`) is where the firm is."""
    china = country.isin(_CHINA)
    bound = np.select(
        [binds == "anyone", binds == "CN", binds == "not CN", binds == "US"],
        [True, china, ~china, country == "US"],
    ).astype(bool)
    open_ = (country == "") & (binds != "anyone")
    return np.where(open_, "unknown", np.where(bound, "yes", "no")).astype(object)


def _listed(lists: pd.Series, clause: pd.Series) -> np.ndarray:
    """Whether the firm's own lists hold the punishing instrument, each distinct pair looked up once."""
    both = lists + "\n" + clause
    codes, words = pd.factorize(both)
    found = [word.split("\n")[1] in word.split("\n")[0].split(";") for word in words]
    return np.array(found, dtype=bool)[codes] if len(words) else np.zeros(0, dtype=bool)
