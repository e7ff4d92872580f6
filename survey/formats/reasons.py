"""The reason a label gives for a missing code, in English and Japanese words."""

import re

__all__ = ["reason_of"]

_WORDS = (
    (
        "do_not_know",
        r"do(es)?\s*n[o']?t\s*know|don.?t know|not sure|unsure|cannot say|can.?t say|\bDK\b"
        r"|わからない|分からない|分らない|不明",
    ),
    ("refused", r"refus|declin|prefer not|回答拒否|拒否|答えたくない"),
    (
        "not_asked",
        r"not asked|not applicable|inapplicable|inap\b|\bn/?a\b|skipped|skip\b|legitimate skip|非該当|対象外",
    ),
    ("withheld", r"withheld|suppressed|confidential|秘匿"),
    ("no_answer", r"no answer|no response|not answered|missing|blank|無回答|未回答|欠損"),
)
_PATTERNS = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in _WORDS)


def reason_of(label: str) -> str:
    """A word of `survey.REASONS` for the label of a missing code; `no_answer` where it tells nothing."""
    for reason, pattern in _PATTERNS:
        if pattern.search(label):
            return reason
    return "no_answer"
