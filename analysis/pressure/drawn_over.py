"""In words that programs can take apart: which sources of doubt the limits of each figure were drawn over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.channels import STATS, Reach
from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.reading import Calibrated, Reading
from analysis.pressure.record import AVERAGED, DRAWN_OVER
from analysis.pressure.rereading import Reread
from analysis.pressure.unsure import SOURCES, Unsure, active_sources

__all__ = ["Doubted", "figure_methods", "paired_words", "sources_at_work", "words_over"]

Words = NDArray[np.object_]

NOTHING = "nothing in doubt"

_PAIRED = "paired, "
_FROZEN = "model as it was trained, "


@dataclass(frozen=True, slots=True)
class Doubted:
    """Flows of some firms, and what is in doubt about them."""

    reach: Reach
    unsure: Unsure


def words_over(sources: Sequence[str]) -> str:
    """Some sources in one phrase."""
    return DRAWN_OVER + ", ".join(sources) if sources else NOTHING


def paired_words(
    over: Sequence[str] | Mapping[str, Sequence[str]], terms: Sequence[str] | None = None
) -> str:
    """How the limits of a difference on the same draws came about.

    Parameters
    ----------
    over : sequence of str, or mapping
        Sources of a figure; of p_choose those of each figure, from `sources_at_work`.
    terms : sequence of str, optional
        Slopes of the model, for p_choose.
    """
    if not isinstance(over, Mapping):
        return _PAIRED + words_over(over)
    named = [source for source in SOURCES if any(source in over[term] for term in terms or ())]
    return _PAIRED + _FROZEN + words_over(named)


def sources_at_work(*read: Reading | Reread | Doubted) -> dict[str, tuple[str, ...]]:
    """For each of `STATS` the sources that are at work on any firm in any of some readings."""
    working = np.zeros((len(SOURCES), len(STATS)), dtype=bool)
    for one in read:
        if one.unsure is not None:
            working |= active_sources(one.reach, one.unsure).any(axis=2)
    return {stat: _named(working[:, s]) for s, stat in enumerate(STATS)}


def figure_methods(calibrated: Calibrated, read: Reading, is_averaged: NDArray[np.bool_]) -> dict[str, Words]:
    """How the limits of us, cn, squeeze and p_choose of n firms came about, each of shape (n,).

    Parameters
    ----------
    calibrated : Calibrated
    read : Reading
    is_averaged : shape (n,)
        Firms that their sector's average stands in for.
    """
    n, model = len(read.firms), calibrated.model
    active = np.zeros((len(SOURCES), len(STATS), n), dtype=bool)
    if read.unsure is not None:
        active = active_sources(read.reach, read.unsure)
    made = {}
    for s, stat in enumerate(STATS):
        made[stat] = np.where(is_averaged, AVERAGED, _phrases(active[:, s], ()))
    if not isinstance(model, ChoiceModel):
        made["p_choose"] = np.full(n, "", dtype=object)
        return made
    own = ("model", "answers") if model.sets else ("model",)
    inside = np.asarray(np.any(active[:, [STATS.index(term) for term in model.terms]], axis=1))
    limits = "quantiles of the posterior" if model.declared.is_nonnegative else "profile limits"
    how = f"Firth with {model.declared.correction.upper()}, {limits}; "
    apart = model if calibrated.apart is None else calibrated.apart
    alone = ~calibrated.told_of(read.firms, is_averaged).has_answered
    if isinstance(apart, Abstained) or len(np.unique(apart.apart.astype(str))) < 2:
        alone = np.zeros(n, dtype=bool)
    plain, wider = _phrases(inside, own), _phrases(inside, (*own, "unseen"))
    made["p_choose"] = how + np.where(alone, wider, plain).astype(object)
    return made


def _named(working: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(source for source, is_on in zip(SOURCES, working, strict=True) if is_on)


def _phrases(active: NDArray[np.bool_], first: tuple[str, ...]) -> Words:
    """Phrase of each firm from its sources, shape (sources, n); each set of sources is worded once."""
    code = np.left_shift(1, np.arange(len(active))) @ active
    sets, at = np.unique(code, return_inverse=True)
    words = [words_over((*first, *_named((held >> np.arange(len(active))) & 1 > 0))) for held in sets]
    return np.array(words, dtype=object)[np.ravel(at)]
