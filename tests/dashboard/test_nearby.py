"""A page from elsewhere whose name leads here reads nothing internal; odd requests at the gate."""

import re
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.test import Client

from dashboard import serving
from dashboard.access import HEALTH
from dashboard.nearby import Nearby
from dashboard.signin.accounts import Accounts
from dashboard.signin.sessions import Sessions
from dashboard.signin.store import Store
from tests.dashboard.test_gate import BEHIND, PAGE, gate, inner, sign_in, store
from tests.dashboard.test_signin import PASSWORD, _cheap

__all__ = ["_cheap", "store"]


def asked(client: Client, host: str, path: str = "/pressure", **how: Any) -> Any:
    return client.get(path, headers={"Host": host, **PAGE}, **how)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8050", "127.0.0.1:8050", "127.8.9.1", "[::1]:8050", "[::1]", "a.localhost:1"],
)
def test_names_of_this_machine_are_answered(host: str) -> None:
    assert asked(Client(Nearby(inner, lambda: False)), host).data.startswith(BEHIND)


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8050", "127.0.0.1.evil.example", "localhost.evil.example:8050"),
        *("localhost@evil.example", "10.0.0.7:8050", "0.0.0.0:8050", "evillocalhost", "::1", "a b", ":8050"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_another_name_gets_nothing_and_is_not_repeated(host: str, lang: str) -> None:
    client = Client(Nearby(inner, lambda: False))
    for path in ("/", "/survey.csv", "/_dash-layout", "/_dash-update-component", "/assets/look.css"):
        answer = asked(client, host, path, query_string={"lang": lang})
        assert answer.status_code == 421 and BEHIND not in answer.data
        assert "evil" not in answer.text and f'lang="{lang}"' in answer.text
        assert answer.headers["Cache-Control"] == "no-store" and "Location" not in answer.headers
    assert asked(client, host, HEALTH).status_code == 200


def test_what_is_for_everybody_is_shown_under_any_name() -> None:
    assert asked(Client(Nearby(inner, lambda: True)), "survey.example").data.startswith(BEHIND)


@pytest.mark.parametrize(("audience", "status"), [("internal", 421), ("members", 200), ("public", 200)])
def test_serve_asks_it_of_internal_releases(
    audience: str, status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def standing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return inner(environ, start_response)

    standing.release = SimpleNamespace(audience=audience)  # type: ignore[attr-defined]
    put: list[Any] = []
    monkeypatch.setattr(serving, "_standing", lambda *_, **__: standing)
    monkeypatch.setattr(serving, "spare_memory", lambda: True)
    monkeypatch.setattr(serving, "give_back", lambda: None)
    monkeypatch.setattr(serving, "_run_gunicorn", lambda server, *_: put.append(server))
    monkeypatch.setattr(serving, "_run_waitress", lambda server, *_: put.append(server))
    serving.run(tmp_path)
    assert asked(Client(put[0]), "evil.example").status_code == status
    assert asked(Client(put[0]), "127.0.0.1:8050").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80@localhost", "[::1", "x" * 300])
def test_the_gate_leads_nowhere_else_whatever_it_is_called(store: Store, host: str) -> None:
    client = gate(store)
    for path in ("/pressure", "/account", "/sign-in"):
        answer = asked(client, host, path)
        assert answer.status_code in (200, 303, 400)
        assert answer.headers.get("Location", "/").startswith("/")
        assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "way",
    [
        *("/\t/evil.example", "///evil.example", "\\\\evil.example", "/\u2028//evil.example", "/\x00"),
        *("/.\\evil.example", "\t//evil.example", " //evil.example", "//\r\nX: y", "/%0d%0aX:y\r\nX: y"),
        "http:evil.example",
    ],
)
def test_no_spelling_of_a_way_leads_elsewhere(store: Store, way: str) -> None:
    entered = sign_in(gate(store), next=way)
    assert entered.location == "/" and "X" not in entered.headers


def test_names_that_are_nobodys_are_refused_alike(store: Store) -> None:
    names = ("nobody", "\x00", "kato\x00", "kato\u200b", "\u202ekato", "x" * 7_000, "' or 1=1 --", "{{7*7}}")
    answers = [sign_in(gate(store), name) for name in names]
    assert {answer.status_code for answer in answers} == {403}
    assert len({re.sub(r'value="[0-9a-f]{64}"', "", answer.text) for answer in answers}) == 1


def test_a_cookie_that_was_planted_is_no_session_and_the_one_before_ends(store: Store) -> None:
    client, sessions = gate(store), Sessions(store)
    client.set_cookie("crosspressure", "planted")
    sign_in(client)
    first = client.get_cookie("crosspressure")
    assert first is not None and first.value != "planted" and sessions.find("planted") is None
    sign_in(client)
    second = client.get_cookie("crosspressure")
    assert second is not None and second.value != first.value
    assert sessions.find(first.value) is None and sessions.find(second.value) is not None


def test_who_is_unknown_costs_as_much_as_who_is_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each refusal reads one hash of the same strength, whether there is one or not."""
    from dashboard.signin import passwords

    read: list[str] = []
    hasher = passwords._HASHER

    class Counted:
        def verify(self, kept: str, password: str) -> bool:
            read.append(kept)
            return bool(hasher.verify(kept, password))

    monkeypatch.setattr(passwords, "_HASHER", Counted())
    accounts = Accounts(store)
    accounts.invite("ito", "viewer")
    accounts.close("sato")
    for name in ("kato", "nobody", "ito", "sato", "\x00"):
        before = len(read)
        accounts.sign_in(name, PASSWORD[::-1], "10.0.0.1")
        assert len(read) == before + 1, name
    assert len({one.rpartition("$")[0].rpartition("$")[0] for one in read}) == 1
