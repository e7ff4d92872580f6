"""Few requests of a worker are worked on at once; one that waits for something else gives its place up."""

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Places", "away"]

_AT_ONCE = 2
"""More would take turns at one interpreter: each would wait longer, and none would be done sooner."""

_LARGE_AT_ONCE = 2
_LARGE = 256 * 1024
"""Bytes of a body from which on it is read while it is worked on, by few at once."""

_HERE = threading.local()

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI application."""


class Places:
    """A WSGI application before another: what is sent is there before one of few places is taken.

    Parameters
    ----------
    inner : WSGI application
    """

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        self._all = threading.BoundedSemaphore(_AT_ONCE)
        self._large = threading.BoundedSemaphore(_LARGE_AT_ONCE)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request once a place is free; a body without its length is not read."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if environ.get("HTTP_TRANSFER_ENCODING") or not length.isdecimal():
            if "wsgi.input" in environ:  # a connection closed with bytes unread would lose the answer
                environ["wsgi.input"].read(_LARGE)
            return _at_once(411, start_response)
        if int(length) <= _LARGE:
            environ["wsgi.input"] = io.BytesIO(
                environ["wsgi.input"].read(int(length)) if int(length) else b""
            )
            return self._worked_on(environ, start_response)
        if not self._large.acquire(blocking=False):
            return _at_once(503, start_response)
        try:
            return self._worked_on(environ, start_response)
        finally:
            self._large.release()

    def _worked_on(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._all:
            _HERE.place = self._all
            try:
                return self._inner(environ, start_response)
            finally:
                _HERE.place = None


@contextmanager
def away() -> Iterator[None]:
    """While another process works for this request, or it waits for its turn: others may have its place."""
    place = getattr(_HERE, "place", None)
    if place is None:
        yield
        return
    _HERE.place = None
    place.release()
    try:
        yield
    finally:
        place.acquire()
        _HERE.place = place


def _at_once(status: int, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A refusal without a look at what was asked."""
    from dashboard.refusals import raw_refusal

    head, _, page = raw_refusal(status).partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    told = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    start_response(first.partition(" ")[2], [one for one in told if one[0] != "Connection"])
    return [page]
