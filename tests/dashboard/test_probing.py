"""Bad input at the door of the server: refused or answered in words, nothing told of our insides."""

import base64
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.access import CALLBACKS
from dashboard.app import make_app
from dashboard.benchmarked import BENCHMARK_POSTS, MOST_BROUGHT
from dashboard.payloads import is_expected
from tests.dashboard.made_up import SECRET
from tests.dashboard.probes import LEAKS, bent_bodies, nested, true_bodies


@pytest.fixture(scope="module", params=["internal", "public"])
def probed(request: pytest.FixtureRequest, internal: Path, public: Path) -> tuple[Any, FlaskClient]:
    app = make_app(internal if request.param == "internal" else public)
    client = app.server.test_client()
    client.get("/")  # Dash adds its own callbacks with the first request
    return app, client


def _send(client: FlaskClient, body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(CALLBACKS, data=text, content_type="application/json")


def _tells_nothing(answer: Any) -> None:
    told = answer.get_data(as_text=True)
    for word in LEAKS:
        assert word not in told, (word, told[:300])


def test_every_callback_answers_what_its_page_sends(probed: tuple[Any, FlaskClient]) -> None:
    app, client = probed
    bodies = true_bodies(app.callback_map)
    assert len(bodies) > 15
    for name, body in bodies.items():
        assert _send(client, body).status_code in (200, 204), name


def test_tampered_payloads_are_refused_or_answered(
    probed: tuple[Any, FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    app, client = probed
    refused, answered, rng = 0, 0, random.Random(7)
    for name, body in true_bodies(app.callback_map).items():
        bent = list(bent_bodies(body))
        taken = [one for one in bent if is_expected(one, app.callback_map)]
        kept_out = [one for one in bent if not is_expected(one, app.callback_map)]
        for one in [*rng.sample(taken, min(2, len(taken))), *rng.sample(kept_out, 12)]:
            answer = _send(client, one)
            assert (answer.status_code < 400) == (one in taken), (name, str(one)[:300], answer.status_code)
            assert answer.status_code in (200, 204, 400, 413), (name, str(one)[:300], answer.status_code)
            refused += answer.status_code >= 400
            answered += answer.status_code < 400
            if answer.status_code >= 400 or len(answer.data) < 2_000:
                _tells_nothing(answer)
    assert refused > 200 and answered > 30
    assert not [record for record in caplog.records if "failed" in record.message]
    assert _send(client, true_bodies(app.callback_map)["briefing-page.children"]).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "null", "7", '"x"', "[]", "\xff", "NaN", nested(9), nested(10_000), nested(100_000)),
        *('{"output": ' + nested(10_000) + "}", '{"output":"x","inputs":' + "9" * 5_000 + "}"),
    ],
)
def test_what_is_no_payload(probed: tuple[Any, FlaskClient], text: str) -> None:
    for path in (CALLBACKS, *BENCHMARK_POSTS):
        answer = probed[1].post(path, data=text, content_type="application/json")
        assert answer.status_code in (400, 422), path
        _tells_nothing(answer)


def test_too_much_is_refused_before_it_is_read(probed: tuple[Any, FlaskClient]) -> None:
    class Untouched(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("the body was read")

    for path, most in ((CALLBACKS, 256 * 1024), *((path, MOST_BROUGHT) for path in BENCHMARK_POSTS)):
        for size in (most + 1, 2 * 1024**3):
            said = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": "application/json"}
            answer = probed[1].post(path, input_stream=Untouched(), environ_overrides=said)
            assert answer.status_code == 413
            assert "too large" in answer.get_data(as_text=True)


def test_addresses_that_are_too_long_are_said_to_be(probed: tuple[Any, FlaskClient]) -> None:
    for path in ("/", "/pressure", "/survey.csv", "/what_if.csv"):
        answer = probed[1].get(f"{path}?lang=ja&q=" + "x" * 100_000)
        assert answer.status_code == 414
        _tells_nothing(answer)
    assert "アドレスが長すぎます" in probed[1].get("/?lang=ja&q=" + "x" * 4_000).get_data(as_text=True)


@pytest.mark.parametrize(
    "content",
    [
        *(
            b"",
            b"\x00" * 5_000,
            b"\x89PNG\r\n\x1a\n" + b"\x01" * 999,
            b"PK\x03\x04" + b"\x00" * 999,
            b"MZ\x90",
        ),
        *(
            b"$FL2" + b"\x00" * 400,
            b"%PDF-1.7",
            b"\xff\xfe\x00",
            b"a,b\n1",
            b'"' * 9_999,
            b"<?xml version='1.0'?>",
        ),
    ],
)
def test_uploads_of_the_wrong_kind(probed: tuple[Any, FlaskClient], content: bytes) -> None:
    for name in ("a.csv", "a.sav", "../../a.sav", "/etc/passwd", "a.xlsx", "", "a" * 300):
        one = {"name": name, "content": base64.b64encode(content).decode()}
        for field in ("answers", "links"):
            asked = {"files": {field: one}, "lang": "en"}
            answer = probed[1].post(BENCHMARK_POSTS[0], json=asked)
            assert answer.status_code in (400, 422), (name, content[:9])
            told = answer.get_json()
            assert told and ("fault" in told or "failed" in told)
            told_text = json.dumps(told, ensure_ascii=False).replace(name, "") if name else json.dumps(told)
            for word in ("/dev/shm", "/tmp", "Traceback", "site-packages", SECRET):
                assert word not in told_text, told_text


def test_odd_uploads_are_no_failure(probed: tuple[Any, FlaskClient]) -> None:
    odd: list[Any] = [
        *({"files": 7}, {"files": {"answers": 7}}, {"files": {"answers": {"name": 7, "content": 7}}}),
        *(
            {"files": {"answers": {"name": "a.csv", "content": "not base64!"}}},
            {"answers": {"x": 7}},
            {"firm": {}},
        ),
        *({"answers": {"x": [["y"]]}}, {"lang": ["ja"]}, {"lang": "xx", "answers": []}, []),
    ]
    for asked in odd:
        answer = probed[1].post(BENCHMARK_POSTS[0], json=asked)
        assert answer.status_code in (400, 422), asked
        _tells_nothing(answer)
