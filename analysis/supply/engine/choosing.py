"""Which engine follows the links: the one asked for, else by their number, with the reason in words."""

from pathlib import Path

from analysis.supply.engine.outside import source_in
from analysis.supply.engine.running import Engine
from analysis.supply.engine.sources import count_links, source_of
from survey import FileFault, Study, StudyFault

__all__ = ["ENGINES", "IN_MEMORY", "engine_for", "open_engine"]

ENGINES = ("memory", "duckdb", "spark")
"""Engines by name; `memory` is `look_through`, the others are opened by `open_engine`."""

IN_MEMORY = 20_000_000
"""Links up to which the memory engine is taken where none is asked for."""


def engine_for(source: Study | str | Path, asked: str | None = None) -> tuple[str, str]:
    """Name of the engine to use and why.

    Parameters
    ----------
    source : Study, path or address
        What `follow_links` or `load_links` will read.
    asked : str, optional
        One of `ENGINES`; default by size.

    Raises
    ------
    FileFault
        An unknown engine, a source that is not there, memory asked for an address outside a study.
    StudyFault
        DuckDB or Spark asked for links that only memory works out.
    """
    if asked is not None and asked not in ENGINES:
        raise FileFault("--engine", repr(asked), f"one of {', '.join(ENGINES)}", "correct the word")
    if isinstance(source, Study):
        if asked == "memory":
            return asked, "as asked"
        try:
            place = source_in(source)
        except StudyFault:
            if asked is not None:
                raise
            return "memory", "links that are gathered or turned into one money first"
    else:
        place = source_of(source)
        if asked == "memory" and (place.is_address or place.kind == "table"):
            raise FileFault(
                place.words,
                "a database or an address, for the memory engine",
                "a file, or a study that names the table under [supply]",
                "say --engine duckdb, or leave it out",
            )
    if asked is not None:
        return asked, "as asked"
    count = count_links(place)
    if count is None:
        return "spark", "files that only a cluster reads"
    words = f"{count:,} links" if place.kind != "text" else f"about {count:,} links"
    if count > IN_MEMORY:
        return "duckdb", f"{words}, more than {IN_MEMORY:,}"
    if not isinstance(source, Study) and place.kind == "table":
        return "duckdb", f"a table of a database, {words}"
    return "memory", words


def open_engine(name: str, scratch: str | Path | None = None) -> Engine:
    """An engine to use in a `with` block.

    Parameters
    ----------
    name : str
        `duckdb` or `spark`.
    scratch : str or path, optional
        Folder for what is kept between steps; with Spark also an address.

    Raises
    ------
    FileFault
        An engine that is not installed or does not start, a folder that is not there.
    """
    if name == "spark":
        from analysis.supply.engine.sparks import SparkEngine

        return SparkEngine(scratch)
    if name != "duckdb":
        raise FileFault("engine", repr(name), "duckdb or spark", "correct the word")
    from analysis.supply.engine.duck import DuckEngine

    return DuckEngine(None if scratch is None else Path(scratch))
