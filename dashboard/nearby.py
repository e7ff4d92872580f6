"""What nobody signs in to, and is not for everybody, is shown under names of this machine alone."""

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from werkzeug.wrappers import Response

from dashboard.access import HEALTH, READY, plain_headers
from dashboard.refusals import refusal_page
from dashboard.selection import read_address
from dashboard.wording import say

__all__ = ["Nearby", "is_loopback"]

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI application."""


def is_loopback(host: str) -> bool:
    """Whether an address reaches only this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Nearby:
    """A WSGI application before another that listens on loopback and asks nobody to sign in.

    A page from elsewhere can have its own name lead to this machine once it is open (DNS rebinding): its
    requests then come from here and count as its own. They bear that name, and are refused; so are those
    that a proxy hands on from elsewhere.

    Parameters
    ----------
    inner : WSGI application
    is_open : callable
        Whether what is shown now is for everybody.
    """

    def __init__(self, inner: Application, is_open: Callable[[], bool]) -> None:
        self._inner = inner
        self._is_open = is_open

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or say under which name this server is to be asked."""
        path, host = str(environ.get("PATH_INFO", "")), str(environ.get("HTTP_HOST", ""))
        if _is_ours(host) or path in (HEALTH, READY) or self._is_open():
            return self._inner(environ, start_response)
        view = read_address(str(environ.get("QUERY_STRING", ""))[:1000])
        page = refusal_page(view, say(view.lang, "signin.not_this_name"))
        answer = Response(page, status=421, mimetype="text/html", headers=plain_headers())
        return answer(environ, start_response)


def _is_ours(host: str) -> bool:
    """Whether what a request calls this server is a name of this machine; what names none is no browser's."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    name = name.lower().removesuffix(".")
    return not host or name.endswith(".localhost") or is_loopback(name)
