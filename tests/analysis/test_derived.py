"""Who is caught by ownership on a day: each rule with its owners, open points as red flags, chains told."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis import load_catalogue
from analysis.rules.aging import list_ages, tell_ages
from analysis.rules.derived import affiliates_on, as_listings, with_chains
from analysis.rules.listings import read_listings
from analysis.rules.owners import read_owner_rules
from analysis.rules.partychecks import check_parties
from survey import FileFault, Study, StudyFault, data_folder, load_study

IN_FORCE, SUSPENDED = date(2025, 10, 20), date(2025, 11, 20)
CATALOGUE = load_catalogue()
RULES = read_owner_rules(CATALOGUE)


def held(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["owner", "owned", "share"]).astype({"share": float})
    return table.assign(**{"from": "", "to": "", "evidence": "", "row": range(1, len(rows) + 1)})


def listed(*rows: tuple[str, ...]) -> pd.DataFrame:
    full = [(*row, "")[:3] for row in rows]
    return pd.DataFrame(full, columns=["party", "list", "program"]).assign(**{"from": "", "to": ""})


def found(
    holdings: pd.DataFrame, listings: pd.DataFrame, day: date = IN_FORCE, home: pd.Series | None = None
) -> dict[tuple[str, str], str]:
    table = affiliates_on(holdings, listings, RULES, CATALOGUE, day, home)
    return dict(zip(zip(table["party"], table["list"], strict=True), table["outcome"], strict=True))


def test_lists_of_bis_count_together_and_ofac_counts_alone() -> None:
    rows = held(("EL", "C", 0.2), ("MEU", "C", 0.2), ("SDN", "C", 0.1))
    lists = listed(("EL", "US-EL"), ("MEU", "US-MEU"), ("SDN", "US-SDN", "SDGT;IFSR"))
    assert found(rows, lists) == {("C", "US-AFFIL"): "caught", ("C", "US-SDN"): "below"}


def test_fifty_of_fifty_is_caught_and_its_chain_is_the_evidence() -> None:
    rows = held(("X", "A", 0.5), ("A", "B", 0.3), ("X", "B", 0.25))
    table = affiliates_on(rows, listed(("X", "US-EL")), RULES, CATALOGUE, IN_FORCE)
    assert table["path"].tolist() == ["X [US-EL] > 50% > A", "X [US-EL] > 50% > A > 30% of 55% counted > B"]
    assert table["product"].round(4).tolist() == [0.5, 0.4]  # 0.25 + 0.5 x 0.3, and B is caught all the same
    lines = as_listings(table, IN_FORCE)
    assert lines["party"].tolist() == ["A", "B"]
    assert (lines["list"] == "US-AFFIL").all()
    assert (lines["from"] == "2025-10-20").all()
    assert (lines["to"] == "2025-10-20").all()
    assert lines["evidence"].iloc[1].endswith("counted > B; owners that count: 30% A; 25% X")


def test_only_the_named_programmes_of_the_sdn_list_count_for_bis() -> None:
    rows = held(("X", "A", 0.5), ("Y", "B", 0.5), ("Z", "C", 0.5))
    lists = listed(("X", "US-SDN", "IRAN"), ("Y", "US-SDN", "IRAN;npwmd"), ("Z", "US-SDN"))
    outcome = found(rows, lists)
    assert [outcome[party, "US-SDN"] for party in "ABC"] == ["caught"] * 3
    assert ("A", "US-AFFIL") not in outcome
    assert outcome["B", "US-AFFIL"] == "caught"
    assert outcome["C", "US-AFFIL"] == "review"  # the programme is not in the listing


def test_a_share_that_is_not_known_is_a_red_flag_with_a_list_of_its_own() -> None:
    table = affiliates_on(held(("X", "A", None)), listed(("X", "US-EL")), RULES, CATALOGUE, IN_FORCE)
    assert table["outcome"].tolist() == ["review"]
    assert table["path"].tolist() == ["X [US-EL] > ? > A"]
    assert as_listings(table, IN_FORCE)["list"].tolist() == ["US-AFFIL-FLAG"]


def test_the_affiliates_rule_is_on_foreign_firms() -> None:
    rows = held(("X", "A", 0.9), ("X", "B", 0.9))
    home = pd.Series({"A": "US", "B": "MY"})
    assert found(rows, listed(("X", "US-EL")), home=home) == {("B", "US-AFFIL"): "caught"}


def test_footnotes_are_passed_on_only_while_the_affiliates_rule_is_in_force() -> None:
    rows, lists = held(("X", "A", 0.5)), listed(("X", "US-EL"), ("X", "US-FDP-FN5"))
    assert ("A", "US-FDP-FN5") in found(rows, lists, IN_FORCE)
    assert ("A", "US-FDP-FN5") not in found(rows, lists, SUSPENDED)


def test_what_chinas_rule_leaves_open_is_to_look_at() -> None:
    rows = held(("X", "A", 0.5), ("A", "B", 0.5), ("X", "C", 0.3), ("Y", "C", 0.3))
    outcome = found(rows, listed(("X", "CN-CTRL"), ("Y", "CN-WATCH")))
    limb = "CN-61-2025-L3"
    assert {party: outcome[party, limb] for party in "ABC"} == {"A": "caught", "B": "review", "C": "review"}
    assert not found(rows, listed(("X", "CN-CTRL")), SUSPENDED)


def test_the_chain_stands_in_the_path_of_the_contact() -> None:
    table = affiliates_on(held(("X", "A", 0.5)), listed(("X", "US-EL")), RULES, CATALOGUE, IN_FORCE)
    flows = pd.DataFrame({"flow": ["1", "2"], "seller": ["S", "S"], "buyer": ["A", "Q"]})
    contacts = pd.DataFrame({"flow": ["1", "1", "2"], "instrument": ["US-AFFIL", "US-EAR", "US-AFFIL"]})
    told = with_chains(contacts.assign(path="p"), flows, table)["path"].tolist()
    assert told == ["p; owned: X [US-EL] > 50% > A", "p", "p"]


@pytest.mark.parametrize(
    ("column", "word", "told"),
    [
        ("list", "US-ELL", "did you mean US-EL"),
        ("operator", "over", "at_least"),
        ("aggregation", "apart", "together"),
        ("threshold", "50", "a share above 0"),
    ],
)
def test_owner_sets_at_fault_name_line_and_column(column: str, word: str, told: str) -> None:
    rows = pd.read_csv(Path(str(_sets())), dtype=str, keep_default_na=False)
    rows.loc[1, column] = word
    with pytest.raises(FileFault, match=f"line 3, column {column}") as fault:
        read_owner_rules(_With(rows))  # type: ignore[arg-type]
    assert told in str(fault.value)


def test_every_row_of_the_owner_sets_has_a_clause_and_a_source() -> None:
    rows = pd.read_csv(_sets(), dtype=str, keep_default_na=False)
    assert (rows[["clause", "source", "confidence"]] != "").all(axis=None)
    assert (rows.loc[rows["program"] != "", "rule"].value_counts() == 14).all()  # 89 FR 20107: 14 programmes


def test_ages_are_shown_and_more_than_thirty_days_are_warned_of() -> None:
    days = {"US-EL": "2025-12-16", "US-SDN": "2025-12-15", "CN-UEL": "", "CN-CTRL": "2026-02-01"}
    rows = pd.DataFrame({"list": list(days), "taken": list(days.values())})
    ages = list_ages(rows, date(2026, 1, 15)).set_index("list")
    assert ages["age"].fillna(-999).to_dict() == {"CN-CTRL": -17, "CN-UEL": -999, "US-EL": 30, "US-SDN": 31}
    assert ages.index[ages["is_old"]].tolist() == ["US-SDN"]
    words = " ".join(str(finding) for finding in tell_ages(rows, date(2026, 1, 15), "listings.csv"))
    assert words.count("over 30 days") == 1
    for said in ("US-EL: taken on 2025-12-16, 30 days", "17 days after", "CN-UEL: nothing says on which day"):
        assert said in words


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["A,US-EL,2025-02-30,"], "column from, row 1"),
        (["A,US-EL,,", "A,US-EL,2025-02-01,2025-01-01"], "column to, row 2"),
        (["A,US-ELL,,"], "column list, row 1"),
        ([",US-EL,,"], "column party, row 1"),
        ([], "l.csv"),
    ],
)
def test_listings_at_fault_name_row_and_column(tmp_path: Path, lines: Sequence[str], place: str) -> None:
    path = tmp_path / "l.csv"
    path.write_text("\n".join(["party,list,from,to", *lines]) + "\n")
    with pytest.raises(FileFault, match=place):
        read_listings(path, CATALOGUE)


def test_check_tells_ages_catches_and_listed_parties_that_nobody_has(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("party,list,taken\nX,US-EL,2025-12-01\nXX,US-UVL,2026-01-10\n")
    (tmp_path / "o.csv").write_text("owner,owned,share\nX,HOLD,0.5\nHOLD,A,0.5\n")
    rules = {"listings": "l.csv", "ownership": "o.csv"}
    words = " ".join(str(finding) for finding in check_parties(study(tmp_path, rules)))
    for said in (
        "US-EL: taken on 2025-12-01, 45 days before 2026-01-15. That is over 30 days",
        "US-UVL: taken on 2026-01-10, 5 days",
        "2 parties are caught by a 50 per cent rule: US-AFFIL: X [US-EL] > 50% > HOLD > 50% > A",
        "1 listed parties are not among the parties: XX",
    ):
        assert said in words


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        ({"listings": 3}, "rules.listings"),
        ({"listings": "l.csv", "lists_taken": "May"}, "rules.lists_taken"),
        ({"ownership": "o.csv"}, "rules.ownership"),
        ({"listings": "l.csv", "ownership": ["o.csv"]}, "rules.ownership"),
    ],
)
def test_keys_of_another_kind_are_faults(tmp_path: Path, rules: dict[str, object], place: str) -> None:
    (tmp_path / "l.csv").write_text("party,list\nX,US-EL\n")
    with pytest.raises(StudyFault, match=place):
        check_parties(study(tmp_path, rules))


def study(folder: Path, rules: dict[str, object]) -> Study:
    """A study of its rules and parties alone."""
    text = ['schema = 1\nid = "s"\ntitle = { en = "S" }\nlanguages = ["en"]\nas_of = 2026-01-15']
    text += ["[supply]", 'parties = "p.csv"', "[rules]"]
    text += [f"{key} = {json.dumps(value)}" for key, value in rules.items()]
    (folder / "p.csv").write_text("party,country\nX,CN\nA,MY\n")
    (folder / "study.toml").write_text("\n".join(text) + "\n")
    return load_study(folder)


def test_a_list_as_published_is_no_file_of_listings(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("source,name\nEntity List,Foo\n")
    with pytest.raises(FileFault, match=r"--listings listings\.csv"):
        read_listings(path, CATALOGUE)


class _With:
    """A catalogue with owner sets of one's own."""

    def __init__(self, sets: pd.DataFrame) -> None:
        self.instruments, self.owner_sets = CATALOGUE.instruments, sets


def _sets() -> Path:
    return data_folder() / "regulation" / "owner_sets.csv"
