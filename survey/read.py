"""From a file to a Wave: the format found by content, the codebook completed, nothing lost."""

import hashlib
from dataclasses import replace
from pathlib import Path

from survey.codebook import Codebook
from survey.codebook_file import overlay_codebook
from survey.describe import describe_reading, with_roles
from survey.faults import FileFault, Finding
from survey.formats.reading import Reading
from survey.formats.registry import FORMATS, format_of, read_format
from survey.formats.sas_formats import catalogue_beside, with_catalogue
from survey.instrument import read_instrument, with_instrument
from survey.study import WaveSource
from survey.typing_cells import type_answers
from survey.wave import Origin, Wave

__all__ = ["file_format", "read_wave"]


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
        With the findings of the reader: a suffix that lies, a guessed encoding, ragged rows, cells
        that are no numbers. An instrument without answers gives a wave of no rows, and says so.

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
    known = format_of(path)
    reading = read_format(path, known, source.sheet)
    if source.instrument is not None:
        reading = _told(reading, source.instrument)
    elif reading.formats:
        reading = _with_catalogue_beside(reading, path)
    if reading.catalogue:
        raise _no_table(path, reading)
    if reading.codebook is None and not len(reading.frame):
        raise FileFault(str(path), "a table without rows", "one row for each firm", "export the survey again")
    codebook = with_roles(describe_reading(reading), tuple(map(str, reading.frame.columns)), source.design)
    if source.codebook is not None:
        codebook = overlay_codebook(codebook, source.codebook, tuple(map(str, reading.frame.columns)))
    codebook = replace(codebook, languages=_languages(codebook))
    frame, codebook, typed = type_answers(reading.frame, codebook)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Wave(
        name=name or source.name,
        frame=frame,
        codebook=codebook,
        origin=Origin(str(path), digest, known.kind, reading.encoding, len(reading.frame)),
        findings=(
            *_suffix(path, known.kind),
            *_changed(source, digest),
            *_no_answers(path, reading),
            *reading.findings,
            *typed,
        ),
        notes=reading.notes,
    )


def _changed(source: WaveSource, digest: str) -> tuple[Finding, ...]:
    """A finding where the file is not the one whose checksum was noted."""
    if source.sha256 in ("", digest):
        return ()
    return (
        Finding(
            str(source.file),
            f"its checksum is {digest[:12]}..., and {source.sha256[:12]}... was noted when it was first read",
            "It was changed or damaged since.",
            f'Get the first file again; if the change is meant, write  sha256 = "{digest}"  in study.toml.',
        ),
    )


def _told(reading: Reading, instrument: Path) -> Reading:
    """The answers with what their instrument says: questions, or the labels of a SAS catalogue."""
    known = format_of(instrument)
    if known.kind == "sas7bcat":
        return with_catalogue(reading, read_format(instrument, known), str(instrument))
    return with_instrument(reading, read_instrument(instrument), str(instrument))


def _with_catalogue_beside(reading: Reading, path: Path) -> Reading:
    """A SAS table with the labels of the catalogue in its folder, if there is one."""
    beside = catalogue_beside(path)
    if beside is None:
        return reading
    try:
        labelled = _told(reading, beside)
    except FileFault as fault:
        finding = Finding(str(beside), fault.found, "The table has no labels of values.", fault.do)
        return replace(reading, findings=(*reading.findings, finding))
    told = Finding(str(path), f"labels of values are taken from {beside.name} beside it", "", "")
    return replace(labelled, findings=(*labelled.findings, told))


def _no_table(path: Path, reading: Reading) -> FileFault:
    return FileFault(
        str(path),
        f"a SAS catalogue: {len(reading.catalogue)} formats and their labels, no answers",
        "a table of answers",
        f"give the .sas7bdat, and this one as its instrument: --instrument {path.name}",
    )


def _no_answers(path: Path, reading: Reading) -> tuple[Finding, ...]:
    if len(reading.frame):
        return ()
    many = len(reading.codebook.questions) if reading.codebook else 0
    return (
        Finding(
            str(path),
            f"an instrument: {many} questions, no answers",
            "Its codebook can be read, nothing can be counted.",
            "Give the file of answers, and this one as its instrument: crosspressure init ANSWERS DIR "
            f"--instrument {path.name}.",
        ),
    )


def file_format(path: Path) -> str:
    """A key of `FORMATS`, by the content of the file and not by its name.

    Raises
    ------
    FileFault
        No such file, a folder, an empty file, or bytes of a format that is not read.
    """
    return format_of(path).kind


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
