"""Which base and which interval a share gets, on the headline cases of the 2021 wave and around them."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import as_frame, mean, share, total
from analysis.estimate.record import COLUMNS
from survey import Design, QuestionFault, Wave
from tests.analysis.waves_by_hand import only, question, wave_of, yes_no

LIST = Design(population=(100,), selection="list")


def leaky_wave() -> Wave:
    """Gate: 59 yes, 38 no, 3 blank. Follow-up: 74 answers, 15 of them of firms that said no."""
    gate = yes_no(59, 97, 100)
    cost = np.full(100, np.nan)
    cost[:74] = 0
    cost[:44] = 1
    more = np.where(np.isnan(cost), np.nan, 1 - cost)
    return wave_of(
        {
            "gate": gate,
            "kind_cost": cost,
            "kind_more": more,
            "all": yes_no(75, 100, 100),
            "choose": yes_no(12, 96, 100),
        },
        question("gate", "binary", ("0", "1")),
        question("kind", "multiple", ("cost", "more"), asked_if="gate == 1", nets={"any": ("cost", "more")}),
        question("all", "binary", ("0", "1")),
        question("choose", "binary", ("0", "1")),
    )  # fmt: skip


def test_twelve_of_ninety_six_of_a_hundred():
    e = only(share(leaky_wave(), LIST, "choose"), option="1")
    assert (e.n, e.base, e.estimate, e.low, e.high) == (96, 96.0, 0.125, 0.12, 0.14)
    assert e.method == "hypergeometric"
    assert e.flag == "if silence were random"
    assert e.se == pytest.approx(math.sqrt(0.04 * 0.125 * 0.875 / 95), rel=1e-12)
    assert e.n_eff == pytest.approx(2375)


def test_a_leaky_follow_up_under_three_rules():
    wave = leaky_wave()
    e = only(share(wave, LIST, "kind"), option="cost")
    assert (e.n, e.low, e.high, e.method, e.flag) == (74, 0.44, 0.70, "bounds", "leak")
    assert e.estimate == 44 / 74
    assert e.se == pytest.approx(math.sqrt(0.26 * 44 / 74 * 30 / 74 / 73), rel=1e-12)
    for rule, n in (("routed", 97), ("returned", 100)):
        e = only(share(wave, LIST, "kind", base_rule=rule), option="cost")
        assert (e.n, e.estimate, e.low, e.high, e.se) == (n, 44 / n, 44 / n, 44 / n, 0.0)
        assert (e.method, e.flag, e.base_rule) == ("census", "census;leak", rule)


def test_a_census_has_no_width():
    e = only(share(leaky_wave(), LIST, "all"), option="1")
    assert (e.n, e.estimate, e.low, e.high, e.se, e.method, e.flag) == (
        100, 0.75, 0.75, 0.75, 0.0, "census", "census",
    )  # fmt: skip


def test_nets_are_further_options():
    e = only(share(leaky_wave(), LIST, "kind"), option="any")
    assert (e.n, e.estimate) == (74, 1.0)
    assert (e.low, e.high) == (0.74, 1.0)


def routed_wave(asked: int, blank: int, answered: int, yes: int, rows: int = 100) -> Wave:
    gate = yes_no(asked, rows - blank, rows)
    return wave_of(
        {"gate": gate, "then": yes_no(yes, answered, rows)},
        question("gate", "binary", ("0", "1")),
        question("then", "binary", ("0", "1"), asked_if="gate == 1"),
    )


def test_a_kept_routing_concerns_the_firms_asked():
    e = only(share(routed_wave(60, 0, 60, 30), LIST, "then"))
    assert (e.n, e.low, e.high, e.method) == (60, 0.5, 0.5, "census")
    e = only(share(routed_wave(60, 0, 58, 29), LIST, "then"))
    assert (e.method, e.low, e.high) == ("hypergeometric", 29 / 60, 31 / 60)
    e = only(share(routed_wave(60, 0, 40, 20), LIST, "then"))
    assert (e.method, e.low, e.high) == ("bounds", 20 / 60, 40 / 60)


def test_blank_gates_give_bounds_over_the_most_firms_it_may_concern():
    e = only(share(routed_wave(60, 5, 59, 30), LIST, "then"))
    assert (e.n, e.method, e.flag) == (59, "bounds", "")
    assert (e.low, e.high) == pytest.approx((30 / 65, 36 / 65), rel=1e-12)


def test_firms_that_returned_nothing():
    wave = wave_of({"q": yes_no(40, 80, 80)}, question("q", "binary", ("0", "1")))
    e = only(share(wave, LIST, "q"))
    assert (e.method, e.low, e.high) == ("bounds", 0.40, 0.60)
    e = only(share(wave, LIST, "q", base_rule="returned"))
    assert (e.method, e.low, e.high) == ("bounds", 0.40, 0.60)
    wave = wave_of({"q": yes_no(48, 96, 96)}, question("q", "binary", ("0", "1")))
    e = only(share(wave, LIST, "q"))
    assert (e.method, e.flag) == ("hypergeometric", "if silence were random")
    e = only(share(routed_wave(60, 0, 60, 30, rows=96), LIST, "then"))
    assert (e.method, e.low, e.high) == ("bounds", 30 / 64, 34 / 64)


def test_groups_of_a_list():
    sector = np.repeat(["a", "b"], [40, 60])
    wave = wave_of(
        {"q": yes_no(12, 99, 100), "sector": sector},
        question("q", "binary", ("0", "1")),
        question("sector", "single", ("a", "b", "c")),
    )
    found = share(wave, LIST, "q", by="sector")
    a, b, c = (only(found, by="sector", group=g) for g in "abc")
    assert (a.n, a.estimate, a.low, a.high, a.method) == (40, 0.3, 0.3, 0.3, "census")
    assert (b.n, b.estimate, b.method) == (59, 0.0, "hypergeometric")
    # the silent firm would be the only yes with chance 1/60, below 2.5 percent
    assert (b.low, b.high) == (0.0, 0.0)
    assert (c.n, c.flag, c.method) == (0, "empty", "") and math.isnan(c.estimate) and math.isnan(c.low)
    assert (found[0].by, found[0].group) == ("", "")
    # with the sector of one firm unknown and two firms silent altogether, a group may be larger
    wave.frame.loc[99, "sector"] = None
    found = share(wave, Design(population=(102,), selection="list"), "q", by="sector")
    a = only(found, group="a")
    assert (a.method, a.low, a.high) == ("bounds", 12 / 43, 15 / 43)


def test_the_target_decides_the_width():
    wave = wave_of({"q": yes_no(12, 96, 96)}, question("q", "binary", ("0", "1")))
    e = only(share(wave, Design(population=(100,), selection="list", target="mechanism"), "q"))
    assert (e.method, e.flag) == ("korn-graubard", "")
    assert (e.low, e.high) == pytest.approx((0.0660267, 0.2086985), abs=5e-8)
    e = only(share(wave, Design(), "q"))
    assert (e.low, e.high) == pytest.approx((0.0660267, 0.2086985), abs=5e-8)


def test_a_simple_random_draw_is_hypergeometric_and_says_when_firms_are_silent():
    wave = wave_of({"q": yes_no(0, 50, 50)}, question("q", "binary", ("0", "1")))
    e = only(share(wave, Design(population=(500,)), "q"))
    assert (e.method, e.flag, e.low, e.base) == ("hypergeometric", "", 0.0, 500.0)
    assert e.high == pytest.approx(0.066, abs=0.002)
    wave = wave_of({"q": yes_no(10, 48, 50)}, question("q", "binary", ("0", "1")))
    assert only(share(wave, Design(population=(500,)), "q")).flag == "if silence were random"


def test_strata_with_fpc_are_clipped_to_what_is_possible():
    """Two strata nearly complete: the limits stay within x/N and (N - n + x)/N."""
    q = np.r_[yes_no(5, 19, 19), yes_no(1, 19, 19)]
    wave = wave_of({"q": q, "s": np.repeat(["a", "b"], 19), "N": 20.0}, question("q", "binary", ("0", "1")))
    design = Design(strata=("s",), population=("N",))
    e = only(share(wave, design, "q"))
    assert e.method == "korn-graubard truncated"
    assert e.low >= 6 / 40 and e.high <= 8 / 40
    assert e.low <= e.estimate <= e.high


def test_a_complete_stratified_census():
    wave = wave_of(
        {"q": yes_no(3, 6, 6), "s": ["a"] * 5 + ["b"], "N": [5] * 5 + [1]},
        question("q", "binary", ("0", "1")),
    )
    e = only(share(wave, Design(strata=("s",), population=("N",)), "q"))
    assert (e.method, e.low, e.high, e.se) == ("census", 0.5, 0.5, 0.0)
    wave.frame.loc[5, "q"] = np.nan
    e = only(share(wave, Design(strata=("s",), population=("N",)), "q"))
    assert (e.method, e.low, e.high) == ("bounds", 3 / 6, 4 / 6)


def test_shares_fixed_by_the_design_and_shares_still_by_chance():
    frame = {"q": [1, 1, 1, 0, 0, 0], "s": list("aaabbb"), "c": [1, 2, 3, 1, 2, 3]}
    wave = wave_of(frame, question("q", "binary", ("0", "1")))
    e = only(share(wave, Design(strata=("s",)), "q"))
    assert (e.low, e.high, e.flag) == (0.5, 0.5, "fixed by design;low base;indicative")
    e = only(share(wave, Design(clusters=("c",)), "q"))
    assert e.method == "clopper-pearson" and e.low < 0.2 and e.high > 0.8


def test_a_domain_within_one_cluster_has_no_interval_but_the_possible_one():
    frame = {"q": [1, 0, 1, 0, 0, 1], "c": [1, 1, 2, 2, 3, 3], "g": list("aabbbb")}
    wave = wave_of(frame, question("q", "binary", ("0", "1")), question("g", "single", ("a", "b")))
    e = only(share(wave, Design(clusters=("c",)), "q", by="g"), group="a")
    assert (e.df, e.n) == (0.0, 2)
    assert (e.low, e.high) == pytest.approx((0.0126, 0.9874), abs=1e-3)
    frame["w"] = [1, 2, 1, 2, 2, 1]
    wave = wave_of(frame, *wave.codebook.questions)
    wave.frame["c"] = [1, 1, 2, 2, 2, 3]
    e = only(share(wave, Design(weight="w", clusters=("c",)), "q", where='g == "a"'))
    assert e.low <= e.estimate <= e.high


def test_flags_by_base():
    wave = wave_of(
        {"q": yes_no(4, 40, 40), "n": np.arange(40)},
        question("q", "binary", ("0", "1")),
        question("n", "number"),
    )
    assert only(share(wave, Design(), "q")).flag == ""
    assert only(share(wave, Design(), "q", where="n < 29")).flag == "counts only;indicative"
    assert only(share(wave, Design(), "q", where="n < 9")).flag == "low base;indicative"
    assert only(share(wave, Design(), "q", where="n > 90")).flag == "empty"


def test_weights_of_zero_do_not_count():
    wave = wave_of({"q": [1, 0, 1, 1], "w": [1.0, 1.0, 1.0, 0.0]}, question("q", "binary", ("0", "1")))
    e = only(share(wave, Design(weight="w"), "q"))
    assert (e.n, e.base, e.estimate) == (3, 3.0, pytest.approx(2 / 3))


def test_truth_values_have_means_and_shares():
    wave = wave_of(
        {"q": [True, False, True, True] * 9}, question("q", "binary", ("FALSE", "TRUE"), counted="TRUE")
    )
    s, m = only(share(wave, Design(), "q")), only(mean(wave, Design(), "q"))
    assert (s.option, m.option, s.stat, m.stat) == ("TRUE", "", "share", "mean")
    assert (s.estimate, s.se, s.low, s.high) == (m.estimate, m.se, m.low, m.high)


def test_numbers_of_few_values_have_shares_and_codes_have_no_mean():
    wave = wave_of(
        {"k": [1, 2, 2, 3] * 10, "many": np.arange(40) / 7, "t": ["x"] * 40},
        question("k", "single", ("1", "2", "3")), question("many", "number"), question("t", "text"),
    )  # fmt: skip
    with pytest.raises(QuestionFault, match="codes are names"):
        mean(wave, Design(), "k")
    for wrong in ("many", "t"):
        with pytest.raises(QuestionFault):
            share(wave, Design(), wrong)
    counted = wave_of({"k": [1, 2, 2, 3] * 10}, question("k", "number"))
    assert [e.option for e in share(counted, Design(), "k")] == ["1", "2", "3"]
    assert mean(counted, Design(), "k")[0].estimate == 2.0


def test_faults_of_the_asker():
    wave = leaky_wave()
    with pytest.raises(QuestionFault, match="choose"):
        share(wave, LIST, "chose")
    with pytest.raises(QuestionFault, match="answered, routed, returned"):
        share(wave, LIST, "choose", base_rule="all")
    with pytest.raises(QuestionFault):
        share(wave, LIST, "choose", by="sectr")
    with pytest.raises(QuestionFault):
        share(wave, LIST, "choose", level=95)


def test_the_table_has_the_columns_of_the_contract():
    table = as_frame(share(leaky_wave(), LIST, ["choose", "kind"]))
    assert tuple(table.columns) == COLUMNS
    assert table["question"].tolist() == ["choose", "kind", "kind", "kind"]


def test_counts_of_options():
    e = only(total(leaky_wave(), LIST, "kind"), option="cost")
    assert (e.stat, e.estimate, e.flag) == ("total", 44.0, "census;leak;silent omitted")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["", "w"]),
    st.sampled_from([(), ("s",)]),
    st.sampled_from([(), ("c",)]),
    st.sampled_from([None, 40, 41, 400]),
    st.sampled_from(["list", "probability"]),
    st.sampled_from(["answered", "routed", "returned"]),
)
def test_every_interval_contains_its_estimate(seed, weight, strata, clusters, population, selection, rule):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "gate": rng.choice([0, 1, np.nan], 40, p=[0.3, 0.6, 0.1]),
            "q": rng.choice([1, 2, 3, np.nan], 40, p=[0.02, 0.4, 0.4, 0.18]),
            "w": rng.choice([0.0, 1.0, 2.5], 40),
            "s": np.repeat([1, 2], 20),
            "c": np.tile(np.arange(10), 4),
            "g": rng.choice(["a", "b", None], 40, p=[0.3, 0.6, 0.1]),
        }
    )
    wave = wave_of(
        frame, question("gate", "binary", ("0", "1")), question("g", "single", ("a", "b")),
        question("q", "single", ("1", "2", "3"), asked_if="gate == 1", nets={"low": ("1", "2")}),
    )  # fmt: skip
    many = () if population is None else (population,)
    design = Design(weight=weight, strata=strata, clusters=clusters, population=many, selection=selection)
    for e in share(wave, design, "q", by="g", base_rule=rule):
        if e.n == 0 or e.base == 0:
            assert math.isnan(e.estimate)
        else:
            assert 0 <= e.low <= e.estimate <= e.high <= 1, (design, e)
            assert e.method


def test_a_question_nobody_answered_is_a_row_that_says_so():
    wave = wave_of({"y": [np.nan, np.nan, np.nan]}, question("y", "number"))
    found = only(share(wave, Design(), "y"), question="y")
    assert (found.n, found.flag, found.option) == (0, "empty", "")
    assert np.isnan(found.estimate)
