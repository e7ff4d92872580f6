"""Who may ask for what: known routes only, and headers that keep the page on this server."""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, request

from dashboard.payloads import MOST_LETTERS, is_expected, is_shallow

__all__ = ["ACCOUNT", "CALLBACKS", "HEALTH", "PARTS", "READY", "RELEASE", "guard", "plain_headers", "policy"]

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

_INLINE = re.compile(rb"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)
_DATA_BLOCK = re.compile(rb"type=[\"']application/json[\"']")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}


def policy(page: bytes = b"") -> str:
    """Content security policy of a response: this host only, and the inline scripts of the page by hash.

    Parameters
    ----------
    page : bytes
        HTML of the response; empty for anything else.
    """
    hashes = sorted(
        {
            "'sha256-" + base64.b64encode(hashlib.sha256(script).digest()).decode() + "'"
            for attributes, script in _INLINE.findall(page)
            if not _DATA_BLOCK.search(attributes)
        }
    )
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def plain_headers() -> dict[str, str]:
    """Headers of an answer that runs no script and is kept by nobody."""
    return {**_HEADERS, "Content-Security-Policy": policy(), "Cache-Control": "no-store"}


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
        is_page = response.mimetype == "text/html" and not response.direct_passthrough
        response.headers["Content-Security-Policy"] = policy(response.get_data() if is_page else b"")
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
