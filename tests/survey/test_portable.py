"""SPSS portable files: values, labels, missing codes and dates as they stand; cuts are faults."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey import FileFault, read_wave
from tests.survey.small_waves import real_file

FRAME = pd.DataFrame(
    {
        "Q": [1.0, 98.0, np.nan, -1.25, 12_345_678.5, 1e-5, 1e20],
        "T": ["a", "", "c", "dd", "long text", "f", "g"],
    }
)


def written(folder):
    file = folder / "w.por"
    pyreadstat.write_por(FRAME, str(file), column_labels={"Q": "Question"})
    return file


def with_missing(data: bytes, record: bytes) -> bytes:
    """The file with a missing record for Q, before its label."""
    text = data.replace(b"\r\n", b"")
    at = text.index(b"C8/Question")
    return text[:at] + record + text[at:]


def test_numbers_and_texts_come_back(tmp_path):
    wave = read_wave(written(tmp_path))
    assert wave.origin.format == "por" and wave.findings == ()
    np.testing.assert_allclose(wave.frame["Q"], FRAME["Q"], rtol=1e-12)
    assert wave.frame["T"].fillna("").tolist() == FRAME["T"].tolist()
    assert wave.codebook.question("Q").label == {"": "Question"}


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        (b"838/", [(98, 98)]),
        (b"838/81/", [(98, 98), (1, 1)]),
        (b"B0/38/", [(0, 98)]),
        (b"90/", [(-1.7976931348623157e308, 0)]),
        (b"A38/", [(98, 1.7976931348623157e308)]),
    ],
)
def test_missing_codes_are_kept_apart_and_stay_in_the_frame(tmp_path, record, codes):
    """The bare library turns them into blanks."""
    file = written(tmp_path)
    file.write_bytes(with_missing(file.read_bytes(), record))
    wave = read_wave(file)
    assert [(m.low, m.high) for m in wave.codebook.question("Q").missing] == codes
    assert wave.frame["Q"].tolist()[1] == 98


def test_real_file_with_dates_labels_and_notes():
    wave = read_wave(real_file("pyreadstat_sample.por"))
    assert wave.frame.shape == (5, 7)
    assert wave.frame["MYDATE"].tolist()[:2] == [pd.Timestamp("2018-05-06"), pd.Timestamp("1880-05-06")]
    assert wave.frame["DTIME"][0] == pd.Timestamp("2018-05-06 10:10:10")
    assert wave.frame["MYTIME"].fillna("").tolist() == ["10:10:10", "23:10:10", "00:00:00", "16:10:10", ""]
    assert {c.code: c.label[""] for c in wave.codebook.question("MYORD").choices} == {
        "1": "low",
        "2": "medium",
        "3": "high",
    }
    assert wave.notes["documents"].startswith("some test text as notes")


def test_every_cut_before_the_end_mark_is_a_fault(tmp_path):
    whole = written(tmp_path).read_bytes()
    marks = len(whole) - len(whole.rstrip(b"Z\r\n"))
    for size in range(len(whole) - marks, 0, -5):
        (tmp_path / "cut.por").write_bytes(whole[:size])
        with pytest.raises(FileFault):
            read_wave(tmp_path / "cut.por")


def test_a_text_that_runs_past_the_end_and_a_huge_power_are_faults(tmp_path):
    whole = written(tmp_path).read_bytes().replace(b"\r\n", b"")
    for old, new in ((b"C8/Question", b"CTTTT/Question"), (b"98", b"98"), (b"1/1/a", b"1+TTTTTTTT/1/a")):
        changed = whole.replace(old, new, 1)
        if changed == whole:
            continue
        (tmp_path / "bad.por").write_bytes(changed)
        with pytest.raises(FileFault, match="portable"):
            read_wave(tmp_path / "bad.por")


def test_another_character_set_is_named(tmp_path):
    whole = written(tmp_path).read_bytes()
    (tmp_path / "e.por").write_bytes(whole.replace(b"SPSSPORT", "SPSSPORT".encode("cp037")))
    with pytest.raises(FileFault, match="character set"):
        read_wave(tmp_path / "e.por")
