"""What `[release]` of a study may say: audiences, minimum frequency, breaks, headlines, contrasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.disclosure.audiences import AUDIENCES
from analysis.disclosure.private import private_rules
from analysis.release.readers import audience_rules
from analysis.release.withheld import Withheld, withheld_settings
from survey import Study, StudyFault, Wave, answers_to, nearest

__all__ = ["ReleaseSettings", "release_settings"]

_KEYS = (
    "audiences", "minimum_frequency", "by", "headline", "ledger", "contrasts", "private", "open_by",
    "members", "public", "hide",
)  # fmt: skip

_SMALLEST = 3
"""A minimum frequency under this protects nobody (Handbook on Statistical Disclosure Control, 4.2.1)."""


@dataclass(frozen=True, slots=True)
class ReleaseSettings:
    """The checked settings of a release.

    Attributes
    ----------
    audiences : tuple[str, ...]
        Words of `AUDIENCES`, in that order.
    minimum_frequency : int
        Fewest firms a count may stand for.
    by : tuple[str, ...]
        Questions whose answers form groups; internal only.
    open_by : tuple[str, ...]
        Those of `by` whose groups members and the public see too.
    headline : tuple[str, ...]
        Questions the briefing speaks of, in its order.
    contrasts : tuple[tuple[str, str, str], ...]
        Multiple-response question, option, and the option it is compared with.
    floors : Mapping[str, int]
        Of `members` and `public`: smallest count of firms they may know.
    protect : str
        Word of `WAYS_TO_PROTECT`: how the counts of both are protected.
    hide : tuple[Withheld, ...]
        Cells the study names that others do not see, whatever the rules say.
    """

    audiences: tuple[str, ...]
    minimum_frequency: int
    by: tuple[str, ...]
    open_by: tuple[str, ...]
    headline: tuple[str, ...]
    contrasts: tuple[tuple[str, str, str], ...]
    floors: Mapping[str, int]
    protect: str
    hide: tuple[Withheld, ...] = ()


def release_settings(study: Study, wave: Wave | None) -> ReleaseSettings:
    """Read and check `[release]` of a study against the questions of a wave.

    Contrasts that are not given are found: in each headline question with many answers, an option
    `us_...` against the option `cn_...` of the same ending. Without waves (`wave` None) a study
    has no questions.

    Raises
    ------
    StudyFault
        An unknown key, audience, question or option, or a value of the wrong kind.
    FileFault
        A private file at fault: before anything is computed.
    """
    section = study.section("release")
    for key in section:
        if key not in _KEYS:
            raise StudyFault(
                study.place(f"release.{key}"),
                f"the key {key!r}",
                f"one of {', '.join(_KEYS)}",
                nearest(key, _KEYS),
            )
    audiences = _words(study, section, "audiences") or AUDIENCES
    for audience in audiences:
        if audience not in AUDIENCES:
            raise StudyFault(
                study.place("release.audiences"),
                repr(audience),
                f"words of {', '.join(AUDIENCES)}",
                nearest(audience, AUDIENCES),
            )
    frequency = section.get("minimum_frequency", 5)
    if isinstance(frequency, bool) or not isinstance(frequency, int) or frequency < _SMALLEST:
        raise StudyFault(
            study.place("release.minimum_frequency"),
            repr(frequency),
            f"a whole number of firms, {_SMALLEST} or more",
            "write minimum_frequency = 5",
        )
    if "private" in section:
        private_rules(study, frequency)
    known = () if wave is None else tuple(q.id for q in wave.codebook.tabulated())
    for key in ("by", "headline"):
        for name in _words(study, section, key):
            if name not in known:
                raise StudyFault(
                    study.place(f"release.{key}"), repr(name), "the id of a question", nearest(name, known)
                )
    headline = _words(study, section, "headline")
    contrasts: tuple[tuple[str, str, str], ...] = ()
    if wave is not None:
        given = "contrasts" in section
        contrasts = _given_contrasts(study, section, wave) if given else _two_sided(wave, headline)
    declared = tuple(a for a in AUDIENCES if a in audiences)
    floors, protect = audience_rules(study, declared, frequency)
    open_by = _open_breaks(study, section, wave)
    hide = withheld_settings(study, wave, open_by)
    if hide and protect != "suppress":
        raise StudyFault(
            study.place("release.hide"),
            f"cells named beside protect = {protect!r}",
            "cells named where cells are hidden: a changed count beside a hidden one undoes nothing",
            'write protect = "suppress", or leave `hide` out',
        )
    return ReleaseSettings(
        declared,
        frequency,
        _words(study, section, "by"),
        open_by,
        headline,
        contrasts,
        floors,
        protect,
        hide,
    )


def _open_breaks(study: Study, section: Mapping[str, Any], wave: Wave | None) -> tuple[str, ...]:
    """Breaks that others see too: among those of the internal Release, one answer a firm."""
    by, found = _words(study, section, "by"), _words(study, section, "open_by")
    for name in found:
        if name not in by:
            do = nearest(name, by) if by else "add it there"
            raise StudyFault(study.place("release.open_by"), repr(name), "one of `by`", do)
        if wave is not None and (answers_to(wave, name).ticks.sum(axis=1) > 1).any():
            raise StudyFault(
                study.place("release.open_by"),
                f"{name!r}, of which a firm gives several answers",
                "a question of one answer",
                "leave it out: groups that overlap are no table",
            )
    return found


def _words(study: Study, section: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of words in the section; empty where the key is absent."""
    value = section.get(key, [])
    if (
        isinstance(value, str)
        or not isinstance(value, (list, tuple))
        or not all(isinstance(v, str) for v in value)
    ):
        raise StudyFault(
            study.place(f"release.{key}"), repr(value), "a list of words in quotes", f'write {key} = ["..."]'
        )
    return tuple(value)


def _given_contrasts(
    study: Study, section: Mapping[str, Any], wave: Wave
) -> tuple[tuple[str, str, str], ...]:
    """The contrasts of the section, each checked against the options of its question."""
    place = study.place("release.contrasts")
    found = []
    for entry in section["contrasts"]:
        if not isinstance(entry, (list, tuple)) or len(entry) != 3:
            raise StudyFault(
                place,
                repr(entry),
                "three words: question, option, option",
                'write [["q", "option a", "option b"]]',
            )
        question = wave.codebook.question(str(entry[0]))
        codes = answers_to(wave, question.id).options
        for code in entry[1:]:
            if code not in codes:
                raise StudyFault(place, repr(code), f"an option of {question.id}", nearest(str(code), codes))
        found.append((str(entry[0]), str(entry[1]), str(entry[2])))
    return tuple(found)


def _two_sided(wave: Wave, headline: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """Pairs `us_x`, `cn_x` of options in the headline questions with many answers."""
    found = []
    for name in headline:
        if wave.codebook.question(name).kind == "multiple":
            codes = answers_to(wave, name).options
            sides = [code for code in codes if code.startswith("us_") and "cn_" + code[3:] in codes]
            found += [(name, code, "cn_" + code[3:]) for code in sorted(sides)]
    return tuple(found)
