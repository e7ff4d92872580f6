"""When rules are in force, rule by rule: the state of each on a day, and the days on which any changes."""

from datetime import date, timedelta

import pandas as pd

from analysis.rules.catalogue import Catalogue

__all__ = ["STATES", "change_days", "instrument_states"]

STATES = ("in_force", "partly", "suspended", "scheduled", "adopted", "not_started", "ended")
"""Words of `instrument_states`: `partly` where some branches are in force and others are not, `scheduled`
where a return was announced that no source confirms."""

_RUNNING = ("in_force", "suspended", "scheduled")


def instrument_states(instruments: pd.DataFrame, intervals: pd.DataFrame, day: date) -> pd.DataFrame:
    """State of each instrument on a day, its branches together.

    Parameters
    ----------
    instruments, intervals : pandas.DataFrame
        `Catalogue.instruments` (only `id` is read) and `Catalogue.in_force`.
    day : datetime.date

    Returns
    -------
    pandas.DataFrame
        `id,state,since,until,next,then,changes,warning`: a word of `STATES`; the first and last day of the
        state, through intervals that follow each other in it; the next day on which it may be another, and
        that other ("" none known); whether a state begins on this very day; what is open about its dates.
        One row an instrument, in their order; one without intervals is `not_started`.
    """
    told: dict[str, list[dict[str, str]]] = {}
    for row in _on(_lasting(intervals), day).to_dict(orient="records"):
        told.setdefault(str(row["instrument"]), []).append({str(key): str(row[key]) for key in row})
    after = _next(intervals, day)
    rows = []
    for name in instruments["id"].astype("str"):
        parts, (to, then) = told.get(name, []), after.get(name, ("", ""))
        state = _together({part["state"] for part in parts}) if parts else "not_started"
        begun = [
            p
            for p in parts
            if p["state"] in ("in_force", "suspended", "scheduled") or p["from"] <= day.isoformat()
        ]
        rows.append(
            {
                "id": name,
                "state": state,
                "since": max((part["first"] for part in begun), default=""),
                "until": min((part["last"] for part in begun if part["last"]), default=""),
                "next": to,
                "then": then,
                "changes": any(part["from"] == day.isoformat() for part in parts),
                "warning": "; ".join(dict.fromkeys(part["warning"] for part in parts if part["warning"])),
            }
        )
    return pd.DataFrame(rows)


def _lasting(intervals: pd.DataFrame) -> pd.DataFrame:
    """The intervals with `first` and `last`: the days on which the state they are part of begins and ends."""
    rows = intervals.astype("str").sort_values(["instrument", "branch", "from"], kind="stable")
    before = rows[["instrument", "branch", "state", "to"]].shift()
    follows = (rows[["instrument", "branch", "state"]] == before[["instrument", "branch", "state"]]).all(
        axis=1
    )
    starts, ended = (pd.to_datetime(days, errors="coerce") for days in (rows["from"], before["to"]))
    stretch = (~(follows & (starts == ended + pd.Timedelta(days=1)))).cumsum()
    lasting = rows.assign(
        first=rows.groupby(stretch)["from"].transform("first"),
        last=rows.groupby(stretch)["to"].transform("last"),
    )
    return lasting.sort_index()


def _on(intervals: pd.DataFrame, day: date) -> pd.DataFrame:
    empty = pd.DataFrame()
    return Catalogue(empty, intervals, empty, empty).on(day)


def _next(intervals: pd.DataFrame, day: date) -> dict[str, tuple[str, str]]:
    """The first day after `day` on which a branch of each instrument is in another state, and that state."""
    text = day.isoformat()
    branches: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    columns = intervals[["instrument", "branch", "state", "from", "to"]].astype("str")
    for name, branch, state, first, last in columns.itertuples(index=False, name=None):
        branches.setdefault((name, branch), []).append((first, last, state))
    found: dict[str, tuple[str, str]] = {}
    for (name, _), rows in branches.items():
        now = next((state for first, last, state in rows if first <= text and (not last or text <= last)), "")
        starts = {first: state for first, _, state in rows}
        ends = [(date.fromisoformat(last) + timedelta(days=1)).isoformat() for _, last, _ in rows if last]
        days = {to: "ended" for to in ends} | starts
        for to in sorted(to for to in days if to > text):
            if days[to] not in (now or "not_started", "not_started", "adopted"):
                found[name] = min(found.get(name, ("9", "")), (to, days[to]))
                break
    return found


def _together(states: set[str]) -> str:
    if len(states) == 1:
        return next(iter(states))
    if "in_force" in states:
        return "partly"
    return next(state for state in STATES if state in states)


def change_days(intervals: pd.DataFrame) -> tuple[str, ...]:
    """Days on which any instrument changes, ISO, in order: first days, and the days after last ones."""
    first = set(intervals["from"]) - {""}
    last = {(date.fromisoformat(day) + timedelta(days=1)).isoformat() for day in set(intervals["to"]) - {""}}
    return tuple(sorted(first | last))
