"""One study: which waves, codebook, design, and settings of the floors above belong together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from survey.design import Design

__all__ = ["Study", "WaveSource"]


@dataclass(frozen=True, slots=True)
class WaveSource:
    """One wave of a study: its name, file, the codebook that completes it, design and instrument.

    The instrument is the questionnaire file of the platform that collected the answers. The design
    tells the reader which columns are ids and weights and not questions. `sheet` is the sheet of a
    workbook, "" for the largest; `sha256` the checksum the file had when it was first read, "" where
    nobody noted it.
    """

    name: str
    file: Path
    codebook: Path | None = None
    design: Design = field(default_factory=Design)
    instrument: Path | None = None
    sheet: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """What one `study.toml` says.

    Attributes
    ----------
    id : str
        Short name; the folder under `data/built`.
    folder : Path
        Folder that holds `study.toml`; all its paths are relative to it.
    title : Mapping[str, str]
        Language to title.
    languages : tuple[str, ...]
        Languages of labels and pages, first one is the default.
    synthetic : bool
        Whether the respondents are made up; then every page and file says so.
    as_of, calibrated_at : date or None
        Day the rules and links are looked at; day of fieldwork.
    waves : tuple[WaveSource, ...]
        At least one, oldest first; commands use the last unless told.
    design : Design
        How firms were drawn.
    sections : Mapping[str, Mapping[str, Any]]
        Settings of the floors above (`supply`, `rules`, `pressure`, `release`), checked there.
    clean : sequence of Mapping
        Rules that change answers, as written; `survey.cleaning.settings` checks them.
    lines : Mapping[str, int]
        Dotted key to its line in `study.toml`, for messages.
    """

    id: str
    folder: Path
    title: Mapping[str, str]
    languages: tuple[str, ...]
    synthetic: bool
    as_of: date | None
    calibrated_at: date | None
    waves: tuple[WaveSource, ...]
    design: Design
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    clean: Sequence[Mapping[str, Any]] = ()

    def section(self, name: str) -> Mapping[str, Any]:
        """Settings of one section; empty where the study has none."""
        return self.sections.get(name, {})

    def place(self, key: str) -> str:
        """`study.toml` and the line of a dotted key, for the `where` of a fault."""
        line = self.lines.get(key)
        where = str(self.folder / "study.toml")
        return f"{where}, line {line}, key {key}" if line else f"{where}, key {key}"
