"""What rules did to the codebook: a question before and after, so that replay gives its meaning back too."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from survey.codebook import Choice, Codebook, MissingCode, Question
from survey.faults import FileFault, nearest

__all__ = ["Meaning", "changed_meanings", "meaning_from", "meaning_table", "with_meanings"]

_FIELDS = tuple(field.name for field in fields(Question))


@dataclass(frozen=True, slots=True)
class Meaning:
    """One rule that changed a question of the codebook, or added one.

    Attributes
    ----------
    rule : str
        Name of the rule.
    question : str
        Id of the question.
    before, after : Mapping[str, Any]
        The fields of `Question` that changed, as plain tables; `before` is empty where the question is new.
    reason, who : str
        Why, and who decided it.
    """

    rule: str
    question: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str = ""
    who: str = ""


def changed_meanings(
    before: Codebook, after: Codebook, rule: str, reason: str, who: str = ""
) -> tuple[Meaning, ...]:
    """Every question that differs between two codebooks, with the fields that do."""
    if before is after:
        return ()
    old = {question.id: question for question in before.questions}
    made = []
    for question in after.questions:
        was = old.get(question.id)
        if was == question:
            continue
        names = [n for n in _FIELDS if was is None or getattr(was, n) != getattr(question, n)]
        first = {} if was is None else {n: _plain(getattr(was, n)) for n in names}
        made.append(
            Meaning(rule, question.id, first, {n: _plain(getattr(question, n)) for n in names}, reason, who)
        )
    return tuple(made)


def with_meanings(codebook: Codebook, meanings: tuple[Meaning, ...], where: str) -> Codebook:
    """The codebook with the changes done over again, in their order.

    Raises
    ------
    FileFault
        A question that is not there, or that does not mean what it meant when the change was made.
    """
    questions = {question.id: question for question in codebook.questions}
    for meaning in meanings:
        place = f"{where}, question {meaning.question!r} ({meaning.rule})"
        if not meaning.before:
            questions[meaning.question] = Question(**_typed(meaning.after))
            continue
        if meaning.question not in questions:
            raise FileFault(
                place, "no such question", "a question", nearest(meaning.question, tuple(questions))
            )
        now = questions[meaning.question]
        differs = [n for n, value in meaning.before.items() if _plain(getattr(now, n)) != value]
        if differs:
            raise FileFault(
                place,
                f"another {differs[0]} than when the Ledger was written",
                "the codebook the Ledger was written with",
                "bring that codebook back, or run crosspressure clean again",
            )
        questions[meaning.question] = replace(now, **_typed(meaning.after))
    return replace(codebook, questions=tuple(questions.values()))


def meaning_table(meaning: Meaning) -> dict[str, Any]:
    """A change of the codebook as JSON holds it."""
    return {field.name: getattr(meaning, field.name) for field in fields(Meaning)}


def meaning_from(table: Mapping[str, Any]) -> Meaning:
    """A change of the codebook from JSON.

    Raises
    ------
    KeyError, TypeError, ValueError
        A part that is missing or of a wrong type.
    """
    meaning = Meaning(**{field.name: table[field.name] for field in fields(Meaning)})
    for side in (meaning.before, meaning.after):
        if any(name not in _FIELDS for name in side):
            raise ValueError(f"no field of a question among {', '.join(side)}")
        _typed(side)
    return meaning


def _plain(value: Any) -> Any:
    """A field as JSON holds it."""
    if isinstance(value, Choice | MissingCode):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def _typed(table: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a question from what JSON holds."""
    typed = dict(table)
    for name, kind in (("choices", Choice), ("missing", MissingCode)):
        if name in typed:
            typed[name] = tuple(kind(**one) for one in typed[name])
    if "columns" in typed:
        typed["columns"] = tuple(typed["columns"])
    if "nets" in typed:
        typed["nets"] = {net: tuple(codes) for net, codes in typed["nets"].items()}
    return typed
