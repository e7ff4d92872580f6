"""Where a pair of duties meets: on one flow, or on two flows of a firm with the same party."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.rules.catalogue import Catalogue
from analysis.rules.outcomes import SEVERITY, severity
from analysis.rules.pair_words import HURT

__all__ = ["CHINA", "live_pairs", "meetings"]

CHINA = ("CN", "HK", "MO")
"""Where the party that a Chinese clause protects is."""

_OF_FLOW = ("seller_country", "buyer_country", "origin", "substitutability", "value", "share", "path")
_OF_DUTY = ("outcome", "worst", "clause", "warning")


def live_pairs(catalogue: Catalogue, as_of: date) -> pd.DataFrame:
    """Pairs whose instruments are in force on a day; `clause_dates`: open dates of the clause."""
    day = as_of.isoformat()
    pairs = catalogue.collisions
    state = catalogue.on(as_of)
    force = state.loc[state["state"] == "in_force", "instrument"]
    inside = ((pairs["from"] == "") | (pairs["from"] <= day)) & ((pairs["to"] == "") | (pairs["to"] >= day))
    live = pairs[inside & pairs["clause"].isin(force) & pairs["duty"].isin(force)]
    open_ = state[(state["state"] == "in_force") & (state["warning"] != "")].drop_duplicates("instrument")
    told = open_["instrument"] + ": " + open_["warning"]
    dates = live["clause"].map(told.set_axis(open_["instrument"]))
    return live.assign(clause_dates=dates.astype(object).fillna("").astype("str")).reset_index(drop=True)


def meetings(contacts: pd.DataFrame, flows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Every pair on every flow at stake, without weights.

    Parameters
    ----------
    contacts, flows : pandas.DataFrame
        From `contact` and `flows_of`.
    pairs : pandas.DataFrame
        From `live_pairs`.

    Returns
    -------
    pandas.DataFrame
        Columns of the pair (`duty`, `act`, `clause_pair` ...); of the flow at stake `firm, flow, channel,
        value, share, substitutability, path, party, own_lists, own_country` and its countries; of the duty
        `outcome, worst, clause` (where it is written), `warning` and `duty_flow`, the flow that it touches,
        which is another one where `meets` is `party`; `clause_outcome`, where the pair leaves it open that
        of the clause's own contact with the flow at stake.
    """
    touched = contacts[(contacts["outcome"] != "none").to_numpy()]
    ends = _ends(flows)
    pairs = pairs.rename(columns={"clause": "clause_pair"})
    duties = touched.loc[
        touched["instrument"].isin(pairs["duty"]).to_numpy(), ["firm", "flow", "instrument", *_OF_DUTY]
    ].rename(columns={"instrument": "duty"})
    same, other = pairs[pairs["meets"] == "flow"], pairs[pairs["meets"] == "party"]
    met = duties.merge(ends, on=["firm", "flow"], how="inner")
    found = met.merge(same, on=["duty", "channel"], suffixes=("", "_pair"))
    found["duty_flow"] = found["flow"]
    across = _across(met, ends, other)
    if len(across):
        found = pd.concat([found, across], ignore_index=True)
    hurt = np.ones(len(found), dtype=bool)
    for field in HURT:
        hurt &= ((found["hurt"] != field) | found[field].isin(CHINA)).to_numpy()
    return _judged_by_clause(found[hurt], touched).reset_index(drop=True)


def _ends(flows: pd.DataFrame) -> pd.DataFrame:
    """The flow as the firm sees it: who the other party is, and the firm's own lists and country."""
    sells = (flows["firm"] == flows["seller"]) | (
        (flows["channel"] == "sales") & (flows["firm"] != flows["buyer"])
    )
    ends = flows[["firm", "flow", "channel", *_OF_FLOW]].copy()
    ends["party"] = flows["buyer"].where(sells, flows["seller"])
    ends["own_lists"] = flows["seller_lists"].where(sells, flows["buyer_lists"]).fillna("").astype("str")
    ends["own_country"] = flows["seller_country"].where(sells, flows["buyer_country"])
    return ends


def _across(met: pd.DataFrame, ends: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs over two flows: the strictest duty towards a party, against each other flow with that party."""
    if pairs.empty or not bool(met["duty"].isin(pairs["duty"]).any()):
        return met[:0]
    duty = met[["firm", "party", "flow", "channel", "duty", *_OF_DUTY]]
    duty = duty.rename(columns={"flow": "duty_flow", "channel": "duty_channel"})
    duty = duty[(duty["party"] != "").to_numpy()]
    hard = severity(duty["outcome"], SEVERITY) + severity(duty["worst"], SEVERITY) / 8
    duty = duty.assign(_hard=hard).sort_values("_hard", ascending=False, kind="stable").drop(columns="_hard")
    duty = duty.drop_duplicates(["firm", "party", "duty", "duty_channel"])
    found = duty.merge(pairs, on=["duty", "duty_channel"], suffixes=("", "_pair"))
    return found.merge(ends, on=["firm", "party", "channel"], how="inner")


def _judged_by_clause(found: pd.DataFrame, touched: pd.DataFrame) -> pd.DataFrame:
    """`clause_outcome` where the pair leaves it open: only where the clause itself touches the flow."""
    open_ = (found["clause_outcome"] == "").to_numpy()
    if not open_.any():
        return found
    own = touched.loc[touched["instrument"].isin(found.loc[open_, "clause_pair"])]
    own = own[["firm", "flow", "instrument", "outcome"]].rename(
        columns={"instrument": "clause_pair", "outcome": "own"}
    )
    joined = found.merge(own, on=["firm", "flow", "clause_pair"], how="left")
    joined["clause_outcome"] = joined["clause_outcome"].where(~open_, joined["own"])
    return joined[joined["clause_outcome"].notna().to_numpy()].drop(columns="own")
