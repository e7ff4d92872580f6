"""From `study.toml` to a Study: every key known, of the right type, and its files present."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey.design import CENTRES, SELECTIONS, SINGLETONS, TARGETS, Creation, Design
from survey.faults import FileFault
from survey.paths import near_path
from survey.resampling import MADE_METHODS
from survey.settings_table import SettingsTable as _Reader
from survey.settings_table import said as _said
from survey.study import Study, WaveSource
from survey.toml_file import read_toml

__all__ = ["METHODS", "SCHEMA", "SECTIONS", "load_study"]

SCHEMA = 1
"""Version of the layout of `study.toml`."""

SECTIONS = (
    "weights",
    "supply",
    "rules",
    "pressure",
    "scenarios",
    "readiness",
    "published",
    "release",
    "check",
    "panel",
)
"""Sections that are read and checked where they are used."""

METHODS = ("taylor", "brr", "fay", "jk1", "jkn", "bootstrap")
"""Words of `design.method`."""

_TOP = (
    "schema",
    "id",
    "title",
    "languages",
    "synthetic",
    "as_of",
    "calibrated_at",
    "waves",
    "design",
    "clean",
)
_WAVE = ("name", "file", "sheet", "codebook", "instrument", "sha256")
_DESIGN = tuple(Design.__dataclass_fields__)
_CREATION = tuple(Creation.__dataclass_fields__)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def load_study(path: Path | str) -> Study:
    """Read a study: a folder with `study.toml`, or that file.

    Parameters
    ----------
    path : Path or str
        Folder or file.

    Returns
    -------
    Study
        With absolute paths of its waves; sections of the floors above unread.

    Raises
    ------
    FileFault
        No such folder, a folder without `study.toml`, or a wave or codebook that is missing.
    StudyFault
        Broken TOML, an unknown key, a wrong type or a schema of another version.
    """
    file = _file_of(Path(path))
    table, lines = read_toml(file)
    top = _Reader(table, "", file, lines)
    top.only((*_TOP, *SECTIONS))
    schema = table.get("schema")
    if schema is None or isinstance(schema, bool) or schema != SCHEMA:
        raise top.fault(
            "schema",
            _said(schema),
            f"schema = {SCHEMA}",
            f"write  schema = {SCHEMA}  as the first line, or use the version of crosspressure that knows it",
        )
    study_id = top.text("id")
    if not _ID.fullmatch(study_id):
        raise top.fault(
            "id", repr(study_id), "letters, digits, . _ - (it names a folder)", 'write  id = "my-survey"'
        )
    languages = top.texts("languages") or ("en",)
    for section in (*SECTIONS, "design"):
        if not isinstance(table.get(section, {}), dict):
            raise top.fault(
                section,
                _said(table[section]),
                f"a section [{section}]",
                f"begin it with [{section}] on its own line",
            )
    design = _design(_Reader(table.get("design", {}), "design.", file, lines))
    return Study(
        id=study_id,
        folder=file.parent,
        title=_title(top, study_id),
        languages=languages,
        synthetic=top.truth("synthetic"),
        as_of=top.day("as_of"),
        calibrated_at=top.day("calibrated_at"),
        waves=_waves(top, table, design),
        design=design,
        sections={name: table[name] for name in SECTIONS if name in table},
        lines=lines,
        clean=table.get("clean", ()),
    )


def _file_of(path: Path) -> Path:
    if path.is_dir():
        file = path / "study.toml"
        if not file.is_file():
            below = sorted(p.parent.name for p in path.glob("*/study.toml"))
            do = (
                "give one of its folders: " + ", ".join(below)
                if below
                else "give the folder that holds study.toml, or make one: crosspressure init FILE DIR"
            )
            raise FileFault(str(path), "wrong folder: there is no study.toml in it", "a study folder", do)
        return file
    if path.is_file():
        if path.suffix != ".toml":
            raise FileFault(
                str(path),
                "a file that is no study.toml",
                "a study",
                f"make one: crosspressure init {path.name} DIR",
            )
        return path
    expected = "a study: a folder with study.toml"
    raise FileFault(str(path), "no such file or folder", expected, near_path(path))


def _title(top: _Reader, study_id: str) -> dict[str, str]:
    value = top.table.get("title", study_id)
    if isinstance(value, str):
        return {"": value}
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise top.fault(
            "title", _said(value), "a text for each language", 'write  title = { en = "...", ja = "..." }'
        )
    return dict(value)


def _waves(top: _Reader, table: Mapping[str, Any], design: Design) -> tuple[WaveSource, ...]:
    entries = table.get("waves")
    if entries is None and "supply" in table:
        return ()
    if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
        raise top.fault(
            "waves",
            _said(entries),
            "at least one [[waves]], or [supply] for a study of links only",
            'add [[waves]] with name = ".." and file = ".."',
        )
    waves: list[WaveSource] = []
    for i, entry in enumerate(entries):
        reader = _Reader(entry, f"waves.{i}.", top.path, top.lines)
        reader.only(_WAVE)
        name = reader.text("name")
        if name in {w.name for w in waves}:
            raise reader.fault("name", f"{name!r} twice", "one name for each wave", "rename one of them")
        codebook = _present(reader, "codebook") if "codebook" in entry else None
        instrument = _present(reader, "instrument") if "instrument" in entry else None
        file, sheet = _present(reader, "file"), reader.text("sheet", "")
        waves.append(WaveSource(name, file, codebook, design, instrument, sheet, _checksum(reader)))
    return tuple(waves)


def _checksum(reader: _Reader) -> str:
    """The checksum of a wave's file, in lower case; "" where none is noted."""
    noted = reader.text("sha256", "").lower()
    if noted and not _SHA256.fullmatch(noted):
        raise reader.fault(
            "sha256",
            repr(noted),
            "64 hexadecimal digits, as sha256sum prints them",
            "mend it, or take it out",
        )
    return noted


def _present(reader: _Reader, key: str) -> Path:
    named = reader.text(key)
    file = reader.path.parent / named
    if not file.is_file():
        fault = reader.fault(key, "", "", "")
        raise FileFault(
            fault.where,
            f"no file {named!r} in {reader.path.parent}",
            "a file beside study.toml",
            near_path(file),
        )
    return file


def _design(reader: _Reader) -> Design:
    reader.only(_DESIGN)
    population = reader.table.get("population", [])
    population = population if isinstance(population, list) else [population]
    if not all(isinstance(p, str | int | float) and not isinstance(p, bool) for p in population):
        raise reader.fault(
            "population", _said(population), "a column or number for each stage", "population = [100]"
        )
    rscales = reader.table.get("rscales", [])
    if not isinstance(rscales, list) or not all(
        isinstance(r, int | float) and not isinstance(r, bool) for r in rscales
    ):
        raise reader.fault("rscales", _said(rscales), "a list of numbers", "rscales = [1.0, 1.0]")
    replicates = reader.texts("replicates")
    method = reader.word("method", METHODS, "taylor")
    if replicates and method == "taylor":
        raise reader.fault(
            "method",
            "replicate weights without their method",
            "one of: " + ", ".join(METHODS[1:]),
            'method = "fay"',
        )
    if method != "taylor" and not replicates:
        raise reader.fault(
            "replicates",
            f"method {method!r} without replicate weights",
            "their columns",
            'replicates = "REPWT*"',
        )
    rho = reader.number("rho", 0.0) or 0.0
    if not 0 <= rho < 1:
        raise reader.fault("rho", str(rho), "Fay's coefficient, from 0 to below 1", "rho = 0.5")
    return Design(
        weight=reader.text("weight", ""),
        strata=reader.texts("strata"),
        clusters=reader.texts("clusters"),
        population=tuple(p if isinstance(p, str) else float(p) for p in population),
        unnested=reader.truth("unnested"),
        replicates=replicates,
        method=method,
        rho=rho,
        scale=reader.number("scale", None),
        rscales=tuple(float(r) for r in rscales),
        target=reader.word("target", TARGETS, ""),
        selection=reader.word("selection", SELECTIONS, "probability"),
        id=reader.text("id", ""),
        singletons=reader.word("singletons", SINGLETONS, "fault"),
        centre=reader.word("centre", CENTRES, "full"),
        create=_creation(reader),
    )


def _creation(design: _Reader) -> Creation | None:
    """The table `create` of the design."""
    given = design.table.get("create")
    if given is None:
        return None
    example = 'create = { method = "rao-wu", replicates = 500 }'
    if not isinstance(given, dict):
        raise design.fault("create", _said(given), "a table", f"write  {example}")
    if design.table.get("replicates"):
        raise design.fault(
            "create", "replicates of the file are named too", "one or the other", "leave one of them out"
        )
    reader = _Reader(given, "design.create.", design.path, design.lines)
    reader.only(_CREATION)
    reader.text("method")
    whole = {"replicates": 500, "seed": 20211215}
    for key in whole:
        value = given.get(key, whole[key])
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise reader.fault(key, _said(value), "a whole number, not below zero", f"{key} = {whole[key]}")
        whole[key] = value
    rho = reader.number("rho", 0.5) or 0.0
    if not 0 <= rho < 1:
        raise reader.fault("rho", str(rho), "Fay's coefficient, from 0 to below 1", "rho = 0.5")
    return Creation(reader.word("method", MADE_METHODS, ""), whole["replicates"], whole["seed"], rho)
