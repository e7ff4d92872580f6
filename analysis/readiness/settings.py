"""What `[readiness]` of a study may say: controls mapped to questions, their weights, two cuts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey import Question, Study, StudyFault, Wave, nearest

__all__ = ["AGGREGATIONS", "CONTROLS", "Control", "ReadinessSettings", "readiness_settings"]

KEYS = ("controls", "aggregation", "exposed", "ready")
"""Settings of `[readiness]`."""

CONTROLS = (
    *("head", "board", "screening", "classification", "wall", "networks", "clearance", "drills"),
    *("unit", "information", "suppliers", "access", "audit", "clauses"),
)
"""Controls there are words for: a named head, reports to the board, screening of parties, classification of
goods, a wall between research for the two sides, separated networks, clearance of personnel, drills; a unit,
control of information, spread suppliers, access logs, audits of suppliers, clauses in contracts."""

AGGREGATIONS = ("mean", "geometric")
"""How scores become an index: a weighted mean, or a weighted geometric mean, which forgives no gap."""

_OF_CONTROL = ("control", "question", "option", "scores", "weight")
EXPOSED, READY = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class Control:
    """One control and the question that tells whether a firm has it.

    Attributes
    ----------
    name : str
        A word of `CONTROLS`.
    question, option : str
        Question id; the option of a set, "" else.
    scores : Mapping[str, float]
        Code to how far the control is in place, 0 to 1; codes not named score 0.
    weight : float
        Above 0.
    """

    name: str
    question: str
    option: str
    scores: Mapping[str, float]
    weight: float

    @property
    def in_place(self) -> tuple[str, ...]:
        """Codes that say the control is wholly in place."""
        return tuple(code for code, score in self.scores.items() if score == 1.0)


@dataclass(frozen=True, slots=True)
class ReadinessSettings:
    """Checked settings of `[readiness]`.

    Attributes
    ----------
    controls : tuple[Control, ...]
    aggregation : str
        A word of `AGGREGATIONS`.
    exposed : float
        A firm is exposed where its squeeze is above this.
    ready : float
        A firm is ready where its index is at or above this.
    """

    controls: tuple[Control, ...]
    aggregation: str = "mean"
    exposed: float = EXPOSED
    ready: float = READY


def readiness_settings(study: Study, wave: Wave) -> ReadinessSettings | None:
    """Read and check `[readiness]`; None where the study has none.

    Raises
    ------
    StudyFault
        An unknown key, control, question or code, or a value that does not fit, with its line.
    """
    section = study.section("readiness")
    if not section:
        return None
    for key in section:
        if key not in KEYS:
            raise _fault(study, key, f"unknown key {key!r}", "one of: " + ", ".join(KEYS), nearest(key, KEYS))
    given = section.get("controls")
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        do = "begin each with [[readiness.controls]]"
        raise _fault(study, "controls", "no controls", "tables of control, question, ..", do)
    controls = tuple(_control(study, wave, one) for one in given)
    names = [control.name for control in controls]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise _fault(
            study, "controls", f"control {twice!r} twice", "each control once", "take one of them out"
        )
    how = section.get("aggregation", AGGREGATIONS[0])
    if how not in AGGREGATIONS:
        expected = "one of: " + ", ".join(AGGREGATIONS)
        raise _fault(study, "aggregation", repr(how), expected, nearest(str(how), AGGREGATIONS))
    cuts = {}
    for key, usual in (("exposed", EXPOSED), ("ready", READY)):
        cut = section.get(key, usual)
        if not _is_number(cut) or not 0.0 <= cut <= 1.0:
            raise _fault(study, key, repr(cut), "a number from 0 to 1", f"write  {key} = {usual}")
        cuts[key] = float(cut)
    return ReadinessSettings(controls, how, **cuts)


def _control(study: Study, wave: Wave, one: Mapping[str, Any]) -> Control:
    for key in one:
        if key not in _OF_CONTROL:
            expected = "one of: " + ", ".join(_OF_CONTROL)
            raise _fault(study, "controls", f"unknown key {key!r}", expected, nearest(key, _OF_CONTROL))
    name, asked, option = (str(one.get(key, "")) for key in _OF_CONTROL[:3])
    if name not in CONTROLS:
        expected = "one of: " + ", ".join(CONTROLS)
        raise _fault(study, "controls", f"control {name!r}", expected, nearest(name, CONTROLS))
    known = tuple(q.id for q in wave.codebook.tabulated() if q.kind in ("single", "multiple", "binary"))
    if asked not in known:
        found = f"question {asked!r} of the control {name}"
        raise _fault(study, "controls", found, "the id of a question with options", nearest(asked, known))
    question = wave.codebook.question(asked)
    weight = one.get("weight", 1.0)
    if not _is_number(weight) or weight <= 0:
        raise _fault(study, "controls", f"weight {weight!r}", "a number above 0", "write  weight = 1")
    return Control(
        name, asked, option, _scores(study, name, question, option, one.get("scores")), float(weight)
    )


def _scores(study: Study, name: str, question: Question, option: str, given: object) -> dict[str, float]:
    """Code to score; of an option of a set the option itself scores 1."""
    codes = tuple(choice.code for choice in question.choices)
    if question.kind == "multiple":
        if option not in codes or given is not None:
            found = f"option {option!r} of {question.id}" if given is None else f"scores for {question.id}"
            raise _fault(
                study, "controls", f"{found}, control {name}", "one option of the set", nearest(option, codes)
            )
        return {option: 1.0}
    codes = (question.counted, "0") if question.kind == "binary" and not codes else codes
    if not isinstance(given, dict) or not given:
        do = f'write  scores = {{ "{codes[0] if codes else 1}" = 1 }}'
        raise _fault(study, "controls", f"no scores for the control {name}", "code to score, 0 to 1", do)
    for code, score in given.items():
        if code not in codes:
            found = f"code {code!r} of {question.id}"
            raise _fault(study, "controls", found, "a code of the question", nearest(str(code), codes))
        if not _is_number(score) or not 0.0 <= score <= 1.0:
            raise _fault(
                study, "controls", f"score {score!r} of {code!r}", "a number from 0 to 1", "correct it"
            )
    scores = {str(code): float(score) for code, score in given.items()}
    if 1.0 not in scores.values():
        found = f"no code of the control {name} scores 1"
        raise _fault(study, "controls", found, "one that says it is in place", "give it the score 1")
    return scores


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _fault(study: Study, key: str, found: str, expected: str, do: str) -> StudyFault:
    return StudyFault(study.place(f"readiness.{key}"), found, expected, do)
