"""Cells a study names that nobody else is to see, beside those its rules hide: `[release] hide`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey import Study, StudyFault, Wave, answers_to, nearest

__all__ = ["Edit", "Withheld", "is_withheld", "withheld_cells", "withheld_settings"]

_KEYS = ("question", "option", "by", "group")


@dataclass(frozen=True, slots=True, order=True)
class Withheld:
    """Cells that are not shown: a question, one answer of it, it by a break, or one cell of that.

    Attributes
    ----------
    question : str
    option : str
        Code or net; empty for all of them.
    by, group : str
        Break and group; both empty for the table over all firms (with an option) or for all tables (without
        one); a break without a group for the whole table by it.
    """

    question: str
    option: str = ""
    by: str = ""
    group: str = ""

    def written(self) -> str:
        """As it stands in `study.toml`."""
        pairs = [(key, getattr(self, key)) for key in _KEYS]
        return "{ " + ", ".join(f'{key} = "{value}"' for key, value in pairs if value) + " }"


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a study's rules by which less is shown.

    Attributes
    ----------
    hide : tuple[Withheld, ...]
        Cells named.
    nets : Mapping[str, tuple[str, ...]]
        Question to answers that are shown as one: a net named by its codes.
    closed : tuple[str, ...]
        Breaks that are shown to nobody else.
    raised : int
        By how much every floor is raised.
    """

    hide: tuple[Withheld, ...] = ()
    nets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    raised: int = 0

    def and_also(self, other: "Edit") -> "Edit":
        """Both edits; of two nets of one question the other's."""
        return Edit(
            tuple(dict.fromkeys((*self.hide, *other.hide))),
            {**self.nets, **other.nets},
            tuple(dict.fromkeys((*self.closed, *other.closed))),
            max(self.raised, other.raised),
        )

    def with_nets(self, wave: Wave) -> Wave:
        """The wave with its codebook's new nets."""
        questions = tuple(
            replace(q, nets={**q.nets, "+".join(self.nets[q.id]): self.nets[q.id]})
            if q.id in self.nets
            else q
            for q in wave.codebook.questions
        )
        return replace(wave, codebook=replace(wave.codebook, questions=questions))


def withheld_cells(
    withheld: Sequence[Withheld], question: str, codes: Sequence[str], by: str = "", group: str = ""
) -> NDArray[np.bool_]:
    """Which cells of one row of cells are named, shape (codes,), in the order of `codes`."""
    named = [one for one in withheld if (one.question, one.by, one.group) == (question, by, group)]
    every = any(not one.option for one in named)
    options = {one.option for one in named}
    return np.array([every or code in options for code in codes], dtype=bool)


def is_withheld(withheld: Sequence[Withheld], question: str, by: str = "") -> bool:
    """Whether the tables of a question, or its table by a break, are named whole."""
    return Withheld(question, by=by) in withheld


def withheld_settings(study: Study, wave: Wave | None, open_by: Sequence[str]) -> tuple[Withheld, ...]:
    """Read `[release] hide` and check it against the questions of the wave released.

    Raises
    ------
    StudyFault
        Anything but a list of tables with `question`, and `option`, `by`, `group` that exist.
    """
    entries = study.section("release").get("hide", [])
    place = study.place("release.hide")
    example = 'write hide = [{ question = "q1", option = "3" }]'
    if not isinstance(entries, (list, tuple)):
        raise StudyFault(place, repr(entries)[:80], "a list of cells", example)
    return tuple(_checked(place, entry, wave, open_by, example) for entry in entries)


def _checked(place: str, entry: Any, wave: Wave | None, open_by: Sequence[str], example: str) -> Withheld:
    if not isinstance(entry, Mapping) or not all(
        isinstance(value, str) and value for value in entry.values()
    ):
        raise StudyFault(place, repr(entry)[:80], "a table of words in quotes", example)
    for key in entry:
        if key not in _KEYS:
            raise StudyFault(place, f"the key {key!r}", f"one of {', '.join(_KEYS)}", nearest(key, _KEYS))
    if "question" not in entry or ("group" in entry and "by" not in entry):
        lacks = "question" if "question" not in entry else "by"
        raise StudyFault(
            place, f"a cell without `{lacks}`", "the question, and of a group its break", example
        )
    one = Withheld(**entry)
    known = [] if wave is None else [q.id for q in wave.codebook.tabulated() if q.kind != "number"]
    _among(place, one.question, known, "the id of a question with answers")
    if wave is None:
        return one
    answers = answers_to(wave, one.question)
    if one.option:
        _among(place, one.option, [*answers.options, *answers.nets], f"an answer of {one.question}")
    if one.by:
        _among(place, one.by, list(open_by), "one of `open_by`")
        if one.group:
            _among(place, one.group, list(answers_to(wave, one.by).options), f"an answer of {one.by}")
        elif one.option:
            raise StudyFault(
                place,
                f"{one.option!r} by {one.by!r}",
                "the group too, or no option",
                "add `group`, or leave `option` out",
            )
    return one


def _among(place: str, word: str, known: Sequence[str], expected: str) -> None:
    if word not in known:
        raise StudyFault(place, repr(word), expected, nearest(word, list(known)))
