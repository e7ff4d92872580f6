"""The tables of technologies in the internal Release: homes side by side, what they are made of, firms."""

import pandas as pd

from analysis.pressure.settings import pressure_settings
from analysis.rules.catalogue import Catalogue
from analysis.rules.stated import stated_of
from analysis.supply.links import Links
from analysis.technology.acting import tagged_activities
from analysis.technology.asking import technologies_in
from analysis.technology.homes import HOMES
from survey import Study

__all__ = ["technology_tables"]

DRAWS = 500
"""Draws of a Release, the first of those the command takes: a build has no time for more."""


def technology_tables(
    study: Study, firms: tuple[str, ...], links: Links, catalogue: Catalogue
) -> dict[str, pd.DataFrame]:
    """`technology_map`, `technology_sides` and `technology_firms`; each tells of single firms' flows.

    Parameters
    ----------
    study : Study
    firms : tuple[str, ...]
        Of the study.
    links : Links
        All links.
    catalogue : Catalogue
    """
    settings = pressure_settings(study)
    acting = tagged_activities(stated_of(study), links, catalogue.technologies, study.as_of)
    found = technologies_in(
        links,
        catalogue.technologies,
        firms,
        ["", *HOMES],
        seed=settings.seed,
        draws=min(settings.draws, DRAWS),
        level=settings.level,
        acting=acting,
    )
    return {
        "technology_map": found.map,
        "technology_sides": found.sides,
        "technology_firms": found.firms,
    }
