"""Makes the process that serves keep little memory: what was freed goes back to the system."""

import ctypes
import gc
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import pyarrow

__all__ = ["give_back", "spare_memory", "tidy_now_and_then"]

_EVERY = 5.0
_POOL = "ARROW_DEFAULT_MEMORY_POOL"
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Parameters of `mallopt`; see malloc.h of the GNU C library."""

_COMPONENTS = ("dash", "dash_ag_grid")
"""Libraries whose classes, one a component, carry descriptions for who writes pages."""

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
