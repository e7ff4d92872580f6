"""Changes that do nothing on the day looked at, since they start later or ended before: said aloud."""

from collections.abc import Sequence
from datetime import date

from analysis.scenario.record import Change
from survey import Finding

__all__ = ["idle_changes"]


def idle_changes(changes: Sequence[Change], day: date) -> tuple[Finding, ...]:
    """One Finding a change whose interval does not hold a day.

    Parameters
    ----------
    changes : sequence of Change
    day : datetime.date
        The day looked at.
    """
    found = []
    for change in changes:
        start, end = change.day("from"), change.day("to")
        text = day.isoformat()
        if (start and start > text) or (end and end < text):
            found.append(
                Finding(
                    change.place(),
                    f"from {start or 'open'} to {end or 'open'}, and the day looked at is {text}",
                    "It does nothing on that day.",
                    "Choose another day (--as-of), or other dates.",
                )
            )
    return tuple(found)
