"""Rules in a Release: the catalogue row for row, each flow counted once, sides by technology, by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import load_catalogue, write_release
from analysis.release.read import read_release
from analysis.release.rules import catalogue_tables
from analysis.release.rules_met import Met, collision_flows, collision_matrix
from survey import data_folder, load_study


def met_row(firm: str, flow: str, duty: str, clause: str, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "firm": firm, "flow": flow, "channel": "sales", "duty": duty, "clause": clause, "article": "Art. 1",
        "kind": "cut off", "status": "duty", "us_severity": 0.5, "cn_severity": 1.0, "weight": 1.0,
        "substitutability": 0.0, "share": 0.1, "at_stake": 0.05, "counted": True, "value": 100.0,
        "sides": "us-cn",
    }  # fmt: skip
    row |= more
    worst = min(row["us_severity"], row["cn_severity"])
    left = row["value"] * row["weight"] * (1.0 - row["substitutability"])
    return {"lethal": worst == 1.0 and row["status"] != "dormant", "value_at_stake": left * worst} | row


def test_the_catalogue_is_whole_and_persons_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "particulars.csv").write_text(
        "id,reviewed_by,reviewed_on,changed_by,why\nUS-EL,Somebody Known,2026-01-01,Another Person,a why\n",
        encoding="utf-8",
    )
    catalogue = load_catalogue([data_folder() / "regulation", tmp_path])
    inside, outside = (catalogue_tables(catalogue, is_open=is_open) for is_open in (True, False))
    assert len(inside["instruments"]) == len(outside["instruments"]) == 122
    assert inside["instruments"]["id"].is_unique
    assert outside["instruments"].query("changed")["id"].tolist() == ["US-EL"]
    assert "rule_history" in inside and "rule_history" not in outside
    cells = {str(cell) for table in outside.values() for column in table for cell in table[column]}
    assert not cells & {"Somebody Known", "Another Person", "a why"}
    assert inside["instruments"].set_index("id").loc["US-EL", "reviewed_by"] == "Somebody Known"
    places = [c for table in inside.values() for c in table if str(c).startswith("_")]
    assert places == []


def test_each_flow_counts_once_at_its_worst_pair() -> None:
    rows = pd.DataFrame(
        [
            met_row("A", "L1", "US-EL", "CN-AFSL"),
            met_row(
                "A", "L1", "US-EL", "CN-UEL", status="dormant", weight=0.25, at_stake=0.0125, counted=False
            ),
            met_row("A", "L2", "US-EL", "CN-AFSL", value=10.0, substitutability=0.5, at_stake=0.025),
            # the same delivery seen by its buyer, a firm of the study too
            met_row("B", "L1", "US-EL", "CN-AFSL", channel="inputs", at_stake=0.2, share=0.4),
            met_row("B", "L3", "US-SDN", "CN-AFSL", us_severity=1.0, value=1.0, at_stake=0.01, share=0.01),
        ]
    )
    table = collision_matrix(Met(pd.DataFrame(), rows, 4)).set_index(["duty", "clause"])
    assert table.index[0] == ("US-SDN", "CN-AFSL")  # lethal first, however small
    assert table["lethal"].tolist() == [True, False, False]
    duty = table.loc[("US-EL", "CN-AFSL")]
    assert (duty["n"], duty["flows"], duty["counted"]) == (2, 2, 2)
    assert duty["estimate"] == pytest.approx(100 * 0.5 + 10 * 0.5 * 0.5)
    assert duty["value"] == pytest.approx(110.0)
    assert duty["share"] == pytest.approx((0.05 + 0.025 + 0.2) / 4)
    other = table.loc[("US-EL", "CN-UEL")]
    assert (other["flows"], other["counted"], other["estimate"]) == (1, 0, 0.0)
    assert int(table["counted"].sum()) == rows["flow"].nunique()


def test_without_values_only_shares_are_said() -> None:
    rows = pd.DataFrame([met_row("A", "L1", "US-EL", "CN-AFSL", value=np.nan)])
    table = collision_matrix(Met(pd.DataFrame(), rows, 1))
    assert table["estimate"].isna().all() and table["share"].tolist() == [0.05]
    assert collision_matrix(Met(pd.DataFrame(), rows.iloc[:0], 1)).empty


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two firms that buy magnets of China and of Japan; an American customer that also buys elsewhere."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "links.csv").write_text(
        "link,buyer,supplier,country,product,value,inputs\n"
        "L1,A,M1,CN,magnets,30,100\nL2,A,M2,JP,magnets,10,100\nL3,B,M1,HK,magnets,40,200\n"
        "L4,K,A,JP,motors,60,400\nL5,K,Z,DE,motors,20,400\nL6,J,A,JP,motors,40,100\n",
        encoding="utf-8",
    )
    (folder / "parties.csv").write_text(
        "party,name,name_ja,country\nA,Alpha,甲,JP\nB,Beta,乙,JP\nK,Kappa,,US\nJ,Jota,,JP\n", encoding="utf-8"
    )
    (folder / "study.toml").write_text(
        'schema = 1\nid = "small"\ntitle = { en = "Small" }\nlanguages = ["en"]\n'
        '[supply]\nlinks = "links.csv"\nparties = "parties.csv"\n',
        encoding="utf-8",
    )
    return folder


def test_flows_of_the_demonstration_can_be_followed(tmp_path: Path) -> None:
    release = read_release(
        write_release(load_study(data_folder() / "demo"), tmp_path / "out", ["internal"])[0]
    )
    flows, met = release.table("collision_flows"), release.table("collisions")
    key = ["firm", "flow", "channel"]
    assert set(map(tuple, flows[key].to_numpy())) == set(map(tuple, met[key].to_numpy()))
    assert not flows.duplicated(key).any()
    assert flows["buyer_name"].str.len().min() > 0 and set(flows["evidence"]) == {"synthetic"}
    matrix = release.table("collision_matrix")
    assert matrix["counted"].sum() == met["flow"].nunique()
    known = release.table("instruments")["id"]
    assert set(matrix["duty"]) | set(matrix["clause"]) <= set(known)


def test_nothing_met_is_no_table() -> None:
    none = pd.DataFrame([met_row("A", "L1", "US-EL", "CN-AFSL")]).iloc[:0]
    flows = pd.DataFrame({"firm": ["A"], "flow": ["L9"], "channel": ["sales"]})
    assert collision_flows(Met(flows, none, 1), None).empty
