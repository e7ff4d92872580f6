"""Aggregates of stated distributions: closed forms, the identity of variances, coverage by simulation."""

import numpy as np
import pandas as pd
import pytest

from analysis import EXPECTATION_STATS, expectations_of, mean, without_each_rule
from survey import Design, PointQuestions, Question, firm_distributions
from tests.analysis.waves_by_hand import only, question, wave_of

X, P = tuple(f"x{k}" for k in range(5)), tuple(f"p{k}" for k in range(5))
SALES = PointQuestions("sales", X, P, stated="value")
SPREAD = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
CHANCE = np.array([10.0, 20.0, 40.0, 20.0, 10.0])


def wave_with(middles, scales, **more):
    """Firms with distributions of mean `middles` and sd `scales` x sqrt(1.2)."""
    middles, scales = np.asarray(middles, dtype=float), np.asarray(scales, dtype=float)
    columns = {x: middles + scales * SPREAD[k] for k, x in enumerate(X)}
    columns |= {p: np.full(len(middles), CHANCE[k]) for k, p in enumerate(P)}
    questions = [Question(name, "number", (name,)) for name in columns]
    for name, values in more.items():
        columns[name] = values
        codes = tuple(sorted({str(v) for v in values})) if name == "sector" else ()
        questions.append(question(name, "single" if codes else "number", codes))
    return wave_of(pd.DataFrame(columns), *questions)


def numbers(found, stat: str, **where):
    return only(found, stat=stat, by=where.get("by", ""), group=where.get("group", ""))


def test_aggregates_by_hand_and_the_identity_of_variances():
    rng = np.random.default_rng(3)
    m, k, w = rng.normal(0, 3, 40), rng.uniform(0.5, 2, 40), rng.uniform(1, 5, 40)
    wave = wave_with(m, k, w=w)
    found = expectations_of(wave, Design(weight="w"), SALES)
    s = k * np.sqrt(1.2)
    by_hand = {
        "expectation": np.average(m, weights=w),
        "uncertainty": np.average(s, weights=w),
        "skewness": 0.0,
        "within_variance": np.average(s**2, weights=w),
        "between_variance": np.average((m - np.average(m, weights=w)) ** 2, weights=w),
    }
    for stat, value in by_hand.items():
        assert numbers(found, stat).estimate == pytest.approx(value, abs=1e-12)
    assert numbers(found, "disagreement").estimate == pytest.approx(np.sqrt(by_hand["between_variance"]))
    every, weight = (m[:, None] + k[:, None] * SPREAD).ravel(), (w[:, None] * CHANCE / 100).ravel()
    pooled = np.average((every - np.average(every, weights=weight)) ** 2, weights=weight)
    assert numbers(found, "pooled_variance").estimate == pytest.approx(pooled)
    parts = [numbers(found, s).estimate for s in ("within_variance", "between_variance")]
    assert numbers(found, "pooled_variance").estimate == pytest.approx(sum(parts), rel=1e-12)


def test_means_have_the_interval_of_any_mean():
    rng = np.random.default_rng(4)
    m = rng.normal(0, 3, 60)
    wave = wave_with(m, np.ones(60), plain=m, sector=np.repeat(["a", "b", "c"], 20))
    design = Design(strata=("sector",), population=(60.0,))
    ours = expectations_of(wave, design, SALES, by="sector")
    theirs = mean(wave, design, "plain", by="sector")
    for one in theirs:
        other = numbers(ours, "expectation", by=one.by, group=one.group)
        assert (other.estimate, other.se, other.low, other.high, other.n, other.df) == pytest.approx(
            (one.estimate, one.se, one.low, one.high, one.n, one.df)
        )
    assert [e.stat for e in ours] == [*EXPECTATION_STATS] * 4


def test_firms_that_agree_or_are_sure_leave_nothing_to_doubt():
    agreed = expectations_of(wave_with(np.full(30, 2.0), np.ones(30)), Design(), SALES)
    nothing = numbers(agreed, "disagreement")
    assert (nothing.estimate, nothing.low, nothing.high) == pytest.approx((0, 0, 0), abs=1e-9)
    sure = expectations_of(wave_with(np.arange(30.0), np.zeros(30)), Design(), SALES)
    assert numbers(sure, "uncertainty").estimate == 0
    assert numbers(sure, "pooled_variance").estimate == pytest.approx(np.arange(30.0).var())


def test_a_census_has_no_width():
    found = expectations_of(
        wave_with(np.arange(20.0), np.ones(20)), Design(population=(20.0,), target="firms"), SALES
    )
    for stat in ("expectation", "disagreement", "pooled_variance"):
        one = numbers(found, stat)
        assert one.low == one.high == one.estimate and one.flag.startswith("census")


def test_variance_of_the_disagreement_agrees_with_the_jackknife():
    rng = np.random.default_rng(5)
    n = 80
    m, k, w = rng.normal(0, 2, n), rng.uniform(0.5, 2, n), rng.uniform(1, 3, n)
    jack = np.tile(w[:, None], n) * n / (n - 1)
    np.fill_diagonal(jack, 0.0)
    columns = {f"r{i}": jack[:, i] for i in range(n)}
    wave = wave_with(m, k, w=w, **columns)
    taylor = expectations_of(wave, Design(weight="w"), SALES)
    jk1 = expectations_of(wave, Design(weight="w", replicates=tuple(columns), method="jk1"), SALES)
    for stat in ("disagreement", "between_variance", "pooled_variance", "within_variance"):
        ours, theirs = numbers(taylor, stat), numbers(jk1, stat)
        assert ours.estimate == pytest.approx(theirs.estimate)
        assert ours.se == pytest.approx(theirs.se, rel=0.05)


def test_intervals_cover_the_truth_of_the_population():
    rng = np.random.default_rng(6)
    m, k = rng.normal(1, 2, 20_000), rng.gamma(4, 0.5, 20_000)
    truth = {"expectation": m.mean(), "disagreement": m.std(), "uncertainty": (k * np.sqrt(1.2)).mean()}
    truth["pooled_variance"] = m.var() + 1.2 * (k**2).mean()
    hits = dict.fromkeys(truth, 0)
    rounds = 150
    for _ in range(rounds):
        rows = rng.choice(20_000, 120, replace=False)
        found = expectations_of(wave_with(m[rows], k[rows]), Design(), SALES)
        for stat, value in truth.items():
            one = numbers(found, stat)
            hits[stat] += one.low <= value <= one.high
    for stat, hit in hits.items():
        assert 0.885 <= hit / rounds <= 0.99, (stat, hit / rounds)


def test_without_each_rule_says_what_the_rule_did():
    m = np.arange(40.0)
    wave = wave_with(m, np.ones(40))
    wave.frame.loc[0, "p2"] = 80.0  # total 140: dropped
    wave.frame.loc[1, "x4"] = -50.0  # falls: dropped
    table = without_each_rule(wave, Design(), SALES)
    assert sorted(table["rule"].unique()) == ["not_rising", "total_outside"]
    assert len(table) == 2 * len(EXPECTATION_STATS)
    one = table[(table["rule"] == "total_outside") & (table["stat"] == "expectation")].iloc[0]
    assert (one["firms"], one["n"], one["n_without"]) == (1, 38, 39)
    assert one["estimate"] == pytest.approx(m[2:].mean())
    assert one["without"] == pytest.approx(np.delete(m, 1).mean())
    assert one["difference"] == pytest.approx(one["without"] - one["estimate"])
    assert without_each_rule(wave_with(m, np.ones(40)), Design(), SALES).empty


def test_firms_whose_mean_alone_is_kept_count_for_the_mean_alone():
    wave = wave_with(np.arange(30.0), np.ones(30))
    wave.frame.loc[0, ["p0", "p1", "p2", "p3", "p4"]] = [0.0, 50.0, 50.0, 0.0, 0.0]
    found = expectations_of(wave, Design(), SALES)
    assert [numbers(found, s).n for s in EXPECTATION_STATS] == [30, 29, 29, 29, 29, 29, 29]
    assert np.isnan(firm_distributions(wave, SALES).sd[0])
