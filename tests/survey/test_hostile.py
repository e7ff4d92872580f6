"""Damaged files end in a right answer, a finding or a fault: no other error, no row lost in silence."""

import contextlib
import random
import shutil
import struct
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey import Choice, Codebook, Fault, FileFault, MissingCode, Question, read_wave, write_sav
from survey.formats.soundness import check_dictionary
from tests.survey.small_waves import real_file

FRAME = pd.DataFrame(
    {
        "q": [1.0, 98.0, np.nan, 4.0, 5.0, 1.0],
        "t": ["a", "", "c", "日本", "x" * 30, "b"],
        "v": np.arange(6) * 1.5,
    }
)
BOOK = Codebook(
    (
        Question(
            "q",
            "single",
            ("q",),
            {"en": "Question"},
            (Choice("1", {"en": "yes"}), Choice("4", {"en": "no"})),
            (MissingCode(98, 98, "do_not_know", {"en": "do not know"}),),
        ),
        Question("t", "text", ("t",)),
        Question("v", "number", ("v",)),
    ),
    ("en",),
)
KINDS = ("sav", "plain.sav", "zsav", "dta", "por", "5.xpt", "8.xpt", "parquet", "sas7bdat")
WORDS = (b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\1\0\0\0", b"\0\0\1\0", b"\0\0\0\1")


@pytest.fixture(scope="module")
def wholes(tmp_path_factory) -> dict[str, bytes]:
    """One small whole file a kind."""
    folder = tmp_path_factory.mktemp("wholes")
    write_sav(folder / "a.sav", FRAME, BOOK, created=datetime(2021, 12, 15))
    labels = {"variable_value_labels": {"q": {1: "yes", 98: "do not know"}}}
    pyreadstat.write_sav(FRAME, str(folder / "a.plain.sav"), missing_ranges={"q": [98]}, **labels)
    pyreadstat.write_sav(FRAME, str(folder / "a.zsav"), compress=True, **labels)
    pyreadstat.write_dta(FRAME, str(folder / "a.dta"), **labels)
    pyreadstat.write_por(FRAME.assign(t="ab"), str(folder / "a.por"))
    pyreadstat.write_xport(FRAME, str(folder / "a.5.xpt"), file_format_version=5)
    pyreadstat.write_xport(FRAME, str(folder / "a.8.xpt"), file_format_version=8)
    FRAME.to_parquet(folder / "a.parquet")
    found = {kind: (folder / f"a.{kind}").read_bytes() for kind in KINDS if kind != "sas7bdat"}
    with contextlib.suppress(pytest.skip.Exception):
        found["sas7bdat"] = real_file("haven_tagged-na.sas7bdat").read_bytes()
    return found


def changed(whole: bytes, seed: int) -> bytes:
    """A copy with one to sixteen bytes changed, taken out or put in."""
    chance = random.Random(seed)
    data = bytearray(whole)
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        at, how = chance.randrange(len(data)), chance.random()
        if how < 0.3:
            data[at] = chance.randrange(256)
        elif how < 0.5:
            data[at] ^= 1 << chance.randrange(8)
        elif how < 0.65:
            del data[at : at + chance.randrange(1, 9)]
        elif how < 0.8:
            data[at:at] = chance.randbytes(chance.randrange(1, 9))
        else:
            data[at : at + 4] = chance.choice(WORDS)
    return bytes(data)


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_changed_bytes_are_an_answer_or_a_fault(wholes, tmp_path, kind, seed):
    if kind not in wholes:
        pytest.skip("CROSSPRESSURE_REALDATA is not set: no program here writes .sas7bdat")
    file = tmp_path / f"a.{kind}"
    file.write_bytes(changed(wholes[kind], seed))
    try:
        wave = read_wave(file)
    except Fault:
        return
    assert len(wave) == (8 if kind == "sas7bdat" else 6) or wave.findings


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_breaks_off_is_never_a_shorter_table(wholes, tmp_path, kind):
    if kind not in wholes:
        pytest.skip("CROSSPRESSURE_REALDATA is not set: no program here writes .sas7bdat")
    whole, file = wholes[kind], tmp_path / f"a.{kind}"
    rows = 8 if kind == "sas7bdat" else 6
    faults = 0
    sizes = sorted({*range(1, len(whole), max(1, len(whole) // 40)), len(whole) - 1, len(whole) - 8})
    for size in sizes:
        file.write_bytes(whole[:size])
        try:
            wave = read_wave(file)
        except Fault:
            faults += 1
            continue
        assert len(wave) == rows or any("rows" in finding.found for finding in wave.findings), size
    assert faults >= len(sizes) - 6


def test_an_encrypted_sav_is_named_though_it_begins_with_other_bytes(tmp_path):
    file = tmp_path / "secret.sav"
    file.write_bytes(b"\x1c" + bytes(7) + b"ENCRYPTEDSAV" + bytes(16) + random.Random(1).randbytes(500))
    with pytest.raises(FileFault, match="encrypted"):
        read_wave(file)


def test_a_missing_count_that_would_overrun_the_library_is_a_fault(wholes, tmp_path):
    """The bare library ends the whole process on this file."""
    data = bytearray(wholes["plain.sav"])
    struct.pack_into("<i", data, 176 + 12, 90)
    file = tmp_path / "bad.sav"
    file.write_bytes(data)
    with pytest.raises(FileFault, match="dictionary"):
        read_wave(file)


def test_headers_that_claim_too_much_are_refused_before_memory_is_asked_for(wholes, tmp_path):
    files = []
    for kind in ("sav", "plain.sav", "zsav"):
        data = bytearray(wholes[kind])
        struct.pack_into("<i", data, 80, 2_000_000_000)
        files.append(tmp_path / f"claims.{kind}")
        files[-1].write_bytes(data)
    data = wholes["dta"]
    at = data.index(b"<N>") + 3
    files.append(tmp_path / "claims.dta")
    files[-1].write_bytes(data[:at] + struct.pack("<q", 2_000_000_000) + data[at + 8 :])
    for file in files:
        with pytest.raises(FileFault, match=r"claims|unpack|cannot be read"):
            read_wave(file)
    script = (
        "import sys\n"
        "from survey import Fault, read_wave\n"
        "for file in sys.argv[1:]:\n"
        "    try:\n        read_wave(file)\n    except Fault:\n        continue\n"
        "    sys.exit(f'{file} was read')\n"
        "lines = open('/proc/self/status').read().splitlines()\n"
        "print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith('VmHWM')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 1024


def test_a_changed_block_of_a_zsav_is_told_by_its_checksum(wholes, tmp_path):
    (tmp_path / "whole.zsav").write_bytes(wholes["zsav"])
    data = bytearray(wholes["zsav"])
    data[check_dictionary(tmp_path / "whole.zsav").start + 24 + 20] ^= 0xFF
    (tmp_path / "bad.zsav").write_bytes(data)
    with pytest.raises(FileFault, match="zsav"):
        read_wave(tmp_path / "bad.zsav")


def test_more_cases_than_a_plain_sav_states_are_a_fault(wholes, tmp_path):
    data = bytearray(wholes["plain.sav"])
    struct.pack_into("<i", data, 80, 5)
    (tmp_path / "fewer.sav").write_bytes(data)
    with pytest.raises(FileFault, match="5 cases that the header states"):
        read_wave(tmp_path / "fewer.sav")


def test_a_sav_that_does_not_state_its_cases_is_read_with_a_finding(wholes, tmp_path):
    data = bytearray(wholes["plain.sav"])
    struct.pack_into("<i", data, 80, -1)
    (tmp_path / "open.sav").write_bytes(data)
    wave = read_wave(tmp_path / "open.sav")
    assert len(wave) == 6 and "does not state how many cases" in wave.findings[0].found


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"PK\x03\x04" + bytes(60), "list of contents"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "under a password"),
        (b'<?xml version="1.0"?><!-- a note --><shelf><book/></shelf>', "XML"),
        (b'{"books": []}', "JSON"),
        (b"**COMPRESSED** **COMPRESSED** **COMPRESSED**", "CPORT"),
        (b"RDX3\nX\n", "R file"),
        (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "web page"),
    ],
)
def test_files_that_are_no_survey_are_named_for_what_they_are(tmp_path, head, said):
    file = tmp_path / "answers.csv"
    file.write_bytes(head + b"\n1,2\n3,4\n" if said != "JSON" else head)
    with pytest.raises(FileFault) as fault:
        read_wave(file)
    assert said in fault.value.found


@pytest.mark.parametrize("name", ["parso_invalid_lengths.sas7bdat", "haven_tagged-na.sas7bdat"])
def test_init_reads_whole_or_leaves_nothing(tmp_path, name):
    file = tmp_path / "answers.sas7bdat"
    shutil.copyfile(real_file(name), file)
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.command", "init", str(file), str(tmp_path / "study")],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if name.startswith("haven"):
        assert done.returncode == 0 and (tmp_path / "study" / "study.toml").is_file()
    else:
        assert done.returncode == 2 and "pages of" in done.stderr + done.stdout
        assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_labelled_text_that_is_not_utf8_is_no_end_of_the_process(tmp_path):
    """The bare library ends the whole process on this file: it checks labels, but not what they label."""
    data = bytearray(real_file("readstattables_string_labeled_value.sav").read_bytes())
    data[data.index(b"BG414   ") + 5] = 0x8B
    (tmp_path / "odd.sav").write_bytes(data)
    wave = read_wave(tmp_path / "odd.sav")
    assert len(wave) == 2 and "encoding" in wave.findings[0].meaning


@pytest.mark.parametrize(
    "text",
    [
        '{"SurveyEntry": {}, "SurveyElements": ' + "[" * 100_000,
        '{"SurveyEntry": {}, "SurveyElements": [' + "9" * 5_000 + "]}",
        "<document><LimeSurveyDocType>Survey</LimeSurveyDocType>" + "<a>" * 1_000,
    ],
)
def test_nesting_and_numbers_without_end_are_faults(tmp_path, text):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(FileFault):
        read_wave(tmp_path / "a.txt")
