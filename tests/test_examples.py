"""Files that docs give to whoever runs a server: what they set exists, and what checks them finds nothing."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.settings import NAMED, SETTINGS
from dashboard.settled import read_settings

TOP = Path(__file__).parents[1]
EXAMPLES = TOP / "docs" / "examples"
VARIABLES = {one.variable for one in SETTINGS.values()} | {NAMED}


@pytest.mark.parametrize("name", ["Containerfile", "crosspressure.service"])
def test_variables_are_those_of_settings(name: str) -> None:
    named = set(re.findall(r"CROSSPRESSURE_\w+", (EXAMPLES / name).read_text(encoding="utf-8")))
    assert named and named <= VARIABLES


def test_the_file_of_settings_is_one(tmp_path: Path) -> None:
    file = Path(shutil.copy(EXAMPLES / "crosspressure.toml", tmp_path / "crosspressure.toml"))
    file.chmod(0o640)
    held = read_settings({}, {NAMED: str(file)})
    assert held["proxy"].value == "127.0.0.1" and held["workers"].value == 2
    assert held["accounts"].value == "/var/lib/crosspressure/accounts.db"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
def test_systemd_finds_nothing_in_the_unit(tmp_path: Path) -> None:
    text = (EXAMPLES / "crosspressure.service").read_text(encoding="utf-8")
    unit = tmp_path / "crosspressure.service"
    unit.write_text(text.replace("/opt/crosspressure/bin/crosspressure", sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "crosspressure.service" not in done.stderr, done.stderr
    bad = tmp_path / "bad.service"
    bad.write_text(unit.read_text(encoding="utf-8").replace("UMask=", "UMsak="), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(bad)]
    assert "UMsak" in subprocess.run(command, capture_output=True, text=True, check=False).stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
def test_what_the_unit_may_reach_stays_small(tmp_path: Path) -> None:
    unit = Path(shutil.copy(EXAMPLES / "crosspressure.service", tmp_path))
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=MOST", "--no-pager", str(unit)]
    for most, code in (("40", 0), ("5", 1)):
        words = [word.replace("MOST", most) for word in command]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if "--offline" in done.stderr:
            pytest.skip("this systemd-analyze looks at no file (systemd before 250)")
        assert done.returncode == code, done.stdout[-200:] + done.stderr


def test_the_health_check_of_the_container_is_built_as_written() -> None:
    operation = (TOP / "docs" / "how-to" / "operation.md").read_text(encoding="utf-8")
    line = "podman build --format docker -t crosspressure ."
    assert line in operation and line in (EXAMPLES / "Containerfile").read_text(encoding="utf-8")


def test_the_container_runs_what_there_is() -> None:
    text = (EXAMPLES / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    (probe,) = re.findall(r"HEALTHCHECK .*CMD \[(.*)\]", text)
    words = shlex.split(probe.replace('", "', '" "'))
    assert words[:2] == ["python", "-c"] and "/readyz" in words[2]
    compile(words[2], "HEALTHCHECK", "exec")
    assert 'ENTRYPOINT ["crosspressure"]' in text and 'CMD ["serve"]' in text
    assert re.search(r"^USER 10001$", text, re.MULTILINE) and "--require-hashes" in text
