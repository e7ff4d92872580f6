"""The copies of Releases beside a ledger: each whole, and each named by an entry."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.release.manifest import MANIFEST, checksum
from analysis.release.read import read_release
from survey import FileFault

__all__ = ["BRING_BACK", "check_copies", "copy_of"]

BRING_BACK = "bring the ledger back from a copy; entries are only ever added, by `crosspressure ledger`"


def copy_of(folder: Path, entry: Mapping[str, object]) -> Path:
    """Where the copy of what an entry released lies."""
    return folder / str(entry["manifest"])[:16]


def check_copies(folder: Path, entries: Sequence[Mapping[str, object]]) -> None:
    """See that what was released is still there as it was, and that no line was taken off the end.

    A chain of lines shows what was changed among them, not that the last were cut off: their copies do.

    Raises
    ------
    FileFault
        A copy that is missing or was changed, or one that no entry names.
    """
    released = [entry for entry in entries if entry["act"] != "withdrawn"]
    for entry in released:
        kept, whose = copy_of(folder, entry), f"the copy of no. {entry['number']}"
        if not (kept / MANIFEST).is_file() or checksum(kept / MANIFEST) != entry["manifest"]:
            raise FileFault(str(kept / MANIFEST), "missing, or not as it was released", whose, BRING_BACK)
        try:
            read_release(kept)
        except FileFault as fault:
            raise FileFault(fault.where, fault.found, f"{whose}: {fault.expected}", BRING_BACK) from None
    named = {copy_of(folder, entry) for entry in released}
    there = sorted(
        path.parent for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(".")
    )
    for kept in there:
        if kept not in named:
            raise FileFault(
                str(kept), "a copy of a Release that no entry names", "an entry for each copy: none cut off",
                f"{BRING_BACK}; or, where an `--add` was stopped midway, take this folder away",
            )  # fmt: skip
