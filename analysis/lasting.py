"""A file that a power cut cannot take back: one writer at a time, on the disk before anybody is told."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey import FileFault

__all__ = ["keep_file", "only_writer"]

_PATIENCE = 10.0
"""Seconds a writer waits for another."""


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold a folder while one of its files is read and written anew; others who write there wait.

    No file is left behind, and the hold ends with the process, however that ends. Systems without such locks
    (Windows) go on without.

    Raises
    ------
    FileFault
        There is no such folder, or another holds it for more than ten seconds.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    if not folder.is_dir():
        raise FileFault(str(folder), "no such folder", "a folder that exists", "make it first")
    number = os.open(folder, os.O_RDONLY)
    try:
        late = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > late:
                    raise FileFault(
                        str(folder), "another who writes there", "one writer at a time", "try again later"
                    ) from None
                time.sleep(0.02)
        yield
    finally:
        os.close(number)


def keep_file(path: Path, whole: bytes) -> None:
    """Put a whole file in the place of what stands there; once this returns it is on the disk."""
    beside = path.with_name(f".{path.name}.new-{os.getpid()}")
    try:
        with beside.open("wb") as written:
            written.write(whole)
            written.flush()
            os.fsync(written.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        number = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
