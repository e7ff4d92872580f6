"""When rules are in force, changed: set, suspended, reinstated, or moved to another day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from analysis.rules.catalogue import Catalogue
from analysis.scenario.record import Change
from survey import nearest

__all__ = ["DATE_CHANGES", "change_dates", "known_instruments"]

DATE_CHANGES = ("set", "suspend", "reinstate", "move")
"""Words of `do` that this module knows."""

_LAST = "9999-12-31"


def known_instruments(change: Change, catalogue: Catalogue, key: str = "instrument") -> tuple[str, ...]:
    """Instruments a change names.

    Raises
    ------
    StudyFault
        One that the catalogue does not have; the nearest are suggested.
    """
    known = tuple(catalogue.instruments["id"])
    for name in change.words(key):
        if name not in known:
            raise change.fault(key, repr(name), "the id of an instrument", nearest(name, known))
    return change.words(key)


def change_dates(catalogue: Catalogue, change: Change) -> Catalogue:
    """The catalogue with the intervals of some instruments changed.

    Parameters
    ----------
    catalogue : Catalogue
    change : Change
        `do` one of `DATE_CHANGES`. A change without `branch` is about all branches.

    Raises
    ------
    StudyFault
        An instrument or branch that does not exist, a day on which nothing starts, nothing suspended, an
        interval that would end before it starts, an instrument that is context only.
    """
    rows = catalogue.in_force.reset_index(drop=True)
    for name in known_instruments(change, catalogue):
        if change.do == "set":
            _is_computed(change, catalogue, name)
        rows, branches = _branches(rows, catalogue, change, name)
        for branch in branches:
            mine = (rows["instrument"] == name) & (rows["branch"] == branch)
            made = list(_changed(rows[mine], change, name, branch))
            new = pd.DataFrame(made, columns=rows.columns).fillna("").astype("str")
            rows = pd.concat([rows[~mine], new], ignore_index=True)
    order = {name: place for place, name in enumerate(dict.fromkeys(catalogue.in_force["instrument"]))}
    rank = rows["instrument"].map(order).fillna(len(order))
    rows = rows.assign(_rank=rank).sort_values(["_rank", "branch", "from"], kind="stable")
    return replace(catalogue, in_force=rows.drop(columns="_rank").reset_index(drop=True))


def _is_computed(change: Change, catalogue: Catalogue, name: str) -> None:
    """An instrument without tests and pairs would be set in force without any effect."""
    used = set(catalogue.gates["instrument"]) | set(catalogue.collisions["clause"])
    if name not in used:
        why = catalogue.context_only().get(name, "")
        raise change.fault(
            "instrument",
            f"{name!r}, which has no tests" + (f": {why}" if why else ""),
            "an instrument that can be computed",
            "write a change  do = 'add'  with tests of your own",
        )


def _branches(
    rows: pd.DataFrame, catalogue: Catalogue, change: Change, name: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Branches to change; intervals of the whole instrument are given to each branch where one is named."""
    dated = tuple(rows.loc[rows["instrument"] == name, "branch"].unique())
    branch = change.text("branch")
    if not branch:
        return rows, dated or ("",)
    tested = tuple(catalogue.gates.loc[catalogue.gates["instrument"] == name, "branch"].unique())
    known = tuple(dict.fromkeys(word for word in (*dated, *tested) if word))
    if branch not in known:
        expected = "a branch of it: " + ", ".join(known) if known else "no branch: it has none"
        raise change.fault("branch", f"{name} {branch!r}", expected, nearest(branch, known))
    if branch not in dated:
        whole = rows[(rows["instrument"] == name) & (rows["branch"] == "")]
        apart = [whole.assign(branch=word) for word in known if word not in dated]
        rows = pd.concat([rows.drop(index=whole.index), *apart], ignore_index=True)
    return rows, (branch,)


def _changed(mine: pd.DataFrame, change: Change, name: str, branch: str) -> Iterator[dict[str, str]]:
    """Intervals of one branch as a change leaves them."""
    intervals = [{str(key): str(cell) for key, cell in row.items()} for row in mine.to_dict(orient="records")]
    if change.do == "move":
        return _moved(intervals, change, name)
    start, end = change.day("from"), change.day("to")
    if change.do == "reinstate":
        return _reinstated(intervals, change, name, start)
    state = "in_force" if change.do == "set" else "suspended"
    new = {
        "instrument": name,
        "branch": branch,
        "state": state,
        "from": start,
        "to": end,
        "source": change.text("source") or f"scenario {change.scenario}",
        "confidence": "uncertain",
        "warning": f"{state.replace('_', ' ')} in the scenario {change.scenario}",
        "note": change.text("why"),
    }
    return iter(sorted([*_cut(intervals, start, end), new], key=lambda row: row["from"]))


def _cut(intervals: list[dict[str, str]], start: str, end: str) -> Iterator[dict[str, str]]:
    """What is left of intervals outside of start to end."""
    for row in intervals:
        if start and row["from"] < start:
            yield {**row, "to": min(row["to"] or _LAST, _near(start, -1)).replace(_LAST, "")}
        if end and (row["to"] or _LAST) > end:
            yield {**row, "from": max(row["from"], _near(end, 1))}


def _reinstated(
    intervals: list[dict[str, str]], change: Change, name: str, start: str
) -> Iterator[dict[str, str]]:
    """Suspended intervals in force, from a day on."""
    found = False
    made = []
    for row in intervals:
        if row["state"] not in ("suspended", "scheduled") or (start and (row["to"] or _LAST) < start):
            made.append(row)
            continue
        found = True
        if start and row["from"] < start:
            made.append({**row, "to": _near(start, -1)})
        back = {
            **row,
            "state": "in_force",
            "from": max(start, row["from"]),
            "confidence": "uncertain",
            "source": change.text("source") or f"scenario {change.scenario}",
            "warning": f"in force again in the scenario {change.scenario}",
        }
        made.append(back)
    if not found:
        said = ", ".join(_said(row) for row in intervals)
        raise change.fault(
            "instrument",
            f"{name}, which is not suspended: {said}" if said else f"{name}, which has no interval",
            "an instrument that is suspended",
            "write  do = 'set'  instead",
        )
    return iter(made)


def _moved(intervals: list[dict[str, str]], change: Change, name: str) -> Iterator[dict[str, str]]:
    """The interval that starts on a day starts on another; the one before it ends the day before."""
    day, becomes = change.day("date"), change.day("becomes")
    starts = [row["from"] for row in intervals if row["from"]]
    if day not in starts:
        raise change.fault(
            "date",
            f"{name}: nothing starts on {day}",
            "a day on which an interval starts: " + (", ".join(starts) or "none is known"),
            nearest(day, tuple(starts)),
        )
    made = []
    for row in intervals:
        row = dict(row)
        if row["from"] == day:
            row["from"] = becomes
            row["warning"] = f"starts on {becomes} in the scenario {change.scenario}, not on {day}"
        elif row["to"] == _near(day, -1):
            row["to"] = _near(becomes, -1)
        if row["to"] and row["from"] > row["to"]:
            raise change.fault(
                "becomes",
                f"{name}: an interval from {row['from']} to {row['to']}",
                "a day that leaves the intervals beside it their length",
                "correct the day",
            )
        made.append(row)
    return iter(made)


def _near(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _said(row: dict[str, str]) -> str:
    """An interval in the words of the file."""
    return f"{row['state']} {row['from']} – {row['to']}".strip()
