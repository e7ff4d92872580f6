"""The numbers of a study before any audience is thought of, and what a changed rule makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.published.beside import Beside
from analysis.release.dependence import Dependence
from analysis.release.earlier import Earlier
from analysis.release.protection import Protection
from analysis.release.settings import ReleaseSettings
from analysis.release.tables import internal_tables
from analysis.release.withheld import Edit
from analysis.rules.catalogue import Catalogue
from analysis.rules.notice import notice_record
from analysis.supply.links import Links
from survey import Design, Finding, Ledger, Wave

if TYPE_CHECKING:
    from analysis.pressure.record import Pressure

__all__ = ["Answered", "Finished"]


@dataclass(frozen=True, slots=True)
class Finished:
    """All numbers of a study, before any audience is thought of."""

    settings: ReleaseSettings
    dependence: Dependence | None
    answers: "Answered | None"
    findings: tuple[Finding, ...]
    catalogue: Catalogue | None = None
    scenarios: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def edited(self, edit: Edit, design: Design) -> "Finished":
        """The same answers with a rule of the study changed; nothing is computed anew but nets."""
        old, answers = self.settings, self.answers
        settings = replace(
            old,
            hide=(*old.hide, *edit.hide),
            open_by=tuple(by for by in old.open_by if by not in edit.closed),
            floors={audience: floor + edit.raised for audience, floor in old.floors.items()},
        )
        if answers is None:
            return replace(self, settings=settings)
        wave, estimates = answers.wave, answers.estimates
        if edit.nets:
            wave = edit.with_nets(wave)
            estimates = internal_tables(wave, design, settings.by)
        answers = replace(answers, wave=wave, estimates=estimates, shown={})
        return replace(self, settings=settings, answers=answers)

    def notice(self) -> dict[str, Any] | None:
        """What stands beside whatever comes of rules; None for a study that has nothing to do with them."""
        if self.catalogue is None:
            return None
        pressure = self.answers.pressure if self.answers else None
        return notice_record(pressure.ages if pressure else None)

    def firms(self, *, is_open: bool) -> int | None:
        """Firms that returned a questionnaire; without a wave the buyers, which others see in a table."""
        if self.answers is not None:
            return len(self.answers.wave)
        if self.dependence is None or not is_open:
            return None
        return int(self.dependence.tables["lookthrough"]["firm"].nunique())


@dataclass(frozen=True, slots=True)
class Answered:
    """What comes from the last wave."""

    wave: Wave
    ledger: Ledger
    estimates: pd.DataFrame
    pressure: "Pressure | None"
    firms: pd.DataFrame
    earlier: Earlier | None
    beside: Beside | None
    links: Links | None
    shown: dict[object, pd.DataFrame] = field(default_factory=dict)

    def seen(self, protection: Protection) -> pd.DataFrame:
        """Estimates as an audience sees them, worked out once; changed counts are the same for both."""
        key = protection.changing or protection.audience
        if key not in self.shown:
            self.shown[key] = protection.estimates(self.estimates, self.wave)
        return self.shown[key]
