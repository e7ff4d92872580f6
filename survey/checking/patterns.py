"""Patterns over questions: the same answer down a grid, and follow-ups whose gate nobody wrote down."""

import re

import numpy as np
from numpy.typing import NDArray

from survey.answers import Answers
from survey.checking.seen import Seen, rows_said
from survey.codebook import Question, words
from survey.faults import Finding
from survey.missing import State

__all__ = ["GRID", "followups_without_gate", "straight_lines"]

GRID = 5
"""Questions a grid must have before the same answer to all of them is told."""

_SCREEN = 20_000
"""Firms on whom a pair of questions is tried before it is looked at in all."""

_WORDS = re.compile(
    r"\b(if|for those who|only those who)\b[^.?]{0,30}\b(yes|so|answered|selected|chose|said)\b"
    r"|と(お)?答え(た|になった)(方|企業)|と回答(した|された)(方|企業)|付問|[「」]を選(んだ|択した)(方|企業)",
    re.IGNORECASE,
)


def straight_lines(seen: Seen) -> list[Finding]:
    """Firms that gave the same answer to every question of a grid.

    A grid is a run of `GRID` or more questions with one answer each and the same three or more choices.
    """
    findings: list[Finding] = []
    for grid in _grids(seen.questions()):
        codes = np.column_stack([seen.coded(q, q.columns[0]).index for q in grid])
        texts = [seen.coded(q, q.columns[0]).found for q in grid]
        shared = {code: i for i, code in enumerate(sorted({c for found in texts for c in found}))}
        maps = [np.array([*(shared[c] for c in found), -1]) for found in texts]
        codes = np.column_stack([maps[j][codes[:, j]] for j in range(len(grid))])
        same = (codes == codes[:, :1]).all(axis=1) & (codes[:, 0] >= 0)
        if same.any():
            complete = int((codes >= 0).all(axis=1).sum())
            findings.append(
                Finding(
                    f"questions {grid[0].id} to {grid[-1].id}",
                    f"{int(same.sum())} of {complete} firms gave one and the same answer "
                    f"to all {len(grid)} ({rows_said(same)})",
                    "They may not have read the questions.",
                    "Compare results with and without them.",
                )
            )
    return findings


def _grids(questions: list[Question]) -> list[list[Question]]:
    grids: list[list[Question]] = [[]]
    shape: tuple[object, ...] = ()
    for question in questions:
        own: tuple[object, ...] = ()
        if question.kind == "single" and len(question.choices) >= 3:
            own = tuple((c.code, tuple(c.label.values())) for c in question.choices)
        if own and own == shape:
            grids[-1].append(question)
        else:
            grids.append([question] if own else [])
        shape = own
    return [grid for grid in grids if len(grid) >= GRID]


def followups_without_gate(seen: Seen) -> list[Finding]:
    """Questions without routing that look routed.

    Their wording says so ("if yes ..."), or the firms that left them blank are, but for one in fifty, just
    those that gave certain answers to an earlier question.
    """
    findings: list[Finding] = []
    gates: list[tuple[Question, Answers]] = []
    for question in seen.questions():
        answers = seen.answers(question)
        if not question.asked_if and gates:
            said = _gate(answers, gates)
            worded = any(_WORDS.search(text) for text in question.label.values())
            if said or worded:
                found = f"looks like a follow-up of {said}" if said else "its wording says it is a follow-up"
                label = words(question.label, "en")[:40]
                findings.append(
                    Finding(
                        f"question {question.id}",
                        f"{found}, and has no gate" + (f" ({label!r})" if worded and not said else ""),
                        "Firms that were not asked count as silent.",
                        'Write who was asked, asked_if = "...", in codebook.toml.',
                    )
                )
        if question.kind in ("single", "binary") and 2 <= len(answers.options) <= 12:
            gates.append((question, answers))
    return findings


def _gate(answers: Answers, gates: list[tuple[Question, Answers]]) -> str:
    """The gate that explains who is blank, as an expression; "" if none does."""
    blank = np.isin(answers.state, (State.NO_ANSWER, State.NOT_ASKED))
    share = blank.mean() if len(blank) else 0.0
    if not 0.05 <= share <= 0.95:
        return ""
    for question, gate in reversed(gates):
        if _explains(blank[:_SCREEN], gate.ticks[:_SCREEN]) and (away := _explains(blank, gate.ticks)):
            kept = [o for o, is_away in zip(gate.options, away, strict=True) if not is_away]
            return f"{question.id} in ({', '.join(kept)})"
    return ""


def _explains(blank: NDArray[np.bool_], ticks: NDArray[np.bool_]) -> list[bool]:
    """Which options send firms past the question; empty where options do not explain the blanks."""
    given = ticks.any(axis=1)
    firms = ticks.sum(axis=0)
    blanks = (ticks & blank[:, None]).sum(axis=0)
    away = blanks > 0.5 * firms
    sent, kept = firms[away].sum(), firms[~away].sum()
    if sent < 5 or kept < 5:
        return []
    wrong = (firms[away] - blanks[away]).sum() + blanks[~away].sum()
    return away.tolist() if wrong <= 0.02 * given.sum() and blanks[~away].sum() <= 0.1 * kept else []
