"""Lists as their publishers print them: which layout, which instrument, which firms, and files at fault."""

import os
from pathlib import Path

import pandas as pd
import pytest

from analysis import load_catalogue
from analysis.matching.entering import listings_from
from analysis.matching.listing import read_listed
from analysis.matching.sources import read_sources
from survey import FileFault

NOTHING = "-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- "
SDN = (
    f'36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",{NOTHING}\r\n'
    f'40,"DOE, John","individual","SDGT",{NOTHING}\r\n41,"BAR CO",-0- ,"SDGT] [IFSR",{NOTHING}\r\n\x1a'
)
CSL = (
    "source,entity_number,type,name,addresses,license_requirement,federal_register_notice,start_date,"
    "alt_names"
)
EL = "Entity List (EL) - Bureau of Industry and Security"


def test_ofac_as_printed(tmp_path: Path) -> None:
    (tmp_path / "SDN.CSV").write_text(SDN, encoding="cp1252", newline="")
    (tmp_path / "ALT.CSV").write_text('36,12,"aka","AERO-CARIBBEAN",-0- \r\n\x1a', newline="")
    (tmp_path / "ADD.CSV").write_text(
        '36,1,"x","Havana","Cuba",-0- \r\n41,2,-0- ,-0- ,"Iran",-0- \r\n41,3,-0- ,-0- ,"Iraq",-0- \r\n',
        newline="",
    )
    table = read_listed(tmp_path / "SDN.CSV")
    assert table["name"].tolist() == ["AEROCARIBBEAN AIRLINES", "BAR CO", "AERO-CARIBBEAN"]  # no person
    assert table["country"].tolist() == ["CU", "", "CU"]  # two countries: not known
    assert table["program"].tolist() == ["CUBA", "SDGT;IFSR", "CUBA"]
    assert (table["list"] == "US-SDN").all()


def test_the_consolidated_screening_list_is_told_as_instruments(tmp_path: Path) -> None:
    path = tmp_path / "csl.csv"
    path.write_text(
        f"""{CSL}
{EL},,,Foo,"1 Rd, Shenzhen, CN; 2 Rd, Wuhan, CN","see 734.9(e)⁴ and 744.11",84 FR 54002,2019-10-09,Fu; Phoo
{EL},,,Bar,"1 Road, Lima, PE; 2 Road, Quito, EC",For all items,,,
Military End User (MEU) List - Bureau of Industry and Security,,,Baz,,,,,
Sectoral Sanctions Identifications List (SSI) - Treasury Department,9,Entity,Qux,,,,,
Denied Persons List (DPL) - Bureau of Industry and Security,,Individual,A Person,,,,,
""",
        encoding="utf-8",
    )
    table = read_listed(path, taken=pd.Timestamp("2026-01-10").date())
    assert table["name"].tolist() == ["Foo", "Bar", "Baz", "Qux", "Fu", "Phoo"]
    assert table["list"].tolist()[:3] == ["US-EL", "US-EL", "US-MEU"]
    assert table["list"].iloc[3].startswith("Sectoral")  # no instrument: its own name is kept
    assert table["also"].tolist()[:2] == ["US-FDP-FN4;US-EL-HR2019", ""]
    assert table["country"].tolist()[:2] == ["CN", ""]
    assert table["from"].tolist()[:2] == ["2019-10-09", ""]
    assert (table["taken"] == "2026-01-10").all()


def test_chinas_lists_in_their_own_words(tmp_path: Path) -> None:
    path = tmp_path / "cn.csv"
    path.write_text(
        "序号,清单,实体名称,英文名称,国家,公告,列入日期\n"
        "1,不可靠实体清单,洛克希德·马丁公司,Lockheed Martin Corporation,美国,2023年第1号,2023年2月16日\n"
        "2,出口管制管控名单,通用动力公司,General Dynamics,美国,2025年第1号,2025-01-02\n",
        encoding="utf-8",
    )
    table = read_listed(path)
    assert table["list"].tolist() == ["CN-UEL", "CN-CTRL"] * 2
    assert table["name"].tolist()[2:] == ["Lockheed Martin Corporation", "General Dynamics"]
    assert table["from"].tolist()[:2] == ["2023-02-16", "2025-01-02"]
    assert (table["country"] == "US").all()
    assert (read_listed(path, named="CN-WATCH")["list"] == "CN-WATCH").all()


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("", "l.csv", "an empty file"),
        ("name,country\n", "l.csv", "a header without rows"),
        ("name,country\n,CN\n", "l.csv", "at least one listed name"),
        ("type,name\nIndividual,A\nVessel,B\n", "l.csv", "2 persons, ships or aircraft, no firm"),
        ("a,b\n1,2\n", "l.csv, header", "a, b"),
        ("<!DOCTYPE html>\n<html></html>\n", "l.csv, header", "<!DOCTYPE html>"),
        ("1,2,3\n", "l.csv, first line", "3 columns without a header"),
        ("ent_num,alt_num,alt_name\n36,1,B\n", "l.csv, layout", "OFAC's file of aliases"),
        ("36,1,-0- ,-0- ,Cuba,-0- \n", "l.csv, layout", "OFAC's file of addresses"),
        ("name,from\nA,2025-01-01\nB,soon\n", "column from, row 2", "'soon'"),
    ],
)
def test_a_list_at_fault_is_named(tmp_path: Path, text: str, place: str, told: str) -> None:
    path = tmp_path / "l.csv"
    path.write_text(text)
    with pytest.raises(FileFault) as fault:
        read_listed(path)
    assert fault.value.where.endswith(place)
    assert told in str(fault.value)


def test_every_form_of_a_source_leads_to_an_instrument_or_says_why_not() -> None:
    table = read_sources()
    known = set(load_catalogue().instruments["id"])
    assert set(table.loc[table["list"] != "", "list"]) <= known
    assert (table.loc[table["list"] == "", "note"] != "").all()
    assert (table["source"] != "").all()


def test_matches_become_listings_under_the_partys_id(tmp_path: Path) -> None:
    path = tmp_path / "csl.csv"
    path.write_text(f"{CSL}\n{EL},7,,Foo,,footnote 1,,2019-05-21,\n", encoding="utf-8")
    found = pd.DataFrame(
        [
            ("firm", "F1", "match", 1.0, "parties", "P1", "Foo KK", "same words"),
            ("firm on lists", "F1", "match", 0.95, "US-EL", "7", "Foo", "same words"),
            ("party on lists", "P2", "review", 0.5, "US-EL", "7", "Foo", "near"),
        ],
        columns=["what", "key", "outcome", "probability", "list", "entry", "matched_name", "reason"],
    )
    rows = listings_from(found, read_listed(path))
    assert rows["party"].tolist() == ["P1", "P1"]
    assert rows["list"].tolist() == ["US-EL", "US-FDP-FN1"]
    assert (rows["from"] == "2019-05-21").all()
    assert rows["evidence"].iloc[0] == "Foo (entry 7): same words, 95%"


@pytest.mark.skipif(not os.environ.get("CROSSPRESSURE_REALDATA"), reason="CROSSPRESSURE_REALDATA is not set")
def test_real_lists_are_read_whole() -> None:
    lists = Path(os.environ["CROSSPRESSURE_REALDATA"]) / "us_lists"
    csl, sdn = read_listed(lists / "csl_sample_entities.csv"), read_listed(lists / "ofac_sdn_entities.csv")
    first = csl.drop_duplicates(["list", "entry"])["list"].value_counts()
    assert (first["US-EL"], first["US-UVL"]) == (22, 4)
    assert (len(sdn), set(sdn["list"])) == (9129, {"US-SDN"})
