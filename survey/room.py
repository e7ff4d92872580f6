"""How large the table of one file may grow when it is read: less on a server, for what is brought there."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from survey.faults import FileFault

__all__ = ["MOST_BROUGHT_ROOM", "check_room", "narrow_room", "room_for", "room_share"]

_LARGE, _RATIO = 1 << 29, 200
"""A table of more than half a GiB may be at most this many times its file."""

MOST_BROUGHT_ROOM = 1 << 26
"""Bytes of the table of a file that is brought to a server and held in memory, however large the file is."""

_NARROW: ContextVar[int] = ContextVar("narrow", default=0)


def room_for(size: int) -> int:
    """Bytes that the table of a file of `size` bytes may take."""
    return _NARROW.get() or max(_LARGE, _RATIO * size)


def room_share() -> float:
    """The room there is as a share of what there is on a machine of one's own: 1 there, less on a server."""
    return min(1.0, (_NARROW.get() or _LARGE) / _LARGE)


@contextmanager
def narrow_room(most: int) -> Iterator[None]:
    """Hold every file that is read while the block runs to at most so many bytes."""
    before = _NARROW.set(most)
    try:
        yield
    finally:
        _NARROW.reset(before)


def check_room(where: str, needed: int, size: int) -> None:
    """Hold a table against the room there is, before memory is asked for.

    Parameters
    ----------
    where : str
        What faults name.
    needed : int
        Bytes the table would take.
    size : int
        Bytes of its file.

    Raises
    ------
    FileFault
        It is larger.
    """
    room = room_for(size)
    if needed > room:
        raise FileFault(
            where,
            f"{size:,} bytes that unpack to {needed:,}: too large",
            f"at most {room:,} bytes unpacked",
            "it is damaged or made to harm, or holds too much at once: get it again, or export it as CSV",
        )
