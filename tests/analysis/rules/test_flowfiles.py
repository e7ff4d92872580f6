"""Flows in files: read as they are written, met as in memory, refused by column and flow."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis.rules.fields import BOUND_FIELDS
from analysis.rules.flowfiles import contact_file
from analysis.rules.reach import contact
from analysis.supply.engine.choosing import open_engine
from analysis.supply.engine.running import Engine
from survey import FileFault
from tests.analysis.flows_by_hand import NOW, shipped
from tests.analysis.rules.flows_at_random import assert_same_contact, random_flows
from tests.analysis.rules.test_again import LISTINGS

SOME = {"US-EL", "US-DEMIN-25", "CN-18-2025"}
HEAD = "flow,firm,seller,buyer,seller_country,buyer_country,flow_kind,hs,us_content_low,us_content_high\n"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with open_engine("duckdb") as opened:
        yield opened


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_gives_what_memory_gives(ending: str, engine: Engine, tmp_path: Path) -> None:
    flows, path = random_flows(200, seed=31), tmp_path / f"flows.{ending}"
    _ = flows.to_csv(path, index=False) if ending == "csv" else flows.to_parquet(path)
    rows = engine.few(contact_file(engine, path, shipped(), NOW, LISTINGS, only=SOME).rows)
    assert_same_contact(rows, contact(flows, shipped(), NOW, LISTINGS, only=SOME))
    assert rows[["flow", "firm", "instrument"]].apply(tuple, axis=1).is_monotonic_increasing


def test_countries_in_any_spelling_and_codes_with_dots(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text(HEAD + "f,A,A,B,中国,Japan,trade,8505.11,0,0\ng,A,A,B,China,日本,trade,850511, ,\n")
    rows = engine.few(contact_file(engine, path, shipped(), NOW, only={"CN-18-2025"}).rows)
    assert rows["outcome"].tolist() == ["licence", "licence"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("f,A,A,B,Atlantis,JP,trade,8505,0,0", ("seller_country", "Atlantis")),
        ("f,A,A,B,CN,JP,trad,8505,0,0", ("flow_kind", "trade")),
        ("f,A,A,B,CN,JP,trade,8505,much,0", ("us_content_low", "flow f", "much")),
        ("f,A,A,B,CN,JP,trade,8505,0.5,1.5", ("us_content_high", "1.5", "outside 0 to 1")),
        ("f,A,A,B,CN,JP,trade,8505,0.5,0.2", ("us_content_low", "above us_content_high")),
    ],
)
def test_what_cannot_be_true_is_named(line: str, told: tuple, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text(HEAD + line + "\n")
    with pytest.raises(FileFault) as caught:
        contact_file(engine, path, shipped(), NOW, only=SOME)
    assert all(word in str(caught.value) for word in ("flows.csv", *told)), str(caught.value)


def test_bounds_may_be_one_number(engine: Engine, tmp_path: Path) -> None:
    flows = random_flows(60, seed=32)
    one = flows.drop(columns=[f"{name}_high" for name in BOUND_FIELDS if f"{name}_high" in flows])
    one = one.rename(columns={f"{name}_low": name for name in BOUND_FIELDS})
    one.to_parquet(tmp_path / "flows.parquet")
    done = contact_file(engine, tmp_path / "flows.parquet", shipped(), NOW, only=SOME)
    assert_same_contact(engine.few(done.rows), contact(pd.DataFrame(one), shipped(), NOW, only=SOME))
