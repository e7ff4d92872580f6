"""Known totals of the population, from a file that says where each comes from and of which day."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.cell_numbers import typed_number
from survey.coding import code_text
from survey.faults import FileFault, Finding, nearest
from survey.read import read_wave

__all__ = ["CROSSED", "MARGIN_COLUMNS", "Margin", "margin_waves", "read_margins"]

CROSSED = "*"
"""Stands between the questions, and the categories, of a margin of crossed questions."""

MARGIN_COLUMNS = ("margin", "category", "total", "share", "source", "date", "wave")
"""Columns of a file of margins; `total` or `share`; `wave` only where waves differ."""


@dataclass(frozen=True, slots=True)
class Margin:
    """One margin of the population.

    Attributes
    ----------
    name : str
        As in the file: question ids, joined by `CROSSED` where several are crossed.
    questions : tuple[str, ...]
        Ids of the questions.
    categories : tuple[str, ...]
        Codes or labels as in the file, crossed ones joined; ("",) for the total of a number.
    totals : NDArray[np.float64]
        Shape (categories,): totals, or shares where `is_share`.
    is_share : bool
        Whether these are shares of all firms.
    source, date : str
        Where the margin comes from, and of which day, month or year.
    where : str
        File and margin, for messages.
    """

    name: str
    questions: tuple[str, ...]
    categories: tuple[str, ...]
    totals: NDArray[np.float64]
    is_share: bool
    source: str
    date: str
    where: str

    @property
    def is_number(self) -> bool:
        """Whether this is the total of a number question."""
        return self.categories == ("",)


def read_margins(path: Path, wave: str = "") -> tuple[tuple[Margin, ...], tuple[Finding, ...]]:
    """Margins of a file, in its order, and what its reader found: one row a category.

    Columns as in `MARGIN_COLUMNS`. A row with an empty category is the total of a number question.

    Parameters
    ----------
    path : Path
        CSV or another table that `read_wave` reads.
    wave : str
        Keep the rows of this wave, where the file has the column.

    Raises
    ------
    FileFault
        No such file; a column missing or unknown; a total that is no number of zero or more; a
        category twice; a margin without source or date, or of more than one; no rows for the wave.
    """
    read = read_wave(path)
    frame = read.frame
    names = [str(c) for c in frame.columns]
    unknown = [c for c in names if c not in MARGIN_COLUMNS]
    lacking = [c for c in ("margin", "category", "source", "date") if c not in names]
    both = [c for c in ("total", "share") if c in names]
    if unknown or lacking or len(both) != 1:
        raise FileFault(
            f"{path}, header",
            ("unknown column " + repr(unknown[0]) if unknown else "columns " + ", ".join(names)),
            "margin, category, total (or share), source, date; wave where waves differ",
            nearest(unknown[0], MARGIN_COLUMNS) if unknown else "add " + (lacking or ["total"])[0],
        )
    texts = pd.DataFrame({c: [_cell(v) for v in frame[c]] for c in names})
    texts["line"] = np.arange(2, len(texts) + 2)
    if "wave" in names and wave:
        if not (texts["wave"] == wave).any():
            raise FileFault(
                f"{path}, column wave",
                f"no row for wave {wave!r}",
                "margins for this wave",
                nearest(wave, sorted(set(texts["wave"]))),
            )
        texts = texts[texts["wave"] == wave]
    margins = [_margin(path, str(name), rows, both[0]) for name, rows in texts.groupby("margin", sort=False)]
    return tuple(margins), read.findings


def margin_waves(path: Path) -> tuple[str, ...]:
    """Waves that the column `wave` of a file of margins names; none without the column.

    Raises
    ------
    FileFault
        No such file, or one that cannot be read.
    """
    frame = read_wave(path).frame
    if "wave" not in frame.columns:
        return ()
    return tuple(name for name in dict.fromkeys(_cell(v) for v in frame["wave"].unique()) if name)


def _cell(value: object) -> str:
    return "" if pd.isna(value) else code_text(value).strip()  # type: ignore[call-overload]


def _margin(path: Path, name: str, rows: pd.DataFrame, column: str) -> Margin:
    """One margin from its rows."""
    where = f"{path}, margin {name!r}"
    typed = [typed_number(text) for text in rows[column]]
    number = np.array([np.nan if value is None else value for value in typed])
    bad = np.flatnonzero(~(np.isfinite(number) & (number >= 0)))
    if len(bad) or not name:
        at = rows.iloc[bad[0] if len(bad) else 0]
        found = f"{column} {at[column]!r}" if len(bad) else "a row without the name of its margin"
        raise FileFault(
            f"{where}, line {at['line']}", found, "a number of zero or more for each category", "mend the row"
        )
    twice = rows["category"][rows["category"].duplicated()]
    if len(twice):
        raise FileFault(
            where, f"category {twice.iloc[0]!r} twice", "each category once", "keep one of the rows"
        )
    for told in ("source", "date"):
        said = sorted(set(rows[told]))
        if len(said) != 1 or not said[0]:
            raise FileFault(
                f"{where}, column {told}",
                "nothing" if said == [""] else ", ".join(repr(s) for s in said[:3]),
                f"one {told} for the whole margin",
                f"write the {told} in each of its rows",
            )
    questions = tuple(part.strip() for part in name.split(CROSSED))
    categories = tuple(
        CROSSED.join(p.strip() for p in c.split(CROSSED)) if len(questions) > 1 else c
        for c in rows["category"]
    )
    if "" in categories and (len(categories) > 1 or column == "share"):
        raise FileFault(
            where,
            "a row without a category",
            "a category, or one row that is a number's total",
            "mend the row",
        )
    first = rows.iloc[0]
    return Margin(
        name, questions, categories, number, column == "share", first["source"], first["date"], where
    )
