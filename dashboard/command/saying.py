"""How a command speaks to a person: faults, findings and progress, all on stderr."""

import re
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from survey import Finding

__all__ = ["say", "say_error", "say_findings", "say_four", "working"]

_BUG = 70
_BEHIND = re.compile(r"(\bpassword=)\S+")
_PASSWORDS = re.compile(r"(://)[^\s/@:]*:\S*@")
_SLOW = 1.0
"""Seconds of work before a progress line shows."""


def say(text: str, *, quiet: bool = False) -> None:
    """Print one line for a person on stderr, unless `quiet`."""
    if not quiet:
        sys.stderr.write(text + "\n")


def say_error(error: Exception, *, debug: bool) -> int:
    """Print what went wrong and return the exit code: 2 for the user's input, 70 for a bug of ours."""
    from survey import Fault

    if debug:
        say(_plain("".join(traceback.format_exception(error))))
    if isinstance(error, Fault):
        say_four(error.where, error.found, error.expected, error.do)
        for note in getattr(error, "__notes__", ()):
            say(note)
        return 2
    first = str(error).splitlines()[0] if str(error) else ""
    say(_plain(f"This is our bug, not your input: {type(error).__name__}: {first}"))
    if not debug:
        say("Run it again with --debug and send us what it prints.")
    return _BUG


def say_four(where: str, found: str, expected: str, do: str) -> None:
    """Print the four parts of every message about the user's input on stderr."""
    say(_plain(f"where:    {where}\nfound:    {found}\nexpected: {expected}\ndo this:  {do}"))


def _plain(text: str) -> str:
    """The text without passwords of addresses in it."""
    return _BEHIND.sub(r"\1…", _PASSWORDS.sub(r"\1…@", text))


def say_findings(findings: "Sequence[Finding]", *, quiet: bool = False, lang: str = "en") -> int:
    """Print findings on stderr and return the exit code: 1 if there are any, else 0."""
    if not quiet and lang == "ja":
        from dashboard.finding_words import say_finding
        from dashboard.wording import say as sentence

        for one in findings:
            told = say_finding(lang, (one.found, one.meaning, one.do), one.where)
            say(f"- {told.words}")
        if findings:
            say(sentence(lang, "foot.findings_many", n=len(findings)))
    elif not quiet:
        for finding in findings:
            say(f"- {finding}")
        if findings:
            say(f"{len(findings)} finding{'s' if len(findings) > 1 else ''}.")
    return 1 if findings else 0


@contextmanager
def working(what: str, *, quiet: bool = False) -> Iterator[None]:
    """Show `what` is going on while the block runs, on a terminal, once it has taken a second."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    status = Console(stderr=True).status(what)
    timer = threading.Timer(_SLOW, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        status.stop()
