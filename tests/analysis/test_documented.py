"""What the help pages of R `survey` show, asked here (tests/reference/documented.R)."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis import mean, quantile, ratio, share, total
from survey import Creation, Design
from tests.analysis.waves_by_hand import only, question, wave_of

REFERENCE = Path(__file__).parents[1] / "reference"
SHOWN = json.loads((REFERENCE / "documented.json").read_text())
CLUSTERS = Design(weight="pw", clusters=("dnum",), population=("fpc",))
JACKKNIFE = replace(CLUSTERS, create=Creation("jk1"), centre="mean")
HALVES = Design(weight="w", replicates=("rep*",), method="brr", centre="mean")


def schools():
    frame = pd.read_csv(REFERENCE / "documented_clus1.csv")
    numbers = [question(n, "number") for n in ("api00", "api99", "enroll", "api.stu")]
    return wave_of(
        frame, question("stype", "single", ("E", "H", "M")), question("none", "binary", ("0", "1")), *numbers
    )


def ambulances():
    frame = pd.read_csv(REFERENCE / "documented_scd.csv")
    return wave_of(frame, question("arrests", "number"), question("alive", "number"))


def ask(name: str):
    match name.split():
        case ["svymean", "api00"]:
            return mean(schools(), CLUSTERS, "api00")[0]
        case ["svymean", "api00", "rclus1"] | ["withReplicates", "api00"]:
            return mean(schools(), JACKKNIFE, "api00")[0]
        case ["svymean", stype]:
            return only(share(schools(), CLUSTERS, "stype"), option=stype[-1])
        case ["svytotal", "enroll"]:
            return total(schools(), CLUSTERS, "enroll")[0]
        case ["svytotal", "enroll", "rclus1"]:
            return total(schools(), JACKKNIFE, "enroll")[0]
        case ["svyratio", top, bottom]:
            return ratio(schools(), CLUSTERS, top, bottom)[0]
        case ["svyquantile", p]:
            return quantile(schools(), CLUSTERS, "api00", float(p))[0]
        case ["svyciprop", "ell"]:
            return share(schools(), CLUSTERS, "none")[0]
        case ["svyby", stype]:
            return only(mean(schools(), CLUSTERS, "api99", by="stype"), by="stype", group=stype)
        case ["scd", _]:
            return ratio(ambulances(), HALVES, "alive", "arrests")[0]
    raise KeyError(name)


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "made_by"])
def test_an_example_of_the_help_pages(name):
    ours, shown = ask(name), SHOWN[name]
    assert (ours.estimate, ours.se) == pytest.approx((shown["estimate"], shown["se"]), rel=1e-9)
    if shown["low"] is not None:
        assert (ours.low, ours.high) == pytest.approx((shown["low"], shown["high"]), rel=1e-9)


def test_the_numbers_are_those_that_are_printed():
    """As the pages print them: 644.17 (23.542), 3404940 (932235), 0.8497087 (0.008386297), 0.1535064."""
    assert f"{ask('svymean api00').estimate:.2f} {ask('svymean api00').se:.3f}" == "644.17 23.542"
    assert f"{ask('svytotal enroll').estimate:.0f} {ask('svytotal enroll').se:.0f}" == "3404940 932235"
    found = ask("svyratio api.stu enroll")
    assert f"{found.estimate:.7f} {found.se:.9f}" == "0.8497087 0.008386297"
    assert f"{ask('scd svyratio').estimate:.7f}" == "0.1535064"
