"""Rules as strips along time: where each interval begins and ends on a track, and the years under it."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

__all__ = ["FIRST_YEARS", "Track", "place_bars", "track_of"]

FIRST_YEARS = {"recent": 2018, "all": 1949}
"""First year of each span: since the trade war and ECRA, or since CoCom."""

_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Track:
    """The days a strip runs over.

    Attributes
    ----------
    first, last : datetime.date
        Its two ends.
    """

    first: date
    last: date

    def at(self, day: date) -> float:
        """Place of a day, 0 to 100, days beyond the ends at them."""
        whole = (self.last - self.first).days
        return round(100 * min(max((day - self.first).days / whole, 0.0), 1.0), 3)

    def ticks(self) -> list[tuple[float, str]]:
        """Places of whole years, at most `_MOST_TICKS`, with their words."""
        years = range(self.first.year, self.last.year + 1)
        step = next(step for step in (1, 2, 5, 10, 20, 50) if len(years) / step <= _MOST_TICKS + 1)
        shown = [year for year in years if year % step == 0 or step == 1]
        return [(self.at(date(year, 1, 1)), str(year)) for year in shown if date(year, 1, 1) < self.last]


def track_of(intervals: pd.DataFrame, span: str, day: date) -> Track:
    """The track of a span (a word of `FIRST_YEARS`): to the year after the last date known or looked at."""
    dates = [text for column in ("from", "to") for text in intervals[column] if text]
    last = max([date.fromisoformat(text).year for text in dates] + [day.year])
    first = min(FIRST_YEARS.get(span, FIRST_YEARS["recent"]), day.year)
    return Track(date(first, 1, 1), date(last + 1, 1, 1))


def place_bars(intervals: pd.DataFrame, track: Track) -> dict[str, list[tuple[float, float, str]]]:
    """Strips of each instrument on a track.

    Returns
    -------
    dict of str to list of tuple[float, float, str]
        Left end and width in percent of the track, and the state with `uncertain` added where the dates are.
        Branches of one instrument lie on one strip, what is in force above the rest.
    """
    rows = intervals.assign(
        order=intervals["state"]
        .map({"not_started": 0, "adopted": 0, "scheduled": 0, "suspended": 1})
        .fillna(2)
    )
    rows = rows.sort_values("order", kind="stable")
    bars: dict[str, list[tuple[float, float, str]]] = {}
    for row in rows.itertuples(index=False):
        begin = date.fromisoformat(str(row[rows.columns.get_loc("from")] or track.first.isoformat()))
        end = date.fromisoformat(str(row.to or track.last.isoformat()))
        if end < track.first or begin > track.last:
            continue
        left, right = track.at(begin), track.at(end)
        kind = str(row.state) + (" uncertain" if row.confidence == "uncertain" else "")
        bars.setdefault(str(row.instrument), []).append((left, round(max(right - left, 0.25), 3), kind))
    return bars
