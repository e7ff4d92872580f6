"""A study's declared model run whole; weights of a design; the worlds' shortcut against the intervals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from analysis import press
from analysis.estimate.design_arrays import compile_design
from analysis.pressure.choice import ChoiceModel, train_choice
from analysis.pressure.designed import case_weights
from analysis.pressure.predicting import predict_choice
from survey import Design, Study, StudyFault, data_folder, design_frame, load_study, read_wave
from tests.benchmarks.worlds import Kind, held, make_block


def having(**keys: Any) -> Study:
    demo = load_study(data_folder() / "demo")
    return replace(demo, sections={**demo.sections, "pressure": {**demo.sections["pressure"], **keys}})


def test_declared_slopes_enter_in_order_and_drivers_stay_exact() -> None:
    found = press(having(slopes=["squeeze", "us", "cn"], candidates=5, draws=400))
    model = found.model.set_index("stat")
    assert model.loc["slopes", "estimate"] == 2 and model.loc["candidates", "estimate"] == 5
    assert "of 3 declared" in model.loc["slopes", "method"]
    notes = " ".join(found.model["method"][found.model["stat"].str.startswith("note")])
    assert "cn is left out" in notes and "model-based" in notes and "hold zero" in notes
    logit = found.drivers[found.drivers["stat"] == "logit"].groupby("firm")["estimate"].sum()
    p = found.table.set_index("firm")["p_choose"].dropna()
    np.testing.assert_allclose(expit(logit.reindex(p.index)), p, atol=1e-12)


def test_groups_without_events_are_refused_and_the_numbers_stay() -> None:
    found, usual = press(having(pool="sector", pool_sd=0.5, draws=400)), press(having(draws=400))
    assert (found.table["p_choose"].dropna() == usual.table["p_choose"].dropna()).all()
    assert any("groups are not pooled" in word for word in found.model["method"])
    left = found.model.set_index("stat").loc["auc left out"]
    assert 0.5 < left["estimate"] < 0.9 and left["n"] == 96


def test_an_index_where_nobody_was_asked() -> None:
    demo = load_study(data_folder() / "demo")
    said = {"composite": {"weights": {"us": 1, "cn": 1, "squeeze": 2}}, "draws": 400}
    found = press(replace(demo, sections={**demo.sections, "pressure": said}))
    assert len(found.composite) == 200 and found.table["p_choose"].isna().all()
    assert found.model["stat"].str.startswith("composite").sum() == 7
    assert press(having(draws=400)).composite.empty


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"slopes": ["squeze"]}, "squeeze"),
        ({"pool": "sector"}, "pool_sd"),
        ({"correction": "flick"}, "flic"),
        ({"candidates": 0}, "candidates"),
        ({"grades": ["2", "1"], "event": ["2"]}, "highest"),
        ({"composite": {"weights": {"us": -1}}}, "above 0"),
        ({"composite": {"weight": {"us": 1}}}, "weights"),
    ],
)
def test_what_cannot_be_declared_is_named(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(StudyFault) as raised:
        press(having(**keys))
    assert words in str(raised.value) and raised.value.where.count("pressure")


def test_weights_of_a_design_are_as_wide_as_the_design() -> None:
    """Equal weights and no clusters: an effect near 1. Firms answering in pairs alike: an effect near 2."""
    wave = read_wave(load_study(data_folder() / "demo").waves[-1])
    rng = np.random.default_rng(1)
    pair = np.repeat(np.arange(50), 2)
    x = rng.random(50)[pair]
    y = (rng.random(50) < 0.3)[pair].astype(float)
    twice = replace(wave, frame=wave.frame.assign(pair=pair, one=1.0, firm=np.arange(100)))
    for design, least, most in (
        (Design(weight="one"), 0.8, 1.15),
        (Design(weight="one", clusters=("pair",)), 1.6, 2.3),
    ):
        arrays = compile_design(design_frame(twice, design), replace(design, target="mechanism"))
        weights, effect = case_weights(x[:, None], y, arrays)
        assert least < effect < most
        np.testing.assert_allclose(weights.mean(), 1.0 / max(1.0, effect))


def test_the_shortcut_of_the_worlds_is_the_interval() -> None:
    kind, rng = Kind(60, "right", 1.4), np.random.default_rng(3)
    block = make_block(kind, rng, np.zeros((1, 1)))
    at = np.arange(0, 60, 7)
    found = held(block, at)
    looked = 0
    for told, chose, risk in zip(found, block.chose, block.risk, strict=True):
        model = train_choice(block.x[:, None], chose, np.random.default_rng(1), draws=200)
        if not isinstance(model, ChoiceModel):
            assert np.isnan(told).all()
            continue
        limits = predict_choice(model, block.x[at][:, None])
        assert (told == ((limits.low <= risk[at]) & (risk[at] <= limits.high))).all()
        looked += 1
    assert looked >= 5
