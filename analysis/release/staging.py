"""One build at a time on an output: folders made beside it and put in their places whole, or not at all."""

import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from analysis.lasting import keep_folder
from survey import FileFault

__all__ = ["only_build", "put_in_place", "staged"]

_EXCHANGE = 2
_HERE = -100
"""RENAME_EXCHANGE and AT_FDCWD of renameat2 (Linux)."""


@contextmanager
def only_build(out: Path) -> Iterator[None]:
    """Hold an output while its Releases are made; what a killed build left behind is put right first.

    The folder is made where it is not there, and taken away again where it stays empty.

    Raises
    ------
    FileFault
        Another build holds it, or it is a file.
    """
    if out.exists() and not out.is_dir():
        raise FileFault(
            str(out), "a file", "a folder, or no file of this name", "name another folder with --out"
        )
    is_new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    number = _open(out)
    try:
        if number is not None and not _take(number):
            raise FileFault(
                str(out),
                "another build that writes there at this moment",
                "one build at a time on one output",
                "wait until it is done, or name another folder with --out",
            )
        _put_right(out)
        yield
    finally:
        if number is not None:
            os.close(number)
        if is_new and not any(out.iterdir()):
            out.rmdir()


@contextmanager
def staged(out: Path, names: Mapping[str, object]) -> Iterator[dict[str, Path]]:
    """Empty folders beside the places of `names`, taken away at the end where they were not put in place."""
    made = {name: Path(tempfile.mkdtemp(prefix=f".{name}-", dir=out)) for name in names}
    try:
        yield made
    finally:
        for path in made.values():
            shutil.rmtree(path, ignore_errors=True)


def put_in_place(work: Path, folder: Path) -> None:
    """Put a finished folder where another may stand, in one step: at every moment one of the two is there.

    Its files are on the disk before, so that a power cut leaves one of the two whole.
    Where the system cannot exchange two names, the old one is moved aside first; a build that is killed
    between the two moves leaves it there, and the next one puts it back.
    """
    work.chmod(0o755)
    keep_folder(work)
    if not folder.exists():
        os.replace(work, folder)
        return
    if _exchange(work, folder):
        shutil.rmtree(work, ignore_errors=True)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    os.replace(folder, aside / folder.name)
    os.replace(work, folder)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Whether two names were exchanged in one step."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    return bool(call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


def _open(out: Path) -> int | None:
    """A handle on the folder itself, so that no file is left; None on systems without."""
    return os.open(out, os.O_RDONLY) if os.name == "posix" else None


def _take(number: int) -> bool:
    """Whether a lock on an open folder was free; it ends with the process, however that ends."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        return True
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _put_right(out: Path) -> None:
    """Put back what was moved aside, and take away what was never finished."""
    for aside in sorted(out.glob(".*-old-*")):
        for kept in aside.iterdir():
            if not (out / kept.name).exists():
                os.replace(kept, out / kept.name)
    for left in out.glob(".*-*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
