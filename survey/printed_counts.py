"""What a published wave says in whole firms: questions with their bases and counts, edition by edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.faults import QuestionFault

__all__ = ["PrintedOption", "PrintedQuestion", "PrintedWave", "Printing"]


@dataclass(frozen=True, slots=True)
class PrintedOption:
    """One answer a figure was printed for: its name, wording per language, and side (us, cn, both, none)."""

    id: str
    label: Mapping[str, str]
    side: str = "none"


@dataclass(frozen=True, slots=True)
class Printing:
    """The counts of one edition.

    Attributes
    ----------
    edition : str
        Its name.
    base : int
        Firms that answered.
    counts : tuple[int or None, ...]
        Firms that gave each option; None where this edition prints no figure for it.
    """

    edition: str
    base: int
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """One question as tables show it.

    Attributes
    ----------
    id : str
        Name.
    label : Mapping[str, str]
        Wording per language.
    options : tuple[PrintedOption, ...]
        Answers with figures.
    is_single : bool
        Whether a firm gives one answer.
    printings : tuple[Printing, ...]
        Editions that print it, earliest first.
    gate : tuple[str, str] or None
        Question and option that lead to it.
    """

    id: str
    label: Mapping[str, str]
    options: tuple[PrintedOption, ...]
    is_single: bool
    printings: tuple[Printing, ...]
    gate: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PrintedWave:
    """A wave as published.

    Attributes
    ----------
    name : str
        Wave.
    editions : Mapping[str, int]
        Respondents of each edition, earliest first; firms of an edition are in all later ones, so numbers
        never fall.
    questions : tuple[PrintedQuestion, ...]
        A gate before its follow-ups.
    notes : tuple[str, ...]
        What was decided where figures leave a choice, and under which model editions differ.

    Raises
    ------
    QuestionFault
        A base larger than its edition, a count larger than its base, or single answers beyond the base.
    """

    name: str
    editions: Mapping[str, int]
    questions: tuple[PrintedQuestion, ...]
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        for question in self.questions:
            for printing in question.printings:
                there = self.editions[printing.edition]
                counts = [c for c in printing.counts if c is not None]
                total = sum(counts) if question.is_single else max(counts, default=0)
                if printing.base > there or total > printing.base or min(counts, default=0) < 0:
                    raise QuestionFault(
                        f"question {question.id!r}, {printing.edition or 'wave'} {self.name}".strip(),
                        f"counts {counts} of {printing.base} firms, among {there}",
                        "counts within their base, and a base within the firms there are",
                        "ask for more firms, or look at the figures with `crosspressure audit`",
                    )

    @property
    def firms(self) -> int:
        """Respondents of the last edition."""
        return max(self.editions.values())
