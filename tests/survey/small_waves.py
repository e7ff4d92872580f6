"""Waves and study folders made in a test, by hand."""

import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from survey import Choice, Codebook, Origin, Question, Wave

STUDY = """schema = 1
id = "small"
title = { en = "Small", ja = "小さな調査" }
languages = ["en", "ja"]
as_of = 2026-01-15

[[waves]]
name = "2021"
file = "answers.csv"

[design]
id = "firm"
weight = "w"
"""
ANSWERS = "firm,w,sector,sales\na,1,auto,10\nb,2,auto,20\nc,1,steel,\nd,4,steel,40\n"


def wave_of(columns: Mapping[str, object] | pd.DataFrame, *questions: Question) -> Wave:
    frame = pd.DataFrame(columns)
    return Wave("2021", frame, Codebook(questions), Origin("by hand", "", "csv", "", len(frame)))


def single(name: str, *codes: str, **more: object) -> Question:
    choices = tuple(Choice(c, {"en": f"label {c}"}) for c in codes)
    return Question(name, "single", (name,), choices=choices, **more)  # type: ignore[arg-type]


def dichotomies(name: str, *codes: str, **more: object) -> Question:
    choices = tuple(Choice(c, {"en": c}, column=f"{name}_{c}") for c in codes)
    columns = tuple(c.column for c in choices)
    return Question(name, "multiple", columns, choices=choices, counted="1", **more)  # type: ignore[arg-type]


def study_folder(folder: Path, study: str = STUDY, answers: str = ANSWERS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(study, encoding="utf-8")
    (folder / "answers.csv").write_text(answers, encoding="utf-8")
    return folder


def real_file(name: str) -> Path:
    """A file of the real data, or a skip with the reason."""
    root = os.environ.get("CROSSPRESSURE_REALDATA")
    if not root:
        pytest.skip("CROSSPRESSURE_REALDATA is not set: real files are not here")
    file = Path(root) / "surveys" / name
    if not file.is_file():
        pytest.skip(f"{name} is not among the real files")
    return file
