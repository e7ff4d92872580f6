"""From percents back to firms: what each printed row says of the count behind it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.attack.inverting import BESIDE, invert_row, populations_beside
from analysis.attack.taking import LAW, Taken

__all__ = ["CHANGED_TABLES", "EVIDENCE_COLUMNS", "are_whole", "evidence_of"]

EVIDENCE_COLUMNS = (
    "release",
    "table",
    "wave",
    "question",
    "option",
    "by",
    "group",
    "base_rule",
    "firms_low",
    "firms_high",
    "low",
    "high",
    "is_hidden",
    "floor",
    "known",
    "how",
    "values",
)
"""Columns of `evidence_of`."""

_KEYS = ("wave", "question", "option", "by", "group", "base_rule")
_WHOLE = 1e-6

CHANGED_TABLES = frozenset({"estimates", "earlier", "claims"})
"""Tables whose counts a Release may change before it prints them."""

Floats = NDArray[np.float64]


def evidence_of(taken: Taken) -> pd.DataFrame:
    """Least and greatest count of every share in every table of a Release that has some.

    Parameters
    ----------
    taken : Taken

    Returns
    -------
    pandas.DataFrame
        `EVIDENCE_COLUMNS`, one row a printed row: firms that answered between `firms_low` and `firms_high`,
        of them between `low` and `high` said so. A share of a known number of firms is a count; a rounded one
        is those counts that round to it; a weighted one tells nobody and everybody alone; of a row without
        a share, what stands beside it is inverted (`invert_row`). `values` are the counts left, a
        tuple, where some between the two are not; else ().
    """
    parts = [_rows(taken, name, table) for name, table in _tables(taken)]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=list(EVIDENCE_COLUMNS))
    return pd.concat(parts, ignore_index=True)


def _tables(taken: Taken) -> Iterable[tuple[str, pd.DataFrame]]:
    """Tables with shares of questions, printed figures under the study's own names where they have one."""
    for name, table in taken.tables.items():
        if name in LAW or not {"question", "option", "stat", "estimate"} <= set(table.columns):
            continue
        rows = table[table["stat"].astype("str") == "share"]
        if "firm" in rows or not len(rows):
            continue
        if "by" in rows:  # a question by itself says nothing
            rows = rows[rows["by"].astype("str") != rows["question"].astype("str")]
        if "question_id" in rows:
            own = rows["question"].astype("str").to_numpy()
            option = rows["option"].astype("str").to_numpy()
            is_own = (own != "") & (option != "")
            asked = np.where(is_own, own, "printed:" + rows["question_id"].astype("str").to_numpy())
            chosen = np.where(is_own, option, rows["option_id"].astype("str").to_numpy())
            rows = rows.assign(question=asked, option=chosen, by="", group="", base_rule="answered")
            # limits of printed figures are of chance, not of what was printed: the figure itself says all
            rows = rows.drop(columns=[c for c in ("low", "high", "se") if c in rows])
        yield name, rows.reset_index(drop=True)


def _is_same(base: Floats, n: Floats) -> NDArray[np.bool_]:
    """Whether the base is the number of firms, as far as it is known: then a share is of whole firms."""
    return ~(np.isfinite(base) & (np.abs(base - n) > _WHOLE))


def are_whole(table: pd.DataFrame, value: Floats) -> NDArray[np.bool_]:
    """Whether every share of a question is one of whole firms: then all weigh the same, whatever the base."""
    whole = ~np.isfinite(value) | (np.abs(value - np.round(value)) < _WHOLE)
    keys = [table[key].to_numpy() for key in ("question", "wave", "by", "group") if key in table]
    return pd.Series(whole).groupby(keys, sort=False, dropna=False).transform("all").to_numpy(dtype=bool)


def _tables_of(table: pd.DataFrame) -> NDArray[np.int64]:
    """The number of the table of one question, wave and group that each row stands in."""
    keys = [table[key] for key in ("question", "wave", "by", "group", "base_rule") if key in table]
    return np.asarray(table.groupby(keys, sort=False, dropna=False).ngroup(), dtype=np.int64)


def _rows(taken: Taken, name: str, table: pd.DataFrame) -> pd.DataFrame:
    many = taken.firms
    number = {
        c: pd.to_numeric(table[c], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        if c in table
        else np.full(len(table), np.nan)
        for c in BESIDE
    }
    n, share, base, count = (number[c] for c in ("n", "estimate", "base", "count"))
    low, high = np.zeros(len(table)), np.full(len(table), float(max(many, 0)))
    first, last = np.zeros(len(table)), np.full(len(table), float(max(many, 0)))
    how = np.full(len(table), "", dtype=object)
    known_n = np.isfinite(n)
    first, last = np.where(known_n, n, first), np.where(known_n, n, last)
    high = np.where(known_n, n, high)
    value = share * n
    plain = known_n & np.isfinite(share) & (_is_same(base, n) | are_whole(table, value))
    with np.errstate(invalid="ignore"):
        exact = plain & (np.abs(value - np.round(value)) < _WHOLE)
        half = np.select(
            [np.abs(share * 10**k - np.round(share * 10**k)) < 1e-9 for k in (1, 2, 3, 4)],
            [0.5 * 10.0**-k for k in (1, 2, 3, 4)],
            1e-7,
        )
        rounded = plain & ~exact
        low = np.where(rounded, np.ceil((share - half) * n - _WHOLE) + 0.0, low)
        high = np.where(rounded, np.floor((share + half) * n + _WHOLE), high)
        weighted = known_n & np.isfinite(share) & ~plain
        low = np.where(weighted & (share > 0), 1.0, low)
        high = np.where(weighted & (share < 1), n - 1, high)
        low = np.where(weighted & (share >= 1), n, low)
        high = np.where(weighted & (share <= 0), 0.0, high)
    low, high = np.where(exact, np.round(value), low), np.where(exact, np.round(value), high)
    counted = np.isfinite(count)
    low, high = np.where(counted, count, low), np.where(counted, count, high)
    how[exact] = "percent times base"
    how[rounded] = "counts that round to the percent"
    how[counted] = "the count itself"
    how[weighted] = "weighted share"
    if taken.changing is not None and name in CHANGED_TABLES:
        # a printed count may stand for any that the change, which is public, makes of it
        read = exact | counted
        for ends, where in (((low, high), read), ((first, last), known_n)):
            least, most = (
                taken.changing.between(ends[0], float(many))[0],
                taken.changing.between(ends[1], float(many))[1],
            )
            ends[0][where], ends[1][where] = least[where], most[where]
        how[read] = "the changed count, as far as it was changed"
    hidden = ~np.isfinite(share) & ~counted
    if "flag" in table:
        hidden |= (table["flag"].astype("str") == "suppressed").to_numpy()
    left = np.column_stack([np.isfinite(number[c]) for c in BESIDE if c != "n"]).any(axis=1)
    wanting = np.flatnonzero(left & ~exact & ~counted & ~weighted & ~rounded)
    level = table["level"].to_numpy(dtype=float) if "level" in table else np.full(len(table), 0.95)
    values = np.empty(len(table), dtype=object)
    values[:] = [()] * len(table)
    told = [number[c] for c in ("n", "estimate", "se", "low", "high")]
    approached = populations_beside(*told) if len(wanting) else ()
    of_table = _tables_of(table)
    for at in wanting:  # rows that tell something and not all of it: there should be none
        own = populations_beside(*(one[of_table == of_table[at]] for one in told))
        beside = {c: number[c][at] for c in BESIDE}
        pairs = invert_row(beside, many, float(level[at]), approached, own)
        if pairs is not None and len(pairs):
            first[at], last[at] = pairs[:, 0].min(), pairs[:, 0].max()
            low[at], high[at] = pairs[:, 1].min(), pairs[:, 1].max()
            left_over = np.unique(pairs[:, 1])
            values[at] = tuple(left_over.tolist()) if np.ptp(left_over) >= len(left_over) else ()
            how[at] = f"turned back: {', '.join(c for c in BESIDE if np.isfinite(beside[c]))}"
    keys = {
        key: table[key].astype("str").to_numpy() if key in table else np.full(len(table), "") for key in _KEYS
    }
    return pd.DataFrame(
        {
            "release": taken.label,
            "table": name,
            **keys,
            "firms_low": first,
            "firms_high": last,
            "low": low,
            "high": high,
            "is_hidden": hidden,
            "floor": float(taken.floor),
            "known": float(taken.known),
            "how": how,
            "values": values,
        }
    )[list(EVIDENCE_COLUMNS)]
