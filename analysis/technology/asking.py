"""The technologies of a study on a day: sides, quadrants and firms, from its links and its catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.pressure.outcome import firm_ids
from analysis.pressure.settings import pressure_settings
from analysis.rules.chosen import study_catalogue
from analysis.rules.stated import stated_of
from analysis.supply.averages.standing import own_links
from analysis.supply.depth import exposures
from analysis.supply.links import Links
from analysis.technology.acting import activity_ratios, joined_sides, tagged_activities
from analysis.technology.holders import acting_firms, technology_firms
from analysis.technology.homes import HOMES
from analysis.technology.quadrant import HIGH_PART, technology_map
from analysis.technology.sides import side_ratios
from analysis.technology.tagged import tagged_links
from survey import QuestionFault, Study, StudyFault, latest_wave

__all__ = ["Technologies", "technologies_in", "technologies_of"]


@dataclass(frozen=True, slots=True)
class Technologies:
    """Technologies between the sides.

    Attributes
    ----------
    map : pandas.DataFrame
        What to protect, source from trusted partners, compete with: `quadrant.MAP_COLUMNS`.
    sides : pandas.DataFrame
        What that is made of: `sides.SIDE_COLUMNS`.
    firms : pandas.DataFrame
        Which firms of the study need and hold what: `holders.HOLDER_COLUMNS`.
    """

    map: pd.DataFrame
    sides: pd.DataFrame
    firms: pd.DataFrame


def technologies_of(
    study: Study, *, as_of: date | None = None, by: str = "", high: float = HIGH_PART
) -> Technologies:
    """The technologies of a study.

    Parameters
    ----------
    study : Study
        With `[supply]`; its firms are those of the last wave.
    as_of : date, optional
        Day of the links; by default the study's.
    by : str
        `country` for homes side by side (Japan, Korea, Taiwan, Europe) beside the firms of the study, "" for
        these alone.
    high : float
        Least part that counts as high in the quadrant, above 0 and below 1.

    Raises
    ------
    StudyFault
        No links; neither a survey nor `by`.
    QuestionFault
        `high` out of range, or a `by` that is not known.
    """
    if not 0.0 < high < 1.0:
        raise QuestionFault("--high", f"{high:g}", "a part above 0 and below 1", "say  --high 0.3")
    if by not in ("", "country"):
        raise QuestionFault("--by", repr(by), "country", "say  --by country")
    if not study.waves and not by:
        raise StudyFault(
            study.place("waves"), "no survey", "firms whose technologies are meant", "say  --by country"
        )
    links = own_links(study, as_of=as_of)
    if links is None:
        raise StudyFault(
            study.place("supply"), "no links", "links of the firms", "add [supply] with  links = ..."
        )
    firms = firm_ids(latest_wave(study), study) if study.waves else ()
    settings = pressure_settings(study)
    homes = ([""] if firms else []) + (list(HOMES) if by else [])
    technologies = study_catalogue(study).technologies
    acting = tagged_activities(stated_of(study), links, technologies, as_of or study.as_of)
    return technologies_in(
        links,
        technologies,
        firms,
        homes,
        acting=acting,
        seed=settings.seed,
        draws=settings.draws,
        level=settings.level,
        high=high,
    )


def technologies_in(
    links: Links,
    technologies: pd.DataFrame,
    firms: tuple[str, ...],
    homes: Sequence[str],
    *,
    seed: int,
    draws: int,
    level: float,
    high: float = HIGH_PART,
    acting: pd.DataFrame | None = None,
) -> Technologies:
    """The same of links at hand.

    Parameters
    ----------
    links : Links
    technologies : pandas.DataFrame
        `tag,tags` of a catalogue.
    firms : tuple[str, ...]
        Of the study.
    homes : sequence of str
        Keys of `HOMES`, "" for these firms.
    seed, draws, level
        Of the draws over link confidence.
    high : float
        As `technology_map`.
    acting : pandas.DataFrame, optional
        From `tagged_activities`.
    """
    tagged = tagged_links(links, technologies)
    through = exposures(links, ("US", "CN")).set_axis(["us", "cn"], axis=1)
    sided = side_ratios(tagged, through, homes, firms, seed=seed, draws=draws, level=level)
    own = technology_firms(tagged, through, firms, seed=seed, draws=draws, level=level)
    if acting is not None:
        more = activity_ratios(acting, homes, firms, seed=seed, draws=draws, level=level)
        sided = joined_sides(sided, more)
        doing = acting_firms(acting, firms, seed=seed, draws=draws, level=level)
        own = pd.concat([part for part in (own, doing) if len(part)] or [own], ignore_index=True)
        own = own.sort_values(["firm", "technology", "role", "side", "stat"], kind="stable")
        own = own.reset_index(drop=True)
    return Technologies(technology_map(sided, high=high), sided.table, own)
