"""Every setting as it is, and where from: flag before environment before file before default."""

import os
import stat
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dashboard.settings import FILE, NAMED, PREFIX, SETTINGS, Held, Setting, has_password
from survey import Fault, FileFault, StudyFault, nearest, read_toml

__all__ = ["read_settings", "strange_variables"]

_ALIKE = 0.7
"""How alike the name of a variable must be to that of a setting to be taken for a slip."""


def read_settings(
    given: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
) -> dict[str, Held]:
    """Every setting as it is, by name.

    Parameters
    ----------
    given : mapping, optional
        Flags by the name of their setting; None is not given. Other names are passed over.
    environ : mapping, optional
        By default the environment of this process; an empty variable counts as none.

    Raises
    ------
    survey.Fault
        A value that cannot be one, a key nobody knows, or a file that is not there or that others may write.
    """
    around = os.environ if environ is None else environ
    told = given or {}
    where = _file(around)
    read, lines = ({}, {}) if where is None else _read(where)
    found = {}
    for name, setting in SETTINGS.items():
        if told.get(name) is not None:
            found[name] = Held(
                setting, _checked(setting, told[name], setting.option), f"flag {setting.option}".rstrip()
            )
        elif around.get(setting.variable):
            variable = setting.variable
            found[name] = Held(setting, _checked(setting, around[variable], variable), variable)
        elif name in read and where is not None:
            line = f"{where}, line {lines.get(name, 1)}"
            value = _checked(setting, read[name], f"{line}, key {name}")
            found[name] = Held(setting, _from(where.parent, setting, value), line)
        else:
            found[name] = Held(setting, setting.default, "default")
    return found


def strange_variables(environ: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Variables that look like a setting and are none, each with the one it may be meant for."""
    around = os.environ if environ is None else environ
    known = [name.upper() for name in SETTINGS] + [NAMED[len(PREFIX) :]]
    strange = [
        name
        for name in sorted(around)
        if name.upper().startswith(PREFIX) and name[len(PREFIX) :] not in known
    ]
    near = {name: get_close_matches(name[len(PREFIX) :].upper(), known, 1, _ALIKE) for name in strange}
    return [(name, f"did you mean {PREFIX}{found[0]}?") for name, found in near.items() if found]


def _file(around: Mapping[str, str]) -> Path | None:
    """The file of settings, None where there is none."""
    named = around.get(NAMED, "")
    if named:
        if not Path(named).is_file():
            raise FileFault(f"{NAMED}={named}", "no such file", "a file of settings", "mend the name")
        return Path(named)
    return Path(FILE) if Path(FILE).is_file() else None


def _read(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Keys of the file and their lines, once it is sure that nobody else can have written them."""
    told = path.stat()
    if os.name == "posix" and (told.st_mode & stat.S_IWOTH or told.st_uid not in (0, os.geteuid())):
        raise FileFault(
            str(path),
            "a file that is another user's, or that everybody may write",
            "settings of this user or of root: they name programs that are run",
            f"chmod o-w {path}, and see whose it is",
        )
    try:
        read, lines = read_toml(path) if told.st_size else ({}, {})
    except StudyFault as broken:
        raise FileFault(
            broken.where,
            "a line that is no TOML; it is not repeated here, for it may hold a secret",
            "key = value, with text in double quotes",
            "mend the line",
        ) from None
    for name in read:
        if name not in SETTINGS:
            raise FileFault(
                f"{path}, line {lines.get(name, 1)}", repr(name), "a setting", nearest(name, list(SETTINGS))
            )
    has_secret = any(_is_secret(SETTINGS[name], value) for name, value in read.items())
    if os.name == "posix" and has_secret and told.st_mode & stat.S_IROTH:
        raise FileFault(
            str(path), "a secret that everybody may read", "a file for its owner", f"chmod 600 {path}"
        )
    return read, lines


def _is_secret(setting: Setting, value: object) -> bool:
    if setting.kind == "secret":
        return bool(value)
    return setting.kind == "place" and has_password(str(value))


def _checked(setting: Setting, value: Any, where: str) -> str | int:
    """A value of the kind of its setting."""
    if setting.kind == "number":
        is_whole = (isinstance(value, int) and not isinstance(value, bool)) or (
            isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9
        )
        if not is_whole or not 1 <= int(value) <= setting.most:
            raise Fault(
                where, repr(value), f"a whole number from 1 to {setting.most}", "correct it, or leave it out"
            )
        return int(value)
    if setting.kind == "names" and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ",".join(value)
    if not isinstance(value, str) or not value.isprintable():
        raise Fault(where, type(value).__name__, "text on one line", "write it in double quotes")
    choices = setting.kind.split("|")
    if len(choices) > 1 and value not in choices:
        raise Fault(where, repr(value), " or ".join(choices), nearest(value, choices))
    return value


def _from(folder: Path, setting: Setting, value: str | int) -> str | int:
    """A path of the file, which is read from the folder of the file on."""
    is_path = setting.kind == "path" or (setting.kind == "place" and "://" not in str(value))
    return str(folder / str(value)) if is_path and value else value
