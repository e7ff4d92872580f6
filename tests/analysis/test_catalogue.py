"""The catalogue: carried over whole, dated, and refused where it contradicts itself."""

import csv
import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from analysis.rules.catalogue import Catalogue, load_catalogue
from analysis.rules.chosen import rule_names
from survey import FileFault, data_folder

SHIPPED = load_catalogue()


def state(instrument: str, day: str, branch: str = "") -> tuple[str, str]:
    rows = SHIPPED.on(date.fromisoformat(day))
    row = rows[(rows["instrument"] == instrument) & (rows["branch"] == branch)].iloc[0]
    return str(row["state"]), str(row["warning"])


def test_carried_over_whole() -> None:
    """Byte for byte the reference catalogue, where that is at hand."""
    real = os.environ.get("CROSSPRESSURE_REALDATA")
    reference = Path(real).parent / "reference" / "regulation_catalogue.csv" if real else None
    if reference is None or not reference.is_file():
        pytest.skip("the reference catalogue is not at hand (CROSSPRESSURE_REALDATA)")
    assert (data_folder() / "regulation" / "instruments.csv").read_bytes() == reference.read_bytes()


def test_every_instrument_has_dates_and_sources() -> None:
    assert len(SHIPPED) == 122
    assert set(SHIPPED.in_force["instrument"]) == set(SHIPPED.instruments["id"])
    for table in (SHIPPED.instruments, SHIPPED.in_force, SHIPPED.gates, SHIPPED.collisions):
        assert table["source"].ne("").all()
        assert table["confidence"].isin(["sure", "uncertain"]).all()
    assert (SHIPPED.instruments["confidence"] == "uncertain").sum() >= 5
    assert SHIPPED.collisions["reviewed_by"].eq("").all()
    sides = SHIPPED.instruments.set_index("id")["side"]
    assert (sides["US-EL"], sides["CN-AFSL"], sides["JP-SME23"], sides["NL-SME"]) == (
        "us",
        "cn",
        "other",
        "other",
    )


def test_computed_instruments_and_pairs() -> None:
    computed = set(SHIPPED.gates["instrument"])
    assert len(computed) >= 50
    assert "US-ECRA" in SHIPPED.not_computed() and "US-EL" not in SHIPPED.not_computed()
    assert set(SHIPPED.collisions["duty"]) <= computed
    pairs = SHIPPED.collisions[["duty", "clause", "channel"]].drop_duplicates()
    assert len(pairs) == len(SHIPPED.collisions) >= 12
    sides = SHIPPED.side_of()
    assert all(sides[d] != sides[c] for d, c in zip(pairs["duty"], pairs["clause"], strict=True))


@pytest.mark.parametrize(
    ("instrument", "day", "wanted"),
    [
        ("US-AFFIL", "2025-09-28", "not_started"),
        ("US-AFFIL", "2025-09-29", "in_force"),
        ("US-AFFIL", "2025-11-09", "in_force"),
        ("US-AFFIL", "2025-11-10", "suspended"),
        ("US-AFFIL", "2026-11-09", "suspended"),
        ("US-AFFIL", "2026-11-10", "scheduled"),
        ("CN-61-2025-L1", "2025-10-08", "not_started"),
        ("CN-61-2025-L1", "2025-10-15", "not_started"),
        ("CN-61-2025-L2", "2025-11-06", "not_started"),
        ("CN-61-2025-L1", "2026-01-15", "suspended"),
        ("CN-61-2025-L3", "2025-10-08", "not_started"),
        ("CN-61-2025-L3", "2025-10-09", "in_force"),
        ("CN-61-2025-L3", "2025-11-06", "in_force"),
        ("CN-61-2025-L3", "2025-11-07", "suspended"),
        ("CN-55-58-2025", "2025-11-08", "suspended"),
        ("US-UFLPA", "2021-12-15", "not_started"),
        ("US-UFLPA", "2022-06-21", "in_force"),
        ("US-EL-HR2019", "2019-10-08", "not_started"),
        ("US-EL-HR2019", "2019-10-09", "in_force"),
        ("CN-1-2026", "2026-01-05", "not_started"),
        ("CN-1-2026", "2026-01-06", "in_force"),
        ("US-1260H", "2026-01-15", "not_started"),
        ("COCOM", "1994-03-31", "in_force"),
        ("COCOM", "1994-04-01", "ended"),
        ("US-EL", "2021-12-15", "in_force"),
        ("US-COINS", "2026-06-01", "not_started"),
    ],
)
def test_intervals(instrument: str, day: str, wanted: str) -> None:
    assert state(instrument, day)[0] == wanted


def test_one_clause_of_an_instrument_suspended() -> None:
    assert state("CN-46-2024", "2026-01-15", "1")[0] == "in_force"
    assert state("CN-46-2024", "2025-11-08", "2")[0] == "in_force"
    assert state("CN-46-2024", "2025-11-09", "2")[0] == "suspended"
    assert state("CN-46-2024", "2026-11-27", "2")[0] == "suspended"
    assert "no source confirms" in state("CN-46-2024", "2026-11-28", "2")[1]


def test_open_dates_warn_and_settled_ones_do_not() -> None:
    assert "sources differ" in state("CN-61-2025-L1", "2026-11-10")[1]
    assert "no source confirms" in state("CN-61-2025-L1", "2026-11-11")[1]
    assert "no source confirms" in state("US-AFFIL", "2026-11-10")[1]
    assert state("US-AFFIL", "2026-11-09")[1] == ""
    assert state("US-EL", "2026-01-15")[1] == ""
    assert "sources differ" in state("CN-834", "2026-04-03")[1]


def test_each_day_has_one_state() -> None:
    day = date(2021, 1, 1)
    while day < date(2027, 6, 1):
        assert not SHIPPED.on(day).duplicated(["instrument", "branch"]).any()
        day += timedelta(days=83)


def changed(folder: Path, table: str, row: int, **cells: str) -> Catalogue:
    shutil.copytree(data_folder() / "regulation", folder / "rules", dirs_exist_ok=True)
    path = folder / "rules" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if row >= len(rows):
        rows, row = [*rows, dict(rows[-1])], len(rows)
    rows[row] |= cells
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return load_catalogue(folder / "rules")


def test_a_copy_reads_the_same(tmp_path: Path) -> None:
    copied = changed(tmp_path, "gates", 0)
    assert copied.gates.equals(SHIPPED.gates)


@pytest.mark.parametrize(
    ("table", "row", "cells", "found"),
    [
        ("gates", 0, {"instrument": "US-ERA"}, "US-ERA"),
        ("gates", 0, {"field": "colour"}, "colour"),
        ("gates", 0, {"operator": "about"}, "about"),
        ("gates", 0, {"operator": "more_than"}, "operator that does not fit"),
        ("gates", 0, {"gate": "door"}, "door"),
        ("gates", 0, {"outcome": "perhaps"}, "perhaps"),
        ("gates", 0, {"order": "first"}, "order that is no whole number"),
        (
            "gates",
            0,
            {"field": "us_through", "operator": "more_than", "value": "0.1", "outcome": "licence"},
            "look-through",
        ),
        ("gates", 0, {"field": "us_content", "operator": "more_than", "value": "much"}, "no number"),
        ("in_force", 0, {"from": "2018-13-40"}, "2018-13-40"),
        ("in_force", 0, {"from": "2020-01-02", "to": "2020-01-01"}, "runs backwards"),
        ("in_force", 9999, {"from": "2000-01-01", "to": ""}, "overlaps"),
        ("in_force", 0, {"state": "asleep"}, "asleep"),
        ("collisions", 0, {"status": "maybe"}, "maybe"),
        ("collisions", 0, {"clause": "CN-ABC"}, "CN-ABC"),
        ("collisions", 0, {"channel": "air"}, "air"),
    ],
)
def test_contradictions_are_faults(tmp_path: Path, table: str, row: int, cells: dict, found: str) -> None:
    with pytest.raises(FileFault) as fault:
        changed(tmp_path, table, row, **cells)
    assert found in fault.value.found
    assert f"{table}.csv, line" in fault.value.where


def test_missing_file_or_column(tmp_path: Path) -> None:
    with pytest.raises(FileFault):
        load_catalogue(tmp_path)
    shutil.copytree(data_folder() / "regulation", tmp_path / "r")
    (tmp_path / "r" / "gates.csv").write_text("instrument,order\nUS-EL,1\n", encoding="utf-8")
    with pytest.raises(FileFault):
        load_catalogue(tmp_path / "r")


def test_every_instrument_has_a_name_in_both_languages():
    names = rule_names(load_catalogue(), ("en", "ja"))
    own = pd.read_csv(data_folder() / "regulation" / "names_ja.csv", dtype=str)
    assert set(own["id"]) == set(load_catalogue().instruments["id"])
    pairs = names.pivot(index="option", columns="lang", values="text")
    assert pairs.shape == (len(own), 2)
    assert (pairs["ja"] != pairs["en"]).all()
    assert pairs.loc["US-EL", "ja"] == "エンティティ・リスト"
