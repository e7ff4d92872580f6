"""A CSV of a wave and its codebook beside it: every cell a code, nothing rounded, UTF-8 as Excel reads it."""

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from survey.codebook_writing import codebook_text
from survey.coding import code_text
from survey.faults import FileFault, Finding
from survey.wave import Wave

__all__ = ["codebook_beside", "codebook_given", "write_csv"]

_RUN = ("=", "+", "-", "@", "\t")


def codebook_beside(path: Path) -> Path:
    """The file of the codebook that belongs to a CSV: `answers.csv` has `answers.codebook.toml`."""
    return path.with_name(f"{path.stem}.codebook.toml")


def write_csv(
    path: Path, wave: Wave, *, more: Mapping[str, str] | None = None, has_codebook: bool = True
) -> tuple[Finding, ...]:
    """Write a wave as CSV, and its codebook beside it.

    Cells are codes verbatim: texts that a spreadsheet would run as formulas are not changed, but
    said in a finding.

    Parameters
    ----------
    path : Path
        File to write; both files are written whole or not at all.
    wave : Wave
        What to write.
    more : Mapping[str, str] or None
        Columns to add with one text in every row, such as that respondents are made up.
    has_codebook : bool
        Whether the codebook is written; not where another file describes the answers.

    Raises
    ------
    FileFault
        A column without a name.
    """
    extra = {name: text for name, text in (more or {}).items() if name not in wave.frame.columns}
    names = [str(c) for c in wave.frame.columns]
    if any(not name.strip() for name in names):
        raise FileFault(
            str(path), "a column without a name", "a name for each column", "name it in the source"
        )
    cells = [_cells(wave.frame[name]) for name in wave.frame.columns]
    cells += [np.full(len(wave.frame), text, dtype=object) for text in extra.values()]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, *extra])
    writer.writerows(zip(*cells, strict=True))
    parts = {path: b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")}
    if has_codebook:
        codebook = codebook_text(wave.codebook, whole=True)
        codebook += "".join(f'\n[questions.{name}]\nkind = "text"\nrole = "set_aside"\n' for name in extra)
        parts[codebook_beside(path)] = codebook.encode("utf-8")
    made = {file: file.with_name(f".{file.name}.part") for file in parts}
    try:
        for file, content in parts.items():
            made[file].write_bytes(content)
        for file, part in made.items():
            os.replace(part, file)
    finally:
        for part in made.values():
            part.unlink(missing_ok=True)
    risky = [name for name, column in zip(names, cells, strict=False) if _runs(column)]
    return _said(path, risky)


def _cells(column: pd.Series) -> np.ndarray:
    """The codes of a column, blanks as ""."""
    places, uniques = pd.factorize(column, use_na_sentinel=True)
    return np.array([*(code_text(v) for v in list(uniques)), ""], dtype=object)[places]


def _runs(cells: np.ndarray) -> bool:
    texts = [t for t in pd.unique(cells) if t.startswith(_RUN)]
    return bool(pd.to_numeric(pd.Series(texts, dtype="str"), errors="coerce").isna().any())


def _said(path: Path, risky: list[str]) -> tuple[Finding, ...]:
    if not risky:
        return ()
    return (
        Finding(
            f"{path}, columns {', '.join(risky[:5])}",
            "texts that begin with a sign, which a spreadsheet would run as a formula",
            "They are written as they are.",
            "Open the file with a program that reads data, or as text.",
        ),
    )


def codebook_given(
    file: Path, instrument: Path | None
) -> tuple[Path | None, Path | None, tuple[Finding, ...]]:
    """Instrument and codebook of answers: `NAME.codebook.toml`, given as the instrument or standing beside.

    Returns
    -------
    tuple
        The instrument that is left, the codebook, and a finding where one was taken unasked.
    """
    if instrument is not None:
        is_codebook = instrument.name.endswith("codebook.toml")
        return (None, instrument, ()) if is_codebook else (instrument, None, ())
    beside = codebook_beside(file)
    if not beside.is_file():
        return None, None, ()
    found = Finding(
        str(file), f"{beside.name} stands beside it", "Its questions, labels and reasons were taken.",
        "Move it away to read the file without.",
    )  # fmt: skip
    return None, beside, (found,)
