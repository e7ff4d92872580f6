"""Why a firm has no answer to a question: the states of an answer."""

from enum import IntEnum

__all__ = ["REASONS", "State"]


class State(IntEnum):
    """State of one firm's answer to one question (method, section 1)."""

    ANSWERED = 0
    NO_ANSWER = 1
    NOT_ASKED = 2
    ANSWERED_NOT_ROUTED = 3
    DO_NOT_KNOW = 4
    REFUSED = 5
    WITHHELD = 6


REASONS: dict[str, State] = {
    "no_answer": State.NO_ANSWER,
    "not_asked": State.NOT_ASKED,
    "do_not_know": State.DO_NOT_KNOW,
    "refused": State.REFUSED,
    "withheld": State.WITHHELD,
}
"""Words a codebook uses for the reason behind a missing code, and their states."""
