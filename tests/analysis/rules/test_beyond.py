"""Contact on an engine: the rows of memory, whatever is known, missing, or of another type."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from analysis.rules.beyond import contact_on
from analysis.rules.fields import BOUND_FIELDS, FIELDS
from analysis.rules.reach import contact
from analysis.supply.engine.choosing import open_engine
from analysis.supply.engine.running import Engine
from survey import FileFault
from tests.analysis.flows_by_hand import FIELDWORK, NOW, shipped
from tests.analysis.rules.flows_at_random import assert_same_contact, random_flows
from tests.analysis.rules.test_again import LISTINGS


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    with open_engine("duckdb") as engine:
        yield engine


@pytest.mark.parametrize("every", [False, True])
def test_duckdb_says_what_memory_says(duckdb: Engine, every: bool) -> None:
    flows = random_flows(60 if every else 800, seed=11)
    done = contact_on(duckdb, duckdb.hold(flows), shipped(), NOW, every=every)
    rows = contact(flows, shipped(), NOW, every=every)
    assert_same_contact(duckdb.few(done.rows), rows)
    assert 0 < done.cases <= len(flows)
    by = rows.groupby(["side", "instrument", "outcome"])["value"].agg(["size", "sum"])
    told = done.totals.set_index(["side", "instrument", "outcome"]).loc[by.index]
    assert (told["flows"] == by["size"]).all()
    np.testing.assert_allclose(told["value"], by["sum"])


def test_lists_of_a_day_and_only_the_named(duckdb: Engine) -> None:
    flows = random_flows(300, seed=12).assign(seller_lists="US-889", buyer_lists=None)
    only = {"US-EL", "CN-CTRL", "US-889", "US-SDN"}
    for day in (NOW, FIELDWORK):
        done = contact_on(duckdb, duckdb.hold(flows), shipped(), day, LISTINGS, only=only)
        assert_same_contact(duckdb.few(done.rows), contact(flows, shipped(), day, LISTINGS, only=only))


def test_null_and_numbers_for_words_are_as_in_memory(duckdb: Engine) -> None:
    flows = random_flows(300, seed=13)
    flows["hs"] = pd.to_numeric(flows["hs"])
    text = [name for name in FIELDS if name not in BOUND_FIELDS and name != "hs"]
    nulls = flows.assign(**{name: flows[name].where(flows[name] != "") for name in text})
    nulls["hs"] = nulls["hs"].astype("Int64")
    said = flows.assign(hs=flows["hs"].astype("Int64").astype("str").replace("<NA>", ""))
    for name in ("seller_lists", "buyer_lists"):
        said[name] = said[name].where(said[name] != "")
    done = contact_on(duckdb, duckdb.hold(nulls), shipped(), NOW)
    assert_same_contact(duckdb.few(done.rows), contact(said, shipped(), NOW))


def test_fields_that_are_not_there_are_not_known(duckdb: Engine) -> None:
    flows = random_flows(200, seed=14)
    gone = ["flow_kind", "person_country", "stake_low", "stake_high", "us_through", "technology"]
    flows = flows.drop(columns=gone)
    done = contact_on(duckdb, duckdb.hold(flows), shipped(), NOW)
    assert_same_contact(duckdb.few(done.rows), contact(flows, shipped(), NOW))
    bare = contact_on(duckdb, duckdb.hold(flows[["flow", "firm"]]), shipped(), NOW)
    rows = duckdb.few(bare.rows)
    assert set(rows["outcome"]) == {"unknown"} and rows["value"].isna().all()
    assert rows["warning"].str.contains("not screened").any()


def test_no_flow_gives_no_row_and_all_columns(duckdb: Engine) -> None:
    done = contact_on(duckdb, duckdb.hold(random_flows(3).head(0)), shipped(), NOW)
    assert list(duckdb.few(done.rows).columns) == list(contact(random_flows(3), shipped(), NOW).columns)
    assert len(duckdb.few(done.rows)) == 0 == done.cases


def test_columns_that_must_be_there(duckdb: Engine) -> None:
    flows = random_flows(5)
    with pytest.raises(FileFault, match="flow"):
        contact_on(duckdb, duckdb.hold(flows.drop(columns="flow")), shipped(), NOW)
    with pytest.raises(FileFault, match="seller"):
        contact_on(duckdb, duckdb.hold(flows.drop(columns="seller")), shipped(), NOW, LISTINGS)
