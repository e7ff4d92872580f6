"""DuckDB as the engine: out of memory on one machine, in a file of its own that is removed at the end."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.supply.engine.reading import open_batches, quoted
from analysis.supply.engine.running import Engine, Relation
from analysis.supply.engine.sources import Source
from survey import FileFault

__all__ = ["DuckEngine"]

_ROWS = 1_000_000
"""Rows of one piece handed out."""


class DuckEngine(Engine):
    """DuckDB with a limit on its memory and a folder to spill into.

    Parameters
    ----------
    scratch : path, optional
        Folder for what is kept between steps; default the system's temporary folder.
    memory : str
        Most that DuckDB itself holds; what does not fit goes to `scratch`.
    threads : int, optional
        Default all processors.
    """

    name = "duckdb"
    is_streaming = True

    def __init__(self, scratch: Path | None = None, *, memory: str = "5GiB", threads: int | None = None):
        try:
            import duckdb
        except ModuleNotFoundError:
            raise FileFault(
                "--engine duckdb", "DuckDB is not installed", "duckdb", "pip install duckdb"
            ) from None
        if scratch is not None and not scratch.is_dir():
            raise FileFault(str(scratch), "no such folder", "a folder to work in", "make it first")
        self.folder = Path(tempfile.mkdtemp(prefix="crosspressure-", dir=scratch))
        settings: dict[str, Any] = {
            "memory_limit": memory,
            "temp_directory": str(self.folder / "spill"),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads is not None:
            settings["threads"] = threads
        self._error = duckdb.Error
        self._connection = duckdb.connect(str(self.folder / "work.duckdb"), config=settings)
        self._held = 0

    def read(self, source: Source, *, is_placed: bool = False) -> Relation:
        """Files are read where they lie; a table of another database is copied in, batch by batch.

        Raises
        ------
        FileFault
            A source that cannot be read.
        """
        if source.is_address and source.kind != "table":
            raise FileFault(
                source.words, "an address", "files of this machine, or a database", "say --engine spark"
            )
        place = "''"
        try:
            if source.kind == "table":
                rows = self._copied(source)
            elif source.kind == "parquet":
                rows = self._parquet(Path(source.place), is_placed)
                place = "parse_filename(filename) || ', row ' || (file_row_number + 1)"
            else:
                tab = source.place.lower().endswith((".tsv", ".tab"))
                rows = self._connection.read_csv(
                    source.place, header=True, all_varchar=True, sep="\t" if tab else ",", quotechar='"'
                )
                if is_placed:
                    self._connection.execute("SET preserve_insertion_order = true")
                    place = "'row ' || row_number() OVER ()"
            return nw.from_native(rows.project(f"*, {place} AS _place") if is_placed else rows)
        except self._error as error:
            raise self._fault(error, source.words) from None

    def _parquet(self, path: Path, is_placed: bool) -> Any:
        return self._connection.read_parquet(
            str(path / "**" / "*.parquet") if path.is_dir() else str(path),
            filename=is_placed,
            file_row_number=is_placed,
            union_by_name=path.is_dir(),
        )

    def _copied(self, source: Source) -> Any:
        there = self._connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'copied'")
        if not there.fetchall():
            with open_batches(source.place, source.table) as reader:
                self._connection.register("incoming", reader)
                self._connection.execute("CREATE TABLE copied AS SELECT * FROM incoming")
                self._connection.unregister("incoming")
        return self._connection.table("copied")

    def hold(self, rows: pd.DataFrame) -> Relation:
        """Rows of ours as a table."""
        return nw.from_native(self._connection.table(self._table(rows)))

    def _table(self, rows: pd.DataFrame) -> str:
        """Name of a new table with rows of ours."""
        import pyarrow as pa

        self._held += 1
        name = f"held_{self._held}"
        self._connection.register("incoming", pa.Table.from_pandas(rows, preserve_index=False))
        self._connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM incoming")
        self._connection.unregister("incoming")
        return name

    def look_up(self, relation: Relation, tables: Mapping[str, pd.DataFrame]) -> Relation:
        """All tables in one query: DuckDB binds a join after the other anew, longer each time."""
        new, joins = ["rows.*"], []
        for k, (column, table) in enumerate(tables.items()):
            word, made = table.columns
            new.append(f"t{k}.{quoted(made)}")
            on = f"rows.{quoted(column)} = t{k}.{quoted(word)}"
            joins.append(f"LEFT JOIN {self._table(table)} t{k} ON {on}")
        query = f"SELECT {', '.join(new)} FROM rows {' '.join(joins)}"
        return nw.from_native(relation.to_native().query("rows", query))

    def number(self, relation: Relation, column: str) -> Relation:
        """Numbers from 0 on, as 32-bit integers."""
        native = relation.to_native()
        return nw.from_native(native.project(f"*, (row_number() OVER () - 1)::INTEGER AS {quoted(column)}"))

    def keep(self, relation: Relation, name: str, *, by: Sequence[str] = ()) -> Relation:
        """A table of the working file, sorted by columns if some are named.

        A sum over groups that lie together folds them row by row; over groups that lie anywhere every row is
        kept until the end, and at 100 million rows goes to the disk.

        Raises
        ------
        FileFault
            A row that cannot be read, or no room left in memory or on the disk.
        """
        try:
            self._connection.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
            native = relation.to_native()
            (native.order(", ".join(map(quoted, by))) if by else native).create(quoted(name))
        except self._error as error:
            raise self._fault(error, "links") from None
        return nw.from_native(self._connection.table(name))

    def forget(self, *names: str) -> None:
        """Drop tables of the working file."""
        for name in names:
            self._connection.execute(f"DROP TABLE IF EXISTS {quoted(name)}")

    def batches(self, relation: Relation) -> Iterator[pd.DataFrame]:
        """Pieces of a million rows."""
        try:
            reader = relation.to_native().to_arrow_reader(_ROWS)
            yield reader.schema.empty_table().to_pandas()
            for batch in reader:
                yield batch.to_pandas()
        except self._error as error:
            raise self._fault(error, "links") from None

    def close(self) -> None:
        """Close the working file and remove its folder."""
        self._connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fault(self, error: Exception, where: str) -> FileFault:
        told = " ".join(str(error).split())
        room = "memory" in told.lower() or "space" in told.lower()
        do = "give it a folder with more room: --scratch FOLDER" if room else "mend the file and try again"
        return FileFault(where, told[:300], "links that DuckDB can read, and room to work in", do)
