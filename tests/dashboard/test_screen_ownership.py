"""From lists as published to contact: screened by ownership, written as listings, met while in force."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from dashboard.command import main
from survey import data_folder

BIS = "Bureau of Industry and Security"
CSL = f"""source,entity_number,name,addresses,license_requirement,start_date
Entity List (EL) - {BIS},101,"Huawei Technologies Co., Ltd.","Shenzhen, CN",footnote 1,2019-05-21
Unverified List (UVL) - {BIS},102,"Quiet Harbour Optics Co., Ltd.","Wuhan, CN",,
"""
OWNERSHIP = """owner,owned,share
Huawei Technologies,Blue Subsidiary Ltd,0.5
Blue Subsidiary Ltd,Green Subsidiary GmbH,0.5
Huawei Technologies,Secret Co,
Huawei Technologies,Minority Co,0.2
Quiet Harbour Optics Co Ltd,Orange Co,0.9
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "csl.csv").write_text(CSL)
    (tmp_path / "own.csv").write_text(OWNERSHIP)
    names = ["Huawei Technologies", "Green  subsidiary GmbH", "Secret Co", "Minority Co", "Orange Co"]
    (tmp_path / "names.csv").write_text("name\n" + "\n".join(names) + "\n")
    return tmp_path


def screened(files: Path, day: str) -> pd.DataFrame:
    out = files / "hits.csv"
    words = ["screen", str(files / "names.csv"), "--list", str(files / "csl.csv")]
    assert main([*words, "--ownership", str(files / "own.csv"), "--as-of", day, "--out", str(out)]) == 1
    return pd.read_csv(out, keep_default_na=False)


def test_screen_tells_who_is_caught_and_who_is_a_red_flag(files: Path) -> None:
    table = screened(files, "2025-10-20")
    of_rule = table[table["list"].isin(["US-AFFIL", "US-EL", ""])]
    assert of_rule["outcome"].tolist() == ["match", "caught", "red flag", "red flag", "no match"]
    caught = of_rule.iloc[1]
    assert caught["reason"].startswith(
        "Huawei Technologies [US-EL, US-FDP-FN1] > 50% > Blue Subsidiary Ltd > 50%"
    )
    assert caught["reason"].endswith("supp. 8 to part 744; US-AFFIL in force on 2025-10-20")
    assert caught["matched_name"] == "Huawei Technologies Co., Ltd."
    assert caught["probability"] > 0.9
    assert "share of a listed or caught owner is not known" in of_rule["reason"].iloc[2]
    assert "below the threshold" in of_rule["reason"].iloc[3]
    later = screened(files, "2025-11-20")
    assert later["reason"].iloc[1].endswith("US-AFFIL suspended on 2025-11-20")
    assert "US-FDP-FN1" not in set(later["list"])


def test_an_owner_whose_name_is_near_waits_for_a_judgement(files: Path) -> None:
    (files / "own.csv").write_text("owner,owned,share\nQuiet Harbor Optical Instruments,Orange Co,0.9\n")
    (files / "names.csv").write_text("name\nOrange Co\n")
    (files / "el.csv").write_text('entry,name\n7,"Quiet Harbour Optics Co., Ltd."\n')
    review, judged, out = files / "review.csv", files / "judgements.csv", files / "hits.csv"
    words = ["screen", str(files / "names.csv"), "--list", f"US-EL={files / 'el.csv'}", "--out", str(out)]
    words += ["--ownership", str(files / "own.csv"), "--as-of", "2025-10-20", "--review-at", "0.01"]
    assert main([*words, "--match-at", "0.999", "--review", str(review)]) == 1
    assert "to be judged" in pd.read_csv(out)["reason"].iloc[0]
    sheet = pd.read_csv(review, dtype=str, keep_default_na=False)
    assert sheet["name"].tolist() == ["Quiet Harbor Optical Instruments"]
    sheet.assign(verdict="same", who="A. Person", why="register").to_csv(review, index=False)
    demo = str(data_folder() / "demo")
    assert main(["match", demo, "--judge", str(review), "--judgements", str(judged)]) == 0
    assert main([*words, "--judgements", str(judged)]) == 1
    assert pd.read_csv(out)["outcome"].tolist() == ["caught"]
    assert pd.read_csv(out)["probability"].tolist() == [1.0]


def test_the_age_of_a_list_is_said_and_warned_of(files: Path, capsys: pytest.CaptureFixture) -> None:
    out = files / "hits.csv"
    words = ["screen", str(files / "names.csv"), "--as-of", "2025-10-20", "--out", str(out), "--list"]
    assert main([*words, f"{files / 'csl.csv'}@2025-09-01"]) == 1
    table = pd.read_csv(out, keep_default_na=False)
    assert table["taken"].tolist() == ["2025-09-01", "", "", "", ""]
    said = capsys.readouterr().err
    assert "taken on 2025-09-01, 49 days before 2025-10-20. That is over 30 days" in said
    assert main([*words, f"{files / 'csl.csv'}@2025-10-01", "--list", f"CN-CTRL={files / 'csl.csv'}"]) == 1
    said = capsys.readouterr().err
    assert "19 days before" in said
    assert "over 30 days" not in said
    assert "CN-CTRL: nothing says on which day the list was taken" in said


def test_contact_sees_affiliates_while_their_rule_is_in_force(files: Path) -> None:
    study = files / "study"
    shutil.copytree(data_folder() / "demo", study)
    parties = pd.read_csv(study / "parties.csv", dtype=str, keep_default_na=False)
    parties.loc[parties["party"] == "C0001", ["name", "country"]] = ["Huawei Technologies", "CN"]
    links = pd.read_csv(study / "links.csv", dtype=str, keep_default_na=False)
    links = links[links["buyer"].isin(["C0001", "C0121", "C0157"])]
    links.to_csv(study / "links.csv", index=False)
    kept = parties["party"].isin(pd.concat([links["buyer"], links["supplier"]]))
    parties[kept].to_csv(study / "parties.csv", index=False)
    words = ["match", str(study), "--list", f"{files / 'csl.csv'}@2025-10-01", "--quiet"]
    assert main([*words, "--out", str(files / "m.csv"), "--listings", str(study / "listings.csv")]) == 0
    listings = pd.read_csv(study / "listings.csv", keep_default_na=False)
    assert listings[["party", "list", "from", "taken"]].to_numpy().tolist() == [
        ["C0001", "US-EL", "2019-05-21", "2025-10-01"],
        ["C0001", "US-FDP-FN1", "2019-05-21", "2025-10-01"],
    ]
    (study / "own.csv").write_text("owner,owned,share\nC0001,HOLD,0.5\nHOLD,C0121,0.5\nC0001,C0157,\n")
    text = (study / "study.toml").read_text(encoding="utf-8")
    text = text.replace('ownership = "ownership.csv"', 'ownership = "own.csv"')
    (study / "study.toml").write_text(text, encoding="utf-8")
    assert contacts(study, "2025-10-20") == {
        ("C0121", "licence"): "C0001 [US-EL, US-FDP-FN1] > 50% > HOLD > 50% > C0121",
        ("C0157", "review"): "C0001 [US-EL, US-FDP-FN1] > ? > C0157",
    }
    assert contacts(study, "2025-11-20") == {}


def contacts(study: Path, day: str) -> dict[tuple[str, str], str]:
    """Chains of the contacts with the affiliates rule, by buyer and outcome."""
    out = study / "contact.csv"
    assert main(["contact", str(study), "--as-of", day, "--out", str(out), "--quiet"]) == 0
    table = pd.read_csv(out, keep_default_na=False)
    rows = table[table["instrument"] == "US-AFFIL"]
    buyer = rows["path"].str.extract(r"> (\w+) \(")[0]
    chain = rows["path"].str.extract("; owned: (.*)")[0]
    return dict(zip(zip(buyer, rows["outcome"], strict=True), chain, strict=True))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["A,B,0.6", "C,B,0.6"], "rows 1, 2"),
        (["A,B,0.6", "B,A,0.6"], "majorities in a loop"),
        (["A,B,60"], "write shares from 0 to 1"),
    ],
)
def test_ownership_at_fault_is_named(
    files: Path, lines: list[str], told: str, capsys: pytest.CaptureFixture
) -> None:
    (files / "own.csv").write_text("\n".join(["owner,owned,share", *lines]) + "\n")
    words = ["screen", str(files / "names.csv"), "--list", str(files / "csl.csv")]
    out = files / "hits.csv"
    assert (
        main([*words, "--ownership", str(files / "own.csv"), "--as-of", "2025-10-20", "--out", str(out)]) == 2
    )
    said = capsys.readouterr().err
    assert "own.csv" in said
    assert told in said
    assert not out.exists()


def test_an_instrument_nobody_knows_is_a_fault(files: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["screen", str(files / "names.csv"), "--list", f"US-ELL={files / 'csl.csv'}"]) == 2
    assert "did you mean US-EL" in capsys.readouterr().err
