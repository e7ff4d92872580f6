"""The gate before a Release: whoever has no session gets a page to sign in, and nothing else."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.wrappers import Request, Response

from dashboard.access import ACCOUNT, HEALTH, READY, RELEASE, plain_headers
from dashboard.briefs import BRIEFS
from dashboard.downloads import DOWNLOADS
from dashboard.own import OWN_STEPS
from dashboard.refusals import refusal_page
from dashboard.selection import look_of, read_address
from dashboard.signin.accounts import Accounts, written_hash
from dashboard.signin.crowding import Crowding, cost_of
from dashboard.signin.forms import sign_in_site
from dashboard.signin.people import Account
from dashboard.signin.provider import Provider
from dashboard.signin.sessions import Sessions
from dashboard.signin.settings import Admission
from dashboard.signin.store import Store
from dashboard.signin.trail import add_to_trail
from dashboard.signin.ways import OWN_PATHS, is_from_here
from dashboard.wording import say

__all__ = ["Gate"]

_TOLD_ALL = frozenset({HEALTH, READY})
"""Paths that anybody may ask, the proxy or not: they tell a word."""

_OPEN = frozenset({"/assets/look.css", "/assets/start.css", "/assets/mark.svg"})
"""Paths without a session: how the page to sign in looks."""

_KEYS = {401: "not_signed_in", 403: "not_from_here", 429: "too_many"}
"""Status to the key of its sentence."""

_TAKEN = frozenset([*DOWNLOADS, *BRIEFS])
"""Paths whose answers are files to take away: an analyst's, and on the trail."""

_SECURE, _PLAIN = "__Host-crosspressure", "crosspressure"
"""Name of the cookie; with `__Host-` a browser takes it from this host alone, over HTTPS."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI application."""


class Gate:
    """A WSGI application before another: deny by default, on every path.

    Parameters
    ----------
    inner : WSGI application
        What is behind the gate.
    store : Store
    admission : Admission
        How people come: by HTTPS or not, through a proxy or not.
    """

    def __init__(self, inner: Application, store: Store, admission: Admission) -> None:
        self._inner = inner
        self._store = store
        self._proxy = admission.proxy
        self._cookie = _SECURE if admission.is_secure else _PLAIN
        self._crowding = Crowding()
        self._accounts, self._sessions = Accounts(store), Sessions(store)
        self._own: Flask = sign_in_site(
            store,
            self._accounts,
            self._sessions,
            cookie=self._cookie,
            is_secure=admission.is_secure,
            provider=Provider(admission.provider) if admission.provider else None,
        )

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, or let it through with its account."""
        asked = Request(environ)
        proxy = self._proxy
        place = proxy.place(asked) if proxy else (asked.remote_addr or "")
        environ["crosspressure.place"] = place
        environ.pop(ACCOUNT, None)
        if asked.path in _TOLD_ALL and asked.method in ("GET", "HEAD"):
            return self._state(asked, place, environ, start_response)
        if proxy is not None and not proxy.is_believed(asked.remote_addr or ""):
            return self._refuse(asked, 403, environ, start_response)
        token = asked.cookies.get(self._cookie, "")
        account = self._who(asked, token)
        bucket = self._bucket(account, token, place)
        if self._crowding.is_too_many(bucket, cost_of(asked.method, asked.path)):
            return self._refuse(asked, 429, environ, start_response)
        if asked.method not in ("GET", "HEAD") and not is_from_here(asked):
            return self._refuse(asked, 403, environ, start_response)
        if account is not None:
            environ[ACCOUNT] = account
        if asked.path.startswith(OWN_PATHS):
            return self._own(environ, start_response)
        if asked.path in _OPEN and asked.method in ("GET", "HEAD"):
            return self._inner(environ, start_response)
        if account is None:
            return self._ask(asked, environ, start_response)
        if asked.path in _TAKEN:
            if account.role != "analyst":
                return self._refuse(asked, 403, environ, start_response, key="not_yours")
            return self._noted(asked, account, "exported", environ, start_response)
        if asked.path == OWN_STEPS:
            return self._noted(asked, account, "scenario tried", environ, start_response)
        return self._inner(environ, start_response)

    def _state(
        self, asked: Request, place: str, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """That the server runs, or is ready: it is not where accounts cannot be read."""
        if self._crowding.is_too_many(place):
            return self._refuse(asked, 429, environ, start_response)
        if asked.path == READY and not self._store.is_reached():
            answer = Response("not ready\n", status=503, mimetype="text/plain", headers=plain_headers())
            return answer(environ, start_response)
        return self._inner(environ, start_response)

    def _bucket(self, account: Account | None, token: str, place: str) -> str:
        """Under what requests are counted: a made-up cookie is no bucket of its own."""
        if account is None:
            return place
        return account.name if self._proxy is not None and self._proxy.header else token

    def _who(self, asked: Request, token: str) -> Account | None:
        proxy = self._proxy
        if proxy is None or not proxy.header:
            return self._sessions.find(token)
        name = proxy.name(asked)
        return self._accounts.find(name) if name else None

    def _ask(
        self, asked: Request, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Send a reader of pages to sign in; tell everything else that it may not."""
        wants_page = asked.method == "GET" and "text/html" in asked.headers.get("Accept", "")
        if not wants_page or (self._proxy is not None and self._proxy.header):
            return self._refuse(asked, 401, environ, start_response)
        look = look_of(read_address(asked.query_string.decode("utf-8", "replace")[:1000]))
        way = asked.full_path.rstrip("?")[:2000]
        answer = Response(status=303, headers={"Location": f"/sign-in?{look}&next={quote(way, safe='')}"})
        answer.headers.update(plain_headers())
        return answer(environ, start_response)

    def _noted(
        self,
        asked: Request,
        account: Account,
        act: str,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
    ) -> Iterable[bytes]:
        """An answer that is on the trail before a byte of it leaves; a scenario by the hash of its text."""
        place = str(environ["crosspressure.place"])
        own = read_address(asked.query_string.decode("utf-8", "replace")).own if act != "exported" else ""
        what = f" {written_hash(own)[:16]}" if own else ""

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if status.startswith("200"):
                release = next((value for name, value in headers if name == RELEASE), "")
                about = f"{asked.path}{what} of {release}"
                with self._store.writing() as connection:
                    add_to_trail(connection, account.name, act, about, place, at=self._accounts.now())
            return start_response(status, headers, *rest)

        return self._inner(environ, note)

    def _refuse(
        self,
        asked: Request,
        status: int,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        *,
        key: str = "",
    ) -> Iterable[bytes]:
        """A status and a sentence; nothing of what is behind the gate."""
        view = read_address(asked.query_string.decode("utf-8", "replace")[:1000])
        words = say(view.lang, f"signin.{key or _KEYS[status]}")
        if asked.method == "GET" and "text/html" in asked.headers.get("Accept", ""):
            answer = Response(refusal_page(view, words), status=status, mimetype="text/html")
        else:
            answer = Response(words + "\n", status=status, mimetype="text/plain")
        if status == 429:
            answer.headers["Retry-After"] = "2"
        for name, value in plain_headers().items():
            answer.headers[name] = value
        return answer(environ, start_response)
