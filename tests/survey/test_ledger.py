"""The Ledger names every change, and replays to the same bytes without the rules that made it."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import (
    Change,
    CleanStep,
    FileFault,
    Ledger,
    Question,
    answers_text,
    answers_to,
    clean_wave,
    ledger_cells,
    ledger_json,
    read_ledger,
    replay_ledger,
)
from tests.survey.small_waves import single, wave_of

STEPS = (
    CleanStep("recode", "one code", own={"question": "q", "codes": {"9": "1"}}),
    CleanStep(
        "set_missing", "did not say", "K. Sato", own={"question": "t", "codes": ["x"], "missing": "refused"}
    ),
    CleanStep("merge_duplicates", "sent twice", own={"id": "id"}),
    CleanStep("winsorise", "=cap", own={"question": "n", "max": 50}),
    CleanStep("drop", "test entry", own={"id": "id", "firms": ["b"]}),
)
FRAME = {
    "id": ["a", "b", "a", "c", "d"],
    "q": [9, 1, 2, 1, 9],
    "t": pd.Series([" x ", "y", "x", None, "　"], dtype="str"),
    "n": pd.Series(["１，２００", "3", "", "7", None], dtype="str"),
    "d": pd.to_datetime(["2021-12-01", None, "2021-12-03", None, None]),
}
QUESTIONS = (
    single("q", "1", "2"),
    Question("t", "text", ("t",)),
    Question("n", "number", ("n",)),
    Question("d", "date", ("d",)),
)


def cleaned():
    wave = wave_of(FRAME, *QUESTIONS)
    return wave, *clean_wave(wave, STEPS, id="id")


def test_replay_of_the_file_gives_the_same_answers(tmp_path):
    wave, clean, ledger = cleaned()
    content = answers_text(clean).to_csv(index=False).encode()
    text = ledger_json(ledger, study="..", answers=content)
    (tmp_path / "l.json").write_text(text, encoding="utf-8")
    held = read_ledger(tmp_path / "l.json")
    again = replay_ledger(wave, held.ledger)
    pd.testing.assert_frame_equal(again.frame, clean.frame)
    assert answers_text(again).to_csv(index=False).encode() == content
    assert answers_to(again, "t").state.tolist() == answers_to(clean, "t").state.tolist()
    assert len(again) == 3 and {c.rule for c in ledger.changes} == {s.rule for s in STEPS} | {
        "trim_text", "narrow_digits", "thousands"
    }  # fmt: skip
    assert ledger_json(clean_wave(wave, STEPS, id="id")[1], study="..", answers=content) == text


def test_cells_name_row_firm_before_after_reason_and_who():
    _, _, ledger = cleaned()
    cells = ledger_cells(ledger)
    assert len(cells) == sum(len(c) for c in ledger.changes)
    said = cells[cells["rule"] == "set_missing"].iloc[0]
    assert said[["row", "firm", "before", "after", "missing", "reason", "who"]].tolist() == [
        1, "a", "x", "x", "refused", "did not say", "K. Sato"
    ]  # fmt: skip
    dropped = cells[cells["rule"] == "drop"].iloc[0]
    assert dropped[["row", "firm", "before", "after"]].tolist() == [2, "b", "(whole row)", "(dropped)"]
    assert ledger_cells(Ledger()).columns.tolist() == cells.columns.tolist()


def test_a_ledger_that_does_not_fit_the_file_stops():
    wave, _, ledger = cleaned()
    other = wave_of(FRAME | {"q": [8, 1, 2, 1, 9]}, *QUESTIONS)
    with pytest.raises(FileFault, match="column 'q', row 1"):
        replay_ledger(other, ledger)
    with pytest.raises(FileFault, match="checksum"):
        replay_ledger(wave, Ledger(ledger.changes, sha256="ab"))
    with pytest.raises(FileFault, match="no column 'q'"):
        replay_ledger(wave_of({"id": FRAME["id"], "t": FRAME["t"], "n": FRAME["n"]}, *QUESTIONS[1:3]), ledger)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda t: t.pop("sha256"), "not whole"),
        (lambda t: t["changes"][0]["rows"].append(1), "not as many"),
        (lambda t: t.update(schema=2), "no Ledger"),
        (lambda t: t["changes"][0].pop("dtype"), "dtype"),
    ],
)
def test_broken_ledgers_say_what_is_broken(tmp_path, edit, said):
    table = json.loads(ledger_json(cleaned()[2]))
    edit(table)
    (tmp_path / "l.json").write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(FileFault, match=said):
        read_ledger(tmp_path / "l.json")


CELLS = st.one_of(
    st.none(), st.text(max_size=4), st.booleans(), st.integers(-9, 10**6), st.floats(allow_nan=False)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_every_kind_of_cell_survives_the_file(tmp_path_factory, pairs):
    before, after = (np.empty(len(pairs), dtype=object) for _ in range(2))
    before[:], after[:] = zip(*pairs, strict=True)
    change = Change("correct", "x", np.arange(len(pairs)), before, after, "because", "me", "", "object")
    file = tmp_path_factory.mktemp("l") / "l.json"
    file.write_text(ledger_json(Ledger((change,), "w", "f", "", len(pairs))), encoding="utf-8")
    wave = wave_of({"x": pd.Series(before, dtype=object)}, Question("x", "text", ("x",)))
    again = replay_ledger(wave, read_ledger(file).ledger).frame["x"]
    for have, want in zip(again, after, strict=True):
        assert (pd.isna(have) and want is None) or (have == want and type(have) is type(want))
