"""Work in the background of one request: its steps go over the wire, and it ends with its reader.

A job belongs to the request that began it, so that two readers never see each other's, any worker of the
server can have it, and nothing of it stays: no list of jobs, no file, no result for somebody else to fetch.
"""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import Response, abort, request

from dashboard.places import away
from dashboard.selection import View
from dashboard.steps import Stopped, Tick
from dashboard.wording import say
from survey import Fault

__all__ = ["STEPS", "Made", "Turns", "has_listener", "with_steps"]

STEPS = "X-Crosspressure-Steps"
"""Header by which a page asks for the steps of the work before its result."""

_LOG = logging.getLogger("crosspressure.dashboard")

_MOST_AT_ONCE = 2
_MOST_WAIT = 8
"""Requests that wait for a turn, each on a thread that nobody else can have."""

_PATIENCE = 60.0
"""Seconds that a request without steps waits for its turn."""

_PAUSE = 0.25
"""Seconds between two lines; one that cannot be sent ends the work."""

_PIECE = 64 * 1024


class Made(NamedTuple):
    """What came of the work: name, media type and bytes of a file; all empty where there is none."""

    name: str = ""
    mimetype: str = ""
    body: bytes = b""


class Turns:
    """Work that may go on at once in one process; the rest is asked to come again.

    Parameters
    ----------
    most : int
    """

    def __init__(self, most: int = _MOST_AT_ONCE) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._waiting = threading.BoundedSemaphore(_MOST_WAIT)

    def take(self) -> None:
        """Take a turn, to be given back; refused (503) where none is free."""
        if not self._free.acquire(blocking=False):
            abort(503)

    def wait(self) -> None:
        """Take a turn once one is free; refused (503) where none is for a minute, or many wait."""
        if not self._waiting.acquire(blocking=False):
            abort(503)
        try:
            with away():
                is_free = self._free.acquire(timeout=_PATIENCE)
        finally:
            self._waiting.release()
        if not is_free:
            abort(503)

    def give_back(self) -> None:
        """Give back a turn that was taken."""
        self._free.release()


@dataclass
class _Job:
    """One piece of work on a thread of its own."""

    work: Callable[[Tick], Made]
    lang: str
    done: threading.Event = field(default_factory=threading.Event)
    is_stopped: threading.Event = field(default_factory=threading.Event)
    told: dict[str, Any] = field(default_factory=dict)
    made: Made | None = None

    def tick(self, step: str, at: int = 0, of: int = 0) -> None:
        if self.is_stopped.is_set():
            raise Stopped
        self.told = {"words": say(self.lang, f"step.{step}", at=at, of=of), "at": at, "of": of}

    def run(self, turns: Turns) -> None:
        try:
            self.made = self.work(self.tick)
        except Stopped:
            _LOG.info("work was stopped by its reader")
        except Fault as fault:
            _LOG.error("work came to nothing", exc_info=fault)
        except Exception as error:
            _LOG.error("work failed", exc_info=error)
        finally:
            self.done.set()
            turns.give_back()

    def lines(self) -> Iterator[bytes]:
        """A line of JSON now and then while the work goes on, one that says what came of it, its bytes."""
        while not self.done.wait(_PAUSE):
            yield _line(self.told or {"words": "", "at": 0, "of": 0})
        if self.made is None:
            yield _line({"failed": True})
            return
        yield _line({"name": self.made.name, "type": self.made.mimetype, "size": len(self.made.body)})
        for start in range(0, len(self.made.body), _PIECE):
            yield self.made.body[start : start + _PIECE]


def has_listener() -> bool:
    """Whether the request asks for steps."""
    return request.headers.get(STEPS) == "1"


def with_steps(work: Callable[[Tick], Made], turns: Turns, view: View) -> Response:
    """Begin work and answer with its steps; a reader who goes away stops it at its next step.

    Parameters
    ----------
    work : callable
        Is handed a `Tick`, which it is to call before each of its steps.
    turns : Turns
        Of which one is taken until the work ends.
    view : View
        Whose language the steps are told in.
    """
    turns.take()
    job = _Job(work, view.lang)
    here = copy_context()  # the log names the request that the work is of
    threading.Thread(target=here.run, args=(job.run, turns), name="crosspressure-job", daemon=True).start()
    answer = Response(job.lines(), mimetype="application/x-crosspressure-steps")
    answer.call_on_close(job.is_stopped.set)
    return answer


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8") + b"\n"
