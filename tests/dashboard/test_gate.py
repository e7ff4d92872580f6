"""The gate: nothing behind it is answered without a session, whatever is asked and however."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from werkzeug.test import Client, TestResponse

from dashboard.access import ACCOUNT, HEALTH, READY, RELEASE
from dashboard.briefs import BRIEFS
from dashboard.downloads import DOWNLOADS
from dashboard.own import OWN_STEPS
from dashboard.pages.frame import PAGES
from dashboard.pages.start import start_site
from dashboard.signin.accounts import Accounts, written_hash
from dashboard.signin.crowding import Crowding
from dashboard.signin.gate import Gate
from dashboard.signin.proxied import proxy_of
from dashboard.signin.settings import Admission, admission_of
from dashboard.signin.store import Store, open_store
from dashboard.signin.trail import trail_rows
from survey import Fault
from tests.dashboard.test_signin import PASSWORD, _cheap

__all__ = ["_cheap"]

BEHIND = b"S001 had to choose"
PAGE = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = open_store(tmp_path / "accounts.db", is_new=True)
    accounts = Accounts(made)
    for name, role in (("kato", "analyst"), ("sato", "viewer")):
        accounts.open(accounts.invite(name, role), PASSWORD)
    return made


def inner(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """What must not be seen; says whose request it was."""
    account = environ.get(ACCOUNT)
    start_response("200 OK", [("Content-Type", "text/plain"), (RELEASE, "abc123")])
    return [BEHIND, b" asked by ", (account.name if account else "nobody").encode()]


def gate(store: Store, **how: Any) -> Client:
    return Client(Gate(inner, store, Admission("accounts.db", **how)))


def marked(page: TestResponse) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]{64})"', page.text)
    assert found
    return found.group(1)


def sign_in(client: Client, name: str = "kato", password: str = PASSWORD, **form: str) -> TestResponse:
    mark = marked(client.get("/sign-in", headers=PAGE))
    return client.post(
        "/sign-in", data={"name": name, "password": password, "mark": mark, **form}, headers=PAGE
    )


HIDDEN = (
    *(path for _, path in PAGES),
    *(*DOWNLOADS, *BRIEFS),
    *("/_dash-layout", "/_dash-dependencies", "/_dash-update-component", "/_favicon.ico"),
    *("/assets/look.js", "/_dash-component-suites/dash/x.js", "/benchmark/answers", "/nothing"),
    *("/sign-in/../pressure", "/assets/look.css/..", "//pressure", "/welcome"),
)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_nobody_sees_what_is_behind(store: Store, method: str) -> None:
    client = gate(store)
    for path in HIDDEN:
        for headers in (PAGE, {}, {"Cookie": "crosspressure=made-up"}, {"X-Remote-User": "kato"}):
            answer = client.open(path, method=method, headers=headers)
            assert answer.status_code in (303, 401, 403, 404, 405, 429), path
            assert BEHIND not in answer.data, path


def test_a_reader_is_sent_to_sign_in_and_back(store: Store) -> None:
    client = gate(store)
    sent = client.get("/pressure?firm=S001&lang=ja", headers=PAGE)
    assert sent.status_code == 303
    assert "lang=ja" in sent.location
    way = unquote(sent.location.partition("next=")[2])
    back = sign_in(client, next=way)
    assert (back.status_code, back.location) == (303, "/pressure?firm=S001&lang=ja")
    assert client.get(way, headers=PAGE).data == BEHIND + b" asked by kato"


def test_language_and_theme_go_with_a_reader_through_the_gate(store: Store) -> None:
    look, said = "lang=ja&theme=dark", 'data-theme="dark"'
    client = gate(store)
    sent = client.get(f"/pressure?{look}", headers=PAGE)
    assert sent.location.startswith(f"/sign-in?{look}&next=")
    page = client.get(sent.location, headers=PAGE)
    assert said in page.text
    data = {"name": "kato", "password": PASSWORD, "mark": marked(page), "next": "/method"}
    assert client.post(f"/sign-in?{look}", data=data, headers=PAGE).location == f"/method?{look}"
    mine = client.get(f"/account?{look}", headers=PAGE)
    kept = look.replace("&", "&amp;")
    for way in (f'href="/?{kept}"', f'action="/account?{kept}"', f'action="/sign-out?{kept}"'):
        assert way in mine.text, way
    out = client.post(f"/sign-out?{look}", data={"mark": marked(mine)}, headers=PAGE)
    assert out.location == f"/sign-in?{look}"
    refused = client.get(f"/survey.csv?{look}", headers=PAGE | {"Cookie": ""})
    assert said in client.get(refused.location, headers=PAGE).text


def test_an_invitation_opens_the_dashboard_in_the_theme_chosen(store: Store) -> None:
    ticket = Accounts(store).invite("ito", "viewer")
    client, look = gate(store), "lang=ja&theme=dark"
    page = client.get(f"/welcome/{ticket}?{look}", headers=PAGE)
    data = {"mark": marked(page), "password": PASSWORD, "again": PASSWORD}
    opened = client.post(f"/welcome/{ticket}?{look}", data=data, headers=PAGE)
    assert (opened.status_code, opened.location) == (303, f"/?{look}")
    used = client.get(f"/welcome/{ticket}?{look}", headers=PAGE)
    assert used.status_code == 404 and 'href="/sign-in?lang=ja&amp;theme=dark"' in used.text


@pytest.mark.parametrize(
    "way",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nX: y",
        "/sign-out",
    ],
)
def test_the_way_back_stays_here(store: Store, way: str) -> None:
    assert sign_in(gate(store), next=way).location == "/"


def test_cookies_are_for_this_host_and_no_script(store: Store) -> None:
    plain = sign_in(gate(store)).headers.getlist("Set-Cookie")
    assert any(
        one.startswith("crosspressure=") and "HttpOnly" in one and "SameSite=Lax" in one for one in plain
    )
    secure = sign_in(gate(store, certificate=Path("c.pem"))).headers.getlist("Set-Cookie")
    mine = next(one for one in secure if one.startswith("__Host-crosspressure="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in mine.split(";")}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_what_another_page_sends_is_not_read(store: Store, headers: dict[str, str]) -> None:
    client = gate(store)
    sign_in(client)
    for path in ("/sign-in", "/sign-out", "/account", "/_dash-update-component", "/welcome/x"):
        answer = client.post(path, data={"mark": "x"}, headers=headers)
        assert answer.status_code == 403
        assert BEHIND not in answer.data
    assert client.get("/", headers=PAGE).status_code == 200  # still signed in


def test_an_old_browser_says_where_from_in_origin(store: Store) -> None:
    client = gate(store)
    mark = marked(client.get("/sign-in"))
    form = {"name": "kato", "password": PASSWORD, "mark": mark}
    assert client.post("/sign-in", data=form, headers={"Origin": "http://localhost"}).status_code == 303


def test_a_form_without_its_cookie_is_refused(store: Store) -> None:
    mark = marked(gate(store).get("/sign-in", headers=PAGE))
    other = gate(store)
    form = {"name": "kato", "password": PASSWORD, "mark": mark}
    assert other.post("/sign-in", data=form, headers=PAGE).status_code == 400
    assert other.post("/sign-in", data={**form, "mark": ""}, headers=PAGE).status_code == 400


def test_refusals_tell_nothing_apart(store: Store) -> None:
    pages = [
        re.sub(r'value="[0-9a-f]{64}"', "", sign_in(gate(store), name, password).text)
        for name, password in (("kato", "wrong"), ("nobody", "wrong"), ("kato", ""), ("", ""))
    ]
    assert len(set(pages)) == 1
    assert BEHIND.decode() not in pages[0]


def test_an_account_is_opened_in_the_browser(store: Store) -> None:
    ticket = Accounts(store).invite("<b>ito</b>", "viewer")
    client = gate(store)
    page = client.get(f"/welcome/{ticket}", headers=PAGE)
    assert "&lt;b&gt;ito" in page.text
    assert "<b>ito" not in page.text
    data = {"mark": marked(page), "password": PASSWORD, "again": "another sentence"}
    assert client.post(f"/welcome/{ticket}", data=data, headers=PAGE).status_code == 400
    data["again"] = PASSWORD
    assert client.post(f"/welcome/{ticket}", data=data, headers=PAGE).status_code == 303
    assert client.get("/", headers=PAGE).data.endswith(b"<b>ito</b>")
    assert client.get(f"/welcome/{ticket}", headers=PAGE).status_code == 404
    gone = client.get("/welcome/made-up", headers=PAGE)
    assert gone.status_code == 404 and 'href="/sign-in?lang=en"' in gone.text


def test_files_are_an_analysts_and_on_the_trail(store: Store) -> None:
    viewer, analyst = gate(store), gate(store)
    sign_in(viewer, "sato")
    sign_in(analyst)
    path = next(iter(DOWNLOADS))
    assert viewer.get("/", headers=PAGE).status_code == 200
    refused = viewer.get(path, headers=PAGE)
    assert (refused.status_code, BEHIND in refused.data) == (403, False)
    assert analyst.get(path, headers=PAGE).status_code == 200
    last = trail_rows(store)[-1]
    assert (last["who"], last["act"], last["about"]) == ("kato", "exported", f"{path} of abc123")


def test_scenarios_that_are_tried_are_on_the_trail(store: Store) -> None:
    client = gate(store)
    sign_in(client, "sato")
    assert client.get(f"{OWN_STEPS}?own=abc", headers=PAGE).status_code == 200
    last = trail_rows(store)[-1]
    told = f"{OWN_STEPS} {written_hash('abc')[:16]} of abc123"
    assert (last["who"], last["act"], last["about"]) == ("sato", "scenario tried", told)


def test_signing_out_ends_the_session_everywhere(store: Store) -> None:
    client = gate(store)
    sign_in(client)
    cookie = client.get_cookie("crosspressure")
    assert cookie
    page = client.get("/account", headers=PAGE)
    assert "kato" in page.text
    assert client.post("/sign-out", data={"mark": marked(page)}, headers=PAGE).status_code == 303
    again = gate(store)
    again.set_cookie("crosspressure", cookie.value)
    assert again.get("/", headers=PAGE).status_code == 303
    one, other = gate(store), gate(store)
    sign_in(one)
    sign_in(other)
    page = one.get("/account", headers=PAGE)
    one.post("/account", data={"mark": marked(page)}, headers=PAGE)
    assert other.get("/", headers=PAGE).status_code == 303


def test_a_proxy_names_the_account_and_nobody_else_does(store: Store) -> None:
    client = gate(store, proxy=proxy_of("10.1.0.0/24", "X-Remote-User"))
    proxy = {"REMOTE_ADDR": "10.1.0.9"}
    named = {**PAGE, "X-Remote-User": "kato"}
    assert client.get("/", headers=named, environ_base=proxy).data.endswith(b"kato")
    assert client.get("/", headers=named, environ_base={"REMOTE_ADDR": "10.2.0.9"}).status_code == 403
    for wrong in ({**PAGE, "X-Remote-User": "nobody"}, {**PAGE, "X-Remote-User": ""}, PAGE):
        assert client.get("/", headers=wrong, environ_base=proxy).status_code == 401
    Accounts(store).close("kato")
    assert client.get("/", headers=named, environ_base=proxy).status_code == 401


def test_a_place_is_the_last_that_no_proxy_has() -> None:
    from werkzeug.test import create_environ
    from werkzeug.wrappers import Request

    proxy = proxy_of("10.1.0.1, 10.1.0.2")
    told = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7, 10.1.0.2"}
    for remote, place in (("10.1.0.1", "198.51.100.7"), ("192.0.2.1", "192.0.2.1")):
        asked = Request(create_environ(headers=told, environ_base={"REMOTE_ADDR": remote}))
        assert proxy.place(asked) == place


def test_too_many_requests_wait() -> None:
    now = [0.0]
    crowding = Crowding(5, 1, lambda: now[0])
    assert [crowding.is_too_many("a") for _ in range(6)] == [False] * 5 + [True]
    assert not crowding.is_too_many("b")
    now[0] = 2.0
    assert [crowding.is_too_many("a") for _ in range(3)] == [False, False, True]


def test_a_crowd_at_the_gate_gets_429(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    client = gate(store)
    monkeypatch.setattr(client.application._crowding, "_burst", 3.0)
    seen = [client.get("/", headers={"Cookie": f"crosspressure=made-up{n}"}).status_code for n in range(9)]
    assert seen[:3] == [401] * 3
    assert set(seen[4:]) == {429}


def test_options_that_would_send_passwords_in_clear_are_refused(tmp_path: Path) -> None:
    assert admission_of("") is None
    for accounts, how, said in (
        ("a.db", {"is_loopback": False}, "in clear"),
        ("", {"certificate": "c.pem"}, "no --accounts"),
        ("", {"proxy": "10.1.0.1"}, "no --accounts"),
        ("a.db", {"proxy": "10.1.0.1", "certificate": "c.pem"}, "one of the two"),
        ("a.db", {"proxy": "::/0"}, "own address"),
        ("a.db", {"proxy": "a proxy"}, "no address|'a proxy'"),
        ("a.db", {"header": "X-Remote-User"}, "no --proxy"),
        ("a.db", {"certificate": str(tmp_path / "none.pem")}, "No such file"),
    ):
        with pytest.raises(Fault, match=said):
            admission_of(accounts, **how)  # type: ignore[arg-type]
    assert admission_of("a.db") == Admission("a.db")


def test_anybody_may_ask_whether_it_is_ready_and_is_told_a_word(store: Store, tmp_path: Path) -> None:
    served = start_site(is_waiting=False)
    before = Gate(served, store, Admission("accounts.db", proxy=proxy_of("10.0.0.1")))
    client = Client(before)
    stranger = {"REMOTE_ADDR": "192.0.2.9"}
    told = {path: client.get(path, environ_overrides=stranger) for path in (HEALTH, READY)}
    assert {path: (one.status_code, one.text) for path, one in told.items()} == {
        HEALTH: (200, "ok\n"),
        READY: (503, "not ready\n"),
    }
    for one in told.values():
        assert RELEASE not in one.headers and "Set-Cookie" not in one.headers
    assert client.get("/", environ_overrides=stranger).status_code == 403
    assert client.post(READY, environ_overrides=stranger).status_code == 403
    before._crowding = Crowding(burst=1, per_second=0.001)
    often = [client.get(READY, environ_overrides=stranger).status_code for _ in range(2)]
    assert often == [503, 429]


def test_it_is_not_ready_where_accounts_cannot_be_read(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = gate(store)
    assert client.get(READY).status_code == 200
    (tmp_path / "accounts.db").rename(tmp_path / "gone.db")
    told = client.get(READY)
    assert (told.status_code, told.text) == (503, "not ready\n")
    assert "accounts cannot be read" in caplog.text and client.get(HEALTH).status_code == 200
    assert not (tmp_path / "accounts.db").exists()
    (tmp_path / "gone.db").rename(tmp_path / "accounts.db")
    assert client.get(READY).status_code == 200
