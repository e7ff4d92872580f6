"""Who may ask what: a server behind its gate, as seen by nobody, a viewer, an analyst and a tamperer;
and one of another audience's Release."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from werkzeug.test import Client, TestResponse

from dashboard.access import CALLBACKS, plain_headers
from dashboard.app import make_app
from dashboard.benchmarked import BENCHMARK_POSTS
from dashboard.briefs import BRIEFS
from dashboard.downloads import DOWNLOADS
from dashboard.own import OWN_STEPS
from dashboard.pages.frame import PAGES
from dashboard.signin.accounts import Accounts
from dashboard.signin.crowding import Crowding
from dashboard.signin.gate import Gate
from dashboard.signin.people import Account
from dashboard.signin.sessions import Sessions
from dashboard.signin.settings import Admission
from dashboard.signin.store import Store, open_store
from tests.dashboard.made_up import SECRET
from tests.dashboard.probes import LEAKS

__all__ = ["OTHER", "PATHS", "WHO", "Elsewhere", "Guarded", "faults_of"]

FILES = (*DOWNLOADS, *BRIEFS)
GATES = ("/sign-in", "/sign-out", "/account", "/welcome/made-up", "/sign-in/start", "/sign-in/back")
ODD = (
    *(
        "/nothing",
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/..%2f..%2fetc/passwd",
        "//etc/passwd",
    ),
    *(
        "/_dash-component-suites/dash/../../../etc/passwd",
        "/_dash-component-suites/os/x.js",
        "/assets//etc/passwd",
    ),
    *(
        "/sign-in/../pressure",
        "/welcome/../../pressure",
        "/assets/look.css/..",
        "/\x00",
        "/assets/look.css%00.js",
    ),
    *("/_reload-hash", "/_alive_0", "/console", "/static/x", "/.env", "/accounts.db", "/data/manifest.json"),
)
PATHS = (
    *(path for _, path in PAGES),
    *(*FILES, *BENCHMARK_POSTS, OWN_STEPS, CALLBACKS, "/_dash-layout", "/_dash-dependencies", "/healthz"),
    *("/_favicon.ico", "/assets/look.css", "/assets/address.js", *GATES, *ODD),
)
"""Every path the server knows, and some it must not."""

WHO = ("nobody", "tamperer", "viewer", "analyst")
OTHER = "other audience"
"""Who reads another Release, in which no firm is."""


class Guarded:
    """An internal Release behind the gate, and a client for each who.

    Parameters
    ----------
    release, folder : Path
        The Release, and where accounts go.
    """

    def __init__(self, release: Path, folder: Path) -> None:
        self.store: Store = open_store(folder / "accounts.db", is_new=True)
        accounts, sessions = Accounts(self.store), Sessions(self.store)
        self.app = make_app(release)
        self.gate = Gate(self.app.server, self.store, Admission("accounts.db"))
        self.gate._crowding = Crowding(1e9, 1e9)  # the prober is a crowd
        self.client = Client(self.gate, use_cookies=False)  # a sign-out takes nothing from who comes next
        self.cookies = {"nobody": ""}
        for who in ("viewer", "analyst"):
            accounts.open(accounts.invite(who, who), "a sentence nobody knows")
            self.cookies[who] = sessions.begin(Account(who, who, "open"), "here")
        self.cookies["tamperer"] = self.cookies["viewer"][:-1] + "~"

    def ask(self, who: str, method: str, path: str, **how: Any) -> TestResponse:
        """One request as a browser of ours sends it, unless `headers` say otherwise."""
        mine = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
        if self.cookies[who]:
            mine["Cookie"] = f"crosspressure={self.cookies[who]}"
        headers = {**mine, **how.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **how)


class Elsewhere:
    """A Release of another audience, open to who comes, and a client of its server.

    Parameters
    ----------
    release : Path
    """

    def __init__(self, release: Path) -> None:
        self.app = make_app(release)
        self.client = Client(self.app.server, use_cookies=False)

    def ask(self, who: str, method: str, path: str, **how: Any) -> TestResponse:
        """One request as a browser of ours sends it, unless `headers` say otherwise."""
        headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", **how.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **how)


def faults_of(who: str, method: str, path: str, answer: TestResponse) -> Iterator[str]:
    """What is wrong with an answer: a failure, a missing header, something told to the wrong person."""
    told = f"{method} {path} as {who}: {answer.status_code}"
    if answer.status_code >= 500:
        yield f"{told}: a failure"
    plain = plain_headers()
    for name in set(plain) - {"Content-Security-Policy", "Cache-Control"}:
        if answer.headers.get(name) != plain[name]:
            yield f"{told}: {name} is {answer.headers.get(name)!r}"
    policy = answer.headers.get("Content-Security-Policy", "")
    if (
        "frame-ancestors 'none'" not in policy
        or "default-src 'none'" not in policy
        or "'unsafe-eval'" in policy
    ):
        yield f"{told}: policy {policy!r}"
    if "unsafe-inline" in policy:
        yield f"{told}: scripts or styles of the page itself"
    body = answer.get_data().decode("utf-8", "replace")
    if answer.status_code >= 400 or (len(body) < 2_000 and answer.mimetype == "application/json"):
        yield from (f"{told}: tells {word!r}" for word in LEAKS if word in body)
    if who == OTHER and SECRET in body:
        yield f"{told}: tells of a firm"
    if who in ("nobody", "tamperer") and (
        SECRET in body or (answer.status_code == 200 and not _is_open(path))
    ):
        yield f"{told}: answered"
    if who == "viewer" and path.partition("?")[0] in FILES and answer.status_code == 200:
        yield f"{told}: a file"


def _is_open(path: str) -> bool:
    path = path.partition("?")[0]
    return path in (
        "/healthz",
        "/readyz",
        "/assets/look.css",
        "/assets/start.css",
        "/assets/mark.svg",
        "/sign-in",
    )
