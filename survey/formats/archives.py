"""Archives looked through before anything in them is unpacked, so that none can fill the machine."""

import lzma
import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from survey.faults import FileFault
from survey.room import room_share

__all__ = ["BROKEN", "LARGEST", "check_archive", "read_member", "sheet_names"]

LARGEST = 256 * 1024 * 1024
"""Largest size of all members together, unpacked, in bytes."""

BROKEN = (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError, zlib.error, lzma.LZMAError)
"""What reading a damaged archive raises; an unknown way of packing is among it."""

_ENTRIES = 10_000
_RATIO = 200
_SMALL = 1024 * 1024
_ENCRYPTED = 0x1
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?\bname=\"([^\"]*)\"")


def check_archive(path: Path) -> tuple[zipfile.ZipInfo, ...]:
    """Members of a zip archive (workbooks are such archives), once none of them can harm.

    Refused are: more than 10,000 members, more than 256 MiB unpacked, members above 1 MiB that
    unpack to more than 200 times their size, paths that lead out of the archive, links, two
    members of one name, and members under a password. Python's reader never unpacks more than a
    member's stated size and compares its checksum, so a lie in the list is found when it is read.

    Raises
    ------
    FileFault
        The archive is damaged or is one of those above; the message says which.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = tuple(archive.infolist())
    except BROKEN as error:
        raise _damaged(path, error) from error
    if len(members) > _ENTRIES:
        raise _harmful(path, f"an archive of {len(members):,} files", f"at most {_ENTRIES:,}")
    names: set[str] = set()
    for member in members:
        where = f"{path}, member {member.filename[:80]!r}"
        if _leads_out(member.filename):
            raise _harmful(where, "a path that leads out of the archive", "paths inside it")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _harmful(where, "a link to another file", "files only")
        if member.filename in names:
            raise _harmful(where, "two members of this name", "one of each name")
        if member.flag_bits & _ENCRYPTED:
            raise FileFault(
                where, "it is under a password", "an archive without a password", "save it without one"
            )
        if member.file_size > _SMALL and member.file_size > _RATIO * max(1, member.compress_size):
            times = member.file_size // max(1, member.compress_size)
            raise _harmful(where, f"it unpacks to {times:,} times its size", f"at most {_RATIO} times")
        names.add(member.filename)
    whole, most = sum(member.file_size for member in members), int(LARGEST * room_share())
    if whole > most:
        raise FileFault(
            str(path),
            f"an archive too large when unpacked: {whole:,} bytes",
            f"at most {most:,} bytes",
            "export the answers as CSV or .sav",
        )
    return members


def read_member(path: Path, name: str) -> bytes:
    """One member, unpacked in memory; call `check_archive` first.

    Raises
    ------
    FileFault
        No such member, or its bytes are damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as member:
            return member.read()
    except KeyError as error:
        raise FileFault(str(path), f"no member {name!r}", "a whole archive", "export it again") from error
    except BROKEN as error:
        raise _damaged(f"{path}, member {name!r}", error) from error


def sheet_names(path: Path) -> tuple[str, ...]:
    """Names of the sheets of an Excel workbook as its list gives them; () where it is none."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as member:
            found = _SHEET.findall(member.read(_SMALL))
    except (KeyError, *BROKEN):
        return ()
    return tuple(name.decode("utf-8", "replace") for name in found)


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]


def _damaged(where: Path | str, error: Exception) -> FileFault:
    return FileFault(
        str(where), f"a damaged or cut-off archive ({error})", "a whole file", "get the file again"
    )


def _harmful(where: Path | str, found: str, expected: str) -> FileFault:
    return FileFault(
        str(where), found, expected, "the file is damaged or made to harm: get it again from its source"
    )
