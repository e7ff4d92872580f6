"""Slow clients do not keep a server from others: who sends or reads too slowly is given up."""

import io
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import TConn, ThreadWorker

from dashboard.refusals import raw_refusal

__all__ = ["THREADS", "PatientWorker", "Places"]

THREADS = 24
"""Requests read and answers sent at once by a worker; far fewer are worked on."""

_AT_ONCE = 4
_LARGE_AT_ONCE = 2
_LARGE = 256 * 1024
"""Bytes of a body from which on it is read while it is worked on, by few at once."""

_HEAD, _BODY = 10.0, 60.0
"""Seconds in which the head of a request must be there, and all of it."""

_STALLED_IN, _STALLED_OUT = 10, 30
"""Seconds without a byte from a client, or to one, after which it is given up."""

_STATUS = {LimitRequestLine: 414, LimitRequestHeaders: 431}

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI application."""


class PatientWorker(ThreadWorker):
    """A worker that gives a thread to who has begun to send, and not for longer than it takes to send."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._until: dict[TConn, float] = {}

    def accept(self, listener: Any) -> None:
        """Take a connection; a thread only once something comes."""
        try:
            client, address = listener.accept()
        except OSError:
            return
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _STALLED_IN, 0))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _STALLED_OUT, 0))
        conn = TConn(self.cfg, client, address, listener.getsockname())
        self.nr_conns += 1
        conn.timeout = time.monotonic() + _HEAD
        self.pending_conns.append(conn)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        """Read one request and answer it, on a thread; the head must be there in time."""
        self._until[conn] = time.monotonic() + _HEAD
        try:
            return super().handle(conn)
        finally:
            self._until.pop(conn, None)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer a request whose head is there; its body must be in time too."""
        self._until[conn] = time.monotonic() + _BODY
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Close who sent nothing, and read no more from who was too slow; called once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self._until.items()):
            if until < now:
                self._until.pop(conn, None)
                try:
                    conn.sock.shutdown(socket.SHUT_RD)
                except OSError:
                    continue

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Refuse what is no request, in words of ours that do not say it again."""
        if isinstance(exc, ParseException):
            write_nonblock(client, raw_refusal(_STATUS.get(type(exc), 400)))
        else:
            super().handle_error(req, client, addr, exc)


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
            return _at_once(411, start_response)
        if int(length) <= _LARGE:
            environ["wsgi.input"] = io.BytesIO(
                environ["wsgi.input"].read(int(length)) if int(length) else b""
            )
            with self._all:
                return self._inner(environ, start_response)
        if not self._large.acquire(blocking=False):
            return _at_once(503, start_response)
        try:
            with self._all:
                return self._inner(environ, start_response)
        finally:
            self._large.release()


def _at_once(status: int, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A refusal without a look at what was asked."""
    head, _, page = raw_refusal(status).partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    told = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    start_response(first.partition(" ")[2], [one for one in told if one[0] != "Connection"])
    return [page]
