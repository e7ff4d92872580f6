"""A firm's own pressure, from links it brings: met with the rules of the Release's day, in memory."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.across import ACROSS, figures_of
from analysis.pressure.banded import read_bands
from analysis.pressure.channels import STATS, Reach, channel_sums
from analysis.pressure.day import Day, meet_scene
from analysis.pressure.doubt import draw_indicators, limits_round, outer_bounds
from analysis.pressure.drawn_over import Doubted, sources_at_work
from analysis.pressure.openday import OpenDay
from analysis.pressure.scene import Scene
from analysis.pressure.unsure import SOURCES
from analysis.rules.catalogue import load_catalogue
from analysis.rules.listings import read_listings
from analysis.rules.standing import Given
from analysis.supply.links import Links, load_links
from survey import FileFault, nearest

__all__ = ["Own", "OwnFiles", "own_pressure"]

Floats = NDArray[np.float64]

SEED, DRAWS = 20211215, 2000
"""Of the draws over what is in doubt about the links."""


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """What a firm brings of its links.

    Attributes
    ----------
    links : Path
        As `load_links` reads without a study.
    parties, items, listings, bands : Path or None
        As `[supply]` and `[rules]` of a study name them.
    """

    links: Path
    parties: Path | None = None
    items: Path | None = None
    listings: Path | None = None
    bands: Path | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """Pressure on one firm.

    Attributes
    ----------
    firm : str
        Its name in the links.
    point, low, high, outer : shape (3,)
        us, cn, squeeze; nan where there is no denominator.
    reach : Reach
        Its flows as arrays.
    day : Day
        Flows, contacts and collisions.
    links : Links
    is_screened : bool
        Whether listings were given.
    drawn_over : tuple[str, ...]
        Of `SOURCES`, those that `low` and `high` go over.
    """

    firm: str
    point: Floats
    low: Floats
    high: Floats
    outer: Floats
    reach: Reach
    day: Day
    links: Links
    is_screened: bool
    drawn_over: tuple[str, ...]


def own_pressure(files: OwnFiles, as_of: date, *, firm: str = "", dormant: float, level: float) -> Own:
    """Meet a firm's links with the catalogue on a day.

    Parameters
    ----------
    files : OwnFiles
    as_of : datetime.date
        Day of the Release.
    firm : str
        The firm's name in the links; "" for the one party that is in every row.
    dormant, level : float
        Weight of dormant powers, level of intervals.

    Raises
    ------
    FileFault
        Files at fault; no party, or several, that could be the firm; bands of no flow of the firm's.
    """
    links = load_links(files.links, as_of=as_of, parties=files.parties, items=files.items)
    name = _firm(links, files, firm)
    catalogue = load_catalogue()
    listings = None if files.listings is None else read_listings(files.listings, catalogue)
    bands = None if files.bands is None else _bands(files.bands, name, links)
    scene = Scene(as_of, (name,), links, catalogue, Given(listings), dormant, bands=bands)
    day = meet_scene(scene)
    reach, unsure = OpenDay(day, {}, dormant).laid_out((name,), ACROSS[0])
    point = figures_of(reach, channel_sums(reach))
    draws = draw_indicators(reach, SEED, DRAWS, unsure)
    over = sources_at_work(Doubted(reach, unsure))
    low, high = limits_round(point, draws, level)
    return Own(
        firm=name,
        point=point[:, 0],
        low=low[:, 0],
        high=high[:, 0],
        outer=outer_bounds(reach)[:, 0],
        reach=reach,
        day=day,
        links=links,
        is_screened=listings is not None,
        drawn_over=tuple(source for source in SOURCES if any(source in over[stat] for stat in STATS)),
    )


def _bands(path: Path, firm: str, links: Links) -> pd.DataFrame:
    """Bands of the firm's flows; refused where none is about any of them."""
    bands = read_bands(path)
    known = tuple(links.frame["link"].astype("str"))
    mine = (bands["firm"] == firm) & bands["flow"].isin(known)
    if len(bands) and not mine.any():
        first = bands.iloc[0]
        raise FileFault(
            str(path),
            f"no band of a flow of {firm!r}: the first is of {first['firm']!r}, flow {first['flow']!r}",
            f"firm {firm!r}, and the ids of its links: {', '.join(known[:3])}",
            "write the firm's name and the link's id as your links do",
        )
    return bands[mine]


def _firm(links: Links, files: OwnFiles, firm: str) -> str:
    """The party the links are about."""
    ends = links.frame[["buyer", "supplier"]].astype("str")
    parties = pd.unique(ends.to_numpy().ravel())
    if firm:
        if firm in parties:
            return firm
        near = nearest(firm, tuple(str(party) for party in parties))
        raise FileFault(str(files.links), f"no party {firm!r}", "the firm's name as links write it", near)
    in_rows = pd.concat([ends["buyer"], ends["supplier"]]).value_counts()
    alone = [str(party) for party in in_rows.index[in_rows == len(ends)]]
    if len(alone) == 1:
        return alone[0]
    raise FileFault(
        str(files.links),
        f"{len(parties)} parties, {len(alone) or 'none'} of them in every row",
        "links of one firm",
        f"say which is yours:  --firm {in_rows.index[0]}",
    )
