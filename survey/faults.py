"""What can be wrong with what a user gave us, and how we say it."""

from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "DesignFault",
    "Fault",
    "FileFault",
    "Finding",
    "QuestionFault",
    "StudyFault",
    "nearest",
]


class Fault(Exception):
    """The user's input is at fault; every command turns it into exit code 2.

    Parameters
    ----------
    where : str
        File, line, column, question or setting at fault.
    found : str
        What stands there.
    expected : str
        What should stand there.
    do : str
        The next step that mends it.
    """

    def __init__(self, where: str, found: str, expected: str, do: str) -> None:
        super().__init__(where, found, expected, do)
        self.where = where
        self.found = found
        self.expected = expected
        self.do = do

    def __str__(self) -> str:
        return f"{self.where}\n  found:    {self.found}\n  expected: {self.expected}\n  do this:  {self.do}"


class FileFault(Fault):
    """A file or folder that is missing, empty, unreadable or of another kind than said."""


class StudyFault(Fault):
    """A `study.toml` or codebook that cannot be understood."""


class QuestionFault(Fault):
    """A question, option, column or expression that does not exist or does not fit."""


class DesignFault(Fault):
    """Weights, strata, clusters, populations or replicates that cannot carry an estimate."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the user should know that did not stop the work (exit code 1).

    Attributes
    ----------
    where, found, meaning, do : str
        Place, what was seen there, what it means for the numbers, what to do about it.
    """

    where: str
    found: str
    meaning: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.found}. {self.meaning} {self.do}".strip()


def nearest(word: str, known: "list[str] | tuple[str, ...]", many: int = 3) -> str:
    """Say which known words come nearest to one that does not exist.

    Returns
    -------
    str
        `did you mean a, b?`, or a list of the first known words when nothing is near.
    """
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    close = get_close_matches(word.casefold(), list(folded), n=many, cutoff=0.55)
    if close:
        return "did you mean " + ", ".join(folded[name] for name in close) + "?"
    shown = ", ".join(known[:8])
    return f"known: {shown}" + (" ..." if len(known) > 8 else "")
