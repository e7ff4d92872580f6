"""What was answered: one wave of a survey, its raw codes and where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from survey.codebook import Codebook
from survey.faults import Finding
from survey.weighted import Weighted

__all__ = ["Origin", "Wave"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a wave was read from.

    Attributes
    ----------
    path : str
        File as the user named it.
    sha256 : str
        Checksum of its bytes.
    format : str
        `sav`, `dta`, `csv` or `parquet`, decided by content.
    encoding : str
        Text encoding read, and "" where the format has none.
    rows : int
        Rows read.
    """

    path: str
    sha256: str
    format: str
    encoding: str
    rows: int


@dataclass(frozen=True, slots=True)
class Wave:
    """Raw answers of one wave, one row a firm; never changed, only replaced.

    Attributes
    ----------
    name : str
        Name of the wave, such as `2021`.
    frame : pandas.DataFrame
        Codes as they stand in the file, missing codes included (never turned into blanks);
        columns verbatim. Treat as read-only; use `survey.answers` to look at a question.
    codebook : Codebook
        What the codes mean.
    origin : Origin
        Where it came from.
    findings : tuple[Finding, ...]
        What the reader saw and the user should know.
    notes : Mapping[str, str]
        File label, documents and the like, as found.
    weighted : Weighted or None
        Weights made by `survey.weigh`, which then stand for those of the design.
    """

    name: str
    frame: pd.DataFrame
    codebook: Codebook
    origin: Origin
    findings: tuple[Finding, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    weighted: Weighted | None = None

    def __len__(self) -> int:
        return len(self.frame)
