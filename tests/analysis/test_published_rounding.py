"""Counts behind printed percents: against printing every count of every base, and known cases."""

import numpy as np
import pytest

from analysis.published.rounding import RULES, compact, count_range, printed_as


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_counts_are_those_whose_percent_prints_so(rule: str, decimals: int) -> None:
    units = np.arange(0, 100 * 10**decimals + 1, 7 if decimals == 2 else 1)
    bases = np.arange(1, 61)
    low, high = count_range(units, np.full(len(units), 10**decimals), bases, rule)
    asked = set(units.tolist())
    for at, base in enumerate(bases.tolist()):
        found = {
            (int(v), c)
            for v, a, b in zip(units, low[:, at], high[:, at], strict=True)
            for c in range(int(a), int(b) + 1)
        }
        printed = {(int(printed_as(c, base, decimals, rule).replace(".", "")), c) for c in range(base + 1)}
        assert found == {pair for pair in printed if pair[0] in asked}


@pytest.mark.parametrize(
    ("count", "base", "rule", "text"),
    [
        (67, 80, "half-up", "83.8"),
        (67, 80, "half-even", "83.8"),
        (51, 80, "half-up", "63.8"),
        (51, 80, "cut", "63.7"),
        (33, 80, "half-up", "41.3"),
        (33, 80, "half-even", "41.2"),
        (0, 9, "cut", "0.0"),
        (9, 9, "half-even", "100.0"),
    ],
)
def test_ties_go_as_the_rule_says(count: int, base: int, rule: str, text: str) -> None:
    assert printed_as(count, base, 1, rule) == text


def test_unknown_rules_and_empty_bases_are_refused() -> None:
    with pytest.raises(ValueError, match="half-up"):
        printed_as(1, 2, 1, "upwards")
    with pytest.raises(ValueError, match="base 0"):
        printed_as(0, 0, 1, "cut")


def test_runs_of_bases_are_shortened() -> None:
    assert compact([]) == ""
    assert compact([46, 63, 70, 71, 72, 75, 76]) == "46,63,70-72,75,76"
