"""Our own questionnaire as the instrument of answers, under every name a platform gives its columns."""

from pathlib import Path

import pandas as pd

from survey.codebook import Question
from survey.formats.reading import Reading
from survey.questionnaire_file import load_instrument

__all__ = ["read_questionnaire"]

_PAGE = "/-."


def read_questionnaire(path: Path) -> Reading:
    """An `instrument.toml` as an instrument without answers: all of its codebook, no rows.

    Answers from LimeSurvey head a tick `rules[lic]`, from Kobo `rules/lic` or all ticks in one text
    `lic tariff`, with or without the page before them (`page_contact/rules`): all are known.

    Raises
    ------
    FileFault, StudyFault
        As `survey.load_instrument`.
    """
    instrument = load_instrument(path)
    aliases: dict[str, tuple[str, ...]] = {}
    lists: dict[str, tuple[str, str]] = {}
    for section in instrument.sections:
        page = "" if section.office else f"page_{section.id}"
        for question in instrument.asked_in(section):
            aliases |= _aliases(question, page)
            if question.is_dichotomies:
                lists[question.id] = (question.id, " ")
                aliases[question.id] = _paged(question.id, page)
    columns = [column for question in instrument.codebook.questions for column in question.columns]
    titles = {f"title_{lang}": text for lang, text in instrument.title.items()}
    return Reading(
        frame=pd.DataFrame({column: pd.Series(dtype=object) for column in columns}),
        codebook=instrument.codebook,
        aliases=aliases,
        lists=lists,
        notes=titles,
    )


def _paged(name: str, page: str) -> tuple[str, ...]:
    return tuple(f"{page}{sign}{name}" for sign in _PAGE) if page else ()


def _aliases(question: Question, page: str) -> dict[str, tuple[str, ...]]:
    """Other names of the columns of one question."""
    if not question.is_dichotomies:
        return {column: _paged(column, page) for column in question.columns}
    found: dict[str, tuple[str, ...]] = {}
    for choice in question.choices:
        ticked = [f"{question.id}[{choice.code}]", f"{question.id}/{choice.code}"]
        ticked += [f"{question.id}{sign}{choice.code}" for sign in ("_", ".", "-", ":")]
        paged = [f"{text}/{choice.code}" for text in _paged(question.id, page)]
        found[choice.column] = tuple(n for n in [*ticked, *paged] if n != choice.column)
    return found
