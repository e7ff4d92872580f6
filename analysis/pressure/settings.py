"""What `[pressure]` of a study may say: the outcome and its event, breaks, level, draws, seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey import Study, StudyFault, nearest

__all__ = ["KEYS", "PressureSettings", "pressure_settings"]

KEYS = ("outcome", "event", "by", "dormant", "level", "draws", "seed")
"""Settings of `[pressure]`."""

SEED = 20211215
DRAWS = 2000
LEVEL = 0.90
DORMANT = 0.25


@dataclass(frozen=True, slots=True)
class PressureSettings:
    """Checked settings of `[pressure]`.

    Attributes
    ----------
    outcome : str
        Question id of having had to choose; "" where the survey does not ask.
    event : tuple[str, ...]
        Codes that count as yes.
    by : tuple[str, ...]
        Questions that form groups.
    dormant : float
        Weight of dormant powers in squeeze, 0 (strict reading) to 1.
    level : float
        Level of intervals and of rank sets.
    draws, seed : int
        Number and seed of the draws.
    """

    outcome: str = ""
    event: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    dormant: float = DORMANT
    level: float = LEVEL
    draws: int = DRAWS
    seed: int = SEED


def pressure_settings(study: Study) -> PressureSettings:
    """Read and check `[pressure]`; `dormant` of `[rules]` holds where `[pressure]` is silent.

    Raises
    ------
    StudyFault
        An unknown key (the nearest are suggested) or a value that does not fit, with its line.
    """
    section = study.section("pressure")
    for key in section:
        if key not in KEYS:
            raise StudyFault(
                study.place(f"pressure.{key}"),
                f"unknown key {key!r}",
                "one of: " + ", ".join(KEYS),
                nearest(key, KEYS),
            )
    outcome = section.get("outcome", "")
    if not isinstance(outcome, str):
        raise _bad(study, "outcome", outcome, "the id of a question", 'write  outcome = "had_to_choose"')
    event = _words(study, section, "event")
    if outcome and not event:
        raise _bad(
            study, "event", event, "the codes of the outcome that count as yes", 'write  event = ["1"]'
        )
    weight = section.get("dormant", study.section("rules").get("dormant", DORMANT))
    at = "pressure.dormant" if "dormant" in section else "rules.dormant"
    if not _is_number(weight) or not 0.0 <= weight <= 1.0:
        raise StudyFault(study.place(at), repr(weight), "a weight from 0 to 1", "write  dormant = 0.25")
    level = section.get("level", LEVEL)
    if not _is_number(level) or not 0.5 < level < 1.0:
        raise _bad(study, "level", level, "a level above 0.5 and below 1", "write  level = 0.90")
    draws, seed = section.get("draws", DRAWS), section.get("seed", SEED)
    if not _is_whole(draws) or not 200 <= draws <= 100_000:
        raise _bad(study, "draws", draws, "a whole number from 200 to 100000", "write  draws = 2000")
    if not _is_whole(seed) or seed < 0:
        raise _bad(study, "seed", seed, "a whole number, 0 or more", f"write  seed = {SEED}")
    return PressureSettings(
        outcome, event, _words(study, section, "by"), float(weight), float(level), int(draws), int(seed)
    )


def _words(study: Study, section: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = section.get(key, ())
    if isinstance(value, str) or _is_whole(value):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) or _is_whole(v) for v in value):
        raise _bad(study, key, value, "a list of words", f'write  {key} = ["1"]')
    return tuple(str(v) for v in value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _bad(study: Study, key: str, found: object, expected: str, do: str) -> StudyFault:
    return StudyFault(study.place(f"pressure.{key}"), repr(found), expected, do)
