"""A routing expression as the `relevant` of an XLSForm, in its XPath."""

from collections.abc import Sequence

from survey.codebook import Codebook, Question
from survey.coding import code_text
from survey.gate import gate_text, silent_codes

__all__ = ["relevant_formula"]


def relevant_formula(expression: str, codebook: Codebook, where: str = "asked_if") -> str:
    """The `relevant` of an expression; "" where all are asked.

    A blank meets no test, as XPath's `!=` would let it: each such test asks for an answer first.

    Raises
    ------
    QuestionFault
        As `survey.gate.gate_text`.
    """
    return gate_text(expression, codebook, _XPath(), where)


def _quoted(code: str) -> str:
    return f'"{code}"' if "'" in code else f"'{code}'"


class _XPath:
    def given(self, question: Question) -> str:
        if not question.is_dichotomies and len(question.columns) > 1:
            return self.joined([f"${{{c}}} != ''" for c in question.columns], every=False)
        silent = [f"${{{question.id}}} != {_quoted(code)}" for code in silent_codes(question)]
        return self.joined([f"${{{question.id}}} != ''", *silent], every=True)

    def silent(self, question: Question) -> str:
        if not question.is_dichotomies and len(question.columns) > 1:
            return self.joined([f"${{{c}}} = ''" for c in question.columns], every=True)
        silent = [f"${{{question.id}}} = {_quoted(code)}" for code in silent_codes(question)]
        return self.joined([f"${{{question.id}}} = ''", *silent], every=False)

    def chosen(self, question: Question, codes: Sequence[str]) -> str:
        if question.is_dichotomies:
            tests = [f"selected(${{{question.id}}}, {_quoted(code)})" for code in codes]
        else:
            tests = [f"${{{c}}} = {_quoted(code)}" for c in question.columns for code in codes]
        return self.joined(tests, every=False)

    def other(self, question: Question, codes: Sequence[str]) -> str:
        if question.is_dichotomies:
            tests = [f"not(selected(${{{question.id}}}, {_quoted(code)}))" for code in codes]
        else:
            tests = [f"${{{c}}} != {_quoted(code)}" for c in question.columns for code in codes]
        return self.joined([self.given(question), *tests], every=True)

    def ordered(self, question: Question, op: str, than: float | Question) -> str:
        sign = "=" if op == "==" else op
        right = f"${{{than.id}}}" if isinstance(than, Question) else code_text(than)
        tests = [self.given(question)] + ([self.given(than)] if isinstance(than, Question) else [])
        return self.joined([*tests, f"${{{question.id}}} {sign} {right}"], every=True)

    def joined(self, parts: Sequence[str], *, every: bool) -> str:
        if len(parts) == 1:
            return parts[0]
        return "(" + (" and " if every else " or ").join(parts) + ")"
