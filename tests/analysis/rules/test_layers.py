"""A study's own rows over the catalogue, by id and written down; what is refused, by file, row and key."""

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.release.folder import source_files
from analysis.rules.catalogue import load_catalogue
from analysis.rules.chosen import rule_names, study_catalogue
from analysis.rules.collide import collisions
from analysis.rules.dating import open_dates
from analysis.rules.doubts import check_rules
from analysis.rules.layers import TABLES
from analysis.rules.reach import contact
from dashboard.command import main
from survey import FileFault, Study, StudyFault, data_folder, load_study
from tests.analysis.flows_by_hand import flow, flows, shipped

GATES = "instrument,branch,order,gate,field,operator,value,outcome,clause,source,confidence,note"
DATES = "instrument,branch,state,from,to,source,confidence,warning"


def study_with(folder: Path, rules: str) -> Study:
    (folder / "study.toml").write_text(
        'schema = 1\nid = "mine"\ntitle = { en = "Mine", ja = "自社" }\nlanguages = ["en", "ja"]\n'
        f'as_of = 2026-01-15\n[[waves]]\nname = "w"\nfile = "w.csv"\n[rules]\n{rules}\n',
        encoding="utf-8",
    )
    (folder / "w.csv").write_text("id,q\n1,1\n", encoding="utf-8")
    return load_study(folder)


def outcome(catalogue, **facts) -> str:
    table = contact(flows(flow(**facts)), catalogue, date(2026, 1, 15), every=True)
    return str(table.set_index("instrument").loc["US-DEMIN-25", "outcome"])


def test_own_rows_override_by_id_and_the_history_says_what(tmp_path: Path, capsys) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    signed = "15 CFR 734.4(d),memo,sure,,A. Lee,2026-02-01,stricter"
    rows = [
        "US-DEMIN-25,,1,bound,seller_country,not_equals,US,," + signed,
        "US-DEMIN-25,,2,subject,us_content,more_than,0.10,," + signed,
        "US-DEMIN-25,,3,licence,buyer_country,in,CN|HK,licence," + signed,
    ]
    (own / "gates.csv").write_text(
        GATES + ",changed_by,changed_on,why\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    (own / "particulars.csv").write_text(
        "id,reviewed_by,reviewed_on\nUS-DEMIN-25,B. Ito,2026-02-02\n", encoding="utf-8"
    )
    study = study_with(tmp_path, 'own = "mine"')
    catalogue = study_catalogue(study)
    assert outcome(shipped(), us_content=0.2) == "none"
    assert outcome(catalogue, us_content=0.2) == "licence"
    assert len(catalogue) == len(shipped())
    others = catalogue.gates[catalogue.gates["instrument"] != "US-DEMIN-25"].reset_index(drop=True)
    before = shipped().gates
    assert others.equals(before[before["instrument"] != "US-DEMIN-25"].reset_index(drop=True))

    history = catalogue.history.set_index("table")
    assert list(history.index) == ["gates", "particulars"]
    gates = history.loc["gates"]
    assert (gates["key"], gates["by"], gates["on"], gates["why"]) == (
        "US-DEMIN-25",
        "A. Lee",
        "2026-02-01",
        "stricter",
    )
    assert gates["rows_before"] > gates["rows_after"] == 3
    assert "value=0.25" in gates["before"] and "value=0.10" in gates["after"]
    assert history.loc["particulars", "after"] == "reviewed_by=B. Ito, reviewed_on=2026-02-02"
    assert [source["file"] for source in source_files(study)][-2:] == ["gates.csv", "particulars.csv"]
    kept = catalogue.particulars.set_index("id").loc["US-DEMIN-25"]
    assert kept["compliance"] == shipped().particulars.set_index("id").loc["US-DEMIN-25", "compliance"] != ""
    said = " ".join(str(finding) for finding in check_rules(study))
    assert "mine/gates.csv: 1 key overrides" in said
    assert "gates US-DEMIN-25, by A. Lee 2026-02-01" in said
    assert main(["check", str(tmp_path)]) == 1
    assert "gates US-DEMIN-25, by A. Lee" in " ".join(capsys.readouterr().err.split())
    (own / "in_force.csv").write_text(DATES + "\nUS-EL,,in_force,2026-02-01,2026-01-01,x,sure,\n")
    assert main(["check", str(tmp_path)]) == 2
    assert "in_force.csv, line 2 (US-EL), column to" in " ".join(capsys.readouterr().err.split())
    assert "reviewed 1 of 122" in said
    assert "Sign 1 of them" in said


def test_one_file_by_its_columns_and_an_instrument_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "instruments.csv").write_text(
        "id,jurisdiction,instrument,mechanism,source,confidence,note\n"
        "KR-OWN,KR,Our reading of a Korean rule,list,memo,uncertain,\n",
        encoding="utf-8",
    )
    (tmp_path / "tests.csv").write_text(
        GATES + "\nKR-OWN,,1,bound,seller_country,equals,KR,,Art. 1,memo,sure,\n"
        "KR-OWN,,2,licence,hs,starts_with,8486,licence,Art. 1,memo,sure,\n",
        encoding="utf-8",
    )
    (tmp_path / "in_force.csv").write_text(
        DATES + "\nKR-OWN,,in_force,2026-01-01,,memo,sure,\n", encoding="utf-8"
    )
    names = [str(tmp_path / name) for name in ("instruments.csv", "in_force.csv", "tests.csv")]
    catalogue = load_catalogue(["builtin", *names])
    assert len(catalogue) == 123
    made = contact(
        flows(flow(seller_country="KR", hs="848620")), catalogue, date(2026, 1, 15), every=True
    ).set_index("instrument")
    assert made.loc["KR-OWN", "outcome"] == "licence"
    assert "uncertain" in made.loc["KR-OWN", "warning"]
    study = study_with(tmp_path, f'catalogue = ["builtin", "{names[0]}"]')
    named = rule_names(study_catalogue(study), study.languages)
    text = named.pivot(index="option", columns="lang", values="text").loc["KR-OWN"]
    assert text["en"] == text["ja"] == "Our reading of a Korean rule"
    assert "without a test and without a reason: KR-OWN" in " ".join(str(f) for f in check_rules(study))


PAIRS = (
    "duty,act,clause,article,addressee,trigger,status,channel,hurt,clause_outcome,from,to,source,confidence,"
    "note,reviewed_by,meets,duty_channel\n"
)
"""Columns of a file of pairs."""


@pytest.mark.parametrize(
    ("name", "text", "where", "found"),
    [
        (
            "gates.csv",
            GATES + "\nUS-EL,,1,licence,hs,starts_with,85171,licence,x,y,sure,\n",
            "US-EL",
            "85171",
        ),
        ("gates.csv", GATES + "\nUS-EL,,1,licence,hs,about,8517,licence,x,y,sure,\n", "US-EL", "about"),
        (
            "gates.csv",
            GATES + "\nUS-EL,,1,licence,technology,in,lasers,licence,x,y,sure,\n",
            "US-EL",
            "lasers",
        ),
        (
            "gates.csv",
            GATES + "\nUS-EL,,1,licence,buyer_lists,listed_on,US-LE,licence,x,y,sure,\n",
            "US-EL",
            "US-LE",
        ),
        (
            "gates.csv",
            GATES + "\nUS-EL,,1,licence,buyer_country,equals,China,licence,x,y,sure,\n",
            "US-EL",
            "China",
        ),
        ("gates.csv", GATES + "\nUS-EL,,1,licence,flow_kind,in,gift,licence,x,y,sure,\n", "US-EL", "gift"),
        ("gates.csv", GATES + "\nUS-EL,,1,licence,hs,starts_with,8517,,x,y,sure,\n", "US-EL", "nothing"),
        (
            "gates.csv",
            GATES + "\nUS-ECRA,odd,1,licence,hs,starts_with,85,licence,x,y,maybe,\n",
            "US-ECRA",
            "maybe",
        ),
        ("in_force.csv", DATES + "\nUS-EL,,in_force,2026-02-01,2026-01-01,x,sure,\n", "US-EL", "ends before"),
        ("in_force.csv", DATES + "\nUS-ELL,,in_force,,,x,sure,\n", "US-ELL", "US-ELL"),
        (
            "collisions.csv",
            "duty,act,clause,article,addressee,trigger,status,channel,hurt,clause_outcome,from,to,source,"
            "confidence,note,reviewed_by\nUS-EL,a,CN-UEL,2,,t,dormant,sales,buyer_country,prohibited,,,x,sure,,\n",
            "US-EL CN-UEL sales",
            "nothing",
        ),
        (
            "collisions.csv",
            "duty,act,clause,article,addressee,trigger,status,channel,hurt,clause_outcome,from,to,source,"
            "confidence,note,reviewed_by\nUS-EL,a,CN-ABC,2,z,t,dormant,sales,buyer_country,prohibited,,,x,sure,,\n",
            "US-EL CN-ABC sales",
            "CN-ABC",
        ),
        (
            "collisions.csv",
            "duty,act,clause,article,addressee,trigger,status,channel,hurt,clause_outcome,from,to,source,"
            "confidence,note,reviewed_by\nUS-EL,a,US-SDN,2,z,t,dormant,sales,buyer_country,prohibited,,,x,sure,,\n",
            "US-EL US-SDN sales",
            "US-SDN",
        ),
        (
            "collisions.csv",
            PAIRS + "US-EL,a,CN-UEL,2,z,t,dormant,inputs,seller_country,prohibited,,,x,sure,,,party,\n",
            "US-EL CN-UEL inputs), column duty_channel",
            "",
        ),
        (
            "collisions.csv",
            PAIRS + "US-EL,a,CN-BLOCK,2,z,t,dormant,sales,buyer_country,,,,x,sure,,,,\n",
            "US-EL CN-BLOCK sales), column clause_outcome",
            "without tests of its own",
        ),
        (
            "collisions.csv",
            PAIRS + "US-EL,a,CN-UEL,2,z,t,dormant,sales,country,prohibited,,,x,sure,,,,\n",
            "US-EL CN-UEL sales), column hurt",
            "'country'",
        ),
        ("particulars.csv", "id,reviewed_on\nUS-EL,2026-01-01\n", "US-EL", "a review by nobody"),
        ("technologies.csv", "tag,hs_codes\nAI,8\n", "AI", "product code '8'"),
        ("gate.csv", "a,b\n1,2\n", "gate.csv", "gate.csv"),
        ("gates.csv", "", "gates.csv", "No columns"),
        ("gates.csv", "instrument,order\nUS-EL,1\n", "gates.csv", "no column"),
        ("particulars.csv", "id,note\nUS-EL,a\nUS-EL,b\n", "line 3", "US-EL"),
    ],
)
def test_bad_rows_are_named_by_file_row_and_key(
    tmp_path: Path, name: str, text: str, where: str, found: str
) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    (own / name).write_text(text, encoding="utf-8")
    with pytest.raises(FileFault) as fault:
        load_catalogue(["builtin", own])
    assert where in fault.value.where
    assert found in fault.value.found
    assert name in fault.value.where
    if "line" in fault.value.where:
        assert "column" in fault.value.where


def test_tests_without_dates_are_named(tmp_path: Path) -> None:
    (tmp_path / "in_force.csv").write_text(DATES + "\nUS-EL,other,in_force,,,x,sure,\n", encoding="utf-8")
    with pytest.raises(FileFault) as fault:
        load_catalogue(["builtin", tmp_path / "in_force.csv"])
    assert "(US-EL), column branch" in fault.value.where
    assert "without dates" in fault.value.found


def test_layers_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(StudyFault) as fault:
        study_catalogue(study_with(tmp_path, "own = 3"))
    assert "rules" in fault.value.where
    with pytest.raises(FileFault):
        study_catalogue(study_with(tmp_path, 'own = "nowhere"'))
    with pytest.raises(StudyFault) as fault:
        check_rules(study_with(tmp_path, 'owns = "mine"'))
    assert "'owns'" in fault.value.found and "own" in fault.value.do


def test_open_dates_of_a_day() -> None:
    assert open_dates(shipped(), date(2021, 12, 15)) == ()
    later = str(open_dates(shipped(), date(2026, 11, 22))[0])
    assert "US-AFFIL" in later and "no source confirms" in later
    idle = str(open_dates(shipped(), date(2026, 11, 10), idle=True)[0])
    assert "CN-61-2025-L1 (suspended: sources differ" in idle and "US-AFFIL (scheduled: " in idle


def test_an_open_date_of_the_punishing_clause_is_said_at_the_collision() -> None:
    day = date(2026, 7, 15)
    table = flows(flow(buyer_lists="US-EL", origin="US"))
    met = collisions(contact(table, shipped(), day), table, shipped(), day).set_index("clause")
    assert "CN-835: day of publication to be checked" in met.loc["CN-835", "warning"]
    assert "CN-835" not in met.loc["CN-UEL", "warning"]


def test_every_instrument_is_computed_or_says_why_not() -> None:
    catalogue = shipped()
    reasons = catalogue.context_only()
    assert all(reasons.values())
    assert set(reasons) == set(catalogue.not_computed())
    rows = catalogue.particulars.set_index("id")
    assert set(rows.index) == set(catalogue.instruments["id"])
    computed = rows.drop(index=list(reasons))
    assert computed["context_only"].eq("").all()
    shares = catalogue.gates["field"].isin(["us_content", "cn_content", "stake", "growth"])
    assert rows.loc[catalogue.gates.loc[shares, "instrument"].unique(), "value_base"].ne("").all()
    for column in ("compliance", "addressee", "trigger"):
        assert rows[column].ne("").all() and rows[f"{column}_ja"].ne("").all()
    assert computed["penalty_side"].ne("").all()
    assert rows["context_only"].ne("").equals(rows["context_only_ja"].ne(""))
    assert rows["reviewed_by"].eq("").all()
    assert len(computed) >= 85


def test_technologies_cover_what_was_asked_and_their_codes_exist() -> None:
    table = shipped().technologies.set_index("tag")
    asked = (
        "chip-making equipment,semiconductors,AI,quantum,5G,video surveillance,facial recognition,robotics,"
        "biotechnology,rare earths,gallium,germanium,graphite,marine,space,aircraft engines"
    )
    for tag in asked.split(","):
        assert table.loc[tag, "ja"] and table.loc[tag, "hs_codes"] and table.loc[tag, "eccn"], tag
        assert table.loc[tag, "source"]
    assert table["en"].ne("").all() and table["ja"].ne("").all()
    chapters = table["hs_chapters"].str.split("|").explode()
    codes = table["hs_codes"].str.split("|").explode()
    both = codes[codes != ""].str.slice(0, 2)
    known = chapters.groupby(level=0).agg(set)
    assert all(chapter in known[tag] for tag, chapter in both.items()), "a code outside its chapters"


def test_codes_exist_in_the_harmonized_system() -> None:
    real = os.environ.get("CROSSPRESSURE_REALDATA")
    path = Path(real or "") / "hs2022" / "harmonized-system.csv"
    if not real or not path.is_file():
        pytest.skip("the Harmonized System is not at hand (CROSSPRESSURE_REALDATA)")
    known = set(pd.read_csv(path, dtype=str)["hscode"])
    table, gates = shipped().technologies, shipped().gates
    columns = (table["hs_chapters"], table["hs_codes"], gates.loc[gates["field"] == "hs", "value"])
    asked = {code for column in columns for code in column.str.split("|").explode() if code}
    assert asked <= known, asked - known


def test_alignments_are_dated() -> None:
    rows = shipped().aligned
    assert rows["from"].ne("").all() and rows["source"].ne("").all()
    assert {"JP-SME23", "NL-SME"} <= set(rows.loc[rows["instrument"] == "US-FDP-SME", "aligned_with"])


def test_the_folder_that_travels_holds_nothing_else() -> None:
    names = {path.name for path in (data_folder() / "regulation").iterdir()}
    assert names - {"README.md", "notice.toml"} == {f"{name}.csv" for name in TABLES}
