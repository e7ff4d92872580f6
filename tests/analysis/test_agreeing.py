"""Self-report against ledger: by hand, against pROC, by simulation, and what faults say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit, ndtri

from analysis.pressure.agreeing import agree, area_limits, kappa_limits, touch_chances
from analysis.pressure.channels import reach_of
from analysis.pressure.selfreport import Said, said_by_firms
from survey import Fault, data_folder, latest_wave, load_study

FIRMS = tuple("ABCDEFGHIJKL")


def made() -> tuple[Said, object, np.ndarray]:
    """Twelve firms: A to G are touched by American rules, L has no denominator."""
    flows = pd.DataFrame(
        {
            "firm": [*FIRMS, "A"],
            "flow": [f"L{i}" for i in range(12)] + ["L99"],
            "channel": "sales",
            "share": [0.5] * 11 + [np.nan, 0.1],
            "confidence": [0.5, 0.8] + [1.0] * 10 + [0.4],
        }
    )
    touched = [*FIRMS[:7], "A"]
    contacts = pd.DataFrame(
        {"firm": touched, "flow": [*flows["flow"][:7], "L99"], "side": "us", "outcome": "licence"}
    )
    empty = pd.DataFrame(columns=["firm", "flow", "channel", "duty", "clause", "at_stake"])
    reach = reach_of(flows, contacts, empty, FIRMS)
    points = np.zeros((3, 12))
    points[0, :7], points[:, 11] = np.linspace(0.3, 0.1, 7), np.nan
    yes = np.array([1, 1, 1, 1, 1, 0, 0, 1, 0, 0, np.nan, 1.0])
    return Said("us", "cost", "us", ("us",), yes), reach, points


def test_by_hand() -> None:
    said, reach, points = made()
    found = agree((said,), reach, points, "2021-12-15", 0.90)
    table = found.table.set_index("stat")
    assert (table["n"].drop(["agree_yes", "agree_no"]) == 10).all()  # K did not answer, L has no indicator
    assert table.loc[["both", "answer only", "ledger only", "neither"], "estimate"].tolist() == [5, 1, 2, 2]
    assert table.loc["agree", "estimate"] == pytest.approx(0.7)
    assert table.loc["agree_yes", "estimate"] == pytest.approx(5 / 8) and table.loc["agree_yes", "n"] == 8
    assert table.loc["agree_no", "estimate"] == pytest.approx(2 / 5)
    # A has two links, of 0.5 and 0.4; B one of 0.8; both say yes
    assert table.loc["agree_expected", "estimate"] == pytest.approx((1 - 0.5 * 0.6 + 0.8 + 5) / 10)
    assert np.isnan(table.loc["kappa", "estimate"]) and "fewer than 5" in table.loc["kappa", "flag"]
    firms = found.firms.set_index("firm")
    assert firms.loc["H", "case"] == "answer only" and firms.loc["F", "case"] == "ledger only"
    assert (table["low"].dropna() <= table["estimate"][table["low"].notna()]).all()


def test_chance_that_a_firm_is_touched_is_exact() -> None:
    _, reach, _ = made()
    chance = touch_chances(reach)[0]
    np.testing.assert_allclose(chance[:3], [0.7, 0.8, 1.0])
    assert chance[8] == 0.0 and np.isnan(chance[11])


def test_kappa_of_a_known_table() -> None:
    """20, 5, 10, 15 of 50: kappa 0.4; its error is that of many tables drawn from the same shares."""
    one = np.repeat([True, True, False, False], [20, 5, 10, 15])
    two = np.repeat([True, False, True, False], [20, 5, 10, 15])
    kappa, low, high = kappa_limits(one, two, 0.95)
    assert kappa == pytest.approx(0.4) and kappa_limits(one, one, 0.95)[0] == 1.0
    rng = np.random.default_rng(4)
    drawn = rng.multinomial(50, [0.4, 0.1, 0.2, 0.3], 4000) / 50
    observed = drawn[:, 0] + drawn[:, 3]
    row, column = drawn[:, 0] + drawn[:, 1], drawn[:, 0] + drawn[:, 2]
    chance = row * column + (1 - row) * (1 - column)
    spread = np.std((observed - chance) / (1 - chance))
    assert (high - low) / 2 / ndtri(0.975) == pytest.approx(spread, rel=0.04)
    assert np.isnan(kappa_limits(one, np.ones(50, dtype=bool), 0.95)).all()


def test_area_and_its_error_are_those_of_proc() -> None:
    """R 4.2.2, pROC 1.18.0, 2026-11-22: roc(y, v, direction = "<"), auc, sqrt(var(r, method = "delong"))."""
    rng = np.random.default_rng(4)
    yes = rng.random(96) < 0.4
    value = np.round(rng.random(96) + 0.3 * yes, 1)
    area, low, high = area_limits(yes, value, 0.95)
    assert area == pytest.approx(AREA, abs=1e-12)
    spread = (logit(high) - logit(low)) / 2 / ndtri(0.975) * area * (1 - area)
    assert spread == pytest.approx(ERROR, abs=1e-12)
    assert area_limits(np.array([True] * 5 + [False] * 5), np.r_[np.ones(5), np.zeros(5)], 0.9)[0] == 1.0


AREA, ERROR = 0.79648711943794, 0.048775694461065


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('uk = { question = "impact_type", option = "us_regulation_cost" }', "one of: us, cn, squeeze"),
        ('us = { question = "impact_type" }', "the  codes  that mean yes"),
        ('us = { question = "impact_type", option = "us_regulation" }', "us_regulation_cost"),
        ('us = { question = "impact_tipe", option = "x" }', "impact_type"),
        ('us = { question = "impact_type", code = "1" }', "codes"),
        ('us = "impact_type"', "a table with  question"),
    ],
)
def test_faults_are_named(tmp_path: Path, line: str, words: str) -> None:
    for name in ("demo_2021.sav", "codebook.toml"):
        (tmp_path / name).write_bytes((data_folder() / "demo" / name).read_bytes())
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "x"\n[[waves]]\nname = "2021"\nfile = "demo_2021.sav"\ncodebook = "codebook.toml"\n'
        f'[design]\nid = "firm_id"\n[pressure.selfreport]\n{line}\n',
        encoding="utf-8",
    )
    study = load_study(tmp_path)
    with pytest.raises(Fault) as fault:
        said_by_firms(study, latest_wave(study))
    assert words in str(fault.value)
