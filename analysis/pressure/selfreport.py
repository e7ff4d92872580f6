"""What firms say of rules themselves: the answers that stand beside what is computed from their flows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey import QuestionFault, State, Study, StudyFault, Wave, answers_to, nearest

__all__ = ["Said", "said_by_firms"]

_STATS = ("us", "cn", "squeeze")
_KEYS = ("question", "option", "codes")


@dataclass(frozen=True, slots=True)
class Said:
    """Answers of n firms to one question about the rules of a side.

    Attributes
    ----------
    stat : str
        The indicator they are held against: us, cn or squeeze.
    question, option : str
        Question, and the option of a list of several; "" for a question of one answer.
    codes : tuple[str, ...]
        Codes that mean yes.
    yes : shape (n,)
        1, 0, or nan where not answered. A firm that the questionnaire routes past the question says no.
    """

    stat: str
    question: str
    option: str
    codes: tuple[str, ...]
    yes: NDArray[np.float64]


def said_by_firms(study: Study, wave: Wave) -> tuple[Said, ...]:
    """What `[pressure.selfreport]` names, in its order; none where it is not there.

    Raises
    ------
    StudyFault
        An unknown key, or a value of another kind.
    QuestionFault
        No such question, option or code.
    """
    told = study.section("pressure").get("selfreport", {})
    if not isinstance(told, Mapping):
        raise _bad(study, "selfreport", told, "a table", 'us = { question = "impact", option = "us_cost" }')
    found = []
    for stat, rows in told.items():
        if stat not in _STATS:
            raise _bad(study, f"selfreport.{stat}", stat, "one of: us, cn, squeeze", nearest(stat, _STATS))
        for row in rows if isinstance(rows, list) else [rows]:
            found.append(_said(study, wave, stat, row))
    return tuple(found)


def _said(study: Study, wave: Wave, stat: str, row: Any) -> Said:
    at = f"selfreport.{stat}"
    write = 'write  { question = "impact", option = "us_cost" }'
    if not isinstance(row, Mapping) or not isinstance(row.get("question"), str):
        raise _bad(study, at, row, "a table with  question", write)
    for key in row:
        if key not in _KEYS:
            raise _bad(study, f"{at}.{key}", key, "one of: " + ", ".join(_KEYS), nearest(key, _KEYS))
    option, given = row.get("option", ""), row.get("codes", ())
    if not isinstance(option, str) or not isinstance(given, (list, tuple)) or bool(option) == bool(given):
        raise _bad(study, at, dict(row), "an  option  that was ticked, or the  codes  that mean yes", write)
    answers = answers_to(wave, row["question"])
    codes = (option,) if option else tuple(str(code) for code in given)
    known = list(answers.options)
    for code in codes:
        if code not in known:
            raise QuestionFault(
                study.place(f"pressure.{at}"),
                f"{code!r}, which {row['question']!r} does not have",
                "one of: " + ", ".join(known[:12]) if known else "a question with choices",
                nearest(code, known),
            )
    did = np.isin(answers.state, (State.ANSWERED, State.ANSWERED_NOT_ROUTED))
    yes = answers.ticks[:, [known.index(code) for code in codes]].any(axis=1).astype(np.float64)
    value = np.where(did, yes, np.where(answers.asked == 0, 0.0, np.nan))
    return Said(stat, row["question"], option, codes, value)


def _bad(study: Study, key: str, found: object, expected: str, do: str) -> StudyFault:
    return StudyFault(study.place(f"pressure.{key}"), repr(found), expected, do)
