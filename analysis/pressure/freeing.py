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
from analysis.pressure.settings import PressureSettings
from analysis.pressure.unsure import Unsure, doubtful_flows, unsure_of, with_links_alone
from analysis.pressure.variants import Variant

__all__ = ["Case", "cases_at_stake", "figures_in", "reach_in", "rules_on", "stakes_at"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """Flows of a day that matter to some firms, with what touches them.

    Attributes
    ----------
    day : Day
        Its frames narrowed to these flows; flows have `party`, who is at the other end, too. One flow of each
        firm and channel at least.
    reach : Reach
        Of all flows and firms of the day.
    unsure : Unsure
        Beside it.
    settings : PressureSettings
    """

    day: Day
    reach: Reach
    unsure: Unsure
    settings: PressureSettings

    @property
    def flows(self) -> pd.DataFrame:
        """Flows, with `party`."""
        return self.day.flows


def cases_at_stake(
    now: Day,
    read: Reading,
    firms: NDArray[np.int64],
    settings: PressureSettings,
    *,
    squeeze_only: bool,
) -> Case:
    """What makes up the figures of some firms, without flows that have no part in them.

    Parameters
    ----------
    now : Day
    read : Reading
        Of the same day.
    firms : shape (k,) int
        Places in `read.firms`.
    settings : PressureSettings
    squeeze_only : bool
        Whether us and cn do not matter: contacts are left out then, and flows not at stake.
    """
    reach, unsure = read.reach, read.unsure or with_links_alone(read.reach)
    names = np.array(reach.firms, dtype=object)
    sized = np.isfinite(reach.share)
    weights = reach.weight[STATS.index("squeeze") :] if squeeze_only else reach.weight
    heavy = ((weights > 0).any(axis=0) & sized) | doubtful_flows(reach, unsure)[1]
    rows = pd.DataFrame(
        {"firm": reach.firm, "channel": reach.channel, "flow": reach.flow, "heavy": heavy, "sized": sized}
    )
    rows = rows[np.isin(reach.firm, firms)]
    rows = rows.sort_values(["firm", "channel", "sized"], ascending=[True, True, False], kind="stable")
    rows = rows[rows["heavy"] | ~rows.duplicated(["firm", "channel"])]
    keys = pd.DataFrame({"firm": names[rows["firm"]].astype(str), "flow": rows["flow"].astype(str)})
    flows = now.flows.merge(keys.drop_duplicates(), on=["firm", "flow"])
    sells = flows["firm"] == flows["seller"]
    flows = flows.assign(party=flows["buyer"].where(sells, flows["seller"]))
    mine = set(names[firms])
    touched = now.contacts["firm"].isin([] if squeeze_only else mine)
    met = squeezing(now.collisions)
    met = met[met["firm"].isin(mine)].merge(keys, on=["firm", "flow"])
    cuts = now.cuts[now.cuts["firm"].isin(mine)]
    contacts = now.contacts[touched].merge(keys, on=["firm", "flow"])
    day = replace(now, flows=flows, contacts=contacts, collisions=met, cuts=cuts)
    if now.variants is not None:

        def of_flows(one: Variant) -> Variant:
            return _of_flows(one, keys, squeeze_only=squeeze_only)

        day = replace(day, variants=now.variants.through(of_flows, now.variants.firms))
    return Case(day, reach, unsure, settings)


def _of_flows(one: Variant, keys: pd.DataFrame, *, squeeze_only: bool) -> Variant:
    """What touches some flows under one choice of open thresholds."""
    every = keys.drop_duplicates()
    contacts = one.contacts.iloc[:0] if squeeze_only else one.contacts
    tables = (contacts, squeezing(one.collisions), one.cuts)
    return Variant(*(table.merge(every, on=["firm", "flow"]) for table in tables))


def stakes_at(case: Case) -> pd.DataFrame:
    """Flows at stake: `firm,flow,channel,party,share,substitutability`, and `at_stake` at the worst pair."""
    worst = case.day.collisions.groupby(["firm", "flow"], observed=False)["at_stake"].max().reset_index()
    columns = ["firm", "flow", "channel", "party", "share", "substitutability"]
    return case.flows[columns].merge(worst[worst["at_stake"] > 0], on=["firm", "flow"])


def rules_on(case: Case) -> pd.DataFrame:
    """Rules that ask something of a flow or punish it: `firm,flow,rule,channel,share`, each once."""
    met = case.day
    ends = ((met.contacts, "instrument"), (met.collisions, "duty"), (met.collisions, "clause"))
    parts = [table[["firm", "flow", end]].set_axis(["firm", "flow", "rule"], axis=1) for table, end in ends]
    named = pd.concat(parts, ignore_index=True).drop_duplicates()
    return named.merge(case.flows[["firm", "flow", "channel", "share"]], on=["firm", "flow"])


def reach_in(case: Case, freed: pd.DataFrame, ids: Sequence[str]) -> tuple[Reach, Unsure]:
    """Flows of firms as they would be were some of them, or some rules, out of the way.

    A flow that is freed keeps its share and is touched by nothing: the trade ends, or goes to somebody no
    rule touches. A rule that is freed neither asks nor punishes. What is in doubt stays in doubt on the same
    draws.

    Parameters
    ----------
    case : Case
    freed : pandas.DataFrame
        `id,firm,flow,rule`: what is freed in each case; one row at least for each id, both empty for nothing.
    ids : sequence of str
        Cases, each a firm of its own.

    Returns
    -------
    reach, unsure : Reach, Unsure
        With the ids as firms.
    """
    owner = freed[["id", "firm"]].drop_duplicates()
    day = case.day
    flows = day.flows.merge(owner, on="firm")
    cut = pd.MultiIndex.from_frame(freed.loc[freed["flow"] != "", ["id", "flow"]])
    off = pd.MultiIndex.from_frame(freed.loc[freed["rule"] != "", ["id", "rule"]])

    def stays(table: pd.DataFrame, columns: tuple[str, ...], gone: pd.MultiIndex) -> NDArray[np.bool_]:
        left = np.ones(len(table), dtype=bool)
        for column in columns:
            left &= ~pd.MultiIndex.from_arrays([table["id"], table[column]]).isin(gone)
        return left

    def left(one: Variant) -> Variant:
        contacts, met, cuts = (
            table.merge(owner, on="firm") for table in (one.contacts, one.collisions, one.cuts)
        )
        contacts = contacts[stays(contacts, ("flow",), cut) & stays(contacts, ("instrument",), off)]
        met = met[stays(met, ("flow", "duty_flow"), cut) & stays(met, ("duty", "clause"), off)]
        cuts = cuts[stays(cuts, ("flow",), cut) & stays(cuts, ("instrument",), off)]
        return Variant(*(table.assign(firm=table["id"]) for table in (contacts, met, cuts)))

    touch = left(Variant(day.contacts, day.collisions, day.cuts))
    bands = None if day.bands is None else day.bands.merge(owner, on="firm")
    was = flows.set_index(["id", "flow"])["firm"]
    flows = flows.assign(firm=flows["id"])
    bands = None if bands is None else bands.assign(firm=bands["id"])
    variants = day.variants
    if variants is not None:
        variants = variants.through(left, tuple(owner.loc[owner["firm"].isin(variants.firms), "id"]))
    there = replace(
        day,
        flows=flows,
        contacts=touch.contacts,
        collisions=touch.collisions,
        cuts=touch.cuts,
        bands=bands,
        variants=variants,
    )
    made = reach_of(flows, touch.contacts, touch.collisions, list(ids), case.reach.across)
    unsure = unsure_of(made, there, case.settings.open, case.settings.dormant)
    names = np.array(made.firms, dtype=object)[made.firm]
    own = was.reindex(pd.MultiIndex.from_arrays([names, made.flow]))
    at = pd.MultiIndex.from_arrays(
        [np.array(case.reach.firms, dtype=object)[case.reach.firm], case.reach.flow]
    )
    place = at.get_indexer(pd.MultiIndex.from_arrays([own.to_numpy(dtype=object), made.flow]))
    channel = pd.Index(case.reach.channels).get_indexer(pd.Index(made.channels)).astype(np.int64)
    made = replace(made, channels=case.reach.channels, channel=channel[made.channel])
    return made, replace(unsure, answer=case.unsure.answer[:, place])


def figures_in(reach: Reach, unsure: Unsure, settings: PressureSettings) -> tuple[Floats, Floats]:
    """us, cn, squeeze of k cases: points (3, k), and draws (3, draws, k), those of the study's own doubt."""
    drawn = draw_indicators(reach, settings.seed, settings.draws, unsure)
    return figures_of(reach, channel_sums(reach)), drawn
