"""What is said where a request is not answered: a sentence in the language asked for, no reason of ours."""

import html
import logging

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from dashboard.access import plain_headers
from dashboard.payloads import MOST_LETTERS
from dashboard.selection import View, look_of, read_address
from dashboard.wording import LANGUAGES, say

__all__ = ["asked_view", "raw_refusal", "refusal_page", "say_refusals"]

_LOG = logging.getLogger("crosspressure.dashboard")

_KEYS = {
    **{404: "frame.not_found", 413: "frame.too_large", 414: "frame.too_long", 500: "frame.broken"},
    **{503: "signin.too_many"},
}
"""Status to the key of its sentence; any other has `frame.not_understood`."""

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}"><head><meta charset="utf-8"><title>{words}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/look.css"><link rel="stylesheet" href="/assets/start.css"></head>
<body><div class="sheet gate"><header class="top"><p class="brand">{product}</p></header>
<main id="content"><h1>{words}</h1><p><a href="/?{look}">{way}</a></p></main></div></body></html>"""


def asked_view() -> View:
    """The View that the address of the request asks for; of one that is too long, what its beginning asks."""
    return read_address(request.query_string.decode("utf-8", "replace")[: MOST_LETTERS - 1])


def say_refusals(server: Flask, *absent: type[Exception]) -> None:
    """Answer what is refused, and what fails, with a page of ours; a callback gets the sentence alone.

    `absent` are errors by which a library says that there is no such file.
    """

    def refused(error: HTTPException) -> tuple[str | Response, int]:
        return _told(error.code or 500)

    def broken(error: Exception) -> tuple[str | Response, int]:
        _LOG.error("a request failed", exc_info=error)
        return _told(500)

    for kind in absent:
        server.register_error_handler(kind, lambda _: _told(404))
    server.register_error_handler(HTTPException, refused)
    server.register_error_handler(Exception, broken)


def raw_refusal(status: int) -> bytes:
    """A whole answer to what could not be read as a request, in every language.

    Parameters
    ----------
    status : int
        414 says that an address is too long, 503 that too much is asked at once.
    """
    key = _KEYS.get(status, "frame.not_understood")
    said = [(lang, html.escape(say(lang, key))) for lang in LANGUAGES]
    ways = [(lang, html.escape(say(lang, "frame.go_briefing"))) for lang in LANGUAGES]
    told = "".join(f'<p lang="{lang}">{words}</p>' for lang, words in said)
    links = " ".join(f'<a lang="{lang}" href="/?lang={lang}">{words}</a>' for lang, words in ways)
    page = (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGES[0]}" data-theme="system"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<title>{said[0][1]}</title><link rel="icon" href="/assets/mark.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/assets/look.css">'
        '<link rel="stylesheet" href="/assets/start.css"></head><body><div class="sheet gate">'
        f'<header class="top"><p class="brand">{html.escape(say(LANGUAGES[0], "frame.product"))}</p></header>'
        f'<main id="content">{told}<p class="ways">{links}</p></main></div></body></html>'
    ).encode()
    lines = [f"HTTP/1.1 {status} {HTTP_STATUS_CODES[status]}", "Connection: close"]
    lines += ["Content-Type: text/html; charset=utf-8", f"Content-Length: {len(page)}"]
    lines += [f"{name}: {value}" for name, value in plain_headers().items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + page


def _told(status: int) -> tuple[str | Response, int]:
    view = asked_view()
    words = say(view.lang, _KEYS.get(status, "frame.not_understood"))
    if request.method not in ("GET", "HEAD"):
        return Response(words + "\n", mimetype="text/plain"), status
    return refusal_page(view, words), status


def refusal_page(view: View, words: str) -> str:
    """A page that says a sentence, and the way to the first page."""
    way = html.escape(say(view.lang, "frame.go_briefing"))
    product = html.escape(say(view.lang, "frame.product"))
    look = html.escape(look_of(view))
    return _PAGE.format(
        lang=view.lang, theme=view.theme, look=look, words=html.escape(words), way=way, product=product
    )
