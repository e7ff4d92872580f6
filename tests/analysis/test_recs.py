"""A real survey of 5,686 homes with 96 Fay replicates: official totals and R's standard errors."""

import json
import os
from pathlib import Path

import pytest

from analysis import mean, share, total
from survey import Design, read_wave
from tests.analysis.waves_by_hand import only

FOLDER = os.environ.get("CROSSPRESSURE_REALDATA", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="CROSSPRESSURE_REALDATA is not set")
DESIGN = Design(weight="NWEIGHT", replicates=("BRRWT*",), method="fay", rho=0.5)


@pytest.fixture(scope="module")
def recs():
    folder = Path(FOLDER) / "surveys"
    expected = json.loads((folder / "recs_2015.expected.json").read_text())
    return read_wave(folder / "recs_2015.csv"), {c["stat"]: c for c in expected["cases"]}, expected["rel_tol"]


def test_households_in_all_and_by_region(recs):
    wave, cases, tolerance = recs
    found = total(wave, DESIGN, by="Region")
    assert only(found, by="").estimate == pytest.approx(cases["total households"]["value"], rel=tolerance)
    regions = cases["total households by Region"]["value"]
    assert {e.group: e.estimate for e in found if e.by} == pytest.approx(regions, rel=tolerance)


def test_share_with_air_conditioning(recs):
    wave, cases, tolerance = recs
    case = cases["share ACUsed TRUE"]
    e = only(share(wave, DESIGN, "ACUsed"), option="TRUE")
    assert e.estimate == pytest.approx(case["value"], rel=tolerance)
    assert e.se == pytest.approx(case["se"], rel=5e-3)  # printed with two digits
    assert (e.method, e.df, e.n) == ("korn-graubard", 95.0, 5686)
    assert only(mean(wave, DESIGN, "ACUsed")).se == pytest.approx(e.se, rel=1e-12)


@pytest.mark.parametrize("name", ["mean TOTALBTU", "mean TOTALDOL", "mean TOTSQFT_EN", "total TOTALBTU"])
def test_means_and_totals(recs, name):
    wave, cases, tolerance = recs
    stat, of = name.split()
    e = only((mean if stat == "mean" else total)(wave, DESIGN, of))
    assert e.estimate == pytest.approx(cases[name]["value"], rel=tolerance)
    assert e.se == pytest.approx(cases[name]["se"], rel=tolerance)
    assert e.low < e.estimate < e.high
