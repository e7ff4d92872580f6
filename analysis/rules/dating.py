"""Rules whose state on a day rests on a date that the sources leave open."""

from datetime import date

import pandas as pd

from analysis.rules.catalogue import Catalogue
from survey import Finding

__all__ = ["open_dates", "shortened"]

_SHOWN = 5


def open_dates(catalogue: Catalogue, day: date, *, idle: bool | None = None) -> tuple[Finding, ...]:
    """Rules with tests or pairs whose state on a day rests on a date the sources leave open.

    Parameters
    ----------
    catalogue : Catalogue
    day : datetime.date
    idle : bool, optional
        Only rules that are not in force that day (True), whose warning no flow carries, or only those that
        are (False); default all.
    """
    now = catalogue.on(day)
    used = now["instrument"].isin(catalogue.gates["instrument"]) | now["instrument"].isin(
        catalogue.collisions["clause"]
    )
    rows = now[used & (now["warning"] != "")]
    if idle is not None:
        rows = rows[(rows["state"] != "in_force") == idle]
    if not len(rows):
        return ()
    said = rows["instrument"] + " (" + rows["state"].str.replace("_", " ") + ": " + rows["warning"] + ")"
    return (
        Finding(
            f"catalogue, in_force.csv, {day.isoformat()}",
            f"{rows['instrument'].nunique()} rules whose dates are open or uncertain: {shortened(said)}",
            "What they do that day may be otherwise.",
            "Check the source, and set the date in a file of your own ([rules] own).",
        ),
    )


def shortened(words: pd.Series) -> str:
    """The first of some words, and how many more there are."""
    rest = len(words) - _SHOWN
    return ", ".join(words.head(_SHOWN)) + (f" and {rest} more" if rest > 0 else "")
