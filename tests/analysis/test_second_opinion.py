"""A second opinion beside R: svy 0.35.0 on the same tables, and where it says otherwise."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import mean, quantile, ratio, share, total
from survey import Design
from tests.analysis.test_estimate_golden import api_wave
from tests.analysis.waves_by_hand import only

svy = pytest.importorskip("svy", reason="svy is a second opinion of the tests only")
polars = pytest.importorskip("polars")

REFERENCE = Path(__file__).parents[1] / "reference"
TWO = svy.PopSize(psu="fpc1", ssu="fpc2")
CASES = {
    "strata": ("api_strat", Design(weight="pw", strata=("stype",)), {"stratum": "stype"}),
    "strata, fpc": (
        "api_strat",
        Design(weight="pw", strata=("stype",), population=("fpc",)),
        {"stratum": "stype", "pop_size": "fpc"},
    ),
    "clusters": ("api_clus1", Design(weight="pw", clusters=("dnum",)), {"psu": "dnum"}),
    "clusters, fpc": (
        "api_clus1",
        Design(weight="pw", clusters=("dnum",), population=("fpc",)),
        {"psu": "dnum", "pop_size": "fpc"},
    ),
    "two stages": (
        "api_clus2",
        Design(weight="pw", clusters=("dnum", "snum"), population=("fpc1", "fpc2")),
        {"psu": "dnum", "ssu": "snum", "pop_size": TWO},
    ),
    "two stages in strata": (
        "grid_two",
        Design(weight="pw", strata=("region",), clusters=("dnum", "snum"), population=("fpc1", "fpc2")),
        {"stratum": "region", "psu": "dnum", "ssu": "snum", "pop_size": TWO},
    ),
    "a certain unit": (
        "grid_lone",
        Design(weight="pw", strata=("h",), population=("fpc",), singletons="certainty"),
        {"stratum": "h", "pop_size": "fpc", "singleton": "self_representing"},
    ),
}


def asked(file: str, columns: dict):
    table = polars.from_pandas(pd.read_csv(REFERENCE / f"{file}.csv.gz"))
    return svy.Sample(data=table, design=svy.Design(wgt="pw", **columns)).estimation


def opinion(found):
    return found.estimates[0]


@pytest.mark.parametrize("name", CASES)
def test_estimates_errors_and_limits_are_those_of_svy(name):
    file, design, columns = CASES[name]
    wave, ask = api_wave(file), asked(file, columns)
    pairs = [
        (mean(wave, design, "api00", by="stype"), ask.mean, ("api00",)),
        (total(wave, design, "enroll", by="stype"), ask.total, ("enroll",)),
        (ratio(wave, design, "api.stu", "enroll", by="stype"), ask.ratio, ("api.stu", "enroll")),
    ]
    for ours, theirs, of in pairs:
        one, other = only(ours, by=""), opinion(theirs(*of, drop_nulls=True))
        assert (one.estimate, one.se) == pytest.approx((other.est, other.se), rel=1e-9)
        if one.method == "t":
            assert (one.low, one.high) == pytest.approx((other.lci, other.uci), rel=1e-9)
        groups = theirs(*of, by="stype", drop_nulls=True).estimates
        assert len(groups) == 3
        for other in groups:
            one = only(ours, by="stype", group=other.by_level[0])
            assert (one.estimate, one.se) == pytest.approx((other.est, other.se), rel=1e-9, abs=1e-12)
    one, other = only(quantile(wave, design, "api00"), by=""), opinion(ask.median("api00"))
    assert (one.estimate, one.low, one.high, one.se) == pytest.approx(
        (other.est, other.lci, other.uci, other.se), rel=1e-9
    )


def test_half_samples_are_those_of_svy():
    design = Design(weight="pw", replicates=("fay_*",), method="fay", rho=0.3)
    columns = {"rep_wgts": svy.BrrWgts(prefix="fay_", n_reps=32, fay_coef=0.3)}
    wave, ask = api_wave("api_pairs"), asked("api_pairs", columns)
    for centre in ("full", "mean"):
        how = {"method": "replication", "variance_center": "estimate" if centre == "full" else "rep_mean"}
        ours = Design(**{**{f: getattr(design, f) for f in design.__dataclass_fields__}, "centre": centre})
        for one, other in (
            (mean(wave, ours, "api00"), ask.mean("api00", **how)),
            (ratio(wave, ours, "api.stu", "enroll"), ask.ratio("api.stu", "enroll", drop_nulls=True, **how)),
        ):
            assert (one[0].estimate, one[0].se) == pytest.approx(
                (opinion(other).est, opinion(other).se), rel=1e-9
            )


def test_shares_differ_by_the_truncation_of_the_effective_number():
    """svy cuts the effective n at n, as NCHS does; R and we do not. No gain, nothing to cut."""
    file, design, columns = CASES["strata, fpc"]
    one = only(share(api_wave(file), design, "sch.wide"), by="")
    wide = next(
        e
        for e in asked(file, columns).prop("sch.wide", ci_method="korn-graubard").estimates
        if e.y_level == "Yes"
    )
    assert (one.estimate, one.se) == pytest.approx((wide.est, wide.se), rel=1e-9)
    assert one.n_eff > one.n
    assert wide.lci < one.low and one.high < wide.uci
    file, design, columns = CASES["two stages"]
    one = only(share(api_wave(file), design, "sch.wide"), by="")
    same = next(
        e
        for e in asked(file, columns).prop("sch.wide", ci_method="korn-graubard").estimates
        if e.y_level == "Yes"
    )
    assert one.n_eff < one.n
    assert (one.low, one.high) == pytest.approx((same.lci, same.uci), rel=1e-9)


def test_totals_with_a_lone_unit_differ_by_the_centre():
    """`centre`: R and we take zero, svy the mean over the strata; for means both are the same."""
    design = Design(weight="pw", strata=("h",), population=("fpc",), singletons="centre")
    wave = api_wave("grid_lone")
    ask = asked("grid_lone", {"stratum": "h", "pop_size": "fpc", "singleton": "center"})
    assert mean(wave, design, "api00")[0].se == pytest.approx(opinion(ask.mean("api00")).se, rel=1e-9)
    gap = opinion(ask.total("enroll")).se / total(wave, design, "enroll")[0].se - 1
    assert 0.001 < abs(gap) < 0.05
