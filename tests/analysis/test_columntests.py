"""Tests of columns against R `survey` (tests/reference/banner.json), and closed forms."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.estimate.adjust import adjusted
from analysis.estimate.book import PAIR_COLUMNS, banner_book
from analysis.estimate.columntests import Comparison
from analysis.estimate.letters import column_letters, letters_of
from analysis.estimate.options import OPTION_COLUMNS, compare_options
from survey import Design, Fault, Wave
from tests.analysis.waves_by_hand import only, question, wave_of

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "banner.json").read_text())
DESIGNS = {
    "srs": Design(weight="pw"),
    "strat": Design(weight="pw", strata=("stype",)),
    "clus1": Design(weight="pw", clusters=("dnum",)),
    "clus2": Design(weight="pw", clusters=("dnum",)),
}


def api_wave(name: str) -> Wave:
    frame = pd.read_csv(REFERENCE / f"api_{name}.csv.gz")
    frame = frame[[c for c in frame if not c.startswith(("jk", "fay", "brr", "boot"))]].copy()
    frame["level"] = pd.cut(frame["api00"], [0, 550, 650, 750, 1000], labels=False) + 1
    frame["rare"] = (frame["meals"] > 95).astype(int)
    return wave_of(
        frame, question("stype", "single", ("E", "H", "M")), question("sch.wide", "single", ("No", "Yes")),
        question("level", "single", tuple("1234")), question("rare", "single", ("0", "1")),
        question("enroll", "number"), question("pw", "number", role="weight"),
        question("dnum", "number", role="design"),
    )  # fmt: skip


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("target", ["", "firms"])
def test_pairs_are_those_of_r(name, target):
    """svychisq(statistic = "F") of the 2 x 2 table and svyttest; fpc has no part in a test."""
    wave = api_wave(name)
    design = DESIGNS[name]
    if target:
        population = ("fpc1" if name == "clus2" else "fpc",)
        design = Design(weight="pw", strata=design.strata, clusters=design.clusters, population=population)
    rows, breaks = ["sch.wide", "level", "rare", "enroll"], ["stype", "sch.wide", "level"]
    book = banner_book(wave, design, rows, breaks, comparison=Comparison())
    found = book.pairs().set_index(["question", "option", "by", "group", "other"])
    cells = book.estimates.frame().set_index(["question", "option", "by", "group"])[["n", "estimate"]]
    same = 0
    for case in (c for c in GOLDEN["cases"] if c["design"] == name and c["kind"] in ("share", "mean")):
        place = (case["question"], case["option"], case["by"])
        mine = found.loc[(*place, case["group"], case["other"])]
        assert mine["df"] == case["df"], case
        sides = [cells.loc[(*place, case[end])] for end in ("group", "other")]
        fewest = min(side["n"] * min(side["estimate"], 1 - side["estimate"]) for side in sides)
        if case["kind"] == "mean" or fewest >= 10:
            assert math.isclose(mine["p"], case["p"], rel_tol=1e-9, abs_tol=1e-15), case
            same += 1
        else:  # a design effect read from so few firms may only make us less sure
            assert mine["p"] >= case["p"] * (1 - 1e-9), case
    assert same >= {"srs": 14, "strat": 20, "clus1": 10, "clus2": 10}[name]


def test_replicate_weights_know_the_covariance_of_groups():
    """R svyby(covmat = TRUE) of jackknife weights: schools of three types in the same districts."""
    frame = pd.read_csv(REFERENCE / "api_clus1.csv.gz")
    names = tuple(c for c in frame if c.startswith("jk1_"))
    frame["rare"] = (frame["meals"] > 95).astype(int)
    wave = wave_of(
        frame, question("stype", "single", ("E", "H", "M")), question("rare", "single", ("0", "1")),
        question("enroll", "number"), question("pw", "number", role="weight"),
    )  # fmt: skip
    design = Design(weight="pw", replicates=names, method="jk1")
    pairs = banner_book(wave, design, ["enroll", "rare"], ["stype"], comparison=Comparison()).pairs()
    found = pairs.set_index(["question", "option", "group", "other"])
    cases = [c for c in GOLDEN["cases"] if c["kind"] == "replicates"]
    assert len(cases) == 6
    for case in cases:
        mine = found.loc[(case["question"], case["option"], case["group"], case["other"])]
        assert mine["estimate"] == pytest.approx(case["statistic"], rel=1e-9, abs=1e-12)
        assert mine["se"] == pytest.approx(case["se"], rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_options_of_one_question_are_compared_on_the_same_firms(name):
    """Difference and error as R svycontrast; in a simple sample the statistic is McNemar's, n-1 for n."""
    (case,) = [c for c in GOLDEN["cases"] if c["design"] == name and c["kind"] == "options"]
    wave = api_wave(name)
    frame = wave.frame.assign(ab_a=wave.frame["sch.wide"].eq("Yes") * 1, ab_b=(wave.frame["meals"] > 50) * 1)
    wave = wave_of(frame, question("ab", "multiple", ("a", "b"), nets={"any": ("a", "b")}))
    found = compare_options(wave, DESIGNS[name], ["ab"])
    assert len(found) == 1 and tuple(found.columns) == OPTION_COLUMNS
    row = found.iloc[0]
    assert row["estimate"] == pytest.approx(case["statistic"], rel=1e-9)
    assert row["se"] == pytest.approx(case["se"], rel=1e-9)
    assert row["df"] == case["df"]
    if name == "srs":
        mcnemar = case["p"] * (len(wave) - 1) / len(wave)
        assert row["p"] == pytest.approx(2 * stats.t.sf(math.sqrt(mcnemar), len(wave) - 1), rel=1e-9)


def test_options_that_nobody_mixes_are_no_test():
    wave = wave_of({"m_a": [1, 1, 0] * 5, "m_b": [1, 1, 0] * 5}, question("m", "multiple", ("a", "b")))
    row = compare_options(wave, Design(), ["m"]).iloc[0]
    assert row["estimate"] == 0 and math.isnan(row["p"]) and row["flag"] == "no test"
    one_way = wave_of({"m_a": [1] * 15, "m_b": [0] * 15}, question("m", "multiple", ("a", "b")))
    row = compare_options(one_way, Design(), ["m"]).iloc[0]
    assert row["p"] == pytest.approx(2 * stats.t.sf(math.sqrt(15), 14), rel=1e-9)


def table_wave(yes: tuple[int, ...], n: tuple[int, ...]) -> Wave:
    group = np.repeat(np.arange(len(n)) + 1, n)
    y = np.concatenate([np.arange(many) < some for some, many in zip(yes, n, strict=True)]).astype(int)
    return wave_of({"q": y, "g": group}, question("q", "single", ("0", "1")),
                   question("g", "single", tuple(str(i + 1) for i in range(len(n)))))  # fmt: skip


def pair(wave: Wave, comparison: Comparison, option: str = "1", **keys) -> pd.Series:
    frame = banner_book(wave, Design(), ["q"], ["g"], comparison=comparison).pairs()
    keys = {"group": "1", "other": "2", **keys}
    rows = frame[
        (frame["option"] == option) & (frame["group"] == keys["group"]) & (frame["other"] == keys["other"])
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_simple_sample_gives_pearsons_test():
    """Without weights and clusters the design effect is n/(n-1) of the units, all but 1."""
    mine = pair(table_wave((30, 18), (60, 70)), Comparison())
    table = np.array([[30, 30], [18, 52]])
    pearson = stats.chi2_contingency(table, correction=False).statistic * 129 / 130
    assert mine["p"] == pytest.approx(2 * stats.t.sf(math.sqrt(pearson), 129), rel=1e-9)


def test_nobody_in_a_small_group_is_no_difference():
    """0 of 12 against 6 of 60: a Wald test would see one (p = 0.01), for it holds the 0 to be certain."""
    wave = table_wave((0, 6), (12, 60))
    mine = pair(wave, Comparison())
    share = 6 / 60
    wald = share / math.sqrt(share * (1 - share) / 60)
    assert 2 * stats.norm.sf(wald) < 0.012
    pearson = stats.chi2_contingency([[0, 12], [6, 54]], correction=False).statistic
    assert mine["p"] == pytest.approx(2 * stats.norm.sf(math.sqrt(pearson)), abs=0.01)
    assert mine["p"] > 0.2
    everything = pair(table_wave((0, 15), (12, 15)), Comparison())
    assert everything["p"] == pytest.approx(2 * stats.t.sf(math.sqrt(27), 26), rel=1e-9)
    assert pair(wave, Comparison(), option="0")["p"] == pytest.approx(mine["p"], rel=1e-9)


def test_nobody_at_all_is_no_test():
    mine = pair(table_wave((0, 0), (20, 30)), Comparison())
    assert math.isnan(mine["p"]) and mine["flag"] == "no test"


def test_spss_is_pooled_z_with_bonferroni():
    """Pooled z without continuity correction; R: prop.test(c(30, 18), c(60, 70), correct = FALSE)."""
    wave = table_wave((30, 18, 0), (60, 70, 20))
    mine = pair(wave, Comparison("spss"))
    assert mine["p"] == pytest.approx(0.00423169470140, rel=1e-10)
    assert mine["p_adjusted"] == pytest.approx(mine["p"], rel=1e-12)  # the third column is 0: not tested
    assert mine["method"] == "pooled z, bonferroni"
    assert math.isnan(pair(wave, Comparison("spss"), other="3")["p"])
    book = banner_book(wave, Design(), ["q"], ["g"], comparison=Comparison("spss"))
    assert [e.letters for e in book.estimates if e.option == "1"] == ["", "B", "", ""]
    assert [e.letters for e in book.estimates if e.option == "0"] == ["", "", "A", ""]
    assert book.letters == {("g", "1"): "A", ("g", "2"): "B", ("g", "3"): "C"}


def test_spss_means_pool_the_variance_of_the_span():
    rng = np.random.default_rng(3)
    group = np.repeat([1, 2, 3], 40)
    y = rng.normal(group * 0.4, 1.0)
    wave = wave_of({"y": y, "g": group}, question("y", "number"), question("g", "single", tuple("123")))
    frame = banner_book(wave, Design(), ["y"], ["g"], comparison=Comparison("spss", "none")).pairs()
    parts = [y[group == g] for g in (1, 2, 3)]
    pooled = sum(((p - p.mean()) ** 2).sum() for p in parts) / 117
    t = (parts[0].mean() - parts[2].mean()) / math.sqrt(pooled * 2 / 40)
    found = frame[(frame["group"] == "1") & (frame["other"] == "3")].iloc[0]
    assert found["p"] == pytest.approx(2 * stats.t.sf(abs(t), 117), rel=1e-9)
    assert found["df"] == 117


def test_exceptions_compare_with_the_others():
    wave = table_wave((30, 18, 25), (60, 70, 50))
    book = banner_book(wave, Design(), ["q"], ["g"], comparison=Comparison("displayr_exceptions"))
    assert {e.group: e.letters for e in book.estimates if e.option == "1"} == {
        "": "",
        "1": "",
        "2": "↓",
        "3": "",
    }
    merged = table_wave((18, 55), (70, 110))
    assert only(book.estimates, option="1", group="2").p == pytest.approx(
        pair(merged, Comparison())["p"], rel=1e-9
    )


def test_letters_need_ten_firms():
    wave = table_wave((9, 5), (9, 90))
    book = banner_book(wave, Design(), ["q"], ["g"], comparison=Comparison())
    assert {e.letters for e in book.estimates} == {""}
    row = book.pairs().iloc[-1]
    assert row["p"] < 0.001 and row["flag"] == "low base"
    assert tuple(book.pairs().columns) == PAIR_COLUMNS


def test_groups_that_share_firms_are_tested_with_their_covariance():
    """Two of three options of a multiple break: the difference of two ratios and its linearised variance."""
    rng = np.random.default_rng(8)
    rows = 300
    m = rng.random((rows, 3)) < 0.6
    y = (rng.random(rows) < 0.3 + 0.3 * m[:, 0]).astype(int)
    frame = {"q": y, **{f"m_{c}": m[:, j].astype(int) for j, c in enumerate("abc")}}
    wave = wave_of(frame, question("q", "single", ("0", "1")), question("m", "multiple", ("a", "b", "c")))
    found = banner_book(wave, Design(), ["q"], ["m"], comparison=Comparison()).pairs()
    row = found[(found["option"] == "1") & (found["group"] == "a") & (found["other"] == "b")].iloc[0]
    a, b = m[:, 0], m[:, 1]
    z = a * (y - y[a].mean()) / a.sum() - b * (y - y[b].mean()) / b.sum()
    se = math.sqrt(rows / (rows - 1) * (z**2).sum())
    assert row["se"] == pytest.approx(se, rel=1e-9)
    assert row["method"].startswith("wald")
    assert row["p"] == pytest.approx(2 * stats.t.sf(abs(row["estimate"] / se), (a | b).sum() - 1), rel=1e-9)


def test_corrections_are_those_of_r():
    """R: p.adjust(c(0.01, 0.04, 0.03, NA, 0.005), m); NA is no test and not counted."""
    p = np.array([[0.01, 0.04, 0.03, np.nan, 0.005]])
    wanted = {
        "holm": [0.03, 0.06, 0.06, np.nan, 0.02],
        "bh": [0.02, 0.04, 0.04, np.nan, 0.02],
        "bonferroni": [0.04, 0.16, 0.12, np.nan, 0.02],
        "none": [0.01, 0.04, 0.03, np.nan, 0.005],
    }
    for how, values in wanted.items():
        assert adjusted(p, how)[0] == pytest.approx(values, nan_ok=True)
    with pytest.raises(ValueError, match="sidak"):
        adjusted(p, "sidak")


def test_letters_go_on_after_z_and_start_again_in_each_span():
    letters = column_letters([-1, *[0] * 28, 1, 1])
    assert letters[0] == "" and letters[1] == "A" and letters[26:29] == ("Z", "AA", "AB")
    assert letters[29:] == ("A", "B")


def test_letters_stand_in_the_larger_cell_in_order():
    pairs = np.array([[0, 1], [0, 2], [1, 2]])
    higher = np.array([[True, True, False]])
    found = letters_of(higher, pairs, np.array([[True, True, True]]), ("A", "B", "C"))
    assert found.tolist() == [["B C", "", "B"]]
    assert letters_of(higher, pairs, np.array([[False, True, False]]), "ABC").tolist() == [["C", "", ""]]


def test_a_test_that_does_not_exist_is_a_fault():
    for wrong in ({"test": "spps"}, {"adjust": "holmes"}, {"alpha": 5.0}):
        with pytest.raises(Fault):
            Comparison(**wrong)
