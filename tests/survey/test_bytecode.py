"""Cases of a compressed .sav are counted before they are read: no header makes a table shorter."""

import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import FileFault, read_wave
from survey.formats import bytecode
from survey.formats.bytecode import Bytecode
from survey.formats.soundness import check_dictionary

FRAME = pd.DataFrame(
    {
        "q": np.arange(1, 41) % 5 + 1.0,
        "x": np.arange(40) / 7,
        "t": ["a long text of 27 characters", "", "日本", "x"] * 10,
        "b": [np.nan, 1.0] * 20,
    }
)


def written(folder: Path, kind: str) -> Path:
    file = folder / f"w.{kind}"
    pyreadstat.write_sav(FRAME, str(file), compress=kind == "zsav", row_compress=kind == "sav")
    return file


def one_by_one(data: bytes) -> int:
    """Values told, as the description of the format says it, instruction by instruction."""
    at = told = 0
    while at + 8 <= len(data):
        codes = data[at : at + 8]
        at += 8
        for code in codes:
            if code == 252:
                return told
            told += code != 0
            at += 8 * (code == 253)
    return told


@given(
    st.lists(
        st.one_of(st.sampled_from([0, 1, 100, 252, 253, 253, 253, 254, 255]), st.integers(0, 255)),
        max_size=400,
    ),
    st.lists(st.integers(1, 90), min_size=1, max_size=6),
)
def test_counting_is_what_reading_one_by_one_gives(cells, sizes):
    data = bytes(cells)
    told = Bytecode()
    at = k = 0
    while at < len(data):
        size = sizes[k % len(sizes)]
        told.feed(data[at : at + size])
        at, k = at + size, k + 1
    assert told.elements == one_by_one(data)


def test_pieces_that_end_within_values_give_the_same_count(tmp_path, monkeypatch):
    file = written(tmp_path, "sav")
    extent = check_dictionary(file)
    data = file.read_bytes()[extent.start :]
    for piece in (8, 24, 56, 1 << 18):
        monkeypatch.setattr(bytecode, "_PIECE", piece)
        told = Bytecode()
        told.feed(data)
        assert (told.elements, told.is_cut) == (40 * extent.elements, False), piece
    told = Bytecode()
    told.feed(data[:-3])
    assert told.is_cut


@pytest.mark.parametrize("kind", ["sav", "zsav"])
@pytest.mark.parametrize(("stated", "said"), [(39, "states 39 cases, and 40"), (0, "states 0 cases, and 40")])
def test_a_header_that_states_fewer_cases_is_told(tmp_path, kind, stated, said):
    """The bare library returns so many and says nothing."""
    file = written(tmp_path, kind)
    data = bytearray(file.read_bytes())
    data[80:84] = struct.pack("<i", stated)
    file.write_bytes(data)
    if stated:
        assert len(pyreadstat.read_sav(str(file))[0]) == stated
    with pytest.raises(FileFault, match=said):
        read_wave(file)


@pytest.mark.parametrize("kind", ["sav", "zsav"])
def test_a_header_that_states_one_more_is_told_before_reading(tmp_path, kind):
    file = written(tmp_path, kind)
    data = bytearray(file.read_bytes())
    data[80:84] = struct.pack("<i", 41)
    file.write_bytes(data)
    with pytest.raises(FileFault, match="claims 41 cases, of which 40 are there"):
        read_wave(file)


def test_a_cut_within_a_case_is_told_where_no_number_is_stated(tmp_path):
    file = written(tmp_path, "sav")
    data = bytearray(file.read_bytes())
    data[80:84] = struct.pack("<i", -1)
    file.write_bytes(data)
    wave = read_wave(file)
    assert len(wave) == 40 and ["does not state" in f.found for f in wave.findings] == [True]
    start = check_dictionary(file).start
    outcomes = set()
    for size in range(len(data) - 1, start, -9):
        file.write_bytes(data[:size])
        try:
            wave = read_wave(file)
        except FileFault:
            outcomes.add("fault")
            continue
        outcomes.add("told")
        assert wave.findings and wave.frame["x"].tolist() == FRAME["x"][: len(wave)].tolist()
    assert "fault" in outcomes
