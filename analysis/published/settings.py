"""What `[published]` of a study may say: which printed figures stand beside which of its own answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.published.origin import usual_figures
from survey import FileFault, Study, StudyFault, Wave, answers_to, nearest

__all__ = ["PublishedSettings", "Series", "published_settings"]

_KEYS = ("figures", "survey", "gates", "breaks", "questions")
_SERIES = ("series", "options")
_BUILTIN = "builtin"


@dataclass(frozen=True, slots=True)
class Series:
    """One printed question that stands beside a question of the study.

    Attributes
    ----------
    question, series : str
        Question of the study; `question_id` of the printed figures.
    options : Mapping[str, str]
        `option_id` of the figures to option (or net) of the study.
    """

    question: str
    series: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishedSettings:
    """The checked settings of `[published]`.

    Attributes
    ----------
    figures : Path
        Table of printed figures.
    is_usual : bool
        Whether it is the one that travels with the product, with its gates, breaks and wordings.
    survey : str
        Which survey of the file; "" for all.
    gates, breaks : Path or None
        Files as `crosspressure audit` takes them.
    series : tuple[Series, ...]
        What stands beside the study's own answers.
    """

    figures: Path
    is_usual: bool
    survey: str
    gates: Path | None
    breaks: Path | None
    series: tuple[Series, ...]


def published_settings(study: Study, wave: Wave) -> PublishedSettings | None:
    """Read and check `[published]` of a study; None where it has no such section.

    Raises
    ------
    StudyFault
        An unknown key, question or option, or a value of the wrong kind.
    FileFault
        A file that is not there.
    """
    section = study.section("published")
    if not section:
        return None
    _only(study, section, "published", _KEYS)
    named = section.get("figures", _BUILTIN)
    is_usual = named == _BUILTIN
    path = usual_figures() if is_usual else _file(study, "figures", named)
    beside = {key: _file(study, key, section[key]) if key in section else None for key in ("gates", "breaks")}
    asked = section.get("questions", {})
    if not isinstance(asked, Mapping):
        raise _fault(
            study, "published.questions", asked, "a table of questions", 'write  my_question = "series"'
        )
    series = tuple(_series(study, wave, str(name), told) for name, told in asked.items())
    survey = section.get("survey", "")
    if not isinstance(survey, str):
        raise _fault(study, "published.survey", survey, "text in double quotes", 'write  survey = "..."')
    return PublishedSettings(path, is_usual, survey, beside["gates"], beside["breaks"], series)


def _series(study: Study, wave: Wave, name: str, told: Any) -> Series:
    """One line of `[published.questions]`: the series alone, or a table with its options."""
    key = f"published.questions.{name}"
    known = tuple(q.id for q in wave.codebook.tabulated())
    if name not in known:
        raise StudyFault(study.place(key), repr(name), "the id of a question", nearest(name, known))
    told = {"series": told} if isinstance(told, str) else told
    if not isinstance(told, Mapping):
        raise _fault(study, key, told, "a question_id of the figures, or a table", f'write  {name} = "..."')
    _only(study, told, key, _SERIES)
    answers = answers_to(wave, name)
    mine = (*answers.options, *answers.nets)
    options = told.get("options", {})
    if not isinstance(options, Mapping) or not all(isinstance(o, str) for o in options.values()):
        raise _fault(
            study,
            f"{key}.options",
            options,
            'a table: option_id of the figures = "option of the study"',
            'write  options = { yes = "1" }',
        )
    for theirs, option in options.items():
        if option not in mine:
            raise StudyFault(
                study.place(f"{key}.options.{theirs}"),
                repr(option),
                f"an option of {name}: {', '.join(mine)}",
                nearest(option, mine),
            )
    return Series(name, str(told.get("series", name)), {o: o for o in mine} | dict(options))


def _only(study: Study, table: Mapping[str, Any], prefix: str, known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise StudyFault(
                study.place(f"{prefix}.{key}"),
                f"the key {key!r}",
                f"one of {', '.join(known)}",
                nearest(key, known),
            )


def _file(study: Study, key: str, named: Any) -> Path:
    if not isinstance(named, str) or not named:
        raise _fault(study, f"published.{key}", named, "the name of a file", f'write  {key} = "...csv"')
    path = study.folder / named
    if not path.is_file():
        raise FileFault(
            study.place(f"published.{key}"),
            f"no file {named!r}",
            "a file beside study.toml" + (f', or "{_BUILTIN}"' if key == "figures" else ""),
            "correct the name",
        )
    return path


def _fault(study: Study, key: str, found: Any, expected: str, do: str) -> StudyFault:
    return StudyFault(study.place(key), repr(found), expected, do)
