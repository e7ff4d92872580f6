"""match, review, no match: what makes each, what persons decided, whose group it is."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.matching.groups import group_heads
from analysis.matching.judging import add_judgements, read_judgements, review_sheet
from analysis.matching.listing import read_listed, read_names
from analysis.matching.pairing import match_names
from survey import FileFault, QuestionFault

LISTED = pd.DataFrame(
    {
        "entry": ["E1", "E2", "E3", "E4", "E5", "E6"],
        "name": [
            "Huawei Technologies Co., Ltd.",
            "Tokyo Electron Limited",
            "Semiconductor Manufacturing International Corporation",
            "SMC Corporation",
            "Taiwan Semiconductor Manufacturing Company Limited",
            "Tokyo Electric Power Company",
        ],
        "country": ["CN", "JP", "CN", "JP", "TW", "JP"],
        "lei": ["", "HWUPKR0MPOU8FGXBT394", "", "", "", ""],
    }
)


def looked_up(*names: str, **more: list[str]) -> pd.DataFrame:
    return match_names(pd.DataFrame({"name": list(names), **more}), LISTED).set_index("name")


def test_the_three_names_find_their_firms() -> None:
    found = looked_up("華為技術有限公司", "東京エレクトロン", "SMIC", "TSMC")
    assert found["entry"].tolist() == ["E1", "E2", "E3", "E5"]
    assert (found["outcome"] == "match").all()
    assert found.loc["SMIC", "reason"] == "initials of the other name"


def test_other_firms_do_not_match_and_the_reason_says_why() -> None:
    found = looked_up("Foo Bar Ltd", "Osaka Electron Microscopes", "Tokyo Gas", "")
    assert (found["outcome"] != "match").all()
    assert found.loc["Foo Bar Ltd", "outcome"] == "no match"
    assert found.loc["", "reason"] == "nothing on the list is near"
    assert "only in the name asked about" in found.loc["Tokyo Gas", "reason"]


def test_another_country_or_number_makes_a_match_a_review() -> None:
    found = looked_up("Huawei Technologies", "Tokyo Electron", country=["US", "JP"])
    assert found["outcome"].tolist() == ["review", "match"]
    assert "another country" in found.loc["Huawei Technologies", "reason"]


def test_the_same_valid_number_is_a_match_whatever_the_name() -> None:
    found = looked_up("Quite Another Name", "Foo Bar", lei=["HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT395"])
    assert found["entry"].tolist() == ["E2", ""]
    assert found.loc["Quite Another Name", "reason"] == "same lei"


def test_two_entries_as_near_are_for_a_person() -> None:
    twice = pd.DataFrame({"entry": ["A", "B"], "name": ["Orion Shipping Ltd", "Orion Shipping GmbH"]})
    found = match_names(pd.DataFrame({"name": ["Orion Shipping"]}), twice)
    assert found["outcome"].tolist() == ["review"]
    assert "another entry is as near" in found["reason"].iloc[0]


def test_thresholds_and_columns_are_checked() -> None:
    with pytest.raises(QuestionFault):
        match_names(pd.DataFrame({"name": ["a"]}), LISTED, match_at=0.1, review_at=0.5)
    with pytest.raises(QuestionFault):
        match_names(pd.DataFrame({"firm": ["a"]}), LISTED)


def test_a_list_or_names_of_nothing_are_no_bug() -> None:
    nobody = match_names(pd.DataFrame({"name": pd.Series([], dtype="str")}), LISTED)
    assert len(nobody) == 0
    found = match_names(pd.DataFrame({"name": ["a"]}), LISTED.iloc[:0])
    assert found["outcome"].tolist() == ["no match"]


def judged(folder: Path, verdict: str) -> Path:
    asked = pd.DataFrame({"name": ["Huawei"]})
    sheet = review_sheet(match_names(asked, LISTED, review_at=0.01, match_at=0.99))
    assert sheet["entry"].tolist() == ["E1"]
    sheet.assign(verdict=verdict, who="A. Person", why="website").to_csv(folder / "review.csv", index=False)
    add_judgements(folder / "review.csv", folder / "judgements.csv", date(2026, 1, 15))
    return folder / "judgements.csv"


@pytest.mark.parametrize(("verdict", "outcome"), [("same", "match"), ("different", "no match")])
def test_a_judgement_is_honoured_ever_after(tmp_path: Path, verdict: str, outcome: str) -> None:
    judgements = read_judgements(judged(tmp_path, verdict))
    found = match_names(pd.DataFrame({"name": ["ＨＵＡＷＥＩ "]}), LISTED, judgements)
    assert found["outcome"].tolist() == [outcome]
    assert found["reason"].iloc[0] == f"judged {verdict} by A. Person on 2026-01-15: website"


def test_the_last_judgement_counts_and_the_same_one_is_not_added_twice(tmp_path: Path) -> None:
    judged(tmp_path, "same")
    judged(tmp_path, "same")
    assert len(read_judgements(tmp_path / "judgements.csv")) == 1
    path = judged(tmp_path, "different")
    assert len(read_judgements(path)) == 2
    found = match_names(pd.DataFrame({"name": ["Huawei"]}), LISTED, read_judgements(path))
    assert found["outcome"].tolist() == ["no match"]


def test_a_changed_judgement_is_told_by_its_line(tmp_path: Path) -> None:
    path = judged(tmp_path, "same")
    judged(tmp_path, "different")
    path.write_text(path.read_text(encoding="utf-8").replace("A. Person", "B. Person", 1), encoding="utf-8")
    with pytest.raises(FileFault, match="line 2"):
        read_judgements(path)


def test_a_verdict_that_is_none_adds_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="a verdict that is none"):
        judged(tmp_path, "perhaps")
    assert not (tmp_path / "judgements.csv").exists()


def holdings(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["owner", "owned", "share"])
    return frame.assign(**{"from": "2020-01-01", "to": ""})


def test_the_head_of_a_group_is_the_last_one_up_the_chain() -> None:
    given = holdings(("Top", "Mid", 0.6), ("Mid", "Low", 0.8), ("Other", "Low", 0.2), ("Top", "Free", 0.5))
    heads = group_heads(given, date(2026, 1, 15)).set_index("party")
    assert heads.loc["Low", ["head", "steps"]].tolist() == ["Top", 2]
    assert heads.loc["Low", "product"] == pytest.approx(0.48)
    assert "Free" not in heads.index
    assert len(group_heads(given, date(2019, 1, 1))) == 0


def test_a_circle_of_owners_has_no_head() -> None:
    with pytest.raises(FileFault, match="circle"):
        group_heads(holdings(("A", "B", 0.9), ("B", "A", 0.9)), date(2026, 1, 15))


def test_lists_are_read_in_their_layouts(tmp_path: Path) -> None:
    (tmp_path / "sdn_entities.csv").write_text("ent_num,name,program,remarks\n36,AEROCARIBBEAN,CUBA,\n")
    (tmp_path / "sdn_entity_aliases.csv").write_text("ent_num,alt_num,alt_type,alt_name\n36,12,aka,AERO-C\n")
    (tmp_path / "sdn_entity_addresses.csv").write_text("ent_num,add_num,address,country\n36,1,,Cuba\n")
    (tmp_path / "csl.csv").write_text("source,entity_number,name,alt_names\nEL,7,Foo,Fu; Phoo\n,,Bar,\n")
    sdn, csl = read_listed(tmp_path / "sdn_entities.csv"), read_listed(tmp_path / "csl.csv")
    assert sdn[["entry", "name", "country"]].to_numpy().tolist() == [
        ["36", "AEROCARIBBEAN", "CU"],
        ["36", "AERO-C", "CU"],
    ]
    assert csl["name"].tolist() == ["Foo", "Bar", "Fu", "Phoo"]
    assert csl["list"].tolist() == ["EL", "csl", "EL", "EL"]
    assert csl["entry"].tolist()[:2] == ["7", "row 3"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "name\n"])
def test_a_list_without_names_is_a_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(FileFault):
        read_listed(path)
    with pytest.raises(FileFault):
        read_names(tmp_path / "none.csv")
