"""Raw codes of one question into answers: state, ticks, values and nets of every firm."""

import numpy as np
from numpy.typing import NDArray

from survey.answers import Answers
from survey.codebook import Question
from survey.coding import Coded, code_column, code_order
from survey.faults import QuestionFault, nearest
from survey.missing import State
from survey.wave import Wave

__all__ = ["answers_given"]


def answers_given(wave: Wave, question: Question, asked: NDArray[np.int8]) -> Answers:
    """The answers of n firms to one question, given who was asked.

    Parameters
    ----------
    wave : Wave
        Raw codes of n firms.
    question : Question
        A question of the wave, or a column looked at as one.
    asked : NDArray[np.int8]
        Shape (n,): 1 asked, 0 not asked, -1 unknown.

    Raises
    ------
    QuestionFault
        A column that is not in the file, or a net of codes that do not exist.
    """
    for column in question.columns:
        if column not in wave.frame.columns:
            raise QuestionFault(
                f"question {question.id!r}",
                f"no column {column!r} in {wave.origin.path}",
                "a column of the file",
                nearest(column, [str(c) for c in wave.frame.columns]),
            )
    texts = question.kind not in ("number", "text", "date")
    coded = [code_column(wave.frame[c], question.missing, texts=texts) for c in question.columns]
    state = _state(coded, asked)
    options, ticks = _ticks(question, coded)
    if question.is_dichotomies:
        unticked = (state == State.ANSWERED_NOT_ROUTED) & ~ticks.any(axis=1)
        state = np.where(unticked, np.int8(State.NOT_ASKED), state)
    given = (state == State.ANSWERED) | (state == State.ANSWERED_NOT_ROUTED)
    values = np.full(len(wave), np.nan)
    if question.kind == "number":
        values = coded[0].number
        state = np.where(given & np.isnan(values), np.int8(State.NO_ANSWER), state)
    elif question.kind == "binary":
        values = np.where(given, _counted(coded[0], question.counted).astype(float), np.nan)
    elif question.kind == "single" and not np.isnan(coded[0].number[given]).any():
        values = np.where(given, coded[0].number, np.nan)
    return Answers(
        question=question.id,
        kind=question.kind,
        options=options,
        ticks=ticks,
        values=values,
        state=state,
        asked=asked,
        nets=_nets(question, options, ticks),
    )


def _state(coded: list[Coded], asked: NDArray[np.int8]) -> NDArray[np.int8]:
    """Answered if any column is; else the first reason given; else by routing."""
    state = coded[0].state.copy()
    for column in coded[1:]:
        better = (column.state == State.ANSWERED) | ((state == State.NO_ANSWER) & (column.state > 0))
        state = np.where((state != State.ANSWERED) & better, column.state, state)
    state = np.where((state == State.NO_ANSWER) & (asked == 0), np.int8(State.NOT_ASKED), state)
    state = np.where((state == State.ANSWERED) & (asked == 0), np.int8(State.ANSWERED_NOT_ROUTED), state)
    return state.astype(np.int8)


def _counted(coded: Coded, counted: str) -> NDArray[np.bool_]:
    """Which of n cells hold the value that counts as a tick."""
    if counted in coded.found:
        return coded.index == coded.found.index(counted)
    return np.zeros(len(coded.index), dtype=bool)


def _ticks(question: Question, coded: list[Coded]) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """Options and their ticks, shape (n, options); codes found but not listed come last."""
    n = len(coded[0].index)
    if question.kind in ("number", "text", "date"):
        return (), np.zeros((n, 0), dtype=bool)
    if question.is_dichotomies:
        by_column = {c.column: c.code for c in question.choices if c.column}
        columns = {by_column.get(name, name): c for name, c in zip(question.columns, coded, strict=True)}
        options = tuple(columns)
        ticks = np.column_stack([_counted(columns[code], question.counted) for code in options])
        return options, ticks
    listed = [c.code for c in question.choices]
    extra = code_order(list({code for c in coded for code in c.found} - set(listed)))
    options = tuple([*listed, *extra])
    position = {code: i for i, code in enumerate(options)}
    ticks = np.zeros((n, len(options)), dtype=bool)
    for column in coded:
        to = np.array([position[code] for code in column.found] + [-1], dtype=np.int64)
        rows = np.flatnonzero(column.index >= 0)
        ticks[rows, to[column.index[rows]]] = True
    return options, ticks


def _nets(
    question: Question, options: tuple[str, ...], ticks: NDArray[np.bool_]
) -> dict[str, NDArray[np.bool_]]:
    nets: dict[str, NDArray[np.bool_]] = {}
    for net, codes in question.nets.items():
        for code in codes:
            if code not in options:
                raise QuestionFault(
                    f"net {net!r} of question {question.id!r}",
                    f"no code {code!r}",
                    "codes of its choices",
                    nearest(code, options),
                )
        nets[net] = np.asarray(ticks[:, [options.index(code) for code in codes]].any(axis=1))
    return nets
