"""What a day is met with, before it is met: links, rules, lists and holdings; what a scenario changes."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.pressure.answering import answers_of
from analysis.pressure.banded import bands_of
from analysis.pressure.thresholds import OpenThreshold, open_thresholds
from analysis.rules.activities import activities_on
from analysis.rules.catalogue import Catalogue
from analysis.rules.chosen import study_catalogue
from analysis.rules.standing import LISTING_KEYS, Given, given_lists
from analysis.rules.stated import STATED_KEYS, Stated, stated_of
from analysis.supply.averages.standing import links_or_averages, own_links
from analysis.supply.averages.unlinked import Averages
from analysis.supply.links import Links
from survey import Study, StudyFault, nearest

__all__ = ["RULES_KEYS", "Scene", "scene_of"]

RULES_KEYS = ("catalogue", "own", *LISTING_KEYS, *STATED_KEYS, "dormant", "review")
"""Keys of `[rules]` in a `study.toml`."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Links, rules and lists of one day as they are given; nothing derived from one another yet.

    Attributes
    ----------
    day : datetime.date
    firms : tuple[str, ...] or None
        Parties to look at; None for all.
    links : Links
        With items and parties, and with those that stand in for firms without any.
    catalogue : Catalogue
    given : Given
        Listings and holdings.
    dormant : float
        Weight of dormant powers.
    averages : Averages or None
        What stands in for firms without links.
    stated : Stated or None
        Activities beside the links, and bills of materials.
    bands : pandas.DataFrame or None
        What firms answered in bands about their flows, as `read_bands`.
    answers : pandas.DataFrame or None
        What they answered about their business with a side, as `answers_of`.
    thresholds : tuple[OpenThreshold, ...]
        Of rules, left open.
    """

    day: date
    firms: tuple[str, ...] | None
    links: Links
    catalogue: Catalogue
    given: Given
    dormant: float
    averages: Averages | None = None
    stated: Stated | None = None
    bands: pd.DataFrame | None = None
    answers: pd.DataFrame | None = None
    thresholds: tuple[OpenThreshold, ...] = ()


def scene_of(
    study: Study,
    day: date,
    firms: tuple[str, ...] | None,
    dormant: float,
    *,
    own: bool = False,
    links: Links | None = None,
) -> Scene:
    """Read links as known on a day, the catalogue, lists and holdings of a study.

    Parameters
    ----------
    study : Study
        With `[supply]`; of `[rules]` all keys but `dormant` are read.
    day : date
    firms : tuple[str, ...] or None
        Parties to look at; None for all.
    dormant : float
        Weight of dormant powers.
    own : bool
        Only links of the firms' own; else firms without any have those of their sector's average, where the
        study names an input-output table. Only points are made of these, so that no threshold is open.
    links : Links, optional
        The firms' own links as known on that day, if they are read already.

    Raises
    ------
    Fault
        Links, catalogue, listings, activities or bills are at fault.
    """
    for key in study.section("rules"):
        if key not in RULES_KEYS:
            raise StudyFault(
                study.place(f"rules.{key}"), f"key {key!r}", "a key of [rules]", nearest(key, RULES_KEYS)
            )
    catalogue = study_catalogue(study)
    mine = own_links(study, as_of=day) if own and links is None else links
    averages = None
    if mine is None or not own:
        mine, averages = links_or_averages(study, as_of=day, links=mine)
    given, stated = given_lists(study, catalogue, day), stated_of(study)
    if stated.activities is not None and not own:
        activities_on(stated.activities, day, stated.where, mine.frame["link"])
    open_ = () if own else open_thresholds(study, catalogue)
    said = (bands_of(study), answers_of(study))
    return Scene(day, firms, mine, catalogue, given, dormant, averages, stated, *said, open_)
