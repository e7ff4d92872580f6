"""Printed figures as a long table: one row a figure, its digits kept, what is wrong said by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.tables import place_rows, read_rows
from survey import FileFault, Finding, file_format, nearest

__all__ = ["FIGURE_COLUMNS", "Figures", "read_figures", "unused_because", "wave_figures"]

FIGURE_COLUMNS = {
    "survey": "survey the figure is about; blank where the file is about one survey",
    "wave": "wave, such as a year",
    "edition": "edition of a report, where a survey was printed more than once (bulletin, final ...)",
    "fieldwork": "when firms answered; not used in any number",
    "question_id": "question; figures of one wave, edition and question share one base",
    "question_gist": "what was asked, in words",
    "option_id": "answer the figure is about",
    "option_gist": "the answer, in words",
    "statistic": "percent, count, base or mean; count and base of a wave bound its bases",
    "value": "the number as printed, all its digits: 75.0 and 75 are two different figures",
    "n_yes": "firms that gave the answer, where printed (confidence exact); else a reading, not used",
    "base_n": "base as the source states it",
    "multi_response": "yes, no or unknown: whether firms could give several answers",
    "side": "us, cn, both or none",
    "source_title": "where it was printed",
    "source_date": "when",
    "confidence": "exact, derived or rounded",
    "usable": "no: a figure never used, only held against the others",
    "note": "free text; a note beginning with 'words only' marks a figure that the source gives in words",
    "derived_base_n": "a reading of the base by whoever made the file; not used",
    "base_candidates": "readings of the base; not used",
}
"""Columns of a file of printed figures; the first four needed are `_NEEDED`, all others may be left out."""

_NEEDED = ("wave", "question_id", "option_id", "value")
_NUMBER = r"^(?P<sign>[<>~]?)\s*(?P<whole>\d{1,6})(?:\.(?P<decimals>\d{1,4}))?\s*[%％]?$"


@dataclass(frozen=True, slots=True)
class Figures:
    """Printed figures, checked.

    Attributes
    ----------
    frame : pandas.DataFrame
        All of `FIGURE_COLUMNS` as text, and `row` (1 = first row under the header), `units`, `decimals`
        (the percent is units / 10**decimals), `count`, `stated` (Int64: printed count and base),
        `is_percent` and `is_words`, `is_used`.
    findings : tuple[Finding, ...]
        What is odd, by row.
    file : str
        Where the figures came from.
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...]
    file: str

    @property
    def unread(self) -> tuple[int, ...]:
        """Rows whose percent is none: no number, or over 100."""
        frame = self.frame
        bad = (frame["statistic"] == "percent") & ~frame["is_percent"] & ~frame["is_words"]
        return tuple(int(row) for row in frame.loc[bad, "row"])


def read_figures(path: Path, where: Mapping[str, str] | None = None) -> Figures:
    """Read a table of printed figures (CSV, TSV, Parquet or Excel, whose cells are read as they show).

    Parameters
    ----------
    where : Mapping[str, str] or None
        Column to the value its rows must have (`{"wave": "2022"}`); other rows are passed over unread.

    Raises
    ------
    FileFault
        No such file, a needed column missing, a base or count that is no whole number.
    """
    text, said = _shown(path) if _is_workbook(path) else (read_rows(path), ())
    for name in _NEEDED:
        if name not in text:
            raise FileFault(
                str(path),
                f"no column {name!r} ({nearest(name, [str(c) for c in text.columns])})",
                "the columns " + ", ".join(_NEEDED) + " at least",
                "rename the column; all columns are described in docs/how-to/is-this-figure-possible.md",
            )
    findings = list(said)
    findings += [
        Finding(
            f"{path}, column {name!r}",
            "a column that figures do not have",
            f"It is not used ({nearest(str(name), list(FIGURE_COLUMNS))}).",
            "Rename it if a name is misspelt.",
        )
        for name in text.columns
        if name not in FIGURE_COLUMNS
    ]
    frame = text.reindex(columns=list(FIGURE_COLUMNS), fill_value="")
    frame["statistic"] = frame["statistic"].replace("", "percent")
    frame.insert(0, "row", np.arange(1, len(frame) + 1))
    for name, value in (where or {}).items():
        frame = frame[frame[name] == value].reset_index(drop=True)
    parts = frame["value"].str.replace(",", "", regex=False).str.extract(_NUMBER)
    is_number, is_vague = parts["whole"].notna(), parts["sign"].fillna("") != ""
    decimals = parts["decimals"].fillna("")
    digits = (parts["whole"].fillna("0") + decimals).astype("int64")
    frame["decimals"] = decimals.str.len().astype("int64")
    frame["units"] = digits
    for name, column in (("count", "n_yes"), ("stated", "base_n")):
        frame[name] = _whole(frame, path, column)
    frame.loc[~frame["confidence"].isin(["exact", ""]), "count"] = pd.NA
    percent = frame["statistic"] == "percent"
    over = percent & is_number & (digits > 100 * 10 ** frame["decimals"])
    frame["is_words"] = percent & (is_vague | frame["note"].str.lower().str.startswith("words only"))
    frame["is_percent"] = percent & is_number & ~over & ~frame["is_words"]
    frame["is_used"] = frame["is_percent"] & (frame["usable"].str.lower() != "no")
    findings += _row_findings(path, frame, percent & ~is_number, over)
    return Figures(frame, tuple(findings), str(path))


def _shown(path: Path) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    from survey import shown_table

    return shown_table(path)


def wave_figures(path: Path, wave: str, survey: str = "") -> Figures:
    """The printed figures of one wave of one survey (see `read_figures`).

    Parameters
    ----------
    survey : str
        Needed where the file has several surveys with this wave.

    Raises
    ------
    FileFault
        As `read_figures`; also no percent of this wave, or several surveys with it.
    """
    where = {"wave": wave} | ({"survey": survey} if survey else {})
    found = read_figures(path, where)
    if not found.frame["is_used"].any():
        frame = read_figures(path).frame
        used = frame[frame["is_used"]]
        pairs = used[["survey", "wave"]].drop_duplicates().itertuples(index=False, name=None)
        names = [f"{w} ({s})" if s else w for s, w in pairs]
        asked = f"wave {wave!r}" + (f" of survey {survey!r}" if survey else "")
        raise FileFault(
            str(path),
            f"no percent of {asked} that can be used",
            "one of " + ", ".join(names[:20]) + (" ..." if len(names) > 20 else ""),
            "name a wave of the file with --wave, and its survey with --survey",
        )
    surveys = list(found.frame.loc[found.frame["is_used"], "survey"].unique())
    if len(surveys) > 1:
        raise FileFault(
            str(path),
            f"wave {wave!r} of {len(surveys)} surveys",
            "one of " + ", ".join(map(repr, surveys)),
            "name one with --survey",
        )
    return found


def _is_workbook(path: Path) -> bool:
    """Whether a file is an Excel workbook; one of before 2007 is a fault."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(4)
    return head in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") and file_format(path) in ("xlsx", "xlsform")


def _whole(frame: pd.DataFrame, path: Path, name: str) -> pd.Series:
    """Whole numbers, blank where none is printed."""
    cells = frame[name].str.replace(",", "", regex=False)
    bad = frame[(cells != "") & ~cells.str.fullmatch(r"\d{1,9}")]
    if len(bad):
        raise FileFault(
            f"{path}, column {name!r}, {place_rows(bad['row'].to_numpy())}",
            repr(bad[name].iloc[0]),
            "a whole number of firms, or a blank cell",
            "write the number alone and put words into the column note",
        )
    return pd.to_numeric(cells.replace("", None)).astype("Int64")


def unused_because(frame: pd.DataFrame) -> list[str]:
    """Why percents of a table of figures are not used, as codes of `analysis.published.reasons`."""
    over = frame["units"] > 100 * 10 ** frame["decimals"]
    why = np.select(
        [frame["is_words"], frame["is_percent"], over], ["words", "left_out", "over_100"], "no_number"
    )
    return [str(code) for code in why]


def _row_findings(path: Path, frame: pd.DataFrame, unread: pd.Series, over: pd.Series) -> list[Finding]:
    """Figures that cannot be figures, and figures that may have lost a decimal."""
    findings = []
    for mask, found, meaning in (
        (unread, "a percent that is no number", "The row is not used."),
        (over, "a percent over 100", "No share is larger than all; the row is not used."),
        (frame["count"] > frame["stated"], "more firms than the base holds", "The count is not used."),
    ):
        odd = frame[mask.fillna(False)]
        if len(odd):
            shown = ", ".join(repr(v) for v in odd["value"].head(3))
            place = f"{path}, {place_rows(odd['row'].to_numpy())}"
            findings.append(Finding(place, f"{found}: {shown}", meaning, "See the source."))
    frame.loc[(frame["count"] > frame["stated"]).fillna(False), "count"] = pd.NA
    used = frame[frame["is_used"]]
    shares = used.groupby(["survey", "wave", "edition", "source_title"]).filter(_are_shares)
    if len(shares):
        findings.append(
            Finding(
                f"{path}, {place_rows(shares['row'].to_numpy())}",
                f"no figure over 1 ({', '.join(shares['value'].head(3))}) in a table",
                "They are read as percents, 0.12 as twelve firms in ten thousand.",
                "If they are shares from 0 to 1, write percents with the digits that were printed.",
            )
        )
    table = ["survey", "wave", "edition", "question_id", "source_title"]
    most = used.groupby(table)["decimals"].transform("max")
    lost = used[(used["decimals"] == 0) & (most > 0)]
    if len(lost):
        findings.append(
            Finding(
                f"{path}, {place_rows(lost['row'].to_numpy())}",
                f"whole percents ({', '.join(lost['value'].head(3))}) in a table that prints decimals",
                "A spreadsheet may have dropped a final 0; read as printed, they say less.",
                "Type the decimals of the source (75.0, not 75).",
            )
        )
    return findings


def _are_shares(table: pd.DataFrame) -> bool:
    """Whether figures of one source look like shares: several, none over 1, all with two decimals."""
    inside = table["units"] <= 10 ** table["decimals"]
    return len(table) > 1 and bool((inside & (table["decimals"] > 1)).all())
