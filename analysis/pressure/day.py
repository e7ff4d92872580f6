"""The flows of a study's firms on one day, met with the rules of that day."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from analysis.pressure.answering import with_answers
from analysis.pressure.banded import in_bands
from analysis.pressure.scene import Scene, scene_of
from analysis.pressure.straddling import CUT_COLUMNS, content_cuts
from analysis.pressure.totalling import over_asked
from analysis.pressure.variants import Variants, variants_of
from analysis.rules.aging import list_ages
from analysis.rules.collide import collisions
from analysis.rules.dating import open_dates
from analysis.rules.derived import with_chains
from analysis.rules.flows import flows_of
from analysis.rules.reach import contact
from analysis.rules.standing import Standing, stand
from analysis.supply.averages.unlinked import Averages
from analysis.supply.matched import MATCHED_COLUMNS
from survey import Finding, Study, StudyFault

__all__ = ["Day", "day_from", "day_of", "flows_in", "meet_day", "meet_scene", "standing_in"]


@dataclass(frozen=True, slots=True)
class Day:
    """Flows, contacts and collisions of a day; frames as `flows_of`, `contact`, `collisions` make them.

    Attributes
    ----------
    parties : tuple[str, ...]
        Every party of the links.
    flows, contacts, collisions : pandas.DataFrame
    findings : tuple[Finding, ...]
        Of the links and of the lists.
    averages : Averages or None
        What stands in for firms without links, None where nothing does.
    affiliates : pandas.DataFrame
        Parties that listed owners hold: `DERIVED_COLUMNS`.
    ages : pandas.DataFrame or None
        How old the lists are, as `list_ages`; None where nobody was screened.
    bands : pandas.DataFrame or None
        What was answered in bands, as `with_answers`.
    cuts : pandas.DataFrame
        Contacts that hang on a content in a band, as `content_cuts`.
    matched : pandas.DataFrame
        Ends of links that were matched to firms: `MATCHED_COLUMNS`.
    variants : Variants or None
        The day under every choice of open thresholds; None where no flow hangs on any.
    answers : pandas.DataFrame or None
        What firms answered about their business with a side, as `answers_of`.
    """

    parties: tuple[str, ...]
    flows: pd.DataFrame
    contacts: pd.DataFrame
    collisions: pd.DataFrame
    findings: tuple[Finding, ...]
    averages: Averages | None = None
    affiliates: pd.DataFrame = field(default_factory=pd.DataFrame)
    ages: pd.DataFrame | None = None
    bands: pd.DataFrame | None = None
    cuts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CUT_COLUMNS)))
    matched: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MATCHED_COLUMNS)))
    variants: Variants | None = None
    answers: pd.DataFrame | None = None


def day_of(study: Study, as_of: date | None) -> date:
    """The day to look at: the one asked for, else the study's, else that of its fieldwork.

    Raises
    ------
    StudyFault
        The study has no links, or no day is known.
    """
    if not study.section("supply"):
        raise StudyFault(
            study.place("supply"),
            "no links",
            "links of the firms",
            "add [supply] with  links = ...  to study.toml",
        )
    day = as_of or study.as_of or study.calibrated_at
    if day is None:
        raise StudyFault(study.place("as_of"), "no date", "the day to look at", "write  as_of = 2026-01-15")
    return day


def meet_day(
    study: Study,
    day: date,
    firms: tuple[str, ...] | None,
    dormant: float,
    *,
    every: bool = False,
    own: bool = False,
) -> Day:
    """Links as known on a day, met with the rules and lists of that day; see `scene_of` and `meet_scene`."""
    return meet_scene(scene_of(study, day, firms, dormant, own=own), every=every)


def meet_scene(scene: Scene, *, every: bool = False) -> Day:
    """Flows of a scene held against its rules.

    Parameters
    ----------
    scene : Scene
    every : bool
        Keep contacts with outcome `none`, with the gate that failed.

    Raises
    ------
    Fault
        Majorities in a loop, owner sets at fault; activities or bills that cannot be true that day.
    """
    standing = standing_in(scene)
    flows = flows_in(scene, standing)
    contacts = contact(flows, scene.catalogue, scene.day, every=every)
    return day_from(scene, flows, contacts, standing, every=every)


def flows_in(scene: Scene, standing: Standing) -> pd.DataFrame:
    """`flows_of` of a scene, with what firms answered in bands.

    Parameters
    ----------
    scene : Scene
    standing : Standing
        Of the same scene.

    Raises
    ------
    Fault
        As `flows_of`.
    """
    flows = flows_of(scene.links, scene.firms, standing.listings, scene.day, scene.stated)
    flows = over_asked(flows, scene.answers)
    return in_bands(flows, with_answers(scene.bands, scene.answers, flows))


def standing_in(scene: Scene) -> Standing:
    """Who stands on which list in a scene, with those that follow from ownership.

    Raises
    ------
    Fault
        As `stand`.
    """
    countries: pd.Series = scene.links.parties.set_index("party")["country"]
    return stand(scene.given, scene.catalogue, scene.day, countries)


def day_from(
    scene: Scene, flows: pd.DataFrame, contacts: pd.DataFrame, standing: Standing, *, every: bool
) -> Day:
    """A day from flows held against the rules of a scene already: chains of ownership and collisions.

    Parameters
    ----------
    scene : Scene
    flows, contacts : pandas.DataFrame
        `flows_of` and `contact`.
    standing : Standing
        Of the same scene.
    every : bool
        Whether contacts hold those with outcome `none`.
    """
    links, catalogue, day = scene.links, scene.catalogue, scene.day
    contacts = with_chains(contacts, flows, standing.affiliates)
    touched = contacts[contacts["outcome"] != "none"] if every else contacts
    met = collisions(touched, flows, catalogue, day, scene.dormant)
    findings = (*links.findings, *standing.findings, *open_dates(catalogue, day, idle=True))
    everybody = tuple(links.parties["party"].astype("str").tolist())
    given = scene.given.listings
    ages = None if given is None else list_ages(given, day)
    return Day(
        everybody,
        flows,
        contacts,
        met,
        findings,
        scene.averages,
        standing.affiliates,
        ages,
        with_answers(scene.bands, scene.answers, flows),
        content_cuts(touched, flows, catalogue),
        links.matched,
        variants_of(scene.thresholds, touched, flows, catalogue, day, scene.dormant),
        scene.answers,
    )
