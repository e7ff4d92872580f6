"""Books of tables: every question, every group, one pass."""

import time

import numpy as np
import pandas as pd
import pytest

from analysis import Comparison, EstimateTable, as_frame, banner, banner_book, mean, share
from survey import Design, QuestionFault
from tests.analysis.waves_by_hand import question, wave_of


def book_wave(rows: int = 200, many: int = 4):
    rng = np.random.default_rng(11)
    singles = [question(f"q{i}", "single", tuple("12345678")) for i in range(many)]
    frame = {q.id: rng.integers(1, 9, rows) for q in singles}
    frame |= {f"m_{c}": rng.integers(0, 2, rows) for c in "abc"}
    frame |= {"b": rng.integers(0, 2, rows), "size": rng.normal(size=rows), "g": rng.integers(1, 9, rows)}
    frame |= {"w": rng.uniform(1, 3, rows), "id": np.arange(rows), "note": "x"}
    return wave_of(
        frame, *singles, question("m", "multiple", ("a", "b", "c"), nets={"some": ("a", "b", "c")}),
        question("b", "binary", ("0", "1")), question("size", "number"),
        question("g", "single", tuple("12345678")), question("w", "number", role="weight"),
        question("id", "number", role="id"), question("note", "text"),
    )  # fmt: skip


def test_a_book_is_the_same_as_its_questions_one_by_one():
    wave, design = book_wave(), Design(weight="w", population=(1000,))
    book = banner(wave, design, by=["g"])
    assert list(dict.fromkeys(e.question for e in book)) == ["q0", "q1", "q2", "q3", "m", "b", "size", "g"]
    for name in ("q0", "m", "b"):
        mine = as_frame([e for e in book if e.question == name])
        pd.testing.assert_frame_equal(mine, as_frame(share(wave, design, name, by="g")), rtol=1e-12)
    ours = [e for e in book if e.question == "size"]
    theirs = mean(wave, design, "size", by="g")
    pd.testing.assert_frame_equal(as_frame(ours), as_frame(theirs), rtol=1e-12)
    assert {e.option for e in book if e.question == "m"} == {"a", "b", "c", "some"}
    assert len(book) == 9 * (5 * 8 + 4 + 1 + 1)


def test_shares_of_a_single_answer_add_up():
    wave = book_wave()
    for rule in ("answered", "routed", "returned"):
        book = banner(wave, Design(weight="w"), ["q0", "q1"], ["g", "b"], rule)
        sums: dict[tuple[str, str, str], float] = {}
        for e in book:
            key = (e.question, e.by, e.group)
            sums[key] = sums.get(key, 0.0) + e.estimate
        assert len(sums) == 2 * (1 + 8 + 2)
        assert list(sums.values()) == pytest.approx([1.0] * len(sums))


def test_text_is_refused_by_name():
    with pytest.raises(QuestionFault, match="note"):
        banner(book_wave(), Design(), ["note"])
    with pytest.raises(QuestionFault, match="q1"):
        banner(book_wave(), Design(), ["q11"])


def test_sixty_questions_by_eight_groups_take_no_time():
    """4,320 estimates; the limit is generous, so that only a loop over cells breaks it."""
    wave = book_wave(1000, 60)
    began = time.perf_counter()
    book = banner(wave, Design(weight="w"), [f"q{i}" for i in range(60)], ["g"])
    assert len(book) == 60 * 8 * 9
    assert time.perf_counter() - began < 3


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("test", ["design", "spss", "displayr_exceptions"])
@pytest.mark.parametrize(
    "design",
    [Design(), Design(weight="w"), Design(population=(6,), selection="list"), Design(population=(10,))],
)
def test_nothing_is_missing_without_a_word(design, test):
    """Nobody answered, nobody in a group, one firm, no weight: every gap has a flag."""
    none = [np.nan] * 6
    columns = {"q": none, "g": [1, 1, 2, 2, 3, np.nan], "y": [1.0, 2, 3, 4, 5, np.nan], "z": none}
    columns |= {"w": [1.0, 2, 0, 1, 1, 1], "m_a": [1, 0, 1, 1, 0, 0], "m_b": [1, 1, 0, 1, 0, 0]}
    wave = wave_of(
        columns, question("q", "single", ("1", "2")), question("g", "single", tuple("1234")),
        question("y", "number"), question("z", "number"), question("w", "number", role="weight"),
        question("m", "multiple", ("a", "b")),
    )  # fmt: skip
    for by in (["g"], ["m"], ["g>m"], []):
        for of_responses in (False, True):
            book = banner_book(wave, design, None, by, comparison=Comparison(test), of_responses=of_responses)
            found, pairs = book.estimates.frame(), book.pairs()
            gaps = found[["estimate", "low", "high"]].isna().any(axis=1)
            assert (found.loc[gaps, "flag"] != "").all()
            assert (pairs.loc[pairs["p"].isna(), "flag"] == "no test").all()
    assert len(banner_book(wave, design, [], ["g"], comparison=Comparison(test)).estimates) == 0


def test_a_table_of_estimates_is_a_sequence_of_them():
    book = banner(book_wave(), Design(), ["q0", "m"], ["g"])
    assert isinstance(book, EstimateTable) and len(book) == 9 * (8 + 4)
    assert repr(book[-1]) == repr(list(book)[-1]) and repr(book[5]) == repr(list(book)[5])
    assert repr(list(book[3:9])) == repr(list(book)[3:9])
    pd.testing.assert_frame_equal(as_frame(book), as_frame(list(book)))
    assert book.column("n")[0] == 200 and not book.column("n").flags.writeable
    with pytest.raises(IndexError):
        book[len(book)]
