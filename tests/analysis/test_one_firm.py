"""One firm's what-if: nothing turned is what was published; a turn is what the whole road gives."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from analysis.pressure.frozen import FrozenModel, thaw
from analysis.pressure.one_firm import (
    FIRM_EFFECT_COLUMNS,
    FirmRows,
    Standing,
    flows_to_turn,
    stand_firm,
    turn_firm,
)
from analysis.pressure.openday import OpenDay, channels_in, day_of_rows
from analysis.pressure.pressing import press
from analysis.pressure.record import Pressure
from analysis.pressure.turning import Turn
from analysis.release.firms import pressure_tables
from survey import QuestionFault, Study, data_folder, load_study

FIRMS = ("S001", "S035", "S094", "S050")


@cache
def demo() -> Study:
    return load_study(data_folder() / "demo")


@cache
def pressed(dormant: float | None = None) -> Pressure:
    if dormant is None:
        return press(demo())
    rules = {**demo().section("rules"), "dormant": dormant}
    return press(replace(demo(), sections={**demo().sections, "rules": rules}))


@cache
def tables() -> dict[str, pd.DataFrame]:
    return pressure_tables(pressed())


@cache
def model() -> FrozenModel:
    return thaw(tables()["frozen"])


@cache
def rows(firm: str) -> FirmRows:
    return FirmRows(firm, *(of_firm(name, firm) for name in ("flows", "collisions", "pressure")))


def of_firm(name: str, firm: str) -> pd.DataFrame:
    table = tables()[name]
    return table[table["firm"] == firm]


@cache
def known(firm: str) -> OpenDay:
    parts = [of_firm(name, firm) for name in ("flows", "contacts", "collisions")]
    return day_of_rows(*parts, model().dormant, channels_in(tables()["flows"]))


@cache
def stands(firm: str) -> Standing:
    return stand_firm(model(), firm, known(firm))


def values(firm: str, turn: Turn) -> pd.DataFrame:
    return turn_firm(model(), rows(firm), turn, stands(firm)).set_index("stat")


@pytest.mark.parametrize("firm", FIRMS)
def test_nothing_turned_is_what_was_published(firm: str) -> None:
    found = values(firm, Turn())
    assert ("stat", *found.columns) == FIRM_EFFECT_COLUMNS
    published = rows(firm).pressure.set_index("stat").loc[found.index]
    for end, told in (("before", "estimate"), ("after", "estimate"), *((f"after_{e}", e) for e in ENDS)):
        np.testing.assert_array_equal(found[end].to_numpy(), published[told].to_numpy(dtype=float))
    assert (found[["estimate", "low", "high"]] == 0).all(axis=None)


ENDS = ("low50", "high50", "low", "high")


@pytest.mark.parametrize("dormant", [1.0])
def test_another_weight_of_dormant_powers_is_what_the_whole_road_gives(dormant: float) -> None:
    whole = pressed(dormant).table.set_index("firm")
    for firm in FIRMS:
        found = values(firm, Turn(dormant=dormant))
        for stat in ("us", "cn", "squeeze"):
            assert found.loc[stat, "after"] == pytest.approx(whole.loc[firm, stat], abs=1e-12)
            for end in ("low", "high"):
                assert found.loc[stat, f"after_{end}"] == pytest.approx(
                    whole.loc[firm, f"{stat}_{end}"], abs=1e-12
                )
        logit = model().coefficients @ [1.0, found.loc["squeeze", "after"]]
        assert found.loc["p_choose", "after"] == pytest.approx(float(expit(logit)), abs=1e-12)


def by_hand(firm: str, turn: Turn) -> float:
    """squeeze as the sum of method section 8, flow by flow."""
    sums: dict[str, float] = {}
    for flow in rows(firm).flows.to_dict(orient="records"):
        share, worst = flow["share"], 0.0
        is_mine = turn.flow in ("", flow["flow"])
        if turn.share is not None and turn.flow == flow["flow"]:
            share = turn.share
        pairs = rows(firm).collisions
        pairs = pairs[(pairs["flow"] == flow["flow"]) & (pairs["sides"] == "us-cn")]
        for pair in pairs.to_dict(orient="records"):
            left = pair["substitutability"]
            if turn.substitutability is not None and is_mine:
                left = turn.substitutability
            weight = pair["weight"]
            if turn.dormant is not None and pair["status"] == "dormant":
                weight = turn.dormant
            worst = max(worst, share * min(pair["us_severity"], pair["cn_severity"]) * weight * (1 - left))
        sums[flow["channel"]] = sums.get(flow["channel"], 0.0) + worst
    return min(max(sums.values()), 1.0)


part = st.floats(0, 1)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(FIRMS[:3]), st.integers(0, 3), part, part, part)
def test_a_turn_is_the_sum_by_hand(firm: str, place: int, left: float, within: float, dormant: float) -> None:
    flows = flows_to_turn(rows(firm))
    flow = flows.iloc[place % len(flows)]
    turn = Turn(str(flow["flow"]), left, within * float(flow["room"]), dormant)
    found = values(firm, turn)
    assert found.loc["squeeze", "after"] == pytest.approx(by_hand(firm, turn), abs=1e-9)
    assert (found["after_low"] <= found["after"] + 1e-12).all()
    assert (found["after"] <= found["after_high"] + 1e-12).all()
    assert (found["low"] <= found["estimate"] + 1e-12).all()
    assert (found["estimate"] <= found["high"] + 1e-12).all()
    assert found["after"].between(0, 1).all()


def test_more_substitutability_never_raises_and_all_of_it_leaves_no_squeeze() -> None:
    last = np.inf
    for left in (0.0, 0.25, 0.5, 1.0):
        now = values("S035", Turn(substitutability=left)).loc["squeeze", "after"]
        assert now <= last
        last = now
    assert last == 0.0


def test_words_where_there_is_nothing_to_turn() -> None:
    nobody = FirmRows(
        "X",
        *(getattr(rows("S001"), name).iloc[:0] for name in ("flows", "collisions", "pressure")),
    )
    assert turn_firm(model(), nobody, Turn(), stand_firm(model(), "X", known("S001").of(("X",)))).empty
    for turn in (Turn("L999"), Turn(share=0.5), Turn(dormant=1.5), Turn("", float("nan"))):
        with pytest.raises(QuestionFault):
            turn_firm(model(), rows("S001"), turn, stands("S001"))
    flow = flows_to_turn(rows("S001")).iloc[0]
    if flow["room"] < 1:
        with pytest.raises(QuestionFault, match="at most"):
            turn_firm(model(), rows("S001"), Turn(str(flow["flow"]), share=1.0), stands("S001"))


def test_without_a_model_there_is_no_choice_and_the_flag_says_why() -> None:
    held = tables()["frozen"]
    bare = thaw(held[held["stat"].str.startswith("setting")])
    found = turn_firm(bare, rows("S035"), Turn(dormant=1.0), stands("S035")).set_index("stat")
    assert np.isnan(found.loc["p_choose", "after"]) and found.loc["squeeze", "after"] > 0
