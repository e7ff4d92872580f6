"""Serving: an internal Release stays on this machine; a served page answers and stops when told."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from dashboard.serving import ServingFault, is_loopback, run

TOP = Path(__file__).parents[2]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.5.5.5"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org", "", "127.0.0.1.example.org"])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_internal_release_is_refused_off_loopback(internal: Path) -> None:
    with pytest.raises(ServingFault) as caught:
        run(internal, "0.0.0.0", 8059)
    assert "internal Release" in str(caught.value)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(sys.platform == "win32", reason="waitress is stopped another way")
def test_serves_in_silence_with_a_home_that_cannot_be_written(public: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    port = _free_port()
    code = f"from dashboard.serving import run; run({str(public)!r}, port={port}, workers=2)"
    environment = os.environ | {"HOME": str(home), "PYTHONPATH": str(TOP)}
    server = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 120
        answer = b""
        while not answer and time.monotonic() < deadline and server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as response:
                    answer = response.read()
            except OSError:
                time.sleep(0.2)
        assert answer == b"ok\n"
    finally:
        server.terminate()
        out, error = server.communicate(timeout=20)
    assert out == b"" and error == b""
    assert not any(home.iterdir())
