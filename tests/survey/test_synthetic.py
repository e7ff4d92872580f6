"""Respondents made to printed counts: counts exact, edits as few as can be, dependence as stated."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from survey import State, Wave, answers_to, read_dependence
from survey.codebook import Codebook
from survey.faults import QuestionFault
from survey.printed_counts import PrintedOption, PrintedQuestion, PrintedWave, Printing
from survey.synthetic import synthesize
from survey.synthetic_fill import highest
from survey.wave import Origin

GAVE = (State.ANSWERED, State.ANSWERED_NOT_ROUTED)
DEPENDENCE = read_dependence()
WORDS = {"en": "words", "ja": "ことば"}


def _question(
    name: str, options: tuple[str, ...], is_single: bool, *printings: Printing, gate=None, sides=()
) -> PrintedQuestion:
    named = tuple(
        PrintedOption(o, WORDS, side)
        for o, side in zip(options, sides or ("both",) * len(options), strict=True)
    )
    return PrintedQuestion(name, WORDS, named, is_single, printings, gate)


def _made(wave: PrintedWave, seed: int = 1) -> tuple[pd.DataFrame, Codebook, Wave]:
    frame, codebook = synthesize(wave, DEPENDENCE, np.random.default_rng(seed))
    return frame, codebook, Wave(wave.name, frame, codebook, Origin("", "", "sav", "", len(frame)))


def _tally(wave: Wave, name: str) -> tuple[int, dict[str, int]]:
    """Firms that answered, and that gave each option, as every estimate of the product counts them."""
    found = answers_to(wave, name)
    counts = dict(zip(found.options, (int(c) for c in found.ticks.sum(axis=0)), strict=True))
    return int(np.isin(found.state, GAVE).sum()), counts


TWO = PrintedWave(
    "2022",
    {"early": 8, "late": 10},
    (
        _question("hit", ("yes", "no"), True, Printing("early", 8, (5, 3)), Printing("late", 10, (7, None))),
        _question(
            "how",
            ("sites", "sales"),
            False,
            Printing("early", 6, (4, None)),
            Printing("late", 8, (4, 3)),
            gate=("hit", "yes"),
        ),
    ),
)


def test_bases_counts_gates_leaks_and_editions_are_exact() -> None:
    frame, codebook, wave = _made(TWO)
    assert _tally(wave, "hit_early") == (8, {"yes": 5, "no": 3})
    assert _tally(wave, "hit") == (10, {"yes": 7, "other": 3})
    assert (_tally(wave, "how_early")[0], _tally(wave, "how_early")[1]["sites"]) == (6, 4)
    base, counts = _tally(wave, "how")
    assert (base, counts["sites"], counts["sales"]) == (8, 4, 3)
    assert codebook.question("how").asked_if == "`hit` == 'yes'"
    assert codebook.question("how_early").asked_if == "`hit_early` == 'yes'"
    leaks = answers_to(wave, "how_early")
    assert int((leaks.state == State.ANSWERED_NOT_ROUTED).sum()) == 1  # six answered, five were led
    assert set(frame["edition"]) == {"early", "late"}
    assert (frame["edition"] == "early").sum() == 8
    assert frame.loc[frame["edition"] == "late", "hit_early"].isna().all()
    assert set(frame.loc[(frame["how_early_sites"] == 97), "hit_early"]) <= {"no"}
    assert all(set(q.label) == {"en", "ja"} for q in codebook.questions)


def test_firms_of_the_earlier_edition_keep_their_answers() -> None:
    frame, _, _ = _made(TWO, seed=7)
    before = frame[frame["edition"] == "early"]
    assert (before.loc[before["hit_early"] == "yes", "hit"] == "yes").all()
    both = before["how_early_sites"].isin([0, 1])
    assert before.loc[both, "how_sites"].eq(before.loc[both, "how_early_sites"]).all()


@st.composite
def _pairs(draw) -> tuple[bool, tuple[int, list], tuple[int, list]]:
    is_single = draw(st.booleans())
    first, second = draw(st.integers(1, 12)), draw(st.integers(1, 14))
    made = []
    for base in (first, second):
        counts, left = [], base
        for _ in range(3):
            count = draw(st.integers(0, left if is_single else base))
            left -= count
            counts.append(None if draw(st.integers(0, 3)) == 0 else count)
        made.append((base, counts))
    return is_single, made[0], made[1]


@settings(max_examples=40, deadline=None)
@given(_pairs(), st.integers(0, 10**6))
def test_no_answer_is_changed_that_counts_do_not_force(pair, seed: int) -> None:
    from analysis.published.editions import changes_needed

    is_single, (n, one), (m, two) = pair
    options = ("a", "b", "c")
    wave = PrintedWave(
        "w",
        {"x": 12, "y": 14},
        (_question("q", options, is_single, Printing("x", n, tuple(one)), Printing("y", m, tuple(two))),),
    )
    frame, _, made = _made(wave, seed)
    for name, base, counts in (("q_x", n, one), ("q", m, two)):
        found = _tally(made, name) if any(c is not None for c in counts) or is_single else None
        if found is not None:
            assert found[0] == base
            assert [found[1].get(o) for o, c in zip(options, counts, strict=True) if c is not None] == [
                c for c in counts if c is not None
            ]
    if m < n:
        return
    arrays = [np.array([-1 if c is None else c for c in counts]) for counts in (one, two)]
    fewest = changes_needed((n, arrays[0]), (m, arrays[1]), is_single)
    if is_single:
        before, after = frame["q_x"], frame["q"]
        gave = before.notna() & ~before.isin(["97", "99"])
        shown = [{o for o, c in zip(options, x, strict=True) if c is not None} for x in (one, two)]
        same = before == after
        same |= before.isin(options) & ~before.isin(shown[1]) & (after == "other")
        same |= (before == "other") & after.isin(shown[1] - shown[0])
        assert int((gave & ~same).sum()) == fewest
    else:
        changed = 0
        for option, c, d in zip(options, one, two, strict=True):
            if c is not None and d is not None:
                before, after = frame[f"q_x_{option}"], frame[f"q_{option}"]
                changed += int((before.isin([0, 1]) & (before != after)).sum())
        assert changed == fewest


def _tetrachoric(one: np.ndarray, two: np.ndarray) -> float:
    """The correlation of two normal scores whose upper parts are these ticks, from the four cells alone."""
    cuts = [ndtri(1 - one.mean()), ndtri(1 - two.mean())]
    both = (one & two).mean()

    def gap(rho: float) -> float:
        return float(multivariate_normal.cdf(-np.array(cuts), cov=[[1, rho], [rho, 1]])) - both

    return float(brentq(gap, -0.95, 0.95, xtol=1e-4))


def test_answers_of_many_firms_correlate_as_stated() -> None:
    options, sides = ("p", "q", "r", "s"), ("us", "us", "cn", "none")
    counts = (3000, 5000, 4000, 2500)
    wave = PrintedWave(
        "w", {"": 10_000}, (_question("q", options, False, Printing("", 10_000, counts), sides=sides),)
    )
    frame, _, _ = _made(wave, seed=5)
    ticks = {o: (frame[f"q_{o}"] == 1).to_numpy() for o in options}
    for i in range(4):
        for j in range(i):
            a, b = (DEPENDENCE.loadings("q", sides[k]) for k in (i, j))
            stated = float(a @ DEPENDENCE.traits @ b)
            assert _tetrachoric(ticks[options[i]], ticks[options[j]]) == pytest.approx(stated, abs=0.05)
    shares = frame["sector"].value_counts(normalize=True)
    assert all(shares[part.code] == pytest.approx(part.share, abs=1e-4) for part in DEPENDENCE.sectors)


def test_one_seed_gives_one_file_and_another_seed_other_firms() -> None:
    first, again, other = (_made(TWO, seed)[0] for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_names_that_are_taken_are_not_taken_twice() -> None:
    one = _question("firm_id", ("97", "other"), True, Printing("", 5, (2, 1)))
    two = _question("a", ("b_c",), False, Printing("", 5, (2,)))
    three = _question("a_b", ("c",), False, Printing("", 5, (3,)))
    frame, codebook, wave = _made(PrintedWave("w", {"": 6}, (one, two, three)))
    assert frame.columns.is_unique
    assert _tally(wave, "firm_id") == (5, {"97": 2, "other": 1, "other_": 2})
    assert _tally(wave, "a")[1]["b_c"] == 2
    assert _tally(wave, "a_b")[1]["c"] == 3
    assert [q.id for q in codebook.questions if q.role == "id"] == ["firm_id_"]


@pytest.mark.parametrize(
    ("base", "counts", "is_single"), [(9, (1,), True), (5, (6,), False), (5, (3, 3), True)]
)
def test_counts_beyond_their_base_are_refused(base: int, counts: tuple[int, ...], is_single: bool) -> None:
    question = _question("q", ("a", "b")[: len(counts)], is_single, Printing("", base, counts))
    with pytest.raises(QuestionFault, match=r"of . firms, among 8"):
        PrintedWave("w", {"": 8}, (question,))


def test_more_firms_than_there_are_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="3 firms asked for among 2"):
        highest(np.zeros(4), 3, np.array([True, True, False, False]))
