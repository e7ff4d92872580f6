"""Read the modules of the product as they stand: the facts that tests/test_house.py judges.

`python -m tests.house_map` prints the list of rooms for docs/house.md; `--write` puts it there.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["FLOORS", "TOP", "Module", "constant", "modules", "rooms"]

TOP = Path(__file__).parent.parent
FLOORS = ("survey", "analysis", "dashboard")
"""Lowest first; each may look down, never up."""
BEGIN, END = "<!-- rooms: written by `python -m tests.house_map --write` -->", "<!-- end of rooms -->"


@dataclass(frozen=True)
class Module:
    """One file of product code: its dotted name, its path under the top folder, its text and tree."""

    name: str
    path: str
    text: str
    tree: ast.Module

    @property
    def floor(self) -> str:
        """`survey`, `analysis` or `dashboard`."""
        return self.name.split(".")[0]

    @property
    def is_package(self) -> bool:
        """Whether this is an `__init__.py`."""
        return self.path.endswith("__init__.py")

    def first_sentence(self) -> str:
        """First sentence of the docstring, on one line, without its full stop."""
        paragraph = " ".join((ast.get_docstring(self.tree) or "").split("\n\n")[0].split())
        return paragraph.split(". ")[0].rstrip(".")

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and dotted target of each import, also inside functions and of `import_module("...")`."""
        package = self.name if self.is_package else self.name.rpartition(".")[0]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                parts = package.split(".")
                above = parts[: len(parts) - node.level + 1] if node.level else []
                source = ".".join([*above, *([node.module] if node.module else [])])
                for alias in node.names:
                    deeper = f"{source}.{alias.name}"
                    yield node.lineno, deeper if deeper in names() else source
            elif (
                isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield node.lineno, first.value

    def public(self) -> dict[str, ast.stmt]:
        """Names without a leading underscore that are defined at the top of the module, with their nodes."""
        found: dict[str, ast.stmt] = {}
        for node in _top_level(self.tree.body):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for part in (part for target in targets for part in ast.walk(target)):
                    if isinstance(part, ast.Name):
                        found[part.id] = node
        return {name: node for name, node in found.items() if not name.startswith("_")}

    def exported(self) -> list[str] | None:
        """What `__all__` says; None where there is no `__all__`."""
        value = constant(self, "__all__")
        if value is None and (where := constant(self, "_WHERE")) is not None and "__all__ = " in self.text:
            return sorted(where)
        return value

    def imported(self) -> set[str]:
        """Names that the top of this module takes from modules of the product."""
        return {
            alias.asname or alias.name
            for node in _top_level(self.tree.body)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FLOORS
            for alias in node.names
        }

    def taken(self) -> Iterator[tuple[int, str, str]]:
        """Line, module and name of each name taken from a module of the product, also inside functions."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module in names():
                for alias in node.names:
                    if f"{node.module}.{alias.name}" not in names():
                        yield node.lineno, node.module, alias.name


def constant(module: Module, name: str) -> Any:
    """Value of a constant written out in full (of a mapping at least the keys); None where there is none."""
    for node in _top_level(module.tree.body):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if value is None or not any(isinstance(target, ast.Name) and target.id == name for target in targets):
            continue
        try:
            return ast.literal_eval(value)
        except ValueError:
            is_table = isinstance(value, ast.Dict) and all(
                isinstance(key, ast.Constant) for key in value.keys
            )
            return (
                {key.value: ast.unparse(v) for key, v in zip(value.keys, value.values, strict=True)}
                if is_table
                else None
            )
    return None


@cache
def modules() -> tuple[Module, ...]:
    """All modules of the three floors, sorted by floor, then name."""
    found = []
    for floor in FLOORS:
        for path in sorted((TOP / floor).rglob("*.py")):
            place = path.relative_to(TOP)
            parts = place.with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            text = path.read_text(encoding="utf-8")
            found.append(Module(name, place.as_posix(), text, ast.parse(text)))
    return tuple(found)


@cache
def names() -> frozenset[str]:
    """Dotted names of all modules."""
    return frozenset(module.name for module in modules())


def rooms() -> str:
    """The list of rooms as it must stand in docs/house.md, between its two marks."""
    lines = [BEGIN]
    for floor in FLOORS:
        lines += ["", f"### `{floor}/`", "", "| module | its one idea |", "|---|---|"]
        for module in modules():
            if module.floor == floor:
                lines.append(f"| `{module.path}` | {module.first_sentence().replace('|', chr(92) + '|')} |")
    return "\n".join([*lines, "", END])


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements at the top of a module, those under `if` and `try` included."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from _top_level(node.body)
            yield from _top_level(node.orelse)


if __name__ == "__main__":
    page = TOP / "docs" / "house.md"
    if "--write" in sys.argv:
        text = page.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        page.write_text(before + rooms() + rest.split(END)[1], encoding="utf-8")
    else:
        print(rooms())
