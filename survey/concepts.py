"""The same question over waves: its versions and options, and where it can no longer be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pandas as pd

from survey.codebook import MissingCode, Question, words
from survey.faults import Finding, QuestionFault, nearest
from survey.wave import Wave

__all__ = ["Item", "comparable_items", "concept_findings", "concept_table", "follow_concepts"]


@dataclass(frozen=True, slots=True)
class Item:
    """One concept as one wave asked it.

    Attributes
    ----------
    concept, wave : str
        Concept over waves, name of the wave.
    question : Question
        The question that stood for it.
    added, dropped : tuple[str, ...]
        Codes of choices that the wave before (that had the concept) did not have, and the reverse.
    differences : tuple[str, ...]
        What makes answers incomparable with that wave though nobody declared a break: another kind
        or unit, a code of another meaning, a reason that was an answer.
    before : str
        Name of that wave; "" at the first.
    """

    concept: str
    wave: str
    question: Question
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    before: str = ""

    @property
    def is_break(self) -> bool:
        """Whether a trend from the wave before to this one goes over a break."""
        return bool(self.before) and bool(self.question.break_reason or self.differences)

    def reason(self, lang: str = "en") -> str:
        """Why there is a break: what people declared, then what was found; "" where there is none."""
        if not self.is_break:
            return ""
        return "; ".join(filter(None, (words(self.question.break_reason, lang), *self.differences)))


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What each code of a question stands for."""

    labels: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, str] = field(default_factory=dict)


def follow_concepts(waves: Sequence[Wave]) -> tuple[Item, ...]:
    """Items of all concepts, in the order of the questionnaire, each concept over its waves.

    Only questions and what was set aside are followed; ids, weights and design columns are not.

    Parameters
    ----------
    waves : sequence of Wave
        Oldest first.

    Raises
    ------
    QuestionFault
        Two questions of one wave that claim the same concept.
    """
    found: dict[str, list[tuple[str, Question]]] = {}
    for wave in waves:
        seen: dict[str, str] = {}
        for question in wave.codebook.questions:
            if question.role != "question":
                continue
            concept = question.concept or question.id
            if concept in seen:
                raise QuestionFault(
                    f"wave {wave.name}, question {question.id!r}",
                    f"concept {concept!r} already belongs to question {seen[concept]!r}",
                    "one question for each concept in a wave",
                    "give one of them a concept of its own in codebook.toml",
                )
            seen[concept] = question.id
            found.setdefault(concept, []).append((wave.name, question))
    return tuple(item for concept, asked in found.items() for item in _items(concept, asked))


def concept_table(items: Sequence[Item], lang: str = "en") -> pd.DataFrame:
    """Items as a table, one row a concept and wave.

    Returns
    -------
    pandas.DataFrame
        Columns `concept,wave,question,version,kind,unit,options,added,dropped,break,reason`; lists
        of codes are joined by a space, `break` is true or false, `reason` in `lang`.
    """
    rows = [
        (
            item.concept,
            item.wave,
            item.question.id,
            item.question.version,
            item.question.kind,
            item.question.unit,
            " ".join(_codes(item.question)),
            " ".join(item.added),
            " ".join(item.dropped),
            item.is_break,
            item.reason(lang),
        )
        for item in items
    ]
    names = "concept wave question version kind unit options added dropped break reason"
    return pd.DataFrame(rows, columns=names.split())


def comparable_items(
    items: Sequence[Item], concept: str, *, waves: Sequence[str] = (), over_breaks: bool = False
) -> tuple[Item, ...]:
    """Items of one concept that may stand in one trend, oldest first.

    Parameters
    ----------
    items : sequence of Item
        What `follow_concepts` returns.
    waves : sequence of str
        Waves wanted; all that asked it where empty.
    over_breaks : bool
        Whether a trend over a break is wanted all the same; each later item says `is_break`.

    Raises
    ------
    QuestionFault
        No such concept; a wave that did not ask it; a break between the first and the last of the
        waves (also at a wave in between that is not wanted), unless `over_breaks`.
    """
    asked = [item for item in items if item.concept == concept]
    if not asked:
        known = list(dict.fromkeys(item.concept for item in items))
        raise QuestionFault(
            f"concept {concept!r}", "no such concept", "a concept of the codebooks", nearest(concept, known)
        )
    names = [item.wave for item in asked]
    for wave in waves:
        if wave not in names:
            raise QuestionFault(
                f"concept {concept!r}",
                f"not asked in wave {wave!r}",
                "one of: " + ", ".join(names),
                "choose other waves, or give its question there this concept",
            )
    wanted = [item for item in asked if not waves or item.wave in waves]
    between = asked[names.index(wanted[0].wave) + 1 : names.index(wanted[-1].wave) + 1]
    for item in between:
        if item.is_break and not over_breaks:
            raise QuestionFault(
                f"concept {concept!r}, wave {item.wave}",
                f"a break: {item.reason()}",
                "answers that mean the same in all waves",
                "compare waves on one side of it, or ask for the trend over the break",
            )
    return tuple(wanted)


def concept_findings(items: Sequence[Item]) -> tuple[Finding, ...]:
    """What is odd between waves: breaks nobody declared, options that changed within a version."""
    findings: list[Finding] = []
    for before, item in pairwise(items):
        if not item.before:
            continue
        where = f"concept {item.concept}, waves {item.before} and {item.wave}"
        if item.differences and not item.question.break_reason:
            findings.append(
                Finding(
                    where,
                    "; ".join(item.differences),
                    "They are not compared.",
                    "Mend the codebook, or declare the break with its reason.",
                )
            )
        same = before.question.version == item.question.version and not item.differences
        if same and (item.added or item.dropped) and not item.question.break_reason:
            changed = [f"new: {', '.join(item.added)}"] if item.added else []
            changed += [f"gone: {', '.join(item.dropped)}"] if item.dropped else []
            findings.append(
                Finding(
                    where,
                    f"options changed ({'; '.join(changed)}), the version did not",
                    "Shares of the other options may have moved for that.",
                    "Give the later question a version, or declare a break.",
                )
            )
    return tuple(findings)


def _items(concept: str, asked: list[tuple[str, Question]]) -> list[Item]:
    items = [Item(concept, asked[0][0], asked[0][1])]
    for (before, old), (wave, new) in pairwise(asked):
        was, now = _codes(old), _codes(new)
        added, dropped = (tuple(c for c in a if c not in b) for a, b in ((now, was), (was, now)))
        items.append(Item(concept, wave, new, added, dropped, _differences(old, new), before))
    return items


def _codes(question: Question) -> tuple[str, ...]:
    return tuple(choice.code for choice in question.choices)


def _differences(old: Question, new: Question) -> tuple[str, ...]:
    """What makes two questions incomparable, in words."""
    found = [
        f"{what} {a!r} became {b!r}"
        for what, a, b in (("kind", old.kind, new.kind), ("unit", old.unit, new.unit))
        if a and b and a != b
    ]
    was, now = _meaning(old), _meaning(new)
    for code, label in now.labels.items():
        if code in was.reasons:
            found.append(f"code {code} was the reason {was.reasons[code]} and is an answer")
        for lang, text in label.items():
            earlier = was.labels.get(code, {}).get(lang, "")
            if text and earlier and _folded(text) != _folded(earlier):
                found.append(f"code {code} was {earlier!r} and is {text!r}")
                break
    for code, reason in now.reasons.items():
        if code in was.labels:
            found.append(f"code {code} was an answer and is the reason {reason}")
        elif was.reasons.get(code, reason) != reason:
            found.append(f"code {code} was the reason {was.reasons[code]} and is {reason}")
    return tuple(found)


def _meaning(question: Question) -> _Meaning:
    return _Meaning(
        {c.code: c.label for c in question.choices}, {_code(m): m.reason for m in question.missing}
    )


def _code(code: MissingCode) -> str:
    ends = [f"{e:g}" if isinstance(e, float) else e for e in dict.fromkeys((code.low, code.high))]
    return " to ".join(map(str, ends))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
