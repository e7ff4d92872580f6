"""The documents say what the code does: rooms, commands, options, keys, kinds and operators are all there."""

import ast
import csv
import io
import re
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from dashboard.command import main
from dashboard.settings import SETTINGS, Setting
from tests.house_map import TOP, Module, constant, modules, rooms
from tests.test_house import report

HOW_TO = TOP / "docs" / "how-to"


def test_house_md_lists_exactly_the_rooms_there_are() -> None:
    text = (TOP / "docs" / "house.md").read_text(encoding="utf-8")
    said = set(re.findall(r"^\| `[\w/]+\.py` \|.*$", text, re.MULTILINE))
    true = {line for line in rooms().splitlines() if line.startswith("| `")}
    faults = [("docs/house.md", f"missing: {line}") for line in sorted(true - said)]
    faults += [("docs/house.md", f"no longer true: {line}") for line in sorted(said - true)]
    report(faults, "each module with its first sentence", "python -m tests.house_map --write")
    assert rooms() in text, "docs/house.md: python -m tests.house_map --write"


def test_documents_name_only_files_that_exist() -> None:
    pages = [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))]
    assert len(pages) > 10
    named = re.compile(r"`((?:survey|analysis|dashboard|data|tests|docs)/[\w./-]*(?:\.\w+|/))`")
    linked = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
    faults = []
    for page in pages:
        text = page.read_text(encoding="utf-8")
        places = {name: TOP / name for name in named.findall(text) if not name.startswith("data/built")}
        places |= {name: page.parent / name for name in linked.findall(text)}
        missing = sorted(name for name, place in places.items() if not place.exists())
        faults += [(str(page.relative_to(TOP)), f"{name}, which does not exist") for name in missing]
    report(faults, "paths and links that lead somewhere", "mend the path")


@pytest.mark.parametrize("page", sorted((TOP / "docs" / "method").glob("*.md")), ids=lambda page: page.stem)
def test_every_method_says_where_it_ends(page: Path) -> None:
    limits = page.read_text(encoding="utf-8").split("\n## Limits\n")
    assert len(limits) == 2, f"{page.name}: one section `## Limits`"
    assert len(limits[1].split("\n## ")[0].split()) > 40


def test_every_command_is_documented_and_no_other() -> None:
    headings = re.findall(r"^## `?crosspressure (\w+)", _page("commands.md"), re.MULTILINE)
    assert len(headings) == len(set(headings)), "docs/how-to/commands.md describes a command twice"
    there = _commands()
    faults = [("docs/how-to/commands.md", f"no heading for {name}") for name in sorted(there - set(headings))]
    faults += [
        ("docs/how-to/commands.md", f"{name} does not exist") for name in sorted(set(headings) - there)
    ]
    report(faults, "a heading `## crosspressure NAME` for each command", "describe it there, with an example")


def test_every_option_is_documented() -> None:
    page = _page("commands.md")
    found = _options()
    assert len(found) > 10, (
        "options of the commands could not be read: this test must learn how they are declared"
    )
    faults = [
        (where, f"{option} is not in docs/how-to/commands.md")
        for where, option in found
        if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", page)
    ]
    report(faults, "every option of every command", "describe it there")


def test_every_option_of_a_command_stands_under_its_heading() -> None:
    parts = re.split(r"^## crosspressure (\w+)\n", _page("commands.md"), flags=re.MULTILINE)
    under = dict(zip(parts[1::2], parts[2::2], strict=True))
    everywhere = {"--help", "--debug", "--quiet"}  # told once, at the top
    assert all(f"`{option}`" in parts[0] for option in everywhere)
    faults = [
        (f"crosspressure {name}", f"{option} is not under its heading in docs/how-to/commands.md")
        for name in sorted(_commands())
        for option in sorted(set(re.findall(r"(?<![\w-])--[a-z][\w-]*", _help(name))) - everywhere)
        if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", under[name])
    ]
    report(faults, "every option of a command, where the command is described", "describe it there")


def test_every_setting_is_a_row_of_the_page_on_settings_as_it_is() -> None:
    said = set(re.findall(r"^\| `\w+` \|.*$", _page("settings.md"), re.MULTILINE))
    true = {_setting_row(one) for one in SETTINGS.values()}
    faults = [("docs/how-to/settings.md", f"missing: {row}") for row in sorted(true - said)]
    faults += [("docs/how-to/settings.md", f"no longer true: {row}") for row in sorted(said - true)]
    report(faults, "each setting with its flag, variable and default", "copy the row that is missing")


def _setting_row(one: Setting) -> str:
    """A setting as a row of the page."""
    flag = f"`{one.option}`" if one.option else ""
    usual = f"`{one.default}`" if one.default else ""
    words = one.words + (f": {one.kind.replace('|', ' or ')}" if "|" in one.kind else "")
    return f"| `{one.name}` | {flag} | `{one.variable}` | {usual} | {words} |"


def _section(page: str, names: list[str]) -> str:
    """The parts of the page that speak of these sections of study.toml; all of it where none is named."""
    parts = re.split(r"^## ", page, flags=re.MULTILINE)
    return "\n".join(part for part in parts for name in names if part.startswith(f"`[{name}]`")) or page


def test_every_key_a_module_accepts_in_study_toml_is_documented() -> None:
    """They stand in survey.study_file, in Design, and in (_)KEYS of each module that reads a section."""
    page = _page("study.md")
    by_name = {module.name: module for module in modules()}
    file = by_name["survey.study_file"]
    keys = [
        (f"survey.study_file, {name}", constant(file, name), page) for name in ("_TOP", "_WAVE", "SECTIONS")
    ]
    keys.append(("survey.design, Design", _fields("survey.design", "Design"), _section(page, ["design"])))
    readers = [
        (f"{module.path}, {name}", words, _section(page, re.findall(r'\.section\(\s*"(\w+)', module.text)))
        for module in modules()
        if ".section(" in module.text
        for name in ("KEYS", "_KEYS")
        if (words := constant(module, name))
    ]
    keys += readers
    assert all(words and part for _, words, part in keys), (
        "keys of study.toml moved: this test must learn where they are written"
    )
    assert len(readers) >= 3, "no module says which keys its section may have"
    faults = [
        (where, f"`{key}` is not in its section of docs/how-to/study.md")
        for where, words, part in keys
        for key in words
        if f"`{key}`" not in part
    ]
    report(faults, "every key, in backticks", "describe it there")


@pytest.mark.parametrize(
    "study", sorted((TOP / "data").glob("*/study.toml")), ids=lambda path: path.parent.name
)
def test_every_key_of_the_studies_in_data_is_documented(study) -> None:
    page = _page("study.md")
    settings = tomllib.loads(study.read_text(encoding="utf-8"))
    keys = set(settings)
    for section in settings.values():
        for part in section if isinstance(section, list) else [section]:
            keys |= set(part) if isinstance(part, dict) else set()
    report(
        [
            (str(study.relative_to(TOP)), f"`{key}` is not in docs/how-to/study.md")
            for key in sorted(keys)
            if f"`{key}`" not in page and key not in {"en", "ja"}
        ],
        "every key, in backticks",
        "describe it there",
    )


@pytest.mark.parametrize(
    ("room", "name", "page"),
    [
        ("survey.codebook", "KINDS", "codebook.md"),
        ("survey.codebook", "ROLES", "codebook.md"),
        ("survey.missing", "REASONS", "codebook.md"),
        ("survey.expression", "OPERATORS", "codebook.md"),
        ("survey.clean", "CLEANING_RULES", "cleaning.md"),
    ],
)
def test_every_word_with_a_meaning_is_documented(room: str, name: str, page: str) -> None:
    words = [value for module in modules() if module.name == room for value in [constant(module, name)]]
    assert words and words[0], f"{room} does not write {name} out in full: this test must learn where it went"
    text = _page(page)
    faults = [(f"{room}.{name}", f"`{word}` is not in docs/how-to/{page}") for word in words[0]]
    report(
        [fault for fault in faults if fault[1].split(" ")[0] not in text],
        "each in backticks",
        "describe it there",
    )


def test_every_gate_operator_and_state_of_a_rule_is_documented() -> None:
    page = _page("rules.md")
    with (TOP / "data" / "regulation" / "gates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words = {(column, row[column]) for row in rows for column in ("gate", "operator")}
    words |= {("outcome", row["outcome"]) for row in rows if row["outcome"] and row["gate"] != "risk"}
    for room, names in {
        "analysis.rules.operators": ("TEXT_OPERATORS", "LIST_OPERATORS", "BOUND_OPERATORS"),
        "analysis.rules.fields": ("FIELDS",),
        "analysis.rules.outcomes": ("OUTCOMES",),
    }.items():
        said = [constant(module, name) for module in modules() if module.name == room for name in names]
        assert len(said) == len(names) and all(said), f"{room}: this test must learn where its words went"
        words |= {(room, word) for part in said for word in part}
    faults = [
        (f"{column} {word}", "not in docs/how-to/rules.md")
        for column, word in sorted(words)
        if f"`{word}`" not in page
    ]
    report(faults, "each in backticks", "describe it there")


def test_every_key_of_a_codebook_is_documented() -> None:
    page = _page("codebook.md")
    file = next(module for module in modules() if module.name == "survey.codebook_file")
    keys = [
        (f"survey.codebook_file, {name}", constant(file, name))
        for name in ("_TOP", "_CHOICE", "_MISSING", "_NET")
    ]
    ours = {"id", "net_labels"}  # the name of the table, and the labels within nets
    keys.append(("survey.codebook, Question", sorted(set(_fields("survey.codebook", "Question")) - ours)))
    assert all(words for _, words in keys), (
        "keys of codebook.toml moved: this test must learn where they are written"
    )
    faults = [
        (where, f"`{key}` is not in docs/how-to/codebook.md")
        for where, words in keys
        for key in words
        if f"`{key}`" not in page
    ]
    report(faults, "every key, in backticks", "describe it there")


def _fields(room: str, record: str) -> list[str]:
    """Names of the fields of a dataclass, as written."""
    node = next(module for module in modules() if module.name == room).public()[record]
    inside = node.body if isinstance(node, ast.ClassDef) else []
    return [
        line.target.id
        for line in inside
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    ]


def _page(name: str) -> str:
    """Text of one page of docs/how-to; empty where it does not exist."""
    path = HOW_TO / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _command_modules() -> list[Module]:
    """Modules of the command line."""
    return [module for module in modules() if module.name.startswith("dashboard.command")]


def _commands() -> set[str]:
    """Commands that dashboard/command knows: the keys of each module's `COMMANDS`."""
    found: set[str] = set()
    for module in _command_modules():
        for node in module.tree.body:
            if not isinstance(node, ast.Assign) or [ast.unparse(t) for t in node.targets] != ["COMMANDS"]:
                continue
            if isinstance(node.value, ast.Dict):
                found |= {str(key.value) for key in node.value.keys if isinstance(key, ast.Constant)}
    assert len(found) > 15, "hardly a command found: this test must learn how they are registered"
    return found


def _help(command: str) -> str:
    """What `crosspressure COMMAND --help` prints."""
    said = io.StringIO()
    with redirect_stdout(said):
        assert main([command, "--help"]) == 0
    return said.getvalue()


def _options() -> list[tuple[str, str]]:
    """Place and name of each `--option` that dashboard/command declares."""
    return [
        (f"{module.path}:{arg.lineno}", arg.value)
        for module in _command_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("add_argument")
        for arg in node.args
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str) and arg.value.startswith("--")
    ] + [("dashboard/settings.py", one.option) for one in SETTINGS.values() if one.option.startswith("--")]
