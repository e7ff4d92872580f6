"""What a View asks of the rules of a Release: the day, the rule or pair looked at, and the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from analysis import change_days, instrument_states
from dashboard.selection import View
from dashboard.shelf import Shelf

__all__ = ["PAIR_PARTS", "SIDES", "STATE_FILTERS", "Ruled", "ruled_for"]

SIDES = ("us", "cn", "other")
"""Sides in their order on the page."""

STATE_FILTERS = ("in_force", "suspended", "not_started", "ended")
"""States rules can be looked at by; `partly` counts as in force, `scheduled` as not started."""

_FILTERED = {"partly": "in_force", "scheduled": "not_started", "adopted": "not_started"}


PAIR_PARTS = ("duty", "clause", "article", "status")
"""What names a pair in an address, joined by `~`."""


def _with_keys(pairs: pd.DataFrame) -> pd.DataFrame:
    key = pairs[PAIR_PARTS[0]].astype("str")
    for part in PAIR_PARTS[1:]:
        key = key + "~" + pairs[part].astype("str")
    return pairs.assign(key=key)


@dataclass(frozen=True)
class Ruled:
    """The rules of a Release on a day.

    Attributes
    ----------
    shelf : Shelf
        The Release.
    day : datetime.date
        Day of the timeline; the one asked for, else that of the Release.
    view : View
        What was asked.
    """

    shelf: Shelf
    day: date
    view: View

    @cached_property
    def instruments(self) -> pd.DataFrame:
        """One row an instrument: those of the catalogue, and of `instrument_states` on the day."""
        table = self.shelf.tables["instruments"]
        return table.merge(instrument_states(table, self.intervals, self.day), on="id")

    @property
    def intervals(self) -> pd.DataFrame:
        """Intervals in force of all instruments."""
        return self.shelf.tables["rule_intervals"]

    @property
    def own_day(self) -> str:
        """The day of the numbers of the Release, ISO; "" where it has none."""
        return str(self.shelf.manifest.get("as_of") or "")

    @cached_property
    def counts(self) -> dict[str, int]:
        """Instruments by word of `STATE_FILTERS`."""
        states = self.instruments["state"].replace(_FILTERED).value_counts()
        return {state: int(states.get(state, 0)) for state in STATE_FILTERS}

    @cached_property
    def shown(self) -> pd.DataFrame:
        """Instruments that fit the filters of the View, by side, the newest first."""
        rows = self.instruments
        view = self.view
        if view.side in SIDES:
            rows = rows[rows["side"] == view.side]
        if view.state in STATE_FILTERS:
            rows = rows[rows["state"].replace(_FILTERED) == view.state]
        first = self.intervals.groupby("instrument")["from"].min()
        keys = rows.assign(
            at=rows["side"].map({side: at for at, side in enumerate(SIDES)}),
            first=rows["id"].map(first).fillna(""),
        )
        newest = keys.sort_values(["first", "id"], ascending=[False, True], kind="stable")
        return newest.sort_values("at", kind="stable")

    @cached_property
    def neighbours(self) -> tuple[str, str]:
        """The days before and after the day on which any rule changes; "" where there is none."""
        days = change_days(self.intervals)
        here = self.day.isoformat()
        return max((d for d in days if d < here), default=""), min((d for d in days if d > here), default="")

    @cached_property
    def chosen(self) -> pd.Series | None:
        """The instrument asked for, None where none is or there is no such."""
        rows = self.instruments[self.instruments["id"] == self.view.instrument]
        return None if rows.empty else rows.iloc[0]

    def name(self, lang: str, instrument: str) -> str:
        """Name of an instrument in a language, else in English, else its id."""
        english, japanese, _ = self._names.get(instrument, (instrument, "", ""))
        return (japanese if lang == "ja" else "") or english or instrument

    def names(self, lang: str) -> Mapping[str, str]:
        """Name of each instrument in a language, by its id."""
        return {one: self.name(lang, one) for one in self._names}

    def side(self, instrument: str) -> str:
        """Side of an instrument, "" where it is none of the catalogue."""
        return self._names.get(instrument, ("", "", ""))[2]

    @cached_property
    def _names(self) -> dict[str, tuple[str, str, str]]:
        table = self.shelf.tables["instruments"]
        parts = [table[column].astype("str").tolist() for column in ("id", "instrument", "ja", "side")]
        return {one: (english, ja, side) for one, english, ja, side in zip(*parts, strict=True)}

    @cached_property
    def _tags(self) -> dict[str, pd.Series]:
        table = self.shelf.tables.get("technologies")
        return {} if table is None else {str(row["tag"]): row for _, row in table.iterrows()}

    def technology(self, lang: str, tag: str) -> str:
        """Name of a technology in a language, else its tag."""
        row = self._tags.get(tag)
        return tag if row is None else str(row[lang] or row["en"] or tag)

    def part(self, name: str, instrument: str) -> pd.DataFrame:
        """Rows of a table of the catalogue about one instrument; empty where there is no such table."""
        table = self.shelf.tables.get(name)
        return pd.DataFrame() if table is None else table[table["instrument"] == instrument]

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """Pairs that flows meet, lethal first, with `key`; empty where the Release holds none."""
        table = self.shelf.tables.get("collision_matrix")
        if table is None:
            return pd.DataFrame()
        return _with_keys(table)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Pairs of the catalogue, with `key`."""
        table = self.shelf.tables.get("rule_pairs")
        if table is None:
            return pd.DataFrame()
        return _with_keys(table)

    @cached_property
    def pair(self) -> str:
        """Key of the pair asked for, where flows or the catalogue have it."""
        known = {str(key) for table in (self.matrix, self.pairs) if len(table) for key in table["key"]}
        return self.view.pair if self.view.pair in known else ""

    @cached_property
    def _firms(self) -> dict[str, tuple[str, str]]:
        table = self.shelf.tables.get("firms")
        if table is None:
            return {}
        parts = [table[column].fillna("").astype("str").tolist() for column in ("firm", "name", "name_ja")]
        return {firm: (english, ja) for firm, english, ja in zip(*parts, strict=True)}

    def firm(self, lang: str, firm: str) -> str:
        """Name of a firm in a language, else in any, else its id."""
        english, japanese = self._firms.get(firm, ("", ""))
        return (japanese if lang == "ja" else "") or english or firm

    def flows_of_pair(self) -> pd.DataFrame:
        """Collisions of the pair asked for, with their flows; those with most at stake first."""
        tables = self.shelf.tables
        if "collisions" not in tables or not self.pair:
            return pd.DataFrame()
        parts = dict(zip(PAIR_PARTS, self.pair.split("~"), strict=True))
        mine = tables.where("collisions", **parts)
        flows = tables.get("collision_flows")
        if flows is not None and len(flows):
            key = ["firm", "flow", "channel"]
            mine = _beside(mine, flows, key)
        if "contacts" in tables and len(mine):
            touched = tables.where("contacts", instrument=parts["duty"])
            mine = _beside(mine, touched, ["firm", "flow"])
        return mine.sort_values(["at_stake", "share"], ascending=False, kind="stable").reset_index(drop=True)


def _beside(rows: pd.DataFrame, more: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Rows with what they do not hold yet of others of the same key, of which the first counts."""
    columns = [column for column in more.columns if column in key or column not in rows.columns]
    return rows.merge(more[columns].drop_duplicates(key), on=key, how="left")


def ruled_for(shelf: Shelf, view: View) -> Ruled | None:
    """The rules a View asks for; None where the Release holds no catalogue."""
    if "instruments" not in shelf.tables or "rule_intervals" not in shelf.tables:
        return None
    for text in (view.day, str(shelf.manifest.get("as_of") or "")):
        try:
            return Ruled(shelf, date.fromisoformat(text), view)
        except ValueError:
            continue
    return Ruled(shelf, date.fromisoformat(max(d for d in change_days(shelf.tables["rule_intervals"]))), view)
