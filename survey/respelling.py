"""Routing that names codes as the answers spell them, where these hold wordings in place of codes."""

import re
from collections.abc import Mapping
from functools import partial

__all__ = ["respelt"]


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


def _replaced(changed: Mapping[str, str], found: re.Match[str]) -> str:
    """A comparison with a code as the answers spell it."""
    code = found[2] if found[2] is not None else found[3]
    if code not in changed:
        return found[0]
    return found[1] + '"' + changed[code].replace("\\", "\\\\").replace('"', '\\"') + '"'
