"""Options that shut out all others: "none of these", "do not know"."""

import re

import numpy as np
from numpy.typing import NDArray

from survey.answers import Answers
from survey.codebook import Question

__all__ = ["clashing_ticks", "exclusive_options"]

_WORDS = re.compile(
    r"^(none|no one|nothing|not any)( of (these|the above|them))?\b[^a-z]*$"
    r"|^none[ _]of|^(do(es)?[ _]not|don.?t)[ _]know|^dk$|^no[ _]particular|^nothing in particular"
    r"|特にない|特になし|この中にはない|あてはまるものはない|いずれもない|わからない|分からない|該当なし",
    re.IGNORECASE,
)


def exclusive_options(question: Question) -> tuple[str, ...]:
    """Codes of a multiple-response set whose code or wording says that nothing else applies."""
    if question.kind != "multiple":
        return ()
    return tuple(
        c.code
        for c in question.choices
        if _WORDS.search(c.code) or any(_WORDS.search(text.strip()) for text in c.label.values())
    )


def clashing_ticks(answers: Answers, exclusive: tuple[str, ...]) -> NDArray[np.bool_]:
    """Firms, shape (n,), that ticked an exclusive option and another one beside it."""
    places = [i for i, option in enumerate(answers.options) if option in exclusive]
    if not places:
        return np.zeros(len(answers.state), dtype=bool)
    return answers.ticks[:, places].any(axis=1) & (answers.ticks.sum(axis=1) > 1)
