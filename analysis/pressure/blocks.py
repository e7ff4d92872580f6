"""Blocks of draws worked on at once, one a processor: the same numbers as one after the other."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["blocks_of", "in_threads"]

_MOST = 4
"""Threads at once: more of them wait for memory, not for processors."""

Part = TypeVar("Part")
Made = TypeVar("Made")


def blocks_of(many: int, rows: int) -> list[slice]:
    """Slices of at most `rows` that follow each other from 0 to `many`."""
    return [slice(first, min(first + rows, many)) for first in range(0, many, max(1, rows))]


def in_threads(work: Callable[[Part], Made], parts: Sequence[Part]) -> list[Made]:
    """What some work makes of each of several parts, in their order.

    The work must write to places of its own only. numpy and scipy let other threads go on while they work on
    whole arrays, so that parts are worked on side by side.
    """
    threads = min(_MOST, _processors(), len(parts))
    if threads < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def _processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
