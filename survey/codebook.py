"""What could be answered: questions, choices, reasons for no answer, routing, sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.faults import QuestionFault, nearest

__all__ = ["KINDS", "ROLES", "Choice", "Codebook", "MissingCode", "Question", "words"]

KINDS = ("single", "multiple", "binary", "number", "date", "text")
"""Question kinds: one of k; a multiple-response set; 0/1 or TRUE/FALSE (share and mean);
a number; a date; free text."""

ROLES = ("question", "id", "weight", "design", "replicate", "set_aside")
"""What a column is for. Only `question` is tabulated; `set_aside` holds names, mail, addresses."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that could be given.

    Attributes
    ----------
    code : str
        The code as text, as it stands in every output (`option` holds codes, never labels).
    label : Mapping[str, str]
        Language (`en`, `ja`, or `""` where the file does not say) to wording.
    column : str
        For a multiple-response set of dichotomies, the column that holds the tick; else "".
    low, high : float or None
        Bounds of a numeric band in the question's unit; None where the choice is no band.
    """

    code: str
    label: Mapping[str, str] = field(default_factory=dict)
    column: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class MissingCode:
    """A code, or closed range of codes, that stands for a reason and not for an answer.

    Attributes
    ----------
    low, high : float or str
        Ends of the range; equal for one code. Text for text columns.
    reason : str
        A word of `survey.missing.REASONS`.
    label : Mapping[str, str]
        Wording per language.
    """

    low: float | str
    high: float | str
    reason: str
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it was asked.

    Attributes
    ----------
    id : str
        Name, verbatim (column name, or set name without `$`).
    kind : str
        One of `KINDS`.
    columns : tuple[str, ...]
        Columns of the frame: one, or for a multiple-response set one for each option
        (dichotomies) or one for each mention (categories).
    label : Mapping[str, str]
        Language to wording.
    choices : tuple[Choice, ...]
        All choices, chosen by anybody or not.
    missing : tuple[MissingCode, ...]
        Codes that stand for a reason.
    counted : str
        For dichotomy sets and `binary`, the value that counts as a tick; "" for category sets.
    asked_if : str
        Routing expression (one grammar with `--where`); "" when all are asked.
    nets : Mapping[str, tuple[str, ...]]
        Net name to the codes it adds up (top-two-box).
    role : str
        One of `ROLES`.
    concept : str
        Concept across waves; the id where nothing is said.
    unit : str
        Unit of a number or of the bands; "" if none.
    version : str
        Version of the item among those of its concept; "" where nothing is said.
    break_reason : Mapping[str, str]
        Language to the reason for which answers are not comparable with earlier waves; empty where
        they are.
    """

    id: str
    kind: str
    columns: tuple[str, ...]
    label: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    missing: tuple[MissingCode, ...] = ()
    counted: str = ""
    asked_if: str = ""
    nets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    net_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    role: str = "question"
    concept: str = ""
    unit: str = ""
    version: str = ""
    break_reason: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_dichotomies(self) -> bool:
        """Whether this is a multiple-response set with one column for each option."""
        return self.kind == "multiple" and self.counted != ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """All questions of a wave, in the order of the questionnaire.

    Attributes
    ----------
    questions : tuple[Question, ...]
        One for each column, or for each set of columns.
    languages : tuple[str, ...]
        Languages that labels exist in; `("",)` where the file does not say.
    """

    questions: tuple[Question, ...]
    languages: tuple[str, ...] = ("",)

    def ids(self) -> tuple[str, ...]:
        """Ids of all questions, in order."""
        return tuple(q.id for q in self.questions)

    def question(self, name: str) -> Question:
        """The question called `name`.

        Raises
        ------
        QuestionFault
            No question has this name; the nearest are suggested.
        """
        for q in self.questions:
            if q.id == name:
                return q
        raise QuestionFault(
            f"question {name!r}",
            "no such question",
            "the id of a question in the codebook",
            nearest(name, self.ids()),
        )

    def tabulated(self) -> tuple[Question, ...]:
        """Questions a table of everything holds: no ids, weights, design columns or free text."""
        return tuple(q for q in self.questions if q.role == "question" and q.kind not in ("text", "date"))


def words(label: Mapping[str, str], lang: str, otherwise: str = "") -> str:
    """The wording in `lang`, else in any language there is, else `otherwise`."""
    if label.get(lang):
        return label[lang]
    for text in label.values():
        if text:
            return text
    return otherwise
