"""Choices of a questionnaire that are no answers: "do not know" and "prefer not to say"."""

from dataclasses import replace

from survey.codebook import MissingCode, Question
from survey.coding import NUMBER
from survey.formats.reasons import reason_of

__all__ = ["without_reasons"]

_REASONS = ("do_not_know", "refused")
_LONGEST = 32


def without_reasons(question: Question) -> Question:
    """A question whose choices that offer no answer have become missing codes with their reason.

    A choice is one by its wording in any language: short (32 characters at most), and "do not
    know", "not sure", "prefer not to say", わからない and the like. Sets keep all their options.
    """
    if question.kind not in ("single", "binary"):
        return question
    reasons: list[MissingCode] = []
    for choice in question.choices:
        found = {reason_of(text) for text in choice.label.values() if text and len(text) <= _LONGEST}
        said = next((reason for reason in _REASONS if reason in found), "")
        if said:
            end = float(choice.code) if NUMBER.fullmatch(choice.code) else choice.code
            reasons.append(MissingCode(end, end, said, choice.label))
    if not reasons or len(reasons) == len(question.choices):
        return question
    taken = {id(choice.label) for choice in reasons}
    kept = tuple(choice for choice in question.choices if id(choice.label) not in taken)
    return replace(question, choices=kept, missing=(*question.missing, *reasons))
