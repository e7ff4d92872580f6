"""The demonstration wave as files: a .sav that says everywhere it is synthetic, and its codebook."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from survey.codebook import Codebook, Question
from survey.codebook_writing import codebook_text
from survey.formats.spss_write import write_sav
from survey.synthetic import DEMO_SEED, demo_respondents

__all__ = ["CREATED", "write_demo_wave"]

CREATED = datetime(2021, 12, 15)
"""Time of creation in the header of the .sav, pinned so that the same answers give the same bytes."""

_FILE_LABEL = "SYNTHETIC DATA, no real firm answered / 合成データ"
_NOTES = (
    "SYNTHETIC DATA. No row is the answer of a real firm.",
    "100 made-up firms that reproduce the printed counts of a survey of 2021.",
    "合成データ（架空の回答）。実在の企業の回答ではない。",
    "Seed {seed}. Codes 97 not asked, 98 do not know, 99 no answer.",
)
_MARKS = {"en": "[synthetic]", "ja": "［合成］"}


def write_demo_wave(folder: Path, published: Path, seed: int = DEMO_SEED) -> int:
    """Write `demo_2021.sav` and `codebook.toml` into a folder; the same bytes every time.

    Parameters
    ----------
    folder : Path
        An existing folder.
    published : Path
        `published_waves.csv`, whose counts the firms reproduce.
    seed : int

    Returns
    -------
    int
        The seed.

    Raises
    ------
    FileFault, QuestionFault
        The published file is missing, or its counts cannot hold together.
    """
    frame, codebook = demo_respondents(published, seed)
    write_sav(
        folder / "demo_2021.sav",
        frame,
        _marked(codebook),
        created=CREATED,
        file_label=_FILE_LABEL,
        notes=tuple(line.format(seed=seed) for line in _NOTES),
    )
    (folder / "codebook.toml").write_bytes(codebook_text(codebook).encode("utf-8"))
    return seed


def _marked(codebook: Codebook) -> Codebook:
    """The codebook with every wording of a question, and of an option that has a column, marked synthetic."""
    return replace(codebook, questions=tuple(_mark(question) for question in codebook.questions))


def _mark(question: Question) -> Question:
    choices = tuple(
        replace(choice, label=_with_mark(choice.label)) if choice.column else choice
        for choice in question.choices
    )
    return replace(question, label=_with_mark(question.label), choices=choices)


def _with_mark(label: Mapping[str, str]) -> dict[str, str]:
    return {lang: f"{text} {_MARKS[lang]}" for lang, text in label.items()}
