"""Settings: one order, each with where it comes from, and no value that cannot be one."""

import os
from pathlib import Path

import pandas as pd
import pytest

from dashboard.command import main
from dashboard.settings import SETTINGS
from dashboard.settled import read_settings, strange_variables
from survey import Fault


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("CROSSPRESSURE_")]:
        monkeypatch.delenv(name)


def test_flag_comes_before_environment_before_file_before_default(tmp_path: Path) -> None:
    file = tmp_path / "crosspressure.toml"
    at = {"CROSSPRESSURE_PORT": "8001"}
    assert (read_settings()["port"].value, read_settings()["port"].origin) == (8050, "default")
    file.write_text("# of the house\nport = 8002\n")
    told = read_settings({}, {})["port"]
    assert (told.value, told.origin) == (8002, "crosspressure.toml, line 2")
    told = read_settings({"port": None}, at)["port"]
    assert (told.value, told.origin) == (8001, "CROSSPRESSURE_PORT")
    told = read_settings({"port": "8003", "quiet": True}, at)["port"]
    assert (told.value, told.origin) == (8003, "flag --port")
    assert read_settings({}, {"CROSSPRESSURE_PORT": ""})["port"].value == 8002


def test_a_file_elsewhere_is_named_and_its_paths_begin_there(tmp_path: Path) -> None:
    place = tmp_path / "etc"
    place.mkdir()
    (place / "mine.toml").write_text('accounts = "a.db"\nproxy = ["10.0.0.1", "10.0.0.2"]\nkey = "/k.pem"\n')
    held = read_settings({}, {"CROSSPRESSURE_SETTINGS": str(place / "mine.toml")})
    assert held["accounts"].value == str(place / "a.db")
    assert (held["proxy"].value, held["key"].value) == ("10.0.0.1,10.0.0.2", "/k.pem")
    with pytest.raises(Fault, match="no such file"):
        read_settings({}, {"CROSSPRESSURE_SETTINGS": str(place / "none.toml")})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("prot = 8000", "did you mean port"),
        ("[server]\nport = 8000", "a setting"),
        ("port = 0", "from 1 to 65535"),
        ("port = true", "from 1 to 65535"),
        ('port = "٣"', "from 1 to 65535"),
        ("port = 8000.0", "from 1 to 65535"),
        ("host = 1", "text on one line"),
        ('host = "a\\nb"', "text on one line"),
        ('log = "jsn"', "did you mean json"),
        ("proxy = [1]", "text on one line"),
        ("port = ", "line 1"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "crosspressure.toml").write_text(text)
    with pytest.raises(Fault, match=told) as caught:
        read_settings({}, {})
    assert "crosspressure.toml, line" in caught.value.where


def test_a_bad_variable_is_named() -> None:
    with pytest.raises(Fault) as caught:
        read_settings({}, {"CROSSPRESSURE_WORKERS": "-1"})
    assert caught.value.where == "CROSSPRESSURE_WORKERS"


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_a_file_that_others_may_write_or_read_secrets_in_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "crosspressure.toml"
    file.write_text("port = 8000\n")
    file.chmod(0o646)
    with pytest.raises(Fault, match="everybody may write"):
        read_settings({}, {})
    file.write_text('accounts = "postgresql://u:geheim@h/db"\n')
    file.chmod(0o644)
    with pytest.raises(Fault, match="a secret") as caught:
        read_settings({}, {})
    assert "geheim" not in str(caught.value)
    file.chmod(0o600)
    assert read_settings({}, {})["accounts"].shown == "postgresql://u@h/db"
    file.write_text("")
    assert read_settings({}, {})["port"].origin == "default"


def test_the_command_tells_each_and_names_variables_that_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CROSSPRESSURE_ACCOUNTS", "postgresql://kato:geheim@db.example/x?password=geheim")
    assert main(["settings", "--workers", "3", "--out", "s.csv"]) == 0
    told = pd.read_csv("s.csv", dtype=str, keep_default_na=False).set_index("setting")
    assert list(told.index) == list(SETTINGS)
    assert tuple(told.loc["workers", ["value", "from"]]) == ("3", "flag --workers")
    assert told.loc["accounts", "value"] == "postgresql://kato@db.example/x"
    assert "geheim" not in Path("s.csv").read_text()
    monkeypatch.setenv("CROSSPRESSURE_WORKER", "2")
    assert main(["settings"]) == 1
    assert (
        "CROSSPRESSURE_WORKER is no setting: did you mean CROSSPRESSURE_WORKERS?" in capsys.readouterr().err
    )
    assert strange_variables({"CROSSPRESSURE_REALDATA": "x", "PATH": "y"}) == []


def test_commands_take_what_is_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("crosspressure.toml").write_text(
        'accounts = "a.db"\naddress = "https://pressure.example/"\nport = 70000\n'
    )
    assert main(["serve"]) == 2
    assert "line 3, key port" in capsys.readouterr().err
    Path("crosspressure.toml").write_text('accounts = "a.db"\naddress = "https://pressure.example/"\n')
    assert main(["account", "--invite", "kato"]) == 0
    assert "https://pressure.example/welcome/" in capsys.readouterr().err
    assert main(["serve", "--host", "0.0.0.0"]) == 2  # accounts are set, HTTPS is not
    assert "passwords would travel in clear" in capsys.readouterr().err
    Path("crosspressure.toml").unlink()
    assert main(["account"]) == 2
    assert "PLACE" in capsys.readouterr().err
