"""The section `[weights]` of a study: every key known, of the right type, its files present."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.faults import FileFault, StudyFault, nearest
from survey.paths import near_path
from survey.study import Study

__all__ = ["WEIGHT_METHODS", "ResponseSettings", "WeightSettings", "weight_settings"]

WEIGHT_METHODS = ("raking", "post-stratification", "linear", "bounded")
"""`raking`: never below zero. `post-stratification`: one margin. `linear`: GREG. `bounded`: logit."""

_KEYS = ("margins", "waves", "method", "base", "total", "rescale", "unmatched", "bounds", "trim", "response")
_RESPONSE_KEYS = ("list", "id", "answered", "classes", "predictors", "groups")
_UNMATCHED = ("keep", "stop")


@dataclass(frozen=True, slots=True)
class ResponseSettings:
    """Section `[weights.response]`: who was approached, and what firms that answer have in common.

    `list` is a file of all firms approached, or None where `answered`, an expression, tells them
    apart in the wave itself. `classes` or `predictors`; `groups` 0 weighs by 1 over the propensity.
    """

    list: Path | None
    id: str
    answered: str
    classes: tuple[str, ...]
    predictors: tuple[str, ...]
    groups: int


@dataclass(frozen=True, slots=True)
class WeightSettings:
    """Section `[weights]`; `total` nan where margins say it, `trim` None and `waves` empty where not said."""

    margins: Path | None
    method: str
    base: str
    total: float
    rescale: bool
    unmatched: str
    bounds: tuple[float, float]
    trim: tuple[float, float] | None
    response: ResponseSettings | None
    waves: tuple[str, ...] = ()


def weight_settings(study: Study) -> WeightSettings:
    """Read the section `[weights]`.

    Raises
    ------
    StudyFault
        An unknown key, a wrong type, or keys that do not fit each other.
    FileFault
        A file that does not exist.
    """
    said = study.section("weights")
    _only(study, said, _KEYS, "weights.")
    response = said.get("response")
    if response is not None and not isinstance(response, dict):
        raise _wrong(study, "weights.response", response, "a section [weights.response]")
    method = _word(study, said, "method", WEIGHT_METHODS)
    if method != "bounded" and "bounds" in said:
        raise _wrong(study, "weights.bounds", said["bounds"], 'bounds go with method = "bounded"')
    trim = _two(study, said, "trim") if "trim" in said else None
    return WeightSettings(
        margins=_file(study, said, "margins", "weights."),
        method=method,
        base=_text(study, said, "base", "weights."),
        total=_number(study, said, "total"),
        rescale=_truth(study, said, "rescale"),
        unmatched=_word(study, said, "unmatched", _UNMATCHED),
        bounds=_two(study, said, "bounds") if "bounds" in said else (0.3, 3.0),
        trim=trim,
        response=None if response is None else _response(study, response),
        waves=_names(study, said, "waves", "weights."),
    )


def _response(study: Study, said: Mapping[str, Any]) -> ResponseSettings:
    prefix = "weights.response."
    _only(study, said, _RESPONSE_KEYS, prefix)
    groups = said.get("groups", 0)
    if isinstance(groups, bool) or not isinstance(groups, int) or groups == 1 or groups < 0:
        raise _wrong(study, prefix + "groups", groups, "a whole number of 2 or more")
    found = ResponseSettings(
        list=_file(study, said, "list", prefix),
        id=_text(study, said, "id", prefix),
        answered=_text(study, said, "answered", prefix),
        classes=_names(study, said, "classes", prefix),
        predictors=_names(study, said, "predictors", prefix),
        groups=groups,
    )
    if (found.list is None) == (not found.answered):
        raise _wrong(
            study, prefix + "list", said.get("list"), "either list (a file) or answered (an expression)"
        )
    if bool(found.classes) == bool(found.predictors):
        raise _wrong(
            study, prefix + "classes", said.get("classes"), "either classes or predictors, one column or more"
        )
    if groups and not found.predictors:
        raise _wrong(study, prefix + "groups", groups, "groups go with predictors")
    return found


def _wrong(study: Study, key: str, value: object, expected: str) -> StudyFault:
    found = "nothing" if value is None else f"{value!r} ({type(value).__name__})"[:120]
    return StudyFault(
        study.place(key), found, expected, "mend [weights]; docs/how-to/study.md lists its keys"
    )


def _only(study: Study, said: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
    for key in said:
        if key not in known:
            raise StudyFault(
                study.place(prefix + key),
                f"unknown key {key!r}",
                "one of: " + ", ".join(known),
                nearest(key, known),
            )


def _text(study: Study, said: Mapping[str, Any], key: str, prefix: str) -> str:
    value = said.get(key, "")
    if not isinstance(value, str) or (key in said and not value.strip()):
        raise _wrong(study, prefix + key, value, "text in double quotes")
    return value


def _names(study: Study, said: Mapping[str, Any], key: str, prefix: str) -> tuple[str, ...]:
    value = said.get(key, [])
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise _wrong(study, prefix + key, value, "a list of names")
    return tuple(value)


def _file(study: Study, said: Mapping[str, Any], key: str, prefix: str) -> Path | None:
    if key not in said:
        return None
    path = study.folder / _text(study, said, key, prefix)
    if not path.is_file():
        raise FileFault(study.place(prefix + key), f"no file {said[key]!r}", "a file", near_path(path))
    return path


def _word(study: Study, said: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
    value = said.get(key, known[0])
    if value not in known:
        raise _wrong(study, f"weights.{key}", value, "one of: " + ", ".join(known))
    return str(value)


def _number(study: Study, said: Mapping[str, Any], key: str) -> float:
    value = said.get(key, float("nan"))
    if isinstance(value, bool) or not isinstance(value, int | float) or (key in said and not value > 0):
        raise _wrong(study, f"weights.{key}", value, "a number above zero")
    return float(value)


def _truth(study: Study, said: Mapping[str, Any], key: str) -> bool:
    value = said.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(study, f"weights.{key}", value, "true or false, without quotes")
    return value


def _two(study: Study, said: Mapping[str, Any], key: str) -> tuple[float, float]:
    value = said[key]
    good = isinstance(value, list) and len(value) == 2
    good = good and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
    if not good or not 0 <= value[0] < 1 < value[1]:
        raise _wrong(study, f"weights.{key}", value, "two numbers, from 0 to below 1 and above 1: [0.3, 3.0]")
    return float(value[0]), float(value[1])
