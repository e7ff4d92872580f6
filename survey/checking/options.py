"""The same question in two waves with its options in another order."""

from collections.abc import Sequence

from survey.codebook import Question, words
from survey.faults import Finding
from survey.wave import Wave

__all__ = ["options_moved"]


def options_moved(waves: Sequence[Wave]) -> list[Finding]:
    """Questions of one concept whose common options stand in another order than in the wave before.

    A break that the codebook states is known and no finding.
    """
    findings: list[Finding] = []
    before: dict[str, tuple[str, Question]] = {}
    for wave in waves:
        for question in wave.codebook.questions:
            if question.role != "question" or not question.choices:
                continue
            key = question.concept or question.id
            if key in before and not question.break_reason:
                findings += _compared(*before[key], wave.name, question)
            before[key] = (wave.name, question)
    return findings


def _compared(old_wave: str, old: Question, new_wave: str, new: Question) -> list[Finding]:
    langs = [lang for lang in old.choices[0].label if lang in new.choices[0].label]
    if not langs:
        return []
    was, now = ([words(c.label, langs[0]).strip() for c in q.choices] for q in (old, new))
    if [label for label in was if label in set(now)] == [label for label in now if label in set(was)]:
        return []
    return [
        Finding(
            f"question {new.id}, waves {old_wave} and {new_wave}",
            "option order: the same options stand in another order",
            "What comes first is chosen more often: shares may have moved for that.",
            "State the break in codebook.toml, or read changes with care.",
        )
    ]
