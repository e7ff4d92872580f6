"""Damaged workbooks, forms and LimeSurvey files: read whole, or refused with a word; never anything else."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey import Fault, read_wave
from tests.survey.limesurvey_files import lsa_file, lss_text
from tests.survey.test_excel import ROWS, workbook
from tests.survey.test_xlsform import form

MUTATION = st.lists(
    st.tuples(
        st.sampled_from(("flip", "cut", "drop", "double")),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 255),
    ),
    min_size=1,
    max_size=4,
)


def mutated(data: bytes, steps: list[tuple[str, float, int]]) -> bytes:
    for how, share, by in steps:
        at = int(share * len(data))
        if how == "flip":
            data = data[:at] + bytes([data[at] ^ by]) + data[at + 1 :] if data else data
        elif how == "cut":
            data = data[: max(at, 1)]
        elif how == "drop":
            data = data[:at] + data[at + by :]
        else:
            data = data[: at + by] + data[at:]
    return data


@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> dict[str, bytes]:
    folder: Path = tmp_path_factory.mktemp("whole")
    (folder / "q.lss").write_text(lss_text(), encoding="utf-8")
    files = {
        "xlsx": workbook(folder / "a.xlsx", answers=ROWS),
        "xlsform": form(folder / "form.xlsx"),
        "lsa": lsa_file(folder / "a.lsa"),
        "lss": folder / "q.lss",
    }
    return {kind: file.read_bytes() for kind, file in files.items()}


@pytest.mark.parametrize("kind", ["xlsx", "xlsform", "lsa", "lss"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=MUTATION)
def test_damage_is_read_or_refused(originals, tmp_path, kind, steps):
    file = tmp_path / f"damaged.{kind.removesuffix('form')}"
    file.write_bytes(mutated(originals[kind], steps) or b"\0")
    try:
        wave = read_wave(file)
    except Fault as fault:
        assert fault.found and fault.expected and fault.do
    else:
        rows = {"xlsx": 3, "lsa": 3}.get(wave.origin.format)
        assert rows is None or len(wave) == rows, "a damaged file gave a shorter or longer table"
