"""A wave written back as a file that other programs open, read again at once to see that nothing changed."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import words
from survey.coding import code_text
from survey.faults import FileFault, Finding, nearest
from survey.formats.fitting import SPSS_NAMES, STATA_NAMES, Naming, fitted_names
from survey.latest import latest_wave
from survey.read import read_wave
from survey.study import Study, WaveSource
from survey.wave import Wave
from survey.weights_column import with_weight_column

__all__ = ["EXPORTS", "SYNTHETIC_LABEL", "export_study", "export_wave", "same_codes"]

EXPORTS = {"sav": ".sav", "dta": ".dta", "parquet": ".parquet", "csv": ".csv", "ddi": ".xml"}
"""Formats that answers are written in, and the suffix of each."""

SYNTHETIC_LABEL = "SYNTHETIC DATA, no real firm answered / 合成データ"
"""Label of a file of made-up respondents."""
_SYNTHETIC_NOTES = (
    "SYNTHETIC DATA. No row is the answer of a real firm.",
    "合成データ（架空の回答）。実在の企業の回答ではない。",
)
_SYNTHETIC_CELL = "synthetic respondents"
_UNDATED = date(1970, 1, 1)
_NOTE = 80


def export_study(study: Study, path: Path, kind: str) -> tuple[Finding, ...]:
    """Write the last wave of a study, cleaned, with weights made here, in a format of `EXPORTS`.

    Parameters
    ----------
    study : Study
        Its dates are those in the file: the same study gives the same bytes on any day.
    path : Path
        File to write. `csv` puts the codebook beside it, `ddi` the answers as CSV.
    kind : str
        Key of `EXPORTS`.

    Returns
    -------
    tuple[Finding, ...]
        Names that were changed, what the format cannot say, and cells that read back otherwise.

    Raises
    ------
    FileFault
        No such format, or answers it cannot hold.
    StudyFault
        A study without a survey.
    """
    wave = with_weight_column(latest_wave(study))
    findings = () if study.synthetic else _telling(wave)
    day = study.calibrated_at or study.as_of or _UNDATED
    written = export_wave(
        wave,
        path,
        kind,
        created=datetime.combine(day, time()),
        title=words(study.title, study.languages[0] if study.languages else ""),
        is_synthetic=study.synthetic,
    )
    return (*findings, *written)


def _telling(wave: Wave) -> tuple[Finding, ...]:
    """A finding where columns tell who answered."""
    names = [q.id for q in wave.codebook.questions if q.role == "set_aside"]
    if not names:
        return ()
    return (
        Finding(
            f"columns {', '.join(names[:5])}" + (" ..." if len(names) > 5 else ""),
            "they are set aside because they tell who answered, and stand in the file",
            "The file is as confidential as the answers themselves.",
            "Give it only to those who may see them.",
        ),
    )


def export_wave(
    wave: Wave, path: Path, kind: str, *, created: datetime, title: str = "", is_synthetic: bool = False
) -> tuple[Finding, ...]:
    """Write a wave in a format of `EXPORTS`; arguments, findings and faults as of `export_study`."""
    if kind not in EXPORTS:
        raise FileFault(f"format {kind}", "no such format", ", ".join(EXPORTS), nearest(kind, list(EXPORTS)))
    label = SYNTHETIC_LABEL if is_synthetic else (wave.notes.get("file_label") or title)
    notes = _notes(wave, is_synthetic)
    mark = {"synthetic": _SYNTHETIC_CELL} if is_synthetic else {}
    findings: list[Finding] = []
    if kind == "sav":
        from survey.formats.spss_holding import held_by_spss
        from survey.formats.spss_write import write_sav

        frame, codebook, carried, findings = held_by_spss(wave, is_synthetic)
        write_sav(
            path, frame, codebook, created=created, file_label=_bytes(label, 64), notes=notes, carried=carried
        )
        findings += _renames(wave, SPSS_NAMES)
    elif kind == "dta":
        from survey.formats.stata_write import write_dta

        findings += write_dta(
            path, wave, created=created, label=label, notes=notes, is_synthetic=is_synthetic
        )
        findings += _renames(wave, STATA_NAMES)
    elif kind == "parquet":
        from survey.formats.parquet_write import write_parquet

        write_parquet(path, wave, label=label, is_synthetic=is_synthetic)
    elif kind == "csv":
        from survey.formats.csv_write import write_csv

        findings += write_csv(path, wave, more=mark)
    else:
        from survey.formats.ddi_write import write_ddi

        findings += write_ddi(path, wave, title=label or wave.name, created=created, more=mark)
    return (*findings, *_compared(wave, path, kind))


def same_codes(one: pd.Series, other: pd.Series) -> Any:
    """Which of n cells hold the same code, shape (n,); blanks are the same as blanks."""
    left, right = (_codes(column) for column in (one, other))
    return np.asarray(left == right)


def _codes(column: pd.Series) -> np.ndarray:
    places, uniques = pd.factorize(column, use_na_sentinel=True)
    texts = [code_text(v) for v in list(uniques)]
    return np.array([*(t if t.strip() else "" for t in texts), ""], dtype=object)[places]


def _compared(wave: Wave, path: Path, kind: str) -> list[Finding]:
    """The file read again: a finding where a cell is not what was written."""
    from survey.formats.csv_write import codebook_beside

    if kind == "ddi":
        path = path.with_suffix(".csv")
    beside = codebook_beside(path) if kind == "csv" else None
    again = read_wave(WaveSource(wave.name, path, codebook=beside))
    other = [str(c) for c in wave.frame.columns if str(c) not in again.frame.columns]
    changed: list[str] = []
    for name in wave.frame.columns:
        if name in again.frame.columns:
            cells = int((~same_codes(wave.frame[name], again.frame[name])).sum())
            changed += [f"{name} ({cells} cells)"] if cells else []
    if not other and not changed:
        return []
    shown = ", ".join([*other, *changed][:5])
    return [
        Finding(
            f"{path}, columns {shown}",
            "they do not read back as they were written",
            "The format cannot hold these values exactly.",
            "Keep the study's own file, or write --format parquet.",
        )
    ]


def _renames(wave: Wave, naming: Naming) -> list[Finding]:
    fitted = fitted_names([str(c) for c in wave.frame.columns], naming)
    names = {name: original for original, name in fitted.items() if name != original}
    if not names:
        return []
    shown = ", ".join(f"{original!r} is {name}" for name, original in list(names.items())[:5])
    return [
        Finding(
            f"{len(names)} columns",
            f"names that {naming.program} cannot hold: {shown}" + (" ..." if len(names) > 5 else ""),
            "The original names stand in the file; reading it here restores them.",
            "",
        )
    ]


def _notes(wave: Wave, is_synthetic: bool) -> list[str]:
    """Lines of at most 80 bytes: that respondents are made up, and the documents of the file."""
    lines = [*_SYNTHETIC_NOTES] if is_synthetic else []
    lines += [line for line in wave.notes.get("documents", "").split("\n") if line not in ("", *lines)]
    return [piece for line in lines for piece in _pieces(line)]


def _pieces(line: str) -> Sequence[str]:
    pieces: list[str] = []
    while line:
        piece = _bytes(line, _NOTE)
        pieces.append(piece)
        line = line[len(piece) :]
    return pieces


def _bytes(text: str, most: int) -> str:
    return text.encode("utf-8")[:most].decode("utf-8", "ignore")
