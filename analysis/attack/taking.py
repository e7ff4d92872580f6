"""A Release as a stranger holds it: its files, and nothing that is not in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.disclosure.audiences import known_to
from analysis.disclosure.changing import Changing, changing_said
from analysis.release.manifest import release_mark
from analysis.release.read import read_release
from analysis.release.rules import RULE_TABLES

__all__ = ["LAW", "Taken", "take_release"]

LAW = frozenset({*RULE_TABLES, "scenarios", "scenario_changes", "scenario_rules"})
"""Tables of rules and what-ifs: they hold facts of law, nothing that a firm said."""

_USUAL_FLOOR = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """One Release in the hands of an adversary.

    Attributes
    ----------
    label : str
        How it is called in what is reported: `members`, or the folder where two would be called the same.
    folder : Path
    manifest : Mapping[str, Any]
    tables : Mapping[str, pandas.DataFrame]
        Every table, by name.
    floor : int
        Fewest firms its readers may know of.
    known : int
        Firms whose answers its readers are assumed to know.
    changing : Changing or None
        How counts were changed before they were printed, as the manifest says.
    """

    label: str
    folder: Path
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    floor: int
    known: int
    changing: Changing | None = None

    @property
    def mark(self) -> str:
        """What files made from it say they were made from."""
        return release_mark(self.manifest)

    @property
    def firms(self) -> int:
        """Firms that took part: stated, else the largest number in any table, else 0."""
        stated = self.manifest.get("firms")
        if isinstance(stated, int):
            return stated
        sizes = [t["n"].max() for t in self.tables.values() if "n" in t and len(t)]
        return int(max([0, *[s for s in sizes if pd.notna(s)]]))

    @property
    def edition(self) -> tuple[str, str, str]:
        """What two Releases of the same answers share: study, wave and checksums of sources."""
        made_of = ";".join(f"{s.get('file')}={s.get('sha256')}" for s in self.manifest.get("sources") or ())
        return str(self.manifest.get("study")), str(self.manifest.get("wave")), made_of


def take_release(folder: Path, label: str = "") -> Taken:
    """Read all that a Release's folder holds.

    Raises
    ------
    FileFault
        No Release, or one whose files were changed after it was written.
    """
    release = read_release(folder)
    tables = {name: release.table(name) for name in release.tables()}
    stated = (release.manifest.get("disclosure") or {}).get("floor")
    floor = int(stated) if isinstance(stated, int) else _USUAL_FLOOR
    known = known_to(release.audience) if release.audience in ("members", "public") else 0
    changing = changing_said(release.manifest.get("disclosure") or {})
    return Taken(label or release.audience, Path(folder), release.manifest, tables, floor, known, changing)
