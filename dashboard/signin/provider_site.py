"""Signing in through a provider: the page that leads there, and what is made of who comes back."""

import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from flask import Flask, Response, request

from dashboard.refusals import asked_view
from dashboard.selection import View, read_address
from dashboard.signin.handing import LASTS, begin_round, round_of
from dashboard.signin.people import Account
from dashboard.signin.provider import BACK, Provider
from dashboard.signin.provider_settings import ProviderFault
from dashboard.signin.sheets import provider_sheet
from dashboard.signin.store import Store
from dashboard.signin.vouching import admit
from dashboard.signin.ways import as_chosen, own_way
from dashboard.wording import LANGUAGES, say

__all__ = ["offer_provider"]

_STATUS = {
    "provider_too_old": 400,
    "provider_failed": 502,
    "provider_no_email": 403,
    "provider_stays_out": 403,
}
"""Key of a sentence to the status it is told with."""


def offer_provider(
    server: Flask,
    provider: Provider,
    store: Store,
    key: bytes,
    *,
    cookie: str,
    put: Callable[[Response, str, str, float], None],
    enter: Callable[[Account, str], Response],
) -> None:
    """Answer the paths of signing in through a provider, in the place of names and passwords.

    Parameters
    ----------
    key : bytes
        What rounds are signed with.
    cookie : str
        Name of the cookie of a round.
    put : callable
        Puts a cookie on an answer: name, value, seconds.
    enter : callable
        Begins the session of an account and leads on.
    """

    def sheet(view: View, wrong: str = "", *, way: str = "/", out: str = "") -> Response:
        words = say(view.lang, f"signin.{wrong}") if wrong else ""
        page = provider_sheet(view, way, words, out)
        answer = Response(page, status=_STATUS.get(wrong, 200), mimetype="text/html")
        return answer

    def forget(answer: Response) -> Response:
        put(answer, cookie, "", 0)
        return answer

    def way_out(view: View) -> str:
        try:
            return provider.way_out(view.lang)
        except ProviderFault:
            return ""

    @server.get("/sign-in")
    def ask() -> Response:
        view, is_out = asked_view(), request.args.get("out") == "1"
        return sheet(view, way=own_way(request.args.get("next", "/")), out=way_out(view) if is_out else "")

    @server.get("/sign-in/start")
    def start() -> Response:
        view, way = asked_view(), own_way(request.args.get("next", "/"))[:2000]
        one = begin_round(key, as_chosen(way, view.lang if "lang" in request.args else "", view.theme))
        try:
            there = provider.way_there(one, view.lang)
        except ProviderFault:
            return sheet(view, "provider_failed", way=one.way)
        answer = Response(status=303, headers={"Location": there})
        put(answer, cookie, one.cookie, LASTS)
        return answer

    @server.get(BACK)
    def back() -> Response:
        one = round_of(key, request.cookies.get(cookie, ""))
        if one is None or request.args.getlist("state") != [one.state]:
            return sheet(_browsers_view(), "provider_too_old")
        view = read_address(urlsplit(one.way).query)
        issuer = request.args.get("iss", provider.settings.issuer)
        codes = request.args.getlist("code")
        if issuer != provider.settings.issuer or len(codes) != 1 or "error" in request.args:
            return forget(sheet(view, "provider_failed", way=one.way))
        place = str(request.environ.get("crosspressure.place", ""))
        try:
            claims = provider.claims(codes[0], one)
        except ProviderFault:
            return forget(sheet(view, "provider_failed", way=one.way))
        found = admit(store, provider.settings, claims, place=place, at=time.time())
        if isinstance(found, str):
            wrong = "provider_no_email" if found == "no_email" else "provider_stays_out"
            return forget(sheet(view, wrong, way=one.way, out=way_out(view)))
        return forget(enter(found, one.way))


def _browsers_view() -> View:
    """What the address asks for; where it names no language, that of the browser."""
    view, lang = asked_view(), request.accept_languages.best_match(LANGUAGES)
    return replace(view, lang=lang) if lang and "lang" not in request.args else view
