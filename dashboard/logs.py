"""What a server says of itself on stderr: lines that tell which route failed where, nothing anyone sent."""

import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

from dashboard.access import plain_headers
from dashboard.wording import LANGUAGES, say

__all__ = ["REQUEST", "Lines", "Logged", "keep_log"]

REQUEST = "X-Request-Id"
"""Header of every answer, and the word under which its lines are found in the log."""

_LOG = logging.getLogger("crosspressure.dashboard")
_OURS = ("crosspressure", "gunicorn")
"""Loggers whose words are known to hold nothing that was sent."""

_TOP = str(Path(__file__).parents[1])
_PLACES = 6
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"})
_ASKED: ContextVar[str] = ContextVar("asked", default="")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI application."""


class Lines(logging.Formatter):
    """A record as one line: of an error its kind and places in the code, never its words or values.

    Parameters
    ----------
    is_json : bool
        Whether the line is JSON, for machines, or words.
    """

    def __init__(self, is_json: bool) -> None:
        super().__init__()
        self._is_json = is_json

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        is_ours = record.name.partition(".")[0] in _OURS
        told: dict[str, Any] = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "what": record.getMessage() if is_ours else f"{record.name}, line {record.lineno}",
        }
        if _ASKED.get():
            told["request"] = _ASKED.get()
        told |= getattr(record, "told", {})
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            told |= {"error": type(error).__name__, "code": _places(error)}
        if self._is_json:
            return json.dumps(told, ensure_ascii=False)
        rest = [f"{name} {value}" for name, value in list(told.items())[3:] if name != "code"]
        return "; ".join([f"{told['at']} {told['level']}: {told['what']}", *rest, *told.get("code", [])[-1:]])


class Logged:
    """A WSGI application around all others: each answer has a number, and what escapes is told and answered.

    Parameters
    ----------
    inner : WSGI application
    routes : frozenset of str
        Paths that are told as they are; those that end in `/` stand for all under them. Any other is `other`:
        what somebody typed may hold anything.
    is_each : bool
        Whether every request has its line, or only what went wrong.
    """

    def __init__(self, inner: Application, routes: frozenset[str], *, is_each: bool) -> None:
        self._inner = inner
        self._exact = frozenset(path for path in routes if not path.endswith("/") or path == "/")
        self._under = tuple(sorted(routes - self._exact))
        self._is_each = is_each

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, and say so."""
        number, began = token_hex(8), time.monotonic()
        _ASKED.set(number)
        told: dict[str, Any] = {"method": _method(environ), "route": self._route(environ), "status": 0}

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told["status"] = int(status[:3])
            return start_response(status, [*headers, (REQUEST, number)], *rest)

        try:
            body = self._inner(environ, note)
        except Exception as error:
            _LOG.error("a request failed", exc_info=error, extra={"told": dict(told)})
            again = (sys.exc_info(),) if told["status"] else ()  # in the place of what was begun
            body = _broken()(environ, lambda *given: note(*given, *again))
        if not self._is_each:
            return body
        return ClosingIterator(body, partial(_tell, number, told, began))

    def _route(self, environ: dict[str, Any]) -> str:
        path = str(environ.get("PATH_INFO", ""))
        if path in self._exact:
            return path
        return next((f"{start}*" for start in self._under if path.startswith(start)), "other")


def keep_log(form: str) -> Lines:
    """Send what is logged to stderr from now on; what makes its lines.

    Parameters
    ----------
    form : str
        `faults` (warnings and errors, in words) or `json` (those, what happens, and each request).
    """
    lines = Lines(form == "json")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(lines)
    ours = logging.getLogger(_OURS[0])
    ours.setLevel(logging.INFO if form == "json" else logging.WARNING)
    root = logging.getLogger()
    root.handlers = [handler]
    return lines


def _tell(number: str, told: dict[str, Any], began: float) -> None:
    _ASKED.set(number)  # the body may end on another thread
    took = round(1000 * (time.monotonic() - began), 1)
    _LOG.info("request", extra={"told": {**told, "ms": took}})


def _method(environ: dict[str, Any]) -> str:
    method = str(environ.get("REQUEST_METHOD", ""))
    return method if method in _METHODS else "other"


def _places(error: BaseException) -> list[str]:
    """Where in the code an error came about, the last first called; paths from the product on."""
    steps = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    return [f"{_short(step.filename)}:{step.lineno} {step.name}" for step in steps]


def _short(file: str) -> str:
    return file.removeprefix(_TOP).lstrip("/\\") if file.startswith(_TOP) else Path(file).name


def _broken() -> Response:
    """What a reader is told where not even a page could be made."""
    words = "\n".join(say(lang, "frame.broken") for lang in LANGUAGES)
    answer = Response(words + "\n", status=500, mimetype="text/plain")
    answer.headers.update(plain_headers())
    return answer
