"""`contact` of flows in a file: what it writes, and what it refuses."""

from pathlib import Path

import pandas as pd
import pytest

from dashboard.command import main
from survey import data_folder

FLOWS = """flow,firm,seller,buyer,seller_country,buyer_country,eccn,origin,us_content,value
f1,A,A,B,Japan,中国,3B001,Japan,0.26,100
f2,A,A,C,Japan,Germany,EAR99,Japan,0,5
"""


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    (tmp_path / "lists.csv").write_text("party,list,from,to\nB,US-EL,2020-01-01,\n")
    path = tmp_path / "flows.csv"
    path.write_text(FLOWS, encoding="utf-8")
    return path


def test_rows_and_their_notice(flows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = flows.parent / "contact.csv"
    lists = str(flows.parent / "lists.csv")
    assert main(["contact", str(flows), "--as-of", "2026-01-15", "--lists", lists, "--out", str(out)]) == 0
    rows = pd.read_csv(out).set_index(["flow", "instrument"])
    assert rows.loc[("f1", "US-EL"), ["outcome", "gate", "clause"]].tolist()[:2] == ["licence", "licence"]
    assert "legal advice" in rows["notice"].iloc[0]
    assert "legal advice" in (flows.parent / "contact.notice.txt").read_text(encoding="utf-8")
    assert not rows.loc["f2"]["outcome"].isin(["licence", "prohibited"]).any()
    assert f"{len(rows)} rows of contact" in capsys.readouterr().err


def test_lists_in_the_file_are_of_no_known_day(flows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contact", str(flows), "--as-of", "2026-01-15"]) == 0
    assert "Nobody was screened" in capsys.readouterr().err
    told = pd.read_csv(flows).assign(buyer_lists=["US-EL", "CN-UEL"])
    told.to_csv(flows, index=False)
    assert main(["contact", str(flows), "--as-of", "2026-01-15"]) == 0
    said = capsys.readouterr().err
    assert "CN-UEL, US-EL" in said and "Nobody was screened" not in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--as-of"),
        (["--as-of", "2026-01-15", "--scenario", "rare-earth-limb-1"], "--scenario"),
        (["--as-of", "2026-01-15", "--out", "contact.xlsx"], ".xlsx"),
    ],
)
def test_what_a_file_of_flows_is_not_asked(
    words: list[str], told: str, flows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["contact", str(flows), *words]) == 2
    assert told in capsys.readouterr().err


def test_a_study_is_met_in_memory(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contact", str(data_folder() / "demo"), "--engine", "duckdb"]) == 2
    assert "leave it out" in capsys.readouterr().err
