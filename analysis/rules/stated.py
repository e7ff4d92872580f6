"""What a study states of its flows beside the links: activities, and bills of materials."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.rules.activities import read_activities
from analysis.rules.bills import Bills, destination_groups, read_bills
from analysis.rules.totals import read_totals
from analysis.supply.matched import as_firms, matches_of
from analysis.supply.settings import file_of
from survey import Study, StudyFault

__all__ = ["STATED_KEYS", "Stated", "stated_of"]

STATED_KEYS = ("activities", "materials", "destinations")
"""Keys of `[rules]` that this module reads."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Facts of flows as the files of a study state them.

    Attributes
    ----------
    activities : pandas.DataFrame or None
        `activities.ACTIVITY_COLUMNS`; None where the study names no file.
    bills : Bills or None
        Bills of materials; None where the study names no file.
    where : str
        The file of activities, for messages.
    totals : pandas.DataFrame or None
        What the parties have of each activity in all, as `read_totals`; None where nobody says.
    """

    activities: pd.DataFrame | None = None
    bills: Bills | None = None
    where: str = "activities"
    totals: pd.DataFrame | None = None


def stated_of(study: Study) -> Stated:
    """Read `activities`, `materials` and `destinations` of `[rules]`; matched parties bear the firm's id.

    Totals of activities stand in the file of parties.

    Raises
    ------
    StudyFault
        A key of another kind.
    FileFault
        A file at fault, with the rows.
    """
    groups = destination_groups(study)
    acts, bills = _file(study, "activities"), _file(study, "materials")
    parties = file_of(study, "parties") if acts else None
    made = Stated(
        read_activities(acts) if acts else None,
        read_bills(bills, groups) if bills else None,
        str(acts or "activities"),
        read_totals(parties) if parties else None,
    )
    return _as_firms(made, matches_of(study)) if acts or bills else made


def _as_firms(made: Stated, matches: pd.DataFrame | None) -> Stated:
    if matches is None:
        return made
    acts, bills, totals = made.activities, made.bills, made.totals
    if acts is not None:
        acts = acts.assign(**{end: as_firms(acts[end], matches) for end in ("seller", "buyer")})
    if bills is not None:
        ends = {end: as_firms(bills.frame[end], matches) for end in ("party", "supplier")}
        bills = replace(bills, frame=bills.frame.assign(**ends))
    if totals is not None:
        names = as_firms(totals.index.to_series(), matches).to_numpy()
        totals = totals.groupby(pd.Index(names, name="party")).max()
    return replace(made, activities=acts, bills=bills, totals=totals)


def _file(study: Study, key: str) -> Path | None:
    named = study.section("rules").get(key)
    if named is None:
        return None
    if not isinstance(named, str) or not named:
        raise StudyFault(study.place(f"rules.{key}"), repr(named), "a file", f'write  {key} = "{key}.csv"')
    return study.folder / named
