"""The file and the table of the grid hold its rows, in its order; without them the bands as protected."""

import io
from pathlib import Path

import pandas as pd
from flask.testing import FlaskClient

from dashboard.claims import pressure_claim, top_band
from dashboard.pages.grid_table import folded_grid
from dashboard.pressed import pressed_firms, pressed_rows
from dashboard.selection import read_address
from dashboard.shelf import open_shelf


def _read(client: FlaskClient, address: str) -> pd.DataFrame:
    answer = client.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    return pd.read_csv(io.BytesIO(answer.data), encoding="utf-8-sig", dtype={"option": str})


def test_file_holds_the_rows_of_the_grid(internal_client: FlaskClient, internal: Path) -> None:
    shelf = open_shelf(internal)
    asked = "?sort=-cn&q=Made-up 1"
    rows = _read(internal_client, "/pressure.csv" + asked)
    held = pressed_firms(shelf, read_address(asked))
    assert 0 < len(rows) < len(shelf.firms)
    assert rows["firm"].tolist() == held["firm"].tolist()
    assert rows["cn"].dropna().is_monotonic_decreasing
    assert {"squeeze_low", "squeeze_high", "p_choose_n", "p_choose_flag", "rank_low", "tier"} <= set(rows)
    assert {"notice", "synthetic"} & set(rows), "what comes of rules, or of made-up firms, says so"


def test_filters_that_fit_nothing_give_a_head_alone(internal_client: FlaskClient, internal: Path) -> None:
    assert _read(internal_client, "/pressure.csv?q=nobody").empty
    table = folded_grid(open_shelf(internal), read_address("?q=nobody&lang=ja"))
    assert "絞り込みに合う企業はない" in str(table)


def test_public_file_holds_bands_and_no_firm(public_client: FlaskClient, public: Path) -> None:
    rows = _read(public_client, "/pressure.csv?lang=ja")
    assert "firm" not in rows and set(rows["question"]) == {f"pressure.{k}" for k in ("squeeze", "us", "cn")}
    hidden = rows[rows["flag"].fillna("").str.contains("suppressed")]
    assert len(hidden) == 2 and hidden[["n", "estimate", "low", "high"]].isna().all(axis=None)
    shelf = open_shelf(public)
    assert pressed_rows(shelf, read_address("?q=T001")).equals(pressed_rows(shelf, read_address("")))


def test_table_keeps_order_and_says_what_it_leaves_out(internal: Path) -> None:
    shelf = open_shelf(internal)
    view = read_address("?sort=name&lang=en")
    told = str(folded_grid(shelf, view))
    first, second = pressed_firms(shelf, view)["firm"].tolist()[:2]
    assert told.index(first) < told.index(second)
    assert "/pressure.csv?sort=name" in told


def test_public_page_claims_the_highest_band_with_n_and_interval(public: Path) -> None:
    shelf = open_shelf(public)
    row, option = top_band(shelf) or (None, "")
    assert row is not None and row["n"] == 100
    band = shelf.label("en", "pressure.squeeze", option)
    claim, interval = pressure_claim(shelf, "en")
    assert claim == f"8% of 100 firms stand in the highest band of squeeze shown, “{band}”"
    assert "interval" in interval
    assert "100社のうち8％" in pressure_claim(shelf, "ja")[0]
