"""Secrets stay where they belong: in no line of a log, no word of a command, no row of the trail."""

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from werkzeug.test import Client

from dashboard.app import ROUTES
from dashboard.command import main
from dashboard.logs import Logged, keep_log
from dashboard.settings import has_password, shown_place
from dashboard.signin.accounts import Accounts
from dashboard.signin.gate import Gate
from dashboard.signin.provider_settings import ProviderSettings
from dashboard.signin.proxied import proxy_of
from dashboard.signin.sessions import Sessions
from dashboard.signin.settings import Admission
from dashboard.signin.store import open_store
from dashboard.signin.trail import trail_rows
from dashboard.signin.ways import OWN_PATHS
from tests.dashboard.small_provider import CLIENT, SmallProvider, running
from tests.dashboard.test_gate import PAGE, marked
from tests.dashboard.test_signin import _cheap

__all__ = ["_cheap"]

TOP = Path(__file__).parents[2]
PLANTED = "Zq7planted"
"""A secret; its beginning is looked for too, for a message may cut it."""

ADDRESSES = (
    *(f"mysql://u:{PLANTED}@127.0.0.1/d", f"postgresql+psycopg://u:{PLANTED}@127.0.0.1/d"),
    *(f"postgresql://u:Zq7/planted{PLANTED}@127.0.0.1:1/d", f"postgresql://u:{PLANTED}@127.0.0.1:x/d"),
    *(f"postgresql://u:{PLANTED}@127.0.0.1:1/d", f"postgresql://127.0.0.1:1/d?user=u&password={PLANTED}"),
    *(f"postgresql://u:Zq7#{PLANTED}@127.0.0.1:1/d", f"postgres://u:Zq7@{PLANTED}@127.0.0.1:1/d"),
    *(f"host=127.0.0.1 port=1 password={PLANTED}", f"postgresql://127.0.0.1:1/d?password={PLANTED}@x"),
    f"postgresql://u:{PLANTED}:{PLANTED}@[::1/d",
)


@pytest.fixture(autouse=True)
def _as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("CROSSPRESSURE_")]:
        monkeypatch.delenv(name)
    root, ours = logging.getLogger(), logging.getLogger("crosspressure")
    held, levels = root.handlers, (root.level, ours.level)
    yield
    root.handlers = held
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def _holds_none(told: str, *more: str) -> None:
    for word in (PLANTED, "Zq7", "planted", *more):
        assert word not in told, (word, told[:2_000])


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("words", [("account", "--invite", "kato"), ("settings",), ("serve",)])
def test_no_command_prints_a_password_of_an_address(
    address: str,
    words: tuple[str, ...],
    internal: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("dashboard.serving._run_gunicorn", lambda *_: None)
    rest = [str(internal)] if words == ("serve",) else []
    flag = [address] if words[0] == "account" else ["--accounts", address]
    ended = main([*words, *rest, *flag, "--debug"])
    assert ended == (2 if words != ("settings",) else 0) or words == ("serve",)
    monkeypatch.setenv("CROSSPRESSURE_ACCOUNTS", address)
    if words == ("settings",):
        main(["settings"])
    main([*words, *rest, "--such", address])
    main([address])
    _holds_none("".join(capfd.readouterr()))
    assert not [one for one in Path().iterdir() if PLANTED in one.name]


def test_places_are_shown_without_what_opens_them() -> None:
    assert shown_place("postgresql://u:p@h:5432/d?sslmode=require") == "postgresql://u@h:5432/d"
    assert shown_place("a/b.db") == "a/b.db"
    assert has_password("postgresql://u:p@h/d") and has_password("postgresql://h/d?password=p")
    assert not has_password("postgresql://u@h:5432/d?sslmode=require") and not has_password("c:/a.db")


@pytest.mark.parametrize(
    "text",
    [
        f'oidc_secret = "{PLANTED}"',
        f'oidc_secret = "{PLANTED}',
        f"oidc_secret = {PLANTED}",
        f'oidc_secret = ["{PLANTED}"]',
        f'oidc_secret = "{PLANTED}\\n"',
        f'oidc_secrt = "{PLANTED}"',
        f'accounts = "postgresql://u:{PLANTED}@127.0.0.1:1/d"\nport = 0',
        f'accounts = "postgresql://u:{PLANTED}@127.0.0.1:1/d"\nlog = "jsn"',
    ],
)
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_no_secret_of_the_settings_is_printed(
    text: str, mode: int, internal: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("dashboard.serving._run_gunicorn", lambda *_: None)
    Path("crosspressure.toml").write_text(text, encoding="utf-8")
    Path("crosspressure.toml").chmod(mode)
    for words in (["settings", "--debug"], ["account"], ["serve", str(internal)]):
        main(words)
    monkeypatch.setenv("CROSSPRESSURE_OIDC_SECRET", PLANTED)
    Path("crosspressure.toml").unlink()
    assert main(["settings"]) == 0
    told = capfd.readouterr()
    assert "oidc_secret,set," in told.out
    _holds_none("".join(told))


@pytest.mark.parametrize(
    "bent",
    [
        f'issuer = "https://u:{PLANTED}@p.example"',
        f'issuer = "https://p.example"\naddress = "https://u:{PLANTED}@h"',
        f'issuer = "https://p.example"\nsecret = "{PLANTED}"',
        f'issuer = "https://p.example"\nsecret_file = ["{PLANTED}"]',
        f'issuer = "https://p.example"\nsecret_file = "{PLANTED}"',
        f'issuer = "https://p.example"\nsecret_file = "{PLANTED}',
    ],
)
def test_no_secret_of_a_provider_is_printed(
    bent: str, internal: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rest = "" if "address" in bent else '\naddress = "https://here.example"'
    Path("oidc.toml").write_text(f'client = "c"\n{bent}{rest}\n', encoding="utf-8")
    assert main(["serve", str(internal), "--accounts", "a.db", "--oidc", "oidc.toml", "--debug"]) == 2
    told = capfd.readouterr()
    assert "oidc.toml" in told.err
    _holds_none("".join(told))


def _fails(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """What is behind the gate, and breaks with what it was sent in its words."""
    if environ["PATH_INFO"] == "/pressure":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"in"]
    raise ValueError(f"{environ.get('HTTP_COOKIE')} {environ['PATH_INFO']} {environ['QUERY_STRING']}")


class _Behind:
    """A gate with its log, all libraries at their most talkative, and what it told."""

    def __init__(self, folder: Path, **how: Any) -> None:
        self.store = open_store(folder / "accounts.db", is_new=True)
        keep_log("json")
        logging.getLogger().setLevel(logging.DEBUG)
        gate = Gate(_fails, self.store, Admission(self.store.name, **how))
        self.client = Client(Logged(gate, ROUTES | {*OWN_PATHS, "/sign-in/"}, is_each=True))

    def kept(self, folder: Path) -> str:
        """The trail in words, and the files of accounts as they are."""
        whole = b"".join(one.read_bytes() for one in sorted(folder.glob("accounts.db*")))
        return str(trail_rows(self.store)) + whole.decode("latin-1")


def test_sign_in_leaves_no_secret_anywhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    behind = _Behind(tmp_path)
    accounts, client = Accounts(behind.store), behind.client
    ticket, password = accounts.invite("kato", "analyst"), f"a sentence of {PLANTED}"
    page = client.get(f"/welcome/{ticket}?q={PLANTED}", headers=PAGE)
    mark = marked(page)
    for again in ("another", password):
        form = {"password": password, "again": again, "mark": mark}
        entered = client.post(f"/welcome/{ticket}", data=form, headers=PAGE)
    assert entered.status_code == 303
    cookie = str(entered.headers["Set-Cookie"]).partition("crosspressure=")[2].partition(";")[0]
    assert len(cookie) > 30
    assert client.get("/pressure", headers=PAGE).text == "in"
    for path in (f"/survey.csv?q={PLANTED}", f"/rules?own={PLANTED}", f"/{PLANTED}", f"/welcome/{ticket}"):
        client.get(path, headers=PAGE, buffered=True)
    client.post(f"/account?{PLANTED}", data={"mark": PLANTED}, headers=PAGE)
    other = Client(client.application)
    mark = marked(other.get("/sign-in", headers=PAGE))
    for form in (
        {"name": "kato", "password": f"wrong {PLANTED}", "mark": mark},
        {"name": password, "password": "kato", "mark": mark},
        {"name": "kato", "password": password, "mark": PLANTED},
        {"name": "kato", "password": password, "mark": mark, "next": f"/?q={PLANTED}"},
    ):
        other.post("/sign-in", data=form, headers=PAGE)
    second = accounts.reset("kato")
    for bent in (cookie, cookie[:-1] + "~", f'"{cookie}', f"{cookie}\x7f"):
        headers = {**PAGE, "Cookie": f"crosspressure={bent}", "Authorization": f"Bearer {PLANTED}"}
        Client(client.application, use_cookies=False).get("/pressure", headers=headers, buffered=True)
    kept = behind.kept(tmp_path)
    (tmp_path / "accounts.db").rename(tmp_path / "gone.db")  # accounts cannot be read any more
    broken = Client(client.application).get(f"/welcome/{second}", headers=PAGE, buffered=True)
    assert broken.status_code == 500
    told = capfd.readouterr()
    assert told.err.count('"what": "request"') >= 9 and '"error": "ValueError"' in told.err
    for one in ("".join(told), kept):
        _holds_none(one, ticket, second, cookie, mark)


def test_a_provider_leaves_no_secret_anywhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with running(SmallProvider()) as provider:
        provider.person["groups"] = ["readers"]
        roles = {"viewer": frozenset({"readers"})}
        for secret in (PLANTED, "a secret of the client"):
            told = ProviderSettings(provider.address, CLIENT, "http://localhost", secret, roles=roles)
            client = (behind := _Behind(tmp_path, provider=told)).client
            assert secret not in repr(told)
            begun = client.get(f"/sign-in/start?next=/pressure?{PLANTED}", headers=PAGE)
            back = str(requests.get(begun.location, allow_redirects=False, timeout=5).headers["Location"])
            entered = client.get(back.removeprefix("http://localhost"), headers=PAGE)
            seen = [*re.findall(r"(?:code|state|nonce)=([\w-]+)", begun.location + back)]
            client.get(f"/sign-in/back?code={PLANTED}&state={seen[0]}", headers=PAGE, buffered=True)
            client.get(f"/sign-in/back?error={PLANTED}&error_description={PLANTED}", headers=PAGE)
    assert entered.status_code == 303
    way = str(entered.headers.getlist("Set-Cookie"))
    session = way.partition("crosspressure=")[2].partition(";")[0]
    assert len(session) > 30 and len(seen) > 3
    written = "".join(capfd.readouterr())
    for one in (written, behind.kept(tmp_path)):
        _holds_none(one, session, "a secret of the client", *seen)


def test_a_proxy_leaves_no_secret_anywhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    behind = _Behind(tmp_path, proxy=proxy_of("127.0.0.1", "X-Remote-User"))
    Accounts(behind.store).invite("kato", "analyst")
    for who in ("kato", PLANTED, f"kato\x7f{PLANTED}", ""):
        headers = {"X-Remote-User": who, "X-Forwarded-For": PLANTED, "Cookie": f"crosspressure={PLANTED}"}
        for path in ("/pressure", f"/survey.csv?{PLANTED}"):
            behind.client.get(path, headers={**PAGE, **headers}, buffered=True)
    _holds_none("".join(capfd.readouterr()))
    rows = [{**row, "place": ""} for row in trail_rows(behind.store)]
    _holds_none(str(rows))


@pytest.mark.skipif(sys.platform == "win32", reason="waitress is stopped another way")
def test_a_server_with_accounts_says_no_secret(internal: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.db", is_new=True)
    ticket = Accounts(store).invite("kato", "viewer")
    made = Accounts(store).open(Accounts(store).invite("sato", "viewer"), f"a sentence of {PLANTED}")
    token = Sessions(store).begin(made, "here")  # type: ignore[arg-type]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "dashboard.command", "serve", str(internal), "--log", "json"]
    around = os.environ | {"PYTHONPATH": str(TOP), "CROSSPRESSURE_OIDC_SECRET": PLANTED}
    command += ["--accounts", str(tmp_path / "a.db"), "--port", str(port)]
    with subprocess.Popen(
        command, env=around, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        until = time.monotonic() + 240
        while not _sent(port, b"GET /readyz HTTP/1.0\r\n\r\n") and time.monotonic() < until:
            time.sleep(0.2)
        cookie = f"Cookie: crosspressure={token}\r\n".encode()
        asked = [
            _sent(port, line + b"\r\nHost: h\r\n" + cookie + b"\r\n")
            for line in (
                b"GET /pressure HTTP/1.0",
                f"GET /welcome/{ticket}?{PLANTED} HTTP/1.0".encode(),
                f"GET /{PLANTED} HTTP/1.0".encode(),
                f"{PLANTED} / HTTP/1.0".encode(),
                f"GET /{PLANTED} {PLANTED} HTTP/1.0".encode(),
                f"GET /{quote(PLANTED)}\xff HTTP/9.{PLANTED}".encode("latin-1"),
                b"GET / HTTP/1.0\r\n" + PLANTED.encode(),
                b"GET / HTTP/1.0\r\nCookie : " + PLANTED.encode(),
                b"POST /sign-in HTTP/1.0\r\nContent-Length: " + PLANTED.encode(),
                b"GET /" + PLANTED.encode() * 2_000 + b" HTTP/1.0",
            )
        ]
        run.send_signal(signal.SIGTERM)
        told = b"".join(run.communicate(timeout=60)).decode("utf-8", "replace")
    assert b" 200 " in asked[0][:20] and b" 200 " in asked[1][:20]
    assert told.count('"what": "request"') >= 3
    _holds_none(told, ticket, token)


def _sent(port: int, request: bytes) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.sendall(request)
            return line.recv(4_096)
    except OSError:
        return b""
