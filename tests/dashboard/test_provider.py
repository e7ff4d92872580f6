"""Sign-in through a provider that runs: who comes in, and what of a bent answer is refused."""

import logging
import re
import sqlite3
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sql
from werkzeug.test import Client, TestResponse

from dashboard.command import main
from dashboard.settings import SETTINGS
from dashboard.signin.accounts import Accounts
from dashboard.signin.gate import Gate
from dashboard.signin.handing import LASTS, begin_round, round_of
from dashboard.signin.people import Account
from dashboard.signin.provider import Provider
from dashboard.signin.provider_settings import ProviderFault, ProviderSettings, read_provider
from dashboard.signin.settings import Admission, admission_of
from dashboard.signin.store import Store, open_store
from dashboard.signin.tables import TICKETS
from dashboard.signin.trail import check_trail, trail_rows
from survey import Fault
from tests.dashboard.small_provider import CLIENT, SECRET, SmallProvider, running
from tests.dashboard.test_gate import BEHIND, PAGE, inner
from tests.dashboard.test_signin import PASSWORD, _cheap

__all__ = ["_cheap"]

HERE = "http://localhost"


@pytest.fixture
def provider() -> Iterator[SmallProvider]:
    with running(SmallProvider()) as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "accounts.db", is_new=True)


def settings(provider: SmallProvider, **how: Any) -> ProviderSettings:
    usual = {"roles": {"analyst": frozenset({"analysts"}), "viewer": frozenset({"readers"})}}
    return ProviderSettings(provider.address, CLIENT, HERE, SECRET, **{**usual, **how})


def gate(store: Store, told: ProviderSettings) -> Client:
    return Client(Gate(inner, store, Admission("accounts.db", provider=told)))


def there(client: Client, way: str = "/") -> str:
    """Begin; the address that the provider leads back to."""
    begun = client.get(f"/sign-in/start?next={way}", headers=PAGE)
    assert begun.status_code == 303, begun.text
    sent = requests.get(begun.location, allow_redirects=False, timeout=5)
    return str(sent.headers["Location"])


def come_in(client: Client, way: str = "/") -> TestResponse:
    return client.get(there(client, way).removeprefix(HERE), headers={"Accept": "text/html"})


def acts(store: Store) -> list[tuple[Any, Any]]:
    return [(row["who"], row["act"]) for row in trail_rows(store)]


def test_whoever_has_a_role_comes_in_and_out(provider: SmallProvider, store: Store) -> None:
    provider.person["groups"] = ["readers"]
    client = gate(store, settings(provider))
    assert client.get("/pressure", headers=PAGE).location.startswith("/sign-in?")
    page = client.get("/sign-in?next=%2Fpressure%3Ffirm%3DS001&lang=ja", headers=PAGE)
    assert 'name="password"' not in page.text and 'lang="ja"' in page.text
    way = unescape(re.search(r'class="gate-go" href="([^"]+)"', page.text).group(1))  # type: ignore[union-attr]
    begun = client.get(way, headers=PAGE)
    for part in ("code_challenge_method=S256", "nonce=", "state=", "response_type=code", "scope=openid"):
        assert part in begun.location
    assert SECRET not in begun.location
    back = requests.get(begun.location, allow_redirects=False, timeout=5).headers["Location"]
    entered = client.get(back.removeprefix(HERE), headers=PAGE)
    assert (entered.status_code, entered.location) == (303, "/pressure?firm=S001&lang=ja")
    assert client.get("/pressure", headers=PAGE).data == BEHIND + b" asked by kato@example.org"
    assert client.get("/survey.csv", headers=PAGE).status_code == 403  # a viewer
    mark = re.search(r'name="mark" value="(\w+)"', client.get("/account", headers=PAGE).text)
    out = client.post("/sign-out", data={"mark": mark.group(1) if mark else ""}, headers=PAGE)
    assert out.location == "/sign-in?lang=en&out=1"
    assert f"{provider.address}/out?client_id={CLIENT}" in unescape(
        client.get(out.location, headers=PAGE).text
    )
    assert client.get("/", headers=PAGE).status_code == 303
    assert acts(store) == [
        (name, act)
        for name, act in zip(
            ["kato@example.org"] * 3, ["vouched for", "signed in", "signed out"], strict=True
        )
    ]
    assert check_trail(store) is None


def test_a_refusal_speaks_the_language_of_whoever_came_and_leads_to_another_account(
    provider: SmallProvider, store: Store
) -> None:
    client = gate(store, settings(provider))
    begun = client.get("/sign-in/start?next=%2Fmethod&lang=ja", headers=PAGE)
    back = requests.get(begun.location, allow_redirects=False, timeout=5).headers["Location"]
    refused = client.get(back.removeprefix(HERE), headers=PAGE)
    assert refused.status_code == 403 and 'lang="ja"' in refused.text
    assert f"{provider.address}/out?client_id={CLIENT}" in unescape(refused.text)
    assert "サインアウトしました" not in refused.text  # nobody was signed in here
    old = client.get("/sign-in/back?code=1&state=2", headers={**PAGE, "Accept-Language": "ja,en;q=0.5"})
    assert old.status_code == 400 and 'lang="ja"' in old.text and "/out?" not in old.text
    provider.said = {"end_session_endpoint": None}
    gate_without = gate(store, settings(provider))
    plain = come_in(gate_without)
    assert plain.status_code == 403 and "/out?" not in plain.text


def test_whom_a_provider_vouches_for_is_invited_without_a_password(
    tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str], provider: SmallProvider
) -> None:
    file = tmp_path / "provider.toml"
    file.write_text(
        f'issuer = "{provider.address}"\nclient = "{CLIENT}"\naddress = "https://survey.example"\n'
    )
    place = str(tmp_path / "accounts.db")
    for words in (["--invite", "kato@example.org", "--role", "analyst"], ["--reset", "kato@example.org"]):
        assert main(["account", place, *words, "--oidc", str(file)]) == 0
        told = capsys.readouterr().err
        assert provider.address in told and "https://survey.example/" in told
        assert "/welcome/" not in told and "The password is set" not in told
    with store.reading() as connection:
        assert connection.execute(sql.select(TICKETS)).all() == []  # nobody can set a password later either
    assert come_in(gate(store, settings(provider, roles={}))).status_code == 303
    assert Accounts(store).find("kato@example.org") == Account("kato@example.org", "analyst", "open")
    assert main(["account", place, "--invite", "sato", "--user-header", "X-Remote-User"]) == 0
    assert "X-Remote-User" in (told := capsys.readouterr().err) and "/welcome/" not in told
    assert main(["account", place, "--invite", "ito", "--oidc", str(tmp_path / "none.toml")]) == 2
    assert Accounts(store).find("ito") is None


def test_a_reset_ends_an_invitation_that_was_not_used(store: Store) -> None:
    accounts = Accounts(store)
    ticket = accounts.invite("kato", "viewer")
    assert accounts.reset("kato", has_password=False) == ""
    assert accounts.open(ticket, PASSWORD) == "ticket"


def test_passwords_are_no_way_beside_a_provider(provider: SmallProvider, store: Store) -> None:
    accounts = Accounts(store)
    ticket = accounts.invite("kato", "analyst")
    accounts.open(ticket, PASSWORD)
    client = gate(store, settings(provider))
    assert (
        client.post("/sign-in", data={"name": "kato", "password": PASSWORD}, headers=PAGE).status_code == 405
    )
    assert client.get(f"/welcome/{accounts.invite('sato', 'viewer')}", headers=PAGE).status_code == 404


@pytest.mark.parametrize(
    "bent",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": [CLIENT, "another"]},  # and no azp
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 300},
        {"at_hash": "wrong"},
    ],
    ids=str,
)
def test_tokens_that_do_not_hold(provider: SmallProvider, store: Store, bent: dict[str, Any]) -> None:
    provider.person["groups"] = ["analysts"]
    provider.bent = bent
    client = gate(store, settings(provider))
    refused = come_in(client)
    assert refused.status_code == 502
    assert BEHIND not in refused.data
    assert client.get("/", headers=PAGE).status_code == 303
    assert not trail_rows(store)


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_signatures_that_anybody_can_make(provider: SmallProvider, store: Store, alg: str) -> None:
    provider.alg = alg
    for offered in (["RS256"], ["RS256", alg]):
        provider.said = {"id_token_signing_alg_values_supported": offered}
        client = gate(store, settings(provider))
        assert come_in(client).status_code == 502
        assert client.get("/", headers=PAGE).status_code == 303


def test_keys_may_rotate_and_a_strangers_key_opens_nothing(provider: SmallProvider) -> None:
    now = [1_800_000_000.0]
    mine = Provider(settings(provider), lambda: now[0])
    provider.bent = {"exp": 1_800_000_300, "iat": 1_800_000_000}

    def claims() -> dict[str, Any]:
        one = begin_round(b"key", "/")
        back = requests.get(mine.way_there(one, "en"), allow_redirects=False, timeout=5).headers["Location"]
        return mine.claims(back.partition("code=")[2].partition("&")[0], one)

    assert claims()["sub"] == "1"
    provider.rotate("two")
    with pytest.raises(ProviderFault, match="does not hold"):
        claims()  # keys were read a moment ago: not read again for every token that names another
    now[0] += 11
    assert claims()["sub"] == "1"
    now[0] += 11
    provider.rotate("two")  # the same name, another key
    assert claims()["sub"] == "1"
    provider.rotate("two", is_published=False)
    now[0] += 11
    for _ in range(3):
        with pytest.raises(ProviderFault, match="does not hold"):
            claims()
    assert provider.seen.count("/keys") == 4  # the first, two rotations, and once for three strangers


def test_a_code_is_of_the_browser_that_began(provider: SmallProvider, store: Store) -> None:
    provider.person["groups"] = ["analysts"]
    one, other = (gate(store, settings(provider)) for _ in range(2))
    mine, theirs = there(one).removeprefix(HERE), there(other).removeprefix(HERE)
    for client, back in ((one, theirs), (other, mine), (gate(store, settings(provider)), mine)):
        assert client.get(back, headers=PAGE).status_code == 400  # not the state of this browser
    code = re.compile(r"code=[^&]+")
    swapped = code.sub(lambda _: code.search(theirs).group(), mine)  # type: ignore[union-attr]
    assert one.get(swapped, headers=PAGE).status_code == 502  # PKCE: somebody else's code
    mine = there(one).removeprefix(HERE)
    for bent in (mine + "&state=x", mine.replace("state=", "state=x"), "/sign-in/back"):
        assert one.get(bent, headers=PAGE).status_code == 400
    assert one.get(mine + "&iss=https%3A%2F%2Fevil.example", headers=PAGE).status_code == 502
    mine = there(one).removeprefix(HERE)
    assert one.get(mine, headers=PAGE).status_code == 303
    assert one.get(mine, headers=PAGE).status_code == 400  # a round ends with its first answer


def test_a_round_is_signed_and_ends() -> None:
    one = begin_round(b"key", "/pressure?lang=ja", 1000.0)
    assert round_of(b"key", one.cookie, 1000.0 + LASTS) == one
    assert len({one.state, one.nonce, one.verifier, one.cookie.rpartition(".")[2]}) == 4
    assert round_of(b"key", one.cookie, 1001.0 + LASTS) is None
    assert round_of(b"another", one.cookie, 1000.0) is None
    for bent in (
        "",
        "x",
        one.cookie[:-1],
        one.cookie.replace(".1000.", ".9999999999."),
        "." + one.cookie,
        "é.é",
    ):
        assert round_of(b"key", bent, 1000.0) is None


@pytest.mark.parametrize(
    ("person", "how", "role"),
    [
        ({"groups": ["analysts", "readers"]}, {}, "analyst"),
        ({"groups": "readers"}, {}, "viewer"),
        ({"groups": ["others"]}, {}, ""),
        ({"groups": None}, {}, ""),
        ({"realm_access": {"roles": ["analysts"]}}, {"role_claim": "realm_access.roles"}, "analyst"),
        ({"https://x.example/r": ["readers"]}, {"role_claim": "https://x.example/r"}, "viewer"),
        ({"groups": ["analysts"]}, {"domains": frozenset({"example.org"})}, "analyst"),
        ({"groups": ["analysts"]}, {"domains": frozenset({"ample.org"})}, ""),
        ({"groups": ["analysts"]}, {"emails": frozenset({"kato@example.org"})}, "analyst"),
        ({"groups": ["analysts"]}, {"emails": frozenset({"sato@example.org"})}, ""),
        ({"groups": ["analysts", "team"]}, {"groups": frozenset({"team"})}, "analyst"),
        ({"groups": ["analysts"]}, {"groups": frozenset({"team"})}, ""),
        ({"groups": ["analysts"], "email_verified": False}, {}, ""),
        ({"groups": ["analysts"], "email_verified": None}, {}, ""),
        ({"groups": ["analysts"], "email_verified": None}, {"trust_email": True}, "analyst"),
        (
            {"groups": ["analysts"], "email_verified": False, "preferred_username": "kato"},
            {"name_claim": "preferred_username", "domains": frozenset({"example.org"})},
            "",
        ),
        ({"groups": ["analysts"], "email": "x" * 200 + "@example.org"}, {}, ""),
        ({"groups": ["analysts"], "upn": "command"}, {"name_claim": "upn"}, ""),
    ],
)
def test_who_comes_in_and_as_what(
    provider: SmallProvider, store: Store, person: dict[str, Any], how: dict[str, Any], role: str
) -> None:
    provider.person.update(person)
    client = gate(store, settings(provider, **how))
    answer = come_in(client)
    assert answer.status_code == (303 if role else 403)
    assert [row["role"] for row in Accounts(store).listed()] == ([role] if role else [])
    if not role:
        assert acts(store) == [("unknown", "refused")]
        assert client.get("/", headers=PAGE).status_code == 303


def test_roles_come_from_accounts_where_none_are_given(provider: SmallProvider, store: Store) -> None:
    client = gate(store, settings(provider, roles={}))
    assert come_in(client).status_code == 403
    Accounts(store).invite("kato@example.org", "analyst")
    assert come_in(client).status_code == 303
    assert client.get("/survey.csv", headers=PAGE).status_code == 200


def test_claims_may_come_from_userinfo_of_the_same_person(provider: SmallProvider, store: Store) -> None:
    told = settings(provider, roles={"viewer": frozenset({"from userinfo"})})
    assert come_in(gate(store, told)).status_code == 303
    provider.bent = {"sub": "2"}  # the token says one, userinfo another
    assert come_in(gate(store, told)).status_code == 502


def test_an_account_is_one_persons_for_good(provider: SmallProvider, store: Store) -> None:
    provider.person["groups"] = ["analysts"]
    accounts, told = Accounts(store), settings(provider)
    accounts.open(accounts.invite("kato@example.org", "viewer"), PASSWORD)
    assert come_in(gate(store, told)).status_code == 403  # has a password of its own
    accounts.reset("kato@example.org")
    assert come_in(gate(store, told)).status_code == 303
    assert ("provider", "role changed") in acts(store)
    provider.person["sub"] = "2"  # the address is somebody else's now
    assert come_in(gate(store, told)).status_code == 403
    provider.person.update(sub="1", email="kato-suzuki@example.org")  # the same person, renamed
    client = gate(store, told)
    assert come_in(client).status_code == 303
    assert client.get("/", headers=PAGE).data.endswith(b"kato@example.org")
    provider.person["groups"] = ["readers"]
    assert come_in(gate(store, told)).status_code == 303
    assert client.get("/survey.csv", headers=PAGE).status_code == 403  # in sessions that run, too
    accounts.close("kato@example.org")
    assert come_in(gate(store, told)).status_code == 403
    assert client.get("/", headers=PAGE).status_code == 303
    assert check_trail(store) is None


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://192.0.2.1/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"code_challenge_methods_supported": ["plain"]},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    ],
)
def test_a_provider_that_cannot_be_believed(
    provider: SmallProvider, store: Store, said: dict[str, Any]
) -> None:
    provider.said = said
    with pytest.raises(ProviderFault):
        Provider(settings(provider)).said()
    assert gate(store, settings(provider)).get("/sign-in/start", headers=PAGE).status_code == 502


def test_a_provider_that_is_away_is_said_to_be(store: Store) -> None:
    with running(SmallProvider()) as gone:
        told = settings(gone)
    answer = gate(store, told).get("/sign-in/start?lang=ja", headers=PAGE)
    assert answer.status_code == 502
    assert "認証サービス" in answer.text


def test_no_secret_is_in_a_log_or_an_answer(
    provider: SmallProvider, store: Store, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.person["groups"] = ["analysts"]
    client = gate(store, settings(provider))
    back = there(client).removeprefix(HERE)
    cookie = client.get_cookie("crosspressure-way")
    assert cookie
    one = round_of(_key(store), cookie.value)
    assert one
    client.get(back, headers=PAGE)
    session = client.get_cookie("crosspressure")
    assert session
    provider.bent = {"nonce": "wrong"}
    told = come_in(client).text
    code = back.partition("code=")[2].partition("&")[0]
    ours = [record.getMessage() for record in caplog.records]
    logged = "\n".join(line for line in ours if "/authorize?" not in line)  # what the browser asked for
    held = logged + told + b"".join(file.read_bytes() for file in tmp_path.iterdir()).decode("latin-1")
    assert "a sign-in through the provider failed" in held
    for secret in (SECRET, code, session.value, one.verifier, one.nonce):
        assert secret not in held
    assert SECRET not in repr(settings(provider))


def _key(store: Store) -> bytes:
    with store.reading() as connection:
        found = connection.exec_driver_sql("SELECT value FROM secrets WHERE name = 'forms'").scalar_one()
    return bytes.fromhex(str(found))


GOOD = """issuer = "https://login.example.org/realms/survey"
client = "crosspressure"
address = "https://survey.example.org/"
secret_file = "provider.secret"
scopes = ["email", "groups"]
[claims]
name = "email"
role = "realm_access.roles"
[allow]
domains = ["@Example.org"]
[roles]
analyst = ["trade-analysts"]
"""


def test_settings_are_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "provider.toml"
    file.write_text(GOOD)
    (tmp_path / "provider.secret").write_text("hidden\n")
    found = read_provider(file)
    assert (found.secret, found.address, found.scopes) == (
        "hidden", "https://survey.example.org", ("openid", "email", "groups"),
    )  # fmt: skip
    assert (found.domains, found.role_claim) == (frozenset({"example.org"}), "realm_access.roles")
    assert found.roles == {"analyst": frozenset({"trade-analysts"})}
    monkeypatch.setenv(SETTINGS["oidc_secret"].variable, "from outside")
    file.write_text(GOOD.replace('secret_file = "provider.secret"\n', ""))
    assert read_provider(file).secret == "from outside"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("https://login", "http://login"), "issuer"),
        (("https://survey", "http://survey"), "address"),
        (("https://survey", "https://kato:x@survey"), "address"),
        (('client = "crosspressure"', "client = 7"), "client"),
        (('client = "crosspressure"', ""), "client"),
        (("[allow]", "[allowed]"), "allowed"),
        (("domains", "domain"), r"allow\.domain"),
        (('["@Example.org"]', '"example.org"'), "list of texts"),
        (("analyst =", "admin ="), r"roles\.admin"),
        (("provider.secret", "none.secret"), "secret_file\n  found:    no such file"),
        (("scopes", "trust_email = 1\nscopes"), "true or false"),
        (("[claims]", "[claims"), "line 6"),
    ],
)
def test_settings_that_do_not_fit_are_named(tmp_path: Path, wrong: tuple[str, str], said: str) -> None:
    file = tmp_path / "provider.toml"
    (tmp_path / "provider.secret").write_text("hidden")
    file.write_text(GOOD.replace(*wrong))
    with pytest.raises(ProviderFault, match=said) as caught:
        read_provider(file)
    assert "hidden" not in str(caught.value)


def test_options_that_do_not_go_together(tmp_path: Path) -> None:
    file = tmp_path / "provider.toml"
    (tmp_path / "provider.secret").write_text("hidden")
    file.write_text(GOOD)
    with pytest.raises(Fault, match="no --accounts"):
        admission_of("", oidc=str(file))
    with pytest.raises(Fault, match="leave one of them out"):
        admission_of("a.db", oidc=str(file), proxy="10.1.0.1", header="X-Remote-User")
    with pytest.raises(ProviderFault, match="no such file"):
        admission_of("a.db", oidc=str(tmp_path / "none.toml"))
    made = admission_of("a.db", oidc=str(file), proxy="10.1.0.1", is_loopback=False)
    assert made and made.provider


def test_without_the_extra_it_says_how_to_get_it(
    provider: SmallProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == "authlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "authlib", None)
    with pytest.raises(Fault, match=re.escape("crosspressure[oidc]")):
        Provider(settings(provider))


def test_a_place_of_the_version_before_is_brought_up(tmp_path: Path, provider: SmallProvider) -> None:
    file = tmp_path / "old.db"
    Accounts(open_store(file, is_new=True)).invite("kato@example.org", "viewer")
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE identities")
        connection.execute("UPDATE secrets SET value = '1' WHERE name = 'schema'")
    store = open_store(file)
    assert [row["name"] for row in Accounts(store).listed()] == ["kato@example.org"]
    assert come_in(gate(store, settings(provider, roles={}))).status_code == 303
    assert check_trail(open_store(file)) is None
