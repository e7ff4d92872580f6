"""A file of rows is read as text, with its numbers checked cell by cell."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from survey import FileFault, check_parquet, nearest

__all__ = ["is_nothing", "nothing", "numbers", "place_rows", "read_rows", "require_columns"]


_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf")
_WIDEST, _BLANK, _PIECE = 65_536, 5_000_000, 1 << 20
"""Columns, cells that short rows may lack in all, and bytes looked at in one go."""

_GROUPED = r"[^,\d]*\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?\D*"
"""Commas that group thousands (or lakhs); others may be decimal commas, which nobody should guess."""


def place_rows(rows: np.ndarray, many: int = 5) -> str:
    """Say which rows of a file (1 = first row under the header), the first few of them."""
    shown = ", ".join(str(int(r)) for r in rows[:many])
    more = f" and {len(rows) - many} more" if len(rows) > many else ""
    return f"row{'s' if len(rows) > 1 else ''} {shown}{more}"


def read_rows(path: Path) -> pd.DataFrame:
    """Rows of a CSV, TSV or Parquet file as text, blanks as `""`, columns verbatim.

    Raises
    ------
    FileFault
        No file, an empty file, a file that is neither, a quote that never closes, ragged rows.
    """
    if not path.is_file():
        raise FileFault(str(path), "no such file", "a CSV or Parquet file", "check the name and the folder")
    if path.stat().st_size == 0:
        raise FileFault(str(path), "an empty file", "a header and rows", "export the file again")
    with path.open("rb") as file:
        head = file.read(6)
    if head[:4] == b"PAR1":
        check_parquet(path)
        return _as_text(pd.read_parquet(path))
    if head.startswith(_PACKED):
        raise FileFault(str(path), "a compressed file", "a CSV or Parquet file", "unpack it first")
    separator = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    _check_shape(path, separator)
    encodings = ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp932")
    for encoding in encodings:
        try:
            frame = pd.read_csv(
                path,
                dtype=str,
                keep_default_na=False,
                encoding=encoding,
                sep=separator,
                index_col=False,
                compression=None,
            )
        except UnicodeError:
            continue
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise FileFault(
                str(path),
                str(error).replace("Error tokenizing data. C error: ", "").strip(),
                "rows with as many cells as the header, quotes in pairs",
                "mend the line and try again",
            ) from None
        frame.columns = pd.Index([str(name).strip() for name in frame.columns])
        if frame.empty:
            raise FileFault(str(path), "a header without rows", "at least one row", "export the file again")
        return frame.fillna("").apply(lambda column: column.str.strip())
    raise FileFault(
        str(path), "text of an unknown encoding", "UTF-8, UTF-16 or Shift-JIS", "save the file as UTF-8"
    )


def _check_shape(path: Path, separator: str) -> None:
    """Refuse text that becomes far more cells than it holds: short rows are filled to the header's width."""
    cells, lines, width = 0, 0, 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            marks = piece.count(separator.encode())
            ends = max(piece.count(b"\n"), piece.count(b"\r"))
            if not lines:
                head = re.split(rb"[\r\n]", piece, maxsplit=1)[0]
                width += head.count(separator.encode())
            cells, lines = cells + marks, lines + ends
            if width > _WIDEST:
                raise FileFault(
                    f"{path}, header", f"more than {_WIDEST:,} columns", "a table", "export the file again"
                )
    lacking = lines * width - cells
    if lacking > _BLANK:
        raise FileFault(
            str(path),
            f"rows that are too short, by {lacking:,} cells in all",
            f"{width + 1:,} cells in each row, as in the header",
            "export the file again: the header is of another table, or the rows are",
        )


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    text = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_float_dtype(column) and bool((column.dropna() % 1 == 0).all()):
            column = column.astype("Int64")
        text[str(name).strip()] = column.astype("str").where(column.notna(), "").fillna("").str.strip()
    return pd.DataFrame(text)


def nothing(rows: int) -> np.ndarray:
    """A column of numbers nobody gave: all nan, in the memory of one; `is_nothing` knows it."""
    return np.broadcast_to(np.float64(np.nan), rows)


def is_nothing(value: np.ndarray) -> bool:
    """Whether a column is one nobody gave, as `nothing` makes it."""
    return value.strides == (0,) and len(value) > 1 and bool(np.isnan(value[0]))


def require_columns(frame: pd.DataFrame, wanted: tuple[str, ...], where: str) -> None:
    """Check that columns exist.

    Raises
    ------
    FileFault
        With the nearest names the file has.
    """
    for name in wanted:
        if name not in frame.columns:
            raise FileFault(
                where,
                f"no column {name!r} ({nearest(name, [str(c) for c in frame.columns])})",
                "the columns " + ", ".join(wanted),
                "rename the column, or map it in study.toml under [supply.columns]",
            )


def numbers(
    column: pd.Series, where: str, *, low: float, high: float, numbering: np.ndarray | None = None
) -> np.ndarray:
    """Cells as floats, blanks as nan; of text, commas, `△` or brackets for below zero and `%` are understood.

    Parameters
    ----------
    column : pandas.Series
        Text, a categorical of text (each distinct word is read once), or numbers.
    where : str
        File, for messages.
    low, high : float
        Smallest and largest number allowed.
    numbering : numpy.ndarray, optional
        Row of the file of each cell; default 1, 2, ...

    Raises
    ------
    FileFault
        A cell that is no number, or one outside `low` to `high`, with its rows.
    """
    rows = np.arange(1, len(column) + 1) if numbering is None else numbering
    if isinstance(column.dtype, pd.CategoricalDtype):
        words, codes = pd.Series(column.cat.categories, dtype="str"), column.cat.codes.to_numpy()
        value, bad = _read_numbers(words)
        value, bad = value[codes], bad[codes]
    elif pd.api.types.is_numeric_dtype(column):
        is_plain = column.dtype == np.float64
        value = column.to_numpy() if is_plain else column.to_numpy(dtype=float, na_value=np.nan)
        bad = np.zeros(0, dtype=bool)
        if is_nothing(value):
            return value
    else:
        value, bad = _read_numbers(column.astype("str"))
    odd = np.flatnonzero(bad)
    if len(odd):
        raise FileFault(
            f"{where}, column {column.name}, {place_rows(rows[odd])}",
            repr(str(column.iloc[int(odd[0])])),
            "a number",
            "write numbers only, and leave unknown cells empty",
        )
    least, most = np.fmin.reduce(value, initial=np.inf), np.fmax.reduce(value, initial=-np.inf)
    if len(value) and (least < low or most > high or np.isinf(least) or np.isinf(most)):
        wrong = np.flatnonzero((value < low) | (value > high) | np.isinf(value))
        if not len(wrong):
            return value
        limits = "a number"
        if not np.isinf(low):
            limits = f"{low:g} or more" if np.isinf(high) else f"a number from {low:g} to {high:g}"
        advice = "write shares from 0 to 1, not percents" if high == 1 else "correct the cell"
        raise FileFault(
            f"{where}, column {column.name}, {place_rows(rows[wrong])}",
            f"{value[wrong[0]]:g}",
            limits,
            advice,
        )
    return value


def _read_numbers(words: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of some texts, and which of the texts are neither numbers nor blank.

    Most cells are plain digits: only the others are read as people write numbers.
    """
    value = pd.to_numeric(words, errors="coerce").to_numpy(dtype=float, copy=True)
    bad = np.zeros(len(words), dtype=bool)
    odd = np.flatnonzero(np.isnan(value) & (words != "").to_numpy(dtype=bool))
    if len(odd):
        value[odd], bad[odd] = _written_numbers(words.iloc[odd])
    return value, bad


def _written_numbers(words: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The same of texts with grouped thousands, brackets, signs of other scripts and percent."""
    text = words.str.normalize("NFKC").str.replace(r"\s", "", regex=True)
    grouped = text.str.fullmatch(_GROUPED).to_numpy(dtype=bool)
    text = text.where(~grouped, text.str.replace(",", "", regex=False))
    text = text.str.replace(r"^\((.*)\)$", r"-\1", regex=True).str.replace(r"^[△▲−]", "-", regex=True)
    percent = text.str.endswith("%").to_numpy(dtype=bool)
    plain = text.str.rstrip("%").replace("", "nan")
    value = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=float, copy=True)
    value[percent] /= 100
    return value, np.isnan(value) & (plain != "nan").to_numpy(dtype=bool)
