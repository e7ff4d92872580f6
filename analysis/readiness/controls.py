"""How far each firm has each control in place, out of its answers."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.readiness.settings import ReadinessSettings
from survey import Codebook, Question, State, Wave, answers_to

__all__ = ["READINESS_FORM", "control_scores", "readiness_form", "with_columns"]

Floats = NDArray[np.float64]

READINESS_FORM = ("control", "question", "option", "code", "score", "weight", "aggregation", "asked_if")
"""Columns of the table `readiness_form`: how answers are scored; it holds no answer."""


def control_scores(wave: Wave, settings: ReadinessSettings) -> Floats:
    """Score of each firm and control, shape (n, k): 0 to 1.

    A firm that the questionnaire routes past the question (it does nothing of the kind) scores 0; one that
    was asked and did not answer, or whose routing is not known, is nan.
    """
    columns = []
    for control in settings.controls:
        answers = answers_to(wave, control.question)
        did = np.isin(answers.state, [State.ANSWERED, State.ANSWERED_NOT_ROUTED])
        points = np.array([control.scores.get(option, 0.0) for option in answers.options])
        value = (answers.ticks * points).max(axis=1, initial=0.0)
        if answers.kind == "binary" and not len(answers.options):
            value = np.nan_to_num(answers.values)
        columns.append(np.where(did, value, np.where(answers.asked == 0, 0.0, np.nan)))
    return np.column_stack(columns)


def readiness_form(settings: ReadinessSettings, codebook: Codebook) -> pd.DataFrame:
    """How a benchmark scores answers: one row a control and code that scores above 0.

    `asked_if` is whom the questionnaire asks; others do not have the control, here as in `control_scores`.
    """
    rows = [
        (
            *(control.name, control.question, control.option, code),
            *(score, control.weight, settings.aggregation, codebook.question(control.question).asked_if),
        )
        for control in settings.controls
        for code, score in control.scores.items()
        if score > 0
    ]
    table = pd.DataFrame(rows, columns=list(READINESS_FORM))
    return table.astype(dict.fromkeys((*READINESS_FORM[:4], "aggregation", "asked_if"), "str"))


def with_columns(wave: Wave, columns: dict[str, Floats]) -> Wave:
    """The wave with numbers of our own as questions: yes or no where all are 0 or 1, else a number."""
    questions = []
    for name, values in columns.items():
        is_binary = bool(np.isin(values[np.isfinite(values)], (0.0, 1.0)).all())
        kind, counted = ("binary", "1") if is_binary and name != "readiness.index" else ("number", "")
        questions.append(Question(name, kind, (name,), counted=counted))
    codebook = replace(wave.codebook, questions=wave.codebook.questions + tuple(questions))
    frame = pd.concat([wave.frame, pd.DataFrame(columns, index=wave.frame.index)], axis=1)
    return replace(wave, frame=frame, codebook=codebook)
