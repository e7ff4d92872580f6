"""Waves made in a test, column by column, without a file."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from survey import Choice, Codebook, Origin, Question, Wave


def question(name: str, kind: str, codes: tuple[str, ...] = (), **more: object) -> Question:
    columns = more.pop("columns", (name,))
    if kind == "multiple":
        choices = tuple(Choice(c, column=f"{name}_{c}") for c in codes)
        columns = tuple(c.column for c in choices)
        more.setdefault("counted", "1")
    else:
        choices = tuple(Choice(c) for c in codes)
    if kind == "binary":
        more.setdefault("counted", "1")
    return Question(name, kind, columns, choices=choices, **more)  # type: ignore[arg-type]


def wave_of(columns: Mapping[str, object] | pd.DataFrame, *questions: Question) -> Wave:
    frame = pd.DataFrame(columns)
    return Wave("2021", frame, Codebook(questions), Origin("by hand", "", "csv", "", len(frame)))


def yes_no(yes: int, answered: int, rows: int) -> np.ndarray:
    """`rows` answers: first the yes, then the no, then blanks."""
    column = np.full(rows, np.nan)
    column[:answered] = 0
    column[:yes] = 1
    return column


def only(estimates: tuple, **wanted: object):
    """The one estimate with these fields."""
    found = [e for e in estimates if all(getattr(e, k) == v for k, v in wanted.items())]
    assert len(found) == 1, (wanted, [(e.question, e.option, e.by, e.group) for e in estimates])
    return found[0]
