"""Pages of the gate: sign in, open an account, see one's sessions; plain forms that need no script."""

import hashlib
import hmac
import secrets
from collections.abc import Callable

import sqlalchemy as sql
from flask import Flask, Response, request

from dashboard.access import plain_headers
from dashboard.refusals import asked_view, say_refusals
from dashboard.selection import look_of
from dashboard.signin.accounts import Accounts, Refused
from dashboard.signin.passwords import FEWEST_LETTERS
from dashboard.signin.people import Account
from dashboard.signin.provider import Provider
from dashboard.signin.provider_site import offer_provider
from dashboard.signin.sessions import LONGEST, Sessions
from dashboard.signin.sheets import account_sheet, sign_in_sheet, welcome_sheet
from dashboard.signin.store import Store
from dashboard.signin.tables import SECRETS
from dashboard.signin.ways import as_chosen, own_way
from dashboard.wording import say

__all__ = ["sign_in_site"]

_MOST_BYTES = 8 * 1024
_SEED_LASTS = 3600


def sign_in_site(
    store: Store,
    accounts: Accounts,
    sessions: Sessions,
    *,
    cookie: str,
    is_secure: bool,
    provider: Provider | None = None,
) -> Flask:
    """The application behind `OWN_PATHS`.

    Parameters
    ----------
    store : Store
        Holds the key that forms are signed with.
    cookie : str
        Name of the cookie of a session.
    is_secure : bool
        Whether cookies say that they go over HTTPS alone.
    provider : Provider, optional
        Who vouches for people, in the place of passwords.
    """
    server = Flask("signin", static_folder=None)
    server.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    server.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    seed_cookie = f"{cookie}-form"
    with store.reading() as connection:
        key = bytes.fromhex(
            connection.execute(sql.select(SECRETS.c.value).where(SECRETS.c.name == "forms")).scalar_one()
        )

    def mark(seed: str) -> str:
        return hmac.new(key, seed.encode(), hashlib.sha256).hexdigest()

    def put(answer: Response, name: str, value: str, seconds: float) -> None:
        answer.set_cookie(
            name, value, max_age=int(seconds), path="/", secure=is_secure, httponly=True, samesite="Lax"
        )

    def sheet(make: Callable[[str], str], status: int = 200) -> Response:
        """A page with a form, whose mark fits a cookie sent with it."""
        seed = request.cookies.get(seed_cookie) or secrets.token_urlsafe(24)
        answer = Response(make(mark(seed)), status=status, mimetype="text/html")
        put(answer, seed_cookie, seed, _SEED_LASTS)
        return answer

    def is_marked() -> bool:
        seed = request.cookies.get(seed_cookie, "")
        return bool(seed) and hmac.compare_digest(request.form.get("mark", ""), mark(seed))

    def go(way: str) -> Response:
        return Response(status=303, headers={"Location": way})

    def here() -> str:
        return str(request.environ.get("crosspressure.place", ""))

    def signed_in(account: Account, way: str) -> Response:
        sessions.end(request.cookies.get(cookie, ""), here())  # what this browser had goes with its cookie
        answer = go(way)
        put(answer, cookie, sessions.begin(account, here()), LONGEST)
        answer.delete_cookie(seed_cookie, path="/", secure=is_secure, httponly=True, samesite="Lax")
        return answer

    def offer_passwords() -> None:
        @server.get("/sign-in")
        def ask() -> Response:
            return sheet(
                lambda made: sign_in_sheet(asked_view(), made, own_way(request.args.get("next", "/")))
            )

        @server.post("/sign-in")
        def sign_in() -> Response:
            view, way = asked_view(), own_way(request.form.get("next", "/"))
            if not is_marked():
                words, status = say(view.lang, "signin.too_old"), 400
            else:
                name, password = request.form.get("name", ""), request.form.get("password", "")
                found = accounts.sign_in(name, password, here())
                if not isinstance(found, Refused):
                    lang = view.lang if "lang" in request.args else ""
                    return signed_in(found, as_chosen(way, lang, view.theme))
                words, status = _refused_words(view.lang, found), 403
            return sheet(lambda made: sign_in_sheet(view, made, way, words), status)

        @server.get("/welcome/<ticket>")
        def welcome(ticket: str) -> Response:
            view, account = asked_view(), accounts.welcomed(ticket)
            words = "" if account else say(view.lang, "signin.no_ticket")
            return sheet(lambda made: welcome_sheet(view, made, account, words), 200 if account else 404)

        @server.post("/welcome/<ticket>")
        def open_account(ticket: str) -> Response:
            view, account = asked_view(), accounts.welcomed(ticket)
            password = request.form.get("password", "")
            if account is None or not is_marked():
                words = say(view.lang, "signin.too_old" if account else "signin.no_ticket")
            elif password != request.form.get("again", ""):
                words = say(view.lang, "signin.not_alike")
            else:
                made = accounts.open(ticket, password, here())
                if isinstance(made, Account):
                    return signed_in(made, f"/?{look_of(view)}")
                words = say(view.lang, f"signin.why_{made}", fewest=FEWEST_LETTERS)
            return sheet(lambda made: welcome_sheet(view, made, account, words), 400)

    if provider is None:
        offer_passwords()
    else:
        offer_provider(server, provider, store, key, cookie=f"{cookie}-way", put=put, enter=signed_in)

    @server.post("/sign-out")
    def sign_out() -> Response:
        if is_marked():
            sessions.end(request.cookies.get(cookie, ""), here())
        answer = go(f"/sign-in?{look_of(asked_view())}" + ("&out=1" if provider else ""))
        answer.delete_cookie(cookie, path="/", secure=is_secure, httponly=True, samesite="Lax")
        return answer

    @server.get("/account")
    def mine() -> Response:
        view, account = asked_view(), sessions.find(request.cookies.get(cookie, ""))
        if account is None:
            return go(f"/sign-in?{look_of(view)}&next=/account")
        rows = sessions.of(account.name)
        return sheet(lambda made: account_sheet(view, made, account, rows))

    @server.post("/account")
    def end_all() -> Response:
        account = sessions.find(request.cookies.get(cookie, ""))
        if account is not None and is_marked():
            sessions.end_of(account.name, who=account.name, place=here())
        return go(f"/sign-in?{look_of(asked_view())}")

    @server.after_request
    def send_headers(answer: Response) -> Response:
        for name, value in plain_headers().items():
            answer.headers[name] = value
        return answer

    say_refusals(server)
    return server


def _refused_words(lang: str, found: Refused) -> str:
    if found.wait <= 0:
        return say(lang, "signin.wrong")
    minutes = max(1, -int(-found.wait // 60))
    return say(lang, "signin.wait", minutes=minutes)
