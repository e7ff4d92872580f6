"""The ledger of releases: who released, corrected or withdrew what, when and why, in one chain.

A folder with `ledger.jsonl`, one entry a line, and a copy of each Release under the checksum of its manifest.
Each entry holds its own checksum and that of the line before, so that no entry can be changed, put in or
taken away from among others unseen; the copies show where the last were.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.lasting import keep_file
from analysis.release.copies import BRING_BACK, check_copies, copy_of
from analysis.release.manifest import MANIFEST, checksum
from analysis.release.read import read_release
from survey import FileFault, QuestionFault

__all__ = [
    "LEDGER",
    "RECORD_COLUMNS",
    "Recorded",
    "read_record",
    "record_release",
    "record_table",
    "record_withdrawal",
    "recorded_releases",
]

LEDGER = "ledger.jsonl"

_KEYS = (
    "number",
    "act",
    "study",
    "wave",
    "audience",
    "on",
    "who",
    "why",
    "of",
    "firms",
    "manifest",
    "previous",
    "checksum",
)

RECORD_COLUMNS = (*_KEYS, "standing")
"""Columns of `record_table`: `standing` is stands, corrected or withdrawn."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry of a ledger that released something.

    Attributes
    ----------
    number : int
        From 1 on.
    audience, study, wave : str
    firms : tuple[str, ...]
        Ids of the firms in it, as far as the internal Release of the same answers lay beside it.
    folder : Path
        The copy of what was released.
    """

    number: int
    audience: str
    study: str
    wave: str
    firms: tuple[str, ...]
    folder: Path


def read_record(folder: Path) -> list[dict[str, object]]:
    """Every entry of a ledger, oldest first; none where it does not exist yet.

    Raises
    ------
    FileFault
        A line that is not an entry, a chain that is broken, or a fault of its copies (`check_copies`).
    """
    path = folder / LEDGER
    entries: list[dict[str, object]] = []
    before = ""
    lines = path.read_bytes().splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        where = f"{path}, line {number}"
        try:
            entry = json.loads(line)
        except ValueError:
            raise FileFault(where, "not an entry", "one JSON object a line", BRING_BACK) from None
        if not isinstance(entry, dict) or set(_KEYS) - set(entry):
            raise FileFault(where, "an entry without all of its keys", ", ".join(_KEYS), BRING_BACK)
        if entry["previous"] != before or entry["number"] != number:
            raise FileFault(
                where,
                f"a broken chain: no. {entry['number']} after {str(entry['previous'])[:12] or 'nothing'}",
                f"no. {number} after {before[:12] or 'nothing'}, the checksum of the line before",
                BRING_BACK,
            )
        if entry["checksum"] != _seal(entry):
            raise FileFault(
                where,
                f"an entry whose checksum is not {str(entry['checksum'])[:12]}",
                "an entry as it was written",
                BRING_BACK,
            )
        before = str(entry["checksum"])
        entries.append(entry)
    check_copies(folder, entries)
    return entries


def recorded_releases(folder: Path, study: str) -> list[Recorded]:
    """Releases of a study that a ledger holds, oldest first; those withdrawn too, for they were read."""
    return [
        Recorded(
            int(str(entry["number"])),
            str(entry["audience"]),
            str(entry["study"]),
            str(entry["wave"]),
            tuple(str(one) for one in _list(entry["firms"])),
            copy_of(folder, entry),
        )
        for entry in read_record(folder)
        if entry["act"] != "withdrawn" and entry["study"] == study
    ]


def record_release(
    folder: Path, release: Path, *, who: str, on: date, why: str = "", corrects: int = 0
) -> dict[str, object]:
    """Add a Release to a ledger, with a copy of its files; the entry.

    Parameters
    ----------
    folder : Path
        The ledger; made if need be.
    release : Path
        A Release for members or the public. The internal Release of the same answers beside it tells which
        firms it is of, so that late ones can be known.
    who, on, why
        Who released it, on which day, for which reason.
    corrects : int
        Number of the entry it takes the place of; 0 for none.

    Raises
    ------
    FileFault
        No Release, an internal one, one recorded already, or a ledger at fault.
    QuestionFault
        Nobody is named, or there is no such entry to correct.
    """
    opened = read_release(release)
    if opened.audience == "internal":
        raise FileFault(
            str(release),
            "an internal Release",
            "one for members or the public",
            "internal ones are not released",
        )
    entries = read_record(folder)
    _named(who)
    told = checksum(Path(release) / MANIFEST)
    if any(entry["manifest"] == told and entry["act"] != "withdrawn" for entry in entries):
        raise FileFault(str(release), "recorded already", "a Release that is new", "nothing is to be done")
    _standing(entries, corrects)
    kept = folder / told[:16]
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".copy-", dir=folder))
        for name in (*opened.manifest["files"], MANIFEST):
            shutil.copyfile(Path(release) / name, work / name)
        work.chmod(0o755)
        os.replace(work, kept)
    entry: dict[str, object] = {
        "act": "corrected" if corrects else "released",
        "study": str(opened.manifest["study"]),
        "wave": str(opened.manifest["wave"]),
        "audience": opened.audience,
        "of": corrects,
        "firms": _firms_of(Path(release), opened.manifest.get("sources")),
        "manifest": told,
    }
    return _added(folder, entries, entry, who, on, why)


def record_withdrawal(folder: Path, number: int, *, who: str, on: date, why: str) -> dict[str, object]:
    """Add to a ledger that an entry no longer stands; what was read stays read, and is attacked with.

    Raises
    ------
    QuestionFault
        No such entry, one that does not stand, or nobody or no reason named.
    """
    entries = read_record(folder)
    _standing(entries, number)
    if not why:
        raise QuestionFault("--why", "nothing", "why it is withdrawn", 'say --why "..."')
    old = entries[number - 1]
    entry = {key: old[key] for key in ("study", "wave", "audience", "manifest")}
    return _added(folder, entries, {**entry, "act": "withdrawn", "of": number, "firms": []}, who, on, why)


def record_table(folder: Path) -> pd.DataFrame:
    """A ledger as a table, `RECORD_COLUMNS`; firms as their number."""
    entries = read_record(folder)
    ended = {
        int(str(e["of"])): "withdrawn" if e["act"] == "withdrawn" else "corrected" for e in entries if e["of"]
    }
    rows = [
        {
            **{key: entry[key] for key in _KEYS},
            "firms": len(_list(entry["firms"])),
            "standing": ended.get(number, "" if entry["act"] == "withdrawn" else "stands"),
        }
        for number, entry in enumerate(entries, start=1)
    ]
    return pd.DataFrame(rows, columns=list(RECORD_COLUMNS))


def _standing(entries: Sequence[dict[str, object]], number: int) -> None:
    """Check that an entry is there and was neither corrected nor withdrawn."""
    if not number:
        return
    ended = {entry["of"] for entry in entries if entry["of"]}
    if not 1 <= number <= len(entries) or number in ended or entries[number - 1]["act"] == "withdrawn":
        stand = [str(e["number"]) for e in entries if e["number"] not in ended and e["act"] != "withdrawn"]
        raise QuestionFault(
            "ledger",
            f"no. {number}",
            f"the number of an entry that stands: {', '.join(stand) or 'none does'}",
            "mend the number",
        )


def _added(
    folder: Path,
    entries: Sequence[dict[str, object]],
    entry: dict[str, object],
    who: str,
    on: date,
    why: str,
) -> dict[str, object]:
    """Write the ledger with one line more, under a temporary name first."""
    _named(who)
    path = folder / LEDGER
    old = path.read_bytes() if path.exists() else b""
    before = str(entries[-1]["checksum"]) if entries else ""
    whole: dict[str, object] = {
        "number": len(entries) + 1,
        "on": on.isoformat(),
        "who": who,
        "why": why,
        "previous": before,
        **entry,
    }
    whole["checksum"] = _seal(whole)
    line = json.dumps(whole, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    folder.mkdir(parents=True, exist_ok=True)
    keep_file(path, old + line)
    return whole


def _named(who: str) -> None:
    if not who.strip():
        raise QuestionFault("--who", "nobody", "the person who releases", "say --who NAME")


def _seal(entry: dict[str, object]) -> str:
    """The checksum of an entry without it."""
    rest = {key: value for key, value in entry.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _firms_of(release: Path, sources: object) -> list[str]:
    """Ids of the firms of the internal Release beside, where it is of the same answers."""
    beside = release.parent / "internal"
    if not (beside / MANIFEST).is_file():
        return []
    inside = read_release(beside)
    if inside.manifest.get("sources") != sources or "firms" not in inside.tables():
        return []
    held = set(inside.manifest.get("held_back") or ())
    return sorted(str(one) for one in inside.table("firms")["firm"] if str(one) not in held)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
