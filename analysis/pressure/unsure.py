"""What is in doubt about each flow, by source: its link, the match of its party, bands, open rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.atoms import Patterns, patterns_of, worst_stakes
from analysis.pressure.banded import answer_names, band_ends
from analysis.pressure.channels import STATS, Reach, link_names
from analysis.pressure.choices import Choices, choices_of
from analysis.pressure.crossing import Crossing, crossings_of, no_crossings
from analysis.pressure.day import Day
from analysis.pressure.flowkeys import FlowKeys
from analysis.pressure.priors import Prior

__all__ = [
    "SOURCES",
    "Unsure",
    "active_sources",
    "at_work",
    "doubtful_flows",
    "part_of",
    "unsure_of",
    "with_links_alone",
]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

SOURCES = ("links", "matches", "bands", "rules", "thresholds")
"""Sources of doubt about an indicator, each drawn apart from the others."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """What is in doubt about f flows of n firms, beside `Reach` and in its order.

    Attributes
    ----------
    exists : shape (f,)
        Probability that the link is there, the match of its party left aside.
    matched, party : shapes (m,) int, (m,) uint64
        Flows of matched parties, one row a matched end, and the hash of the party, which the draws belong to.
    is_match : shape (m,)
        Probability that the match is right.
    share_low, share_high, kept_low, kept_high : shape (f,)
        Bands of the share, and of 1 - substitutability; nan where there is none.
    stake, kept : shape (f,)
        Stake per unit of share before substitutability is taken off, and 1 - substitutability.
    answer : shape (2, f) uint64
        Hash that draws of the bands of share and substitutability belong to: of firm and flow, or of firm and
        question where one answer is about several flows.
    crossing : Crossing
    patterns : Patterns or None
        What rules weigh on each flow; None where no parameter is open.
    priors : Mapping[str, Prior]
    dormant : float
        Weight that points are made with.
    choices : Choices or None
        What open thresholds make of the flows that hang on them; None where none does.
    """

    exists: Floats
    matched: Places
    party: NDArray[np.uint64]
    is_match: Floats
    share_low: Floats
    share_high: Floats
    kept_low: Floats
    kept_high: Floats
    stake: Floats
    kept: Floats
    answer: NDArray[np.uint64]
    crossing: Crossing
    patterns: Patterns | None = None
    priors: Mapping[str, Prior] = field(default_factory=dict)
    dormant: float = 0.25
    choices: Choices | None = None


def unsure_of(reach: Reach, now: Day, priors: Mapping[str, Prior], dormant: float) -> Unsure:
    """Lay out beside `reach` what a day tells of doubt.

    Parameters
    ----------
    reach : Reach
        From `reach_of` on the same day.
    now : Day
    priors : mapping
        Of `open_priors`.
    dormant : float
    """
    firms = np.array(reach.firms, dtype=object)[reach.firm]
    keys = FlowKeys.of(firms, reach.flow)
    flows = now.flows.iloc[FlowKeys.of(now.flows["firm"], now.flows["flow"]).find(firms, reach.flow)]
    ends = band_ends(flows, now.bands)
    at, party, is_match = _matches(flows, now.matched)
    exists = reach.confidence.copy()
    whole = np.ones(len(exists))
    np.multiply.at(whole, at, is_match)
    exists = np.clip(np.divide(exists, whole, out=np.zeros_like(exists), where=whole > 0), 0.0, 1.0)
    of_firm = pd.Series(firms, dtype="str") + "\n" + pd.Series(reach.flow, dtype="str")
    return Unsure(
        exists=exists,
        matched=at,
        party=party,
        is_match=is_match,
        share_low=ends[0],
        share_high=ends[1],
        kept_low=1.0 - ends[3],
        kept_high=1.0 - ends[2],
        stake=worst_stakes(keys, now.collisions),
        kept=1.0 - np.nan_to_num(flows["substitutability"].to_numpy(dtype=np.float64)),
        answer=answer_names(of_firm, keys, now.bands),
        crossing=crossings_of(keys, now.cuts, now.collisions),
        patterns=patterns_of(keys, now.contacts, now.collisions) if priors else None,
        priors=priors,
        dormant=dormant,
        choices=choices_of(reach, keys, now, has_patterns=bool(priors)),
    )


def _hashed(words: "pd.Series[str]") -> NDArray[np.uint64]:
    return pd.util.hash_array(words.to_numpy(dtype=object))


def _matches(flows: pd.DataFrame, matched: pd.DataFrame) -> tuple[Places, NDArray[np.uint64], Floats]:
    """Place of the flow, hash of the party and probability of every match in doubt."""
    if matched.empty:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64), np.zeros(0)
    own = pd.DataFrame({"link": link_names(flows).to_numpy(), "at": np.arange(len(flows))})
    rows = own.merge(matched, on="link")
    return (
        rows["at"].to_numpy(dtype=np.int64),
        _hashed(rows["party"].astype("str")),
        rows["probability"].to_numpy(dtype=np.float64),
    )


def with_links_alone(reach: Reach) -> Unsure:
    """Nothing in doubt but whether links exist, by their confidence."""
    f = len(reach.share)
    none, nowhere = np.full(f, np.nan), np.zeros(0, dtype=np.int64)
    names = np.zeros(0, dtype=np.uint64)
    empty = np.zeros(0)
    stake = reach.weight[STATS.index("squeeze")]
    return Unsure(
        *(reach.confidence, nowhere, names, empty, none, none, none, none, stake, np.ones(f)),
        *(np.stack([reach.name] * 2), no_crossings()),
    )


def at_work(reach: Reach, unsure: Unsure) -> NDArray[np.bool_]:
    """Which of `SOURCES` are at work on each flow for each of `STATS`, shape (sources, 3, f)."""
    size = np.fmax(np.nan_to_num(reach.share), np.nan_to_num(unsure.share_high))
    crosses = np.zeros((len(STATS), len(size)), dtype=bool)
    crosses[unsure.crossing.stat, unsure.crossing.flow] = True
    crosses &= size > 0
    is_matched = np.zeros(len(size), dtype=bool)
    is_matched[unsure.matched[unsure.is_match < 1.0]] = True
    by_rules = np.zeros(crosses.shape, dtype=bool)
    if unsure.patterns is not None:
        by_rules = (unsure.patterns.at > 0) & (size > 0)
    by_choice = np.zeros(crosses.shape, dtype=bool)
    if unsure.choices is not None:
        by_choice[:, unsure.choices.at] = unsure.choices.moves & (size[unsure.choices.at] > 0)
    weighs = (reach.weight > 0) & (size > 0)
    counts = weighs | crosses | by_rules | by_choice
    banded = (unsure.share_high > unsure.share_low) & counts
    stake = STATS.index("squeeze")
    banded[stake] |= (unsure.kept_high > unsure.kept_low) & (unsure.stake > 0) & (size > 0)
    by_links, by_matches = (unsure.exists < 1.0) & counts, is_matched & counts
    return np.stack([by_links, by_matches, banded | crosses, by_rules, by_choice])


def doubtful_flows(reach: Reach, unsure: Unsure) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which flows may not be there, and which may weigh otherwise; shapes (f,)."""
    links, matches, bands, rules, thresholds = np.asarray(np.any(at_work(reach, unsure), axis=1))
    return links | matches, bands | rules | thresholds


def active_sources(reach: Reach, unsure: Unsure) -> NDArray[np.bool_]:
    """Which of `SOURCES` are at work on each figure of each firm, shape (sources, 3, n)."""
    n, work = len(reach.firms), at_work(reach, unsure)
    rows = work.reshape(work.shape[0] * work.shape[1], work.shape[2])
    return np.stack([np.bincount(reach.firm, row, minlength=n) > 0 for row in rows]).reshape(
        *work.shape[:2], n
    )


def part_of(reach: Reach, unsure: Unsure, firms: NDArray[np.bool_]) -> tuple[Reach, Unsure]:
    """The same of some firms only, given as a mask of shape (n,)."""
    keep = firms[reach.firm]
    number = np.cumsum(firms) - 1
    place = np.cumsum(keep) - 1
    crossing, own = unsure.crossing, keep[unsure.crossing.flow]
    match = keep[unsure.matched]
    patterns = unsure.patterns
    return (
        replace(
            reach,
            firms=tuple(np.array(reach.firms, dtype=object)[firms]),
            firm=number[reach.firm[keep]],
            channel=reach.channel[keep],
            flow=reach.flow[keep],
            share=reach.share[keep],
            weight=reach.weight[:, keep],
            worst=reach.worst[:, keep],
            confidence=reach.confidence[keep],
            name=reach.name[keep],
        ),
        replace(
            unsure,
            exists=unsure.exists[keep],
            matched=place[unsure.matched[match]],
            party=unsure.party[match],
            is_match=unsure.is_match[match],
            share_low=unsure.share_low[keep],
            share_high=unsure.share_high[keep],
            kept_low=unsure.kept_low[keep],
            kept_high=unsure.kept_high[keep],
            stake=unsure.stake[keep],
            kept=unsure.kept[keep],
            answer=unsure.answer[:, keep],
            crossing=Crossing(
                place[crossing.flow[own]],
                crossing.stat[own],
                crossing.atom[own],
                crossing.cut[own],
                crossing.is_above[own],
                crossing.name[own],
            ),
            patterns=None if patterns is None else Patterns(patterns.at[:, keep], patterns.holds),
            choices=None if unsure.choices is None else unsure.choices.part(keep, place),
        ),
    )
