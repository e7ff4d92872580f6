"""The table of file formats: how each is recognised by its content, and which module reads it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from survey.faults import FileFault
from survey.formats.archives import sheet_names
from survey.formats.carrying import with_carried
from survey.formats.look import Look, look_at
from survey.formats.platform_sets import with_platform_sets
from survey.formats.reading import Reading
from survey.held import name_of

__all__ = ["FORMATS", "READERS", "Format", "format_of", "read_format"]


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    Attributes
    ----------
    kind : str
        Short name, as in `Origin.format`.
    suffixes : tuple[str, ...]
        Suffixes it goes by, the usual one first.
    fits : Callable[[Look], bool]
        Whether a file is of this format, by its content.
    reader : str
        `module:function` that reads it, a function of a path that gives a `Reading`; loaded only
        when such a file is read.
    """

    kind: str
    suffixes: tuple[str, ...]
    fits: Callable[[Look], bool]
    reader: str


def _spss(look: Look) -> bool:
    return look.head[:4] in (b"$FL2", b"$FL3") or look.head[8:20] == b"ENCRYPTEDSAV"


def _stata(look: Look) -> bool:
    head = look.head
    return head.startswith(b"<stata_dta>") or (
        head[0] in range(0x68, 0x74) and head[1:2] in (b"\1", b"\2") and head[2:3] == b"\1"
    )


def _xlsform(look: Look) -> bool:
    if "xl/workbook.xml" not in look.members or "survey" not in sheet_names(look.path):
        return False
    from survey.formats.xlsform import is_xlsform

    return is_xlsform(look.path)


READERS: tuple[Format, ...] = (
    Format("sav", (".sav", ".zsav"), _spss, "survey.formats.spss:read_sav"),
    Format(
        "por",
        (".por",),
        lambda look: b"SPSS PORT FILE" in look.head[:100] or b"SPSSPORT" in look.head[440:500],
        "survey.formats.portable:read_por",
    ),
    Format("dta", (".dta",), _stata, "survey.formats.stata:read_dta"),
    Format(
        "sas7bdat",
        (".sas7bdat",),
        lambda look: look.head.startswith(b"\x00" * 12 + b"\xc2\xea\x81\x60"),
        "survey.formats.sas:read_sas",
    ),
    Format(
        "sas7bcat",
        (".sas7bcat",),
        lambda look: look.head.startswith(b"\x00" * 12 + b"\xc2\xea\x81\x63"),
        "survey.formats.sas_catalogue:read_catalogue",
    ),
    Format(
        "xpt",
        (".xpt", ".xport", ".v5xpt", ".v8xpt"),
        lambda look: look.head.startswith((b"HEADER RECORD*******LIBRARY", b"HEADER RECORD*******LIBV8")),
        "survey.formats.xport:read_xpt",
    ),
    Format(
        "lsa",
        (".lsa",),
        lambda look: any(name.endswith((".lss", "_responses.lsr")) for name in look.members),
        "survey.formats.limesurvey:read_lsa",
    ),
    Format(
        "lss",
        (".lss",),
        lambda look: look.root == "document" and "<LimeSurveyDocType>" in look.text,
        "survey.formats.limesurvey:read_lss",
    ),
    Format("xlsform", (".xlsx",), _xlsform, "survey.formats.xlsform:read_xlsform"),
    Format(
        "xlsx",
        (".xlsx", ".xlsm"),
        lambda look: "xl/workbook.xml" in look.members,
        "survey.formats.excel:read_xlsx",
    ),
    Format(
        "parquet",
        (".parquet", ".pq"),
        lambda look: look.head.startswith(b"PAR1"),
        "survey.formats.parquet:read_parquet",
    ),
    Format(
        "qsf",
        (".qsf",),
        lambda look: look.is_json and re.search(r'"Survey(Entry|Elements)"', look.text) is not None,
        "survey.formats.qualtrics:read_qsf",
    ),
    Format(
        "redcap-dictionary",
        (".csv",),
        lambda look: (
            re.match(r'"?(Variable / Field Name|field_name"?,"?form_name)"?,', look.text) is not None
        ),
        "survey.formats.redcap:read_dictionary",
    ),
    Format("odm", (".xml",), lambda look: look.root == "ODM", "survey.formats.odm:read_odm"),
    Format("ddi", (".xml",), lambda look: look.root == "codeBook", "survey.formats.ddi:read_ddi"),
    Format(
        "questionnaire",
        (".toml",),
        lambda look: re.search(r"^schema = \d+$[\s\S]*^\[\[sections\]\]$", look.text, re.M) is not None,
        "survey.formats.questionnaire_reading:read_questionnaire",
    ),
)
"""Formats that can be read; the first that fits is taken, so the particular stand before the general."""

_TEXT = Format("csv", (".csv", ".tsv", ".tab", ".txt"), lambda look: True, "survey.formats.tabular:read_csv")
"""What a file is where nothing else fits: delimited text, whose reader refuses what is no text."""

FORMATS: dict[str, tuple[str, ...]] = {f.kind: f.suffixes for f in (*READERS, _TEXT)}
"""Formats that can be read, and the suffixes each goes by."""

_ASK = "export the answers as .sav, .xlsx or CSV"
_OTHERS: tuple[tuple[Callable[[Look], bool], str, str], ...] = (
    (lambda look: look.head.startswith(b"%PDF"), "a PDF", "give the survey data themselves"),
    (lambda look: look.head.startswith(b"\x1f\x8b"), "a gzip archive", "unpack it first"),
    (lambda look: look.head.startswith(b"BZh"), "a bzip2 archive", "unpack it first"),
    (lambda look: look.head.startswith(b"\xfd7zXZ"), "an xz archive", "unpack it first"),
    (lambda look: look.head.startswith(b"7z\xbc\xaf"), "a 7z archive", "unpack it first"),
    (lambda look: look.head.startswith(b"Rar!"), "a RAR archive", "unpack it first"),
    (
        lambda look: "xl/workbook.bin" in look.members,
        "a binary Excel workbook (.xlsb)",
        "save it as .xlsx or CSV (UTF-8)",
    ),
    (
        lambda look: look.head.startswith(b"PK\x03\x04") and not look.members,
        "a zip archive or Excel workbook whose list of contents is broken or cut off",
        "get the file again",
    ),
    (
        lambda look: look.head.startswith(b"PK"),
        "a zip archive without a survey file that is known",
        "unpack it and give the file in it",
    ),
    (
        lambda look: (
            look.head.startswith(b"\xd0\xcf\x11\xe0")
            and "EncryptedPackage".encode("utf-16-le") in look.path.read_bytes()
        ),
        "an Excel workbook under a password",
        "save it without a password",
    ),
    (
        lambda look: look.head.startswith(b"\xd0\xcf\x11\xe0"),
        "an old Excel workbook (.xls)",
        "save it as .xlsx or CSV (UTF-8)",
    ),
    (
        lambda look: (
            re.match(r'(id\trelated_id\t)?"?class"?\t"?type/scale"?\t"?name"?\t', look.text) is not None
        ),
        "a LimeSurvey questionnaire as tab-separated text, without answers",
        "export the survey structure (.lss), and give it as the instrument of the answers",
    ),
    (lambda look: look.is_xml, "an XML document of a kind that is not known", _ASK),
    (lambda look: look.is_json, "a JSON document of a kind that is not known", _ASK),
    (
        lambda look: look.head.startswith(b"**COMPRESSED** **COMPRESSED**"),
        "a SAS CPORT file",
        "write it with PROC COPY to an XPORT library",
    ),
    (
        lambda look: look.head[:2] in (b"X\n", b"RD") and bool(re.match(rb"(RD[AX]\d|X)\n", look.head)),
        "an R file",
        "write the frame as .sav, .parquet or CSV",
    ),
    (
        lambda look: look.text.lstrip().lower().startswith(("<!doctype html", "<html")),
        "a web page",
        "the download gave a page and no data: sign in and get the file again",
    ),
)
"""Files that are known and not read: how each is told, what it is, what to do."""


def format_of(path: Path) -> Format:
    """The format of a file, by its content and not by its name.

    Raises
    ------
    FileFault
        No such file, a folder, an empty file, or a file of a kind that is not read.
    """
    look = look_at(path)
    for known in READERS:
        if known.fits(look):
            return known
    for fits, found, do in _OTHERS:
        if fits(look):
            suffixes = ", ".join(suffixes[0] for suffixes in FORMATS.values())
            raise FileFault(str(path), found, f"one of {suffixes}", do)
    return _TEXT


def read_format(path: Path, known: Format, sheet: str = "") -> Reading:
    """Read a file by the module of its format, which is loaded only now; `sheet` is for workbooks.

    Raises
    ------
    FileFault
        The file is truncated, encrypted, corrupt, or has no rows.
    """
    module, _, function = known.reader.partition(":")
    if sheet and known.kind != "xlsx":
        do = "take the key sheet out of study.toml"
        raise FileFault(str(path), f"a sheet {sheet!r} asked of a .{known.kind}", "an Excel workbook", do)
    read = getattr(import_module(module), function)
    try:
        reading: Reading = read(path, sheet) if sheet else read(path)
    except FileFault as fault:
        suffix = Path(name_of(path)).suffix.lower()
        if known is _TEXT and suffix in _PACKED:
            raise _misnamed(suffix, fault) from fault
        raise
    if known.kind in ("csv", "xlsx") and reading.codebook is None:
        reading = with_platform_sets(reading, str(path))
    return with_carried(reading, path, known.kind)


_PACKED = (
    ".sav",
    ".zsav",
    ".por",
    ".dta",
    ".sas7bdat",
    ".xpt",
    ".xport",
    ".xlsx",
    ".xlsm",
    ".parquet",
    ".pq",
)
"""Suffixes of formats that are no text: a file so named that is read as text has lost what it was."""


def _misnamed(suffix: str, fault: FileFault) -> FileFault:
    """What is wrong with a text, and that by its name the file is none."""
    return FileFault(
        fault.where,
        f"named {suffix}, but nothing in it is of that format, and as text: {fault.found}",
        f"a whole {suffix} file, or answers as CSV",
        "save it anew in the program it came from, or export the answers as CSV (UTF-8)",
    )
