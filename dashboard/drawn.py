"""Firms of a Release drawn again for what-ifs, over all that was in doubt when it was made."""

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache

import pandas as pd

from analysis import FrozenModel, OpenDay, Standing, Tables, channels_in, day_of_rows, kept_day, stand_firm
from survey import FileFault

__all__ = ["DrawnFirms"]

_STANDING = 32
"""Firms kept drawn, each of some hundred kilobytes at most."""


class DrawnFirms:
    """What firms of one Release are drawn from, and the last ones drawn.

    Parameters
    ----------
    audience : str
    tables : Tables
        Of the Release.
    rows_of : callable
        Table and firm to the rows of that firm.
    frozen : FrozenModel
    """

    def __init__(
        self,
        audience: str,
        tables: Tables,
        rows_of: Callable[[str, str], pd.DataFrame],
        frozen: FrozenModel,
    ) -> None:
        self._tables, self._is_internal = tables, audience == "internal"
        self._rows_of, self._frozen = rows_of, frozen
        self.stands: Callable[[str], Standing] = lru_cache(_STANDING)(self._stands)
        """A firm as it is, drawn; the last ones are kept, since sliders ask again and again."""

    def open_day(self, firms: Sequence[str]) -> OpenDay:
        """What some firms are drawn from.

        Where the Release keeps its scene, all that was in doubt when it was made; else links alone.
        """
        if self._kept is not None:
            return self._kept.of(firms)
        names = ("flows", "contacts", "collisions")
        flows, contacts, met = (pd.concat([self._rows_of(name, firm) for firm in firms]) for name in names)
        return day_of_rows(flows, contacts, met, self._frozen.dormant, self._channels)

    def _stands(self, firm: str) -> Standing:
        return stand_firm(self._frozen, firm, self.open_day((firm,)))

    @cached_property
    def _kept(self) -> OpenDay | None:
        """The day of the scene that is kept, met when first asked for; None without one, or of old making."""
        if not self._is_internal or "kept" not in self._tables:
            return None
        try:
            return kept_day(self._tables["kept"], "release")
        except FileFault:
            return None

    @cached_property
    def _channels(self) -> tuple[str, ...]:
        return channels_in(self._tables["flows"])
