"""From a file to a Wave: the format found by content, the codebook completed, nothing lost."""

import hashlib
from dataclasses import replace
from pathlib import Path

from survey.codebook import Codebook
from survey.codebook_file import overlay_codebook
from survey.describe import describe_reading, with_roles
from survey.faults import FileFault, Finding
from survey.formats.reading import Reading
from survey.paths import near_path
from survey.study import WaveSource
from survey.wave import Origin, Wave

__all__ = ["FORMATS", "file_format", "read_wave"]

FORMATS = {
    "sav": (".sav", ".zsav"),
    "dta": (".dta",),
    "parquet": (".parquet", ".pq"),
    "csv": (".csv", ".tsv", ".tab", ".txt"),
}
"""Formats that can be read, and the suffixes each goes by."""

_OTHERS = (
    (b"PK\x03\x04", "a zip archive or Excel workbook", "save the sheet as CSV (UTF-8)"),
    (b"%PDF", "a PDF", "give the survey data themselves"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"<?xml", "an XML document", "export the answers as .sav or CSV"),
    (b"{", "a JSON document", "export the answers as .sav or CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV (UTF-8)"),
    (b"\x00" * 12 + b"\xc2\xea\x81\x60", "a SAS file", "save it as .sav, .dta or CSV"),
    (b"ASCII SPSS PORT FILE", "an SPSS portable file", "save it as .sav"),
    (b"HEADER RECORD*******LIBRARY", "a SAS transport file", "save it as .sav, .dta or CSV"),
)


def read_wave(source: WaveSource | Path | str, *, name: str = "") -> Wave:
    """Read one wave, one row a firm.

    Parameters
    ----------
    source : WaveSource, Path or str
        A wave of a study (with its codebook and the columns of its design), or a bare file.
    name : str
        Name of the wave; by default the source's own, or the file's.

    Returns
    -------
    Wave
        With the findings of the reader: a suffix that lies, a guessed encoding, ragged rows.

    Raises
    ------
    FileFault
        No such file, a folder, an empty file, or a format that cannot be read.
    StudyFault
        The codebook is at fault.
    """
    if not isinstance(source, WaveSource):
        source = WaveSource(Path(source).stem, Path(source))
    path = source.file
    kind = file_format(path)
    reading = _reading(path, kind)
    if not len(reading.frame.columns) or not len(reading.frame):
        raise FileFault(str(path), "a table without rows", "one row for each firm", "export the survey again")
    codebook = with_roles(describe_reading(reading), tuple(map(str, reading.frame.columns)), source.design)
    if source.codebook is not None:
        codebook = overlay_codebook(codebook, source.codebook, tuple(map(str, reading.frame.columns)))
    codebook = replace(codebook, languages=_languages(codebook))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Wave(
        name=name or source.name,
        frame=reading.frame,
        codebook=codebook,
        origin=Origin(str(path), digest, kind, reading.encoding, len(reading.frame)),
        findings=(*_suffix(path, kind), *reading.findings),
        notes=reading.notes,
    )


def file_format(path: Path) -> str:
    """A key of `FORMATS`, by the first bytes of the file and not by its name.

    Raises
    ------
    FileFault
        No such file, a folder, an empty file, or bytes of a format that is not read.
    """
    if path.is_dir():
        raise FileFault(str(path), "a folder", "a survey file", "give the file in it")
    if not path.is_file():
        raise FileFault(str(path), "no such file", "a survey file", near_path(path))
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise FileFault(
            str(path), f"cannot be read ({error.strerror})", "a survey file", "check its rights"
        ) from error
    if not head:
        raise FileFault(str(path), "the file is empty (0 bytes)", "a survey file", "export the survey again")
    if head[:4] in (b"$FL2", b"$FL3"):
        return "sav"
    if head.startswith(b"<stata_dta>") or (
        head[0] in range(0x68, 0x74) and head[1:2] in (b"\1", b"\2") and head[2:3] == b"\1"
    ):
        return "dta"
    if head.startswith(b"PAR1"):
        return "parquet"
    for mark, found, do in _OTHERS:
        if mark in head if mark.startswith(b"ASCII") else head.startswith(mark):
            raise FileFault(str(path), found, "a .sav, .dta, .csv, .tsv or .parquet file", do)
    return "csv"


def _reading(path: Path, kind: str) -> Reading:
    """Read by the module of the format, which is loaded only when needed."""
    if kind == "sav":
        from survey.formats.spss import read_sav

        return read_sav(path)
    if kind == "dta":
        from survey.formats.stata import read_dta

        return read_dta(path)
    if kind == "parquet":
        from survey.formats.parquet import read_parquet

        return read_parquet(path)
    from survey.formats.tabular import read_csv

    return read_csv(path)


def _suffix(path: Path, kind: str) -> tuple[Finding, ...]:
    suffix = path.suffix.lower()
    if suffix in FORMATS[kind] or (
        suffix not in {s for known in FORMATS.values() for s in known} and kind == "csv"
    ):
        return ()
    return (
        Finding(
            str(path),
            f"its name ends in {suffix or 'nothing'} but its content is {kind}",
            "It was read by its content.",
            f"Rename it to end in {FORMATS[kind][0]}.",
        ),
    )


def _languages(codebook: Codebook) -> tuple[str, ...]:
    if codebook.languages != ("",):
        return codebook.languages
    found = {lang for q in codebook.questions for lang in q.label if lang}
    return tuple(sorted(found)) or ("",)
