"""Whether a firm's own answers send it past a question, by the routing that the Release states."""

import pandas as pd

from analysis.benchmarking.given import Given
from analysis.release.read import Release
from survey import (
    Choice,
    Codebook,
    Origin,
    Question,
    QuestionFault,
    Wave,
    names_in,
    parse_expression,
    select,
)

__all__ = ["is_routed_past"]


def is_routed_past(release: Release, given: Given, asked_if: str) -> bool:
    """Whether the firm is surely not asked: every question of the routing is answered, and it does not hold.

    Parameters
    ----------
    release : Release
        From which the codes of questions come.
    given : Given
    asked_if : str
        Routing of the question; "" where all are asked.
    """
    if not asked_if:
        return False
    names = sorted({name.id for name in names_in(parse_expression(asked_if))})
    if not names or any(len(given.answers.get(name, ())) != 1 for name in names):
        return False
    wording = release.table("wording")
    options = wording[wording["kind"] == "option"]
    questions = tuple(
        Question(
            name,
            "single",
            (name,),
            choices=tuple(
                Choice(code) for code in dict.fromkeys(options.loc[options["question"] == name, "option"])
            ),
        )
        for name in names
    )
    frame = pd.DataFrame({name: [given.answers[name][0]] for name in names})
    wave = Wave("own", frame, Codebook(questions), Origin("", "", "csv", "", 1))
    try:
        return bool(select(wave, f"not ({asked_if})")[0])
    except QuestionFault:
        return False
