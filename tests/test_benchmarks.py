"""Every benchmark is found, run and told: rows of one kind, the table, the page of the last runs."""

import json
import math
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks.peers import Peer, of_r, peers, told
from tests.benchmarks.rows import Row, row_from, show, store

ROW = Row("work on 10 firms", 2.0, peer="R 4", theirs=40.0, bound="10 times", how="median of 3")


def test_ratios_are_of_time_and_memory_only() -> None:
    assert ROW.ratio == 20 and Row("x", 2.0).ratio is None
    assert Row("coverage", 0.9, "share", "level", 0.95).ratio is None
    told = show([ROW, Row("y", 3.0, bound="under 1 s", is_kept=False)]).splitlines()
    assert told[2] == "| work on 10 firms (median of 3) | 2 | s | R 4 | 40 | 20 | 10 times: kept |"
    assert told[3].endswith("| under 1 s: MISSED |")


def test_rows_come_back_and_a_missed_bound_is_told(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("CROSSPRESSURE_BENCH_OUT", str(tmp_path / "out"))
    assert store("some", [ROW]) == 0
    assert store("other", [ROW, Row("y", 3.0, is_kept=False)], rounds=3) == 1
    (file,) = (tmp_path / "out").glob("some-*.json")
    record = json.loads(file.read_text(encoding="utf-8"))
    assert [row_from(row) for row in record["rows"]] == [ROW]
    assert row_from(record["rows"][0] | {"unknown": 1}) == ROW
    assert "work on 10 firms" in capsys.readouterr().out


def test_all_modules_with_a_main_are_run() -> None:
    found = bench.benchmarks()
    assert {"cleaning", "raking", "reading", "waiting", "worlds"} <= set(found)
    assert not {"rows", "__main__", "__init__"} & set(found)


@pytest.mark.parametrize("kept", [True, False])
def test_a_run_gathers_rows_and_the_page_shows_the_last_of_each(kept: bool, tmp_path, monkeypatch) -> None:
    results = tmp_path / "results"
    results.mkdir()
    for day, ours in ((1, 9.0), (2, 4.0)):
        rows = [{**ROW.__dict__, "ours": ours, "is_kept": kept}]
        run = {
            "date": f"2026-11-0{day}T00:00:00",
            "commit": f"c{day}",
            "python": "3",
            "machine": "m",
            "load": 1,
        }
        told = {"name": "small", "ended": 0 if kept else 1, "seconds": 2.0, "rows": rows, "said": []}
        gone = {**told, "name": "gone"}
        (results / f"2026-11-0{day}T000000.json").write_text(json.dumps({**run, "benchmarks": [told, gone]}))
    (tmp_path / "small.py").write_text("def main(): ...", encoding="utf-8")
    monkeypatch.setattr(bench, "HERE", tmp_path)
    page = bench.page("# Speed", bench.benchmarks())
    assert "2026-11-02, commit c2" in page and "commit c1" not in page and "gone" not in page
    assert "| 4 | s | R 4 | 40 | 10 |" in page
    assert ("a bound was missed" in page) is not kept


def test_a_process_that_takes_too_long_is_stopped() -> None:
    part = bench.run("raking", ["--quick"], minutes=0.0001)
    assert part.ended == -1 and part.rows == [] and "stopped after" in part.said[-1]
    assert math.isfinite(part.seconds) and part.seconds < 5


def test_who_stands_beside_is_told_and_how_one_gets_who_does_not(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no R here
    monkeypatch.setenv("CROSSPRESSURE_NOMENKLATURA", str(tmp_path / "no-python"))
    found = {peer.name: peer for peer in peers()}
    assert of_r("survey") == "" == found["R survey"].version == found["nomenklatura"].version
    assert found["scipy"].version
    lines = told([Peer("one", "1.2", ""), found["R survey"]]).splitlines()
    assert lines[0] == "Beside ours: one 1.2"
    assert lines[1].startswith("NOT here: R survey; to have it: apt-get install")


def test_what_broke_is_not_told_as_a_missed_bound() -> None:
    assert bench.Part("x", 1, 1.0, [], ["Traceback"]).why().startswith("it broke (ended with 1)")
    assert bench.Part("x", 1, 1.0, [ROW]).why() == "a bound was missed"
    assert bench.Part("x", 2, 1.0).why() == "nothing to compare with is installed here; no rows, see above"
    assert bench.Part("x", 0, 1.0, [ROW]).why() == ""


def test_a_quick_run_is_kept_in_a_folder_of_ones_own(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(bench, "run", lambda name, options, minutes: bench.Part(name, 0, 2.0, [ROW]))
    monkeypatch.setattr(bench, "PAGES", {tmp_path / "page.md": "# x"})
    assert bench.main(["--quick", "--only", "raking", "--out", str(tmp_path / "out")]) == 0
    table = (tmp_path / "out" / "table.md").read_text(encoding="utf-8")
    assert "Beside ours" in table and "work on 10 firms" in table
    (file,) = (tmp_path / "out").glob("*.json")
    record = json.loads(file.read_text(encoding="utf-8"))
    assert record["benchmarks"][0]["name"] == "raking"
    assert set(record["peers"][0]) == {"name", "version", "get"}
    assert not (tmp_path / "page.md").exists()
