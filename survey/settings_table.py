"""One table of `study.toml`: values of the right type, or a fault that names file, line and key."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from survey.faults import StudyFault, nearest

__all__ = ["SettingsTable", "said"]


class SettingsTable:
    """One table of the file, with messages that name file, line and key."""

    def __init__(self, table: Mapping[str, Any], prefix: str, path: Path, lines: Mapping[str, int]) -> None:
        self.table, self.prefix, self.path, self.lines = table, prefix, path, lines

    def fault(self, key: str, found: str, expected: str, do: str) -> StudyFault:
        """A fault at a key, with its line."""
        dotted = self.prefix + key
        at = dotted
        while at and at not in self.lines:
            at = at.rpartition(".")[0]
        line = f", line {self.lines[at]}" if at else ""
        return StudyFault(f"{self.path}{line}, key {dotted}", found, expected, do)

    def only(self, known: tuple[str, ...]) -> None:
        """Stop at a key that is not known."""
        for key in self.table:
            if key not in known:
                raise self.fault(
                    key, f"unknown key {key!r}", "one of: " + ", ".join(known), nearest(key, known)
                )

    def text(self, key: str, default: str | None = None) -> str:
        """A text that must be there, unless a default is given."""
        value = self.table.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None or not isinstance(value, str) or (default is None and not value.strip()):
            raise self.fault(key, said(value), "text in double quotes", f'write  {key} = "..."')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text alone."""
        value = self.table.get(key, [])
        value = [value] if isinstance(value, str) and value else value or []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.fault(key, said(value), "a list of names", f'write  {key} = ["...", "..."]')
        return tuple(value)

    def number(self, key: str, default: float | None) -> float | None:
        """A number."""
        value = self.table.get(key, default)
        if value is default:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fault(key, said(value), "a number", f"write  {key} = 1.0")
        return float(value)

    def truth(self, key: str) -> bool:
        """True or false."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise self.fault(key, said(value), "true or false, without quotes", f"write  {key} = true")
        return value

    def day(self, key: str) -> date | None:
        """A date."""
        value = self.table.get(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if not isinstance(value, date):
            raise self.fault(key, said(value), "a date such as 2026-01-15", f"write  {key} = 2026-01-15")
        return value

    def word(self, key: str, known: tuple[str, ...], default: str) -> str:
        """One of some words."""
        value = self.text(key, default)
        if value not in known and value != default:
            raise self.fault(key, repr(value), "one of: " + ", ".join(known), nearest(value, known))
        return value


def said(value: Any) -> str:
    """A value and its type, for the `found` of a fault."""
    if value is None:
        return "nothing"
    return f"{value!r} ({type(value).__name__})"[:120]
