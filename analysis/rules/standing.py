"""Who stands on which list in a study: its files, their age, and what follows from ownership that day."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.rules.aging import tell_ages
from analysis.rules.catalogue import Catalogue
from analysis.rules.derived import DERIVED_COLUMNS, affiliates_on, as_listings
from analysis.rules.listings import read_listings
from analysis.rules.owners import read_owner_rules
from analysis.rules.ownership import read_ownership
from analysis.supply.matched import as_firms, matches_of
from survey import Finding, Study, StudyFault

__all__ = ["LISTING_KEYS", "Given", "Standing", "given_lists", "stand", "standing_of", "with_affiliates"]

LISTING_KEYS = ("listings", "lists_taken", "ownership")
"""Keys of `[rules]` that this module reads."""


@dataclass(frozen=True, slots=True)
class Given:
    """Who was put on which list, and who owns whom, as the files of a study say; nothing is derived yet.

    Attributes
    ----------
    listings : pandas.DataFrame or None
        `listings.LISTING_COLUMNS`; None where nobody was screened.
    holdings : pandas.DataFrame or None
        `ownership.read_ownership`; None where the study names none.
    where : str
        The file of holdings, for messages.
    findings : tuple[Finding, ...]
        Age of lists.
    """

    listings: pd.DataFrame | None
    holdings: pd.DataFrame | None = None
    where: str = "ownership"
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands on which list on a day.

    Attributes
    ----------
    listings : pandas.DataFrame or None
        `listings.LISTING_COLUMNS`, with those that follow from ownership; None where nobody was screened.
    affiliates : pandas.DataFrame
        `derived.DERIVED_COLUMNS`, also those to look at and those below the threshold.
    findings : tuple[Finding, ...]
        Age of lists, and parties whose owners must be found out.
    """

    listings: pd.DataFrame | None
    affiliates: pd.DataFrame
    findings: tuple[Finding, ...]


def given_lists(study: Study, catalogue: Catalogue, as_of: date) -> Given:
    """Read `listings`, `lists_taken` and `ownership` of `[rules]`.

    Raises
    ------
    StudyFault
        A key of another kind, ownership without listings.
    FileFault
        Listings or holdings at fault.
    """
    rules = study.section("rules")
    paths = _files(study, rules.get("listings"))
    if not paths:
        if rules.get("ownership"):
            raise StudyFault(
                study.place("rules.ownership"),
                "holdings, and no listings",
                "listings of the owners",
                'write  listings = "listings.csv"',
            )
        return Given(None)
    listings = pd.concat([read_listings(path, catalogue) for path in paths], ignore_index=True)
    matches = matches_of(study)
    listings["party"] = as_firms(listings["party"], matches)
    listings["taken"] = listings["taken"].where(
        listings["taken"] != "", _taken(study, rules.get("lists_taken"))
    )
    findings = tell_ages(listings, as_of, ", ".join(path.name for path in paths))
    named = rules.get("ownership")
    if not named:
        return Given(listings, findings=findings)
    if not isinstance(named, str):
        raise StudyFault(
            study.place("rules.ownership"), repr(named), "a file", 'write  ownership = "ownership.csv"'
        )
    path = study.folder / named
    holdings = read_ownership(path)
    ends = {end: as_firms(holdings[end], matches) for end in ("owner", "owned")}
    return Given(listings, holdings.assign(**ends), str(path), findings)


def stand(given: Given, catalogue: Catalogue, as_of: date, countries: pd.Series | None = None) -> Standing:
    """What follows on a day from lists and holdings as given, under a catalogue as it stands or a scenario's.

    Raises
    ------
    FileFault
        Majorities in a loop, owner sets at fault.
    """
    if given.listings is None or given.holdings is None:
        none = pd.DataFrame({name: pd.Series([], dtype="str") for name in DERIVED_COLUMNS})
        return Standing(given.listings, none, given.findings)
    return with_affiliates(
        given.listings, given.holdings, catalogue, as_of, countries, given.where, given.findings
    )


def standing_of(
    study: Study, catalogue: Catalogue, as_of: date, countries: pd.Series | None = None
) -> Standing:
    """Who stands on which list in a study on a day, with those that follow from ownership.

    Parameters
    ----------
    study : Study
    catalogue : Catalogue
    as_of : datetime.date
    countries : pandas.Series, optional
        Country code by party.

    Raises
    ------
    Fault
        As `given_lists` and `stand`.
    """
    return stand(given_lists(study, catalogue, as_of), catalogue, as_of, countries)


def with_affiliates(
    listings: pd.DataFrame,
    holdings: pd.DataFrame,
    catalogue: Catalogue,
    as_of: date,
    countries: pd.Series | None = None,
    where: Path | str = "ownership",
    findings: tuple[Finding, ...] = (),
) -> Standing:
    """Listings with those that follow from ownership on a day, for a catalogue as it stands or a scenario's.

    Parameters
    ----------
    listings, holdings : pandas.DataFrame
        `listings.read_listings`, `ownership.read_ownership`.
    catalogue : Catalogue
    as_of : datetime.date
    countries : pandas.Series, optional
        Country code by party.
    where : pathlib.Path or str
        The file of holdings, for messages.
    findings : tuple[Finding, ...]
        Those so far.

    Raises
    ------
    FileFault
        Majorities in a loop, owner sets at fault.
    """
    rules = read_owner_rules(catalogue)
    found = affiliates_on(holdings, listings, rules, catalogue, as_of, countries, str(where))
    more = as_listings(found, as_of)
    doubt = found[found["outcome"] == "review"]
    if len(doubt):
        first = (doubt["party"] + " (" + doubt["list"] + ": " + doubt["why"] + ")").head(5).str.cat(sep="; ")
        rest = f"; and {len(doubt) - 5} more" if len(doubt) > 5 else ""
        findings += (
            Finding(
                Path(where).name,
                f"listed owners may hold {doubt['party'].nunique()} parties to the threshold: {first}{rest}",
                "A red flag, not a no.",
                "Find out who owns them.",
            ),
        )
    return Standing(pd.concat([listings, more], ignore_index=True), found, findings)


def _files(study: Study, named: object) -> list[Path]:
    words = [named] if isinstance(named, str) and named else named or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise StudyFault(
            study.place("rules.listings"),
            repr(named),
            "a file, or a list of files",
            'write  listings = "listings.csv"',
        )
    return [study.folder / word for word in words]


def _taken(study: Study, day: object) -> str:
    if day is None:
        return ""
    if not isinstance(day, date):
        raise StudyFault(
            study.place("rules.lists_taken"),
            repr(day),
            "the day on which the lists were taken",
            "write  lists_taken = 2026-01-10",
        )
    return day.isoformat()[:10]
