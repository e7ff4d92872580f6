"""When rules are in force, rule by rule: the state of each on a day, and the days on which any changes."""

from datetime import date, timedelta

import pandas as pd

from analysis.rules.catalogue import Catalogue

__all__ = ["STATES", "change_days", "instrument_states"]

STATES = ("in_force", "partly", "suspended", "not_started", "ended")
"""Words of `instrument_states`: `partly` where some branches are in force and others are not."""


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
        `id,state,since,until,next,changes,warning`: a word of `STATES`; the first and last day of the state,
        and the next day on which it may be another ("" none known); whether a state begins on this very day;
        what is open about its dates. One row an instrument, in their order; one without intervals is
        `not_started`.
    """
    empty = pd.DataFrame()
    now = Catalogue(instruments, intervals, empty, empty).on(day)
    inside = now["state"].isin(["in_force", "suspended"]) | (now["from"] <= day.isoformat())
    running = now.assign(
        since=now["from"].where(inside, ""),
        until=now["to"].where(inside, ""),
        warning=now["warning"].fillna(""),
    )
    parts = running.groupby("instrument", sort=False)
    states = parts["state"].agg(lambda words: _together(set(words)))
    table = pd.DataFrame(
        {
            "state": states,
            "since": parts["since"].max(),
            "until": parts["until"].agg(lambda days: min((d for d in days if d), default="")),
            "changes": parts["from"].agg(lambda days: day.isoformat() in set(days)),
            "warning": parts["warning"].agg(lambda words: "; ".join(dict.fromkeys(w for w in words if w))),
        }
    )
    table["next"] = _next(intervals, day)
    table = table.reindex(instruments["id"])
    table["state"] = table["state"].fillna("not_started")
    table["changes"] = table["changes"].eq(True)
    return table.fillna("").rename_axis("id").reset_index()


def _next(intervals: pd.DataFrame, day: date) -> pd.Series:
    """The first day after `day` on which an interval of each instrument begins, or is over."""
    last = pd.to_datetime(intervals["to"].where(intervals["to"] != ""), format="%Y-%m-%d")
    over = (last + pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d").fillna("")
    days = pd.concat([intervals["from"], over])
    names = pd.concat([intervals["instrument"], intervals["instrument"]])
    later = days > day.isoformat()
    return days[later].groupby(names[later]).min()


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
