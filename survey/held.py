"""A file that is held in memory alone: readers of paths read it, and no disk ever bears it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.faults import FileFault
from survey.room import MOST_BROUGHT_ROOM, narrow_room

__all__ = ["held_file", "name_of"]

_HELD: dict[Path, str] = {}
"""Names of the files that are held now, by their path."""


def name_of(path: Path) -> str:
    """The name of a file, of one that is held that which it was given under."""
    return _HELD.get(path, path.name)


@contextmanager
def held_file(content: bytes, name: str) -> Iterator[Path]:
    """A path to some bytes, good while the block runs; they lie in memory and are gone after it.

    While it runs, files are read only where their table fits `MOST_BROUGHT_ROOM`.

    Parameters
    ----------
    content : bytes
    name : str
        Name of the file, for messages.

    Raises
    ------
    FileFault
        Nothing in it; or a system without files in memory (only Linux has them), where a file would have to
        be put on the disk.
    """
    if not content:
        raise FileFault(name, "an empty file", "a header and a row", "export the file again")
    if not hasattr(os, "memfd_create"):
        raise FileFault(
            name,
            "a server whose system holds no files in memory",
            "a server on Linux, so that no disk bears the file",
            "fill in the form, or run on your own machine:  crosspressure benchmark RELEASE --answers FILE",
        )
    handle = os.memfd_create("held", os.MFD_CLOEXEC)
    try:
        with open(handle, "wb", closefd=False) as file:
            file.write(content)
        path = Path(f"/proc/{os.getpid()}/fd/{handle}")
        _HELD[path] = name
        with narrow_room(MOST_BROUGHT_ROOM):
            yield path
    finally:
        _HELD.pop(Path(f"/proc/{os.getpid()}/fd/{handle}"), None)
        os.close(handle)
