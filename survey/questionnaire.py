"""The questionnaire to be fielded: a codebook in sections, with each item's two sides told as such."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.codebook import Codebook, Question, words

__all__ = ["Distribution", "Instrument", "Item", "Section", "Sum"]


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the questionnaire: its heading, a note, ids of its questions in order.

    `office` pages are filled in by those who field the survey, never by a firm.
    """

    id: str
    title: Mapping[str, str]
    questions: tuple[str, ...]
    note: Mapping[str, str] = field(default_factory=dict)
    office: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One item asked once a side: ids of its two questions, and its wording without a side."""

    item: str
    us: str
    cn: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Five values in rising order and their five probabilities, in percent, which add up to 100.

    `label` words what is distributed, without a side.
    """

    id: str
    values: tuple[str, ...]
    probabilities: tuple[str, ...]
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sum:
    """Number questions whose answers add up to a total."""

    questions: tuple[str, ...]
    total: float


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire ready to be fielded.

    Attributes
    ----------
    id, version : str
        Name and version, as in the forms written of it.
    title, note : Mapping[str, str]
        Language to heading and opening words.
    codebook : Codebook
        All questions, in the order they are asked.
    sections : tuple[Section, ...]
        Every question in exactly one of them; a question is routed by earlier ones only.
    items : tuple[Item, ...]
        Items asked once a side, with the same options.
    distributions : tuple[Distribution, ...]
        Subjective distributions.
    sums : tuple[Sum, ...]
        Answers that add up.
    hints : Mapping[str, Mapping[str, str]]
        Question to a hint for each language.
    limits : Mapping[str, tuple[float | None, float | None]]
        Number question to its least and greatest answer.
    units : Mapping[str, Mapping[str, str]]
        Unit, as in the codebook, to its wording for each language.
    """

    id: str
    version: str
    title: Mapping[str, str]
    note: Mapping[str, str]
    codebook: Codebook
    sections: tuple[Section, ...]
    items: tuple[Item, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    sums: tuple[Sum, ...] = ()
    hints: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    limits: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    units: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def asked_in(self, section: Section) -> tuple[Question, ...]:
        """Questions of a section, in order."""
        return tuple(self.codebook.question(name) for name in section.questions)

    def unit(self, question: Question, lang: str) -> str:
        """The unit of a number, in words; "" where it has none, or is no number."""
        if question.kind != "number" or not question.unit:
            return ""
        return words(self.units.get(question.unit, {}), lang, question.unit)

    def totals(self) -> tuple[Sum, ...]:
        """All answers that add up, probabilities of distributions included."""
        return self.sums + tuple(Sum(d.probabilities, 100) for d in self.distributions)

    def rising(self) -> dict[str, str]:
        """Value of a distribution to the value before it, which it may not undercut."""
        pairs = [pair for d in self.distributions for pair in zip(d.values[1:], d.values, strict=False)]
        return dict(pairs)
