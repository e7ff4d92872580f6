"""EU indicators by hand: thresholds are strict, no exports, bounds, two of three years, members by day."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import dependency, dependency_thresholds, home_countries, load_links
from analysis.supply.narrow.bloc import DEPENDENCY_COLUMNS
from analysis.supply.narrow.trade import Trade
from survey import QuestionFault


def trade(rows: list[tuple[str, str, str, str, float]]) -> Trade:
    flows = pd.DataFrame(rows, columns=["product", "period", "importer", "exporter", "value"])
    return Trade(flows, pd.DataFrame(), pd.DataFrame())


def cells(table: pd.DataFrame, indicator: str, product: str = "p", period: str = "2021") -> pd.Series:
    mine = (table["indicator"] == indicator) & (table["product"] == product) & (table["period"] == period)
    return table[mine].iloc[0]


HOME = frozenset({"DE", "FR"})
ROWS = [
    ("p", "2021", "DE", "CN", 60.0),
    ("p", "2021", "FR", "US", 20.0),
    ("p", "2021", "FR", "DE", 20.0),
    ("p", "2021", "US", "DE", 50.0),
    ("q", "2021", "DE", "CN", 5.0),
]


def test_by_hand() -> None:
    table = dependency(trade(ROWS), HOME)
    assert list(table.columns) == list(DEPENDENCY_COLUMNS) and len(table) == 6
    assert cells(table, "cdi1")["value"] == pytest.approx(0.75**2 + 0.25**2)
    assert cells(table, "cdi1")["distance"] == pytest.approx(0.625 - 0.4)
    assert cells(table, "cdi2")["value"] == pytest.approx(0.8)
    assert cells(table, "cdi3")["value"] == pytest.approx(80 / 50)
    assert (cells(table, "cdi3")["largest"], cells(table, "cdi3")["dependent"]) == ("CN", "yes")
    assert cells(dependency(trade(ROWS), HOME, exports="all"), "cdi3")["value"] == pytest.approx(80 / 70)


def test_no_exports_are_over_any_threshold() -> None:
    row = cells(dependency(trade(ROWS), HOME), "cdi3", "q")
    assert np.isnan(row["value"]) and np.isnan(row["distance"])
    assert (row["over"], row["dependent"], row["note"]) == ("yes", "yes", "no exports: over any threshold")
    only = dependency(trade([("p", "2021", "DE", "FR", 5.0)]), HOME)  # neither imports nor exports
    assert only["over"].eq("no").all() and only["note"].eq("").all()
    assert np.isnan(cells(only, "cdi1")["value"]) and cells(only, "cdi2")["value"] == 0


def test_the_threshold_itself_is_not_over() -> None:
    even = [("p", "2021", "DE", c, 1.0) for c in ("CN", "FR")] + [("p", "2021", "US", "DE", 1.0)]
    table = dependency(trade(even), HOME)
    assert cells(table, "cdi2")["value"] == 0.5 and cells(table, "cdi2")["over"] == "no"
    assert cells(table, "cdi3")["value"] == 1 and cells(table, "cdi3")["over"] == "no"
    assert cells(table, "cdi2")["distance"] == 0
    limits = dependency_thresholds()
    limits["operator"] = ">="
    assert dependency(trade(even), HOME, thresholds=limits)["over"].eq("yes").all()


def test_thresholds_are_data_and_say_which_are_confirmed(tmp_path: Path) -> None:
    limits = dependency_thresholds()
    assert limits["value"].to_dict() == {"cdi1": 0.4, "cdi2": 0.5, "cdi3": 1.0}
    assert limits["operator"].eq(">").all()
    assert limits["confirmed"].to_dict() == {"cdi1": "yes", "cdi2": "no", "cdi3": "yes"}
    own = tmp_path / "own.csv"
    own.write_text("indicator,operator,value,confirmed,source\ncdi1,>,0.7,no,ours\n", encoding="utf-8")
    with pytest.raises(QuestionFault, match="a row for each"):
        dependency_thresholds(own)


def test_two_of_three_years() -> None:
    rows = []
    for year, out in (("2019", 1.0), ("2020", 99.0), ("2021", 1.0), ("2022", 99.0), ("2023", 99.0)):
        rows += [("p", year, "DE", "CN", 10.0), ("p", year, "US", "DE", out)]
    table = dependency(trade(rows), HOME)
    found = table[table["indicator"] == "cdi1"].set_index("period")
    assert found["dependent"].tolist() == ["yes", "no", "yes", "no", "no"]
    assert found["lasting"].tolist() == ["", "", "yes", "no", "no"]
    assert dependency(trade(rows), HOME, of=2, least=1)["lasting"].tolist()[3:6] == ["yes"] * 3


def test_links_bring_their_unnamed_rest(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(
        "buyer,supplier,country,product,value,inputs,period\n"
        "A,S,CN,p,60,100,2021\nA,T,DE,p,20,100,2021\nX,A,DE,p,50,90,2021\n",
        encoding="utf-8",
    )
    (tmp_path / "parties.csv").write_text("party,country\nA,DE\nX,US\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "s"\ntitle = { en = "S" }\nlanguages = ["en"]\n'
        '[supply]\nlinks = "links.csv"\nparties = "parties.csv"\n',
        encoding="utf-8",
    )
    table = dependency(load_links(tmp_path), HOME)
    two = cells(table, "cdi2")
    assert (two["value"], two["low"], two["high"]) == pytest.approx((0.75, 0.6, 0.8))
    assert (two["over"], two["over_bounds"]) == ("yes", "yes") and two["named"] == pytest.approx(0.8)
    assert cells(table, "cdi1")["low"] == pytest.approx((60 / 80) ** 2)
    three = cells(table, "cdi3")
    assert (three["low"], three["high"]) == pytest.approx((60 / 50, 80 / 50))
    assert (three["n_firms"], three["n_links"]) == (1, 2)
    with pytest.raises(QuestionFault, match="a home some buyer"):
        dependency(load_links(tmp_path), home_countries("Japan"))
    with pytest.raises(QuestionFault, match="one of: extra, all"):
        dependency(load_links(tmp_path), HOME, exports="none")


def test_members_by_day() -> None:
    assert len(home_countries("EU")) == 27 and "GB" not in home_countries("eu")
    assert "GB" in home_countries("EU", date(2020, 1, 31)) and "GB" not in home_countries(
        "EU", date(2020, 2, 1)
    )
    assert len(home_countries("EU", date(1990, 1, 1))) == 12
    assert home_countries("日本, Korea") == {"JP", "KR"}
    with pytest.raises(QuestionFault, match="neither a bloc nor a country"):
        home_countries("Atlantis")
