"""Slow clients do not keep a server from others: who sends or reads too slowly is given up."""

import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import TConn, ThreadWorker

from dashboard.refusals import raw_refusal

__all__ = ["THREADS", "PatientWorker"]

THREADS = 24
"""Requests read and answers sent at once by a worker; far fewer are worked on."""

_HEAD, _BODY = 10.0, 60.0
"""Seconds in which the head of a request must be there, and all of it."""

_STALLED_IN, _STALLED_OUT = 10, 30
"""Seconds without a byte from a client, or to one, after which it is given up."""

_STATUS = {LimitRequestLine: 414, LimitRequestHeaders: 431}


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
