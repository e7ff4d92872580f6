"""On the real road: every source moves limits and no point, shares add up, same input same bytes."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.asking import questions
from analysis.pressure.pressing import press
from analysis.pressure.record import DOUBT_COLUMNS, Pressure
from analysis.release.firms import pressure_tables
from survey import Study, StudyFault
from tests.analysis.test_press import demo, having, pressed

POINTS = ["us", "cn", "squeeze", "p_choose"]
OPEN = {"dormant": [0.0, 0.25, 0.5], "notify": [0.1, 0.25, 0.5], "licence": [0.3, 0.5, 0.8]}


@cache
def opened() -> Pressure:
    return press(having("pressure", open=OPEN, draws=400))


def hold(pressure: Pressure) -> None:
    """Intervals contain their point."""
    table = pressure.table
    for stat in POINTS:
        known = table[stat].notna()
        assert (table[f"{stat}_low"] <= table[stat])[known].all(), stat
        assert (table[stat] <= table[f"{stat}_high"])[known].all(), stat


def test_open_parameters_move_limits_and_no_point() -> None:
    hold(opened())
    pd.testing.assert_frame_equal(opened().table[POINTS], pressed().table[POINTS], check_exact=True)
    wider = opened().table["squeeze_high"] > pressed().table["squeeze_high"] + 1e-9
    assert wider.any()
    rules = opened().doubts.query("source == 'rules' and firm == '' and stat == 'squeeze'").iloc[0]
    assert 0 < rules["estimate"] < 1 and rules["low"] <= rules["estimate"] <= rules["high"]
    assert rules["ask"] == "dormant, notify, licence"


@pytest.mark.parametrize("made", [pressed, opened])
def test_shares_of_variance_add_up_to_one(made: Any) -> None:
    doubts = made().doubts
    assert tuple(doubts.columns) == DOUBT_COLUMNS and len(doubts)
    sums = doubts.groupby(["firm", "stat"])["estimate"].sum()
    np.testing.assert_allclose(sums, 1.0, atol=1e-9)
    assert doubts["estimate"].between(0, 1).all() and (doubts["sd"] > 0).all()
    assert (doubts["n"] >= 1).all() and (doubts["method"] != "").all()


def test_without_open_parameters_the_model_makes_most_of_the_demonstrations_doubt() -> None:
    first = questions(pressed().doubts)[0]
    assert first.source == "model" and first.n == 100 and first.share > 0.5


def test_same_input_same_bytes_with_every_source() -> None:
    again = press(having("pressure", open=OPEN, draws=400))
    for name in ("table", "intervals", "doubts"):
        assert getattr(opened(), name).to_csv().encode() == getattr(again, name).to_csv().encode(), name


def test_content_in_a_band_moves_limits_of_those_firms_alone() -> None:
    doubts = pressed().doubts
    firms = set(doubts.loc[(doubts["source"] == "bands") & (doubts["firm"] != ""), "firm"])
    assert firms == {"S029", "S032", "S052"}


def with_bands(tmp_path: Path, rows: str) -> Study:
    study = having("supply", bands="bands.csv")
    for name in ("links.csv", "parties.csv", "items.csv", "listings.csv", "bom.csv"):
        (tmp_path / name).write_bytes((demo().folder / name).read_bytes())
    (tmp_path / "bands.csv").write_text("firm,flow,substitutability_low,substitutability_high\n" + rows)
    sources = tuple(replace(wave, file=wave.file) for wave in study.waves)
    rules = {**study.section("rules"), "ownership": ""}
    sections = {**study.sections, "rules": {k: v for k, v in rules.items() if v}}
    return replace(study, folder=tmp_path, waves=sources, sections=sections)


def test_substitutability_in_a_band(tmp_path: Path) -> None:
    met = pressed().collisions
    flow = met[(met["at_stake"] > 0.02) & met["counted"]].iloc[0]
    study = with_bands(tmp_path, f"{flow['firm']},{flow['flow']},0.5,0.9\n")
    made = press(study)
    hold(made)
    row = made.table.set_index("firm").loc[flow["firm"]]
    before = pressed().table.set_index("firm").loc[flow["firm"]]
    assert row["squeeze"] < before["squeeze"] and row["squeeze_high"] > row["squeeze_low"]
    asked = questions(made.doubts, str(flow["firm"]), "squeeze")
    assert asked[0].source == "bands" and asked[0].ask == flow["flow"]


def test_firms_without_answers_are_read_from_links_alone_and_never_narrower() -> None:
    table = press(having("pressure", draws=300), all_firms=True).table
    ours = table["firm"].str.startswith("S")
    alone = table["flag"].str.contains("links alone")
    silent = table["flag"].str.contains("outcome not answered")
    assert (alone[ours] == silent[ours]).all() and alone[~ours].any() and not alone[ours].all()
    outside = table["flag"].str.contains("outside trained range") & ~ours
    assert table.loc[outside, "p_choose"].isna().all() and not alone[outside].any()
    wide = table.assign(width=table["p_choose_high"] - table["p_choose_low"], at=table["squeeze"].round(12))
    sure = wide[wide["squeeze_low"] == wide["squeeze_high"]]
    answered = sure[(ours & ~alone)[sure.index]].groupby("at")["width"].min()
    unseen = sure[alone[sure.index]].groupby("at")["width"].min()
    both = answered.index.intersection(unseen.index)
    assert len(both) and (unseen[both] > answered[both]).all()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"dormnt": [0, 0.25, 0.5]}, "dormnt"),
        ({"dormant": [0, 0.3, 0.5]}, "in the middle"),
        ({"dormant": [0.5, 0.25, 0.0]}, "lowest, likeliest and highest"),
        ({"licence": 0.5}, "lowest, likeliest and highest"),
        (0.25, "a table"),
    ],
)
def test_priors_at_fault_are_named(said: Any, word: str) -> None:
    with pytest.raises(StudyFault, match=word):
        press(having("pressure", open=said))


def test_doubts_are_among_the_tables_of_firms() -> None:
    """Which only an internal Release holds."""
    assert {"stat", "n", "estimate"} <= set(pressure_tables(pressed())["doubts"].columns)
