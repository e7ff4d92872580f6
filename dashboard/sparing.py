"""Makes the process that serves keep little memory: what was freed goes back to the system."""

import ctypes
import gc
import os
import sys

import pyarrow

__all__ = ["give_back", "spare_memory"]

_POOL = "ARROW_DEFAULT_MEMORY_POOL"
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Parameters of `mallopt`; see malloc.h of the GNU C library."""

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
    """Return to the system what was freed while a Release was read, before workers are forked."""
    gc.collect()
    if sys.platform.startswith("linux"):
        try:
            ctypes.CDLL(None).malloc_trim(0)
        except (OSError, AttributeError):
            return
