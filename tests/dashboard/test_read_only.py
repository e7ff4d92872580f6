"""Serving as the container file does, where nothing can be written but the folder of accounts and /tmp."""

import http.client
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
CONTAINER = (TOP / "docs" / "examples" / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
READ_ONLY = """
mount --bind "$1" "$1"
mount --bind "$1/state" "$1/state"
mount -t tmpfs tmpfs "$1/tmp"
for place in "$2" "$3"; do mount --bind "$place" "$place"; mount -o remount,bind,ro "$place"; done
mount -o remount,bind,ro "$1"
mount -o remount,bind,ro /
cd "$1/state"
shift 3
exec setpriv --inh-caps=-all --bounding-set=-all --no-new-privs "$@"
"""
"""A mount namespace of its own: the root and the folders given are read only, but state and tmp are not."""

PRIVATE = ("unshare", "--mount", *(("--user", "--map-root-user") if os.geteuid() else ()))


def held(folder: Path, *words: str) -> list[str]:
    """A command that runs where all but `state` and `tmp` of a folder is read only, without capabilities."""
    return [*PRIVATE, "sh", "-euc", READ_ONLY, "sh", str(folder), str(TOP), sys.prefix, *words]


def may_mount() -> bool:
    """Whether namespaces can be made here."""
    tools = all(map(shutil.which, ("unshare", "setpriv", "mount")))
    return tools and subprocess.run([*PRIVATE, "true"], capture_output=True, check=False).returncode == 0


def variables(folder: Path, release: Path, port: int) -> dict[str, str]:
    """The environment that the container file sets, with the folders of the test in the place of its own."""
    (line,) = re.findall(r"^ENV (.*)$", CONTAINER, re.MULTILINE)
    said = dict(word.split("=", 1) for word in shlex.split(line))
    places = {"/releases/internal": str(release), "/state/accounts.db": str(folder / "state" / "accounts.db")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSPRESSURE_")}
    return {
        **kept,
        **{name: places.get(value, value) for name, value in said.items()},
        **{"TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(TOP)},
        **{"CROSSPRESSURE_PROXY": "127.0.0.1", "CROSSPRESSURE_PORT": str(port)},
    }


def page(port: int, path: str) -> tuple[int, str]:
    """Status and words of an answer, asked for as the proxy asks."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"})
    answer = line.getresponse()
    return answer.status, answer.read().decode("utf-8")


@pytest.mark.skipif(not may_mount(), reason="no mount namespaces here (unshare, setpriv of util-linux)")
def test_it_is_ready_where_only_accounts_can_be_written(internal: Path, tmp_path: Path) -> None:
    for name in ("state", "tmp"):
        (tmp_path / name).mkdir()
    write = f"touch {TOP}/w 2>&1; touch /w 2>&1; touch {tmp_path}/w 2>&1; touch tried ../tmp/tried; ls"
    told = subprocess.run(
        held(tmp_path, "sh", "-c", write), capture_output=True, text=True, check=True
    ).stdout
    assert told.count("Read-only file system") == 3 and told.splitlines()[-1] == "tried"
    (tmp_path / "state" / "tried").unlink()

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = variables(tmp_path, internal, port)
    ours = (sys.executable, "-m", "dashboard.command")
    invited = subprocess.run(
        held(tmp_path, *ours, "account", "--invite", "kato", "--role", "analyst"),
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert invited.returncode == 0 and "/welcome/" in invited.stderr, invited.stderr

    (healthy,) = re.findall(r"HEALTHCHECK .*CMD \[(.*)\]", CONTAINER)
    asks = shlex.split(healthy.replace('", "', '" "'))[-1].replace(":8050", f":{port}")
    server = subprocess.Popen(
        held(tmp_path, *ours, "serve", "--quiet"), env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 120
        while subprocess.run([sys.executable, "-c", asks], capture_output=True, check=False).returncode:
            assert server.poll() is None and time.monotonic() < until, "never healthy"
            time.sleep(0.3)
        assert page(port, "/pressure")[0] == 401
        status, words = page(port, "/sign-in")
        assert status == 200 and "<form" in words
    finally:
        server.terminate()
        said = server.communicate(timeout=30)[1]
    assert "Traceback" not in said and "Read-only" not in said
    assert {path.name.split("-")[0] for path in (tmp_path / "state").iterdir()} == {"accounts.db"}
