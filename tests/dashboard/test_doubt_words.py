"""What to ask next, in both languages."""

import pandas as pd
import pytest

from dashboard.doubt_words import ask_next_words, source_words

ROWS = pd.DataFrame(
    {
        "firm": ["", "", "A", "A", "A", "B"],
        "stat": ["p_choose", "p_choose", "p_choose", "p_choose", "p_choose", "squeeze"],
        "source": ["model", "links", "links", "model", "together", "bands"],
        "n": [90, 90, 1, 1, 1, 1],
        "estimate": [0.8, 0.2, 0.6, 0.3, 0.1, 1.0],
        "low": None,
        "high": None,
        "sd": 0.4,
        "ask": ["", "L7", "L1", "", "", "L2"],
        "method": "m",
    }
)


def test_the_source_that_makes_most_comes_first_with_what_to_ask() -> None:
    most, ask = ask_next_words("en", ROWS, "A")
    assert "links that may not exist" in most and "60%" in most and "L1" in ask
    most, ask = ask_next_words("en", ROWS)
    assert "90 firms" in most and "80%" in most and "answers" in ask


def test_without_p_choose_it_is_about_squeeze_and_without_doubt_nothing_is_said() -> None:
    most, ask = ask_next_words("en", ROWS, "B")
    assert "squeeze" in most and "L2" in ask
    assert ask_next_words("en", ROWS, "C") == ()


SOURCES = ("links", "matches", "bands", "rules", "thresholds", "model", "unseen", "answers", "together")


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_words_in_both_languages(source: str) -> None:
    assert source_words("en", source) != source_words("ja", source)
    if source != "together":
        rows = ROWS.assign(source=source, ask="L1")
        assert all(len(ask_next_words(lang, rows, "A")) == 2 for lang in ("en", "ja"))
