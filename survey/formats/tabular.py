"""CSV and TSV: every cell read as text, and made a number only where nothing is lost."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.codebook import MissingCode
from survey.coding import NUMBER
from survey.faults import FileFault, Finding
from survey.formats.encodings import decode
from survey.formats.qualtrics_headers import import_rows
from survey.formats.reading import Reading

__all__ = ["read_csv"]

_DELIMITERS = (",", "\t", ";", "|")
_CELL = 1_000_000
_WIDEST = 65_536
_BLANK = 5_000_000


def read_csv(path: Path) -> Reading:
    """Read delimited text, its encoding and delimiter found by looking.

    A column becomes numbers when every filled cell is a plain number (`0012` and `1e5` are codes,
    `1e+05` is a number); where `NA` stands among numbers it stays as a code for no answer.
    A row that is too short is filled with blanks, blank cells past the last column are left out, each
    with a finding; a filled cell there is a fault, since no column is its own. The second and third
    header of a Qualtrics export are wordings and import ids, and no answers.

    Raises
    ------
    FileFault
        No rows, a row with more answers than columns, an unclosed quote, two columns of one name, or
        no text at all.
    """
    text, encoding, findings = decode(path)
    delimiter = _delimiter(text)
    rows = _rows(path, text, delimiter)
    top = next((i for i, row in enumerate(rows) if row), None)
    if top is None:
        raise FileFault(str(path), "the file is empty", "a header and rows", "export the survey again")
    labels, ids = import_rows(rows[top:])
    below = rows[top + 3 :] if ids else rows[top + 1 :]
    header = rows[top]
    if (
        len(header) > 1
        and not header[-1].strip()
        and not any("".join(r[len(header) - 1 :]).strip() for r in below)
    ):
        header = header[:-1]  # a delimiter at the end of each line
        below = [row[: len(header)] for row in below]
    names = _header(path, header, findings)
    body = _filled(below, len(names))
    if not body:
        raise FileFault(str(path), "a header and no rows", "one row for each firm", "export the survey again")
    body = _even(path, body, rows, len(names), findings)
    if text.count("\n") > len(rows):
        findings += _swallowed(path, body, delimiter)
    columns = dict(zip(names, map(list, zip(*body, strict=True)), strict=True))
    missing: dict[str, tuple[MissingCode, ...]] = {}
    typed: dict[str, pd.Series] = {}
    for name, cells in columns.items():
        typed[name], coded = _typed(cells)
        if coded:
            missing[name] = (MissingCode("NA", "NA", "no_answer"),)
    return Reading(
        frame=pd.DataFrame(typed),
        labels={name: text for name, text in zip(names, labels, strict=False) if text and text != name},
        missing=missing,
        encoding=encoding,
        findings=tuple(findings),
        ids={name: text for name, text in zip(names, ids, strict=False) if text},
    )


def _delimiter(text: str) -> str:
    """The delimiter that stands most often in the header, outside quotes."""
    header = re.sub(r'"[^"]*"', "", text[:100_000]).split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


def _rows(path: Path, text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    blank = 0
    try:
        for row in reader:
            if len(row) > _WIDEST:
                raise FileFault(
                    f"{path}, row {len(rows)}",
                    f"more than {_WIDEST:,} cells",
                    "one row for each firm, one column for each answer",
                    "export the survey again",
                )
            if not any(row):
                blank += 1 + len(row)
                if blank > _BLANK:
                    raise FileFault(
                        f"{path}, row {len(rows)}",
                        f"more than {_BLANK:,} blank cells in rows of nothing else",
                        "one row for each firm",
                        "export the survey again",
                    )
            rows.append(row)
    except csv.Error as error:
        line = _next_line(rows)
        found = (
            "a quote that is never closed" if "unexpected end" in str(error) else f"a broken quote ({error})"
        )
        if "field larger" in str(error):
            found = f"a cell of more than {_CELL:,} characters: a quote that is not closed"
        raise FileFault(
            f"{path}, row {len(rows)}, from line {line} (noticed at line {reader.line_num})",
            found,
            'texts with commas or line ends in quotes, a quote inside them doubled ("")',
            "mend the quotes in that row, or export again",
        ) from error
    return rows


def _next_line(rows: list[list[str]]) -> int:
    """Line where the row after these begins."""
    return 1 + len(rows) + sum(cell.count("\n") for row in rows for cell in row if "\n" in cell)


def _header(path: Path, header: list[str], findings: list[Finding]) -> list[str]:
    names = [name if name.strip() else f"column {i + 1}" for i, name in enumerate(header)]
    unnamed = [i + 1 for i, name in enumerate(header) if not name.strip()]
    if unnamed:
        findings.append(
            Finding(
                str(path),
                f"columns without a name: {unnamed[:5]}",
                "They are called `column 1` and so on.",
                "Name them.",
            )
        )
    twice = sorted(name for name, many in Counter(names).items() if many > 1)
    if twice:
        at = " and ".join(str(i + 1) for i, name in enumerate(names) if name == twice[0])
        raise FileFault(
            f"{path}, header",
            f"two columns called {twice[0]!r} (columns {at})",
            "one name for each column",
            "rename one of them",
        )
    return names


def _filled(rows: list[list[str]], width: int) -> list[list[str]]:
    """Rows without blank lines; in a table of one column a blank line before the last is a blank cell."""
    if width > 1:
        return [row for row in rows if row]
    last = max((i for i, row in enumerate(rows) if row), default=-1)
    return [row or [""] for row in rows[: last + 1]]


def _even(
    path: Path, body: list[list[str]], rows: list[list[str]], width: int, findings: list[Finding]
) -> list[list[str]]:
    """Rows of one length; `rows` are those of the file, blank lines and headers among them."""
    lengths = np.fromiter(map(len, body), dtype=np.int64, count=len(body))
    ragged = np.flatnonzero(lengths != width)
    if len(ragged) == 0:
        return body
    lacking = int(np.maximum(width - lengths, 0).sum())
    if lacking > _BLANK:
        raise FileFault(
            str(path),
            f"{len(ragged):,} rows that are too short, by {lacking:,} cells in all",
            f"{width:,} cells in each row, as in the header",
            "export the survey again: the header is of another table, or the rows are",
        )
    first = body[ragged[0]]
    if any(cell.count("\n") > 1 for cell in first):
        raise FileFault(
            f"{path}, row {ragged[0] + 1}",
            "a cell that runs over many lines in a row of the wrong length: a quote that is not closed",
            "each quote closed in its cell",
            "mend the quotes in that row, or export again",
        )
    over = [int(row) for row in ragged if any(cell.strip() for cell in body[row][width:])]
    if over:
        raise _too_many(path, body, rows, width, over)
    even = list(body)
    for row in ragged:
        even[row] = (body[row] + [""] * width)[:width]
    shown = ", ".join(str(row + 1) for row in ragged[:5]) + (" ..." if len(ragged) > 5 else "")
    findings.append(
        Finding(
            str(path),
            f"{len(ragged)} rows do not have {width} cells (rows {shown})",
            "Short rows were filled with blanks; blank cells past the last column were left out.",
            "Mend these rows, or export again: a row that breaks off has lost answers.",
        )
    )
    return even


def _too_many(
    path: Path, body: list[list[str]], rows: list[list[str]], width: int, over: list[int]
) -> FileFault:
    """The fault of rows whose answers have no column."""
    first = body[over[0]]
    at = next(i for i, row in enumerate(rows) if row is first)
    line = _next_line(rows[:at])
    others = f"; {len(over):,} rows in all" if len(over) > 1 else ""
    lost = next(cell for cell in first[width:] if cell.strip())
    do = "put texts that hold the sign between cells in quotes, or export again: it shifts every answer"
    if len(over) == len(body) and len({len(row) for row in body}) == 1:
        do = f"give the header {len(first)} names: it has {width}"
    return FileFault(
        f"{path}, row {over[0] + 1} (line {line})",
        f"{len(first)} cells under {width} columns: no column for {lost.strip()[:40]!r}{others}",
        f"{width} cells in each row, as in the header",
        do,
    )


def _swallowed(path: Path, body: list[list[str]], delimiter: str) -> list[Finding]:
    """A finding where a cell holds lines that look like rows: two quotes may have swallowed them."""
    width = len(body[0])
    rows = [
        i
        for i, row in enumerate(body)
        if any(_like_rows(cell, delimiter, width) for cell in row if "\n" in cell)
    ]
    if width < 2 or not rows:
        return []
    return [
        Finding(
            str(path),
            f"row {rows[0] + 1} holds a cell whose lines look like rows of their own",
            "A quote that is not closed may have swallowed firms.",
            "Look at that row in an editor.",
        )
    ]


def _like_rows(cell: str, delimiter: str, width: int) -> bool:
    inner = cell.split("\n")[1:-1]
    return bool(inner) and all(line.count(delimiter) == width - 1 for line in inner)


def _typed(cells: list[str]) -> tuple[pd.Series, bool]:
    """A column as numbers or text, and whether `NA` stands among its numbers."""
    uniques = set(cells)
    filled = [u for u in uniques if u.strip()]
    if not filled:
        return pd.Series(np.full(len(cells), np.nan)), False
    plain = NUMBER.fullmatch
    odd = [u for u in filled if not plain(u.strip())]
    if not odd:
        if any(u != u.strip() for u in filled):  # numpy strips fewer signs
            cells = [cell.strip() for cell in cells]
        if len(filled) == len(uniques) and all(u.strip().lstrip("-").isdigit() for u in filled):
            return pd.Series(np.array(cells, dtype=np.int64)), False
        return pd.Series(_floats(cells, uniques, filled)), False
    if odd == ["NA"] and len(filled) > 2:
        numbers = pd.Series(_floats(["" if cell == "NA" else cell for cell in cells], {""}, []), dtype=object)
        return numbers.mask(np.array(cells) == "NA", "NA"), True
    column = pd.Series(cells, dtype="str")
    return (column.mask(column.str.strip() == "") if len(filled) < len(uniques) else column), False


def _floats(cells: list[str], uniques: set[str], filled: list[str]) -> NDArray[np.float64]:
    """Cells as floats, blanks as nan."""
    if len(filled) < len(uniques):
        cells = [cell if cell.strip() else "nan" for cell in cells]
    return np.array(cells, dtype=np.float64)
