"""Where links lie that an engine reads by itself: files, a folder of Parquet, a table of a database."""

from dataclasses import dataclass
from pathlib import Path

from analysis.supply.engine.reading import count_rows, hide_password, is_database, shown_place
from survey import FileFault

__all__ = ["Source", "count_links", "source_of"]

_TEXT = (".csv", ".tsv", ".tab", ".txt")


@dataclass(frozen=True, slots=True)
class Source:
    """One place with links.

    Attributes
    ----------
    place : str
        Path or address.
    kind : str
        `text` (CSV, TSV), `parquet` (a file or a folder), `table` (PostgreSQL or DuckDB).
    table : str
        Name of the table where `kind` is `table`.
    """

    place: str
    kind: str
    table: str = ""

    @property
    def words(self) -> str:
        """The place as it may be shown."""
        return shown_place(self.place, self.table)

    @property
    def is_address(self) -> bool:
        """Whether the place is no path of this machine, such as `hdfs://...` or `s3a://...`."""
        return "://" in self.place


def source_of(given: str | Path, table: str = "") -> Source:
    """The source that a path, an address, or either with `#table` behind it means.

    Raises
    ------
    FileFault
        Nothing there, a database without a table, a folder without Parquet files.
    """
    text = str(given)
    head, sign, behind = text.rpartition("#")
    if sign and is_database(head):
        text, table = head, table or behind
    if is_database(text):
        if not table:
            raise FileFault(
                hide_password(text),
                "a database, and no table",
                "the table that holds the links",
                f"name it behind a #: {hide_password(text)}#links",
            )
        return Source(text, "table", table)
    if "://" in text:
        return Source(text, "text" if text.lower().endswith(_TEXT) else "parquet")
    path = Path(text)
    if path.is_dir():
        if next(path.rglob("*.parquet"), None) is None:
            raise FileFault(text, "a folder without Parquet files", "files *.parquet", "check the folder")
        return Source(text, "parquet")
    if not path.is_file():
        raise FileFault(text, "no such file or folder", "links", "check the name and the folder")
    if path.stat().st_size == 0:
        raise FileFault(text, "an empty file", "a header and rows", "export the file again")
    with path.open("rb") as file:
        return Source(text, "parquet" if file.read(4) == b"PAR1" else "text")


def count_links(source: Source) -> int | None:
    """About how many links a source has, without reading it; None where only the cluster could tell.

    Parquet says it in its footers, a database counts; of text it is worked out from the size of the file and
    the length of its first lines.
    """
    if source.kind == "table":
        return count_rows(source.place, source.table)
    if source.is_address:
        return None
    path = Path(source.place)
    if source.kind == "parquet":
        import pyarrow.parquet as pq

        files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
        try:
            return sum(pq.read_metadata(file).num_rows for file in files)
        except (OSError, ValueError) as error:
            raise FileFault(
                source.words, str(error).splitlines()[0], "Parquet files that are whole", "write them again"
            ) from None
    with path.open("rb") as file:
        piece = file.read(1 << 16)
    lines = max(piece.count(b"\n"), 1)
    return int(path.stat().st_size * lines / len(piece))
