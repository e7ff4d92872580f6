"""Groups of firms that stand side by side: a break question, or several nested in each other."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey import QuestionFault, Wave, answers_to

__all__ = ["NEST", "Break", "break_of"]

NEST = ">"
"""What joins the ids, and the codes, of nested breaks: `sector>size`, `2>small`."""

_MOST_GROUPS, _MOST_NESTED = 50, 400


@dataclass(frozen=True, slots=True)
class Break:
    """One break of a wave of n rows into g groups.

    Attributes
    ----------
    by : str
        Id of the question; ids joined by `NEST` where breaks are nested.
    groups : tuple[str, ...]
        Codes, of nested breaks joined in the same way.
    member, perhaps : NDArray[np.bool_]
        Shape (rows, g): firms in a group; those and the firms whose group is not known.
    span : NDArray[np.intp]
        Shape (g,): groups of one span are compared with each other; nested groups within the group
        they lie in.
    """

    by: str
    groups: tuple[str, ...]
    member: NDArray[np.bool_]
    perhaps: NDArray[np.bool_]
    span: NDArray[np.intp]


def break_of(wave: Wave, name: str) -> Break:
    """The groups a question makes, or `a>b` (also written `a*b`): each b within each a.

    Raises
    ------
    QuestionFault
        No such question; text, dates or numbers of many values; too many nested groups.
    """
    parts = [name] if name in wave.codebook.ids() else [p.strip() for p in re.split(r"[>*]", name)]
    made = _one(wave, parts[0])
    for part in parts[1:]:
        made = _nested(made, _one(wave, part))
    return made


def _one(wave: Wave, name: str) -> Break:
    groups, member = _groups(wave, name)
    known = np.zeros(len(member), dtype=bool)
    for one in member.T:  # a pass a group: reducing rows of few groups is ten times slower
        known |= one
    perhaps = member if known.all() else member | ~known[:, None]
    return Break(name, groups, member, perhaps, np.zeros(len(groups), dtype=np.intp))


def _nested(outer: Break, inner: Break) -> Break:
    many = len(outer.groups) * len(inner.groups)
    by = f"{outer.by}{NEST}{inner.by}"
    if many > _MOST_NESTED:
        raise QuestionFault(
            f"--by {by!r}",
            f"{many} nested groups",
            f"at most {_MOST_NESTED}",
            "nest fewer or shorter questions",
        )
    member = outer.member[:, :, None] & inner.member[:, None, :]
    perhaps = outer.perhaps[:, :, None] & inner.perhaps[:, None, :]
    rows = len(member)
    return Break(
        by,
        tuple(f"{a}{NEST}{b}" for a in outer.groups for b in inner.groups),
        member.reshape(rows, many),
        perhaps.reshape(rows, many),
        np.repeat(np.arange(len(outer.groups)), len(inner.groups)),
    )


def _groups(wave: Wave, name: str) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """Codes of a break question and who is in each group."""
    answers = answers_to(wave, name)
    if answers.options:
        return tuple(answers.options), answers.ticks
    distinct = np.unique(answers.values[np.isfinite(answers.values)])
    if answers.kind in ("text", "date") or not 0 < len(distinct) <= _MOST_GROUPS:
        raise QuestionFault(
            f"--by {name!r}",
            f"a question of kind {answers.kind!r} with {len(distinct)} distinct numbers",
            f"a question of choices, or at most {_MOST_GROUPS} distinct numbers",
            "break by a question with choices, or band it in the codebook",
        )
    return tuple(f"{v:g}" for v in distinct), np.asarray(answers.values[:, None] == distinct)
