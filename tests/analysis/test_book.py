"""Books of tables: every question, every group, one pass."""

import time

import numpy as np
import pandas as pd
import pytest

from analysis import as_frame, banner, mean, share
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
