"""The wheel holds the product and its data, once, and nothing that was built on this machine."""

import os
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

from survey.extras import EXTRAS
from tests.house_map import TOP


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=TOP, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_wheel_holds_all_data_of_the_checkout_and_nothing_built(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    data = {path.relative_to(TOP).as_posix() for path in (TOP / "data").rglob("*") if path.is_file()}
    expected = {f"survey/{name}" for name in data if not name.startswith("data/built/")}
    assert expected, "there is no data folder"
    assert {name for name in inside if name.startswith("survey/data/")} == expected
    assert "dashboard/locale/ja.toml" in inside
    assert not {name for name in inside if name.startswith(("tests/", "docs/", "data/"))}


def test_an_installed_wheel_finds_its_data_and_runs(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(place)
    environment = {**os.environ, "PYTHONPATH": str(place)}
    say = "import survey; print(survey.__file__, survey.data_folder(), sep='\\n')"
    run = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True, "check": True}
    where = subprocess.run([sys.executable, "-c", say], **run).stdout.split()
    assert where == [str(place / "survey" / "__init__.py"), str(place / "survey" / "data")]
    told = subprocess.run([sys.executable, "-m", "dashboard.command", "check", "--help"], **run).stdout
    assert "crosspressure check" in told


def test_the_wheel_brings_three_names_and_no_other_and_they_are_ours(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(place)
    (told,) = (dist for dist in distributions(path=[str(place)]))
    assert told.name == "crosspressure"
    tops = {Path(str(file)).parts[0] for file in told.files or ()}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"survey", "analysis", "dashboard"}
    owners: dict[str, set[str]] = {}
    for dist in distributions(path=[str(place), *sys.path]):
        for file in dist.files or ():
            if file.name == "__init__.py" and len(file.parts) == 2:
                owners.setdefault(file.parts[0], set()).add(dist.name)
    assert all(owners[name] == {"crosspressure"} for name in ("survey", "analysis", "dashboard"))
    assert set(told.metadata.get_all("Provides-Extra") or ()) == set(EXTRAS)
