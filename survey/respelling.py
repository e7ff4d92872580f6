"""Codes of routing and of reasons as the answers spell them, where these hold wordings in place of codes."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

from survey.codebook import MissingCode

__all__ = ["respelt", "reworded"]


def respelt(routing: str, worded: Mapping[str, Mapping[str, str]]) -> str:
    """An expression with its codes replaced.

    Parameters
    ----------
    routing : str
        An `asked_if`.
    worded : Mapping[str, Mapping[str, str]]
        Question id to old code to new code.
    """
    for id_, changed in worded.items():
        name = rf"(`?(?<![\w.]){re.escape(id_)}`?\s*(?:!=|=)\s*)"
        routing = re.sub(name + r'(?:"([^"]*)"|(-?[\w.]+))', partial(_replaced, changed), routing)
    return routing


def reworded(missing: tuple[MissingCode, ...], found: Collection[str]) -> tuple[MissingCode, ...]:
    """Codes for no answer as the answers spell them; those whose wording nobody gave stay as they are.

    Parameters
    ----------
    found : collection of str
        What stands in the columns of the question.
    """
    spelt = {" ".join(text.split()): text for text in found}
    made = []
    for code in missing:
        said = next((spelt[w] for t in code.label.values() if (w := " ".join(t.split())) in spelt), None)
        made.append(code if said is None or code.low != code.high else replace(code, low=said, high=said))
    return tuple(made)


def _replaced(changed: Mapping[str, str], found: re.Match[str]) -> str:
    """A comparison with a code as the answers spell it."""
    code = found[2] if found[2] is not None else found[3]
    if code not in changed:
        return found[0]
    return found[1] + '"' + changed[code].replace("\\", "\\\\").replace('"', '\\"') + '"'
