"""Work in the background: steps over the wire, stopped by going away, apart from others, bounded."""

import json
import threading
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable

from dashboard.command.printing import _run
from dashboard.jobs import STEPS, Made, Turns, with_steps
from dashboard.selection import View
from dashboard.steps import Stopped, Tick
from survey import FileFault
from tests.dashboard.probes import LEAKS

_ASKED = {STEPS: "1"}
_SOON = 10.0


def _parts(sent: bytes) -> tuple[list[dict[str, object]], bytes]:
    """Lines up to the one that names a size or a failure, and what follows it."""
    lines: list[dict[str, object]] = []
    while not lines or not {"size", "failed"} & set(lines[-1]):
        line, _, sent = sent.partition(b"\n")
        lines.append(json.loads(line))
    return lines, sent


@pytest.fixture
def server() -> Flask:
    return Flask("tested")


@pytest.mark.parametrize("form", ["pptx", "html"])
def test_a_brief_by_steps_is_the_brief_by_its_link(internal_client: FlaskClient, form: str) -> None:
    stepped = internal_client.get(f"/brief.{form}?lang=ja", headers=_ASKED)
    lines, body = _parts(stepped.get_data())
    plain = internal_client.get(f"/brief.{form}?lang=ja")
    assert body == plain.get_data() and lines[-1]["size"] == len(body)
    assert f'filename="{lines[-1]["name"]}"' in plain.headers["Content-Disposition"]
    assert str(lines[-1]["name"]).endswith(f"_internal_ja.{form}")
    assert stepped.headers["X-Crosspressure-Release"] == plain.headers["X-Crosspressure-Release"]


def test_a_brief_that_cannot_be_made_is_told_as_ours_and_one_too_many_as_such(
    internal_client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unmade(*_: object) -> Made:
        raise FileFault("--out brief.pdf", "the browser made nothing", "a PDF", "another form")

    def full(_: Turns) -> None:
        raise ServiceUnavailable

    monkeypatch.setattr("dashboard.briefs._made", unmade)
    told = internal_client.get("/brief.html?lang=en")
    assert told.status_code == 500 and "The server could not answer" in told.text
    assert [type(line.exc_info[1]) for line in caplog.records if line.exc_info] == [FileFault]
    monkeypatch.setattr(Turns, "wait", full)
    told = internal_client.get("/brief.html?lang=en")
    assert told.status_code == 503 and "Too many requests at once" in told.text


def test_a_reader_who_goes_away_stops_the_work_and_frees_its_turn(server: Flask) -> None:
    ended, turns, reached = threading.Event(), Turns(1), []

    def work(tick: Tick) -> Made:
        try:
            for at in range(1, 10_000):
                tick("slide", at, 9_999)
                reached.append(at)
                time.sleep(0.01)
        finally:
            ended.set()
        return Made()

    with server.test_request_context():
        answer = with_steps(work, turns, View(lang="ja"))
        first = json.loads(next(iter(answer.response)))  # type: ignore[arg-type]
        assert first["of"] == 9_999 and first["words"].startswith("スライド")
        with pytest.raises(ServiceUnavailable):
            turns.take()
        answer.close()
    assert ended.wait(_SOON) and len(reached) < 9_000
    turns.wait()


def test_two_jobs_are_apart_and_a_third_comes_again(server: Flask) -> None:
    go = threading.Event()

    def work_of(name: str):  # type: ignore[no-untyped-def]
        def work(tick: Tick) -> Made:
            go.wait(_SOON)
            tick("story", 0, 0)
            return Made(name, "text/plain", name.encode())

        return work

    turns = Turns(2)
    with server.test_request_context():
        one, two = (with_steps(work_of(name), turns, View()) for name in ("one", "two"))
        with pytest.raises(ServiceUnavailable):
            with_steps(work_of("three"), turns, View())
        one.close()
        go.set()
        lines, body = _parts(b"".join(two.response))  # type: ignore[arg-type]
    assert (lines[-1]["name"], body) == ("two", b"two")


def test_the_server_answers_others_meanwhile(internal_client: FlaskClient, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    go, begun = threading.Event(), threading.Event()

    def slow(*_: object, tick: Tick, **__: object) -> tuple[str, bytes]:
        begun.set()
        go.wait(_SOON)
        return "made.xlsx", b"made"

    monkeypatch.setattr("dashboard.briefs.make_brief", slow)
    job = internal_client.get("/brief.xlsx?lang=en&seed=slow", headers=_ASKED, buffered=False)
    assert begun.wait(_SOON)
    assert internal_client.get("/survey.csv").status_code == 200
    assert internal_client.get("/healthz").status_code == 200
    go.set()
    assert _parts(job.get_data())[1] == b"made"


@pytest.mark.parametrize("error", [FileFault("/tmp/x.py", "secret", "y", "z"), ValueError("/srv/secret.py")])
def test_work_that_fails_says_so_and_nothing_else(server: Flask, error: Exception) -> None:
    def work(_: Tick) -> Made:
        raise error

    turns = Turns(1)
    with server.test_request_context():
        told = b"".join(with_steps(work, turns, View()).response)  # type: ignore[arg-type]
    assert _parts(told) == ([{"failed": True}], b"")
    assert not any(leak in told.decode() for leak in (*LEAKS, "secret"))
    turns.wait()


def test_a_browser_that_prints_is_ended_between_two_looks() -> None:
    def tick(*_: object) -> None:
        raise Stopped

    begun = time.monotonic()
    with pytest.raises(Stopped):
        _run(["sleep", "30"], tick)
    assert time.monotonic() - begun < _SOON


def test_no_scenario_by_steps_where_none_is_offered(public_client: FlaskClient, internal: Path) -> None:
    assert public_client.get("/scenario.steps?own=abc", headers=_ASKED).status_code == 404
