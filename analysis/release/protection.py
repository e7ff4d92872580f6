"""How an audience is protected: its floor, whether counts are hidden or changed, and what a manifest says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure.audiences import MINIMUM_TABLE
from analysis.disclosure.changing import Changing, changing_for
from analysis.disclosure.private import private_rules
from analysis.pressure.outcome import firm_ids
from analysis.release.settings import ReleaseSettings
from analysis.release.tables import SUPPRESSED, protected_tables
from analysis.release.withheld import Withheld
from survey import Study, StudyFault, Wave

__all__ = ["Protection", "protection_of"]


@dataclass(frozen=True, slots=True)
class Protection:
    """What is done to the numbers of one audience.

    Attributes
    ----------
    study : Study
    audience : str
        `members` or `public`.
    minimum_frequency, floor : int
        Fewest firms a count may stand for, as the study says, and with the answers these readers know.
    open_by : tuple[str, ...]
        Breaks they see.
    changing : Changing or None
        How counts are changed; None where cells are hidden.
    secret : str
        Seeds the change; never written.
    holdings : Mapping[str, str]
        Firm to holding: firms of one holding count as one under the floor.
    hide : tuple[Withheld, ...]
        Cells the study names that nobody else sees; in earlier waves the questions of the same ids.
    """

    study: Study
    audience: str
    minimum_frequency: int
    floor: int
    open_by: tuple[str, ...]
    changing: Changing | None = None
    secret: str = ""
    holdings: Mapping[str, str] = field(default_factory=dict)
    hide: tuple[Withheld, ...] = ()

    def estimates(
        self, estimates: pd.DataFrame, wave: Wave, open_by: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Estimates of a wave as this audience sees them; `open_by` by default the study's."""
        by = self.open_by if open_by is None else tuple(open_by)
        if self.changing is None:
            return protected_tables(
                estimates, wave, self.floor, by, holding=self.holding(wave), withheld=self.hide
            )
        from analysis.release.changed import changed_tables

        ids = firm_ids(wave, self.study)
        return changed_tables(
            estimates, wave, self.study.design, ids, self.changing, self.secret, self.floor, by
        )

    def holding(self, wave: Wave) -> np.ndarray | None:
        """The holding of each row of a wave, shape (rows,); None where none is known."""
        if not self.holdings:
            return None
        ids = firm_ids(wave, self.study)
        return np.array([self.holdings.get(firm, f" {firm}") for firm in ids], dtype=object)

    def said(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
        """What the manifest says: the rule, floors, and how many cells are hidden; no parameter of others."""
        cells = [tables[name]["flag"] for name in ("estimates", "exposure") if name in tables]
        hiding = "minimum frequency and complement, tables on one base protected together"
        changing = "every count changed, the same firms always alike"
        return {
            "rule": hiding if self.changing is None else changing,
            "minimum_frequency": self.minimum_frequency,
            "floor": self.floor,
            "smallest_table": MINIMUM_TABLE,
            "cells": sum(len(flags) for flags in cells),
            "hidden_cells": sum(int((flags == SUPPRESSED).sum()) for flags in cells),
            **(self.changing.said() if self.changing else {}),
        }


def protection_of(study: Study, settings: ReleaseSettings, audience: str) -> Protection:
    """How an audience of a study is protected.

    Raises
    ------
    StudyFault
        Counts are to be changed and no private file holds the secret that seeds it.
    FileFault
        A private file at fault.
    """
    floor, way = settings.floors[audience], settings.protect
    # both audiences hold the same changed counts: two changes of one count would narrow it
    largest = max(settings.floors.values())
    changing = changing_for(way, largest)
    floor = floor if changing is None else largest
    is_named = "private" in study.section("release")
    private = private_rules(study, settings.minimum_frequency) if is_named else None
    if changing is not None and not (private and private.secret):
        raise StudyFault(
            study.place(f"release.{audience}"),
            f"protect = {way!r} and no secret",
            "a private file with a secret of 16 characters or more, so that a count is changed the same way "
            "each time",
            'write `secret = "..."` in the file that [release] private names',
        )
    return Protection(
        study, audience, settings.minimum_frequency, floor, settings.open_by, changing,
        private.secret if private else "", private.holdings if private else {}, settings.hide,
    )  # fmt: skip
