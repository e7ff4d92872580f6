"""Choices of a questionnaire that are no answers: "do not know" and "prefer not to say"."""

import re
from dataclasses import replace

from survey.codebook import MissingCode, Question
from survey.coding import NUMBER

__all__ = ["offered_reason", "without_reasons"]

_SURE = (
    (
        "do_not_know",
        r"(i |we )?(really )?(do not|don'?t|does not|doesn'?t) know( yet)?|dk|d/k|no idea"
        r"|(よく|まだ)?(わからない|分からない|分らない|わかりません|分かりません)",
    ),
    (
        "refused",
        r"((i|we)( would|'d)? )?(prefer|wish|choose|want) not to (say|answer|respond|tell|disclose|specify)"
        r"|((i|we)( would|'d)? )?rather not (say|answer|tell)"
        r"|(refused?|refuses|declined?|declines) to (say|answer|respond|disclose)"
        r"|(do not|don'?t) (want|wish) to (say|answer)"
        r"|(回答|答え)(したくない|たくない|は?拒否|を拒否|を?控える)|回答しない|答えない",
    ),
)
_LIKELY = (
    ("do_not_know", r"not sure|unsure|cannot (say|tell)|can'?t (say|tell)|unknown|undecided|不明|未定"),
    ("refused", r"refused|refusal|declined|拒否"),
    ("no_answer", r"no (answer|response|opinion)|not answered|none given|無回答|未回答|意見(は)?(ない|なし)"),
    ("not_asked", r"not applicable|n/a|inapplicable|非該当|該当(しない|なし)|対象外"),
)
_PARTS = re.compile(r"\s*(?:[/,;()（）、・・]|\bor\b)\s*")


def _patterns(words: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((reason, re.compile(pattern)) for reason, pattern in words)


_SURELY, _PERHAPS = _patterns(_SURE), _patterns((*_SURE, *_LIKELY))


def offered_reason(label: str) -> tuple[str, bool]:
    """The reason that the whole wording of a choice names, and whether it can be nothing else.

    "Do not know", "Prefer not to say", わからない, and these beside "not sure" or "no answer", can be
    nothing else. "Not sure", "Cannot say", "Refused", "No opinion", "Not applicable" may be: between
    yes and no, "not sure" is an answer, and an application can be refused. "Exports declined" and
    "Do not know our suppliers" are answers: the reason is "".
    """
    text = label.replace("’", "'").strip(" .。-–—").casefold()
    parts = [text] if text in ("d/k", "n/a") else [part for part in _PARTS.split(text) if part]
    sure = [_named(part, _SURELY) for part in parts]
    named = [_named(part, _PERHAPS) for part in parts]
    if not parts or not all(named):
        return "", False
    return next((reason for reason in sure if reason), named[0]), any(sure)


def _named(part: str, patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> str:
    return next((reason for reason, pattern in patterns if pattern.fullmatch(part)), "")


def without_reasons(question: Question) -> Question:
    """A question whose choices that offer no answer have become missing codes with their reason.

    A choice is one where its wording in some language names a reason and can be nothing else, and
    in no language names anything but a reason. Sets keep all their options.
    """
    if question.kind not in ("single", "binary"):
        return question
    reasons: list[MissingCode] = []
    taken: set[str] = set()
    for choice in question.choices:
        named = [offered_reason(text) for text in choice.label.values() if text]
        said = next((reason for reason, is_sure in named if is_sure), "")
        if said and all(reason for reason, _ in named):
            end = float(choice.code) if NUMBER.fullmatch(choice.code) else choice.code
            reasons.append(MissingCode(end, end, said, choice.label))
            taken.add(choice.code)
    if not reasons or len(reasons) == len(question.choices):
        return question
    kept = tuple(choice for choice in question.choices if choice.code not in taken)
    return replace(question, choices=kept, missing=(*question.missing, *reasons))
