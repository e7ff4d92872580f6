"""The house holds: floors, doors, owners, sizes and names are as docs/house.md says.

Standard library only: the product is read, never imported. Each message says where, found, expected, do.
What the documents must say is in tests/test_house_documents.py.
"""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from tests.house_map import FLOORS, TOP, constant, modules

OWNERS = {
    "pyreadstat": ("survey/formats/",),
    "statsmodels": ("analysis/estimate/models", "analysis/pressure/"),
    "plotly": ("dashboard/figures/", "dashboard/theme"),
    "dash": ("dashboard/app", "dashboard/pages/"),
    "duckdb": ("analysis/supply/engine",),
    "pyspark": ("analysis/supply/engine",),
    "dash_ag_grid": ("dashboard/",),
    "flask": ("dashboard/",),
    "gunicorn": ("dashboard/",),
    "waitress": ("dashboard/",),
    "rich": ("dashboard/",),
    "pptx": ("dashboard/export/",),
    "sqlalchemy": ("dashboard/signin/",),
    "argon2": ("dashboard/signin/passwords",),
    "authlib": ("dashboard/signin/provider",),
    "joserfc": ("dashboard/signin/provider",),
    "requests": ("dashboard/signin/provider",),
}
"""Library to the places that may import it; everybody else calls those places."""
LUMBER = {
    "utils",
    "util",
    "helpers",
    "common",
    "core",
    "base",
    "manager",
    "types",
    "io",
    "statistics",
    "misc",
}
TOP_LEVEL = {"pyproject.toml", *FLOORS, "data", "tests", "docs"}
BESIDE = {"README.md", "README.ja.md", "LICENSE", "Makefile", "requirements.lock"}
LEFTOVERS = {"build", "dist", "__pycache__"}


def report(faults: Iterable[tuple[str, str]], expected: str, do: str) -> None:
    """Fail with each (where, found), what was expected there and what to do about it."""
    told = [
        f"{where}\n  found:    {found}\n  expected: {expected}\n  do this:  {do}" for where, found in faults
    ]
    assert not told, f"{len(told)} place(s) break the rules of docs/house.md\n" + "\n".join(told)


def floor_of(target: str) -> str:
    """First part of a dotted name."""
    return target.split(".")[0]


def test_there_is_a_house() -> None:
    """Guards every other check here against passing because nothing was read."""
    assert {module.floor for module in modules()} == set(FLOORS)
    assert len(modules()) > 20
    assert sum(1 for module in modules() for _ in module.imports()) > 50


def test_each_floor_looks_down_never_up() -> None:
    faults = [
        (f"{module.path}:{line}", f"import of {target}")
        for module in modules()
        for line, target in module.imports()
        if floor_of(target) in FLOORS[FLOORS.index(module.floor) + 1 :]
    ]
    report(faults, "imports of this floor or a lower one", "move it down, or hand it over as an argument")


def test_floors_meet_only_at_front_doors() -> None:
    faults = [
        (f"{module.path}:{line}", f"import of {target}")
        for module in modules()
        for line, target in module.imports()
        if floor_of(target) in FLOORS and floor_of(target) != module.floor and "." in target
    ]
    report(
        faults,
        "from survey import ..., from analysis import ...",
        "export the name at that floor's front door",
    )


def test_nobody_inside_a_floor_uses_its_front_door() -> None:
    faults = [
        (f"{module.path}:{line}", f"import of {target}")
        for module in modules()
        for line, target in module.imports()
        if target == module.floor and "." in module.name
    ]
    report(faults, "the module that owns the name", "from <floor>.<module> import ...")


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {module.name: sorted({target for _, target in module.imports()}) for module in modules()}
    done: set[str] = set()
    circles: list[tuple[str, str]] = []

    def walk(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circles.append((name, " -> ".join([*path[path.index(name) :], name])))
        elif name not in done:
            for target in graph.get(name, []):
                walk(target, (*path, name))
            done.add(name)

    for name in graph:
        walk(name, ())
    report(circles, "no cycles", "move what both need into a module below both")


def test_each_library_has_its_owner() -> None:
    faults = [
        (
            f"{module.path}:{line}",
            f"import of {target}, which belongs to {', '.join(OWNERS[floor_of(target)])}",
        )
        for module in modules()
        for line, target in module.imports()
        if floor_of(target) in OWNERS and not module.path.startswith(OWNERS[floor_of(target)])
    ]
    report(faults, "each library only at its owner", "call a function of the owner instead")


def test_modules_are_at_most_300_lines() -> None:
    faults = [(module.path, f"{len(module.text.splitlines())} lines") for module in modules()]
    faults = [fault for fault in faults if int(fault[1].split()[0]) > 300]
    report(faults, "at most 300 lines", "split it along two first sentences")


def test_all_is_what_is_exported() -> None:
    faults: list[tuple[str, str]] = []
    for module in modules():
        public, said = set(module.public()), module.exported()
        is_door = module.is_package and bool(module.imported())
        if said is None:
            if public or is_door:
                faults.append((module.path, "no __all__ written out in full"))
            continue
        known = public | module.imported() | set(constant(module, "_WHERE") or {})
        things = {
            name for name, node in module.public().items() if not isinstance(node, ast.Assign | ast.AnnAssign)
        }
        meant = things | (module.imported() if module.name in FLOORS else set())
        faults += [(module.path, f"{name!r} in __all__ does not exist") for name in sorted(set(said) - known)]
        faults += [(module.path, f"{name!r} is not in __all__") for name in sorted(meant - set(said))]
        faults += [
            (module.path, f"{name!r} twice in __all__") for name in {n for n in said if said.count(n) > 1}
        ]
    report(
        faults,
        "__all__ names each function and class without an underscore",
        "export it or give it an underscore",
    )


def test_only_what_is_exported_is_imported() -> None:
    exports = {module.name: module.exported() or [] for module in modules()}
    faults = [
        (f"{module.path}:{line}", f"{name} of {room}, which does not export it")
        for module in modules()
        for line, room, name in module.taken()
        if name not in exports[room]
    ]
    report(faults, "names in the __all__ of their module", "export it there, or do without")


def test_imports_say_the_whole_name() -> None:
    faults = [
        (f"{module.path}:{node.lineno}", "a relative import, or a star")
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.level or node.names[0].name == "*")
    ]
    report(faults, "from survey.faults import Fault", "write the whole name")


def test_lazy_front_doors_lead_somewhere() -> None:
    exports = {module.name: module.exported() or [] for module in modules()}
    faults = [
        (f"{door.path}, {name!r}", f"{room} does not export it")
        for door in modules()
        for name, room in (constant(door, "_WHERE") or {}).items()
        if name not in exports.get(room, []) or floor_of(room) != door.floor
    ]
    report(
        faults, "a module of this floor with the name in its __all__", "mend the name or write the function"
    )


def test_front_doors_do_not_hide_rooms() -> None:
    """Where a door's name is also a room behind it, the room wins as soon as somebody imports it."""
    every = {module.name for module in modules()}
    faults = [
        (f"{door.path}, {name!r}", f"a room called {door.name}.{name} too")
        for door in modules()
        if door.is_package
        for name in door.exported() or []
        if f"{door.name}.{name}" in every
    ]
    report(faults, "different names for an export and a room", "rename one of the two")


def test_every_public_thing_has_a_docstring() -> None:
    faults = [
        (module.path, "module without docstring") for module in modules() if not module.first_sentence()
    ]
    for module in modules():
        for name, node in module.public().items():
            parts = [node, *(node.body if isinstance(node, ast.ClassDef) else [])]
            for part in parts:
                if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    continue
                if (part is node or not part.name.startswith("_")) and not ast.get_docstring(part):
                    full = name if part is node else f"{name}.{part.name}"
                    faults.append((f"{module.path}:{part.lineno}", f"{full} without docstring"))
    report(faults, "what it is or gives back, in which unit and shape, and when it raises", "write it")


def test_no_room_is_a_lumber_room() -> None:
    faults = [
        (m.path, f"a module called {part}") for m in modules() for part in m.name.split(".") if part in LUMBER
    ]
    report(faults, "a name that says one idea", "name it after what it holds")


def test_no_exported_function_bears_its_modules_name() -> None:
    faults = [
        (f"{module.path}:{node.lineno}", f"{name} in a module called {name}")
        for module in modules()
        for name, node in module.public().items()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and name == module.name.rpartition(".")[2]
    ]
    report(faults, "different names, so that an import says which is meant", "name the function with a verb")


def test_no_assert_in_the_product() -> None:
    faults = [
        (f"{module.path}:{node.lineno}", "assert")
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert)
    ]
    report(faults, "checks that stand under python -O", "raise a Fault, or drop it")


def test_nothing_is_unfinished_or_tied_to_one_machine() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    homes = re.compile(r"(?<![\w.:/-])(?:/home/|/root/|/Users/|[A-Z]:\\Users)\w")
    pages = [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))]
    texts = [(module.path, module.text) for module in modules()]
    texts += [(page.relative_to(TOP).as_posix(), page.read_text(encoding="utf-8")) for page in pages]
    faults = [
        (f"{place}:{number}", found.group())
        for place, text in texts
        for number, line in enumerate(text.splitlines(), start=1)
        for found in (words.search(line), homes.search(line))
        if found
    ]
    report(faults, "finished work that runs anywhere", "do it, or take the path as an argument")


def test_numbers_depend_neither_on_the_day_nor_on_global_chance() -> None:
    clock = re.compile(
        r"\b(?:date|datetime)\.(?:today|now|utcnow)\(|\btime\.time\(|\bTimestamp\.(?:now|today)\("
    )
    chance = re.compile(r"\bnp\.random\.(?!Generator|default_rng|SeedSequence|PCG64|Philox)\w+")
    faults = [
        (f"{module.path}:{number}", found.group())
        for module in modules()
        if module.floor != "dashboard"
        for number, line in enumerate(module.text.splitlines(), start=1)
        for found in (clock.search(line), chance.search(line))
        if found
    ]
    report(
        faults, "dates and generators come in as arguments", "take as_of: date or rng: numpy.random.Generator"
    )


def test_no_colour_below_the_dashboard() -> None:
    colour = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
    faults = [
        (f"{module.path}:{node.lineno}", f"the colour {node.value}")
        for module in modules()
        if module.floor != "dashboard"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and colour.fullmatch(node.value)
    ]
    report(faults, "colours only in dashboard", "hand up the meaning; the theme knows its colour")


def test_top_level_is_as_agreed() -> None:
    found = {path.name for path in TOP.iterdir() if not path.name.startswith(".")} - LEFTOVERS
    agreed = TOP_LEVEL | BESIDE
    faults = [(name, "stands at the top of the checkout") for name in sorted(found - agreed)]
    faults += [(name, "is missing at the top of the checkout") for name in sorted(agreed - found)]
    report(faults, f"exactly {', '.join(sorted(agreed))}", "give it a room, or bring it back")


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for floor in (*FLOORS, "tests") for path in (TOP / floor).rglob("*.py")}
    faults = [(str(folder.relative_to(TOP)), "no __init__.py") for folder in folders]
    faults = [fault for fault in faults if not (TOP / fault[0] / "__init__.py").exists()]
    report(faults, "an __init__.py with one sentence in each folder", "write it")


def test_lock_of_the_tests_holds_the_lock_of_the_product() -> None:
    product, tests = (_pins(TOP / name / "requirements.lock") for name in ("", "tests"))
    assert len(product) > 20
    faults = [
        ("tests/requirements.lock", f"{pin} other") for pin in product if tests.get(pin) != product[pin]
    ]
    faults += [("requirements.lock", f"{pin} without hash") for pin in tests if "sha256:" not in tests[pin]]
    for name in ("requirements.lock", "tests/requirements.lock"):
        text = (TOP / name).read_text(encoding="utf-8")
        faults += [(name, line) for line in text.splitlines() if "://" in line or line.startswith("-")]
        faults += [(name, "pins that could not be read")] if text.count("==") < len(product) else []
    report(faults, "the same pins and hashes, no addresses", "make lock")


def _pins(lock: Path) -> dict[str, str]:
    """`name==version ; marker` to its hashes, as one text."""
    blocks = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    return {block.split(" \\\n")[0].strip(): " ".join(block.split(" \\\n")[1:]) for block in blocks}
