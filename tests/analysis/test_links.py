"""Links: sizes, spellings of countries, mapping of a real list, and what is refused."""

import os
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.supply.depth import look_through
from analysis.supply.ends import read_items
from analysis.supply.links import Links, load_links
from survey import Fault, FileFault, Study, StudyFault, country_codes
from survey.design import Design

HEADER = "buyer,supplier,country,product,value,share,inputs,period,confidence,evidence\n"


def read(folder: Path, rows: str, header: str = HEADER) -> Links:
    path = folder / "links.csv"
    path.write_text(header + rows, encoding="utf-8")
    return load_links(path)


def study(folder: Path, supply: dict) -> Study:
    return Study("s", folder, {}, ("en",), True, None, None, (), Design(), {"supply": supply})


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("united states of america", "US"),
        ("米国", "US"),
        ("アメリカ合衆国", "US"),
        ("Korea", "KR"),
        ("Republic of Korea", "KR"),
        ("韓国", "KR"),
        ("North Korea", "KP"),
        ("Czech", "CZ"),
        ("UK", "GB"),
        ("イギリス", "GB"),
        ("Taiwan", "TW"),
        ("Chinese Taipei", "TW"),
        ("台湾", "TW"),
        ("臺灣", "TW"),
        ("Hong Kong", "HK"),
        ("Hongkong SAR", "HK"),
        ("香港", "HK"),
        ("P.R. China", "CN"),
        ("中华人民共和国", "CN"),
        ("中国", "CN"),
        ("Viet Nam", "VN"),
        ("Côte d'Ivoire", "CI"),
        ("cote divoire", "CI"),
        ("NA", "NA"),
        ("Namibia", "NA"),
        ("jpn", "JP"),
        ("Ｊａｐａｎ", "JP"),
        ("", ""),
        ("Atlantis", None),
        ("Georgia", "GE"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
    ],
)
def test_country_spellings(name: str, code: str | None) -> None:
    found = country_codes(pd.Series([name])).iloc[0]
    assert (None if pd.isna(found) else found) == code


def test_each_spelling_belongs_to_one_code() -> None:
    from survey import data_folder, fold_name

    table = pd.read_csv(data_folder() / "geography" / "countries.csv", dtype=str, keep_default_na=False)
    codes = table.assign(folded=table["name"].map(fold_name)).groupby("folded")["iso2"].nunique()
    assert (codes == 1).all()
    assert table["source"].ne("").all()


def test_share_methods_by_buyer(tmp_path: Path) -> None:
    links = read(
        tmp_path,
        "A,x,CN,,,0.2,,,,\n"  # given
        "B,x,CN,,30,,100,,,\nB,y,JP,,20,,100,,,\n"  # over inputs
        "C,x,CN,,30,,,,,\nC,y,JP,,10,,,,,\n"  # over named values
        "D,x,CN,,,,,,,\nD,y,JP,,,,,,,\nD,z,US,,,,,,,\nD,w,US,,,,,,,\n"  # equal
        "E,x,CN,,,0.5,,,,\nE,y,JP,,,,,,,\n",  # one of unknown size
    )
    share = links.frame.set_index(["buyer", "supplier"])["share"]
    method = links.frame.set_index(["buyer", "supplier"])["share_method"]
    assert share["A", "x"] == 0.2 and method["A", "x"] == "given"
    assert share["B", "x"] == 0.3 and method["B", "y"] == "value over inputs"
    assert share["C", "x"] == 0.75 and method["C", "x"] == "value over named values"
    assert share["D", "w"] == 0.25 and method["D", "w"] == "equal shares"
    assert np.isnan(share["E", "y"]) and method["E", "y"] == "size unknown"
    assert links.share_method == (
        "given; value over inputs; value over named values; equal shares; size unknown"
    )
    assert any("unknown size" in f.found for f in links.findings)
    table = look_through(links, "country=CN").set_index("firm")
    assert table.loc["E", "low"] == 0.5 and table.loc["E", "high"] == 1.0
    assert table.loc["C", "share_method"] == "value over named values"


def test_inputs_known_from_one_row_serve_the_others(tmp_path: Path) -> None:
    links = read(tmp_path, "B,x,CN,,30,,100,,,\nB,y,JP,,20,,,,,\n")
    assert links.frame["share"].tolist() == [0.3, 0.2]


def test_merged_duplicates_add_up_and_are_told(tmp_path: Path) -> None:
    links = read(tmp_path, "A,x,China,p,10,,100,,0.9,u\nA,x,CN,p,20,,100,,0.5,v\nA,x,CN,q,1,,100,,,\n")
    assert links.frame["share"].tolist() == pytest.approx([0.3, 0.01])
    assert links.frame["confidence"].iloc[0] == 0.5
    assert links.frame["evidence"].iloc[0] == "u; v"
    assert links.frame["link"].tolist() == ["L000001", "L000003"]
    assert any("repeat a link" in f.found and "row 2" in f.where for f in links.findings)


def test_self_links_set_aside_and_blank_countries_told(tmp_path: Path) -> None:
    links = read(tmp_path, "A,A,CN,,,0.4,,,,\nA,x,,,,0.5,,,,\n")
    assert len(links) == 1
    assert [f.found for f in links.findings] == [
        "1 links of a party with itself",
        "1 links whose supplier has no country",
    ]


def test_latest_period_of_each_buyer(tmp_path: Path) -> None:
    rows = "A,x,CN,,,0.9,,2020,,\nA,y,JP,,,0.9,,2021,,\nA,z,JP,,,0.8,,2023-04,,\n"
    assert read(tmp_path, rows).frame["supplier"].tolist() == ["z"]
    path = tmp_path / "links.csv"
    assert load_links(path, as_of=date(2021, 12, 15)).frame["supplier"].tolist() == ["y"]
    assert load_links(path, as_of=date(2023, 3, 31)).frame["supplier"].tolist() == ["y"]
    assert load_links(path, as_of=date(2019, 1, 1)).frame["supplier"].tolist() == ["x"]


@pytest.mark.parametrize(
    ("rows", "where", "found"),
    [
        ("A,x,CN,,,1.2,,,,\n", "column share, row 1", "1.2"),
        ("A,x,CN,,-5,,,,,\n", "column value, row 1", "-5"),
        ("A,x,CN,,,0.7,,,,\nA,y,JP,,,0.4,,,,\n", "buyer 'A', rows 1, 2", "shares that add to 1.1"),
        ("A,x,CN,,80,,100,,,\nA,y,JP,,40,,100,,,\n", "buyer 'A'", "1.2"),
        ("A,x,Atlantis,,,0.7,,,,\n", "column country, row 1", "'Atlantis'"),
        ("A,x,CN,,much,,,,,\n", "column value, row 1", "'much'"),
        (",x,CN,,,,,,,\n", "row 1", "without a buyer"),
        ("A,x,CN,,,0.1,,,2,\n", "column confidence, row 1", "2"),
    ],
)
def test_refused(tmp_path: Path, rows: str, where: str, found: str) -> None:
    with pytest.raises(FileFault) as fault:
        read(tmp_path, rows)
    assert where in fault.value.where
    assert found in fault.value.found


@pytest.mark.parametrize(
    "content",
    [b"", b"buyer,supplier\n", b'buyer,supplier\nA,"x\nB,y\n', b"buyer,suplier\nA,x\n", b"a\xff\xfe\n1\n"],
)
def test_broken_files_are_faults(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes(content)
    with pytest.raises(FileFault):
        load_links(path)
    with pytest.raises(FileFault):
        load_links(tmp_path / "none.csv")


def test_shift_jis_and_parquet_read_alike(tmp_path: Path) -> None:
    frame = pd.DataFrame({"buyer": ["東レ", "東レ"], "supplier": ["甲", "乙"], "country": ["中国", "米国"]})
    frame.to_csv(tmp_path / "a.csv", index=False, encoding="cp932")
    frame.assign(value=[1.0, 3.0]).to_parquet(tmp_path / "a.parquet")
    assert load_links(tmp_path / "a.csv").frame["country"].tolist() == ["CN", "US"]
    assert load_links(tmp_path / "a.parquet").frame["share"].tolist() == [0.25, 0.75]


def test_mapping_faults_name_the_key(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("year,who\n2022,x\n", encoding="utf-8")
    base = {"links": "l.csv", "columns": {"buyer": {"const": "A"}, "supplier": "who"}}
    assert len(load_links(study(tmp_path, base))) == 1
    for change, key in (
        ({"columns": {"buyer": {"const": "A"}, "supplier": "whom"}}, "supply.columns.supplier"),
        ({"columns": {"byer": "who"}}, "supply.columns.byer"),
        ({"columns": {"buyer": {"constant": "A"}}}, "supply.columns.buyer"),
        ({"where": {"year": 1999}}, "supply.where"),
        ({"where": {"yaer": 2022}}, "supply.where.yaer"),
        ({"link": "l.csv"}, "supply.link"),
        ({"links": ""}, "supply.links"),
    ):
        with pytest.raises(StudyFault) as fault:
            load_links(study(tmp_path, base | change))
        assert key in fault.value.where


def test_parties_give_countries_and_items_are_checked(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("buyer,supplier,share\nA,x,0.5\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text("party,name_ja,country,kind\nx,甲,中国,Military\n", encoding="utf-8")
    (tmp_path / "i.csv").write_text(
        "party,product,us_content,us_content_low,us_content_high,origin\nx,p,0.3,,,CN-XJ\nx,q,,0.1,,\n",
        encoding="utf-8",
    )
    links = load_links(study(tmp_path, {"links": "l.csv", "parties": "p.csv", "items": "i.csv"}))
    assert links.frame["country"].tolist() == ["CN"]
    assert links.parties.set_index("party").loc["x", "kind"] == "military"
    assert links.items["us_content_low"].tolist() == [0.3, 0.1]
    assert links.items["us_content_high"].tolist() == [0.3, 1.0]
    assert links.items["origin"].tolist() == ["CN-XJ", ""]
    (tmp_path / "i.csv").write_text("product,us_content\np,30\n", encoding="utf-8")
    with pytest.raises(Fault):
        load_links(study(tmp_path, {"links": "l.csv", "items": "i.csv"}))


def test_real_supplier_list_by_mapping_alone(tmp_path: Path) -> None:
    """Apple's supplier sites of 2022: 276 of 710 rows are in China (counted with cut, sort, uniq)."""
    real = os.environ.get("CROSSPRESSURE_REALDATA")
    if not real:
        pytest.skip("CROSSPRESSURE_REALDATA is not set")
    path = Path(real) / "supplier_lists" / "apple_suppliers_2012_2022.csv"
    settings = {
        "links": str(path),
        "columns": {"buyer": {"const": "Apple"}, "supplier": "supplier_name"},
        "where": {"year": [2022]},
    }
    links = load_links(study(tmp_path, settings))
    assert links.share_method == "equal shares"
    table = look_through(links, ["country=China", "country=US,PR", "country=台湾"])
    assert table["direct"].tolist() == pytest.approx([276 / 710, 63 / 710, 41 / 710], abs=1e-15)
    assert table["high"].tolist() == pytest.approx([1.0] * 3)
    assert (table["share_method"] == "equal shares").all()


def test_product_codes_of_items_have_a_length_that_exists(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("product,hs\na,8542.31\nb,none\nc,\nd,0811299000\n")
    assert read_items(path)["hs"].tolist() == ["854231", "none", "", "0811299000"]
    path.write_text("product,hs\na,854231\nb,81129\n")
    with pytest.raises(FileFault, match=r"column hs, row 2\n.*81129"):
        read_items(path)
