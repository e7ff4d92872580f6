"""Models: what is refused and by which name, what closed forms say, and what must not depend on what."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.estimate.describe import mean, share
from analysis.estimate.domains import settle
from analysis.estimate.models.doubt import influence_covariance, refit_covariance
from analysis.estimate.models.fitting import fit
from analysis.estimate.models.generalised import Generalised
from analysis.estimate.models.newton import maximise, refit
from analysis.estimate.models.nominal import Nominal
from analysis.estimate.models.ordered import Ordered
from analysis.estimate.models.patterns import patterns_of
from analysis.estimate.models.plain_units import margins
from analysis.estimate.replicates import replicate_variance
from analysis.estimate.taylor import taylor_variance
from survey import DesignFault, QuestionFault, Wave
from survey.design import Design
from tests.analysis.waves_by_hand import only, question, wave_of

PLAIN = Design(weight="w")


def firms(n: int = 240, seed: int = 7, **more: object) -> Wave:
    """Firms of three sectors and a size, whose answers depend on both."""
    rng = np.random.default_rng(seed)
    sector = rng.integers(1, 4, n)
    size = np.round(rng.normal(50, 15, n))
    pull = 0.8 * (sector == 2) + 0.03 * (size - 50)
    frame = pd.DataFrame(
        {
            "sector": sector,
            "size": size,
            "chose": np.where(rng.random(n) < 1 / (1 + np.exp(-pull)), 1, 2),
            "worry": np.digitize(pull + rng.logistic(size=n), [-1.0, 0.5, 2.0]) + 1,
            "sales": np.round(100 + 5 * (sector == 3) + size + rng.normal(0, 10, n)),
            "us_cost": rng.integers(0, 2, n),
            "us_staff": rng.integers(0, 2, n),
            "home": np.where(rng.random(n) < 0.4, 1, 0),
            "w": rng.uniform(1, 3, n),
            "area": rng.integers(1, 9, n),
        }
    ).assign(**more)
    return wave_of(
        frame,
        question("sector", "single", ("1", "2", "3", "4")),
        question("size", "number"),
        question("chose", "single", ("1", "2")),
        question("worry", "single", ("1", "2", "3", "4")),
        question("sales", "number"),
        question("us", "multiple", ("cost", "staff")),
        question("home", "binary", ("0", "1")),
        question("twin", "number"),
        question("name", "text"),
    )


def test_logit_of_one_level_is_the_difference_of_shares_and_its_margin_their_difference():
    """A saturated model says what a table says."""
    wave = firms()
    model = fit(wave, PLAIN, "chose", "sector", family="logit", event="1")
    shares = {
        e.group: e.estimate for e in share(wave, PLAIN, "chose", by="sector") if e.option == "1" and e.by
    }
    odds = {k: np.log(p / (1 - p)) for k, p in shares.items() if k != "4"}
    assert only(model.coefficients, by="").estimate == pytest.approx(odds["1"], rel=1e-9)
    assert only(model.coefficients, by="sector", group="1").flag == "reference"
    two = only(model.coefficients, by="sector", group="2")
    assert (two.estimate, two.option, two.stat) == (pytest.approx(odds["2"] - odds["1"]), "1", "regression")
    said = margins(model)
    assert only(said, stat="predicted", group="2").estimate == pytest.approx(shares["2"], rel=1e-9)
    assert only(said, stat="margin", group="3").estimate == pytest.approx(shares["3"] - shares["1"], rel=1e-9)
    assert {e.flag for e in model.coefficients if e.group == "4"} == {"empty"}


def test_gaussian_without_weights_is_least_squares_with_the_sandwich():
    wave = firms()
    found = fit(wave, Design(), "sales", ("size", "sector"))
    frame = wave.frame
    x = np.column_stack([np.ones(240), frame["size"], frame["sector"] == 2, frame["sector"] == 3]).astype(
        float
    )
    b, *_ = np.linalg.lstsq(x, frame["sales"], rcond=None)
    score = x * (frame["sales"].to_numpy() - x @ b)[:, None]
    bread = np.linalg.inv(x.T @ x)
    assert [e.estimate for e in found.coefficients if not e.flag] == pytest.approx(b, rel=1e-9)
    assert found.covariance == pytest.approx(bread @ score.T @ score @ bread * 240 / 239, rel=1e-8)
    two = only(found.coefficients, by="size")
    assert two.df == 236
    assert two.high == pytest.approx(two.estimate + stats.t.ppf(0.975, 236) * two.se)
    assert two.p == pytest.approx(2 * stats.t.sf(abs(two.estimate / two.se), 236))


@pytest.mark.parametrize("family", ["gaussian", "logit", "poisson"])
def test_a_test_of_one_coefficient_is_the_square_of_its_t(family):
    of = {"gaussian": "sales", "logit": "home", "poisson": "sales"}[family]
    found = fit(firms(), PLAIN, of, ("size", "us"), family=family)
    size, test = only(found.coefficients, by="size"), only(found.tests, by="size")
    assert test.estimate == pytest.approx((size.estimate / size.se) ** 2)
    assert test.p == pytest.approx(size.p)
    assert only(found.tests, by="us").method == "F on 2"


def test_scales_of_columns_and_equal_rows_change_nothing():
    wave = firms()
    far = replace(wave, frame=wave.frame.assign(size=wave.frame["size"] * 1e6 + 1e9))
    one = only(
        fit(wave, PLAIN, "chose", ("size", "sector"), family="logit", event="1").coefficients, by="size"
    )
    two = only(
        fit(far, PLAIN, "chose", ("size", "sector"), family="logit", event="1").coefficients, by="size"
    )
    assert two.estimate * 1e6 == pytest.approx(one.estimate, rel=1e-7)
    assert two.se * 1e6 == pytest.approx(one.se, rel=1e-7)
    x, y = np.array([[1, 2], [1, 2], [1, 3.0], [1, 2]]), np.array([0, 0, 1, 1.0])
    some = patterns_of(np.tile(x, (3, 1)), np.tile(y, 3), np.arange(12.0))
    assert len(some.first) == 3
    assert some.weight.sum() == 66
    assert some.x[some.place] == pytest.approx(np.tile(x, (3, 1)))
    assert some.sums(np.arange(12.0)[:, None])[:, 0] == pytest.approx(some.weight)


def test_two_ordered_answers_are_a_logit_and_so_are_two_nominal_ones():
    wave = firms()
    plain = fit(wave, PLAIN, "chose", ("size", "sector"), family="logit", event="2")
    nominal = fit(wave, PLAIN, "chose", ("size", "sector"), family="multinomial")
    ordered = fit(wave, PLAIN, "chose", ("size", "sector"), family="proportional_odds")
    for by, group in (("size", ""), ("sector", "2"), ("sector", "3")):
        wanted = only(plain.coefficients, by=by, group=group)
        for other in (nominal, ordered):
            same = only(other.coefficients, by=by, group=group)
            assert (same.estimate, same.se) == pytest.approx((wanted.estimate, wanted.se), rel=1e-7)
    assert only(ordered.coefficients, option="1|2").estimate == pytest.approx(
        -only(plain.coefficients, by="").estimate
    )
    assert {e.option for e in nominal.coefficients} == {"2"}


@pytest.mark.parametrize("make", [Ordered, Nominal])
def test_derivatives_are_those_of_the_likelihood(make):
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(60), rng.normal(size=(60, 2))])
    y, w = rng.integers(0, 4, 60), rng.uniform(0.5, 2, 60)
    model = make(x, y, 4)
    t = np.array([0.3, -0.2, -1.0, 0.1, 1.2]) if make is Ordered else rng.normal(size=9) / 3
    terms, h = model.evaluate(t, w), 1e-5
    for i in range(len(t)):
        step = np.eye(len(t))[i] * h
        up, down = model.evaluate(t + step, w), model.evaluate(t - step, w)
        assert (up.value - down.value) / (2 * h) == pytest.approx(terms.gradient[i], rel=1e-6, abs=1e-7)
        assert -(up.gradient - down.gradient) / (2 * h) == pytest.approx(
            terms.information[i], rel=1e-5, abs=1e-6
        )
    assert w @ model.scores(t) == pytest.approx(terms.gradient)
    assert model.foretold(t, x).sum(axis=1) == pytest.approx(np.ones(60))
    for i in range(len(t)):
        step = np.eye(len(t))[i] * h
        moved = (w @ (model.foretold(t + step, x) - model.foretold(t - step, x))) / (2 * h)
        assert moved == pytest.approx(model.foretold_gradient(t, x, w)[:, i], rel=1e-5, abs=1e-7)
    near = np.array([0.0, h, 0.0])
    along = (model.foretold(t, x + near) - model.foretold(t, x - near)) / (2 * h)
    assert along == pytest.approx(model.slopes(t, x, 1), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("family", ["gaussian", "logit", "poisson"])
def test_replicates_together_are_what_each_alone_is(family):
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(80), rng.normal(size=(80, 2))])
    y = {"gaussian": rng.normal(size=80), "logit": rng.integers(0, 2, 80), "poisson": rng.poisson(3, 80)}[
        family
    ]
    model = Generalised(family, x, y.astype(float))
    weights = rng.poisson(1, (80, 15)) * 1.0
    start = maximise(model, np.ones(80))[0]
    together = refit(model, weights, start)
    for weight, found in zip(weights.T, together, strict=True):
        assert found == pytest.approx(maximise(model, weight)[0], rel=1e-9, abs=1e-12)


def replicated(**more: object) -> tuple[Wave, Design]:
    """A bootstrap of 30 sets of weights."""
    rng = np.random.default_rng(5)
    wave = firms()
    draws = rng.multinomial(240, np.full(240, 1 / 240), size=30).T * wave.frame["w"].to_numpy()[:, None]
    frame = wave.frame.assign(**{f"b{r}": draws[:, r] for r in range(30)}, **more)
    return replace(wave, frame=frame), Design(weight="w", replicates=("b*",), method="bootstrap")


def test_one_step_refits_are_named_with_their_error():
    wave, design = replicated()
    exact = fit(wave, design, "chose", ("size", "sector"), family="logit", event="1")
    near = fit(wave, design, "chose", ("size", "sector"), family="logit", event="1", refits="one-step")
    a, b = only(exact.coefficients, by="size"), only(near.coefficients, by="size")
    assert a.flag == ""
    assert b.flag.startswith("one step, errors off by up to")
    assert b.estimate == a.estimate
    assert a.se != b.se
    said = float(b.flag.split()[-1].rstrip("%")) / 100
    assert 0 < abs(b.se / a.se - 1) < 2 * said + 0.001


def test_replicates_without_a_finite_fit_are_counted_out():
    wave, design = replicated()
    firms_of_3 = np.flatnonzero(wave.frame["sector"] == 3)
    alone = wave.frame["b0"].to_numpy().copy()
    alone[firms_of_3[wave.frame["chose"].to_numpy()[firms_of_3] == 2]] = 0.0
    wave = replace(wave, frame=wave.frame.assign(b0=alone))
    found = fit(wave, design, "chose", "sector", family="logit", event="1")
    assert {e.flag for e in found.coefficients if e.by == ""} == {"1 replicates without a fit"}
    assert np.isfinite(found.covariance).all()


def test_a_level_that_foretells_the_answer_is_named():
    wave = firms()
    sure = wave.frame["chose"].where(wave.frame["sector"] != 3, 1)
    with pytest.raises(QuestionFault, match="perfect separation") as caught:
        fit(firms(chose=sure), PLAIN, "chose", ("size", "sector"), family="logit", event="1")
    assert caught.value.where == "predictor 'sector', level 3"
    assert "all its firms gave one answer (yes)" in caught.value.found
    first = wave.frame["chose"].where(wave.frame["sector"] != 1, 2)
    with pytest.raises(QuestionFault, match="predictor 'sector', level 1"):
        fit(firms(chose=first), PLAIN, "chose", "sector", family="logit", event="1")


def test_a_number_that_foretells_the_answer_is_named():
    sure = np.where(firms().frame["size"] > 50, 1, 2)
    with pytest.raises(QuestionFault, match="perfect separation") as caught:
        fit(firms(chose=sure), PLAIN, "chose", ("size", "home"), family="logit", event="1")
    assert caught.value.where == "predictors of 'chose': size"


def test_separation_is_found_on_scales_and_among_several_answers_and_counts():
    wave = firms()
    third = wave.frame["sector"] == 3
    never = wave.frame["worry"].mask(third & (wave.frame["worry"] == 2), 1)
    with pytest.raises(QuestionFault, match=r"none of its firms gave 2(.|\n)*separation"):
        fit(firms(worry=never), PLAIN, "worry", "sector", family="multinomial")
    with pytest.raises(QuestionFault, match="all its firms gave one answer"):
        fit(firms(worry=wave.frame["worry"].mask(third, 4)), PLAIN, "worry", ("sector", "size"),
            family="proportional_odds")  # fmt: skip
    with pytest.raises(QuestionFault, match="all its firms gave one answer"):
        fit(
            firms(sales=wave.frame["sales"].mask(third, 0)),
            PLAIN,
            "sales",
            ("sector", "size"),
            family="poisson",
        )
    # a middle answer is no end of a scale: finite
    middle = firms(worry=wave.frame["worry"].mask(third, 2))
    assert np.isfinite(
        fit(middle, PLAIN, "worry", ("sector", "size"), family="proportional_odds").covariance
    ).all()


def test_a_column_that_repeats_others_is_named():
    wave = firms()
    with pytest.raises(QuestionFault, match="predictor 'twin', column twin") as caught:
        fit(firms(twin=2 * wave.frame["size"] + 3), PLAIN, "sales", ("size", "home", "twin"))
    assert "the constant, size did not say" in caught.value.found
    with pytest.raises(QuestionFault, match="predictor 'twin'"):
        fit(firms(twin=5), PLAIN, "sales", ("size", "twin"))
    with pytest.raises(QuestionFault, match="3 firms for 3 columns"):
        fit(firms(3, size=[1, 2, 3], sector=1, home=[0, 1, 0]), PLAIN, "sales", ("size", "home"))


@pytest.mark.parametrize(
    ("of", "on", "more", "said"),
    [
        ("chose", "size", {"family": "logit"}, "no event"),
        ("chose", "size", {"family": "logit", "event": "7"}, "no answer to it"),
        ("chose", "size", {"family": "gaussian"}, "codes are names"),
        ("chose", "size", {"family": "probit"}, "'probit'"),
        ("worry", "size", {"family": "multinomial", "event": "1"}, "event of a multinomial model"),
        ("sales", "size", {"family": "multinomial"}, "kind 'number'"),
        ("sales", "sales", {}, "itself"),
        ("sales", (), {}, "no predictor"),
        ("sales", ("size", "size"), {}, "named twice"),
        ("sales", "sise", {}, "size"),
        ("sales", "name", {}, "a text"),
        ("sales", "sector", {"reference": {"sector": "4"}}, "no firm in the model gave"),
        ("sales", "sector", {"reference": {"size": "4"}}, "no predictor with one choice"),
        ("sales", "size", {"where": "size > 900"}, "no firm answered all"),
        ("sales", "size", {"where": "sales == 1"}, "no firm answered all"),
        ("home", "size", {"family": "logit", "where": "home == 1"}, "gave one answer"),
        ("sales", "size", {"target": "panel"}, "target"),
        ("sales", "size", {"refits": "two"}, "refits"),
    ],
)
def test_what_does_not_fit_is_refused(of, on, more, said):
    wave = firms(name="a", twin=1)
    with pytest.raises(QuestionFault) as caught:
        fit(wave, PLAIN, of, on, **more)
    assert said in str(caught.value)


def test_negative_counts_are_refused():
    with pytest.raises(QuestionFault, match="1 negative numbers"):
        fit(firms(sales=[-1] + [3] * 239), PLAIN, "sales", "size", family="poisson")


def test_silent_firms_are_left_out_and_told():
    wave = firms()
    size = wave.frame["size"].where(wave.frame.index >= 40)
    found = fit(firms(size=size), PLAIN, "sales", "size")
    assert found.template.n == 200
    assert {e.flag for e in found.coefficients} == {"silent omitted"}


def test_the_reference_can_be_chosen_and_changes_no_difference():
    wave = firms()
    one = only(fit(wave, PLAIN, "sales", "sector").coefficients, by="sector", group="3")
    other = fit(wave, PLAIN, "sales", "sector", reference={"sector": "3"})
    assert only(other.coefficients, group="3").flag == "reference"
    assert only(other.coefficients, group="1").estimate == pytest.approx(-one.estimate)
    assert only(other.coefficients, group="1").se == pytest.approx(one.se)


def test_models_are_about_the_mechanism_unless_said_otherwise():
    """All 240 of 240 firms: no doubt about these, but about firms like these."""
    wave, census = firms(), Design(population=(240.0,), selection="list")
    like = only(fit(wave, census, "sales", "size").coefficients, by="size")
    these = only(fit(wave, census, "sales", "size", target="firms").coefficients, by="size")
    assert like.se > 0 and like.estimate == these.estimate
    assert (these.se, these.low, these.high, these.method) == (0, these.estimate, these.estimate, "census")
    assert these.flag == "census"
    silent = wave.frame["sales"].where(wave.frame.index >= 24)
    part = only(fit(firms(sales=silent), census, "sales", "size", target="firms").coefficients, by="size")
    assert part.flag == "if silence were random"
    wide = only(fit(firms(sales=silent), census, "sales", "size").coefficients, by="size")
    assert part.se == pytest.approx(wide.se * (24 / 240) ** 0.5, rel=1e-3)


def test_few_clusters_leave_no_df_and_say_so():
    wave = firms(area=np.repeat([1, 2], 120))
    found = fit(wave, Design(weight="w", clusters=("area",)), "sales", ("size", "sector"))
    size = only(found.coefficients, by="size")
    assert size.df < 1 and size.flag == "no df" and np.isnan(size.low) and np.isnan(size.p)
    with pytest.raises(DesignFault):
        fit(firms(area=1), Design(weight="w", clusters=("area",)), "sales", "size")


def test_predicted_means_of_a_model_of_levels_are_the_means_of_groups():
    wave = firms()
    said = margins(fit(wave, PLAIN, "sales", "sector"))
    for e in mean(wave, PLAIN, "sales", by="sector"):
        if e.by and e.n:
            there = only(said, stat="predicted", group=e.group)
            assert (there.estimate, there.se) == pytest.approx((e.estimate, e.se), rel=1e-9)


def test_margins_of_all_categories_add_to_nothing():
    wave = firms()
    for family in ("multinomial", "proportional_odds"):
        said = margins(fit(wave, PLAIN, "worry", ("sector", "size", "us"), family=family))
        for by, group in (("size", ""), ("sector", "2"), ("us", "cost")):
            apart = [e.estimate for e in said if (e.by, e.group, e.stat) == (by, group, "margin")]
            assert len(apart) == 4 and sum(apart) == pytest.approx(0, abs=1e-12)
        sure = [e for e in said if e.stat == "predicted" and e.group == "2"]
        assert sum(e.estimate for e in sure) == pytest.approx(1)
        assert all(0 < e.low < e.estimate < e.high < 1 for e in sure)


@pytest.mark.parametrize("singletons", ["centre", "certainty"])
def test_covariances_have_the_variances_of_all_other_estimates_on_their_diagonal(singletons):
    wave = firms(area=np.arange(240) // 6, region=np.minimum(np.arange(240) // 18, 12), many=60.0, each=9.0)
    design = Design(
        strata=("region",), clusters=("area",), population=("many", "each"), singletons=singletons
    )  # fmt: skip
    alone = replace(
        wave, frame=wave.frame.assign(region=wave.frame["region"].where(wave.frame["area"] > 0, 99))
    )
    arrays = settle(alone, design).arrays
    scores = np.random.default_rng(2).normal(size=(240, 3))
    assert arrays.stages[0].alone.any()
    assert np.diag(influence_covariance(scores, arrays)) == pytest.approx(
        taylor_variance(scores, arrays), rel=1e-12
    )
    both = scores[:, [0]] + scores[:, [1]]
    covariance = influence_covariance(scores, arrays)[0, 1]
    parts = taylor_variance(np.column_stack([both, scores]), arrays)
    assert covariance == pytest.approx((parts[0] - parts[1] - parts[2]) / 2, rel=1e-9)


@pytest.mark.parametrize("centre", ["full", "mean"])
def test_covariances_of_refits_have_the_variances_of_replicates_on_their_diagonal(centre):
    wave, design = replicated()
    arrays = settle(wave, replace(design, centre=centre)).arrays
    thetas, full = np.random.default_rng(3).normal(size=(30, 2)), np.array([0.3, 0.1])
    found = refit_covariance(thetas, full, arrays.replicates)
    assert np.diag(found) == pytest.approx(replicate_variance(thetas, full, arrays.replicates), rel=1e-12)


def test_a_predictor_that_all_answered_alike_is_named():
    with pytest.raises(QuestionFault, match=r"all 240 firms of the model gave one answer \(2\)") as caught:
        fit(firms(sector=2), PLAIN, "sales", ("size", "sector"))
    assert caught.value.where == "predictor 'sector'"
    with pytest.raises(QuestionFault, match="none of its choices"):
        fit(firms(us_cost=0, us_staff=0), PLAIN, "sales", "us")


@pytest.mark.filterwarnings("error")
def test_counts_and_numbers_far_out_neither_overflow_nor_go_unflagged():
    rng = np.random.default_rng(8)
    wave, design = replicated(sales=rng.poisson(1e5, 240) * 1.0, size=rng.normal(0, 1e12, 240))
    for of, family in (("sales", "poisson"), ("home", "logit")):
        found = fit(wave, design, of, ("size", "sector"), family=family)
        rows = found.coefficients + margins(found)
        assert all(np.isfinite(e.low) or e.flag for e in rows)


def test_few_answers_of_a_kind_are_told():
    wave = firms()
    rare = np.where(wave.frame.index < 9, 1, 2)
    found = fit(firms(chose=rare), PLAIN, "chose", ("size", "home"), family="logit", event="1")
    assert {e.flag for e in found.coefficients} == {"few events"}
    scale = firms(worry=np.where(wave.frame.index < 2, 4, wave.frame["worry"].clip(upper=3)))
    assert fit(scale, PLAIN, "worry", "size", family="proportional_odds").template.flag == ""
    assert fit(scale, PLAIN, "worry", "size", family="multinomial").template.flag == "few events"
    more = np.where(wave.frame.index < 10, 1, 2)
    assert (
        fit(firms(chose=more), PLAIN, "chose", ("size", "home"), family="logit", event="1").template.flag
        == ""
    )
