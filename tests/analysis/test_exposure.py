"""What a Release says of suppliers: by hand for a small study of links, and no firm's part for others."""

import hashlib
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis import read_release, write_release
from analysis.disclosure.concentration import Concentration, is_dominated
from analysis.disclosure.private import PrivateRules
from analysis.release.exposure import exposure_table, protected_exposure
from analysis.release.rules import RULE_TABLES
from survey import StudyFault, load_study

LINKS = """link,buyer,supplier,country,product,share,inputs,value,evidence
L1,A,P,US,chips,0.5,100,50,bill 1
L2,A,R,CN,ores,0.1,100,10,
L3,P,Q,CN,ores,0.4,80,32,bill 3
L4,B,P,US,chips,0.25,40,10,
"""
STUDY = """schema = 1
id = "links"
title = { en = "Links alone" }
languages = ["en", "ja"]
[supply]
links = "links.csv"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("links")
    (folder / "links.csv").write_text(LINKS, encoding="utf-8")
    text = STUDY + '[release]\nprivate = "private.toml"\n'
    (folder / "study.toml").write_text(text, encoding="utf-8")
    (folder / "private.toml").write_text("p = 12\n", encoding="utf-8")
    write_release(load_study(folder), folder / "built")
    return folder / "built"


def test_a_study_of_links_alone_is_built(built: Path) -> None:
    release = read_release(built / "internal")
    assert set(release.tables()) >= {"lookthrough", "exposure", "paths", "chokepoints", "concentration"}
    assert "estimates" not in release.tables()
    assert release.manifest["wave"] == "" and release.manifest["design"] is None
    assert release.manifest["firms"] == 3
    rows = release.table("lookthrough").set_index(["firm", "seed"])
    # A buys 0.1 in China itself, and 0.5 x 0.4 through P, which the look-through to China passes
    china = rows.loc[("A", "country=CN")]
    assert (china["direct"], china["exposure"]) == pytest.approx((0.1, 0.3))
    assert china["high"] == pytest.approx(1.0)
    # all of A's inputs with no name or no names behind them could be from there: P's rest, R (China), A's 0.4
    assert rows.loc[("B", "country=CN"), "exposure"] == pytest.approx(0.1)
    table = release.table("exposure").set_index(["seed", "stat", "summary"])
    assert table.loc[("country=CN", "exposure", "mean"), "estimate"] == pytest.approx((0.3 + 0.4 + 0.1) / 3)
    assert table.loc[("country=CN", "direct", "median"), "estimate"] == pytest.approx(0.1)
    assert table.loc[("", "named", "mean"), "estimate"] == pytest.approx((0.6 + 0.4 + 0.25) / 3)


def test_paths_bear_their_links_and_evidence(built: Path) -> None:
    paths = read_release(built / "internal").table("paths")
    mine = paths[(paths["firm"] == "A") & (paths["seed"] == "country=CN") & (paths["path"] == 1)]
    assert mine[["from", "to", "links", "evidence"]].to_numpy().tolist() == [
        ["A", "P", "L1", "bill 1"],
        ["P", "Q", "L3", "bill 3"],
    ]
    assert mine["weight"].tolist() == pytest.approx([0.2, 0.2])


def test_others_see_nothing_of_three_firms(built: Path) -> None:
    for audience in ("members", "public"):
        release = read_release(built / audience)
        assert set(release.tables()) - set(RULE_TABLES) == {"exposure"}
        table = release.table("exposure")
        assert set(table["seed"]) == {"country=US", "country=CN", ""}
        assert set(table["flag"]) == {"suppressed"}
        assert table[["n", "estimate", "low", "high"]].isna().all().all()
        assert release.manifest["firms"] is None


def test_a_list_of_customers_says_nothing_of_purchases(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("customer,country,share\nX,US,0.5\nY,CN,0.2\n", encoding="utf-8")
    text = STUDY + 'kind = "customers"\n[supply.columns]\nseller = { const = "A" }\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    write_release(load_study(tmp_path), tmp_path / "built", ["internal"])
    assert set(read_release(tmp_path / "built" / "internal").tables()) - set(RULE_TABLES) == {"findings"}


def test_links_without_countries_are_built_and_say_nothing_of_countries(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("buyer,supplier\nA,B\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    write_release(load_study(tmp_path), tmp_path / "built")
    release = read_release(tmp_path / "built" / "internal")
    assert set(release.tables()) - set(RULE_TABLES) == {"findings"}
    assert release.table("findings")["found"].str.contains("no country").any()


def test_headlines_need_a_survey(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(LINKS, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY + '[release]\nheadline = ["x"]\n', encoding="utf-8")
    with pytest.raises(StudyFault, match="headline"):
        write_release(load_study(tmp_path), tmp_path / "built")
    assert not (tmp_path / "built").exists()


RULES = PrivateRules(p=10.0, q=100.0, n=0, k=100.0)


def rows_of(direct: np.ndarray, exposure: np.ndarray) -> pd.DataFrame:
    """Rows of a look-through for matrices of shape (firms, seeds)."""
    firms, seeds = direct.shape
    return pd.DataFrame(
        {
            "firm": np.repeat([f"F{k}" for k in range(firms)], seeds),
            "seed": [*("country=US", "country=CN", "country=DE")][:seeds] * firms,
            "direct": direct.ravel(),
            "exposure": exposure.ravel(),
            "low": exposure.ravel(),
            "high": 1.0,
        }
    )


@settings(max_examples=30, deadline=None)
@given(
    arrays(float, (12, 3), elements=st.sampled_from([0.0, 0.0, 0.01, 0.05, 0.2, 0.9])),
    arrays(float, (12, 3), elements=st.sampled_from([0.0, 0.0, 0.01, 0.1])),
    st.sampled_from([1, 3]),
)
def test_no_firm_is_left_when_others_take_their_own_away(
    direct: np.ndarray, more: np.ndarray, known: int
) -> None:
    exposure = np.minimum(direct + more, 1.0)
    rows = rows_of(direct, exposure)
    whole = exposure_table(rows, np.full(12, 0.5))
    shown = protected_exposure(whole, rows, pd.Series(dtype="int64"), 5, RULES, known)
    shown = shown[(shown["summary"] == "mean") & shown["estimate"].notna()].set_index(["seed", "stat"])
    for place, seed in enumerate(("country=US", "country=CN", "country=DE")):
        sums = {"direct": direct[:, place], "exposure": exposure[:, place]}
        held = [values for stat, values in sums.items() if (seed, stat) in shown.index]
        if len(held) == 2 and (held[1] - held[0]).sum() > 0:
            held.append(held[1] - held[0])
        for values in held:
            largest = int(values.argmax())
            others = [k for k in range(12) if k != largest]
            # who knows `known` others takes them from the exact sum: what is left is no close bound
            left = min(values.sum() - values[list(some)].sum() for some in combinations(others, known))
            assert left >= 1.1 * values[largest] - 1e-9
            assert (values > 0).sum() >= 5
    assert (shown["estimate"] * 100 % 1).round(6).isin([0.0, 1.0]).all()


def test_the_p_percent_rule_on_hand_made_sums() -> None:
    # the reader is the second firm: 0.5 and what is unknown, 0.04, is under a tenth of the first
    values = np.array([[0.5, 0.5], [0.3, 0.3], [0.04, 0.05], [0.0, 0.0]])
    assert is_dominated(values, Concentration(p=10, known=1)).tolist() == [True, False]
    assert is_dominated(values, Concentration(p=10, known=2)).tolist() == [True, True]


def test_few_suppliers_hide_a_country_and_others_leave_no_row() -> None:
    rng = np.random.default_rng(5)
    direct = rng.uniform(0.1, 0.2, (40, 3))
    rows = rows_of(direct, direct + 0.05)
    whole = exposure_table(rows, np.full(40, 0.5))
    many = pd.Series({"country=US": 9, "country=CN": 4, "country=DE": 2})
    shown = protected_exposure(whole, rows, many, 5, RULES, 1)
    assert set(shown["seed"]) == {"country=US", "country=CN", ""}
    assert shown[shown["seed"] == "country=CN"]["estimate"].isna().all()
    assert shown[shown["stat"] == "named"]["flag"].eq("suppressed").all()
    assert shown[shown["seed"] == "country=US"]["estimate"].notna().all()


def test_firms_of_one_holding_are_one_firm() -> None:
    direct = np.full((12, 1), 0.004)
    direct[:3, 0] = [0.5, 0.45, 0.05]
    rows = rows_of(direct, direct)
    whole = exposure_table(rows, np.full(12, 0.5))
    many = pd.Series({"country=US": 9})
    assert protected_exposure(whole, rows, many, 5, RULES, 1)["estimate"].notna().any()
    merged = PrivateRules(10.0, 100.0, 0, 100.0, holdings={"F0": "H", "F1": "H"})
    found = protected_exposure(whole, rows, many, 5, merged, 1)
    assert found[found["seed"] == "country=US"]["estimate"].isna().all()


def test_no_parameter_leaves_not_even_as_a_checksum(built: Path) -> None:
    checksum = hashlib.sha256(b"p = 12\n").hexdigest()
    for audience in ("internal", "members", "public"):
        files = sorted((built / audience).iterdir())
        assert "private" not in (built / audience / "manifest.json").read_text(encoding="utf-8")
        assert all(checksum.encode() not in path.read_bytes() for path in files)
        assert all(b"private.toml" not in path.read_bytes() for path in files)


def test_amounts_of_real_firms_need_a_private_file(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(LINKS, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    with pytest.raises(StudyFault, match="no `private` file"):
        write_release(load_study(tmp_path), tmp_path / "built", ["public"])
    assert not (tmp_path / "built").exists()
    write_release(load_study(tmp_path), tmp_path / "built", ["internal"])
    text = STUDY.replace("[supply]", "synthetic = true\n[supply]")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    write_release(load_study(tmp_path), tmp_path / "built", ["public"])
