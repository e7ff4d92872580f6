"""One test a primary rule on counts: what each hides by itself, and that it hides no more."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.concentration import Concentration, cell_amounts, find_dominated
from analysis.disclosure.oneway import protect_table
from analysis.disclosure.private import read_private
from analysis.release.cells import shown_cells
from analysis.release.tables import internal_tables, protected_tables
from survey import FileFault, Wave, answers_to, load_study, weigh_source
from tests.analysis.attack.small_world import write_world

FLOOR = 5


def wave_of(folder: Path, **columns: object) -> Wave:
    """Forty firms that said the same but for some columns."""
    table = {"id": [f"F{i:03d}" for i in range(40)], "sector": [1, 2] * 20, "sales": [1, 2] * 20}
    table |= {"acts": [1, 2] * 20, "how": [1, ""] * 20, "chose": [0, 1] * 20}
    table |= {f"f_{c}": [1, 0] * 20 for c in "abcd"}
    study = write_world(folder, 40, answers=pd.DataFrame(table | columns))
    return weigh_source(study)[0]


def shown_of(wave: Wave, question: str, by: tuple[str, ...] = (), holding: object = None) -> set[str]:
    """Options of a question that are shown over all firms, or `group:option` by a break."""
    given = {q.id: answers_to(wave, q.id) for q in wave.codebook.tabulated()}
    codes = None if holding is None else np.asarray(holding, dtype=object)
    cells = shown_cells(wave.codebook, given, FLOOR, by, codes)
    place = by[0] if by else ""
    return {f"{g}:{o}" if g else o for q, b, g, o in cells if q == question and b == place}


@pytest.mark.parametrize(("many", "is_shown"), [(4, False), (5, True)])
def test_minimum_frequency(tmp_path: Path, many: int, is_shown: bool) -> None:
    wave = wave_of(tmp_path, f_a=[1] * many + [0] * (40 - many))
    assert ("a" in shown_of(wave, "fears")) == is_shown


@pytest.mark.parametrize(("rest", "is_shown"), [(4, False), (5, True)])
def test_complement(tmp_path: Path, rest: int, is_shown: bool) -> None:
    wave = wave_of(tmp_path, f_a=[0] * rest + [1] * (40 - rest))
    assert ("a" in shown_of(wave, "fears")) == is_shown


@pytest.mark.parametrize("said", [0, 1])
def test_zero_cells_and_everybody(tmp_path: Path, said: int) -> None:
    wave = wave_of(tmp_path, f_a=[said] * 40)
    assert "a" not in shown_of(wave, "fears")


@pytest.mark.parametrize("said", [0, 1])
def test_group_disclosure(tmp_path: Path, said: int) -> None:
    """Nobody, or everybody, of a named group, though over all firms the answer is common."""
    ticks = [said if i % 4 == 1 else int(i < 20) for i in range(40)]
    wave = wave_of(tmp_path, sector=[1, 2, 3, 4] * 10, f_a=ticks, f_b=[1] * 20 + [0] * 20)
    shown = shown_of(wave, "fears", ("sector",))
    assert "2:b" in shown
    assert "2:a" not in shown
    assert "a" in shown_of(wave, "fears")


def test_percents_that_imply_counts(tmp_path: Path) -> None:
    """Of a hidden row neither the percent nor anything it could be turned back from is left."""
    wave = wave_of(tmp_path, f_a=[1] * 3 + [0] * 37)
    study = load_study(tmp_path)
    table = protected_tables(internal_tables(wave, study.design, ()), wave, FLOOR)
    row = table[(table["question"] == "fears") & (table["option"] == "a")].iloc[0]
    beside = ["n", "base", "estimate", "se", "low", "high", "df", "deff", "n_eff", "p"]
    assert row[beside].isna().all()
    assert (row["flag"], row["method"], row["letters"]) == ("suppressed", "", "")
    # and percents shown give whole counts of the floor or more, with as many left
    shown = table[table["estimate"].notna()]
    count = shown["estimate"] * shown["n"]
    assert (count.round() >= FLOOR).all()
    assert ((shown["n"] - count).round() >= FLOOR).all()


def test_firms_of_one_holding_are_one_firm_under_the_floor(tmp_path: Path) -> None:
    """Eight firms said so, six of them of one owner: three owners, of whom each knows the other two's sum."""
    wave = wave_of(tmp_path, f_a=[1] * 8 + [0] * 32)
    alone = [f"own {i}" for i in range(40)]
    owned = ["group"] * 6 + alone[6:]
    assert "a" in shown_of(wave, "fears", holding=alone)
    assert "a" not in shown_of(wave, "fears", holding=owned)
    # all that are not of it are of one owner: the complement
    wave = wave_of(tmp_path / "rest", f_a=[1] * 30 + [0] * 10)
    assert "a" not in shown_of(wave, "fears", holding=[*alone[:30], *["group"] * 10])
    assert "a" in shown_of(wave, "fears", holding=alone)
    # a table of nine owners is a table of nine firms
    few = [f"group {i % 9}" for i in range(40)]
    assert not shown_of(wave, "fears", holding=few)


def test_holdings_hold_in_groups_too(tmp_path: Path) -> None:
    wave = wave_of(tmp_path, sector=[1, 2, 3, 4] * 10, f_a=[1] * 20 + [0] * 20)
    alone = [f"own {i}" for i in range(40)]
    owned = ["group" if i in (0, 4, 8) else name for i, name in enumerate(alone)]
    assert "1:a" in shown_of(wave, "fears", ("sector",), alone)
    assert "1:a" not in shown_of(wave, "fears", ("sector",), owned)


@pytest.mark.parametrize(
    ("amounts", "rule", "is_unsafe"),
    [
        ([300.0, 20.0, 10.0], Concentration(n=1, k=85), True),  # (n,k), the manual's check
        ([50_000.0, 49_000.0, 1_000.0], Concentration(n=1, k=90), False),  # the handbook's first vector
        ([52_000.0, 50_000.0, 8_000.0], Concentration(p=10), False),  # its second: 15.4 percent
        ([52_000.0, 50_000.0, 8_000.0], Concentration(n=2, k=90.9), True),
        ([52_000.0, 50_000.0, 5_000.0], Concentration(p=10), True),  # p%: 9.6 percent
        ([52_000.0, 50_000.0, 8_000.0], Concentration(p=10, q=60), True),  # (p,q): 10/60 of 52,000 is 8,667
    ],
)
def test_rules_on_amounts(amounts: list[float], rule: Concentration, is_unsafe: bool) -> None:
    found = cell_amounts(np.zeros(3, dtype=np.int64), np.array(amounts), 1)
    assert bool(find_dominated(found, rule)[0][0]) == is_unsafe


def test_waivers_and_weights() -> None:
    cell, amounts, rule = (
        np.zeros(3, dtype=np.int64),
        np.array([52_000.0, 50_000.0, 5_000.0]),
        Concentration(p=10),
    )
    plain = find_dominated(cell_amounts(cell, amounts, 1), rule)[0][0]
    waived = cell_amounts(cell, amounts, 1, waived=np.array([True, True, False]))
    weighted = cell_amounts(cell, amounts, 1, weight=np.array([1.0, 1.0, 10.0]))
    assert plain
    assert not find_dominated(weighted, rule)[0][0]
    # the largest that did not waive is guarded against the largest two
    assert find_dominated(waived, Concentration(p=10, known=2))[0][0]
    assert not find_dominated(cell_amounts(cell, amounts, 1, waived=np.ones(3, dtype=bool)), rule)[0][0]


def test_p_and_k_stand_in_a_private_file_and_in_no_message(tmp_path: Path) -> None:
    path = tmp_path / "private.toml"
    path.write_text("p = 61.7\nq = 33.3\n", encoding="utf-8")
    with pytest.raises(FileFault, match="contradict") as fault:
        read_private(path, 5)
    assert "61" not in str(fault.value)
    assert "33" not in str(fault.value)


def test_secondary_cells_are_hidden_with_the_primary() -> None:
    hidden = protect_table(np.array([3, 9, 12, 16]), 40, FLOOR, adds_up=True)
    assert hidden.options[0]
    assert hidden.options.sum() == 2
    assert not hidden.whole
