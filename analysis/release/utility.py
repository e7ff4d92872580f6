"""What protection costs: cells hidden and why, and information lost beside what other ways would lose."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.disclosure.audiences import MINIMUM_TABLE
from analysis.disclosure.changing import WAYS_TO_PROTECT, Changing
from analysis.release.cells import counted_cells
from analysis.release.protection import Protection
from analysis.release.tables import SUPPRESSED, in_use
from survey import Wave, answers_to

__all__ = ["UTILITY_COLUMNS", "utility_table"]

UTILITY_COLUMNS = ("audience", "question", "by", "stat", "why", "n", "estimate", "method")
"""Columns of the table: `stat` is cells, moved or distance; `question` is empty for all together."""

_KEY = ("question", "by", "group", "option")
_SEED, _DRAWS = 20211215, 20
"""Draws of the changes over which what they lose is averaged."""

Floats = NDArray[np.float64]

_REASONS = ("shown", "small table", "few firms", "all but few firms", "gate or table", "worked out")
"""Why a cell is hidden; the first that holds. Told to nobody but the team that holds the answers."""


def utility_table(
    wave: Wave, protections: Sequence[Protection], seen: Callable[[Protection], pd.DataFrame]
) -> pd.DataFrame:
    """What each audience does not see, and why; for the internal Release only.

    Parameters
    ----------
    wave : Wave
        The answers.
    protections : sequence of Protection
        Of the audiences the study declares, without the internal one, which loses nothing.
    seen : callable
        A protection to the estimates as its audience sees them.

    Returns
    -------
    pandas.DataFrame
        Columns `UTILITY_COLUMNS`. Rows of `stat` cells: for each question and break, and for all, how many
        cells (`n`) and which share of them (`estimate`) are shown or hidden for which reason. Over all
        questions, by `method`, what each way loses: suppression; whole tables, were each table with an unsafe
        cell left out; rounding and cell keys as `changing_for` would do them for this floor. `stat` moved:
        expected |printed - true| summed over the `n` cells, over the sum of all counts, a hidden cell losing
        all it holds. `stat` distance: Hellinger distance between the true shares of the answers of a table
        and those a reader has, mean over `n` tables; hidden cells are guessed to be equal, changed ones are
        averaged over seeded draws. They are of what is and have no interval: nothing is sampled.
    """
    wave = in_use(wave)
    given = {q.id: answers_to(wave, q.id) for q in wave.codebook.tabulated() if q.kind != "number"}
    parts = []
    for one in protections:
        cells = counted_cells(wave.codebook, given, one.open_by)
        table = seen(one)
        shown = set(table.loc[table["flag"] != SUPPRESSED, list(_KEY)].itertuples(index=False, name=None))
        is_shown = np.array([key in shown for key in zip(*(cells[k] for k in _KEY), strict=True)], dtype=bool)
        nets = {(q.id, net) for q in wave.codebook.tabulated() for net in q.nets}
        is_net = [pair in nets for pair in zip(cells["question"], cells["option"], strict=True)]
        told = _told(cells.assign(why=_reasons(cells, is_shown, one.floor), is_net=is_net), one.floor)
        parts.append(told.assign(audience=one.audience))
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
    """What each way loses: part of all counts, and distance of shares."""
    count = cells["count"].to_numpy(dtype=float)
    is_hidden = (cells["why"] != "shown").to_numpy()
    unsafe = cells["why"].isin(["few firms", "all but few firms", "small table"])
    table = cells.groupby(["question", "by", "group"], sort=False).ngroup().to_numpy(dtype=np.int64)
    in_unsafe = unsafe.groupby(table).transform("any").to_numpy()
    rng = np.random.default_rng(_SEED)
    uniform = rng.random((_DRAWS, len(count)))
    held = {"suppression": is_hidden, "whole tables": in_unsafe | is_hidden}
    moved = {how: float((count * hide).sum()) for how, hide in held.items()}
    apart = {how: _distance(count, _guessed(count, hide, table), table, cells) for how, hide in held.items()}
    for way in WAYS_TO_PROTECT[1:]:
        changing = Changing.to(way, floor)
        how = f"{'rounding to' if way == 'round' else 'cell keys, noise up to'} {changing.reach}"
        drawn = [changing.changed(count, row) for row in uniform]
        moved[how] = float(np.mean([np.abs(one - count).sum() for one in drawn]))
        apart[how] = float(np.mean([_distance(count, one, table, cells) for one in drawn]))
    total = max(float(count.sum()), 1.0)
    rows = [("moved", len(cells), how, lost / total) for how, lost in moved.items()]
    rows += [("distance", len(np.unique(table)), how, lost) for how, lost in apart.items()]
    found = pd.DataFrame(rows, columns=["stat", "n", "method", "estimate"])
    return found.assign(question="", by="", why="")


def _guessed(count: Floats, hide: NDArray[np.bool_], table: NDArray[np.integer[Any]]) -> Floats:
    """The counts a reader has: those shown, and of each table what is left, in equal parts."""
    left = np.bincount(table, count * hide) / np.maximum(np.bincount(table, hide), 1)
    return np.where(hide, left[table], count)


def _distance(true: Floats, read: Floats, table: NDArray[np.integer[Any]], cells: pd.DataFrame) -> float:
    """Mean over tables of the Hellinger distance of two distributions over their answers, nets apart."""
    kept = ~cells["is_net"].to_numpy(dtype=bool)
    one, two = np.where(kept, true, 0.0), np.where(kept, read, 0.0)
    sums = [np.bincount(table, part) for part in (one, two)]
    inner = np.bincount(table, np.sqrt(one * two)) / np.sqrt(np.maximum(sums[0] * sums[1], 1e-300))
    apart = np.sqrt(np.clip(1 - inner, 0.0, 1.0))
    # a table of nobody is read as it is
    return float(np.where((sums[0] > 0) & (sums[1] > 0), apart, np.where(sums[0] > 0, 1.0, 0.0)).mean())


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    words = dict.fromkeys(("audience", "question", "by", "stat", "why", "method"), "str")
    return table[list(UTILITY_COLUMNS)].astype(words | {"n": "int64", "estimate": "float64"})
