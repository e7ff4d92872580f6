"""Steps of the weights as entries of the Ledger, by the rows of the file, and the column they make."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from survey.design import Design
from survey.ledger import Change, Ledger
from survey.meanings import changed_meanings
from survey.wave import Wave
from survey.weighted import Weighted
from survey.weights_column import with_weight_column

__all__ = ["base_reason", "weight_step", "weights_written_down"]

Numbers = NDArray[np.float64]


def base_reason(design: Design, is_list: bool) -> str:
    """Where the weights begin."""
    if design.weight:
        return f"base weight, column {design.weight}"
    if is_list:
        return "each firm approached counts once"
    return "N/n of the design" if design.population else "each firm counts once"


def weight_step(rule: str, before: Numbers, after: Numbers, reason: str) -> Change:
    """One step of the weights as a change of the column `weight`."""
    rows = np.flatnonzero(before != after)
    return Change(rule, "weight", rows.astype(np.int64), before[rows], after[rows], reason)


def weights_written_down(wave: Wave, ledger: Ledger) -> Ledger:
    """The Ledger with every step that made the weights of a wave.

    The first step, `weights.base`, makes the column: what was blank becomes the base weight. Replicate
    weights go through the same steps and are not written down. A wave without weights
    leaves the Ledger as it is.

    Parameters
    ----------
    wave : Wave
        Cleaned and weighed.
    ledger : Ledger
        Of its cleaning.
    """
    made = wave.weighted
    if made is None:
        return ledger
    held = with_weight_column(wave)
    question = held.codebook.questions[-1]
    rows = _rows_left(ledger)
    entries = tuple(
        replace(
            change,
            column=question.columns[0],
            rows=rows[change.rows],
            reason=_reason(change, made),
            dtype="float64",
        )
        for change in made.ledger.changes
    )
    meant = changed_meanings(wave.codebook, held.codebook, "weights.base", "weights made by [weights]")
    return replace(ledger, changes=(*ledger.changes, *entries), meanings=(*ledger.meanings, *meant))


def _rows_left(ledger: Ledger) -> NDArray[np.int64]:
    """Row of the file of each row that cleaning left."""
    gone = [change.rows for change in ledger.changes if not change.column]
    dropped = np.concatenate(gone) if gone else np.zeros(0, dtype=np.int64)
    return np.setdiff1d(np.arange(ledger.rows, dtype=np.int64), dropped)


def _reason(change: Change, made: Weighted) -> str:
    """Why, with the margins and where they come from."""
    if change.rule != "weights.margins":
        return change.reason
    told = dict.fromkeys(f"{m.margin} ({m.source}, {m.date})" for m in made.margins)
    return f"{made.method} to {'; '.join(told)}"
