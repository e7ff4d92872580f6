"""Limits of a difference of two answers: turned back where they are of these firms, left alone where not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.attack.beside import _beside, _Words
from analysis.attack.pairing import told_by_pairs
from analysis.attack.taking import Taken
from analysis.estimate.differences import overlap_bounds, paired_limits

N, FIRST, SECOND, BOTH = 60, 30, 22, 19


def comparison(method: str, low: float, high: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stat": ["difference"], "question": ["q"], "option": ["a"], "against": ["b"], "n": [float(N)],
            "estimate": [(FIRST - SECOND) / N], "low": [low], "high": [high], "level": [0.95],
            "method": [method], "wave": ["2021"],
        }
    )  # fmt: skip


def turned_back(table: pd.DataFrame) -> pd.DataFrame:
    taken = Taken("members", Path(), {}, {"claims": table}, floor=5, known=0)
    shown = pd.DataFrame(
        {"wave": ["2021"], "question": ["q"], "by": [""], "group": [""], "option": ["a"]}
        | {"low": [float(FIRST)], "high": [float(FIRST)]}
    )
    return told_by_pairs(taken, shown)[1]


def test_limits_of_the_same_firms_tell_all_four_counts() -> None:
    low, high = paired_limits(FIRST - BOTH, SECOND - BOTH, N)
    found = turned_back(comparison("paired score", float(low), float(high))).set_index("option")
    assert found["low"].to_dict() == {"b, not a": SECOND - BOTH}  # the others are 11, 19 and 27: not few
    assert set(found["verdict"]) == {"recovered"}


def test_limits_over_any_overlap_tell_none() -> None:
    """They are the widest there can be, and so those of one overlap: which is no sign that it is this one."""
    bounds = overlap_bounds(FIRST, SECOND, N)
    ends = np.array([bounds["low"], bounds["high"]])
    assert turned_back(comparison("paired score, any overlap", *ends)).empty
    assert (
        len(turned_back(comparison("paired score", *ends))) > 0
    )  # were they of these firms, they would tell


@pytest.mark.parametrize(("told", "left"), [("over 0.10, up to 0.25: 15%", ["15%"]), ("10 firms", ["10"])])
def test_numbers_of_an_answers_own_words_are_no_count(told: str, left: list[str]) -> None:
    label = "over 0.10, up to 0.25"
    words = _Words({"squeeze": "q"}, {label: frozenset({("q", "3")})}, frozenset({("q", "3")}))
    ((key, numbers),) = _beside([("squeeze", label, told)], words)
    assert key == ("q", "3")
    assert [word for text in numbers for word in text.replace(":", " ").split() if word[0].isdigit()] == left
