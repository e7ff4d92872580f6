"""Options that several commands share, and how their words become values."""

import argparse
import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.settings import SETTINGS

if TYPE_CHECKING:
    from survey import Study

__all__ = [
    "add_as_of",
    "add_by",
    "add_lang",
    "add_out",
    "add_settings",
    "add_study",
    "day",
    "names",
    "open_study",
    "study_at",
]


def add_study(parser: argparse.ArgumentParser, *, name: str = "STUDY") -> None:
    """Add the study: a folder with `study.toml`, or that file."""
    parser.add_argument("study", metavar=name, help="folder with study.toml, or that file")


def add_out(
    parser: argparse.ArgumentParser, what: str = "CSV file to write; without it, CSV on stdout"
) -> None:
    """Add `--out`."""
    parser.add_argument("--out", metavar="F", help=what)


def add_by(parser: argparse.ArgumentParser) -> None:
    """Add `--by`, the questions whose answers form groups."""
    parser.add_argument(
        "--by", metavar="V,..", action="append", help="also for each answer of these questions"
    )


def add_lang(parser: argparse.ArgumentParser) -> None:
    """Add `--lang`, the language of what people read."""
    parser.add_argument("--lang", choices=("en", "ja"), default="en", help="en or ja (default: en)")


def add_as_of(parser: argparse.ArgumentParser) -> None:
    """Add `--as-of`, the day at which rules, lists and links are looked at."""
    parser.add_argument(
        "--as-of", metavar="DATE", help="day of rules and links, YYYY-MM-DD (default: the study's)"
    )


def add_settings(parser: argparse._ActionsContainer, *given: str) -> None:
    """Add the flags of settings, by name; what is not given comes from `read_settings`."""
    for name in given:
        setting = SETTINGS[name]
        usual = f" (default: {setting.default})" if setting.default else ""
        parser.add_argument(setting.option, dest=name, metavar=setting.metavar, help=setting.words + usual)


def names(given: Sequence[str] | None) -> tuple[str, ...]:
    """Names in a repeatable, comma-separated option, verbatim.

    A name that holds a comma stands in double quotes: `--of '"a, b",c'`.
    """
    rows = csv.reader(given or (), skipinitialspace=True)
    return tuple(name.strip() for row in rows for name in row if name.strip())


def day(text: str | None) -> date | None:
    """The date an option gives, None where it is not given.

    Raises
    ------
    Fault
        The text is no date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        from survey import Fault

        raise Fault(
            "--as-of", repr(text), "a date as YYYY-MM-DD", "write for example --as-of 2026-01-15"
        ) from None


def open_study(folder: str) -> "Study":
    """The study in a folder.

    Raises
    ------
    Fault
        No such folder, no `study.toml` in it, or one that cannot be understood.
    """
    from survey import load_study

    return load_study(folder)


def study_at(given: str) -> "Study | None":
    """The study, if `given` is a folder with one or a study.toml; None where it is a file or folder of links.

    Raises
    ------
    Fault
        As `open_study`.
    """
    path = Path(given)
    is_folder_of_links = (
        path.is_dir() and not (path / "study.toml").is_file() and any(path.rglob("*.parquet"))
    )
    if (path.is_dir() and not is_folder_of_links) or path.suffix.lower() == ".toml":
        return open_study(given)
    return None
