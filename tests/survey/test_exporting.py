"""What is written in any format reads back as the same wave: codes, names, labels, reasons, sets."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from survey import Wave, WaveSource, answers_to, read_wave
from survey.exporting import export_wave, same_codes
from survey.formats.csv_write import codebook_beside
from tests.survey.odd_waves import waves

DEMO = Path(__file__).parents[2] / "data" / "demo"
CREATED = datetime(2021, 12, 15)


def back(wave: Wave, folder: Path, kind: str) -> Wave:
    path = folder / f"w.{kind}"
    export_wave(wave, path, kind, created=CREATED)
    return read_wave(WaveSource("w", path, codebook_beside(path) if kind == "csv" else None))


@pytest.mark.parametrize("kind", ["sav", "dta", "parquet", "csv"])
@settings(max_examples=40, deadline=None)
@given(wave=waves())
def test_what_is_written_reads_back(kind: str, wave: Wave) -> None:
    with TemporaryDirectory() as folder:
        again = back(wave, Path(folder), kind)
    assert list(again.frame.columns) == list(wave.frame.columns)
    for name in wave.frame.columns:
        assert same_codes(wave.frame[name], again.frame[name]).all(), (wave.frame[name], again.frame[name])
    assert again.codebook == wave.codebook
    for question in wave.codebook.ids():
        if not wave.codebook.question(question).asked_if:
            assert (answers_to(again, question).state == answers_to(wave, question).state).all(), question
    assert not again.findings
