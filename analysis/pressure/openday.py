"""A day with all that is open about it: what its firms are drawn from, without any model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.pressure.channels import Reach, channel_names, reach_of
from analysis.pressure.day import Day
from analysis.pressure.priors import Prior
from analysis.pressure.unsure import Unsure, unsure_of
from analysis.pressure.variants import Variant

__all__ = ["OpenDay", "channels_in", "day_of_rows"]


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day, or some firms of it, with priors of open parameters.

    Attributes
    ----------
    day : Day
        Bands, matches, contents in bands and open thresholds are in it.
    priors : Mapping[str, Prior]
    dormant : float
        Weight of dormant powers that points are made with.
    channels : tuple[str, ...]
        Those of all firms that were read together, sorted; a firm without flows in one of them has a
        structural zero there. () for those of the flows alone.
    """

    day: Day
    priors: Mapping[str, Prior]
    dormant: float
    channels: tuple[str, ...] = ()

    def of(self, firms: Sequence[str]) -> "OpenDay":
        """The same of some firms only."""
        day, ids = self.day, pd.Index(list(firms), dtype="str")

        def own(table: pd.DataFrame) -> pd.DataFrame:
            return table[table["firm"].isin(ids)]

        def mine(one: Variant) -> Variant:
            return Variant(own(one.contacts), own(one.collisions), own(one.cuts))

        variants = day.variants
        if variants is not None:
            hanging = tuple(firm for firm in ids if firm in set(variants.firms))
            variants = variants.through(mine, hanging) if hanging else None
        part = replace(
            day,
            flows=own(day.flows),
            contacts=own(day.contacts),
            collisions=own(day.collisions),
            bands=None if day.bands is None else own(day.bands),
            cuts=own(day.cuts),
            variants=variants,
        )
        return replace(self, day=part)

    def laid_out(self, firms: tuple[str, ...], across: str) -> tuple[Reach, Unsure]:
        """Flows of n firms as arrays, and what is in doubt about them.

        Parameters
        ----------
        firms : n ids
        across : str
            As `Reach`.
        """
        day = self.day
        reach = reach_of(day.flows, day.contacts, day.collisions, firms, across)
        reach = _in_channels(reach, self.channels)
        return reach, unsure_of(reach, day, self.priors, self.dormant)


def channels_in(flows: pd.DataFrame, firms: Sequence[str] | None = None) -> tuple[str, ...]:
    """Channels of the flows of some firms, or of all, sorted."""
    mine = flows if firms is None else flows[flows["firm"].isin(pd.Index(list(firms), dtype="str"))]
    return tuple(sorted(set(channel_names(mine).unique())))


def day_of_rows(
    flows: pd.DataFrame,
    contacts: pd.DataFrame,
    collisions: pd.DataFrame,
    dormant: float,
    channels: tuple[str, ...] = (),
) -> OpenDay:
    """A day as tables of a Release alone tell it: nothing is open but whether links are there.

    Parameters
    ----------
    flows, contacts, collisions : pandas.DataFrame
        Tables of an internal Release.
    dormant : float
    channels : tuple[str, ...]
        As `OpenDay`.
    """
    told = flows if "substitutability" in flows else flows.assign(substitutability=np.nan)
    return OpenDay(Day((), told, contacts, collisions, ()), {}, dormant, channels)


def _in_channels(reach: Reach, channels: tuple[str, ...]) -> Reach:
    """The same among more channels than its flows have."""
    every = tuple(sorted({*reach.channels, *channels}))
    place = np.array([every.index(name) for name in reach.channels], dtype=np.int64)
    return replace(reach, channels=every, channel=place[reach.channel]) if len(place) else reach
