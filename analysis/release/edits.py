"""What would mend one question: its cells hidden, answers merged, a break of it left out, or all of it."""

import pandas as pd

from analysis.release.withheld import Edit, Withheld
from survey import Question

__all__ = ["edits_of"]

_BESIDE = 2
"""Cells shown beside what was broken of which each is tried."""


def edits_of(question: Question, rows: pd.DataFrame, shown: pd.Series) -> list[Edit]:
    """Edits of one question that would hide what was broken, the finest first, all of it hidden last.

    Parameters
    ----------
    question : Question
        As it was asked; of one with a single answer, answers beside each other in the questionnaire may be
        merged: shown as one net, hidden by themselves.
    rows : pandas.DataFrame
        Rows of an attack on it: `option, by, group`.
    shown : pandas.Series
        Firms in each cell that would be shown, by `question, by, group, option`: where what was broken is
        hidden already, the smallest shown beside it are hidden too.
    """
    name = question.id
    known = {choice.code for choice in question.choices} | set(question.nets)
    pairs = list(
        dict.fromkeys(rows[["option", "by", "group"]].astype("str").itertuples(index=False, name=None))
    )
    cells = [Withheld(name, option if option in known else "", by, group) for option, by, group in pairs]
    if question.kind == "binary":
        cells = [Withheld(name, question.counted, one.by, one.group) if one.option else one for one in cells]
    breaks = tuple(dict.fromkeys(Withheld(name, by=one.by) for one in cells if one.by))
    over_all = tuple(one for one in cells if not one.by)
    whole = Edit((Withheld(name),))
    edits = [Edit(tuple(cells))]
    for by, group in dict.fromkeys((one.by, one.group) for one in cells):
        beside = shown[[key[:3] == (name, by, group) for key in shown.index]].sort_values(kind="stable")
        more = [Withheld(name, str(key[3]), by, group) for key in beside.index]
        more = [one for one in more if one not in cells][:_BESIDE]
        edits += [Edit((*cells, one)) for one in more]
    if question.kind == "single" and not breaks and all(one.option for one in cells):
        edits += _merges(question, [one.option for one in over_all if one.option not in question.nets])
    if breaks:
        edits.append(Edit((*over_all, *breaks)))
    return [*edits, whole]


def _merges(question: Question, broken: list[str]) -> list[Edit]:
    """Runs of neighbours that hold every broken answer: each alone with the one before, or the one after."""
    codes = [choice.code for choice in question.choices]
    places = sorted(codes.index(code) for code in broken)
    if not places:
        return []
    first, last = places[0], places[-1]
    runs = [(first, last)] if last > first else [(first - 1, last), (first, last + 1)]
    found = []
    for start, end in runs:
        if start < 0 or end >= len(codes) or end - start + 1 >= len(codes):
            continue
        run = tuple(codes[start : end + 1])
        hide = tuple(Withheld(question.id, code) for code in run)
        is_there = any(set(parts) == set(run) for parts in question.nets.values())
        if not is_there:
            found.append(Edit(hide, {question.id: run}))
    return found
