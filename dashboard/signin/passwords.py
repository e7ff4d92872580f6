"""Passwords: which may be chosen, and what is kept of them."""

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

__all__ = ["FEWEST_LETTERS", "is_right", "kept_of", "must_renew", "why_not"]

FEWEST_LETTERS = 12
_MOST_BYTES = 512
_FEWEST_KINDS = 5
"""Different letters, at least."""

_HASHER = PasswordHasher()
"""Argon2id with the parameters of RFC 9106 for little memory: 64 MiB, 3 passes."""

_AT_ONCE = BoundedSemaphore(2)
"""Each takes 64 MiB for a tenth of a second: no more than two at once in a process."""

_OF_NOBODY = _HASHER.hash("of nobody")


def why_not(password: str, name: str) -> str:
    """Key of the reason why a password may not be chosen; "" where it may.

    Length, not signs, makes a password hard (NIST SP 800-63B, 5.1.1.2); one of few letters, or that holds
    the name, is refused.
    """
    plain = _plain(password)
    if len(plain) < FEWEST_LETTERS:
        return "short"
    if len(plain.encode()) > _MOST_BYTES:
        return "long"
    if len(set(plain.casefold())) < _FEWEST_KINDS or name.partition("@")[0].casefold() in plain.casefold():
        return "simple"
    return ""


def kept_of(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_plain(password))


def is_right(kept: str, password: str) -> bool:
    """Whether a password is the one that was kept; takes as long where nothing was."""
    if len(password.encode("utf-8", "replace")) > _MOST_BYTES:
        password = ""
    with _AT_ONCE:
        try:
            found = _HASHER.verify(kept or _OF_NOBODY, _plain(password))
        except (Argon2Error, InvalidHashError):
            return False
    return found and bool(kept)


def must_renew(kept: str) -> bool:
    """Whether what was kept was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def _plain(password: str) -> str:
    """The same letters, however a keyboard composed them."""
    return unicodedata.normalize("NFC", password)
