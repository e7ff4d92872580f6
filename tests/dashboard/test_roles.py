"""Every route as nobody, tamperer, viewer and analyst: headers, refusals, nothing told to strangers."""

import json
from pathlib import Path

import pytest

from dashboard.access import CALLBACKS
from dashboard.briefs import BRIEFS
from dashboard.signin.trail import check_trail
from tests.dashboard.made_up import SECRET
from tests.dashboard.probes import true_bodies
from tests.dashboard.roles import PATHS, WHO, Guarded, faults_of
from tests.dashboard.test_signin import _cheap

__all__ = ["_cheap"]


@pytest.fixture(scope="module")
def guarded(internal: Path, tmp_path_factory: pytest.TempPathFactory) -> Guarded:
    return Guarded(internal, tmp_path_factory.mktemp("gate"))


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_every_route_and_header(guarded: Guarded, who: str, method: str) -> None:
    faults = []
    for path in PATHS:
        if who == "analyst" and path in BRIEFS and method == "GET":
            continue  # made in tests of briefs
        faults += faults_of(who, method, path, guarded.ask(who, method, path))
    assert not faults, "\n".join(faults)


def test_who_may_read_reads(guarded: Guarded) -> None:
    for who in ("viewer", "analyst"):
        assert guarded.ask(who, "GET", "/pressure").status_code == 200
    assert SECRET in guarded.ask("analyst", "GET", "/pressure.csv").text
    assert guarded.ask("viewer", "GET", "/pressure.csv").status_code == 403


def test_every_callback_is_closed_to_strangers(guarded: Guarded) -> None:
    bodies = true_bodies(guarded.app.callback_map)
    assert len(bodies) > 15
    for body in bodies.values():
        sent = {"data": json.dumps(body), "content_type": "application/json"}
        for who in ("nobody", "tamperer"):
            answer = guarded.ask(who, "POST", CALLBACKS, **sent)
            assert answer.status_code == 401
            assert SECRET not in answer.text
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
            assert guarded.ask("analyst", "POST", CALLBACKS, headers=headers, **sent).status_code == 403


def test_cookies_that_were_changed_open_nothing(guarded: Guarded) -> None:
    word = guarded.cookies["analyst"]
    for bent in (
        word[:-1],
        word + "x",
        word.swapcase(),
        word[::-1],
        "",
        "null",
        "../" + word,
        word + "\u3042",
    ):
        headers = {"Cookie": f"crosspressure={bent}".encode().decode("latin-1")}
        assert guarded.ask("nobody", "GET", "/pressure", headers=headers).status_code in (303, 401), bent
    assert guarded.ask("analyst", "GET", "/pressure").status_code == 200
    assert check_trail(guarded.store) is None
