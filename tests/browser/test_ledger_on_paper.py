"""The Ledger on paper: A4 sheets that are numbered, name their study and repeat the head of a table."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard.command import main
from tests.survey.small_waves import study_folder

STUDY = """schema = 1
id = "small"
synthetic = true
title = { en = "Small study", ja = "小さな調査" }
[[waves]]
name = "2021"
file = "answers.csv"
codebook = "codebook.toml"
[design]
id = "firm"
[[clean]]
rule = "recode"
reason = "one list of sectors"
question = "sector"
codes = { car = "auto" }
"""
FIRMS = 90


def printed(page: Path) -> list[str]:
    """The text of each sheet, as Chromium prints the page without a word from us."""
    chromium, reader = os.environ.get("CROSSPRESSURE_CHROMIUM"), shutil.which("pdftotext")
    if not chromium or not reader:
        pytest.skip("CROSSPRESSURE_CHROMIUM and pdftotext are needed to print and to read the sheets")
    pdf = page.with_suffix(".pdf")
    words = [chromium, "--headless", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={pdf}"]
    words += [f"--user-data-dir={page.parent / 'profile'}", *(["--no-sandbox"] if os.getuid() == 0 else [])]
    subprocess.run([*words, page.as_uri()], check=True, capture_output=True, timeout=60)
    size = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Page size:.*A4", size)
    text = subprocess.run(
        [reader, "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    return text.split("\f")[:-1]


def test_sheets_are_numbered_and_repeat_the_head_of_the_table(tmp_path: Path) -> None:
    rows = "".join(f"F{i:03d},car\n" for i in range(FIRMS))
    folder = study_folder(tmp_path / "study", STUDY, "firm,sector\n" + rows)
    (folder / "codebook.toml").write_text('schema = 1\n[questions.sector]\nkind = "text"\n')
    assert main(["clean", str(folder), "--out", str(tmp_path / "l.html"), "--quiet"]) == 0
    sheets = printed(tmp_path / "l.html")
    assert len(sheets) > 2
    for number, sheet in enumerate(sheets, start=1):
        assert re.search(rf"\b{number} ?/ ?{len(sheets)}\b", sheet)
        assert "small · 2021 · SHA-256" in sheet and "synthetic respondents" in sheet
    for sheet in sheets:
        if re.search(r"F0\d\d\s+car\s+auto", sheet):
            assert "1. recode: sector" in sheet and "修正前" in sheet
    assert "Checked by" in sheets[-1]
