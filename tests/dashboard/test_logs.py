"""Logs: which route failed where, in one line; nothing of what was sent, of answers, or of secrets."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from dashboard.access import HEALTH, READY
from dashboard.app import ROUTES
from dashboard.benchmarked import BENCHMARK_POSTS
from dashboard.logs import REQUEST, Lines, Logged, keep_log

TOP = Path(__file__).parents[2]
SECRET = "firm S001 answered yes"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("crosspressure")
    held, level = root.handlers, ours.level
    yield
    root.handlers, ours.level = held, level


def _fails(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    if environ["PATH_INFO"] == "/":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"well"]
    if environ["PATH_INFO"] == "/pressure":
        start_response("200 OK", [("Content-Type", "text/plain")])
    raise KeyError(SECRET)


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_each_request_is_a_line_and_what_escapes_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    keep_log("json")
    client = Client(Logged(_fails, ROUTES, is_each=True))
    good = client.get("/?firm=S001&q=geheim", buffered=True, headers={"Cookie": "crosspressure=geheim"})
    bad = client.post("/survey?q=geheim", data="geheim", buffered=True)
    assert bad.status_code == 500 and SECRET not in bad.text and "再読み込み" in bad.text
    assert bad.headers["X-Content-Type-Options"] == "nosniff"
    told = _lines(capsys)
    assert [one["what"] for one in told] == ["request", "a request failed", "request"]
    assert told[0]["request"] == good.headers[REQUEST] != bad.headers[REQUEST]
    assert (told[0]["method"], told[0]["route"], told[0]["status"]) == ("GET", "/", 200)
    assert told[0]["ms"] >= 0 and told[0]["at"].endswith("Z")
    assert told[1]["error"] == "KeyError" and told[1]["request"] == told[2]["request"]
    assert any("test_logs.py" in place for place in told[1]["code"])
    assert (told[2]["route"], told[2]["status"]) == ("/survey", 500)
    assert "geheim" not in json.dumps(told) and SECRET not in json.dumps(told)


def test_an_answer_that_was_begun_is_taken_back() -> None:
    keep_log("faults")
    begun: list[tuple[str, bool]] = []
    environ = {"PATH_INFO": "/pressure", "REQUEST_METHOD": "GET"}
    body = Logged(_fails, ROUTES, is_each=False)(
        environ, lambda status, headers, told=None: begun.append((status[:3], told is not None))
    )
    assert begun == [("200", False), ("500", True)] and b"".join(body)


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/pressure", "/pressure"),
        ("/assets/look.css", "/assets/*"),
        ("/_dash-component-suites/x/y.js", "/_dash-component-suites/*"),
        ("/S001", "other"),
        ("/welcome/geheim", "/welcome/*"),
        ("//pressure", "other"),
        ("/pressure/geheim", "other"),
        ("/\n{", "other"),
    ],
)
def test_paths_are_told_as_routes(path: str, route: str, capsys: pytest.CaptureFixture[str]) -> None:
    keep_log("json")

    def inner(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("404 NOT FOUND", [])
        return []

    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GEHEIM", "QUERY_STRING": "geheim"}
    body = Logged(inner, ROUTES | {"/welcome/"}, is_each=True)(environ, lambda *_: None)
    assert capsys.readouterr().err == ""  # the line comes when the answer has left
    body.close()  # type: ignore[attr-defined]
    (told,) = _lines(capsys)
    assert (told["route"], told["method"], told["status"]) == (route, "other", 404)


def test_faults_alone_are_told_in_words_and_no_error_by_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    keep_log("faults")
    ours, other = logging.getLogger("crosspressure.dashboard"), logging.getLogger("another.package")
    ours.info("nothing")
    Client(Logged(_fails, ROUTES, is_each=False)).get("/")
    assert capsys.readouterr().err == ""
    other.error("parameters: %s", SECRET)
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        ours.error("work failed", exc_info=error)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2 and SECRET not in "".join(told)
    assert "another.package, line" in told[0]
    assert told[1].endswith("test_faults_alone_are_told_in_words_and_no_error_by_its_words")
    assert "error: work failed; " in told[1] and "ValueError" in told[1]


def test_a_message_of_several_lines_is_one_line_of_json() -> None:
    record = logging.LogRecord("crosspressure", logging.ERROR, __file__, 1, "a\nb", (), None)
    assert "\n" not in Lines(True).format(record)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _asked(port: int, path: str, body: bytes | None = None) -> int:
    headers = {"Content-Type": "application/json", "Cookie": "crosspressure=geheim"} if body else {}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers), timeout=60
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.skipif(sys.platform == "win32", reason="waitress is stopped another way")
def test_a_server_writes_lines_of_json_and_no_word_that_was_sent(public: Path) -> None:
    port = _port()
    command = [sys.executable, "-m", "dashboard.command", "serve", str(public), "--log", "json"]
    environment = os.environ | {"PYTHONPATH": str(TOP), "CROSSPRESSURE_PORT": str(port)}
    with subprocess.Popen(
        command, env=environment, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        until = time.monotonic() + 120
        while not _asked(port, HEALTH) and time.monotonic() < until and run.poll() is None:
            time.sleep(0.1)
        asked = [
            _asked(port, f"{READY}?geheim"),
            _asked(port, "/geheim/S001?firm=geheim"),
            _asked(port, "/_dash-update-component", b'{"geheim": 1}'),
            _asked(port, f"{BENCHMARK_POSTS[0]}?geheim", b'{"answers": {"geheim": ["geheim"]}}'),
            _asked(port, "/pressure?" + "geheim" * 2000),
        ]
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate(timeout=60)
    lines = [json.loads(line) for line in said.decode().splitlines()]
    assert b"geheim" not in said and b"S001" not in said
    routes = {one.get("route") for one in lines if one["what"] == "request" and one["route"] != HEALTH}
    assert routes == {READY, "other", "/_dash-update-component", BENCHMARK_POSTS[0]}
    assert asked[0] == 200 and asked[4] == 414 and not any(code >= 500 for code in asked)
