"""What one worker made, for the other workers to take: a few things in memory that all of them share."""

import hashlib
import mmap
import struct

__all__ = ["Between"]

_PLACES, _ROOM = 8, 2 * 1024 * 1024
"""How many things are there at once, and bytes of one at most."""

_HEAD = struct.Struct("<32s32sQ")
"""Digest of the key, digest of what is held, its bytes."""


class Between:
    """A shelf of few places in memory that processes share if they come of the one that made it.

    Nobody waits for anybody: a thing that is overwritten while it is read does not fit its digest, and is not
    there. Memory is taken as it is used, and goes with the processes; no file is written.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _PLACES * _ROOM)

    def get(self, key: str) -> bytes | None:
        """What was put under a key, or None."""
        wanted = _digest(key.encode())
        for start in range(0, _PLACES * _ROOM, _ROOM):
            name, digest, size = _HEAD.unpack_from(self._memory, start)
            if name == wanted and size <= _ROOM - _HEAD.size:
                held = self._memory[start + _HEAD.size : start + _HEAD.size + size]
                if _digest(held) == digest:
                    return held
        return None

    def put(self, key: str, held: bytes) -> None:
        """Let something stand under a key, in the place that the key falls on; what is too large does not."""
        if len(held) > _ROOM - _HEAD.size:
            return
        name = _digest(key.encode())
        start = name[0] % _PLACES * _ROOM
        _HEAD.pack_into(self._memory, start, b"", b"", 0)
        self._memory[start + _HEAD.size : start + _HEAD.size + len(held)] = held
        _HEAD.pack_into(self._memory, start, name, _digest(held), len(held))


def _digest(of: bytes) -> bytes:
    return hashlib.sha256(of).digest()
