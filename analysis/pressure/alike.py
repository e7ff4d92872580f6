"""Firms of whom two worlds say the same, flow by flow: their draws of a stat are the same too."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.atoms import ATOMS, Patterns
from analysis.pressure.channels import STATS, Reach
from analysis.pressure.crossing import Crossing
from analysis.pressure.draws import mixed_bits
from analysis.pressure.unsure import Unsure, doubtful_flows

__all__ = ["alike_firms"]

Words = NDArray[np.uint64]


def alike_firms(before: tuple[Reach, Unsure], after: tuple[Reach, Unsure]) -> NDArray[np.bool_]:
    """Firms whose point and draws are the same to the last bit, since all they are made of is.

    Flows, in their order, are written as one number of 64 bits a firm; two worlds that differ in something
    look alike with a chance of 2 in 10^19.

    Parameters
    ----------
    before, after : Reach and Unsure
        Of two worlds.

    Returns
    -------
    shape (3, n), by stat of `STATS`, n the firms of `after`; none where firms, channels or parameters differ.
    """
    (one, doubt), (other, told) = before, after
    same = one.firms == other.firms and one.channels == other.channels and one.across == other.across
    same &= doubt.dormant == told.dormant and doubt.priors == told.priors
    if not same or (doubt.patterns is None) != (told.patterns is None):
        return np.zeros((len(STATS), len(other.firms)), dtype=bool)
    return np.asarray(_written(one, doubt) == _written(other, told))


def _written(reach: Reach, unsure: Unsure) -> Words:
    """One number a firm and stat, shape (3, n).

    Which flows are in doubt at all counts for each stat: sums are made in another order for those that are.
    """
    place, every = _places(reach), np.arange(len(reach.firm))
    shared = [
        reach.channel, reach.share, reach.confidence, reach.name, unsure.exists, unsure.share_low,
        unsure.share_high, *unsure.answer, *doubtful_flows(reach, unsure),
    ]  # fmt: skip
    of_all = _sums(reach, place, every, shared, 1)
    of_all += _sums(reach, place, unsure.matched, [unsure.party, unsure.is_match], 2)
    return np.stack([of_all + _of_stat(reach, unsure, place, s) for s in range(len(STATS))])


def _of_stat(reach: Reach, unsure: Unsure, place: NDArray[np.int64], s: int) -> Words:
    """What weighs on one stat only, one number a firm, shape (n,)."""
    columns = [reach.weight[s]]
    if STATS[s] == "squeeze":
        columns += [unsure.kept_low, unsure.kept_high, unsure.stake, unsure.kept]
    if unsure.patterns is not None:
        columns.append(_held(unsure.patterns, s))
    made = _sums(reach, place, np.arange(len(reach.firm)), columns, 3)
    made += _crossed(reach, place, np.arange(len(reach.firm)), unsure.crossing, s, 4)
    choices = unsure.choices
    if choices is None:
        return made
    said = pd.util.hash_array(np.array([repr(choices.thresholds)], dtype=object))
    columns = [np.repeat(said, len(choices.at)), choices.moves[s], *choices.weight[:, s]]
    columns += [_held(patterns, s) for patterns in choices.patterns]
    made += _sums(reach, place, choices.at, columns, 5)
    for number, crossing in enumerate(choices.crossing):
        made += _crossed(reach, place, choices.at, crossing, s, 6 + number)
    return made


def _held(patterns: Patterns, s: int) -> Words:
    """Atoms of each flow for one stat, written as bits."""
    bits = 2 ** np.arange(ATOMS, dtype=np.uint64)
    return np.asarray((patterns.holds[s] * bits).sum(axis=1, dtype=np.uint64)[patterns.at[s]])


def _crossed(
    reach: Reach,
    place: NDArray[np.int64],
    flow: NDArray[np.int64],
    crossing: Crossing,
    s: int,
    table: int,
) -> Words:
    """Rows of a crossing about one stat, its flows being places in `flow`."""
    own = crossing.stat == s
    columns = [crossing.atom[own], crossing.cut[own], crossing.is_above[own], crossing.name[own]]
    return _sums(reach, place, flow[crossing.flow[own]], columns, table)


def _places(reach: Reach) -> NDArray[np.int64]:
    """Place of each flow among those of its firm, shape (f,)."""
    order = np.argsort(reach.firm, kind="stable")
    many = np.bincount(reach.firm, minlength=len(reach.firms))
    made = np.empty(len(order), dtype=np.int64)
    made[order] = np.arange(len(order)) - np.repeat(np.cumsum(many) - many, many)
    return made


def _sums(
    reach: Reach, place: NDArray[np.int64], flow: NDArray[np.int64], columns: Sequence[NDArray], table: int
) -> Words:
    """Rows about flows as one number a firm, shape (n,): the order of rows about one flow is left aside."""
    made = mixed_bits(place[flow].astype(np.uint64) * np.uint64(1024) + np.uint64(table))
    for column in columns:
        held = np.ascontiguousarray(column)
        bits = held.view(np.uint64) if held.dtype.itemsize == 8 else held.astype(np.uint64)
        made = mixed_bits(made + np.uint64(0x9E3779B97F4A7C15) + bits * np.uint64(0xBF58476D1CE4E5B9))
    firm = reach.firm[flow]
    order = np.argsort(firm, kind="stable")
    total = np.r_[np.uint64(0), np.cumsum(made[order], dtype=np.uint64)]
    ends = np.searchsorted(firm[order], np.arange(len(reach.firms) + 1))
    return np.asarray(total[ends[1:]] - total[ends[:-1]])
