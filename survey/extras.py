"""Libraries that only some need: the extras of the distribution, and the Fault where one is not installed."""

from importlib.util import find_spec
from typing import NamedTuple

from survey.faults import FileFault

__all__ = ["EXTRAS", "has_extra", "not_installed"]


class _Extra(NamedTuple):
    """What an extra installs, the modules that must then be there, and what they do for us."""

    packages: str
    modules: tuple[str, ...]
    gives: str


EXTRAS = {
    "export": _Extra("python-pptx", ("pptx",), "writes decks"),
    "io": _Extra("pymrio", ("pymrio",), "reads input-output tables of OECD, WIOD, EXIOBASE, EORA"),
    "oidc": _Extra("authlib", ("authlib",), "signs people in through a provider of OpenID Connect"),
    "postgres": _Extra(
        "adbc-driver-postgresql and psycopg",
        ("adbc_driver_manager", "adbc_driver_postgresql", "psycopg"),
        "reads links from PostgreSQL and keeps accounts there",
    ),
    "spark": _Extra("PySpark", ("pyspark",), "follows links on a cluster"),
}
"""Name of each extra in `pyproject.toml` to what it holds."""


def has_extra(extra: str) -> bool:
    """Whether every module of an extra is there; none of them is imported."""
    return all(map(_is_there, EXTRAS[extra].modules))


def not_installed(where: str, extra: str) -> FileFault:
    """The Fault of work that needs an extra which is not there, with the line that installs it.

    Parameters
    ----------
    where : str
        Option, file or address that asked for it.
    extra : str
        A key of `EXTRAS`.
    """
    packages, modules, gives = EXTRAS[extra]
    missing = ", ".join(name for name in modules if not _is_there(name)) or packages
    return FileFault(
        where,
        f"the extra {extra} is not installed (no module {missing})",
        f"{packages}, which {gives}",
        f'python -m pip install "crosspressure[{extra}]"',
    )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # barred: its place in sys.modules is taken by None
        return False
