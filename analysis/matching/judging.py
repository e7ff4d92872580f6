"""What a person decided about two names is kept for ever, in a file that only grows and shows any change."""

import csv
import hashlib
import io
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.lasting import keep_file, only_writer
from analysis.supply.tables import read_rows, require_columns
from survey import FileFault

__all__ = [
    "JUDGEMENT_COLUMNS",
    "REVIEW_COLUMNS",
    "add_judgements",
    "fold_names",
    "latest_judgements",
    "read_judgements",
    "review_sheet",
]

JUDGEMENT_COLUMNS = ("when", "who", "name", "list", "entry", "verdict", "why", "checksum")
"""Columns of a file of judgements; `checksum` holds the row and the checksum before it."""

REVIEW_COLUMNS = ("name", "list", "entry", "matched_name", "probability", "reason", "verdict", "who", "why")
"""Columns of a review file; a person fills in the last three."""

_VERDICTS = ("same", "different")


def fold_names(names: pd.Series) -> pd.Series:
    """Names as judgements know them: width, case and spaces do not count, everything else does."""
    text = names.fillna("").astype("str").str.normalize("NFKC").str.casefold()
    return text.str.replace(r"\s+", " ", regex=True).str.strip()


def read_judgements(path: Path) -> pd.DataFrame:
    """Judgements in the order in which they were made; no rows where there is no file yet.

    Raises
    ------
    FileFault
        Other columns, or a row that was changed, taken out or put in by hand: its line is named.
    """
    if not path.exists():
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in JUDGEMENT_COLUMNS})
    rows = _read(path, JUDGEMENT_COLUMNS)
    before = ""
    for line, row in enumerate(rows.itertuples(index=False), start=2):
        told = _checksum(before, list(row[:-1]))
        if told != row[-1]:
            raise FileFault(
                f"{path}, line {line}",
                "a judgement that is not as it was written",
                f"checksum {told[:12]}..., found {str(row[-1])[:12] or 'none'}...",
                "bring the file back from a copy; a judgement is changed by a new one, not by editing",
            )
        before = told
    return rows


def review_sheet(matches: pd.DataFrame) -> pd.DataFrame:
    """Rows of `match_names` that wait for a person, the most probable first: `REVIEW_COLUMNS`."""
    rows = matches[matches["outcome"] == "review"].sort_values("probability", ascending=False, kind="stable")
    rows = rows.assign(verdict="", who="", why="", list=rows["list"] if "list" in rows.columns else "")
    return rows[list(REVIEW_COLUMNS)].reset_index(drop=True)


def add_judgements(review: Path, path: Path, day: date) -> int:
    """Append the filled-in rows of a review file to the judgements; gives back how many were new.

    They are on the disk once it gives back.

    Raises
    ------
    FileFault
        A verdict other than `same` or `different`, one without `who` or `why`, columns that are missing,
        judgements that do not hold (`read_judgements`), or another who writes there. Nothing is written then.
    """
    filled = _read(review, ("name", "list", "entry", "verdict", "who", "why"))
    lines = np.arange(2, len(filled) + 2)
    given = (filled["verdict"] != "").to_numpy()
    verdict = filled["verdict"].str.casefold()
    _refuse(
        review,
        lines[given & ~verdict.isin(_VERDICTS).to_numpy()],
        "a verdict that is none",
        "same or different",
    )
    unsigned = ((filled["who"] == "") | (filled["why"] == "")).to_numpy()
    _refuse(review, lines[given & unsigned], "a verdict without who or why", "who decided, and why")
    rows = filled.assign(verdict=verdict, when=day.isoformat())[given]
    with only_writer(path.parent):
        return _grown(path, rows)


def _grown(path: Path, rows: pd.DataFrame) -> int:
    """Append rows that are new to the judgements; how many that were."""
    known = read_judgements(path)
    last = latest_judgements(known)
    key = pd.MultiIndex.from_arrays([fold_names(rows["name"]), rows["list"], rows["entry"], rows["verdict"]])
    old = pd.MultiIndex.from_frame(last[["name", "list", "entry", "verdict"]])
    rows = rows[~key.isin(old)].drop_duplicates(["name", "list", "entry"], keep="last")
    if not len(rows):
        return 0
    before = str(known["checksum"].iloc[-1]) if len(known) else ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not path.exists():
        writer.writerow(JUDGEMENT_COLUMNS)
    for row in rows[list(JUDGEMENT_COLUMNS[:-1])].itertuples(index=False):
        before = _checksum(before, list(row))
        writer.writerow([*row, before])
    whole = path.read_bytes() if path.exists() else b""
    keep_file(path, whole + text.getvalue().encode())
    return len(rows)


def latest_judgements(judgements: pd.DataFrame) -> pd.DataFrame:
    """The last judgement on each name and entry, names folded."""
    rows = judgements.assign(name=fold_names(judgements["name"]))
    return rows.drop_duplicates(["name", "list", "entry"], keep="last").reset_index(drop=True)


def _checksum(before: str, cells: list[str]) -> str:
    return hashlib.sha256("\x1f".join([before, *cells]).encode()).hexdigest()


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    rows = read_rows(path)
    require_columns(rows, columns, str(path))
    return rows[list(columns)]


def _refuse(path: Path, lines: np.ndarray, found: str, expected: str) -> None:
    if len(lines):
        places = ", ".join(str(line) for line in lines[:5]) + (" ..." if len(lines) > 5 else "")
        raise FileFault(
            f"{path}, line {places}", found, expected, "correct the row, or leave its verdict empty"
        )
