"""What protection costs: cells hidden and why, and information lost beside what other ways would lose."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.disclosure.audiences import MINIMUM_TABLE, floor_for
from analysis.disclosure.perturbing import noise_table
from analysis.release.cells import counted_cells, shown_cells
from analysis.release.tables import in_use
from survey import Wave, answers_to

__all__ = ["UTILITY_COLUMNS", "utility_table"]

UTILITY_COLUMNS = ("audience", "question", "by", "stat", "why", "n", "estimate", "method")
"""Columns of the table: `stat` is cells or information; `question` is empty for all together."""

_REASONS = ("shown", "small table", "few firms", "all but few firms", "gate or table", "worked out")
"""Why a cell is hidden; the first that holds. Told to nobody but the team that holds the answers."""


def utility_table(
    wave: Wave, audiences: Sequence[str], minimum_frequency: int, open_by: Sequence[str]
) -> pd.DataFrame:
    """What each audience does not see, and why; for the internal Release only.

    Parameters
    ----------
    wave : Wave
        The answers.
    audiences : sequence of str
        Audiences the study declares; the internal one loses nothing and has no rows.
    minimum_frequency : int
        Of the release.
    open_by : sequence of str
        Breaks others see.

    Returns
    -------
    pandas.DataFrame
        Columns `UTILITY_COLUMNS`. Rows of `stat` cells: for each question and break, and for all, how many
        cells (`n`) and which share of them (`estimate`) are shown or hidden for which reason. Rows of `stat`
        information, over all questions: the part of all counts that is lost, by `method`: suppression as it
        was done; whole tables, had each table with an unsafe cell been left out; and, for ways that change
        instead of hiding, the mean absolute change over the mean count: rounding to the floor at random
        (expected 2 r (b - r) / b for a remainder r of the base b), and cell keys with noise up to the floor.
        They are of what is and have no interval: nothing is sampled.
    """
    wave = in_use(wave)
    given = {q.id: answers_to(wave, q.id) for q in wave.codebook.tabulated() if q.kind != "number"}
    cells = counted_cells(wave.codebook, given, open_by)
    parts = []
    for audience in (word for word in audiences if word != "internal"):
        floor = floor_for(audience, minimum_frequency)
        shown = shown_cells(wave.codebook, given, floor, open_by)
        key = zip(*(cells[name] for name in ("question", "by", "group", "option")), strict=True)
        is_shown = np.array([cell in shown for cell in key], dtype=bool)
        parts.append(
            _told(cells.assign(why=_reasons(cells, is_shown, floor)), floor).assign(audience=audience)
        )
    if not parts:
        return _typed(pd.DataFrame(columns=list(UTILITY_COLUMNS)))
    return _typed(pd.concat(parts, ignore_index=True))


def _reasons(cells: pd.DataFrame, is_shown: np.ndarray, floor: int) -> np.ndarray:
    """Why each cell is hidden, shape (cells,)."""
    count, n = cells["count"].to_numpy(), cells["n"].to_numpy()
    table = [cells["question"], cells["by"], cells["group"]]
    is_gone = ~pd.Series(is_shown).groupby(table).transform("any").to_numpy()
    holds = [is_shown, n < max(MINIMUM_TABLE, floor), count < floor, n - count < floor, is_gone]
    return np.select(holds, _REASONS[:-1], default=_REASONS[-1])


def _told(cells: pd.DataFrame, floor: int) -> pd.DataFrame:
    """Rows of one audience."""
    groups = (
        cells.groupby(["question", "by"], sort=False)["why"]
        .value_counts(sort=False)
        .rename("n")
        .reset_index()
    )
    whole = cells["why"].value_counts(sort=False).rename("n").reset_index().assign(question="", by="")
    found = pd.concat([whole, groups], ignore_index=True)
    found["estimate"] = found["n"] / found.groupby(["question", "by"])["n"].transform("sum")
    order = found["why"].map({word: place for place, word in enumerate(_REASONS)})
    first = found["question"].map(
        {word: place for place, word in enumerate(["", *cells["question"].unique()])}
    )
    found = found.assign(stat="cells", method="", first=first, order=order)
    found = found.sort_values(["first", "by", "order"], kind="stable")
    return pd.concat([found, _information(cells, floor)], ignore_index=True)


def _information(cells: pd.DataFrame, floor: int) -> pd.DataFrame:
    """Part of all counts lost by each way."""
    count = cells["count"].to_numpy(dtype=float)
    is_hidden = (cells["why"] != "shown").to_numpy()
    unsafe = cells["why"].isin(["few firms", "all but few firms", "small table"])
    table = [cells["question"], cells["by"], cells["group"]]
    in_unsafe = unsafe.groupby(table).transform("any").to_numpy()
    rest = count % floor
    noise = noise_table(floor, floor / 2)
    moved = (noise @ np.abs(np.arange(-floor, floor + 1)))[np.minimum(count, floor).astype(int)]
    lost = {
        "suppression": count * is_hidden,
        "whole tables": count * (in_unsafe | is_hidden),
        f"rounding to {floor}": 2 * rest * (floor - rest) / floor,
        f"cell keys, noise up to {floor}": moved,
    }
    total = max(float(count.sum()), 1.0)
    return pd.DataFrame(
        {
            "question": "",
            "by": "",
            "stat": "information",
            "why": "",
            "n": len(cells),
            "estimate": [float(part.sum()) / total for part in lost.values()],
            "method": list(lost),
        }
    )


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    words = dict.fromkeys(("audience", "question", "by", "stat", "why", "method"), "str")
    return table[list(UTILITY_COLUMNS)].astype(words | {"n": "int64", "estimate": "float64"})
