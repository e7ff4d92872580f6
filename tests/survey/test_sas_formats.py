"""Labels of SAS tables live in a catalogue: named, found beside the table, or missing and told.

`tests/reference/sas_formats.zip` holds two tables and their catalogues from the tests of tidyverse/haven
(MIT licence, commit b2b170ed), unchanged; haven 2.5.3 in R reads the labels that are expected here:
`attr(read_sas("hadley.sas7bdat", "formats.sas7bcat")$workshop, "labels")` and so on.
"""

import hashlib
import struct
import zipfile
from pathlib import Path

import pytest

from survey import (
    FileFault,
    State,
    StudyFault,
    answers_to,
    check_study,
    init_study,
    latest_wave,
    load_study,
    read_wave,
)
from survey.formats.sas_catalogue import read_catalogue
from survey.formats.sas_formats import own_formats
from survey.study import WaveSource

FILES = Path(__file__).parents[1] / "reference" / "sas_formats.zip"


@pytest.fixture
def folder(tmp_path):
    with zipfile.ZipFile(FILES) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def labels(wave, name):
    return {c.code: c.label.get("", "") for c in wave.codebook.question(name).choices}


def test_a_catalogue_as_instrument_labels_numbers_and_texts(folder):
    source = WaveSource("w", folder / "hadley.sas7bdat", instrument=folder / "formats.sas7bcat")
    wave = read_wave(source)
    assert labels(wave, "workshop") == {"1": "R", "2": "SAS"}
    assert labels(wave, "gender") == {"f": "Female", "m": "Male"}
    assert wave.codebook.question("q1").label == {"": "The instructor was well prepared"}
    assert wave.findings == () and len(wave) == 8


def test_labels_of_special_missing_values_stay_with_their_codes(folder):
    wave = read_wave(folder / "tagged-na.sas7bdat")
    x = wave.codebook.question("x")
    assert [(m.low, m.label.get("")) for m in x.missing] == [(".A", "Apple"), (".H", None), (".Z", "Zebra")]
    assert x.kind == "number"
    assert answers_to(wave, "x").state.tolist() == [0] * 5 + [State.NO_ANSWER] * 3


def test_a_catalogue_beside_the_table_is_taken_and_said(folder):
    wave = read_wave(folder / "hadley.sas7bdat")
    assert labels(wave, "workshop") == {"1": "R", "2": "SAS"}
    assert ["taken from formats.sas7bcat beside it" in f.found for f in wave.findings] == [True]
    (folder / "hadley.SAS7BCAT").write_bytes((folder / "tagged-na.sas7bcat").read_bytes())
    wave = read_wave(folder / "hadley.sas7bdat")
    assert labels(wave, "gender") == {"f": "", "m": ""}, "the catalogue of the same name comes first"
    assert any("not one of its formats" in f.found for f in wave.findings)


def test_without_a_catalogue_the_formats_are_named(folder):
    (folder / "formats.sas7bcat").unlink()
    study, findings = init_study(folder / "hadley.sas7bdat", folder / "study")
    assert findings == ()
    found = [f.found for f in check_study(study) if "catalogue" in f.found]
    assert (
        len(found) == 1
        and "labels of 2 columns" in found[0]
        and "workshop WORKSHOP, gender $GENDER" in found[0]
    )
    book = folder / "study" / "codebook.toml"
    text = book.read_text(encoding="utf-8")
    book.write_text(
        text.replace('{ code = "f" }', '{ code = "f", label = { en = "Female" } }'), encoding="utf-8"
    )
    found = [f.found for f in check_study(load_study(folder / "study")) if "catalogue" in f.found]
    assert len(found) == 1 and "labels of 1 columns" in found[0] and "$GENDER" not in found[0]


def test_a_damaged_catalogue_beside_costs_the_labels_and_not_the_table(folder):
    file = folder / "formats.sas7bcat"
    file.write_bytes(file.read_bytes()[:9000])
    wave = read_wave(folder / "hadley.sas7bdat")
    assert len(wave) == 8 and any("4 pages of 4,096 bytes" in f.found for f in wave.findings)
    with pytest.raises(FileFault, match="4 pages of 4,096 bytes"):
        read_wave(WaveSource("w", folder / "hadley.sas7bdat", instrument=file))


def test_every_cut_of_a_catalogue_is_a_fault(folder):
    whole = (folder / "formats.sas7bcat").read_bytes()
    file = folder / "cut.sas7bcat"
    for size in range(0, len(whole), 1031):
        file.write_bytes(whole[:size])
        with pytest.raises(FileFault):
            read_catalogue(file)


def test_a_catalogue_alone_is_no_survey(folder):
    with pytest.raises(FileFault, match="2 formats and their labels, no answers"):
        read_wave(folder / "formats.sas7bcat")


def test_a_study_made_of_a_table_keeps_the_catalogue_it_was_read_with(folder):
    study, findings = init_study(folder / "hadley.sas7bdat", folder / "study")
    assert study.waves[0].instrument == folder / "study" / "formats.sas7bcat"
    assert any("beside it" in f.found for f in findings)
    wave = latest_wave(load_study(folder / "study"))
    assert labels(wave, "workshop") == {"1": "R", "2": "SAS"} and wave.findings == ()


def test_formats_of_sas_itself_are_no_formats_of_the_user():
    forms = {
        "a": "BEST12.",
        "b": "$CHAR20.",
        "c": "DATE9.",
        "d": "SEXF8.",
        "e": "$A",
        "f": None,
        "g": "COMMA10.2",
    }
    assert own_formats(forms) == {"d": "SEXF", "e": "$A"}


def test_the_checksum_of_the_first_reading_tells_a_change_that_nothing_else_shows(folder):
    study, _ = init_study(folder / "tagged-na.sas7bdat", folder / "study")
    file = study.waves[0].file
    assert study.waves[0].sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert latest_wave(study).findings == ()
    data = bytearray(file.read_bytes())
    at = data.rfind(struct.pack("<d", 4.0))
    data[at : at + 8] = struct.pack("<d", 40.0)
    file.write_bytes(data)
    wave = latest_wave(load_study(folder / "study"))
    assert wave.frame["x"].tolist()[:5] == [1, 2, 3, 40, 5]
    assert ["was noted when it was first read" in f.found for f in wave.findings] == [True]
    toml = folder / "study" / "study.toml"
    advice = wave.findings[0].do.split("write  ")[1].split("  in study")[0]
    lines = [
        advice if line.startswith("sha256") else line
        for line in toml.read_text(encoding="utf-8").splitlines()
    ]
    toml.write_text("\n".join(lines), encoding="utf-8")
    assert latest_wave(load_study(folder / "study")).findings == ()
    toml.write_text("\n".join(lines).replace(advice, 'sha256 = "12ab"'), encoding="utf-8")
    with pytest.raises(StudyFault, match="64 hexadecimal"):
        load_study(folder / "study")
