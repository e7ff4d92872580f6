"""What happened to a question between two editions: firms added, items answered late, answers edited."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["EDITION_MODELS", "Reading", "changes_needed", "could_follow", "simplest_model"]

EDITION_MODELS = ("additions", "late", "edits")
"""Models, each allowing what those before it allow. `additions`: firms that are new answer, and nothing else
changes. `late`: firms of the earlier edition may also answer a question they had left out. `edits`: answers
may be changed or withdrawn, as few as the counts allow."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """One question in one edition, on each base it can have.

    Attributes
    ----------
    edition : str
        Its name.
    firms : int
        Respondents of the edition.
    bases : NDArray[np.int64]
        Shape (m,): bases that print all figures.
    low, high : NDArray[np.int64]
        Shape (m, k): least and greatest count of each option; -1 where the edition does not print it.
    target : NDArray[np.float64]
        Shape (k,): printed share, 0 to 1; nan where not printed.
    """

    edition: str
    firms: int
    bases: Ints
    low: Ints
    high: Ints
    target: NDArray[np.float64]


def could_follow(first: Reading, second: Reading, is_single: bool, model: str) -> NDArray[np.bool_]:
    """Which pairs of bases the model allows, shape (m of first, m of second).

    With a answers more than before, the count of an option printed twice may grow by 0 to a. Of a
    single-choice question whose counts are certain no answer may have to be changed; where several counts
    print alike that is left to the counts that are chosen.
    """
    added = second.bases[None, :] - first.bases[:, None]
    if model == "edits":
        return np.ones(added.shape, dtype=bool)
    fits = added >= 0
    if model == "additions":
        fits &= added <= second.firms - first.firms
    both = ~np.isnan(first.target) & ~np.isnan(second.target)
    low, high = first.low[:, None, both], first.high[:, None, both]
    next_low, next_high = second.low[None, :, both], second.high[None, :, both]
    fits &= ((next_high - low >= 0) & (next_low - high <= added[:, :, None])).all(axis=2)
    if is_single and all((r.low == r.high).all() for r in (first, second)):
        one, two = (first.bases[:, None], first.low[:, None, :]), (second.bases[None, :], second.low[None])
        fits &= changes_needed(one, two, is_single) == 0
    return np.asarray(fits)


def changes_needed(
    first: tuple[int | Ints, Ints], second: tuple[int | Ints, Ints], is_single: bool
) -> NDArray[np.int64]:
    """The fewest answers of the first edition that must have been changed or withdrawn to reach the second.

    Parameters
    ----------
    first, second : tuple
        Base, shape (...), and counts of the options, shape (..., k), -1 where the edition does not print one.
    is_single : bool
        Whether a firm gives one answer: then an answer that one edition does not print may be among the
        others of it, and a change moves a firm from one answer to another. Else each tick is by itself.

    Returns
    -------
    NDArray[np.int64]
        Whole numbers, shape (...).
    """
    n, one = np.asarray(first[0]), first[1]
    m, two = np.asarray(second[0]), second[1]
    withdrawn = np.maximum(0, n - m)
    both = (one >= 0) & (two >= 0)
    if not is_single:
        grown, added = two - one, np.maximum(0, m - n)[..., None]
        beyond = np.maximum(np.maximum(-grown - withdrawn[..., None], grown - added), 0)
        return np.asarray(withdrawn + np.where(both, beyond, 0).sum(axis=-1))
    gone = np.where((one >= 0) & (two < 0), one, 0).sum(axis=-1)
    come = np.where((one < 0) & (two >= 0), two, 0).sum(axis=-1)
    rest, later = n - np.maximum(one, 0).sum(axis=-1), m - np.maximum(two, 0).sum(axis=-1)
    unprinted = np.minimum(gone, later)
    stay = np.where(both, np.minimum(one, two), 0).sum(axis=-1) + unprinted
    stay = stay + np.minimum(rest, come + later - unprinted)
    return np.asarray(np.maximum(n - stay, withdrawn))


def simplest_model(
    first: tuple[int, int, Ints], second: tuple[int, int, Ints], is_single: bool
) -> tuple[str, int]:
    """The first of `EDITION_MODELS` that explains two editions, and the fewest changes it takes.

    Parameters
    ----------
    first, second : tuple
        Respondents of the edition, base, and counts as `changes_needed` takes them.
    """
    changes = int(changes_needed(first[1:], second[1:], is_single))
    if changes:
        return "edits", changes
    is_new = second[1] - first[1] <= second[0] - first[0]
    return ("additions" if is_new else "late"), 0
