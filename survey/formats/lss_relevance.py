"""A routing expression as the relevance equation of a LimeSurvey question."""

from collections.abc import Sequence

from survey.codebook import Codebook, Question
from survey.coding import code_text
from survey.gate import gate_text, silent_codes

__all__ = ["relevance_equation"]


def relevance_equation(expression: str, codebook: Codebook, where: str = "asked_if") -> str:
    """The relevance equation of an expression; "1" where all are asked.

    Names carry `.NAOK`, so that a question that was not asked is a blank and not a stop. A tick of a
    set is the variable `set_code`, and `Y`.

    Raises
    ------
    QuestionFault
        As `survey.gate.gate_text`.
    """
    return gate_text(expression, codebook, _Equation(), where) or "1"


def _names(question: Question) -> list[str]:
    if question.is_dichotomies:
        return [f"{question.id}_{choice.code}.NAOK" for choice in question.choices]
    return [f"{column}.NAOK" for column in question.columns]


class _Equation:
    def given(self, question: Question) -> str:
        if question.is_dichotomies:
            return self.joined([f'{name} == "Y"' for name in _names(question)], every=False)
        parts = [self.joined([f"!is_empty({name})" for name in _names(question)], every=False)]
        parts += [f'{name} != "{code}"' for name in _names(question) for code in silent_codes(question)]
        return self.joined(parts, every=True)

    def silent(self, question: Question) -> str:
        if question.is_dichotomies:
            return self.joined([f'{name} != "Y"' for name in _names(question)], every=True)
        parts = [self.joined([f"is_empty({name})" for name in _names(question)], every=True)]
        parts += [f'{name} == "{code}"' for name in _names(question) for code in silent_codes(question)]
        return self.joined(parts, every=False)

    def chosen(self, question: Question, codes: Sequence[str]) -> str:
        if question.is_dichotomies:
            tests = [f'{question.id}_{code}.NAOK == "Y"' for code in codes]
        else:
            tests = [f'{name} == "{code}"' for name in _names(question) for code in codes]
        return self.joined(tests, every=False)

    def other(self, question: Question, codes: Sequence[str]) -> str:
        if question.is_dichotomies:
            tests = [f'{question.id}_{code}.NAOK != "Y"' for code in codes]
        else:
            tests = [f'{name} != "{code}"' for name in _names(question) for code in codes]
        return self.joined([self.given(question), *tests], every=True)

    def ordered(self, question: Question, op: str, than: float | Question) -> str:
        right = _names(than)[0] if isinstance(than, Question) else code_text(than)
        tests = [self.given(question)] + ([self.given(than)] if isinstance(than, Question) else [])
        return self.joined([*tests, f"{_names(question)[0]} {op} {right}"], every=True)

    def joined(self, parts: Sequence[str], *, every: bool) -> str:
        if len(parts) == 1:
            return parts[0]
        return "(" + (" and " if every else " or ").join(parts) + ")"
