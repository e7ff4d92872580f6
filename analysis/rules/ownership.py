"""Who owns which share of whom, and since when: a file read and checked."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from analysis.supply.tables import numbers, place_rows, read_rows, require_columns
from survey import FileFault

__all__ = ["OWNERSHIP_COLUMNS", "holdings_on", "read_ownership"]

OWNERSHIP_COLUMNS = ("owner", "owned", "share", "from", "to", "evidence", "row")
"""`share` 0 to 1, nan where it is not known; dates "" where open, last day included; `row` of the file."""

_WHOLE = 1.0 + 1e-9
_MAJORITY = 0.5 - 1e-9


def read_ownership(path: Path) -> pd.DataFrame:
    """Holdings by `OWNERSHIP_COLUMNS`; the columns `owner`, `owned` and `share` are needed.

    Raises
    ------
    FileFault
        No such file or column, no name, a share that is no number from 0 to 1, a date that is none, a party
        that owns itself, parties owned to more than 100 percent on some day: all with their rows.
    """
    rows = read_rows(path)
    require_columns(rows, ("owner", "owned", "share"), str(path))
    blank = pd.Series("", index=rows.index, dtype="str")
    frame = pd.DataFrame(
        {name: rows[name] if name in rows.columns else blank for name in OWNERSHIP_COLUMNS[:-1]}
    )
    frame["share"] = numbers(rows["share"], str(path), low=0.0, high=1.0)
    frame["row"] = np.arange(1, len(frame) + 1)
    for name in ("owner", "owned"):
        _refuse(frame, (frame[name] == "").to_numpy(), path, name, "no name", "the name of a party")
    for name in ("from", "to"):
        parsed = pd.to_datetime(frame[name], format="%Y-%m-%d", errors="coerce")
        odd = (parsed.isna() & (frame[name] != "")).to_numpy()
        _refuse(frame, odd, path, name, "no date", "a date such as 2025-11-10, or an empty cell")
    backwards = (frame["from"] != "") & (frame["to"] != "") & (frame["from"] > frame["to"])
    _refuse(
        frame, backwards.to_numpy(), path, "to", "a last day before the first", "the last day, or nothing"
    )
    own = (frame["owner"] == frame["owned"]).to_numpy()
    _refuse(frame, own, path, "owner", "a party that owns itself", "two parties")
    _refuse_over_whole(frame, path)
    return frame


def holdings_on(holdings: pd.DataFrame, day: date, where: str = "ownership") -> pd.DataFrame:
    """The holdings of a day.

    Raises
    ------
    FileFault
        Majorities in a loop: each of some parties held by the next to 50 percent or more.
    """
    from scipy.sparse.csgraph import connected_components

    text = day.isoformat()
    now = holdings[
        ((holdings["from"] == "") | (holdings["from"] <= text))
        & ((holdings["to"] == "") | (holdings["to"] >= text))
    ]
    large = now[now["share"] >= _MAJORITY]
    codes, names = pd.factorize(pd.concat([large["owner"], large["owned"]], ignore_index=True))
    owner, owned = codes[: len(large)], codes[len(large) :]
    many = len(names)
    graph = coo_array((np.ones(len(large)), (owner, owned)), shape=(many, many))
    _, part = connected_components(graph, directed=True, connection="strong")
    inside = np.flatnonzero(part[owner] == part[owned])
    if len(inside):
        rows = large.iloc[inside]
        rows = rows[part[owner[inside]] == part[owner[inside[0]]]]
        raise FileFault(
            f"{where}, {place_rows(rows['row'].to_numpy())}",
            "majorities in a loop: " + ", ".join((rows["owner"] + " of " + rows["owned"]).head(5)),
            "parties that do not own each other to 50 percent and more",
            "correct a share, or give the holdings their days (from, to)",
        )
    return now.reset_index(drop=True)


def _refuse(frame: pd.DataFrame, odd: np.ndarray, path: Path, column: str, found: str, expected: str) -> None:
    if odd.any():
        rows = frame["row"].to_numpy()[odd]
        word = str(frame[column].to_numpy()[odd][0])
        raise FileFault(
            f"{path}, column {column}, {place_rows(rows)}",
            f"{found}: {word!r}" if word else found,
            expected,
            "correct the cell",
        )


def _refuse_over_whole(frame: pd.DataFrame, path: Path) -> None:
    """A sweep over the days of each owned party: shares come on their first day and go after their last."""
    known = frame[frame["share"].notna()]
    owned = pd.factorize(known["owned"])[0]
    first = pd.to_datetime(known["from"], errors="coerce").fillna(pd.Timestamp("1900-01-01"))
    last = pd.to_datetime(known["to"], errors="coerce").fillna(pd.Timestamp("2200-01-01"))
    share = known["share"].to_numpy()
    who = np.concatenate([owned, owned])
    when = np.concatenate([first.to_numpy(), (last + pd.Timedelta(days=1)).to_numpy()])
    step = np.concatenate([share, -share])
    order = np.lexsort((step, when, who))
    total = np.cumsum(step[order])
    over = np.flatnonzero(total > _WHOLE)  # every party ends where it began, at nothing
    if len(over):
        party = known["owned"].to_numpy()[np.flatnonzero(owned == who[order[over[0]]])[0]]
        rows = known.loc[known["owned"] == party, "row"].to_numpy()
        raise FileFault(
            f"{path}, column share, {place_rows(rows)}",
            f"{party!r} is owned to {total[over[0]]:.6g} of the whole on one day",
            "shares that add to 1 at most",
            "correct a share, or give the holdings their days (from, to)",
        )
