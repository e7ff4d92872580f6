"""What `[release.members]` and `[release.public]` may say: their floor, and whether counts are changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.disclosure.audiences import floor_for
from analysis.disclosure.changing import WAYS_TO_PROTECT
from survey import Study, StudyFault, nearest

__all__ = ["audience_rules"]

_KEYS = ("protect", "floor", "reason")


def audience_rules(study: Study, audiences: Sequence[str], frequency: int) -> tuple[dict[str, int], str]:
    """Floors of the audiences that are not internal, and the one way in which their counts are protected.

    Parameters
    ----------
    audiences : sequence of str
        Those the study declares.
    frequency : int
        Its minimum frequency.

    Returns
    -------
    tuple
        `members` and `public` to their floor; a word of `WAYS_TO_PROTECT`. Whoever is a member may read the
        public Release: where both are declared the public floor is that of members, unless the study says
        another one and why.

    Raises
    ------
    StudyFault
        An unknown key or word; a floor under the minimum frequency, or under what its readers know, without a
        reason; two ways that contradict each other.
    """
    section = study.section("release")
    for audience in ("members", "public"):
        _check(study, audience, section.get(audience, {}))
    closed = [audience for audience in audiences if audience != "internal"]
    said: dict[str, Mapping[str, Any]] = {one: section.get(one, {}) for one in ("members", "public")}
    ways = {audience: str(said[audience].get("protect", "suppress")) for audience in closed}
    if len(set(ways.values())) > 1:
        raise StudyFault(
            study.place("release"),
            "rules that contradict: " + ", ".join(f"{a} protect = {way!r}" for a, way in ways.items()),
            "one way for both: members read the public Release too, and an exact count beside a changed one "
            "undoes the change",
            "write the same `protect` under both, or leave one audience out",
        )
    floors = {}
    for audience, rules in said.items():
        readers = [audience, *closed] if audience == "public" else [audience]
        usual = max(floor_for(one, frequency) for one in readers)
        floors[audience] = _floor(study, audience, rules, frequency, usual)
    return floors, next(iter(ways.values()), "suppress")


def _floor(study: Study, audience: str, rules: Mapping[str, Any], frequency: int, usual: int) -> int:
    """The floor of one audience."""
    floor = rules.get("floor", usual)
    place = study.place(f"release.{audience}")
    if isinstance(floor, bool) or not isinstance(floor, int) or floor < frequency:
        raise StudyFault(
            place, f"floor = {floor!r}", f"a whole number of firms, minimum_frequency = {frequency} or more",
            f"write floor = {usual}, or lower minimum_frequency",
        )  # fmt: skip
    if floor < usual and not str(rules.get("reason", "")).strip():
        raise StudyFault(
            place,
            f"floor = {floor} and no reason",
            f"{usual} or more, or a reason: a member knows its own answer, is assumed to know two others, "
            "and reads this Release",
            f'write floor = {usual}, or reason = "..."',
        )
    return floor


def _check(study: Study, audience: str, rules: Any) -> None:
    place = study.place(f"release.{audience}")
    if not isinstance(rules, Mapping):
        raise StudyFault(place, repr(rules), "a table of its own", f"write [release.{audience}]")
    for key in rules:
        if key not in _KEYS:
            raise StudyFault(place, f"the key {key!r}", f"one of {', '.join(_KEYS)}", nearest(key, _KEYS))
    way = rules.get("protect", "suppress")
    if way not in WAYS_TO_PROTECT:
        raise StudyFault(
            place, f"protect = {way!r}", f"one of {', '.join(WAYS_TO_PROTECT)}",
            nearest(str(way), WAYS_TO_PROTECT),
        )  # fmt: skip
    if not isinstance(rules.get("reason", ""), str):
        raise StudyFault(place, "a reason that is no text", "text in quotes", 'write reason = "..."')
