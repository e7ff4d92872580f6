"""Concentration of links by hand, of the demo in pieces, and months to qualify from a survey."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import concentration, load_links, months_to_qualify
from analysis.supply.narrow.concentrating import CONCENTRATION_COLUMNS, LEVELS
from survey import QuestionFault, StudyFault, data_folder, load_study

LINKS = """buyer,supplier,country,product,value,inputs
A,S1,CN,chips,40,100
A,S2,CN,chips,20,100
A,S3,JP,chips,20,100
A,S4,DE,tape,10,100
B,S1,CN,chips,30,50
B,S5,,tape,20,50
"""


def study_of(folder: Path, settings: str = "", links: str = LINKS) -> Path:
    """A study of two firms that said how many months they need."""
    (folder / "links.csv").write_text(links, encoding="utf-8")
    (folder / "firms.csv").write_text("firm,qualify,colour\nA,6,red\nB,18,blue\nC,2,red\n", encoding="utf-8")
    (folder / "study.toml").write_text(
        'schema = 1\nid = "two"\ntitle = { en = "Two" }\nlanguages = ["en"]\n'
        '[[waves]]\nname = "one"\nfile = "firms.csv"\n[design]\nid = "firm"\n'
        f'[supply]\nlinks = "links.csv"\n{settings}',
        encoding="utf-8",
    )
    return folder


def cell(table: pd.DataFrame, firm: str, product: str, by: str) -> pd.Series:
    found = table[(table["firm"] == firm) & (table["product"] == product) & (table["by"] == by)]
    assert len(found) == 1
    return found.iloc[0]


def test_by_hand(tmp_path: Path) -> None:
    table = concentration(load_links(study_of(tmp_path)))
    assert list(table.columns) == list(CONCENTRATION_COLUMNS)
    row = cell(table, "A", "chips", "supplier")
    assert row["hhi"] == pytest.approx((0.4**2 + 0.2**2 + 0.2**2) / 0.8**2)
    assert row["low"] == pytest.approx((0.16 + 0.04 + 0.04) / 0.9**2)
    assert row["high"] == pytest.approx((0.5**2 + 0.08) / 0.9**2)
    assert (row["largest"], row["others"], row["n_firms"], row["n_links"]) == ("S1", 2, 1, 3)
    assert row["substitutability"] == pytest.approx(0.5) and row["named"] == pytest.approx(0.9)
    assert row["substitutability_low"] == pytest.approx(1 - 0.5 / 0.9)
    assert row["substitutability_high"] == pytest.approx(1 - 0.4 / 0.9)
    country = cell(table, "A", "chips", "country")
    assert country["hhi"] == pytest.approx((0.6**2 + 0.2**2) / 0.8**2) and country["largest"] == "CN"
    assert np.isnan(country["substitutability"])
    nowhere = cell(table, "B", "tape", "country")  # a supplier without a country: all of it unnamed
    assert np.isnan(nowhere["hhi"]) and (nowhere["low"], nowhere["high"], nowhere["largest"]) == (0, 1, "")
    chips = cell(table, "", "chips", "supplier")
    assert chips["weighing"] == "value" and (chips["n_firms"], chips["n_links"]) == (2, 4)
    assert chips["hhi"] == pytest.approx((70**2 + 20**2 + 20**2) / 110**2)
    assert chips["named"] == pytest.approx((90 + 50) / 150)
    assert chips["high"] == pytest.approx((80**2 + 800) / 120**2)
    everything = cell(table, "", "", "supplier")
    assert everything["hhi"] == pytest.approx((70**2 + 20**2 * 3 + 10**2) / 140**2)
    assert len(table) == 2 * (4 + 2 + 2 + 1)


def test_buyers_count_the_same_where_some_link_has_no_value(tmp_path: Path) -> None:
    text = "buyer,supplier,country,product,value,share\nA,S1,CN,chips,40,0.4\nB,S2,JP,chips,,0.6\n"
    links = load_links(study_of(tmp_path, links=text))
    row = cell(concentration(links, levels=["product"], by=["country"]), "", "chips", "country")
    assert row["weighing"] == "equal buyers"
    assert row["hhi"] == pytest.approx(0.4**2 + 0.6**2)
    assert row["named"] == pytest.approx(0.5) and row["high"] == pytest.approx((1.6**2 + 0.4**2) / 4)


def test_months_of_the_survey(tmp_path: Path) -> None:
    study = load_study(study_of(tmp_path, '[supply.concentration]\nmonths = "qualify"\n'))
    months = months_to_qualify(study)
    assert months is not None and months.to_dict() == {"A": 6, "B": 18, "C": 2}
    table = concentration(load_links(study), months=months)
    assert cell(table, "A", "chips", "supplier")["months"] == 6
    chips = cell(table, "", "chips", "country")
    assert (chips["months"], chips["months_n"]) == (12, 2)
    assert months_to_qualify(load_study(data_folder() / "demo")) is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('month = "qualify"', "did you mean months"),
        ("months = 6", "the id of a question"),
        ('months = "colour"', "months"),
    ],
)
def test_settings_that_do_not_fit(tmp_path: Path, settings: str, said: str) -> None:
    study = load_study(study_of(tmp_path, f"[supply.concentration]\n{settings}\n"))
    with pytest.raises((StudyFault, QuestionFault), match=said):
        months_to_qualify(study)


def test_demo_holds_together() -> None:
    links = load_links(data_folder() / "demo")
    table = concentration(links)
    assert ((table["low"] <= table["hhi"] + 1e-12) & (table["hhi"] <= table["high"] + 1e-12)).all()
    firms = table[(table["product"] == "") & (table["firm"] != "") & (table["by"] == "supplier")]
    shares = links.frame.groupby(["buyer", "supplier"], observed=True)["share"].sum()
    parts = shares / shares.groupby("buyer").transform("sum")
    told = (parts**2).groupby("buyer").sum()
    assert firms.set_index("firm")["hhi"].to_numpy() == pytest.approx(told.reindex(firms["firm"]).to_numpy())
    assert len(LEVELS) == 4
    with pytest.raises(QuestionFault, match="did you mean product"):
        concentration(links, levels=["products"])
