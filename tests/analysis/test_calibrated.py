"""Estimates under calibrated weights against R `survey` (tests/reference/weights.json)."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.estimate.describe import mean, ratio, share, total
from analysis.estimate.domains import settle
from analysis.estimate.residuals import Residuals
from analysis.estimate.taylor import taylor_variance
from analysis.release.tables import internal_tables, protected_tables
from survey import Design, Study, Wave, weigh
from survey.raking import rake
from tests.analysis.waves_by_hand import only, question, wave_of

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "weights.json").read_text())
CASES = [name for name, case in GOLDEN.items() if isinstance(case, dict) and "cases" in case]
MARGINS = {
    "rake": ("stype", "sch.wide"),
    "raking": ("stype", "sch.wide"),
    "bounded": ("stype", "sch.wide"),
    "linear": ("stype", "sch.wide", "api99"),
    "post-stratification": ("stype*sch.wide",),
}


def api_wave(file: str) -> Wave:
    frame = pd.read_csv(REFERENCE / f"{file}.csv.gz")
    numbers = [question(n, "number") for n in ("api00", "api99", "meals", "enroll")]
    types = question("stype", "single", ("E", "H", "M"))
    return wave_of(frame, types, question("sch.wide", "binary", ("No", "Yes"), counted="Yes"), *numbers)


def study_of(folder: Path, case: dict) -> Study:
    """The study of a golden case: its design, and a file of the margins of its method."""
    rows = ["margin,category,total,source,date"]
    for name in MARGINS[case["method"]]:
        totals = GOLDEN["margins"][name]
        totals = totals if isinstance(totals, dict) else {"": totals}
        rows += [f"{name},{category},{value},apipop of R survey,1999" for category, value in totals.items()]
    (folder / "margins.csv").write_text("\n".join(rows) + "\n")
    said = {k: tuple(v) if isinstance(v, list) else v for k, v in case["design"].items()}
    method = "raking" if case["method"] == "rake" else case["method"]
    weights = {"margins": "margins.csv", "method": method}
    if method == "bounded":
        weights["bounds"] = [0.5, 2.0]
    design = Design(**said)
    return Study("api", folder, {}, ("en",), False, None, None, (), design, {"weights": weights})


def ask(wave: Wave, design: Design, case: dict):
    by = ("stype",) if case["group"] else ()
    if case["stat"] == "ratio":
        return only(ratio(wave, design, case["of"], "meals", by=by), group=case["group"])
    found = {"mean": mean, "total": total}[case["stat"]](wave, design, case["of"], by=by)
    return only(found, group=case["group"])


@pytest.mark.parametrize("name", CASES)
def test_estimates_and_standard_errors_are_those_of_r(name, tmp_path):
    golden = GOLDEN[name]
    wave, study = api_wave(golden["file"]), study_of(tmp_path, golden)
    weighted = weigh(wave, study)
    np.testing.assert_allclose(weighted.weight, golden["weights"], rtol=1e-9)
    wave = replace(wave, weighted=weighted)
    for case in golden["cases"]:
        mine = ask(wave, study.design, case)
        assert math.isclose(mine.estimate, case["estimate"], rel_tol=1e-9), (case, mine)
        if golden["method"] == "rake" and not study.design.replicates:
            continue  # see the next test
        near = 1e-9 * abs(case["estimate"])
        assert math.isclose(mine.se, case["se"], rel_tol=1e-9, abs_tol=near), (case, mine)


@pytest.mark.parametrize("name", ["strat rake", "clus1 rake", "clus2 rake"])
def test_standard_errors_of_rake_differ_from_r_by_its_plain_means_alone(name, tmp_path):
    """R's `rake` takes residuals by ten sweeps of unweighted means of the margins, `calibrate` by a
    regression under the base weights (Deville and Sarndal 1992), and so do we: both roads are here."""
    golden = GOLDEN[name]
    wave, study = api_wave(golden["file"]), study_of(tmp_path, golden)
    wave = replace(wave, weighted=weigh(wave, study))
    arrays = settle(wave, study.design).arrays
    w, columns = wave.weighted.weight, wave.weighted.columns
    for case in golden["cases"]:
        if case["of"] != "api00" or case["stat"] == "ratio":
            continue
        inside = (wave.frame["stype"] == case["group"]) if case["group"] else np.ones(len(w), dtype=bool)
        values = np.where(inside, wave.frame["api00"], 0.0)
        if case["stat"] == "mean":
            values = np.where(inside, values - case["estimate"], 0.0) / (w @ inside)
        left = values.copy()
        for _ in range(10):
            for margin in (columns[:, :3], columns[:, 3:]):
                left = left - margin @ ((margin.T @ left) / margin.sum(axis=0))
        swept = taylor_variance((w * left)[:, None], replace(arrays, residuals=None))[0]
        near = 1e-9 * abs(case["estimate"])
        assert math.isclose(math.sqrt(swept), case["se"], rel_tol=1e-8, abs_tol=near), case
        if name.startswith("clus1"):  # equal base weights: both roads are one
            mine = ask(wave, study.design, case)
            assert math.isclose(mine.se, case["se"], rel_tol=1e-6, abs_tol=near), (case, mine)


def test_a_margin_has_no_doubt_and_says_so(tmp_path):
    golden = GOLDEN["strat rake"]
    wave, study = api_wave(golden["file"]), study_of(tmp_path, golden)
    wave = replace(wave, weighted=weigh(wave, study))
    found = only(share(wave, study.design, "sch.wide"), option="Yes")
    assert math.isclose(found.estimate, 5122 / 6194, rel_tol=1e-9)
    assert found.se == 0 or found.se < 1e-12
    assert found.low == found.high == found.estimate
    assert "fixed by design" in found.flag


def test_ignoring_the_margins_would_say_less(tmp_path):
    """The same weights as a column have no residuals: their standard error is larger."""
    golden = GOLDEN["clus1 linear"]
    wave, study = api_wave(golden["file"]), study_of(tmp_path, golden)
    weighted = weigh(wave, study)
    known = only(mean(replace(wave, weighted=weighted), study.design, "api00"))
    column = replace(wave, frame=wave.frame.assign(w=weighted.weight))
    unknown = only(mean(column, replace(study.design, weight="w"), "api00"))
    assert math.isclose(known.estimate, unknown.estimate, rel_tol=1e-12)
    assert known.se < 0.5 * unknown.se


def test_firms_of_negative_weight_count(tmp_path):
    wave = wave_of(
        {"x": [1.0, 2.0, 3.0, 10.0], "y": [1.0, 1.0, 1.0, 5.0]},
        question("x", "number"),
        question("y", "number"),
    )
    (tmp_path / "margins.csv").write_text("margin,category,total,source,date\nx,,2,made,2020\n")
    section = {"weights": {"margins": "margins.csv", "method": "linear"}}
    study = Study("s", tmp_path, {}, ("en",), False, None, None, (), Design(), section)
    weighted = weigh(wave, study)
    assert weighted.weight[3] < 0
    assert "negative" in weighted.findings[0].found
    found = only(total(replace(wave, weighted=weighted), study.design, "x"))
    assert math.isclose(found.estimate, 2.0, rel_tol=1e-9)
    assert found.n == 4


def test_raked_standard_errors_are_those_of_repeated_samples():
    """400 stratified samples, 1/2 to 1/80 of a stratum: residuals under the base weights come near the
    spread of the estimates; plain means of the margins are far too wide, no residuals too narrow."""
    rng = np.random.default_rng(20211215)
    there, drawn = np.array([400, 1200, 3200, 8000]), np.array([100, 60, 60, 100])
    stratum = np.repeat(np.arange(4), there)
    first = (rng.random(len(stratum)) < np.array([0.8, 0.6, 0.4, 0.2])[stratum]).astype(int)
    second = rng.integers(0, 3, len(stratum))
    y = np.array([20.0, 10, 4, 1])[stratum] * (1 + 2 * first * np.array([2, 1, 0.5, 0.1])[stratum])
    y += second * np.array([10, 3, 1, 0.3])[stratum] + rng.normal(0, 3, len(stratum))
    totals = [np.bincount(first).astype(float), np.bincount(second).astype(float)]
    places = [np.flatnonzero(stratum == h) for h in range(4)]
    means, ours, plain, ignored = [], [], [], []
    for _ in range(400):
        rows = np.concatenate([rng.choice(p, n, replace=False) for p, n in zip(places, drawn, strict=True)])
        h, base = stratum[rows], (there / drawn)[stratum[rows]]
        weight = rake(base, [first[rows], second[rows]], totals).weight
        means.append(weight @ y[rows] / weight.sum())
        columns = np.hstack([np.eye(2)[first[rows]], np.eye(3)[second[rows]]])
        scores = (weight * (y[rows] - means[-1]) / weight.sum())[:, None]
        for under, into in ((base, ours), (np.ones(len(base)), plain), (None, ignored)):
            left = scores
            if under is not None:
                basis = np.linalg.svd(columns * np.sqrt(under)[:, None], full_matrices=False)[0][:, :4]
                left = Residuals(basis, weight / np.sqrt(under)).of(scores)
            sums = np.bincount(h, left[:, 0]) / drawn
            spread = np.bincount(h, (left[:, 0] - sums[h]) ** 2)
            into.append(((1 - drawn / there) * drawn / (drawn - 1) * spread).sum())
    true = np.std(means)
    assert 0.85 < math.sqrt(np.mean(ours)) / true < 1.15
    assert math.sqrt(np.mean(plain)) / true > 2
    assert math.sqrt(np.mean(ignored)) / true < 0.7


def test_cells_of_firms_without_weight_do_not_hide_small_counts(tmp_path):
    """Of six firms that ticked, four carry no weight: the two behind the number are under the floor."""
    frame = {"q": ["yes"] * 6 + ["no"] * 24, "done": [0, 0, 0, 0, 1, 1] + [1] * 24, "all": ["x"] * 30}
    wave = wave_of(frame, question("q", "single", ("yes", "no")), question("done", "number"))
    section = {"weights": {"response": {"answered": "done == 1", "classes": ["all"]}}}
    study = Study("s", tmp_path, {}, ("en",), False, None, None, (), Design(), section)
    weighed = replace(wave, weighted=weigh(wave, study))
    shown = {}
    for name, one in (("plain", wave), ("weighed", weighed)):
        table = protected_tables(internal_tables(one, study.design, ()), one, 5)
        row = table[(table["question"] == "q") & (table["option"] == "yes")]
        shown[name] = row["estimate"].notna().any()
    assert shown == {"plain": True, "weighed": False}
