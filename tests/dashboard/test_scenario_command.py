"""`--scenario` of contact and pressure: what it writes, what it says, and what it refuses."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from dashboard.command import main

DEMO = Path(__file__).parents[2] / "data" / "demo"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with fewer draws."""
    folder = tmp_path_factory.mktemp("command") / "demo"
    shutil.copytree(DEMO, folder)
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[pressure]\n", "[pressure]\ndraws = 200\n"), encoding="utf-8")
    return folder


def test_contact_in_a_scenario_says_what_it_changed(demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.csv"
    assert main(["contact", str(demo), "--scenario", "rare-earth-limb-1", "--out", str(out), "--quiet"]) == 0
    contacts = pd.read_csv(out)
    assert set(contacts["scenario"]) == {"rare-earth-limb-1"}
    assert (contacts["instrument"] == "CN-61-2025-L1").any()
    changes = pd.read_csv(tmp_path / "c.changes.csv")
    assert changes[["table", "key", "after"]].to_numpy().tolist() == [
        ["in_force", "CN-61-2025-L1", "in_force open to open"]
    ]


def test_pressure_in_two_scenarios_writes_effects_moves_and_changes(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "p.csv"
    asked = ["--scenario", "rare-earth-limb-1", "us-japan-framework"]
    assert main(["pressure", str(demo), *asked, "--out", str(out)]) == 0
    table = pd.read_csv(out).set_index("firm")
    effects = pd.read_csv(tmp_path / "p.effects.csv", keep_default_na=False, na_values=["nan", ""])
    mine = effects[(effects["by"] == "firm") & (effects["stat"] == "us")].set_index("group")
    assert mine["after"].to_numpy() == pytest.approx(table.loc[mine.index, "us"].to_numpy(), nan_ok=True)
    moves, changes = (pd.read_csv(tmp_path / f"p.{name}.csv") for name in ("moves", "changes"))
    assert moves["firms"].sum() == table["tier"].notna().sum()
    assert set(changes["scenario"]) == {"rare-earth-limb-1", "us-japan-framework"}
    said = capsys.readouterr().err
    assert "assumed: No text exists" in said
    assert "us: mean of 100 firms" in said


def test_a_change_of_another_day_is_said_to_do_nothing(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'schema = 1\nid = "own"\ntitle = { en = "Own" }\n[[change]]\ndo = "set"\n'
        'instrument = "CN-61-2025-L1"\nfrom = 2026-03-01\n',
        encoding="utf-8",
    )
    said = {}
    for when in ("2026-01-15", "2026-03-01"):
        out = str(tmp_path / "c.csv")
        assert main(["contact", str(demo), "--scenario", str(path), "--as-of", when, "--out", out]) == 0
        said[when] = "does nothing on that day" in capsys.readouterr().err
        assert (pd.read_csv(out)["instrument"] == "CN-61-2025-L1").any() != said[when]
    assert said == {"2026-01-15": True, "2026-03-01": False}


def test_a_scenario_that_is_wrong_leaves_nothing_behind(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "own.toml", tmp_path / "c.csv"
    path.write_text(
        'schema = 1\nid = "own"\ntitle = { en = "Own" }\n[[change]]\ndo = "suspend"\ninstrument = "US-ELL"\n',
        encoding="utf-8",
    )
    assert main(["contact", str(demo), "--scenario", str(path), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "own.toml, line 6, change 1 (suspend), key instrument" in said and "US-EL" in said
    assert list(tmp_path.iterdir()) == [path]
    assert main(["pressure", str(demo), "--scenario", "rare-earth-limb-2", "--out", str(out)]) == 2
    assert "rare-earth-limb-1" in capsys.readouterr().err
