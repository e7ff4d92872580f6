"""TOML that knows its lines: read a file with the line of every key, and write values back."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from survey.faults import FileFault, StudyFault

__all__ = ["key_lines", "parse_toml", "read_toml", "toml_key", "toml_value"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PART = re.compile(r"""\s*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)\s*""")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_toml(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Content of a TOML file, and the line of each dotted key.

    Raises
    ------
    FileFault
        The file cannot be read, is empty, or is not UTF-8 text.
    StudyFault
        The TOML is broken; the message names line, key and the text of the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FileFault(
            str(path), f"cannot be read ({error.strerror})", "a TOML file", "check its name and rights"
        ) from error
    except UnicodeDecodeError as error:
        raise FileFault(
            str(path),
            f"byte {error.start} is not UTF-8",
            "a text file in UTF-8",
            "save it as UTF-8 in your editor",
        ) from error
    text = text.replace("\r\n", "\n")
    if not text.strip():
        raise FileFault(
            str(path), "the file is empty", "settings in TOML", "make it anew: crosspressure init"
        )
    return parse_toml(text, path)


def parse_toml(text: str, path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Content of a TOML text, and the line of each dotted key; `path` is for messages.

    Raises
    ------
    StudyFault
        The TOML is broken.
    """
    try:
        return tomllib.loads(text), key_lines(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(path, text, str(error)) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise StudyFault(
            str(path), "a number of too many digits", "numbers a computer can hold", "write it shorter"
        ) from error
    except RecursionError as error:
        raise StudyFault(
            str(path), "lists or tables nested too deep", "a few levels at most", "write it flat"
        ) from error


def _broken(path: Path, text: str, message: str) -> StudyFault:
    lines = text.splitlines()
    match = _AT.search(message)
    number = min(int(match.group(1)), len(lines)) if match else len(lines)
    while number > 1 and not lines[number - 1].strip():
        number -= 1
    shown = lines[number - 1].strip()
    before = shown.split("=", 1)[0] if "=" in shown else shown
    key = before.strip(" []\"'")
    said = _AT.sub("", message).strip().rstrip(".")
    said = said.replace("(at end of document)", "at the end of the file")
    return StudyFault(
        f"{path}, line {number}" + (f", key {key}" if key else ""),
        f"not TOML, {said[:1].lower()}{said[1:]}: {shown[:120]}",
        'valid TOML, such as  id = "demo"',
        "mend this line; text stands in double quotes, lists in [ ], dates as 2026-01-15",
    )


def key_lines(text: str) -> dict[str, int]:
    """Dotted key to line number (from 1); entries of `[[lists]]` are numbered from 0.

    Keys inside inline tables are not listed: their parent is.
    """
    lines: dict[str, int] = {}
    prefix = ""
    counts: dict[str, int] = {}
    closing = ""
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            if closing in line:
                closing = ""
            continue
        bare = _outside_strings(line)
        if depth > 0:
            depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
            continue
        stripped = line.strip()
        if stripped.startswith("["):
            twice = stripped.startswith("[[")
            parts = _parts(stripped.lstrip("["))
            name = ".".join(parts)
            for many in range(1, len(parts)):
                lines.setdefault(".".join(parts[:many]), number)
            if twice:
                lines.setdefault(name, number)
                counts[name] = counts.get(name, -1) + 1
                name = f"{name}.{counts[name]}"
            lines.setdefault(name, number)
            prefix = name + "."
            continue
        parts = _parts(stripped)
        if not parts or "=" not in bare:
            continue
        for many in range(1, len(parts) + 1):
            lines.setdefault(prefix + ".".join(parts[:many]), number)
        for quote in ('"""', "'''"):
            if line.count(quote) == 1:
                closing = quote
        value = bare.split("=", 1)[1]
        depth = value.count("[") + value.count("{") - value.count("]") - value.count("}")
    return lines


def _parts(text: str) -> list[str]:
    """Parts of a dotted key at the start of `text`."""
    parts: list[str] = []
    at = 0
    while match := _PART.match(text, at):
        raw = match.group(1)
        if raw[0] == '"':
            try:
                raw = json.loads(raw)
            except ValueError:
                raw = raw[1:-1]
        elif raw[0] == "'":
            raw = raw[1:-1]
        parts.append(raw)
        at = match.end()
        if not text.startswith(".", at):
            break
        at += 1
    return parts


def _outside_strings(line: str) -> str:
    """The line without its strings and its comment, to count brackets in."""
    line = re.sub(r'"(?:\\.|[^"\\])*"|\'[^\']*\'', '""', line)
    return line.split("#", 1)[0]


def toml_key(name: str) -> str:
    """A key, quoted where it needs to be."""
    return name if _BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_value(value: Any) -> str:
    """A value on one line: text, number, truth, date, list, or inline table."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        if value != value:
            return "nan"
        if value in (float("inf"), float("-inf")):
            return "inf" if value > 0 else "-inf"
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{toml_key(str(k))} = {toml_value(v)}" for k, v in value.items())
        return "{ " + inner + " }" if inner else "{}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    raise TypeError(f"no TOML for {type(value).__name__}")
