"""Makes the process that serves keep little memory: what was freed goes back to the system."""

import ctypes
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy
import pyarrow

__all__ = ["give_back", "loaded_lightly", "spare_memory", "tidy_now_and_then"]

_EVERY = 5.0
_POOL = "ARROW_DEFAULT_MEMORY_POOL"
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Parameters of `mallopt`; see malloc.h of the GNU C library."""

_COMPONENTS = ("dash", "dash_ag_grid")
"""Libraries whose classes, one a component, carry descriptions for who writes pages."""

_CLOUDS = tuple(f"pyarrow._{name}" for name in ("s3fs", "gcsfs", "azurefs", "hdfs"))
"""What Arrow loads where it is there, to reach stores of a cloud; a Release is read from a folder."""

_FORTRAN = "numpy.f2py"
"""A reader of Fortran, with a guesser of encodings: SciPy takes in all that NumPy offers."""

_SETTINGS = {_ARENA_MAX: 1, _MMAP_THRESHOLD: 256 * 1024, _TRIM_THRESHOLD: 1024 * 1024}


def spare_memory() -> bool:
    """Set how this process and its workers ask for memory, before the first table is read.

    Arrow's own allocator keeps tens of megabytes a process of what it freed, and the C library one heap for
    each thread; workers here have few threads, of which one at a time computes. An allocator for Arrow that
    is set outside stays.

    Returns
    -------
    bool
        Whether the C library took the settings; only that of GNU does.
    """
    if _POOL not in os.environ:
        pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    if not sys.platform.startswith("linux"):
        return False
    try:
        set_one = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return all(set_one(name, value) == 1 for name, value in _SETTINGS.items())


@contextmanager
def loaded_lightly() -> Iterator[None]:
    """Load libraries within this without parts of them that no server computes with: 5 MB of each worker.

    Arrow does without what cannot be loaded; in the place of the reader of Fortran stands an empty module,
    until the end: who asks for it later gets it.
    """
    put: dict[str, Any] = {name: None for name in _CLOUDS if name not in sys.modules}
    stands_in = _FORTRAN not in sys.modules
    if stands_in:
        put[_FORTRAN] = ModuleType(_FORTRAN)
        vars(numpy)["f2py"] = put[_FORTRAN]
    sys.modules.update(put)
    try:
        yield
    finally:
        for name in put:
            sys.modules.pop(name, None)
        if stands_in:
            vars(numpy).pop("f2py", None)


def give_back() -> None:
    """Return to the system what was freed while a Release was read, before workers are forked.

    What is left then lives as long as the process: later collections pass it by. Descriptions of components,
    which nobody reads here, go too: 3 MB of text, 6 of a process.
    """
    _forget_descriptions()
    gc.collect()
    gc.freeze()
    _trim()


def tidy_now_and_then(every: float = _EVERY) -> Callable[[Any, Any, Any, Any], None]:
    """What gunicorn calls after each answer: once in so many seconds, what was freed goes back to the system.

    Answers made side by side leave holes that nothing fills again: 10 to 15 MB of a worker.
    """
    last = time.monotonic()

    def tidy(_worker: Any, _asked: Any, _about: Any, _answer: Any) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= every:
            last = now
            _trim()

    return tidy


def _forget_descriptions() -> None:
    loaded = [
        module for name, module in sys.modules.items() if module and name.partition(".")[0] in _COMPONENTS
    ]
    for one in {thing for module in loaded for thing in vars(module).values() if isinstance(thing, type)}:
        if one.__module__.partition(".")[0] in _COMPONENTS and one.__dict__.get("__doc__"):
            one.__doc__ = None


def _trim() -> None:
    if sys.platform.startswith("linux"):
        try:
            ctypes.CDLL(None).malloc_trim(0)
        except (OSError, AttributeError):
            return
