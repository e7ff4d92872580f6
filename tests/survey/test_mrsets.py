"""The MRSETS record: written here, read here, and read by a reader that is not ours."""

import re
from datetime import datetime

import hypothesis.strategies as st
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings

from survey import FileFault
from survey.formats.mrsets import add_response_sets, pin_creation, read_response_sets
from survey.formats.reading import ResponseSet

FRAME = pd.DataFrame(
    {
        "a": [1.0, 0.0],
        "impact_type_us_regulation_cost": [0.0, 1.0],
        "impact_type_supplier_change": [1.0, 1.0],
        "日本語の列": [0.0, 1.0],
        "t1": ["x", "y"],
        "long": ["z" * 300, ""],
    }
)
NUMERIC = tuple(FRAME.columns[:4])


def written(folder, *sets: ResponseSet, **more: object):
    file = folder / "sets.sav"
    pyreadstat.write_sav(
        FRAME, str(file), note="a note", variable_value_labels={"a": {1.0: "yes", 0.0: "no"}}, **more
    )
    add_response_sets(file, sets)
    return file


LABELS = st.text(st.characters(blacklist_categories=("C", "Z")) | st.just(" "), max_size=60).map(str.strip)
SETS = st.lists(
    st.builds(
        ResponseSet,
        st.from_regex(re.compile(r"[a-z][a-z0-9_]{0,20}", re.ASCII), fullmatch=True),
        LABELS,
        st.lists(st.sampled_from(NUMERIC), min_size=1, max_size=4, unique=True).map(tuple),
        st.sampled_from(["", "1", "0", "12"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda s: s.name,
).map(tuple)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sets=SETS)
def test_sets_written_are_read_back_by_us_and_by_pyreadstat(tmp_path, sets):
    file = written(tmp_path, *sets)
    assert read_response_sets(file) == sets
    frame, meta = pyreadstat.read_sav(str(file), user_missing=True)
    assert frame["impact_type_supplier_change"].tolist() == [1, 1]
    assert frame["long"].tolist() == FRAME["long"].tolist()
    assert meta.notes == ["a note"]
    found = {
        ResponseSet(
            name,
            entry["label"],
            tuple(entry["variable_list"]),
            str(entry["counted_value"]) if entry["is_dichotomy"] else "",
        )
        for name, entry in meta.mr_sets.items()
    }
    assert {(s.name, s.columns, s.counted) for s in found} == {(s.name, s.columns, s.counted) for s in sets}


def test_all_layouts_of_the_record_are_read(tmp_path):
    """Layouts C, D and E as in the PSPP developers' guide, System File Format."""
    file = written(tmp_path, ResponseSet("x", "", ("a",), "1"))
    data = file.read_bytes()
    line = b"$x=D1 1 0  a\n"
    assert data.count(line) == 1
    lines = b"$m=C 10 my mcgroup a t1\n$d=D3 Yes 10 mdgroup #2 a t1\n"
    lines += b"$e=E 1 2 34 13 third mdgroup a t1\n$f=E 11 6 choice 0  a t1\n"
    head = len(line).to_bytes(4, "little")
    at = data.index(line)
    assert data[at - 4 : at] == head
    file.write_bytes(data[: at - 4] + len(lines).to_bytes(4, "little") + lines + data[at + len(line) :])
    assert read_response_sets(file) == (
        ResponseSet("m", "my mcgroup", ("a", "t1"), ""),
        ResponseSet("d", "mdgroup #2", ("a", "t1"), "Yes"),
        ResponseSet("e", "third mdgroup", ("a", "t1"), "34"),
        ResponseSet("f", "", ("a", "t1"), "choice"),
    )


def test_time_of_creation_is_pinned(tmp_path):
    file = written(tmp_path)
    pin_creation(file, datetime(2021, 12, 5, 9, 8, 7))
    _, meta = pyreadstat.read_sav(str(file), metadataonly=True)
    assert meta.creation_time == datetime(2021, 12, 5, 9, 8, 7)


def test_a_broken_dictionary_or_a_missing_column_is_a_fault(tmp_path):
    file = written(tmp_path, ResponseSet("x", "X", ("a",), "1"))
    whole = file.read_bytes()
    with pytest.raises(FileFault, match="no column 'b'"):
        add_response_sets(file, [ResponseSet("y", "", ("b",), "1")])
    for size in range(176, 700, 40):
        file.write_bytes(whole[:size])
        with pytest.raises(FileFault, match="breaks off"):
            read_response_sets(file)
    file.write_bytes(b"$FL2" + b"\xff" * 300)
    with pytest.raises(FileFault):
        read_response_sets(file)
    file.write_bytes(b"no sav")
    with pytest.raises(FileFault, match="no SPSS header"):
        read_response_sets(file)


def test_no_sets_of_a_compressed_sav(tmp_path):
    file = tmp_path / "z.zsav"
    pyreadstat.write_sav(FRAME, str(file), compress=True)
    with pytest.raises(FileFault, match="zsav"):
        add_response_sets(file, [ResponseSet("x", "", ("a",), "1")])
    assert read_response_sets(file) == ()
