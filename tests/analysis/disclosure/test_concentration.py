"""The rules on amounts say what the handbook says, at its numbers and at their edges."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.concentration import Concentration, cell_amounts, find_dominated
from analysis.disclosure.private import read_private
from survey import FileFault, StudyFault


def judged(amounts: list[float], rule: Concentration, **more: np.ndarray) -> tuple[bool, float]:
    """Whether the sum of these is unsafe, and its upper level."""
    found = cell_amounts(np.zeros(len(amounts), dtype=np.int64), np.array(amounts), 1, **more)
    unsafe, level = find_dominated(found, rule)
    return bool(unsafe[0]), float(level[0])


def test_vectors_of_the_handbook() -> None:
    # Handbook, 2nd ed., 4.2.2: safe under (1,90) though x2 knows x1 within 2%
    assert judged([50_000, 49_000, 1_000], Concentration(n=1, k=90)) == (False, 0.0)
    assert judged([50_000, 49_000, 1_000], Concentration(p=10))[0]
    # 60,000 against 52,000 is 15.4 percent; 102,000 of 110,000 is 92.7
    assert judged([52_000, 50_000, 8_000], Concentration(p=10)) == (False, 0.0)
    assert judged([52_000, 50_000, 8_000], Concentration(n=2, k=90.9))[0]
    # tau-ARGUS manual, "Audit": (1,85), X = 330: the feasible maximum must reach 352.94
    unsafe, level = judged([300, 20, 10], Concentration(n=1, k=85))
    assert unsafe
    assert 330 + level == pytest.approx(352.94, abs=0.005)


def test_weights_of_the_manual() -> None:
    # tau-ARGUS manual: 100 for four firms and 10 for seven; the two largest are 200 of 470, 42.6 percent
    weights = np.array([4.0, 7.0])
    assert judged([100, 10], Concentration(n=2, k=42.5), weight=weights)[0]
    assert not judged([100, 10], Concentration(n=2, k=42.6), weight=weights)[0]


def test_equality_is_safe() -> None:
    assert not judged([100, 50, 10], Concentration(p=10))[0]
    assert judged([100, 50, 9.99], Concentration(p=10))[0]
    assert not judged([85, 10, 5], Concentration(n=1, k=85))[0]
    assert judged([85.01, 10, 4.99], Concentration(n=1, k=85))[0]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 60).map(float), min_size=3, max_size=8),
    st.sampled_from([5.0, 10.0, 25.0]),
    st.sampled_from([1, 2, 3]),
)
def test_each_rule_as_it_is_written(amounts: list[float], p: float, known: int) -> None:
    ordered, total = sorted(amounts, reverse=True), sum(amounts)
    left = total - sum(ordered[: known + 1])
    assert judged(amounts, Concentration(p=p, known=known, frequency=0, hides_zero=False))[0] == (
        left < p / 100 * ordered[0]
    )
    # (p,q) is p/q in place of p/100
    assert judged(amounts, Concentration(p=p, q=50, frequency=0, hides_zero=False))[0] == (
        total - sum(ordered[:2]) < p / 50 * ordered[0]
    )
    # safe under (2, 100 * 100/(100+p)) is safe under p%
    by_two = judged(amounts, Concentration(n=2, k=100 * 100 / (100 + p), frequency=0, hides_zero=False))[0]
    by_p = judged(amounts, Concentration(p=p, frequency=0, hides_zero=False))[0]
    assert by_two or not by_p


def test_holdings_waivers_few_firms_and_nothing() -> None:
    rule = Concentration(p=10)
    # two firms of one holding are one who knows both
    assert not judged([40, 35, 30], rule)[0]
    assert judged([40, 35, 30], rule, holding=np.array([1, 1, 2]))[0]
    # who waived is not protected any more; the next is
    first = np.array([True, False, False, False, False])
    assert judged([100.0, 50.0, 4.0, 3.0, 2.0], rule)[0]
    # of 159 the largest other is 100: 9 is left beside the next, 50, more than a tenth of it
    assert not judged([100.0, 50.0, 4.0, 3.0, 2.0], rule, waived=first)[0]
    assert judged([100.0, 50.0, 2.0, 1.0, 1.0], rule, waived=first)[0]
    assert judged([5.0, 5.0], Concentration())[0]
    assert not judged([5.0, 5.0], Concentration(), waived=np.array([True, True]))[0]
    assert judged([0.0, 0.0, 0.0, 0.0], Concentration())[0]
    assert not judged([0.0, 0.0, 0.0, 0.0], Concentration(hides_zero=False))[0]


def test_negative_amounts_and_light_weights_are_named() -> None:
    with pytest.raises(StudyFault, match="contribution 2"):
        judged([1.0, -2.0], Concentration())
    with pytest.raises(StudyFault, match="weight"):
        judged([1.0, 2.0], Concentration(), weight=np.array([1.0, 0.2]))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("p = 10", "shipped"),
        ("p = 0", "p out of range"),
        ("", "neither"),
        ("n = 2", "alone"),
        ("p = 20\nq = 15", "contradict"),
        ("n = 2\nk = 40", "contradict"),
        ("n = 5\nk = 99", "contradict"),
        ("p = 12\nfloor = 5", "the key 'floor'"),
        ('p = 12\nsecret = "short"', "short secret"),
        ('p = 12\nholdings = "none.csv"', "no such file"),
        ("p = [", "not TOML"),
    ],
)
def test_private_files_at_fault_are_named_and_repeat_no_parameter(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "private.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileFault, match=says) as fault:
        read_private(path, 5)
    assert "20" not in fault.value.found
    assert "40" not in fault.value.found


def test_a_private_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("firm,holding\nA,H\nB,H\n", encoding="utf-8")
    path = tmp_path / "private.toml"
    path.write_text('p = 12\nwaived = ["A"]\nholdings = "h.csv"\n', encoding="utf-8")
    found = read_private(path, 5)
    assert (found.p, found.holdings, found.waived) == (12.0, {"A": "H", "B": "H"}, {"A"})
    assert found.concentration(3).known == 3
