"""Answers changed by named rules, each change written down so that it can be shown and replayed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from survey.cleaning.cells import with_finding
from survey.cleaning.codes import recode, set_missing
from survey.cleaning.hand import correct
from survey.cleaning.harmonise import harmonise_country, harmonise_currency, harmonise_sector
from survey.cleaning.outliers import winsorise
from survey.cleaning.rows import drop, merge_duplicates
from survey.cleaning.settings import CleanStep
from survey.cleaning.tidy import tidy_column
from survey.design import Design
from survey.design_columns import weight_column
from survey.exclusive import clashing_ticks, exclusive_options
from survey.faults import Finding
from survey.ledger import Change, Ledger
from survey.meanings import Meaning, changed_meanings
from survey.routing import answers_to
from survey.wave import Wave

__all__ = ["CLEANING_RULES", "clean_wave"]

CLEANING_RULES = {
    "trim_text": "spaces (full-width ones too) around a text are taken off; a text of spaces is a blank",
    "narrow_digits": "full-width digits and signs in numbers and codes become half-width, １２ is 12",
    "thousands": "commas between groups of three digits in a number are taken out, 1,200 is 1200",
}
"""Rules that always run, in this order; beside those of the study nothing else is ever changed."""

_STEPS: dict[str, Callable[[Wave, CleanStep], tuple[Wave, tuple[Change, ...]]]] = {
    "recode": recode,
    "set_missing": set_missing,
    "merge_duplicates": merge_duplicates,
    "harmonise_country": harmonise_country,
    "harmonise_sector": harmonise_sector,
    "harmonise_currency": harmonise_currency,
    "winsorise": winsorise,
    "drop": drop,
    "correct": correct,
}


def clean_wave(wave: Wave, steps: tuple[CleanStep, ...] = (), *, id: str = "") -> tuple[Wave, Ledger]:
    """Tidy the answers of a wave, run the rules of its study, and say what was done.

    First the rules of `CLEANING_RULES`, then the steps, in their order. A step that changes nothing is a
    finding. Firms that ticked an exclusive option ("none of these") beside others are not changed: a
    finding of the wave names them.

    Parameters
    ----------
    wave : Wave
        As read; never changed.
    steps : tuple[CleanStep, ...]
        Rules of the study; those for other waves are passed over.
    id : str
        Column of firm ids, so that the Ledger can name the firms.

    Returns
    -------
    tuple[Wave, Ledger]
        A new wave, rows 0 to n-1, and the changes in order, by the rows of the file.

    Raises
    ------
    DesignFault
        A column of weights with missing, negative or only zero weights.
    Fault
        A step that does not fit the wave.
    """
    ids = wave.frame[id].to_numpy() if id in wave.frame.columns else np.array([], dtype=object)
    cleaned = replace(wave, frame=wave.frame.reset_index(drop=True))
    changes: list[Change] = []
    for question in wave.codebook.questions:
        for name in question.columns:
            if name in wave.frame.columns:
                cleaned, made = tidy_column(cleaned, question, name, CLEANING_RULES)
                changes += made
    meanings: list[Meaning] = []
    for step in steps:
        if step.waves and wave.name not in step.waves:
            continue
        book = cleaned.codebook
        cleaned, made = _STEPS[step.rule](cleaned, step)
        changes += made
        meant = changed_meanings(book, cleaned.codebook, step.rule, step.reason, step.who)
        meanings += meant
        if not made and not meant:
            cleaned = with_finding(
                cleaned,
                step,
                "the rule changed nothing",
                "It may no longer fit the file.",
                "Mend or remove it.",
            )
    cleaned = replace(cleaned, frame=cleaned.frame.reset_index(drop=True))
    for question in cleaned.codebook.questions:
        if question.role == "weight":
            weight_column(cleaned, question.columns[0], Design(weight=question.columns[0]))
    cleaned = replace(cleaned, findings=(*cleaned.findings, *_clashes(cleaned)))
    origin = wave.origin
    return cleaned, Ledger(
        tuple(changes), wave.name, origin.path, origin.sha256, len(wave), ids, tuple(meanings)
    )


def _clashes(wave: Wave) -> list[Finding]:
    findings: list[Finding] = []
    for question in wave.codebook.questions:
        exclusive = exclusive_options(question)
        if not exclusive:
            continue
        rows = clashing_ticks(answers_to(wave, question.id), exclusive).nonzero()[0]
        if len(rows):
            shown = ", ".join(str(r + 1) for r in rows[:5]) + (" ..." if len(rows) > 5 else "")
            findings.append(
                Finding(
                    f"question {question.id}",
                    f"{len(rows)} firms ticked {', '.join(exclusive)} and another option (rows {shown})",
                    "Both ticks are counted.",
                    "Ask these firms, or decide which tick stands.",
                )
            )
    return findings
