"""An expression as a tree: comparisons, and what joins them."""

from dataclasses import dataclass, field

__all__ = [
    "Answered",
    "Both",
    "Compare",
    "Either",
    "Literal",
    "Member",
    "Name",
    "Negation",
    "Node",
    "Operand",
    "names_in",
]


@dataclass(frozen=True, slots=True)
class Name:
    """A question or column, verbatim."""

    id: str
    at: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, or the word TRUE or FALSE."""

    value: str | float
    at: tuple[int, int] = field(default=(0, 0), compare=False)


Operand = Name | Literal


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`; a chain `1 <= a < 5` is several, joined by Both."""

    left: Operand
    op: str
    right: Operand


@dataclass(frozen=True, slots=True)
class Member:
    """`name in (a, b)`."""

    name: Name
    among: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """`answered(q)`, or the bare name of a yes/no question when `ticked`."""

    name: Name
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Negation:
    """`not part`."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Both:
    """All parts, joined by `and`."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """Any of the parts, joined by `or`."""

    parts: "tuple[Node, ...]"


Node = Compare | Member | Answered | Negation | Both | Either


def names_in(node: Node) -> tuple[Name, ...]:
    """All names of a tree, in order of appearance."""
    if isinstance(node, Compare):
        return tuple(o for o in (node.left, node.right) if isinstance(o, Name))
    if isinstance(node, Member | Answered):
        return (node.name,)
    if isinstance(node, Negation):
        return names_in(node.part)
    return tuple(name for part in node.parts for name in names_in(part))
