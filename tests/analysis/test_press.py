"""The whole road on the demonstration: contract, calibration, abstention, bad input, same bytes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.pressing import press
from analysis.pressure.record import DRIVER_COLUMNS, INTERVAL_COLUMNS, MODEL_COLUMNS, TABLE_COLUMNS, Pressure
from analysis.release.firms import pressure_tables
from survey import Fault, QuestionFault, Study, StudyFault, answers_to, data_folder, load_study, read_wave

FIELDWORK = date(2021, 12, 15)


@cache
def demo() -> Study:
    return load_study(data_folder() / "demo")


@cache
def pressed(as_of: date | None = None) -> Pressure:
    return press(demo(), as_of=as_of)


def having(section: str, **keys: Any) -> Study:
    """The demonstration with some settings of a section changed; None takes a setting out."""
    settings = {**demo().section(section), **keys}
    sections: Mapping[str, Any] = {
        **demo().sections,
        section: {k: v for k, v in settings.items() if v is not None},
    }
    return replace(demo(), sections=sections)


def test_table_is_the_contract() -> None:
    result = pressed()
    table = result.table
    assert tuple(table.columns) == TABLE_COLUMNS and tuple(result.intervals.columns) == INTERVAL_COLUMNS
    assert tuple(result.drivers.columns) == DRIVER_COLUMNS and tuple(result.model.columns) == MODEL_COLUMNS
    assert table["firm"].tolist() == [f"S{i:03d}" for i in range(1, 101)]
    for stat in ("us", "cn", "squeeze", "p_choose"):
        assert table[stat].notna().all()
        assert table[stat].between(table[f"{stat}_low"], table[f"{stat}_high"]).all()
        assert table[f"{stat}_low"].ge(0).all() and table[f"{stat}_high"].le(1).all()
    assert table["rank_low"].between(1, table["rank_high"]).all() and table["rank_high"].le(100).all()
    assert table["p_top10"].sum() == pytest.approx(10)
    assert table["flag"].str.contains("transported").all() and result.is_transported
    assert table["tier"].min() == 1


def test_it_never_prints_an_order_of_ranks() -> None:
    """Rows follow ids; and no firm has a rank of its own unless its order against all others is sure."""
    table = pressed().table
    assert table["firm"].is_monotonic_increasing
    assert "rank" not in table.columns


def test_at_fieldwork_the_mean_is_the_observed_rate() -> None:
    result = pressed(FIELDWORK)
    wave = read_wave(demo().waves[-1])
    answered = answers_to(wave, "had_to_choose").ticks.any(axis=1)
    p = result.table["p_choose"].to_numpy()[answered]
    assert answered.sum() == 96 and p.mean() == pytest.approx(12 / 96, abs=1e-12)
    assert not result.table["flag"].str.contains("transported").any()
    silent = result.table["flag"].str.contains("outcome not answered").to_numpy()
    np.testing.assert_array_equal(silent, ~answered)


def test_the_model_does_not_know_the_day_it_is_asked_about() -> None:
    """Coefficients are frozen at calibration: another day gives the same ones."""
    now, then = (r.model.set_index("stat")["estimate"] for r in (pressed(), pressed(FIELDWORK)))
    same = ["intercept", "slope squeeze", "events", "firms", "auc", "brier"]
    pd.testing.assert_series_equal(now[same], then[same], check_exact=True)
    assert now["events"] == 12 and now["firms"] == 96


def test_same_input_same_bytes() -> None:
    again = press(demo())
    for name in ("table", "intervals", "channels", "drivers", "model", "collisions", "contacts"):
        one, two = getattr(pressed(), name), getattr(again, name)
        assert one.to_csv().encode() == two.to_csv().encode(), name


def test_intervals_nest_and_agree_with_the_table() -> None:
    result = pressed()
    wide = result.intervals.pivot(index="firm", columns="stat")
    for stat in ("us", "cn", "squeeze", "p_choose"):
        values = {end: wide[(end, stat)].to_numpy() for end in ("low", "low50", "estimate", "high50", "high")}
        np.testing.assert_array_equal(values["estimate"], result.table[stat])
        np.testing.assert_array_equal(values["low"], result.table[f"{stat}_low"])
        for inner, outer in (
            ("low", "low50"),
            ("low50", "estimate"),
            ("estimate", "high50"),
            ("high50", "high"),
        ):
            assert (values[inner] <= values[outer]).all(), (stat, inner, outer)
    for stat in ("us", "cn", "squeeze"):
        assert (wide[("high", f"{stat}_outer")] >= wide[("high", stat)]).all()
    assert (wide[("low", "rank")] <= wide[("low50", "rank")]).all()


def test_drivers_add_up_to_logit_and_squeeze() -> None:
    result = pressed()
    sums = result.drivers.groupby(["stat", "firm"])["estimate"].sum()
    table = result.table.set_index("firm")
    eta = np.log(table["p_choose"] / (1 - table["p_choose"]))
    pd.testing.assert_series_equal(sums["logit"].reindex(table.index), eta, check_names=False, rtol=1e-9)
    squeeze = sums["squeeze"].reindex(table.index).fillna(0.0)
    pd.testing.assert_series_equal(squeeze, table["squeeze"], check_names=False, rtol=1e-9, atol=1e-12)


def test_order_of_firms_in_the_file_changes_nothing(tmp_path: Any) -> None:
    wave = read_wave(demo().waves[-1])
    turned = tmp_path / "turned.parquet"
    wave.frame.sample(frac=1.0, random_state=1).to_parquet(turned, index=False)
    source = replace(demo().waves[-1], file=turned)
    mixed = press(replace(demo(), waves=(source,)))
    pd.testing.assert_frame_equal(mixed.table, pressed().table, check_exact=True)


def test_suppliers_too() -> None:
    table = press(demo(), all_firms=True).table
    ours = table[table["firm"].isin(pressed().table["firm"])].reset_index(drop=True)
    same = [c for c in TABLE_COLUMNS if c not in ("rank_low", "rank_high", "p_top10", "tier")]
    pd.testing.assert_frame_equal(ours[same], pressed().table[same])
    others = table[~table["firm"].isin(ours["firm"])]
    assert len(others) > 1000 and others["flag"].str.contains("not in the survey").all()
    outside = others["flag"].str.contains("outside trained range")
    assert outside.any() and others.loc[outside, "p_choose"].isna().all()


def test_strict_reading_of_dormant_powers() -> None:
    strict, full = press(having("pressure", dormant=0)), press(having("pressure", dormant=1))
    for low, high in ((strict, pressed()), (pressed(), full)):
        assert (high.table["squeeze"] >= low.table["squeeze"] - 1e-12).all()
        pd.testing.assert_series_equal(low.table["us"], high.table["us"])
    assert full.table["squeeze"].sum() > strict.table["squeeze"].sum()


def test_without_an_outcome_squeeze_only() -> None:
    result = press(having("pressure", outcome=None, event=None))
    table = result.table
    empty = ["p_choose", "p_choose_low", "p_choose_high"]
    assert table[empty].isna().all().all() and table["squeeze"].notna().all()
    assert table["flag"].str.contains("no outcome in the survey").all()
    assert table["rank_low"].notna().all()
    method = result.intervals.set_index("stat").loc["rank", "method"]
    assert method.str.contains("squeeze").all()
    assert any("no probability of having to choose" in finding.found for finding in result.findings)


def test_fewer_than_five_events_abstains_in_words() -> None:
    wave = read_wave(demo().waves[-1])
    codes = {q.id: answers_to(wave, q.id) for q in wave.codebook.tabulated()}
    rare = [
        (name, option)
        for name, a in codes.items()
        for option, count in zip(a.options, a.ticks.sum(axis=0), strict=True)
        if 1 <= count < 5
    ]
    if not rare:
        pytest.skip("no answer of the demonstration was given by one to four firms")
    result = press(having("pressure", outcome=rare[0][0], event=[rare[0][1]]))
    assert result.table["p_choose"].isna().all()
    assert result.table["flag"].str.contains("fewer than 5 events").all()


@pytest.mark.parametrize(
    ("keys", "kind", "words"),
    [
        ({"outcom": "x"}, StudyFault, "did you mean outcome"),
        ({"outcome": "had_to_chose"}, QuestionFault, "had_to_choose"),
        ({"event": ["9"]}, QuestionFault, "does not have"),
        ({"event": []}, StudyFault, "codes of the outcome"),
        ({"dormant": 2}, StudyFault, "from 0 to 1"),
        ({"dormant": True}, StudyFault, "from 0 to 1"),
        ({"level": 90}, StudyFault, "below 1"),
        ({"draws": 10}, StudyFault, "200"),
        ({"seed": -1}, StudyFault, "0 or more"),
        ({"by": 0.5}, StudyFault, "list of words"),
    ],
)
def test_settings_that_do_not_fit(keys: dict[str, Any], kind: type[Fault], words: str) -> None:
    with pytest.raises(kind) as raised:
        press(having("pressure", **keys))
    fault = raised.value
    assert words in str(fault) and fault.where and fault.found and fault.expected and fault.do


def test_an_outcome_nobody_chose(tmp_path: Any) -> None:
    wave = read_wave(demo().waves[-1])
    frame = wave.frame.assign(had_to_choose=wave.frame["had_to_choose"].replace(1.0, 2.0))
    file = tmp_path / "nobody.parquet"
    frame.to_parquet(file, index=False)
    found = press(replace(demo(), waves=(replace(demo().waves[-1], file=file),)))
    told = [finding for finding in found.findings if "nobody of the 96 firms" in finding.found]
    assert len(told) == 1 and "squeeze is given alone" in told[0].meaning
    assert found.table["p_choose"].isna().all() and found.table["squeeze"].notna().any()
    assert set(found.table["flag"]) == {"fewer than 5 events"}


def test_no_links_is_said() -> None:
    sections = {k: v for k, v in demo().sections.items() if k != "supply"}
    with pytest.raises(StudyFault, match="no links"):
        press(replace(demo(), sections=sections))


@pytest.mark.filterwarnings("error")
def test_a_firm_without_links_is_missing_and_says_so() -> None:
    kept = [f"S{i:03d}" for i in range(1, 91)]
    result = press(having("supply", where={"supplier": kept}))
    table = result.table.set_index("firm")
    gone = table.loc[[f"S{i:03d}" for i in range(91, 101)]]
    assert gone["flag"].str.contains("no links").all()
    numbers = [c for c in TABLE_COLUMNS[1:-2] if c != "firm"]
    assert gone[numbers].isna().all().all() and (gone["drivers"] == "").all()
    ours = table.loc[kept]
    assert ours["p_choose"].notna().all() and ours["rank_high"].max() <= 90
    assert result.model.set_index("stat").loc["firms", "estimate"] < 96
    assert any("10 of the 100 firms" in finding.found for finding in result.findings)


def test_a_survey_none_of_whose_firms_is_in_the_links_is_pressed_in_words(tmp_path: Any) -> None:
    """Ids that do not meet: nothing is known of any firm, and it is said, not thrown."""
    file = tmp_path / "links.csv"
    file.write_text("buyer,supplier,country,share\nNobody,Elsewhere,US,0.5\n")
    result = press(having("supply", links=str(file), parties=None, items=None))
    assert len(result.table) == 100 and result.table["flag"].str.contains("no links").all()
    assert any("100 of the 100 firms" in finding.found for finding in result.findings)


def test_the_demonstration_says_how_little_they_agree() -> None:
    """Once more at the level of the study; only an internal Release holds single firms."""
    pressure = pressed()
    table = pressure.agreement.set_index(["says", "stat"])
    assert table.loc[("us", "agree"), "n"] == len(pressure.agreement_firms.query("says == 'us'")) == 97
    assert table.loc[("cn", "kappa"), "flag"] == "the ledger says yes of every firm"
    assert table.loc[("us", "auc"), "low"] < table.loc[("us", "auc"), "estimate"]
    assert (pressure.agreement["as_of"] == "2021-12-15").all()  # the rules of the day of fieldwork
    tables = pressure_tables(pressure)
    assert {"agreement", "agreement_firms"} <= set(tables)
    channels = tables["channels"]
    assert (channels["low"] <= channels["estimate"]).all() and (
        channels["estimate"] <= channels["high"]
    ).all()
    figures = pressure.table.set_index("firm")
    counts = channels[channels["counts"] & channels["stat"].str.startswith("squeeze")].set_index("firm")
    np.testing.assert_allclose(counts["estimate"], figures.loc[counts.index, "squeeze"])
