"""Worked cases, each with its clause and expected answer, and both answers for every computed instrument."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from analysis.rules.affiliates import OwnerSet, find_affiliates
from analysis.rules.catalogue import Catalogue
from analysis.rules.collide import collisions
from analysis.rules.fields import BOUND_FIELDS, FIELDS
from analysis.rules.reach import contact
from tests.analysis.flows_by_hand import TEXT, forced, shipped

CASES = pd.read_csv(Path(__file__).with_name("worked_cases.csv"), dtype=str, keep_default_na=False)

NUMBERS = {"value": 10.0, "share": 0.2, "substitutability": 0.0}


def with_settings(catalogue: Catalogue, setting: str) -> Catalogue:
    """`ID=state`: the instrument has that state always, as in a scenario."""
    if not setting:
        return catalogue
    name, state = setting.split("=")
    return forced(catalogue, name, state)


def ownership(words: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`A US-EL, B US-MEU` and `A>C 0.25, B>C 0.25` as tables."""
    listed, held = words.split("|")
    listings = pd.DataFrame([row.split() for row in listed.split(", ")], columns=["party", "list"])
    rows = [row.replace(">", " ").split() for row in held.split(", ")]
    holdings = pd.DataFrame(rows, columns=["owner", "owned", "share"])
    return listings, holdings.assign(share=holdings["share"].astype(float))


def lists_of(party: str, words: str) -> str:
    """Lists on which a party stands by ownership, under the owner sets of the catalogue."""
    listings, holdings = ownership(words)
    sets = shipped().owner_sets
    rules = [OwnerSet(str(rule), tuple(rows["list"].unique())) for rule, rows in sets.groupby("rule")]
    found = find_affiliates(holdings, listings, rules)
    caught = found[(found["party"] == party) & (found["outcome"] == "caught")]
    return ";".join(sorted(caught["list"]))


def flow_of(case: pd.Series, number: int) -> dict:
    """The flow of a case: a Japanese firm's pump to China, with the facts that the case changes."""
    facts = dict(part.split("=", 1) for part in case["facts"].split(" & ") if part)
    if "holdings" in facts:
        facts["buyer_lists"] = lists_of(facts["buyer"], facts.pop("listings") + "|" + facts.pop("holdings"))
    row: dict = dict(TEXT) | NUMBERS
    row |= {name: "" for name in FIELDS if name not in BOUND_FIELDS and name not in TEXT}
    row["flow_kind"] = "trade"
    for name in BOUND_FIELDS:
        told = facts.pop(name, "?" if name in ("stake", "growth") else "0")
        low, _, high = told.partition("..")
        ends = (f"{name}_low", f"{name}_high") if name not in ("us_through", "cn_through") else (name, name)
        row[ends[0]] = float("nan") if low == "?" else float(low)
        row[ends[1]] = float("nan") if low == "?" else float(high or low)
    facts.setdefault("region", facts.get("origin", row["region"]))
    unknown = [name for name in facts if name not in row]
    assert not unknown, unknown
    return row | facts | {"flow": str(number)}


@cache
def answers() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contacts and collisions of all cases, computed once a day and setting."""
    touched, met = [], []
    for (day, setting), cases in CASES.groupby(["day", "setting"]):
        catalogue = with_settings(shipped(), str(setting))
        asked = catalogue.gates["instrument"].isin(cases["instrument"])
        catalogue = replace(catalogue, gates=catalogue.gates[asked])
        flows = pd.DataFrame([flow_of(case, number) for number, case in cases.iterrows()])
        contacts = contact(flows, catalogue, date.fromisoformat(str(day)), every=True)
        touched.append(contacts)
        if cases["against"].any():
            some = contacts[contacts["outcome"] != "none"]
            met.append(collisions(some, flows, catalogue, date.fromisoformat(str(day))))
    return pd.concat(touched), pd.concat(met)


@pytest.mark.parametrize("number", CASES.index, ids=list(CASES["case"]))
def test_worked_case(number: int) -> None:
    case = CASES.loc[number]
    contacts, met = answers()
    if case["against"]:
        pair = met[
            (met["flow"] == str(number))
            & (met["duty"] == case["instrument"])
            & (met["clause"] == case["against"])
        ]
        if case["status"] == "none":
            assert pair.empty
            return
        row = pair.iloc[0]
        assert row["status"] == case["status"]
        assert case["clause"] in row["article"]
        assert case["addressed"] in ("", row["addressed"])
        assert row["trigger"] and row["addressee"]
        return
    row = contacts[(contacts["flow"] == str(number)) & (contacts["instrument"] == case["instrument"])].iloc[0]
    assert (row["outcome"], row["gate"]) == (case["outcome"], case["gate"])
    assert case["clause"] in row["clause"]
    assert case["risk"] in row["risk"]
    assert bool(case["risk"]) == bool(row["risk"])


def test_every_computed_instrument_bites_once_and_does_not_once() -> None:
    cases = CASES[CASES["against"] == ""]
    computed = set(shipped().gates["instrument"])
    bites = set(cases.loc[~cases["outcome"].isin(["none", "unknown", "between"]), "instrument"])
    spares = set(cases.loc[cases["outcome"] == "none", "instrument"])
    assert bites == computed
    assert spares == computed
    assert len(CASES) >= 60 and CASES["case"].is_unique
    assert CASES["clause"].ne("").all()


def test_every_instrument_that_only_punishes_bites_once_and_does_not_once() -> None:
    punishing = set(shipped().collisions["clause"]) - set(shipped().gates["instrument"])
    told = CASES[CASES["against"].isin(punishing)]
    assert set(told.loc[told["status"] != "none", "against"]) == punishing
    assert set(told.loc[told["status"] == "none", "against"]) == punishing


def test_every_other_instrument_says_why_it_has_no_test() -> None:
    catalogue = shipped()
    used = {*catalogue.gates["instrument"], *catalogue.collisions["clause"]}
    others = set(catalogue.instruments["id"]) - used
    assert others and all(catalogue.context_only()[name] for name in others)
