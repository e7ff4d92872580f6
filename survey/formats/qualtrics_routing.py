"""Who is asked each question of a Qualtrics survey: display logic, skip logic and branches together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from survey.formats.qualtrics_logic import Locators, Test, display_expression, expression_of, skip_test
from survey.formats.qualtrics_questions import as_table

__all__ = ["Asking", "asked_by"]

_DISPLAY, _SKIP, _BRANCH = "display logic of questions", "skip logic", "branches"
_RANDOM, _TWICE = "blocks shown at random", "blocks shown twice"


class _Gate(NamedTuple):
    """Part of who is asked; what cannot be said has an empty expression."""

    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Routing of a survey.

    Attributes
    ----------
    asked_if : Mapping[str, str]
        Question id of Qualtrics to its routing as one expression; only those that are routed.
    unread : Mapping[str, list[str]]
        What kind of routing cannot be said, to the question ids it governs.
    """

    asked_if: Mapping[str, str]
    unread: Mapping[str, list[str]]


def asked_by(
    elements: Iterable[Mapping[str, Any]],
    logic: Mapping[str, Any],
    locators: Locators,
    singles: frozenset[str],
) -> Asking:
    """Routing of all questions, from the survey flow and its blocks.

    A rule of skip logic lets pass those of whom it does not hold, silence included, up to its
    destination; a branch asks those of whom its logic holds, and where it ends the survey, all that
    follows is asked of the others. Where part of a question's routing cannot be said (embedded
    data, quotas, blocks drawn at random), nothing is said and the question is named.

    Parameters
    ----------
    elements : Iterable[Mapping[str, Any]]
        `SurveyElements` of a .qsf.
    logic : Mapping[str, Any]
        Question id to its display logic.
    locators : Locators
        What the locators of choices stand for.
    singles : frozenset[str]
        Ids of questions with one answer.
    """
    tables = [as_table(e) for e in elements]
    blocks = {
        str(block.get("ID")): [as_table(e) for e in as_table(block.get("BlockElements")).values()]
        for table in tables
        if table.get("Element") == "BL"
        for block in map(as_table, as_table(table.get("Payload")).values())
        if block.get("Type") != "Trash"
    }
    flows = [as_table(t.get("Payload")).get("Flow") for t in tables if t.get("Element") == "FL"]
    walk = _Walk(blocks, logic, locators, singles)
    for flow in flows:
        walk.flow(as_table(flow).values(), ())
    for name in blocks:
        if not any(flows):
            walk.block(name, ())
    for id_ in logic:
        if id_ not in walk.gates:
            walk.gates[id_] = walk.shown(id_)
    return walk.result()


@dataclass
class _Walk:
    """A walk through the flow, as a firm would take it."""

    blocks: Mapping[str, list[dict[str, Any]]]
    logic: Mapping[str, Any]
    locators: Locators
    singles: frozenset[str]
    exits: list[_Gate] = field(default_factory=list)
    gates: dict[str, tuple[_Gate, ...]] = field(default_factory=dict)

    def flow(self, nodes: Iterable[Any], gates: tuple[_Gate, ...]) -> None:
        """All nodes of a flow that is entered by `gates`."""
        for node in map(as_table, nodes):
            kind, inner = str(node.get("Type")), list(as_table(node.get("Flow")).values())
            if kind == "Branch":
                self.branch(node, inner, gates)
            elif kind == "BlockRandomizer":
                drawn = str(node.get("SubSet") or len(inner))
                some = drawn.isdecimal() and int(drawn) < len(inner)
                self.flow(inner, (*gates, _Gate(_RANDOM, "")) if some else gates)
            elif inner:
                self.flow(inner, gates)
            elif str(node.get("ID")) in self.blocks:
                self.block(str(node.get("ID")), gates)

    def branch(self, node: Mapping[str, Any], inner: list[Any], gates: tuple[_Gate, ...]) -> None:
        """What is behind a branch, and what is after it where it ends the survey."""
        logic = node.get("BranchLogic")
        self.flow(inner, (*gates, _Gate(_BRANCH, display_expression(logic, self.locators))))
        if any(as_table(n).get("Type") == "EndSurvey" for n in inner):
            others = expression_of(logic, self.locators, opposite=True) if not gates else ""
            self.exits.append(_Gate(_BRANCH, _held(others)))

    def block(self, name: str, gates: tuple[_Gate, ...]) -> None:
        """The questions of a block, in order."""
        skips: list[tuple[str, _Gate]] = []
        for element in self.blocks[name]:
            id_ = str(element.get("QuestionID") or "")
            skips = [(until, gate) for until, gate in skips if until != id_]
            if id_:
                said = (*gates, *self.exits, *(gate for _, gate in skips), *self.shown(id_))
                again = self.gates.get(id_, said)
                self.gates[id_] = said if again == said else (_Gate(_TWICE, ""),)
                skips += self.skipped(id_, element, is_routed=bool(said))
        self.exits += [gate for until, gate in skips if until.upper() == "ENDOFSURVEY"]

    def shown(self, id_: str) -> tuple[_Gate, ...]:
        """Display logic of a question."""
        own = self.logic.get(id_)
        return (_Gate(_DISPLAY, display_expression(own, self.locators)),) if own else ()

    def skipped(self, id_: str, element: Mapping[str, Any], *, is_routed: bool) -> list[tuple[str, _Gate]]:
        """Destination and gate of each rule of skip logic of a question."""
        rules = [as_table(rule) for rule in as_table(element.get("SkipLogic")).values()]
        ends = [str(rule.get("SkipToDestination") or "") for rule in rules]
        tests = [skip_test(rule, self.locators) for rule in rules]
        apart = all(test is not None and test.sign == "=" for test in tests) and id_ in self.singles
        if len(set(ends)) > 1 and not apart:
            tests = [None for _ in tests]
        return [
            (end, _Gate(_SKIP, self.passed(test, is_routed))) for end, test in zip(ends, tests, strict=True)
        ]

    def passed(self, test: Test | None, is_routed: bool) -> str:
        """Who is not skipped. A rule that silence fulfils cannot be said where the question is routed."""
        if test is None:
            return ""
        silence = test.sign == "!=" or (not test.sign and test.is_other)
        if not silence:
            return test.opposite().said()
        if is_routed:
            return ""
        return f"answered({test.name}) and {test.opposite().said()}" if test.sign else test.opposite().said()

    def result(self) -> Asking:
        """Routing of each question whose every part can be said."""
        unread: dict[str, list[str]] = {}
        asked_if: dict[str, str] = {}
        for id_, gates in self.gates.items():
            lost = dict.fromkeys(gate.kind for gate in gates if not gate.said)
            for kind in lost:
                unread.setdefault(kind, []).append(id_)
            parts = list(dict.fromkeys(gate.said for gate in gates))
            if parts and not lost:
                alone = len(parts) == 1
                asked_if[id_] = _bare(parts[0]) if alone else " and ".join(map(_held, parts))
        return Asking(asked_if, unread)


def _held(expression: str) -> str:
    """An expression in parentheses where `or` would leak out of it."""
    return f"({expression})" if " or " in expression and not _is_held(expression) else expression


def _bare(expression: str) -> str:
    """An expression without parentheses around the whole."""
    return expression[1:-1] if _is_held(expression) else expression


def _is_held(text: str) -> bool:
    """Whether the first parenthesis is closed by the last sign; an or within a text only adds a pair."""
    depth = 0
    if not text.startswith("("):
        return False
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at == len(text) - 1
    return False
