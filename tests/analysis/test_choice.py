"""The declared model: weights, signs, corrections, groups, grades, separation; and what it refuses."""

import numpy as np
from scipy.special import expit

from analysis.pressure.choice import Abstained, ChoiceModel, train_choice
from analysis.pressure.declared import Declared
from analysis.pressure.flic import fit_flac
from analysis.pressure.predicting import predict_choice


def world(seed: int = 1, firms: int = 300, slope: float = 6.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.maximum(0.0, rng.normal(0.05, 0.12, firms))
    return x, (rng.random(firms) < expit(-1.8 + slope * x)).astype(float)


def trained(x: np.ndarray, y: np.ndarray, **more: object) -> ChoiceModel:
    found = train_choice(x, y, np.random.default_rng(9), draws=400, **more)  # type: ignore[arg-type]
    assert isinstance(found, ChoiceModel)
    return found


def test_case_weights_are_repeated_rows() -> None:
    x, y = world()
    times = np.random.default_rng(2).integers(0, 3, len(x))
    one = trained(x[:, None], y, weights=times.astype(float))
    two = trained(np.repeat(x, times)[:, None], np.repeat(y, times))
    np.testing.assert_allclose(one.coefficients, two.coefficients, rtol=1e-8)
    at = np.array([[0.0], [0.3]])
    risks = [predict_choice(model, at) for model in (one, two)]
    np.testing.assert_allclose(risks[0].low, risks[1].low, rtol=1e-7)
    np.testing.assert_allclose(risks[0].high, risks[1].high, rtol=1e-7)


def test_slopes_that_may_not_be_negative() -> None:
    x, y = world(slope=-9.0)
    free = trained(x[:, None], y)
    held = trained(x[:, None], y, declared=Declared(is_nonnegative=True))
    assert free.coefficients[1] < 0 == held.coefficients[1]
    assert (held.draws[:, 1] >= 0).all() and held.draws[:, 1].max() > 0
    risk = predict_choice(held, np.linspace(0, 0.4, 9)[:, None])
    assert (np.diff(risk.p) >= 0).all() and (np.diff(risk.high) >= -1e-12).all()
    assert (risk.low <= risk.p).all() and (risk.p <= risk.high).all()
    # where the slope is positive anyway, nothing changes but the limits
    x, y = world(slope=6.0)
    same = trained(x[:, None], y, declared=Declared(is_nonnegative=True))
    np.testing.assert_allclose(same.coefficients, trained(x[:, None], y).coefficients, rtol=1e-12)


def test_flac_moves_slope_and_intercept() -> None:
    x, y = world()
    model = trained(x[:, None], y, declared=Declared(correction="flac"))
    np.testing.assert_allclose(model.coefficients, fit_flac(model.X, model.y).coefficients, rtol=1e-12)
    risk = predict_choice(model, x[:, None])
    assert (risk.low <= risk.p).all() and (risk.p <= risk.high).all()
    np.testing.assert_allclose(risk.p.mean(), y.mean(), atol=1e-9)


def test_information_changes_errors_only() -> None:
    x, y = world()
    plain, other = trained(x[:, None], y), trained(x[:, None], y, declared=Declared(information="augmented"))
    assert (other.fit.se < plain.fit.se).all()
    assert (other.draws == plain.draws).all()
    assert (predict_choice(other, x[:, None]).low == predict_choice(plain, x[:, None]).low).all()


def test_terms_that_cannot_enter_are_named() -> None:
    x, y = world()
    columns = np.c_[x, np.full(len(x), 0.2), 2 * x + 1, np.random.default_rng(3).random(len(x))]
    model = trained(columns, y, terms=("squeeze", "us", "cn", "other"))
    assert model.terms == ("squeeze", "other") and model.candidates == 4
    assert "us is the same for all firms" in model.notes[0].words
    assert "cn follows from squeeze" in model.notes[1].words


def test_candidates_looked_at_before_are_counted() -> None:
    x, y = world()
    assert trained(x[:, None], y, declared=Declared(candidates=7)).candidates == 7


def test_too_few_events_for_a_second_slope_say_so() -> None:
    x, _ = world(firms=96)
    y = (np.arange(96) % 12 == 0).astype(float)
    model = trained(np.c_[x, x**2], y, terms=("squeeze", "us"))
    assert model.terms == ("squeeze",) and "us is left out" in model.notes[0].words


def test_separation_is_told_in_words() -> None:
    x = np.linspace(0.0, 0.5, 40)
    complete = trained(x[:, None], (x > 0.4).astype(float))
    assert any("completely" in note.words for note in complete.notes)
    assert np.isfinite(complete.coefficients).all()
    partly = trained((x > 0.4)[:, None].astype(float), ((x > 0.4) & (np.arange(40) % 3 > 0)).astype(float))
    assert any("partly" in note.words for note in partly.notes)
    x, y = world()
    assert not trained(x[:, None], y).notes


def test_groups_are_pooled_where_events_allow_and_refused_in_words() -> None:
    rng = np.random.default_rng(4)
    x, _ = world(firms=600)
    group = rng.integers(0, 6, 600)
    risk = expit(-1.8 + 4.0 * x + np.array([-1.0, -0.5, 0.0, 0.0, 0.5, 1.5])[group])
    y = (rng.random(600) < risk).astype(float)
    labels = np.array([f"g{g}" for g in group], dtype=object)
    tight, wide = (
        trained(x[:, None], y, groups=labels, declared=Declared(prior_sd=sd)) for sd in (1e-3, 1.0)
    )
    alone = trained(x[:, None], y)
    assert wide.groups == tuple(f"g{g}" for g in range(6)) and wide.terms == ("squeeze",)
    # a prior that allows nothing gives the model without groups; a wide one orders them as they were made
    np.testing.assert_allclose(tight.coefficients[:2], alone.coefficients, atol=1e-3)
    assert np.corrcoef(wide.coefficients[2:], np.array([-1.0, -0.5, 0, 0, 0.5, 1.5]))[0, 1] > 0.9
    assert (np.abs(wide.coefficients[2:]) < 1.5).all()
    at = np.full((2, 1), 0.1)
    told = predict_choice(wide, at, groups=np.array(["g5", "unheard of"], dtype=object))
    assert told.low[0] <= told.p[0] <= told.high[0] and told.p[0] > told.p[1]
    few = trained(x[:60, None], y[:60], groups=labels[:60], declared=Declared(prior_sd=1.0))
    assert not few.groups and "5 are needed" in few.notes[0].words


def test_grades_give_the_chance_of_the_event() -> None:
    rng = np.random.default_rng(5)
    x, _ = world(firms=400)
    grade = np.clip(np.floor(6.0 * x + rng.logistic(size=400) + 0.3), 0, 3)
    y = (grade >= 2).astype(float)
    both = [trained(x[:, None], y, grades=grades) for grades in (grade, None)]
    assert both[0].coefficients.shape == (2,) and both[0].draws.shape == (400, 2)
    risks = [predict_choice(model, x[:, None]) for model in both]
    np.testing.assert_allclose(risks[0].p.mean(), y.mean(), atol=1e-12)
    assert (risks[0].low <= risks[0].p).all() and (risks[0].p <= risks[0].high).all()
    # grades know more than the event alone
    assert (risks[0].high - risks[0].low).mean() < (risks[1].high - risks[1].low).mean()
    # two grades are the event
    two = trained(x[:, None], y, grades=y)
    np.testing.assert_allclose(two.coefficients, both[1].coefficients, atol=1e-8)


def test_all_events_and_no_events_abstain() -> None:
    x, _ = world()
    for y, words in ((np.ones(300), "fewer than 5 non-events"), (np.zeros(300), "fewer than 5 events")):
        found = train_choice(x[:, None], y, np.random.default_rng(1))
        assert isinstance(found, Abstained) and found.why == words
