"""Which question of one wave is compared with which of another, and where a break forbids it."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey import Finding, Item, Question, QuestionFault, Wave, follow_concepts, nearest

__all__ = ["Aligned", "align", "concept_of"]

_UNCOUNTED = ("text", "date")


@dataclass(frozen=True, slots=True)
class Aligned:
    """One concept in two waves.

    Attributes
    ----------
    concept : str
        Concept over waves.
    earlier, later : Question
        As each wave asked it.
    why : str
        Reason of the break between them; "" where there is none.
    codes : tuple[str, ...]
        Codes and nets that mean the same in both, in the order of the later; empty for numbers.
    differ : bool
        Whether one wave offered options that the other did not.
    """

    concept: str
    earlier: Question
    later: Question
    why: str
    codes: tuple[str, ...]
    differ: bool


def align(
    waves: Sequence[Wave],
    earlier: str,
    later: str,
    wanted: Sequence[str] = (),
    *,
    across_breaks: bool = False,
) -> tuple[tuple[Aligned, ...], tuple[Finding, ...]]:
    """Concepts that two waves may be compared in, and what is left out or to be known.

    Parameters
    ----------
    waves : sequence of Wave
        Oldest first, those between included, for a break may lie there.
    wanted : sequence of str
        Concepts, or ids of questions of either wave; empty for all that both asked.
    across_breaks : bool
        Whether to compare over breaks all the same.

    Raises
    ------
    QuestionFault
        Something wanted that does not exist, was not asked in both waves, has no number or shares, is
        of another kind, or lies across a break without `across_breaks`.
    """
    items = follow_concepts(waves)
    ids = {(item.wave, item.concept): item for item in items}
    both = [
        concept
        for concept in dict.fromkeys(item.concept for item in items)
        if (earlier, concept) in ids and (later, concept) in ids
    ]
    found: list[Aligned] = []
    findings: list[Finding] = []
    for concept in [concept_of(items, name, (earlier, later)) for name in wanted] if wanted else both:
        first, second = ids[earlier, concept].question, ids[later, concept].question
        if not wanted and {first.kind, second.kind} & set(_UNCOUNTED):
            continue
        one = _aligned(items, concept, first, second, (earlier, later))
        trouble = _trouble(one, (earlier, later), across_breaks)
        if trouble is None:
            found.append(one)
            if one.differ:
                findings.append(_options(one, (earlier, later)))
        elif wanted:
            raise trouble
        else:
            findings.append(
                Finding(
                    trouble.where,
                    trouble.found,
                    "Not compared.",
                    trouble.do[0].upper() + trouble.do[1:] + ".",
                )
            )
    return tuple(found), tuple(findings)


def concept_of(items: Sequence[Item], name: str, waves: Sequence[str]) -> str:
    """The concept of this name, or that a question of this id stands for, asked in all these waves.

    Raises
    ------
    QuestionFault
        No such concept or question, or one that some of the waves did not ask.
    """
    concepts = list(dict.fromkeys(item.concept for item in items))
    if name not in concepts:
        named = [item.concept for item in items if item.question.id == name]
        if not named:
            raise QuestionFault(
                f"question {name!r}",
                "no such question or concept",
                "a question of the waves",
                nearest(name, concepts),
            )
        name = named[-1]
    asked = [item.wave for item in items if item.concept == name]
    for wave in waves:
        if wave not in asked:
            raise QuestionFault(
                f"concept {name!r}",
                f"not asked in wave {wave!r}",
                "one of: " + ", ".join(asked),
                "choose other waves, or give its question there this concept",
            )
    return name


def _aligned(
    items: Sequence[Item], concept: str, first: Question, second: Question, waves: tuple[str, str]
) -> Aligned:
    asked = [item for item in items if item.concept == concept]
    names = [item.wave for item in asked]
    between = asked[names.index(waves[0]) + 1 : names.index(waves[1]) + 1]
    why = "; ".join(f"{item.wave}: {item.reason()}" for item in between if item.is_break)
    was, now = _codes(first), _codes(second)
    nets = [name for name, codes in second.nets.items() if set(first.nets.get(name, ())) == set(codes)]
    codes = () if "number" in (first.kind, second.kind) else (*(c for c in now if c in was), *nets)
    return Aligned(concept, first, second, why, codes, bool(codes) and set(was) != set(now))


def _trouble(one: Aligned, waves: tuple[str, str], across_breaks: bool) -> QuestionFault | None:
    where = f"concept {one.concept!r}, waves {waves[0]} and {waves[1]}"
    first, second = one.earlier.kind, one.later.kind
    if {first, second} & set(_UNCOUNTED) or (first == "number") != (second == "number"):
        kinds = f"a {first}" if first == second else f"a {first} that became a {second}"
        return QuestionFault(where, kinds, "numbers or choices in both waves", "leave it out")
    if one.why and not across_breaks:
        return QuestionFault(
            where,
            f"a break: {one.why}",
            "answers that mean the same in both waves",
            "compare waves on one side of it, or add --across-breaks to see it all the same",
        )
    if first != "number" and not one.codes:
        return QuestionFault(where, "no option in common", "options of one code", "give them the same codes")
    return None


def _options(one: Aligned, waves: tuple[str, str]) -> Finding:
    was, now = _codes(one.earlier), _codes(one.later)
    changed = [f"{wave} only: {', '.join(c for c in a if c not in b)}" for wave, a, b in (
        (waves[0], was, now), (waves[1], now, was)) if set(a) - set(b)]  # fmt: skip
    return Finding(
        f"concept {one.concept!r}",
        f"options differ ({'; '.join(changed)})",
        "Shares of the others may have moved for that.",
        "Compare them with care.",
    )


def _codes(question: Question) -> tuple[str, ...]:
    """Codes that get a share: all choices, of a binary question the one that counts."""
    if question.kind == "binary":
        return (question.counted or "1",)
    return tuple(choice.code for choice in question.choices)
