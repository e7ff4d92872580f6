"""A firm's named inputs changed one way or another: each case a firm of its own, met by the same rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.across import figures_of
from analysis.pressure.channels import STATS, Reach, channel_sums, reach_of, squeezing
from analysis.pressure.day import Day
from analysis.pressure.doubt import draw_indicators
from analysis.pressure.reading import Reading

__all__ = ["Case", "cases_at_stake", "figures_in", "reach_in", "rules_on", "stakes_at"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """Flows of a day that matter to some firms, with what touches them.

    Attributes
    ----------
    flows : pandas.DataFrame
        `FLOW_COLUMNS` and `party`, who is at the other end; one flow of each firm and channel at least.
    contacts, collisions : pandas.DataFrame
        Of these flows.
    channels : tuple[str, ...]
        Of the whole reach.
    across : str
    """

    flows: pd.DataFrame
    contacts: pd.DataFrame
    collisions: pd.DataFrame
    channels: tuple[str, ...]
    across: str


def cases_at_stake(now: Day, read: Reading, firms: NDArray[np.int64], *, squeeze_only: bool) -> Case:
    """What makes up the figures of some firms, without flows that have no part in them.

    Parameters
    ----------
    now : Day
    read : Reading
        Of the same day.
    firms : shape (k,) int
        Places in `read.firms`.
    squeeze_only : bool
        Whether us and cn do not matter: contacts are left out then, and flows not at stake.
    """
    reach = read.reach
    names = np.array(reach.firms, dtype=object)
    sized = np.isfinite(reach.share)
    weights = reach.weight[STATS.index("squeeze") :] if squeeze_only else reach.weight
    heavy = ((weights > 0).any(axis=0) & sized).astype(np.int64)
    kept = np.isin(reach.firm, firms)
    rows = pd.DataFrame(
        {"firm": reach.firm, "channel": reach.channel, "flow": reach.flow, "heavy": heavy, "sized": sized}
    )
    rows = rows[kept].sort_values(["firm", "channel", "sized"], ascending=[True, True, False], kind="stable")
    rows = rows[(rows["heavy"] > 0) | ~rows.duplicated(["firm", "channel"])]
    keys = pd.DataFrame({"firm": names[rows["firm"]].astype(str), "flow": rows["flow"].astype(str)})
    flows = now.flows.merge(keys.drop_duplicates(), on=["firm", "flow"])
    sells = flows["firm"] == flows["seller"]
    flows = flows.assign(party=flows["buyer"].where(sells, flows["seller"]))
    mine = set(names[firms])
    touched = now.contacts["firm"].isin([] if squeeze_only else mine)
    contacts = now.contacts[touched].merge(keys, on=["firm", "flow"])
    met = squeezing(now.collisions)
    met = met[met["firm"].isin(mine)].merge(keys, on=["firm", "flow"])
    return Case(flows, contacts, met, reach.channels, reach.across)


def stakes_at(case: Case) -> pd.DataFrame:
    """Flows at stake: `firm,flow,channel,party,share,substitutability`, and `at_stake` at the worst pair."""
    worst = case.collisions.groupby(["firm", "flow"], observed=False)["at_stake"].max().reset_index()
    columns = ["firm", "flow", "channel", "party", "share", "substitutability"]
    return case.flows[columns].merge(worst[worst["at_stake"] > 0], on=["firm", "flow"])


def rules_on(case: Case) -> pd.DataFrame:
    """Rules that ask something of a flow or punish it: `firm,flow,rule,channel,share`, each once."""
    ends = ((case.contacts, "instrument"), (case.collisions, "duty"), (case.collisions, "clause"))
    parts = [table[["firm", "flow", end]].set_axis(["firm", "flow", "rule"], axis=1) for table, end in ends]
    named = pd.concat(parts, ignore_index=True).drop_duplicates()
    return named.merge(case.flows[["firm", "flow", "channel", "share"]], on=["firm", "flow"])


def reach_in(case: Case, freed: pd.DataFrame, ids: Sequence[str]) -> Reach:
    """Flows of firms as they would be were some of them, or some rules, out of the way.

    A flow that is freed keeps its share and is touched by nothing: the trade ends, or goes to somebody no
    rule touches. A rule that is freed neither asks nor punishes.

    Parameters
    ----------
    case : Case
    freed : pandas.DataFrame
        `id,firm,flow,rule`: what is freed in each case; one row at least for each id, both empty for nothing.
    ids : sequence of str
        Cases, each a firm of its own.

    Returns
    -------
    Reach
        With the ids as its firms.
    """
    owner = freed[["id", "firm"]].drop_duplicates()
    flows, contacts, met = (
        table.merge(owner, on="firm") for table in (case.flows, case.contacts, case.collisions)
    )
    cut = pd.MultiIndex.from_frame(freed.loc[freed["flow"] != "", ["id", "flow"]])
    off = pd.MultiIndex.from_frame(freed.loc[freed["rule"] != "", ["id", "rule"]])

    def stays(table: pd.DataFrame, columns: tuple[str, ...], gone: pd.MultiIndex) -> NDArray[np.bool_]:
        left = np.ones(len(table), dtype=bool)
        for column in columns:
            left &= ~pd.MultiIndex.from_arrays([table["id"], table[column]]).isin(gone)
        return left

    contacts = contacts[stays(contacts, ("flow",), cut) & stays(contacts, ("instrument",), off)]
    met = met[stays(met, ("flow", "duty_flow"), cut) & stays(met, ("duty", "clause"), off)]
    flows, contacts, met = (table.assign(firm=table["id"]) for table in (flows, contacts, met))
    made = reach_of(flows, contacts, met, list(ids), case.across)
    place = pd.Index(case.channels).get_indexer(pd.Index(made.channels)).astype(np.int64)
    return replace(made, channels=case.channels, channel=place[made.channel])


def figures_in(reach: Reach, seed: int, draws: int) -> tuple[Floats, Floats]:
    """us, cn, squeeze of k cases: points (3, k), and draws (3, draws, k), those of the study's own links."""
    return figures_of(reach, channel_sums(reach)), draw_indicators(reach, seed, draws)
