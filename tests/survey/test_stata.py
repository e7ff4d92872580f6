"""Stata files: the reasons .a to .z stay apart, labels stay, dates are dates."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey import FileFault, State, answers_to, read_wave
from survey.formats.stata import read_dta
from survey.formats.stata_file import StataColumn, StataTable, dta_bytes
from tests.survey.small_waves import real_file


def written(folder, frame, **more):
    file = folder / "w.dta"
    pyreadstat.write_dta(frame, str(file), **more)
    return file


def test_reasons_labels_and_text_survive(tmp_path):
    frame = pd.DataFrame({"q": [1.0, 2.0, "a", "b"], "n": [1.5, np.nan, 3.0, 4.0], "t": ["x", "", "a", "y"]})
    file = written(
        tmp_path,
        frame,
        file_label="made up",
        column_labels={"q": "Chose", "n": "Sales"},
        missing_user_values={"q": ["a", "b"]},
        variable_value_labels={"q": {1: "yes", 2: "no", "a": "do not know", "b": "refused"}},
    )
    wave = read_wave(file)
    assert wave.origin.format == "dta" and wave.notes["file_label"] == "made up"
    assert wave.frame["q"].tolist() == [1, 2, ".a", ".b"]
    q = wave.codebook.question("q")
    assert q.kind == "single" and q.label == {"": "Chose"}
    assert [(c.code, c.label[""]) for c in q.choices] == [("1", "yes"), ("2", "no")]
    assert [(m.low, m.reason) for m in q.missing] == [(".a", "do_not_know"), (".b", "refused")]
    assert answers_to(wave, "q").state.tolist() == [0, 0, State.DO_NOT_KNOW, State.REFUSED]
    assert answers_to(wave, "q").values[:2].tolist() == [1, 2]
    assert answers_to(wave, "n").state.tolist() == [0, State.NO_ANSWER, 0, 0]
    assert wave.frame["t"].isna().tolist() == [False, True, False, False]
    assert wave.frame["t"][2] == "a", "a text is a text, though it is the letter of a reason"


def test_real_tagged_missing_values():
    wave = read_wave(real_file("haven_tagged-na-double.dta"))
    assert wave.frame["x"].tolist() == [1, 2, 3, 4, 5, ".a", ".h", ".z"]
    assert answers_to(wave, "x").state.tolist() == [0] * 5 + [State.NO_ANSWER] * 3
    assert {m.low: dict(m.label) for m in wave.codebook.question("x").missing} == {
        ".a": {"": "apple"},
        ".h": {},
        ".z": {"": ".zebra"},
    }
    wave = read_wave(real_file("pyreadstat_missing_test.dta"))
    assert wave.frame.iloc[0, :6].tolist() == [".a", ".b", ".c", ".x", ".y", ".z"]
    assert wave.codebook.question("var1").missing[0].label == {"": "missing"}


def test_a_truncated_file_is_a_fault(tmp_path):
    file = written(tmp_path, pd.DataFrame({"q": [1.0, 2.0]}))
    file.write_bytes(file.read_bytes()[:300])
    with pytest.raises(FileFault, match="Stata"):
        read_wave(file)


def test_a_blank_after_a_reason_stays_a_blank_in_columns_of_whole_numbers(tmp_path: Path) -> None:
    cells = {"i1": [1, 105, 101, 0], "i2": [1, 32_745, 32_741, 0], "i4": [1, 2_147_483_625, 2_147_483_621, 0]}
    columns = tuple(StataColumn(k, "", "%9.0g", np.array(v, dtype=k)) for k, v in cells.items())
    path = tmp_path / "whole.dta"
    path.write_bytes(dta_bytes(StataTable(columns), datetime(2020, 1, 1)))
    for name, column in read_dta(path).frame.items():
        assert column.isna().tolist() == [False, False, True, False], name
        assert column.dropna().tolist() == [1, ".d", 0], name


def test_whole_numbers_with_a_blank_are_numbers_and_no_dates(tmp_path: Path) -> None:
    column = StataColumn("a", "", "%9.0g", np.array([1, 101, 2], dtype="i1"))
    path = tmp_path / "whole.dta"
    path.write_bytes(dta_bytes(StataTable((column,)), datetime(2020, 1, 1)))
    read = read_dta(path).frame["a"]
    assert read.dtype == float and read.isna().tolist() == [False, True, False]
    assert read.dropna().tolist() == [1, 2]
