"""Options that are counted as answers and read like a reason for having none."""

from survey.checking.seen import Seen
from survey.coding import NUMBER, code_order
from survey.faults import Finding
from survey.formats.offered_reasons import offered_reason
from survey.missing import State

__all__ = ["answers_that_may_be_reasons"]


def answers_that_may_be_reasons(seen: Seen) -> list[Finding]:
    """Options such as "Do not know", "Not sure" or "No opinion" that firms chose and that count as answers.

    Nobody but the person who asked knows whether such an option is an answer of its own: it is left
    as it stands, and offered.
    """
    findings: list[Finding] = []
    for question in seen.questions("single", "binary"):
        answers = seen.answers(question)
        given = (answers.state == State.ANSWERED) | (answers.state == State.ANSWERED_NOT_ROUTED)
        wording = {c.code: [text for text in c.label.values() if text] for c in question.choices}
        reasons = {
            code: next((reason for reason, _ in map(offered_reason, texts) if reason), "")
            for code, texts in wording.items()
        }
        if len(reasons) <= 1 or all(reasons.values()):
            continue
        for code in code_order([c for c, reason in reasons.items() if reason]):
            place = answers.options.index(code) if code in answers.options else -1
            many = int((answers.ticks[:, place] & given).sum()) if place >= 0 else 0
            if many:
                findings.append(
                    Finding(
                        f"question {question.id}",
                        f'option {code} "{wording[code][0]}", chosen by {many} firms, may be no answer',
                        "It counts as an answer, and is in the base.",
                        f"If it is none, write  missing = [{{ code = {_toml(code)}, reason = "
                        f'"{reasons[code]}" }}]  in codebook.toml.',
                    )
                )
    return findings


def _toml(code: str) -> str:
    return code if NUMBER.fullmatch(code) else f'"{code}"'
