"""Who may ask for what: known routes only, and headers that keep the page on this server."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, g, request

from dashboard.payloads import MOST_LETTERS, is_expected, is_shallow
from dashboard.policy import content_policy

__all__ = ["ACCOUNT", "CALLBACKS", "HEALTH", "PARTS", "READY", "RELEASE", "guard", "plain_headers"]

HEALTH = "/healthz"
"""Path that answers `ok` while the server runs; it tells nothing else."""

READY = "/readyz"
"""Path that answers `ready` while a Release can be shown, else 503; it tells nothing else."""

CALLBACKS = "/_dash-update-component"
"""Path that every callback is sent to."""

RELEASE = "X-Crosspressure-Release"
"""Header that tells which Release an answer is of: the beginning of its checksum."""

ACCOUNT = "crosspressure.account"
"""Key of the environment of a request under which its account stands, where people sign in."""

_READS = ("GET", "HEAD")
_EXACT = frozenset({"/_dash-layout", "/_dash-dependencies", "/_favicon.ico", HEALTH, READY})
_UNDER = ("/assets/", "/_dash-component-suites/")
_MOST_BYTES = 256 * 1024

PARTS = frozenset({*_EXACT, *_UNDER, CALLBACKS})
"""Paths that pages are made of, and the beginnings (with `/` at the end) of those of their files."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}


def plain_headers() -> dict[str, str]:
    """Headers of an answer that runs no script and is kept by nobody."""
    return {**_HEADERS, "Content-Security-Policy": content_policy(), "Cache-Control": "no-store"}


def _is_known(path: str, pages: frozenset[str]) -> bool:
    if path in pages or path in _EXACT:
        return True
    return path.startswith(_UNDER) and ".." not in path and not path.endswith(".map")


def guard(
    server: Flask,
    pages: frozenset[str],
    brought: Mapping[str, int] | None = None,
    callbacks: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    is_ready: bool = True,
) -> None:
    """Refuse every request that is not a page, an asset, the layout or a callback; send the headers.

    Parameters
    ----------
    pages : frozenset of str
        Paths of the pages.
    brought : mapping, optional
        Paths that take what a reader brings, and the most bytes each takes.
    callbacks : mapping, optional
        What Dash keeps of each callback, by output: what is sent to none of them, or not as it is declared,
        is refused before Dash reads it.
    is_ready : bool
        Whether there is a Release to show, for `READY`.
    """
    taken = brought or {}
    known = callbacks or {}
    server.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES

    @server.before_request
    def refuse_unknown() -> None:
        if len(request.query_string) >= MOST_LETTERS:
            abort(414)
        if request.method == "POST":
            _refuse_sent(taken, known)
        elif request.method not in _READS:
            abort(405)
        elif not _is_known(request.path, pages):
            abort(404)

    @server.after_request
    def send_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers[name] = value
        response.headers["Content-Security-Policy"] = g.get("policy") or content_policy()
        if "max-age" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-cache" if request.path.startswith(_UNDER) else "no-store"
        response.headers.pop("Server-Timing", None)
        return response

    @server.get(HEALTH)
    def health() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @server.get(READY)
    def ready() -> Response:
        words, status = ("ready\n", 200) if is_ready else ("not ready\n", 503)
        return Response(words, status=status, mimetype="text/plain")


def _refuse_sent(taken: Mapping[str, int], known: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse what is sent to no known place, from elsewhere, too large, or not as a page of ours sends it."""
    if request.path != CALLBACKS and request.path not in taken:
        abort(405)
    most = taken.get(request.path, _MOST_BYTES)
    request.max_content_length = most
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if not request.is_json or site not in ("same-origin", "none"):
        abort(403)
    if (request.content_length or 0) > most:  # before a byte of it is read
        abort(413)
    try:
        sent = request.get_json()
    except RecursionError:
        abort(400)
    if not is_shallow(sent) or (request.path == CALLBACKS and not is_expected(sent, known)):
        abort(400)
