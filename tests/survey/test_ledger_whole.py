"""The Ledger gives back all that cleaning and weighing did, in every wave: answers, weights, meanings."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey import (
    CleanStep,
    DesignFault,
    Fault,
    FileFault,
    MissingCode,
    Question,
    StudyFault,
    WaveSource,
    answers_text,
    answers_to,
    check_study,
    clean_wave,
    codebook_text,
    ledger_json,
    load_study,
    merge,
    panel,
    read_ledger,
    read_wave,
    replay_ledger,
    source_named,
    study_wave,
    weigh_source,
    with_weight_column,
)
from tests.survey.small_waves import single, wave_of

STUDY = """schema = 1
id = "two"
[[waves]]
name = "2021"
file = "a.csv"
[[waves]]
name = "2022"
file = "b.csv"
[design]
id = "firm"
[[clean]]
rule = "drop"
reason = "test entry"
firms = ["F1"]
waves = ["2021"]
[weights]
margins = "m.csv"
"""
FIRST = "firm,size,kind\nF0,s,x\nF1,s,x\nF2,s,y\nF3,l,y\nF4,l,x\n"
SECOND = "firm,size,kind\nF0,s,x\nF2,l,y\nF3,l,y\n"
HEAD = "margin,category,total,source,date"
TOTALS = {"2021": (60, 40), "2022": (70, 20)}


def two_waves(folder: Path, study: str = STUDY, *, waves: tuple[str, ...] = ("2021", "2022")):
    folder.mkdir(exist_ok=True)
    for name, text in (("study.toml", study), ("a.csv", FIRST), ("b.csv", SECOND)):
        (folder / name).write_text(text, encoding="utf-8")
    rows = [
        f"size,{code},{total},Register,2020{f',{wave}' if waves else ''}"
        for wave in waves or ("2022",)
        for code, total in zip("sl", TOTALS[wave], strict=True)
    ]
    (folder / "m.csv").write_text("\n".join([HEAD + (",wave" if waves else ""), *rows]) + "\n")
    return load_study(folder)


def test_each_wave_that_the_margins_name_is_weighed(tmp_path):
    study = two_waves(tmp_path)
    assert study_wave(study, "2021").weighted.weight.tolist() == pytest.approx([30, 30, 20, 20])
    assert study_wave(study).weighted.weight.tolist() == pytest.approx([70, 10, 10])
    wide = merge(panel(study))
    assert wide.frame["weight_2021"].tolist() == pytest.approx([30, 30, 20, 20])
    assert wide.codebook.question("weight_2022").role == "weight"
    assert wide.codebook.question("weight_2022").label == {"": "Weight: raking to size"}
    long = merge(panel(study), shape="long").frame
    assert long.groupby("wave")["weight"].sum().tolist() == pytest.approx([100, 90])
    assert not any("without these weights" in f.found for f in check_study(study))


def test_margins_without_waves_are_for_the_last_unless_told(tmp_path):
    study = two_waves(tmp_path, waves=())
    assert study_wave(study, "2021").weighted is None
    assert study_wave(study).weighted.weight.sum() == pytest.approx(90)
    assert any("without these weights: 2021" in f.found for f in check_study(study))
    both = two_waves(tmp_path, STUDY + 'waves = ["2021", "2022"]\n', waves=())
    assert study_wave(both, "2021").weighted.weight.tolist() == pytest.approx([35, 35, 10, 10])
    with pytest.raises(StudyFault, match="no wave '2023'"):
        study_wave(two_waves(tmp_path, STUDY + 'waves = ["2023"]\n'))
    with pytest.raises(StudyFault, match="no such wave"):
        source_named(study, "2020")


def test_firms_approached_are_those_of_the_wave(tmp_path):
    text = STUDY + '[weights.response]\nlist = "asked.csv"\nclasses = ["size"]\n'
    study = two_waves(tmp_path, text.replace('margins = "m.csv"', 'waves = ["2021", "2022"]'))
    rows = [f"F{i},{'s' if i < 3 else 'l'},2021" for i in range(7)] + [f"F{i},s,2022" for i in (0, 2, 3, 8)]
    (tmp_path / "asked.csv").write_text("firm,size,wave\n" + "\n".join(rows) + "\n")
    assert study_wave(study, "2021").weighted.weight.tolist() == pytest.approx([1.5, 1.5, 2, 2])
    assert study_wave(study, "2022").weighted.weight.tolist() == pytest.approx([4 / 3] * 3)
    (tmp_path / "asked.csv").write_text("firm,size,wave\nF0,s,2022\n")
    with pytest.raises(DesignFault, match="no firm approached for wave '2021'"):
        study_wave(study, "2021")


@pytest.mark.parametrize("name", ["2021", "2022"])
def test_weights_stand_in_the_ledger_by_rows_of_the_file_and_come_back(tmp_path, name):
    study = two_waves(tmp_path)
    wave, ledger = weigh_source(study, source_named(study, name))
    held = with_weight_column(wave)
    steps = [c for c in ledger.changes if c.rule.startswith("weights.")]
    assert [c.rule for c in steps] == ["weights.base", "weights.margins"]
    assert steps[0].rows.tolist() == ([0, 2, 3, 4] if name == "2021" else [0, 1, 2])
    assert np.isnan(steps[0].before).all() and steps[0].reason == "each firm counts once"
    assert steps[1].reason == "raking to size (Register, 2020)" and steps[1].column == "weight"
    content = answers_text(held).to_csv(index=False).encode()
    book = codebook_text(held.codebook, whole=True).encode()
    (tmp_path / "l.json").write_text(ledger_json(ledger, study=".", answers=content, codebook=book))
    read = read_ledger(tmp_path / "l.json")
    again = replay_ledger(read_wave(source_named(study, name)), read.ledger)
    pd.testing.assert_frame_equal(again.frame, held.frame)
    assert answers_text(again).to_csv(index=False).encode() == content
    assert codebook_text(again.codebook, whole=True).encode() == book
    assert read.codebook_sha256 == hashlib.sha256(book).hexdigest()


def test_a_column_called_weight_is_left_alone(tmp_path):
    study = two_waves(tmp_path)
    for file in ("a.csv", "b.csv"):
        text = (tmp_path / file).read_text().replace("kind", "weight")
        (tmp_path / file).write_text(text.replace(",x", ",1").replace(",y", ",2"))
    _, ledger = weigh_source(study)
    assert {c.column for c in ledger.changes if c.rule.startswith("weights.")} == {"weight_2"}
    again = replay_ledger(read_wave(source_named(study)), ledger)
    assert again.frame["weight_2"].tolist() == pytest.approx([70, 10, 10])
    assert again.frame["weight"].astype(float).tolist() == [1, 2, 2]


STEPS = (
    CleanStep("harmonise_country", "typed by hand", "K. Sato", own={"question": "c"}),
    CleanStep("set_missing", "said so", own={"question": "q", "codes": ["9"], "missing": "refused"}),
    CleanStep("set_missing", "none has it", own={"question": "q", "codes": ["8"], "missing": "withheld"}),
)
FRAME = {"c": ["Viet Nam", "日本", "US", "Nowhereland", None], "q": [1, 9, 2, 1, 9], "n": [1.0, 2, 3, 4, 5]}
QUESTIONS = (
    Question("c", "single", ("c",)),
    single("q", "1", "2", "8", "9", nets={"any": ("1", "2")}),
    Question("n", "number", ("n",), missing=(MissingCode(-9.0, -1.0, "refused", {"en": "No"}),), unit="USD"),
)


def in_one_currency(folder: Path) -> CleanStep:
    (folder / "rates.csv").write_text("currency,rate\nUSD,150\n")
    own = {"question": "n", "currency": "cur", "to": "JPY", "rates": folder / "rates.csv"}
    return CleanStep("harmonise_currency", "one currency", own=own)


def test_what_rules_did_to_the_codebook_comes_back(tmp_path):
    wave = wave_of(FRAME | {"cur": ["JPY"] * 5}, *QUESTIONS)
    steps = (*STEPS, in_one_currency(tmp_path))
    clean, ledger = clean_wave(wave, steps)
    (tmp_path / "l.json").write_text(ledger_json(ledger), encoding="utf-8")
    again = replay_ledger(wave, read_ledger(tmp_path / "l.json").ledger)
    assert again.codebook == clean.codebook != wave.codebook
    assert again.codebook.question("n").unit == "JPY", "though no cell of it was changed"
    assert [c.code for c in again.codebook.question("c").choices] == ["JP", "US", "VN"]
    assert answers_to(again, "q").state.tolist() == answers_to(clean, "q").state.tolist()
    assert [(m.rule, m.question, m.who) for m in ledger.meanings] == [
        ("harmonise_country", "c", "K. Sato"),
        ("set_missing", "q", ""),
        ("set_missing", "q", ""),
        ("harmonise_currency", "n", ""),
    ]
    assert not any("changed nothing" in f.found for f in clean.findings if "set_missing" in f.where)


def test_a_codebook_that_was_changed_since_stops(tmp_path):
    wave = wave_of(FRAME, *QUESTIONS)
    _, ledger = clean_wave(wave, STEPS)
    other = replace(QUESTIONS[1], choices=QUESTIONS[1].choices[1:])
    with pytest.raises(FileFault, match="another choices than when the Ledger was written"):
        replay_ledger(wave_of(FRAME, QUESTIONS[0], other, QUESTIONS[2]), ledger)
    with pytest.raises(FileFault, match="no such question"):
        replay_ledger(wave_of(FRAME, *QUESTIONS[1:]), ledger)
    table = json.loads(ledger_json(ledger))
    table["codebook"][0]["after"] = {"colour": "red"}
    (tmp_path / "l.json").write_text(json.dumps(table))
    with pytest.raises(FileFault, match="no field of a question among colour"):
        read_ledger(tmp_path / "l.json")


def test_cleaned_answers_and_their_codebook_are_a_wave_again(tmp_path):
    wave = wave_of(FRAME, *QUESTIONS)
    clean, _ = clean_wave(wave, STEPS)
    answers_text(clean).to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "c.toml").write_text(codebook_text(clean.codebook, whole=True), encoding="utf-8")
    again = read_wave(WaveSource("2021", tmp_path / "a.csv", codebook=tmp_path / "c.toml"))
    assert again.codebook.question("c").choices == clean.codebook.question("c").choices
    assert answers_to(again, "q").state.tolist() == answers_to(clean, "q").state.tolist()


ANY = (
    *STEPS,
    CleanStep("recode", "one code", own={"question": "q", "codes": {"2": "1", "": "2"}}),
    CleanStep("set_missing", "by row", "", "n > 2", own={"question": "q", "missing": "withheld", "code": 7}),
    CleanStep("set_missing", "blank", "", "q == 1", own={"question": "n", "missing": "no_answer"}),
    CleanStep("winsorise", "cap", own={"question": "n", "low": 0.3, "max": 4}),
    CleanStep("harmonise_country", "some", "", "q != 9", own={"question": "c"}),
    CleanStep("merge_duplicates", "twice", own={"id": "id", "keep": "last"}),
    CleanStep("drop", "test entry", "", "n == 3", own={"id": "id"}),
    CleanStep("correct", "called", "K. Sato", own={"id": "id", "firm": "a", "question": "n", "value": 2.5}),
)
ROWS = st.tuples(
    st.sampled_from("aabcd"),
    st.sampled_from(["Viet Nam", " 日本", "US", "Nowhereland", "", None]),
    st.sampled_from([1, 2, 8, 9, None]),
    st.sampled_from([1.0, 2.0, 3.0, 5.0, -9.0, None]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, min_size=2, max_size=8), st.lists(st.sampled_from(ANY), max_size=5))
def test_any_rules_in_any_order_come_back(tmp_path_factory, rows, steps):
    frame = pd.DataFrame([("a", "US", 1, 1.0), *rows], columns=["id", "c", "q", "n"])
    frame["c"] = frame["c"].astype("str")
    frame["q"] = frame["q"].astype(float)
    wave = wave_of(frame, Question("id", "text", ("id",), role="id"), *QUESTIONS)
    try:
        clean, ledger = clean_wave(wave, tuple(steps), id="id")
    except Fault:
        assume(False)
    file = tmp_path_factory.mktemp("any") / "l.json"
    file.write_text(ledger_json(ledger), encoding="utf-8")
    again = replay_ledger(wave, read_ledger(file).ledger)
    assert again.codebook == clean.codebook
    assert answers_text(again).equals(answers_text(clean))
    assert codebook_text(again.codebook, whole=True) == codebook_text(clean.codebook, whole=True)
