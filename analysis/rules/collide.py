"""Where obeying one side's rule is punished by the other's: directed pairs on a flow or on a counterparty."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.catalogue import Catalogue
from analysis.rules.outcomes import SEVERITY, severity
from analysis.rules.pairing import CHINA, live_pairs, meetings
from survey import QuestionFault

__all__ = ["COLLISION_COLUMNS", "SQUEEZED", "collisions"]

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
    "lethal",
    "act",
    "duty_article",
    "duty_outcome",
    "clause_outcome",
    "meets",
    "duty_flow",
    "party",
    "value_at_stake",
    "sides",
    "aligned",
)
"""Columns of `collisions`."""

SQUEEZED = "us-cn"
"""The word of `sides` for a pair between the United States and China: the only ones squeeze is made of."""

_BANS = ("prohibited", "prohibited_unless_rebutted")


def collisions(
    contacts: pd.DataFrame,
    flows: pd.DataFrame,
    catalogue: Catalogue,
    as_of: date,
    dormant: float = 0.25,
    *,
    weights: Mapping[str, float] = SEVERITY,
) -> pd.DataFrame:
    """Directed collisions of a day, with what is at stake, lethal ones first.

    A pair meets a flow where its duty touches that flow (`meets` flow), or another flow of the same firm
    with the same party (`meets` party), the party that obedience hurts is of the other side, and the
    punishing clause is in force. With D and P the severities of the duty and of the punishing clause,
    at stake = share * min(D, P) * weight(status) * (1 - substitutability).

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
        `COLLISION_COLUMNS`, every pair of every flow, lethal ones first, then by what is at stake. `counted`
        marks the worst pair of each firm and flow: only these add up. `lethal`: both sides forbid, the
        clause is a duty or was exercised, and it binds the firm or may. `at_stake_high` takes the duty at its
        `worst`. `exercised` where the firm itself stands on the list of the punishing instrument. `kind` is a
        word of `COLLISION_KINDS`; `addressed` says whether the clause binds the firm itself (`yes`, `no`,
        `unknown`): a blocking rule binds its subsidiary in China, not the parent abroad. `act` and
        `duty_article` say what obeying means and where it is written, `article` where the punishment is.
        `value_at_stake` is the value in place of the share, nan where not known. `sides` is `us-cn`, or
        `other-cn` for a duty of a third state, which no squeeze holds; `aligned` names the rules it goes
        together with on the day.

    Raises
    ------
    QuestionFault
        `dormant` outside 0 to 1.
    """
    if not 0.0 <= dormant <= 1.0:
        raise QuestionFault("dormant", f"{dormant:g}", "a weight from 0 to 1", "correct [rules] dormant")
    met = meetings(contacts, flows, live_pairs(catalogue, as_of))
    sides = catalogue.side_of()
    met["duty_side"], met["clause_side"] = met["duty"].map(sides), met["clause_pair"].map(sides)
    duty, high = severity(met["outcome"], weights), severity(met["worst"], weights)
    clause = severity(met["clause_outcome"], weights)
    met["status"] = met["status"].where(~_listed(met["own_lists"], met["clause_pair"]), "exercised")
    met["weight"] = np.where(met["status"] == "dormant", dormant, 1.0)
    for side in ("us", "cn"):
        mine, theirs = (met["duty_side"] == side).to_numpy(), (met["clause_side"] == side).to_numpy()
        met[f"{side}_severity"] = np.select([mine, theirs], [duty, clause], 0.0)
    left = (met["weight"] * (1.0 - met["substitutability"])).to_numpy(dtype=float)
    exposed = np.nan_to_num(met["share"].to_numpy(dtype=float) * left)
    met["at_stake"] = exposed * np.minimum(duty, clause)
    met["at_stake_high"] = exposed * np.minimum(np.maximum(duty, high), clause)
    met["value_at_stake"] = met["value"].to_numpy(dtype=float) * left * np.minimum(duty, clause)
    met["addressed"] = _addressed(met["binds"], met["own_country"])
    bans = met["outcome"].isin(_BANS) & met["clause_outcome"].isin(_BANS)
    met["lethal"] = bans & (met["status"] != "dormant") & (met["addressed"] != "no")
    doubt = ("uncertain pair: " + met["note"]).where(met["confidence"] == "uncertain", "")
    met["warning"] = _joined(_joined(met["warning"], doubt), met["clause_dates"])
    met["sides"] = np.where(
        met["duty_side"].isin(["us", "cn"]) & met["clause_side"].isin(["us", "cn"]),
        SQUEEZED,
        met["duty_side"] + "-" + met["clause_side"],
    )
    allies = _allies(catalogue, as_of)
    met["aligned"] = met["duty"].map(lambda name: allies.get(name, "")).astype("str")
    met["as_of"] = as_of.isoformat()
    met = met.rename(
        columns={"clause": "duty_article", "clause_pair": "clause", "outcome": "duty_outcome"}
    ).reset_index(drop=True)
    ordered = met.sort_values(["at_stake", "at_stake_high", "lethal"], ascending=False, kind="stable")
    met["counted"] = ~ordered.duplicated(["firm", "flow", "channel"]).reindex(met.index)
    table = met.sort_values(
        ["lethal", "at_stake", "at_stake_high", "firm", "flow", "channel"],
        ascending=[False, False, False, True, True, True],
        kind="stable",
    )
    return table[list(COLLISION_COLUMNS)].reset_index(drop=True)


def _allies(catalogue: Catalogue, as_of: date) -> dict[str, str]:
    """Instrument of a third state to those it goes together with on a day, joined by `;`."""
    rows, day = catalogue.aligned, as_of.isoformat()
    if rows.empty:
        return {}
    now = rows[(rows["from"] <= day) & ((rows["to"] == "") | (rows["to"] >= day))]
    both = [now[["instrument", "aligned_with"]].set_axis(["one", "other"], axis=1)]
    both.append(now[["aligned_with", "instrument"]].set_axis(["one", "other"], axis=1))
    table = pd.concat(both, ignore_index=True)
    table = table[table["one"].map(catalogue.side_of()) == "other"]
    return {str(key): ";".join(sorted(set(words))) for key, words in table.groupby("one")["other"]}


def _joined(first: pd.Series, second: pd.Series) -> pd.Series:
    gap = pd.Series("; ", index=first.index, dtype="str").where((first != "") & (second != ""), "")
    return first + gap + second


def _addressed(binds: pd.Series, country: pd.Series) -> np.ndarray:
    """Whether whom the clause binds (`BINDS`) is where the firm is."""
    china = country.isin(CHINA)
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
