"""The commands on real files: what they write equals what others published or computed."""

import csv
import io
import json
import os
from pathlib import Path

import pandas as pd
import pytest

from dashboard.command import main

REALDATA = os.environ.get("CROSSPRESSURE_REALDATA", "")
pytestmark = pytest.mark.skipif(
    not Path(REALDATA, "surveys").is_dir(),
    reason="CROSSPRESSURE_REALDATA does not name a folder with real files",
)


def real(name: str) -> Path:
    return Path(REALDATA, name)


def run(*words: object) -> int:
    return main([str(word) for word in words])


def rows_of(capsys: pytest.CaptureFixture[str], *words: object) -> list[dict[str, str]]:
    """Rows a command prints; it must end with 0."""
    capsys.readouterr()
    code = run(*words)
    out, err = capsys.readouterr()
    assert code == 0, err
    return list(csv.DictReader(io.StringIO(out)))


@pytest.fixture(scope="module")
def recs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of 5,686 households with 96 Fay replicate weights."""
    folder = tmp_path_factory.mktemp("recs") / "recs"
    file = real("surveys/recs_2015.csv")
    words = [
        "--id",
        "DOEID",
        "--weight",
        "NWEIGHT",
        "--replicates",
        "BRRWT*",
        "--method",
        "fay",
        "--rho",
        "0.5",
    ]
    assert run("init", file, folder, *words) in (0, 1)
    return folder


def expected() -> list[dict[str, object]]:
    if not REALDATA:
        return []
    return json.loads(real("surveys/recs_2015.expected.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", expected(), ids=lambda case: str(case["stat"]))
def test_fay_replicates_give_published_totals_and_errors(
    case: dict[str, object], recs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = str(case["stat"]).split()
    stat, of = words[0], words[1]
    if of == "households":
        by = ["--by", words[-1]] if "by" in words else []
        rows = rows_of(capsys, "estimate", recs, "--stat", stat, *by)
        value = case["value"] if isinstance(case["value"], dict) else {"": case["value"]}
        found = {row["group"]: float(row["estimate"]) for row in rows}
        for group, number in value.items():
            assert found[group] == pytest.approx(number, rel=5e-5)
        return
    rows = rows_of(capsys, "estimate", recs, "--stat", stat, "--of", of)
    row = next(r for r in rows if len(words) < 3 or r["option"] == words[2])
    assert float(row["estimate"]) == pytest.approx(case["value"], rel=5e-5)
    # the expectation is printed to five figures, and the share's error to two
    assert float(row["se"]) == pytest.approx(case["se"], rel=5e-5 if stat != "share" else 5e-3)


def test_replicates_are_no_questions(recs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = {row["question"] for row in rows_of(capsys, "tables", recs)}
    assert not {name for name in questions if name.startswith("BRRWT")}
    assert not questions & {"NWEIGHT", "DOEID"}


@pytest.mark.parametrize(
    "name",
    ["pyreadstat_simple_alltypes.sav", "pyreadstat_sample_missing.sav", "svy_ind_sample_wb_2023.parquet"],
)
def test_real_files_go_through_init_check_and_tables(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    assert run("init", real(f"surveys/{name}"), study) in (0, 1)
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    assert run("check", study) == 1
    assert "finding" in capsys.readouterr().err
    rows = rows_of(capsys, "tables", study)
    assert rows
    for row in rows:
        estimate = float(row["estimate"]) if row["estimate"] else None
        if estimate is not None and row["low"]:
            assert float(row["low"]) <= estimate <= float(row["high"])
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before


def test_multiple_response_sets_are_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counted by hand from the file's own six rows: a set of dichotomies and one of categories."""
    import pyreadstat

    file = real("surveys/pyreadstat_simple_alltypes.sav")
    assert run("init", file, tmp_path / "study") in (0, 1)
    rows = rows_of(capsys, "tables", tmp_path / "study")
    frame, meta = pyreadstat.read_sav(str(file), user_missing=True)
    sets = {name: entry for name, entry in meta.mr_sets.items()}
    kinds = {entry["type"] for entry in sets.values()}
    assert kinds == {"D", "C"}
    for name, entry in sets.items():
        mine = [row for row in rows if row["question"] == name]
        columns = frame[entry["variable_list"]]
        if entry["type"] == "D":
            for column in entry["variable_list"]:
                ticked = int((columns[column] == float(entry["counted_value"])).sum())
                row = next(r for r in mine if r["option"] == column)
                assert round(float(row["estimate"]) * int(row["n"])) == ticked
        else:
            chosen = {str(value) for value in columns.to_numpy().ravel() if value not in ("", None)}
            assert {row["option"] for row in mine} >= chosen


def test_reasons_for_no_answer_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import pyreadstat

    file = real("surveys/pyreadstat_sample_missing.sav")
    assert run("init", file, tmp_path / "study") in (0, 1)
    frame, meta = pyreadstat.read_sav(str(file), user_missing=True)
    rows = rows_of(capsys, "tables", tmp_path / "study")
    for name, ranges in meta.missing_ranges.items():
        numbers = pd.to_numeric(frame[name], errors="coerce")
        missing = numbers.isna()
        for gap in ranges:
            if not isinstance(gap["lo"], str):
                missing |= numbers.between(gap["lo"], gap["hi"])
        mine = [row for row in rows if row["question"] == name]
        if mine and numbers.notna().any():
            assert {row["n"] for row in mine} == {str(int((~missing).sum()))}


def test_a_supplier_list_becomes_links_by_a_mapping_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Equal shares of the named suppliers: each country's share is its part of the rows of 2022."""
    file = real("supplier_lists/apple_suppliers_2012_2022.csv")
    study = tmp_path / "apple"
    assert run("init", file, study) in (0, 1)
    with (study / "study.toml").open("a", encoding="utf-8") as stream:
        stream.write(
            f'\n[supply]\nlinks = "{file.name}"\n[supply.columns]\nbuyer = {{ const = "Apple" }}\n'
            'supplier = "supplier_name"\nperiod = "year"\n[supply.where]\nyear = [2022]\n'
        )
    rows = rows_of(capsys, "lookthrough", study, "--seeds", "country=CN", "--seeds", "country=Japan")
    sites = pd.read_csv(file, dtype=str)
    sites = sites[sites["year"] == "2022"]
    for row, country in zip(rows, ("China", "Japan"), strict=True):
        assert row["firm"] == "Apple"
        assert float(row["direct"]) == pytest.approx((sites["country"] == country).mean(), abs=0.002)
        assert row["share_method"] == "equal shares"
    assert run("lookthrough", study, "--seeds", "country=NO", "--quiet") == 2
