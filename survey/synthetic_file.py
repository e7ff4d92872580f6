"""Made-up respondents as files that say so everywhere: the demonstration wave, and any published wave."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from survey.codebook import Codebook, Question
from survey.codebook_writing import codebook_text
from survey.dependence import Dependence
from survey.exporting import SYNTHETIC_LABEL, export_wave
from survey.faults import FileFault, Finding
from survey.formats.spss_write import write_sav
from survey.printed_counts import PrintedWave
from survey.synthetic import synthesize
from survey.synthetic_demo import DEMO_SEED, demo_respondents
from survey.wave import Origin, Wave

__all__ = ["CREATED", "write_demo_wave", "write_synthetic"]

CREATED = datetime(2021, 12, 15)
"""Time of creation in the header of the .sav, pinned so that the same answers give the same bytes."""

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
        file_label=SYNTHETIC_LABEL,
        notes=tuple(line.format(seed=seed) for line in _NOTES),
    )
    (folder / "codebook.toml").write_bytes(codebook_text(codebook).encode("utf-8"))
    return seed


def write_synthetic(
    path: Path, wave: PrintedWave, dependence: Dependence, seed: int, *, told: str = ""
) -> tuple[Finding, ...]:
    """Write respondents that reproduce a published wave as .sav or .zsav; one seed gives the same bytes.

    The document of the file tells that they are made up, the seed, what was decided (`PrintedWave.notes`),
    and the dependence that was put in. Every label says synthetic.

    Parameters
    ----------
    path : Path
        File to write; written whole or not at all.
    told : str
        Where the figures come from.

    Returns
    -------
    tuple[Finding, ...]
        Names that SPSS cannot hold, and cells that read back otherwise (see `export_wave`).

    Raises
    ------
    FileFault
        Another suffix, or a folder that cannot be written to.
    """
    if path.suffix.lower() not in (".sav", ".zsav"):
        raise FileFault(str(path), f"suffix {path.suffix!r}", ".sav or .zsav", "name the file so")
    frame, codebook = synthesize(wave, dependence, np.random.default_rng(seed))
    codes = f"Seed {seed}. Codes 97 not asked, 99 no answer, blank: not in this edition."
    source = (f"Figures: {told}",) if told else ()
    lines = (codes, *source, *(f"- {note}" for note in wave.notes), *dependence.notes())
    origin = Origin("", "", "sav", "", len(frame))
    made = Wave(wave.name, frame, _marked(codebook), origin, notes={"documents": "\n".join(lines)})
    return export_wave(made, path, "sav", created=CREATED, is_synthetic=True)


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
