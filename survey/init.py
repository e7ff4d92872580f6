"""A bare survey file made into a study: a folder with the file, its codebook and `study.toml`."""

import os
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from survey.codebook import Codebook
from survey.codebook_writing import codebook_text
from survey.describe import with_roles
from survey.design import Design
from survey.design_columns import design_frame, replicate_columns
from survey.faults import DesignFault, FileFault, Finding, nearest
from survey.formats.csv_write import codebook_given
from survey.formats.registry import format_of
from survey.private import private_kind
from survey.questionnaire_file import instrument_text
from survey.read import read_wave
from survey.study import Study, WaveSource
from survey.study_file import METHODS, SCHEMA, load_study
from survey.toml_file import toml_value
from survey.wave import Wave

__all__ = ["init_study"]

_FAY = 0.5
_BINARY = ("sav", "por", "dta", "sas7bdat", "xpt", "parquet")
"""Formats whose checksum is noted: nobody edits them by hand, and a changed number in them shows nowhere."""


def init_study(
    file: Path | str,
    folder: Path | str,
    *,
    id: str = "",
    weight: str = "",
    strata: tuple[str, ...] = (),
    clusters: tuple[str, ...] = (),
    population: tuple[str | float, ...] = (),
    unnested: bool = False,
    replicates: str = "",
    method: str = "",
    rho: float | None = None,
    scale: float | None = None,
    rscales: Path | None = None,
    instrument: Path | None = None,
    sheet: str = "",
) -> tuple[Study, tuple[Finding, ...]]:
    """Make a study of a survey file; the folder is written whole or not at all.

    Parameters
    ----------
    file : Path or str
        A survey file of any format that is read; copied into the folder, unchanged.
    folder : Path or str
        New or empty folder; its name becomes the study's id.
    id, weight : str
        Columns of firm ids and of weights; "" if none.
    strata, clusters : tuple[str, ...]
        One column for each stage.
    population : tuple[str | float, ...]
        One column or number for each stage.
    unnested : bool
        Whether ids are unique over strata.
    replicates : str
        Shell pattern of the names of the replicate weights, such as `BRRWT*`.
    method : str
        How they were made: brr, fay, jk1, jkn, bootstrap.
    rho : float or None
        Fay's coefficient, 0.5 where nothing is said.
    scale : float or None
        Overall scale of the replicate variance.
    rscales : Path or None
        Text file with one scale for each replicate.
    instrument : Path or None
        Questionnaire file of the platform that collected the answers, copied into the folder; or the
        `NAME.codebook.toml` of an export, which is also taken where it stands beside the answers.
    sheet : str
        Sheet of a workbook; "" for the largest.

    Returns
    -------
    tuple[Study, tuple[Finding, ...]]
        The study as read back, and what the user should know: what the reader saw, and columns
        that were set aside because they tell who answered.

    Raises
    ------
    FileFault
        The file cannot be read, or the folder is not empty.
    DesignFault
        A column that does not exist, or a design that cannot carry an estimate.
    """
    file, folder = Path(file), Path(folder)
    if (folder.exists() and not folder.is_dir()) or (folder.is_dir() and any(folder.iterdir())):
        raise FileFault(
            str(folder), "a folder that is not empty", "a new or empty folder", "name another folder"
        )
    if instrument is not None and instrument.name == file.name:
        raise FileFault(
            str(instrument),
            f"instrument and answers are both called {file.name}",
            "two names, for both are copied into the folder",
            "rename one of them",
        )
    instrument, given, said = codebook_given(file, instrument)
    wave = read_wave(WaveSource(file.stem, file, codebook=given, instrument=instrument, sheet=sheet))
    if instrument is None and "catalogue" in wave.notes:
        instrument = Path(wave.notes["catalogue"])
    source = WaveSource(file.stem, file, instrument=instrument, sheet=sheet)
    columns = tuple(map(str, wave.frame.columns))
    design = Design(
        weight=_known(weight, "weight", columns),
        strata=tuple(_known(c, "strata", columns) for c in strata),
        clusters=tuple(_known(c, "cluster", columns) for c in clusters),
        population=tuple(_units(p, columns) for p in population),
        unnested=unnested,
        replicates=(replicates,) if replicates else (),
        method=_method(method, replicates, rho),
        rho=(_FAY if rho is None else rho) if method == "fay" else 0.0,
        scale=scale,
        rscales=_scales(rscales),
        id=_known(id, "id", columns),
    )
    if not 0 <= design.rho < 1:
        raise DesignFault(
            "--rho", f"{design.rho:g}", "Fay's coefficient, from 0 to below 1", "give --rho 0.5"
        )
    wave = replace(wave, codebook=with_roles(wave.codebook, columns, design))
    design_frame(wave, design)
    replicate_columns(wave, design)
    codebook, findings = _set_aside(wave)
    if wave.origin.format in _BINARY:
        source = replace(source, sha256=wave.origin.sha256)
    return _written(source, folder, design, codebook, _synthetic(wave)), (*said, *wave.findings, *findings)


def _known(name: str, option: str, columns: tuple[str, ...]) -> str:
    if name and name not in columns:
        raise DesignFault(
            f"--{option}", f"no column {name!r} in the file", "a column of the file", nearest(name, columns)
        )
    return name


def _units(given: str | float, columns: tuple[str, ...]) -> str | float:
    """A column, or a number of units, of one stage."""
    if isinstance(given, str) and given not in columns:
        try:
            return float(given)
        except ValueError:
            return _known(given, "population", columns)
    return given


def _method(method: str, replicates: str, rho: float | None) -> str:
    known = METHODS[1:]
    if method and method not in known:
        raise DesignFault("--method", repr(method), "one of: " + ", ".join(known), nearest(method, known))
    if replicates and not method:
        raise DesignFault(
            "--replicates",
            "replicate weights without their method",
            "one of: " + ", ".join(known),
            "add --method",
        )
    if method and not replicates:
        raise DesignFault(
            "--method", "a method without replicate weights", "their columns", "add --replicates 'REPWT*'"
        )
    if rho is not None and method != "fay":
        raise DesignFault(
            "--rho", f"{rho:g} without --method fay", "Fay's coefficient, for fay only", "add --method fay"
        )
    return method or "taylor"


def _scales(file: Path | None) -> tuple[float, ...]:
    if file is None:
        return ()
    if not file.is_file():
        raise FileFault(str(file), "no such file", "a text file of numbers", "check the path")
    words = file.read_text(encoding="utf-8", errors="replace").replace(",", " ").split()
    try:
        return tuple(float(word) for word in words)
    except ValueError as error:
        raise FileFault(
            str(file), str(error), "one number for each replicate", "one number on each line"
        ) from error


def _set_aside(wave: Wave) -> tuple[Codebook, list[Finding]]:
    """The codebook without columns that tell who answered, and a finding for each."""
    questions = []
    findings: list[Finding] = []
    for question in wave.codebook.questions:
        kind = private_kind(question, wave.frame[question.columns[0]])
        if kind:
            question = replace(question, role="set_aside")
            findings.append(
                Finding(
                    f"column {question.id}",
                    f"seems to hold {kind}",
                    "It is set aside: in no table and no release.",
                    'If it does not, write  role = "question"  in codebook.toml.',
                )
            )
        questions.append(question)
    return replace(wave.codebook, questions=tuple(questions)), findings


def _synthetic(wave: Wave) -> bool:
    """Whether the file says that its respondents are made up."""
    return "synthetic" in wave.notes or wave.notes.get("file_label", "").upper().startswith("SYNTHETIC DATA")


def _written(
    source: WaveSource, folder: Path, design: Design, codebook: Codebook, is_synthetic: bool
) -> Study:
    file, instrument = source.file, source.instrument
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise FileFault(
            str(folder), f"cannot be made ({error.strerror})", "a folder", "name another one"
        ) from error
    try:
        shutil.copyfile(file, part / file.name)
        if instrument is not None and format_of(instrument).kind == "questionnaire":
            (part / instrument.name).write_text(instrument_text(instrument), encoding="utf-8")
        elif instrument is not None:
            for one in (instrument, *_beside(instrument)):
                shutil.copyfile(one, part / one.name)
        (part / "codebook.toml").write_text(codebook_text(codebook), encoding="utf-8")
        text = _study_text(source, folder.name, design, codebook, is_synthetic)
        (part / "study.toml").write_text(text, encoding="utf-8")
        part.chmod(0o755)
        load_study(part)
        if folder.is_dir():
            folder.rmdir()
        os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return load_study(folder)


def _beside(instrument: Path) -> tuple[Path, ...]:
    """Files that an instrument needs beside it: choices of an XLSForm."""
    if format_of(instrument).kind != "xlsform":
        return ()
    from survey.formats.xlsform_sheets import files_of_choices

    return files_of_choices(instrument)


def _study_text(source: WaveSource, name: str, design: Design, codebook: Codebook, is_synthetic: bool) -> str:
    """The text of `study.toml`."""
    file, instrument = source.file, source.instrument
    study_id = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._") or "study"
    languages = [lang for lang in codebook.languages if lang] or ["en"]
    lines = [
        f"schema = {SCHEMA}",
        f"id = {toml_value(study_id)}",
        f"title = {toml_value(dict.fromkeys(languages, name))}",
        f"languages = {toml_value(languages)}",
        *(["synthetic = true"] if is_synthetic else []),
        "# as_of = 2026-01-15          # day the rules and links are looked at",
        "# calibrated_at = 2021-12-15  # day of fieldwork",
        "",
        "[[waves]]",
        f"name = {toml_value(file.stem)}",
        f"file = {toml_value(file.name)}",
        *([f"sheet = {toml_value(source.sheet)}"] if source.sheet else []),
        'codebook = "codebook.toml"',
        *([f"instrument = {toml_value(instrument.name)}"] if instrument is not None else []),
        *([f"sha256 = {toml_value(source.sha256)}"] if source.sha256 else []),
        "",
        "[design]",
    ]
    empty = Design()
    for key in Design.__dataclass_fields__:
        value = getattr(design, key)
        if value != getattr(empty, key):
            lines.append(f"{key} = {toml_value(value)}")
    return "\n".join(lines) + "\n"
