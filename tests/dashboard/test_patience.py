"""Slow and crooked clients on a real port: others are answered meanwhile, refusals are in words of ours."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.access import plain_headers
from dashboard.patience import THREADS
from dashboard.places import Places, away
from tests.dashboard.test_serving import TOP, _free_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="waitress serves there")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server without a Release, which starts at once, with a head that must be there in one second."""
    free = _free_port()
    code = "import dashboard.patience as p; p._HEAD = 1.0; from dashboard.serving import run; "
    code += f"run(None, port={free})"
    server = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(TOP)}, cwd=TOP
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            asked(free, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            break
        except OSError:
            time.sleep(0.1)
    yield free
    server.terminate()
    server.wait(20)


def asked(port: int, text: bytes) -> bytes:
    """An answer, as whole as its head says or until the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(text)
        held = b""
        while part := one.recv(65536):
            held += part
            head, _, body = held.partition(b"\r\n\r\n")
            size = re.search(rb"(?i)content-length: (\d+)", head)
            if size and len(body) >= int(size[1]):
                break
        return held


def test_slow_heads_keep_nobody_out_and_are_given_up(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(3 * THREADS)]
    for one in slow[: THREADS - 1]:
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    began = time.monotonic()
    answer = asked(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < 3
    time.sleep(2.5)
    for one in slow:
        assert one.recv(1024) == b""  # closed
        one.close()
    assert asked(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(300)) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 9_000 + b"\r\n\r\n", 431),
        (b"<script>alert(1)</script> / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 411),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
    ],
)
def test_what_is_no_request_is_refused_in_our_words(port: int, text: bytes, status: int) -> None:
    head, _, page = asked(port, text).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), head[:200]
    for name, value in plain_headers().items():
        assert f"{name}: {value}".encode() in head, name
    assert b"gunicorn" not in head.lower().replace(b"server: gunicorn", b"") and b"alert" not in page
    assert b'lang="ja"' in page


def test_places_are_few_and_bodies_are_read_before() -> None:
    seen: list[bytes] = []

    def inner(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"ok"]

    class Body:
        def __init__(self) -> None:
            self.left = b"x" * 10

        def read(self, many: int = -1) -> bytes:
            assert places._all._value == free, "a place was taken before the body was there"
            return self.left

    places = Places(inner)
    free = places._all._value
    told: list[str] = []
    places({"CONTENT_LENGTH": "10", "wsgi.input": Body()}, lambda status, _: told.append(status))
    assert (seen, told) == ([b"x" * 10], ["200 OK"])
    for _ in range(2):
        assert places._large.acquire(blocking=False)
    places({"CONTENT_LENGTH": str(10**6)}, lambda status, _: told.append(status))
    assert told[-1].startswith("503")
    for odd in ({"CONTENT_LENGTH": "-1"}, {"CONTENT_LENGTH": "1e9"}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
        places(odd, lambda status, _: told.append(status))
        assert told[-1].startswith("411")


def test_who_waits_for_another_process_gives_its_place_up_and_takes_one_again() -> None:
    told: list[int] = []

    def inner(_: dict[str, Any], __: Any) -> list[bytes]:
        told.append(places._all._value)
        with away():
            told.append(places._all._value)
            with away():
                told.append(places._all._value)
        told.append(places._all._value)
        return []

    places = Places(inner)
    free = places._all._value
    places({}, lambda *_: None)
    assert told == [free - 1, free, free, free - 1] and places._all._value == free
    with away():  # in no request: nothing to give up
        assert places._all._value == free
