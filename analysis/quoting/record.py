"""One figure as it may be quoted: the number with its base, interval, caveats and source; no words yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.published.reasons import Reason
from survey import QuestionFault, nearest

__all__ = ["Cited", "Quote", "refuse_thin", "split_name"]

_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a figure comes from.

    Attributes
    ----------
    kind : str
        `study`, `release` or `published`.
    title : Mapping[str, str]
        Language ("" for any) to title of the survey or of the publication.
    date : str
        Date of the publication, "" where none is known.
    file, sha256 : str
        File the answers or figures were read from, and its checksum ("" for a Release, which is checked
        when it is opened).
    audience : str
        Audience of a Release, else "".
    version : str
        Version of this product.
    """

    kind: str
    title: Mapping[str, str]
    date: str
    file: str
    sha256: str
    audience: str
    version: str


@dataclass(frozen=True, slots=True)
class Quote:
    """One share, ready to be quoted.

    Attributes
    ----------
    question, option, wave, edition : str
        What it is about; `edition` of printed figures only.
    wording : Mapping[str, tuple[str, str]]
        Language ("" for any) to the words of question and option.
    estimate, low, high, level : float
        Share 0 to 1 with its limits; nan where not known.
    n : int
        Firms in the base; 0 where a printed base is not known.
    base : float
        Weighted base; `n` without weights.
    count : int or None
        Firms that gave the answer; None where weights make the share, or it is not known.
    base_rule : str
        `answered`, `routed`, `returned`; of printed figures `stated`, `recovered`, `open`, `unknown`.
    method : str
        How the limits were made, as in `Estimate`; `envelope` over all possible bases.
    caveats : tuple[str, ...]
        What a reader must be told: `synthetic`, `firms` or `mechanism` (whom it speaks of), `weighted`,
        `leak`, `indicative`, `not_attacked`, `sources_differ`.
    reasons : tuple[Reason, ...]
        What the audit says of a printed figure.
    printed, bases : str
        A printed figure as it stands, and the bases that fit; else "".
    source : Cited
        Where it comes from.
    """

    question: str
    option: str
    wave: str
    wording: Mapping[str, tuple[str, str]]
    estimate: float
    low: float
    high: float
    level: float
    n: int
    base: float
    count: int | None
    base_rule: str
    method: str
    caveats: tuple[str, ...]
    source: Cited
    edition: str = ""
    reasons: tuple[Reason, ...] = field(default=())
    printed: str = ""
    bases: str = ""


def split_name(name: str, questions: Sequence[str], where: str) -> tuple[str, str]:
    """Question and option of `QUESTION.OPTION`; ids that hold points themselves are known by `questions`.

    The option is "" where `name` is a question alone.

    Raises
    ------
    QuestionFault
        No such question.
    """
    known = set(questions)
    if name in known:
        return name, ""
    at = [i for i, letter in enumerate(name) if letter == "." and name[:i] in known]
    if not at:
        stem = name.partition(".")[0]
        raise QuestionFault(
            f"{where}, question {name!r}",
            "no such question",
            "QUESTION.OPTION, such as had_to_choose.1",
            nearest(stem, list(dict.fromkeys(questions))),
        )
    return name[: at[-1]], name[at[-1] + 1 :]


def refuse_thin(where: str, n: int) -> None:
    """Refuse a figure that rests on fewer firms than may be printed.

    Raises
    ------
    QuestionFault
        Under ten firms.
    """
    if 0 < n < _FEWEST:
        raise QuestionFault(
            where,
            f"{n} firms in the base",
            f"at least {_FEWEST} firms, since nothing under {_FEWEST} is printed",
            "quote a figure with a larger base",
        )
