"""The same links from text, workbooks, Parquet, folders and databases; columns of words as codes."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis import load_links
from analysis.supply.belonging import link_ids
from analysis.supply.seeds import sites_of
from analysis.supply.sources import read_source
from analysis.supply.words import as_words, shared_words
from survey import FileFault, Study
from survey.design import Design

ROWS = pd.DataFrame(
    {
        "buyer": ["東レ", "東レ", "B", "B"],
        "supplier": ["B", "0012", " C ", "東レ"],
        "country": ["日本", "China", "CN", ""],
        "value": [1.5, 2.5, np.nan, 3.0],
        "inputs": [10, 10, 5, 5],
        "product": ["854231", "854231", None, "x"],
    }
)


def of(folder: Path, **supply: object) -> Study:
    return Study("s", folder, {}, ("en",), True, None, None, (), Design(), {"supply": supply})


def frame_of(folder: Path, **supply: object) -> pd.DataFrame:
    links = load_links(of(folder, **supply))
    return links.frame.astype(dict.fromkeys(links.frame.select_dtypes("category"), "str"))


@pytest.fixture
def expected(tmp_path: Path) -> pd.DataFrame:
    ROWS.to_csv(tmp_path / "l.csv", index=False)
    made = frame_of(tmp_path, links="l.csv")
    assert made["share"].tolist()[:2] == [0.15, 0.25] and np.isnan(made["share"].iloc[2])
    assert made["supplier"].tolist() == ["B", "0012", "C", "東レ"]
    return made


def test_tsv_excel_parquet_and_folders_give_the_same_links(tmp_path: Path, expected: pd.DataFrame) -> None:
    ROWS.to_csv(tmp_path / "l.tsv", index=False, sep="\t")
    with pd.ExcelWriter(tmp_path / "l.xlsx") as book:
        pd.DataFrame({"note": ["read me"]}).to_excel(book, sheet_name="notes", index=False)
        ROWS.to_excel(book, sheet_name="links", index=False)
    ROWS.to_parquet(tmp_path / "l.parquet")
    ROWS.astype({"buyer": "category", "country": "category"}).to_parquet(tmp_path / "c.parquet")
    folder = tmp_path / "folder"
    folder.mkdir()
    ROWS.iloc[:1].to_parquet(folder / "a.parquet")
    ROWS.iloc[1:].to_parquet(folder / "b.parquet")
    for supply in (
        {"links": "l.tsv"},
        {"links": "l.xlsx", "sheet": "links"},
        {"links": "l.xlsx"},
        {"links": "l.parquet"},
        {"links": "c.parquet"},
        {"links": "folder"},
    ):
        pd.testing.assert_frame_equal(frame_of(tmp_path, **supply), expected, obj=str(supply))
    assert len(load_links(folder)) == 4 and len(load_links(tmp_path / "l.xlsx")) == 4


def test_a_duckdb_table_gives_the_same_links(tmp_path: Path, expected: pd.DataFrame) -> None:
    with duckdb.connect(str(tmp_path / "w.duckdb")) as base:
        base.register("given", ROWS)
        base.execute("create table purchases as select * from given")
    pd.testing.assert_frame_equal(frame_of(tmp_path, links="w.duckdb", table="purchases"), expected)
    for supply, found in (
        ({"links": "w.duckdb"}, "without the name of a table"),
        ({"links": "w.duckdb", "table": "purchase"}, "no such table"),
        ({"links": "l.csv", "table": "purchases"}, "no database"),
    ):
        with pytest.raises(FileFault) as fault:
            load_links(of(tmp_path, **supply))
        assert found in fault.value.found


def test_only_columns_that_are_used_are_read(tmp_path: Path) -> None:
    pa_rows = pa.table({"who": ["A"], "whom": ["x"], "nested": [[1, 2]], "y": [2022]})
    pq.write_table(pa_rows, tmp_path / "l.parquet")
    columns = {"buyer": "who", "supplier": "whom"}
    assert len(load_links(of(tmp_path, links="l.parquet", columns=columns, where={"y": 2022}))) == 1
    with pytest.raises(FileFault, match="nested"):
        read_source(tmp_path / "l.parquet")


@pytest.mark.parametrize("content", [b"PAR1 and no more", b"PAR1"])
def test_damaged_parquet_is_a_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "l.parquet").write_bytes(content)
    with pytest.raises(FileFault, match="Parquet"):
        load_links(tmp_path / "l.parquet")
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "l.parquet").write_bytes(content)
    with pytest.raises(FileFault, match="Parquet"):
        load_links(tmp_path / "f")


def test_decimals_dates_and_numbers_as_ids(tmp_path: Path) -> None:
    table = pa.table(
        {
            "buyer": pa.array([7, 7], pa.int64()),
            "supplier": pa.array([8.0, 9.0]),
            "value": pa.array(["1.25", "2.75"]).cast(pa.decimal128(10, 2)),
            "date": pa.array(["2025-04-01", "2025-05-01"]).cast(pa.date32()),
        }
    )
    pq.write_table(table, tmp_path / "l.parquet")
    frame = frame_of(tmp_path, links="l.parquet", periods="year")
    assert frame["buyer"].tolist() == ["7", "7"] and frame["supplier"].tolist() == ["8", "9"]
    assert frame["value"].tolist() == [1.25, 2.75] and frame["period"].tolist() == ["2025", "2025"]


def test_words_are_one_list_for_both_ends() -> None:
    left, right = shared_words(as_words(pd.Series(["a ", None, "b"])), as_words(pd.Series(["b", "c", "a"])))
    assert left.tolist() == ["a", "", "b"] and right.tolist() == ["b", "c", "a"]
    assert left.dtype == right.dtype
    assert (left.cat.codes.to_numpy() == right.cat.codes.to_numpy()).tolist() == [False, False, False]
    assert left.cat.codes.iloc[0] == right.cat.codes.iloc[2]


def test_a_hundred_thousand_links_to_one_node(tmp_path: Path) -> None:
    many = 100_000
    names = pd.Series([f"F{i}" for i in range(many)])
    pd.DataFrame({"buyer": names, "supplier": "hub", "country": "CN", "share": 0.5}).to_parquet(
        tmp_path / "l.parquet"
    )
    sites = sites_of(load_links(tmp_path / "l.parquet").frame)
    assert len(sites.party) == 1 and len(sites.buyer) == many and sites.country.tolist() == ["CN"]
    assert sorted(sites.names[sites.buyer]) == sorted(names)


def test_ids_of_rows_are_of_six_digits_or_more() -> None:
    row = np.r_[np.arange(1, 3_000_000, 999_983), 10_000_001]
    frame = pd.DataFrame({"row": row, "link": pd.Categorical([""] * len(row))})
    assert link_ids(frame).tolist() == [f"L{number:06d}" for number in row]
    assert link_ids(frame.iloc[::-1]).tolist() == [f"L{number:06d}" for number in row[::-1]]
