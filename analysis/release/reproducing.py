"""Whether a Release of now is the one a ledger recorded, and what differs where it is not."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.release.manifest import MANIFEST, checksum
from analysis.release.read import read_release
from analysis.release.recorded import Recorded, read_record, recorded_releases
from analysis.release.write import write_release
from survey import FileFault, QuestionFault, Study

__all__ = ["REPRODUCED_COLUMNS", "compare_with_record", "rebuild_recorded"]

REPRODUCED_COLUMNS = ("number", "part", "what", "recorded", "now", "is_same")
"""Columns of a comparison."""

_VERSION = ("schema", "product_version")
_APART = ("files", "sources", *_VERSION)


def compare_with_record(folder: Path, number: int, release: Path) -> pd.DataFrame:
    """A Release held against an entry of a ledger, part by part.

    Parameters
    ----------
    folder : Path
        The ledger; its chain and copies are checked.
    number : int
        An entry that released or corrected something.
    release : Path
        A Release of the same study and audience.

    Returns
    -------
    pandas.DataFrame
        `REPRODUCED_COLUMNS`, one row a part. `part`: release (checksum of the manifest, which holds all
        others), version, settings (`study.toml`), source (wave files, codebooks, links, lists), stated
        (whatever else the manifest says: day, disclosure, attack), file (what was released). `recorded` and
        `now`: checksums, or what is stated; empty where there is none. `is_same` of the first row is that of
        the whole.

    Raises
    ------
    QuestionFault
        No such entry, or a withdrawal.
    FileFault
        A ledger or Release at fault, or a Release of another study or audience.
    """
    entry = _entry(folder, number)
    kept = folder / str(entry["manifest"])[:16]
    then, now = read_release(kept).manifest, read_release(release).manifest
    for key in ("study", "audience"):
        if then[key] != now[key]:
            raise FileFault(
                str(release), f"{key} {now[key]!r}", f"{key} {then[key]!r}, as no. {number}",
                f"give the Release, or the study, that no. {number} is of",
            )  # fmt: skip
    whole = (str(entry["manifest"]), checksum(release / MANIFEST))
    rows = [("release", MANIFEST, *whole)]
    rows += [("version", key, _said(then.get(key)), _said(now.get(key))) for key in _VERSION]
    sources = [dict(_numbered(told.get("sources") or ())) for told in (then, now)]
    for what in dict.fromkeys([*sources[0], *sources[1]]):
        part = "settings" if what == "study.toml" else "source"
        rows.append((part, what, sources[0].get(what, ""), sources[1].get(what, "")))
    stated = [key for key in dict.fromkeys([*then, *now]) if key not in _APART]
    rows += [("stated", key, _said(then.get(key)), _said(now.get(key))) for key in sorted(stated)]
    for what in sorted({*then["files"], *now["files"]}):
        ends = [str(told["files"].get(what, {}).get("sha256", "")) for told in (then, now)]
        rows.append(("file", what, ends[0], ends[1]))
    table = pd.DataFrame(rows, columns=["part", "what", "recorded", "now"]).assign(number=number)
    table["is_same"] = table["recorded"] == table["now"]
    return table[list(REPRODUCED_COLUMNS)]


def rebuild_recorded(folder: Path, number: int, study: Study) -> pd.DataFrame:
    """Build a study again as it was for an entry of a ledger, and compare; nothing is kept.

    The day is the recorded one; earlier Releases are those before the entry that are of other answers, for
    what was built at once was not known to each other.

    Raises
    ------
    Fault
        As `compare_with_record` and `write_release`.
    """
    entry = _entry(folder, number)
    manifest = read_release(folder / str(entry["manifest"])[:16]).manifest
    if manifest["study"] != study.id:
        raise FileFault(
            str(study.folder), f"study {study.id!r}", f"study {manifest['study']!r}, as no. {number}",
            "give the folder of that study",
        )  # fmt: skip
    audience = str(manifest["audience"])
    day = str(manifest["as_of"]) if manifest.get("as_of") else ""
    own = study.as_of.isoformat() if study.as_of else ""
    as_of = date.fromisoformat(day) if day and day != own else None
    earlier = _before(folder, number, study, manifest)
    table = pd.DataFrame(columns=list(REPRODUCED_COLUMNS))
    # audiences built at once are attacked together: what is stated of the attack tells which it was
    for audiences in ((), (audience,)):
        with tempfile.TemporaryDirectory() as made:
            write_release(study, Path(made), audiences, as_of=as_of, earlier=earlier)
            table = compare_with_record(folder, number, Path(made) / audience)
        apart = table[~table["is_same"] & (table["part"] != "release")]
        if set(apart["what"]) != {"attacked"}:
            break
    return table


def _entry(folder: Path, number: int) -> dict[str, object]:
    """The entry of that number, corrected or withdrawn since or not."""
    entries = read_record(folder)
    released = [str(entry["number"]) for entry in entries if entry["act"] != "withdrawn"]
    if str(number) not in released:
        wanted = f"the number of an entry that released something: {', '.join(released) or 'there is none'}"
        raise QuestionFault(str(folder), f"no. {number}", wanted, "mend the number")
    return entries[number - 1]


def _before(folder: Path, number: int, study: Study, manifest: Mapping[str, Any]) -> list[Recorded] | None:
    """Releases of other answers with a smaller number; None where the study names no ledger."""
    if "ledger" not in study.section("release"):
        return None
    return [
        one
        for one in recorded_releases(folder, study.id)
        if one.number < number and read_release(one.folder).manifest.get("sources") != manifest.get("sources")
    ]


def _numbered(sources: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Files with their checksums; of several of one name the second is `name (2)`."""
    seen: dict[str, int] = {}
    for one in sources:
        name = str(one["file"])
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name} ({seen[name]})"), str(one["sha256"])


def _said(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
