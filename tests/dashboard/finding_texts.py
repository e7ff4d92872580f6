"""Every sentence a Finding can be made of, read from the source: constants as they stand, all else a gap.

A name is followed to what is assigned to it in its function, to what callers in its module pass for it,
and to constants of the module, so that a sentence built in steps is seen whole.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

__all__ = ["GAP", "Said", "said_by_faults", "said_by_findings", "said_by_toml"]

GAP = "\x00"
"""What stands where the source puts a value."""

_ROOMS = ("survey", "analysis", "dashboard")
_MOST, _DEEP = 40, 8
_MAKERS = {
    "Finding": ("where", "found", "meaning", "do"),
    "with_finding": ("", "", "found", "meaning", "do"),
}
"""Calls that make a Finding, and what each argument is to it."""


_FAULTS = {
    "fault": ("", "found", "expected", "do"),
    "FileFault": ("where", "found", "expected", "do"),
    "QuestionFault": ("where", "found", "expected", "do"),
    "StudyFault": ("where", "found", "expected", "do"),
}
"""Calls that make a Fault; the first argument of `fault` is a key."""


class Said(NamedTuple):
    """One sentence of a Finding or Fault: its place in the source, which of four parts, text with gaps."""

    place: str
    part: str
    text: str


class _Reader:
    """Follows names of one module to the texts they can hold."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.calls: list[tuple[ast.Call, ast.AST | None]] = []
        self._binds: dict[int, list[tuple[ast.expr, ast.expr | None]]] = {id(tree): []}
        self._visit(tree, (tree,))

    def _visit(self, node: ast.AST, around: tuple[ast.AST, ...]) -> None:
        """Calls with the innermost function around them, and what each function and the module binds."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            around = (*around, node)
            self._binds[id(node)] = []
        elif isinstance(node, ast.Call):
            self.calls.append((node, around[-1] if len(around) > 1 else None))
        for one in _bound(node):
            for scope in around:
                self._binds[id(scope)].append(one)
        for child in ast.iter_child_nodes(node):
            self._visit(child, around)

    def _bound_in(self, scope: ast.AST) -> list[tuple[ast.expr, ast.expr | None]]:
        return self._binds[id(scope)]

    def texts(self, node: ast.expr, inside: ast.AST | None, deep: int = 0) -> list[str]:
        if deep > _DEEP:
            return [GAP]
        match node:
            case ast.Constant(value=str() as text):
                return [text]
            case ast.JoinedStr(values=values):
                return self._joined([self._piece(v, inside, deep) for v in values])
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self._joined([self.texts(left, inside, deep + 1), self.texts(right, inside, deep + 1)])
            case ast.IfExp(body=body, orelse=other):
                return self._some([*self.texts(body, inside, deep + 1), *self.texts(other, inside, deep + 1)])
            case ast.BoolOp(values=values):
                return self._some([t for v in values for t in self.texts(v, inside, deep + 1)])
            case ast.Name(id=name):
                return self._some(list(self._named(name, inside, deep))) or [GAP]
            case ast.Subscript(value=ast.Name(id=name)):
                return self._some(list(self._looked_up(name, inside, deep))) or [GAP]
        return [GAP]

    def _piece(self, part: ast.expr, inside: ast.AST | None, deep: int) -> list[str]:
        if not isinstance(part, ast.FormattedValue):
            return self.texts(part, inside, deep + 1)
        if part.format_spec is not None or part.conversion not in (-1, None):
            return [GAP]
        return self.texts(part.value, inside, deep + 1)

    @staticmethod
    def _joined(parts: list[list[str]]) -> list[str]:
        many = 1
        for one in parts:
            many *= len(one)
        if many > _MOST:
            parts = [one if len(one) == 1 else [GAP] for one in parts]
        return ["".join(told) for told in product(*parts)]

    @staticmethod
    def _some(texts: list[str]) -> list[str]:
        return list(dict.fromkeys(texts))[:_MOST]

    def _named(self, name: str, inside: ast.AST | None, deep: int) -> Iterator[str]:
        scope: ast.AST = inside if inside is not None else self.tree
        found = False
        for target, value in self._bound_in(scope):
            for one in self._bindings(target, value, name, inside):
                found = True
                yield from self.texts(one, inside, deep + 1)
        if inside is None:
            return
        arguments = getattr(inside, "args", None)
        if arguments is not None:
            names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
            if name in names:
                yield from self._passed(inside, names, name, deep)
                return
        if not found:
            yield from self._named(name, None, deep + 1)

    def _bindings(
        self, target: ast.expr, value: ast.expr | None, name: str, inside: ast.AST | None
    ) -> Iterator[ast.expr]:
        """As `_at`, and what a name gets of a tuple that is looked up in a dictionary."""
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Subscript):
            for one in self._tuples(value, inside):
                yield from _at(target, one, name)
        else:
            yield from _at(target, value, name)

    def _passed(self, inside: ast.AST, names: list[str], name: str, deep: int) -> Iterator[str]:
        """What callers in the module give for a parameter."""
        own = getattr(inside, "name", "")
        at = names.index(name) - (1 if names and names[0] == "self" else 0)
        for call, caller in self.calls:
            if _called(call) != own:
                continue
            for one in call.keywords:
                if one.arg == name:
                    yield from self.texts(one.value, caller, deep + 1)
            if any(isinstance(a, ast.Starred) for a in call.args):
                yield from self._spread(call, at, caller, deep)
            elif at < len(call.args):
                yield from self.texts(call.args[at], caller, deep + 1)

    def _spread(self, call: ast.Call, at: int, caller: ast.AST | None, deep: int) -> Iterator[str]:
        """What a parameter is given by `f(a, *words)` where words is a tuple that can be followed."""
        first = next(i for i, a in enumerate(call.args) if isinstance(a, ast.Starred))
        star = call.args[first]
        if at < first:
            yield from self.texts(call.args[at], caller, deep + 1)
        elif isinstance(star, ast.Starred):
            for one in self._tuples(star.value, caller):
                if at - first < len(one.elts):
                    yield from self.texts(one.elts[at - first], caller, deep + 1)

    def _tuples(self, node: ast.expr, inside: ast.AST | None) -> Iterator[ast.Tuple]:
        if isinstance(node, ast.Tuple):
            yield node
        elif isinstance(node, ast.Name | ast.Subscript):
            name = node.id if isinstance(node, ast.Name) else getattr(node.value, "id", "")
            for scope in filter(None, (inside, self.tree)):
                for target, value in self._bound_in(scope):
                    if isinstance(target, ast.Name) and target.id == name and value is not None:
                        values = value.values if isinstance(value, ast.Dict) else [value]
                        yield from (v for v in values if isinstance(v, ast.Tuple))

    def _looked_up(self, name: str, inside: ast.AST | None, deep: int) -> Iterator[str]:
        """Texts that a dictionary or list of that name holds."""
        for scope in filter(None, (inside, self.tree)):
            for target, value in self._bound_in(scope):
                if isinstance(target, ast.Name) and target.id == name:
                    held: list[ast.expr] = []
                    if isinstance(value, ast.Dict):
                        held = list(value.values)
                    elif isinstance(value, ast.Tuple | ast.List):
                        held = list(value.elts)
                    for one in held:
                        yield from self.texts(one, inside, deep + 1)


def _bound(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Targets and values that a node binds."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        yield node.target, node.value
    elif isinstance(node, ast.For | ast.comprehension):
        yield node.target, ast.Starred(node.iter, ast.Load())
    elif isinstance(node, ast.NamedExpr):
        yield node.target, node.value


def _at(target: ast.expr, value: ast.expr | None, name: str) -> Iterator[ast.expr]:
    """The expressions a name is bound to by one target and value; a loop binds each of a literal's parts."""
    if isinstance(value, ast.Starred):
        held = value.value
        rows = held.elts if isinstance(held, ast.Tuple | ast.List) else None
        for one in rows if rows is not None else [ast.Call(ast.Name("_", ast.Load()), [], [])]:
            yield from _at(target, one, name)
    elif isinstance(target, ast.Name) and target.id == name and value is not None:
        yield value
    elif isinstance(target, ast.Tuple | ast.List):
        for k, part in enumerate(target.elts):
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                yield from _at(part, value.elts[k], name)
            elif isinstance(value, ast.IfExp):
                for side in (value.body, value.orelse):
                    if isinstance(side, ast.Tuple | ast.List) and len(side.elts) == len(target.elts):
                        yield from _at(part, side.elts[k], name)
            elif isinstance(part, ast.Name) and part.id == name and value is not None:
                yield ast.Call(ast.Name("_", ast.Load()), [], [])


def _called(call: ast.Call) -> str:
    """The last name of what is called."""
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


@cache
def said_by_findings() -> tuple[Said, ...]:
    """Where, found, meaning and do of every `Finding(...)` in the product, in the order of its files."""
    told: list[Said] = []
    for path in sorted(p for room in _ROOMS for p in Path(room).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if not any(f"{maker}(" in source for maker in _MAKERS):
            continue
        tree = ast.parse(source)
        reader = _Reader(tree)
        for call, inside in reader.calls:
            parts = _MAKERS.get(_called(call))
            if parts is None:
                continue
            given = {part: node for part, node in zip(parts, call.args, strict=False) if part}
            given |= {word.arg: word.value for word in call.keywords if word.arg}
            for part, node in given.items():
                for text in reader.texts(node, inside):
                    told.append(Said(f"{path}:{call.lineno}", part, text))
    return tuple(told)


def said_by_faults(paths: Iterable[Path]) -> tuple[Said, ...]:
    """Found, expected and do of every Fault made in some modules, in the order of their lines."""
    told: list[Said] = []
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        reader = _Reader(tree)
        for call, inside in reader.calls:
            for part, node in zip(_FAULTS.get(_called(call), ()), call.args, strict=False):
                if part not in ("", "where"):
                    told += [Said(f"{path}:{call.lineno}", part, text) for text in reader.texts(node, inside)]
    return tuple(told)


def said_by_toml() -> tuple[str, ...]:
    """What the reader of TOML of the standard library says of a text that is none."""
    import tomllib._parser as module

    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    reader = _Reader(tree)
    told = [
        re.sub(r" \(at .*", "", text)
        for call, inside in reader.calls
        if _called(call) in ("suffixed_err", "TOMLDecodeError") and call.args
        for text in reader.texts(call.args[-1], inside)
        if text.replace(GAP, "").strip(" ()") not in ("", "at")
    ]
    return tuple(dict.fromkeys(told))
