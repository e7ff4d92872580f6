"""Firms of whom two worlds say the same, flow by flow: their draws are the same too."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.atoms import ATOMS, Patterns
from analysis.pressure.channels import Reach
from analysis.pressure.crossing import Crossing
from analysis.pressure.draws import mixed_bits
from analysis.pressure.unsure import Unsure

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
    shape (n,), n the firms of `after`; none where firms, channels or parameters differ.
    """
    (one, doubt), (other, told) = before, after
    same = one.firms == other.firms and one.channels == other.channels and one.across == other.across
    same &= doubt.dormant == told.dormant and doubt.priors == told.priors
    if not same or (doubt.patterns is None) != (told.patterns is None):
        return np.zeros(len(other.firms), dtype=bool)
    return np.asarray(_written(one, doubt) == _written(other, told))


def _written(reach: Reach, unsure: Unsure) -> Words:
    """One number a firm, shape (n,)."""
    columns = [
        reach.channel, reach.share, *reach.weight, reach.confidence, reach.name, unsure.exists,
        unsure.share_low, unsure.share_high, unsure.kept_low, unsure.kept_high, unsure.stake, unsure.kept,
        *unsure.answer,
    ]  # fmt: skip
    if unsure.patterns is not None:
        columns += _held(unsure.patterns)
    place, every = _places(reach), np.arange(len(reach.firm))
    made = _sums(reach, place, every, columns, 1)
    made += _sums(reach, place, unsure.matched, [unsure.party, unsure.is_match], 2)
    made += _sums(reach, place, unsure.crossing.flow, _caught(unsure.crossing), 3)
    choices = unsure.choices
    if choices is None:
        return made
    said = pd.util.hash_array(np.array([repr(choices.thresholds)], dtype=object))
    columns = [np.repeat(said, len(choices.at)), *choices.moves, *choices.weight.reshape(-1, len(choices.at))]
    for patterns in choices.patterns:
        columns += _held(patterns)
    made += _sums(reach, place, choices.at, columns, 4)
    for number, crossing in enumerate(choices.crossing):
        made += _sums(reach, place, choices.at[crossing.flow], _caught(crossing), 5 + number)
    return made


def _held(patterns: Patterns) -> list[NDArray]:
    """Atoms of each flow by stat, written as bits."""
    bits = 2 ** np.arange(ATOMS, dtype=np.uint64)
    both = zip(patterns.at, patterns.holds, strict=True)
    return [(holds * bits).sum(axis=1, dtype=np.uint64)[at] for at, holds in both]


def _caught(crossing: Crossing) -> list[NDArray]:
    return [crossing.stat, crossing.atom, crossing.cut, crossing.is_above, crossing.name]


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
