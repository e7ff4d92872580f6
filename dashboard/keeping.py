"""What the server keeps of its answers: by Release, audience and language, in one place bounded in bytes."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from flask import Flask, Response, g, request

from dashboard.access import CALLBACKS
from dashboard.selection import read_address

__all__ = ["SUITES", "Bundles", "Kept", "Nook", "keep_answers"]

SUITES = ("/_dash-component-suites/", "/assets/charts/")
"""Under these paths lie the bundles of components and of charts, the same for every Release."""

_MOST_BYTES = 8 * 1024 * 1024
_OVERHEAD = 500
"""Bytes a kept thing takes beside its own."""


class _Place(NamedTuple):
    """What a kept thing is told apart by."""

    release: str
    audience: str
    lang: str
    what: str


class Kept:
    """Things kept in memory until others that are asked for more take their room.

    Parameters
    ----------
    most : int
        Bytes that all of them take together, at most; one of over half of that is not kept.
    """

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._most = most
        self._held: OrderedDict[_Place, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()
        self.size = 0
        """Bytes taken now."""

    def get(self, place: _Place) -> Any:
        """What is kept there, or None."""
        with self._lock:
            if place not in self._held:
                return None
            self._held.move_to_end(place)
            return self._held[place][0]

    def put(self, place: _Place, thing: Any, size: int) -> None:
        """Keep a thing of so many bytes; those longest unasked for go where there is no room."""
        size += _OVERHEAD + 2 * len(place.what)
        if 2 * size > self._most:
            return
        with self._lock:
            self.size += size - self._held.pop(place, (None, 0))[1]
            self._held[place] = thing, size
            while self.size > self._most:
                self.size -= self._held.popitem(last=False)[1][1]


@dataclass(frozen=True, slots=True)
class Nook:
    """What is kept of one Release.

    Attributes
    ----------
    kept : Kept
        Where it is kept, with that of other Releases.
    release : str
        Checksum of the Release.
    audience : str
        Its audience.
    """

    kept: Kept
    release: str
    audience: str

    def get(self, what: str, lang: str = "") -> Any:
        """What is kept under a name, or None."""
        return self.kept.get(_Place(self.release, self.audience, lang, what))

    def put(self, what: str, thing: Any, size: int, lang: str = "") -> None:
        """Keep a thing of so many bytes under a name."""
        self.kept.put(_Place(self.release, self.audience, lang, what), thing, size)


class Bundles:
    """Compressed bundles of components, in the shape the compression asks for; all else passes through.

    Parameters
    ----------
    kept : Kept
    """

    def __init__(self, kept: Kept) -> None:
        self._nook = Nook(kept, "", "")

    def get(self, key: str) -> bytes | None:
        """The compressed bytes of a bundle, or None."""
        found: bytes | None = self._nook.get(key)
        return found

    def set(self, key: str, value: bytes) -> None:
        """Keep the compressed bytes of a bundle."""
        if any(place in key for place in SUITES):
            self._nook.put(key, value, len(value))


class _Answer(NamedTuple):
    """An answer as it went over the wire."""

    body: bytes
    mimetype: str
    encoding: str


def keep_answers(server: Flask, nook: Nook) -> None:
    """Answer a callback that was asked before from what is kept; nothing that failed or was refused is.

    To be registered after what refuses requests. Only callbacks are kept: what a firm brings to the
    benchmark, files and pages are not.
    """

    @server.before_request
    def find() -> Response | None:
        if request.path != CALLBACKS:
            return None
        coded = request.headers.get("Accept-Encoding", "")[:100]
        digest = hashlib.sha256(request.get_data()).hexdigest()
        g.kept_under = f"{coded};{digest}", _lang_of(request.get_json())
        found: _Answer | None = nook.get(*g.kept_under)
        if found is None:
            return None
        g.kept_under = None
        answer = Response(found.body, mimetype=found.mimetype)
        if found.encoding:
            answer.headers["Content-Encoding"] = found.encoding
        return answer

    def keep(answer: Response) -> Response:
        under = g.get("kept_under")
        if under and answer.status_code == 200 and not g.get("is_failed") and not answer.is_streamed:
            body, encoding = answer.get_data(), answer.headers.get("Content-Encoding", "")
            what, lang = under
            nook.put(what, _Answer(body, answer.mimetype or "", encoding), len(body), lang)
        return answer

    server.after_request_funcs.setdefault(None, []).insert(0, keep)  # first there is the last to run


def _lang_of(sent: Any) -> str:
    """Language of the address in what was sent."""
    parts = (one for name in ("inputs", "state") for one in sent.get(name, ()))
    texts = (str(one["value"]) for one in parts if str(one.get("value", "")).startswith("?"))
    return read_address(next(texts, "")).lang
