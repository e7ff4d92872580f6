"""What all checks look at: the wave, its answers read once, and how rows are named in a finding."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.answers import Answers
from survey.codebook import Question
from survey.coding import Coded, code_column
from survey.routing import answers_to
from survey.wave import Wave

__all__ = ["Seen", "rows_said"]

SHOWN = 5


@dataclass(slots=True)
class Seen:
    """A cleaned wave of n firms, with answers and codes read at most once."""

    wave: Wave
    _answers: dict[str, Answers] = field(default_factory=dict)
    _coded: dict[str, Coded] = field(default_factory=dict)

    def questions(self, *kinds: str) -> list[Question]:
        """Questions that are asked, of some kinds or of all."""
        asked = (q for q in self.wave.codebook.questions if q.role == "question")
        return [q for q in asked if not kinds or q.kind in kinds]

    def answers(self, question: Question) -> Answers:
        """Answers to a question."""
        if question.id not in self._answers:
            self._answers[question.id] = answers_to(self.wave, question.id)
        return self._answers[question.id]

    def coded(self, question: Question, name: str) -> Coded:
        """Codes of one column of a question."""
        if name not in self._coded:
            self._coded[name] = code_column(self.wave.frame[name], question.missing)
        return self._coded[name]

    def numbers(self, question: Question) -> NDArray[np.float64]:
        """Numbers given to a number question, shape (n,); nan elsewhere."""
        return self.answers(question).values

    def texts(self, name: str) -> pd.Series:
        """Distinct texts of a column, index their codes of `pandas.factorize`."""
        return pd.Series(pd.unique(self.wave.frame[name].dropna()), dtype=object)


def rows_said(hit: NDArray[np.bool_]) -> str:
    """`row 3`, or `rows 3, 5, 8, ...`: the first rows that are hit, from 1."""
    rows = np.flatnonzero(hit)
    shown = ", ".join(str(r + 1) for r in rows[:SHOWN]) + (" ..." if len(rows) > SHOWN else "")
    return ("row " if len(rows) == 1 else "rows ") + shown
