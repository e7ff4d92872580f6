"""Values written are read back the same; every key knows its line."""

import tomllib
from datetime import date

import hypothesis.strategies as st
from hypothesis import given, settings

from survey.toml_file import key_lines, toml_key, toml_value

SCALARS = (
    st.text()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.dates(date(1900, 1, 1), date(2100, 1, 1))
)
VALUES = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(), v, max_size=4), max_leaves=8
)


@settings(max_examples=60)
@given(st.text(), VALUES)
def test_what_is_written_is_read_back(key, value):
    assert tomllib.loads(f"{toml_key(key)} = {toml_value(value)}")[key] == value


def test_lines_of_keys_in_tables_lists_and_over_many_lines():
    text = "\n".join(
        [
            "a = 1",  # 1
            "long = [",
            '  { code = "1", label = "x = [" },',
            "]",
            "b.c = 2  # [not a table]",  # 5
            '[questions."q 1"]',
            "kind = 'single'",
            "[[waves]]",
            "name = 'x'",
            "[[waves]]",  # 10
            "name = 'y'",
            'text = """',
            "inside = 3",
            '"""',
            "last = 4",  # 15
        ]
    )
    assert tomllib.loads(text)["waves"][1]["last"] == 4
    lines = key_lines(text)
    assert lines["a"] == 1 and lines["long"] == 2 and lines["b.c"] == 5
    assert lines["questions.q 1"] == 6 and lines["questions.q 1.kind"] == 7
    assert lines["waves.0.name"] == 9 and lines["waves.1.name"] == 11 and lines["waves.1.last"] == 15
    assert "code" not in lines and "waves.1.inside" not in lines
