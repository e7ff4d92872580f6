"""What to know of a study's listed parties and owners before contact: ages, red flags, names nobody has."""

from datetime import date

import pandas as pd

from analysis.rules.chosen import study_catalogue
from analysis.rules.standing import Standing, standing_of
from analysis.supply.tables import read_rows
from survey import Finding, Study

__all__ = ["check_parties"]

_SHOWN = 5


def check_parties(study: Study) -> tuple[Finding, ...]:
    """Look over listings and holdings on the day of a study; nothing is written.

    Returns
    -------
    tuple of Finding
        Age of the lists, owners to find out about, who is caught by ownership, listed parties that are not
        among the parties of the study. Without a day, or without listings, nothing.

    Raises
    ------
    Fault
        Listings, holdings or owner sets at fault.
    """
    day = study.as_of or study.calibrated_at
    rules = study.section("rules")
    if day is None or not (rules.get("listings") or rules.get("ownership")):
        return ()
    parties = _parties(study)
    countries = parties["country"] if "country" in parties.columns else None
    standing = standing_of(study, study_catalogue(study), day, countries)
    return (*standing.findings, *_caught(standing.affiliates, day), *_nowhere(standing, parties))


def _parties(study: Study) -> pd.DataFrame:
    """Rows of the file of parties by `party`; no rows where the study has no such file or column."""
    named = study.section("supply").get("parties")
    rows = read_rows(study.folder / named) if isinstance(named, str) and named else pd.DataFrame()
    return rows.set_index("party") if "party" in rows.columns else pd.DataFrame()


def _caught(affiliates: pd.DataFrame, day: date) -> tuple[Finding, ...]:
    caught = affiliates[affiliates["outcome"] == "caught"]
    if not len(caught):
        return ()
    first = (caught["list"] + ": " + caught["path"]).head(_SHOWN).str.cat(sep="; ")
    return (
        Finding(
            f"ownership, {day.isoformat()}",
            f"{caught['party'].nunique()} parties are caught by a 50 per cent rule: {first}",
            "They stand on the list of that rule, which bites while it is in force.",
            "Look at the chains.",
        ),
    )


def _nowhere(standing: Standing, parties: pd.DataFrame) -> tuple[Finding, ...]:
    if standing.listings is None or not len(parties):
        return ()
    listed = standing.listings["party"].drop_duplicates()
    odd = listed[~listed.isin(parties.index) & ~listed.isin(standing.affiliates["party"])]
    if not len(odd):
        return ()
    more = f" and {len(odd) - _SHOWN} more" if len(odd) > _SHOWN else ""
    return (
        Finding(
            "listings",
            f"{len(odd)} listed parties are not among the parties: {', '.join(odd.head(_SHOWN))}{more}",
            "Their listing touches no flow.",
            "Look whether their ids are spelled as in the parties.",
        ),
    )
