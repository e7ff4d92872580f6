"""What a browser carries to a provider and back: one cookie, of which all secrets of the round are made."""

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

__all__ = ["LASTS", "Round", "begin_round", "round_of"]

LASTS = 600
"""Seconds that somebody may take at the provider."""


@dataclass(frozen=True, slots=True)
class Round:
    """One way to a provider and back.

    Attributes
    ----------
    cookie : str
        What the browser keeps; without the key of this server nothing below follows from it.
    way : str
        Path to go on to.
    state, nonce, verifier : str
        What the answer must hold, what the token must hold, and what PKCE shows at the end (RFC 7636).
    """

    cookie: str
    way: str
    state: str
    nonce: str
    verifier: str


def begin_round(key: bytes, way: str, now: float | None = None) -> Round:
    """A new round, signed with the key of this server."""
    began = int(time.time() if now is None else now)
    plain = f"{secrets.token_urlsafe(24)}.{began}.{urlsafe_b64encode(way.encode()).decode()}"
    return _made(key, plain, way)


def round_of(key: bytes, cookie: str, now: float | None = None) -> Round | None:
    """The round of a cookie; None where it was not made here, was changed, or is too old."""
    plain, _, mark = cookie.rpartition(".")
    if not plain or not hmac.compare_digest(mark.encode(), _drawn(key, "cookie", plain).encode()):
        return None
    _, began, way = plain.split(".")
    age = (time.time() if now is None else now) - int(began)
    return _made(key, plain, urlsafe_b64decode(way).decode()) if -60 <= age <= LASTS else None


def _made(key: bytes, plain: str, way: str) -> Round:
    state, nonce, verifier = (_drawn(key, use, plain) for use in ("state", "nonce", "verifier"))
    return Round(f"{plain}.{_drawn(key, 'cookie', plain)}", way, state, nonce, verifier)


def _drawn(key: bytes, use: str, plain: str) -> str:
    return hmac.new(key, f"{use} {plain}".encode(), hashlib.sha256).hexdigest()
