"""A file that a power cut cannot take back: one writer at a time, on the disk before anybody is told."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from survey import FileFault

__all__ = ["keep_file", "keep_folder", "only_writer"]

_PATIENCE = 10.0
"""Seconds a writer waits for another."""


@contextmanager
def only_writer(folder: Path, *, is_new: bool = False) -> Iterator[None]:
    """Hold a folder while one of its files is read and written anew; others who write there wait.

    No file is left behind, and the hold ends with the process, however that ends. Systems without such locks
    (Windows) go on without.

    Parameters
    ----------
    folder : Path
    is_new : bool
        Whether it may be made; where it stays empty it is taken away again.

    Raises
    ------
    FileFault
        There is no such folder, or another holds it for more than ten seconds.
    """
    number = _held(folder, is_new=is_new)
    try:
        yield
    finally:
        if is_new and not any(folder.iterdir()):
            folder.rmdir()
        if number is not None:
            os.close(number)


def _held(folder: Path, *, is_new: bool) -> int | None:
    """A handle on a folder that nobody else holds; None on systems without such locks."""
    try:
        import fcntl
    except ImportError:
        fcntl = None  # type: ignore[assignment]
    late = time.monotonic() + _PATIENCE
    while time.monotonic() < late:
        if is_new and not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
        elif not folder.is_dir():
            found = "a file" if folder.exists() else "no such folder"
            raise FileFault(str(folder), found, "a folder that exists", "name another, or make it first")
        if fcntl is None:
            return None
        with suppress(FileNotFoundError):  # taken away by whoever made it and wrote nothing
            number = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(number), folder.stat()):
                    return number
            except BlockingIOError:
                pass
            except BaseException:
                os.close(number)
                raise
            os.close(number)
        time.sleep(0.02)
    raise FileFault(str(folder), "another who writes there", "one writer at a time", "try again later")


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
    _sync(path.parent)


def keep_folder(folder: Path) -> None:
    """See to it that all files of a folder are on the disk, and the folder with them."""
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk; folders know of no such wait on Windows."""
    if path.is_dir() and os.name != "posix":
        return
    number = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)
