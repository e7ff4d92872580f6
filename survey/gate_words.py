"""Who is asked, in the words of a form that is filled in by hand."""

from collections.abc import Mapping, Sequence

from survey.codebook import Codebook, Question, words
from survey.coding import code_text
from survey.gate import gate_text, offered

__all__ = ["GATE_WORDS", "spoken_gate"]

GATE_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "given": "you answered question {n}",
        "silent": "you gave no answer to question {n}",
        "chosen": "question {n} is {codes}",
        "ticked": "you ticked {codes} in question {n}",
        "other": "you answered question {n}, and not {codes}",
        "==": "question {n} is {than}",
        "!=": "question {n} is not {than}",
        "<": "question {n} is less than {than}",
        "<=": "question {n} is {than} or less",
        ">": "question {n} is more than {than}",
        ">=": "question {n} is {than} or more",
        "that": "that of question {n}",
        "code": "“{label}”",
        "or code": " or ",
        "and": ", and ",
        "or": ", or ",
        "open": "(",
        "close": ")",
    },
    "ja": {
        "given": "問{n}に回答した",
        "silent": "問{n}に回答がない",
        "chosen": "問{n}が{codes}",
        "ticked": "問{n}で{codes}を選んだ",
        "other": "問{n}に回答し、{codes}ではない",
        "==": "問{n}が{than}",
        "!=": "問{n}が{than}以外",
        "<": "問{n}が{than}未満",
        "<=": "問{n}が{than}以下",
        ">": "問{n}が{than}を超える",
        ">=": "問{n}が{than}以上",
        "that": "問{n}の値",
        "code": "「{label}」",
        "or code": "または",
        "and": "、かつ",
        "or": "、または",
        "open": "（",
        "close": "）",
    },
}
"""Language to the words of each test."""


def spoken_gate(
    expression: str, codebook: Codebook, numbers: Mapping[str, str], lang: str, where: str = "asked_if"
) -> str:
    """An expression as a clause in `lang`; "" where all are asked.

    Parameters
    ----------
    expression : str
        An `asked_if`.
    codebook : Codebook
        Questions it may name.
    numbers : Mapping[str, str]
        Id of a question to its number on the form.
    lang : str
        Language; English where it is none of `GATE_WORDS`.
    where : str
        What holds the expression, for messages.

    Raises
    ------
    QuestionFault
        As `survey.gate.gate_text`.
    """
    text = gate_text(expression, codebook, _Words(numbers, lang), where)
    said = GATE_WORDS.get(lang, GATE_WORDS["en"])
    whole = text.startswith(said["open"]) and text.endswith(said["close"])
    return text[1:-1] if whole and _closes_last(text, said["open"], said["close"]) else text


def _closes_last(text: str, opened: str, closed: str) -> bool:
    """Whether the first bracket is closed by the last sign."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == opened) - (sign == closed)
        if depth == 0:
            return at == len(text) - 1
    return False


def _compares(code: str, op: str, than: float) -> bool:
    try:
        value = float(code)
    except ValueError:
        return False
    if op in ("==", "!="):
        return (value == than) == (op == "==")
    return (
        (value < than)
        if op == "<"
        else (value <= than)
        if op == "<="
        else _compares(code, _UNDER[op], than) is False
    )


_UNDER = {">": "<=", ">=": "<"}


class _Words:
    def __init__(self, numbers: Mapping[str, str], lang: str) -> None:
        self.numbers, self.lang = numbers, lang
        self.said = GATE_WORDS.get(lang, GATE_WORDS["en"])

    def say(self, key: str, question: Question, codes: Sequence[str] = (), than: str = "") -> str:
        known = {choice.code: choice.label for choice in offered(question)}
        labels = [self.said["code"].format(label=words(known.get(c, {}), self.lang, c)) for c in codes]
        number = self.numbers.get(question.id, question.id)
        return self.said[key].format(n=number, codes=self.said["or code"].join(labels), than=than)

    def given(self, question: Question) -> str:
        return self.say("given", question)

    def silent(self, question: Question) -> str:
        return self.say("silent", question)

    def chosen(self, question: Question, codes: Sequence[str]) -> str:
        return self.say("ticked" if question.kind == "multiple" else "chosen", question, codes)

    def other(self, question: Question, codes: Sequence[str]) -> str:
        return self.say("other", question, codes)

    def ordered(self, question: Question, op: str, than: float | Question) -> str:
        if isinstance(than, Question):
            return self.say(op, question, than=self.said["that"].format(n=self.numbers.get(than.id, than.id)))
        if question.choices:
            codes = [c.code for c in question.choices if _compares(c.code, op, than)]
            return self.say("chosen", question, codes)
        return self.say(op, question, than=code_text(than))

    def joined(self, parts: Sequence[str], *, every: bool) -> str:
        if len(parts) == 1:
            return parts[0]
        return self.said["open"] + self.said["and" if every else "or"].join(parts) + self.said["close"]
