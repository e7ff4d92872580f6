"""What is taken away of a Release of hostile words: no formula, no relation elsewhere, no turned line."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from dashboard.app import make_app
from dashboard.downloads import DOWNLOADS
from dashboard.export.making import make_brief
from dashboard.selection import View
from dashboard.shelf import open_shelf
from dashboard.straight import straight_text
from tests.dashboard.hostile import ELSEWHERE, TURNING, hostile_release
from tests.dashboard.made_up import write_made_up


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_release(write_made_up(tmp_path_factory.mktemp("hostile") / "internal"))


def _inside(file: bytes) -> dict[str, bytes]:
    """Parts of an Office file, of the workbooks in it too."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        for name in parts.namelist():
            found[name] = parts.read(name)
            if name.endswith(".xlsx"):
                found |= {f"{name}/{inner}": part for inner, part in _inside(found[name]).items()}
    return found


@pytest.mark.parametrize("kind", ["xlsx", "pptx"])
def test_office_files_hold_words_alone(hostile: Path, kind: str) -> None:
    made = make_brief(open_shelf(hostile), View(lang="en"), kind)[1]
    parts = _inside(made)
    assert sum(ELSEWHERE.encode() in part for part in parts.values()) > 1
    for name, part in parts.items():
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in part, name
            assert ELSEWHERE.encode() not in part, name
        if "/worksheets/" in name:
            assert b"<f>" not in part and b"<f " not in part, name
        if name.endswith(".xml"):
            assert not set(part.decode("utf-8")) & set(TURNING), name
        assert not name.endswith(("vbaProject.bin", ".vml")), name
    if kind == "xlsx":
        cells = [
            cell
            for page in openpyxl.load_workbook(io.BytesIO(made))
            for row in page.iter_rows()
            for cell in row
        ]
        assert not [
            cell.value
            for cell in cells
            if cell.data_type == "f" or (cell.hyperlink and cell.hyperlink.target)
        ]


def test_tables_hold_no_cell_that_begins_as_a_formula(hostile: Path) -> None:
    client = make_app(hostile).server.test_client()
    risky = met = 0
    for path in DOWNLOADS:
        answer = client.get(path)
        if answer.status_code != 200 or "csv" not in answer.mimetype:
            continue
        text = answer.get_data().decode("utf-8-sig")
        assert not set(text) & set(TURNING), path
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                met += "=HYPERLINK" in cell or "cmd|" in cell
                risky += cell[:1] in "=+@\t\r" and bool(cell) and not _is_number(cell)
    assert risky == 0 and met > 2


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_letters_that_turn_a_line_are_marked() -> None:
    assert straight_text("a\u202egnp.exe\u2069") == "a\ufffdgnp.exe\ufffd"
    assert straight_text("企業 – עברית") == "企業 – עברית"
