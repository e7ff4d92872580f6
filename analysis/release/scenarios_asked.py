"""Which scenarios a study asks for: ready ones, files of its own, several together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.scenario.files import load_scenario, ready_scenarios
from analysis.scenario.record import Scenario
from survey import Study, StudyFault, nearest

__all__ = ["Asked", "asked_scenarios"]

_KEYS = ("ready", "files", "together")


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of the page: one scenario, or several put together.

    Attributes
    ----------
    id, kind : str
        Id; `ready`, `own` or `together`.
    scenarios : tuple[Scenario, ...]
        One, or those put together in their order.
    """

    id: str
    kind: str
    scenarios: tuple[Scenario, ...]


def asked_scenarios(study: Study) -> tuple[Asked, ...]:
    """The scenarios `[scenarios]` of a study asks for: ready ones, its own files, several together.

    Raises
    ------
    StudyFault
        An unknown key, a value of another kind, an id nobody knows, two of one id.
    Fault
        A file that is no scenario.
    """
    section = study.section("scenarios")
    for key in section:
        if key not in _KEYS:
            raise StudyFault(
                study.place(f"scenarios.{key}"),
                f"the key {key!r}",
                "one of " + ", ".join(_KEYS),
                nearest(key, _KEYS),
            )
    if not section:
        return ()
    if not (study.waves and study.section("supply")):
        raise StudyFault(
            study.place("scenarios"),
            "scenarios of a study without " + ("links" if study.waves else "a wave"),
            "a wave and [supply]: effects are those on its firms",
            "add them, or take [scenarios] away",
        )
    known = {one.id: one for one in ready_scenarios()}
    wanted = section.get("ready", [])
    names = list(known) if wanted == "all" else _words(study, "ready", wanted)
    asked = [Asked(name, "ready", (_known(study, "ready", name, known),)) for name in names]
    for name in _words(study, "files", section.get("files", [])):
        own = load_scenario(study.folder / name)
        if own.id in known:
            raise StudyFault(
                study.place("scenarios.files"),
                f"{name} has the id {own.id!r}",
                "an id of its own",
                "rename it",
            )
        known[own.id] = own
        asked.append(Asked(own.id, "own", (own,)))
    for parts in _lists(study, section.get("together", [])):
        joined = tuple(_known(study, "together", part, known) for part in parts)
        asked.append(Asked("+".join(parts), "together", joined))
    return tuple(asked)


def _known(study: Study, key: str, name: str, known: Mapping[str, Scenario]) -> Scenario:
    if name not in known:
        raise StudyFault(
            study.place(f"scenarios.{key}"),
            repr(name),
            "one of " + ", ".join(known),
            nearest(name, tuple(known)),
        )
    return known[name]


def _words(study: Study, key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        expected = '"all", or ids in brackets' if key == "ready" else "names in brackets"
        raise StudyFault(study.place(f"scenarios.{key}"), repr(value), expected, f'write  {key} = ["..."]')
    return list(dict.fromkeys(value))


def _lists(study: Study, value: Any) -> list[list[str]]:
    if not isinstance(value, list) or not all(isinstance(one, list) and len(one) > 1 for one in value):
        raise StudyFault(
            study.place("scenarios.together"),
            repr(value),
            "lists of two ids or more",
            'write  together = [["a", "b"]]',
        )
    return [_words(study, "together", one) for one in value]
