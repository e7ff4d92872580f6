"""Parties matched to firms: links, lists and holdings bear the firm's id, and the doubt of the match."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.rules.catalogue import load_catalogue
from analysis.rules.standing import standing_of
from analysis.supply.links import load_links
from survey import FileFault, load_study

STUDY = (
    'schema = 1\nid = "s"\ntitle = { en = "S" }\nlanguages = ["en"]\nas_of = 2026-01-15\n'
    '[supply]\nlinks = "links.csv"\nparties = "parties.csv"\nitems = "items.csv"\n'
    '[rules]\nlistings = "listings.csv"\nownership = "ownership.csv"\n'
)
FILES = {
    "links.csv": "buyer,supplier,country,share,confidence\n"
    "Toho KK,Acme Inc,US,0.5,0.8\nToho K.K.,Bao Ltd,CN,0.3,\nAcme Inc,Bao Ltd,CN,0.2,\nx,Toho KK,JP,0.1,\n",
    "parties.csv": "party,name,country,sales\n"
    "Toho KK,Toho,JP,10\nToho K.K.,Toho Corp,,12\nAcme Inc,Acme,US,\n",
    "items.csv": "party,product,hs\nToho KK,,8486\nToho K.K.,,8542\n",
    "listings.csv": "party,list,from,to,evidence\nToho K.K.,US-SDN,2020-01-01,,made up\n",
    "ownership.csv": "owner,owned,share,from,to\nToho KK,x,0.6,2020-01-01,\n",
    "matches.csv": "what,key,name,outcome,probability,list,entry\n"
    "firm,F1,東邦,match,0.95,parties,Toho KK\nfirm,F1,東邦,match,1,parties,Toho K.K.\n"
    "firm,F2,Acme,review,0.4,parties,Acme Inc\nfirm,F9,Gone,match,1,parties,Gone GmbH\n",
}


def study_in(folder: Path, **changed: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in (FILES | changed).items():
        (folder / name).write_text(text)
    matched = STUDY.replace("[supply]\n", '[supply]\nmatches = "matches.csv"\n')
    (folder / "study.toml").write_text(matched if changed.get("matches.csv", "x") else STUDY)
    return folder


def test_matched_links_are_those_written_with_the_id(tmp_path: Path) -> None:
    links = load_links(study_in(tmp_path / "a"))
    by_hand = {name: text.replace("Toho KK", "F1").replace("Toho K.K.", "F1") for name, text in FILES.items()}
    by_hand["parties.csv"] = "party,name,country,sales\nF1,Toho,JP,12\nAcme Inc,Acme,US,\n"
    by_hand["items.csv"] = "party,product,hs\nF1,,8486\n"
    written = load_links(study_in(tmp_path / "b", **by_hand | {"matches.csv": ""}))
    columns = ["buyer", "supplier", "country", "share", "value"]
    pd.testing.assert_frame_equal(
        links.frame[columns].astype({"buyer": "str", "supplier": "str", "country": "str"}),
        written.frame[columns].astype({"buyer": "str", "supplier": "str", "country": "str"}),
    )
    named = links.parties.set_index("party").sort_index()
    wanted = written.parties.set_index("party").sort_index()
    pd.testing.assert_frame_equal(named.loc[["F1", "Acme Inc"]], wanted.loc[["F1", "Acme Inc"]])
    assert links.items["hs"].tolist() == written.items["hs"].tolist() == ["8486"]


def test_the_doubt_of_a_match_is_the_doubt_of_its_links(tmp_path: Path) -> None:
    links = load_links(study_in(tmp_path / "a"))
    sure = links.frame.assign(
        key=links.frame["buyer"].astype("str") + ">" + links.frame["supplier"].astype("str")
    )
    confidence = sure.set_index("key")["confidence"]
    assert confidence["F1>Acme Inc"] == pytest.approx(0.95 * 0.8)
    assert confidence["x>F1"] == pytest.approx(0.95)
    assert pd.isna(confidence["F1>Bao Ltd"]) and pd.isna(confidence["Acme Inc>Bao Ltd"])
    told = " ".join(str(finding) for finding in links.findings)
    assert "'Gone GmbH'" in told and "3 links of parties matched to firms" in told


def test_lists_and_holdings_follow(tmp_path: Path) -> None:
    study = load_study(study_in(tmp_path / "a"))
    standing = standing_of(study, load_catalogue(), study.as_of)
    assert standing.listings is not None
    assert set(standing.listings["party"]) == {"F1", "x"}  # x: 60 percent held by the listed F1


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("key,entry\nF1,Toho KK\nF2,Toho KK\n", ("rows 1, 2", "'F1', 'F2'")),
        ("key,entry,probability\nF1,Toho KK,1.2\n", ("row 1", "1.2")),
        ("key,party\nF1,Toho KK\n", ("entry",)),
    ],
)
def test_bad_matches_are_named(rows: str, told: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(FileFault) as caught:
        load_links(study_in(tmp_path / "a", **{"matches.csv": rows}))
    said = str(caught.value)
    assert "matches.csv" in said and all(word in said for word in told), said
