"""Spark as the engine: the session of the user's cluster, or one of this machine alone."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.supply.engine.reading import open_batches
from analysis.supply.engine.running import Engine, Relation
from analysis.supply.engine.sources import Source
from survey import FileFault, not_installed

__all__ = ["SparkEngine"]

_ROWS = 200_000
"""Rows of one piece copied from a database."""

_PIECE = 1_000_000
"""Rows of one piece handed out."""

_LOCAL = {
    "spark.master": "local[*]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
}
"""What holds where no cluster is named: this machine only, no port open to others."""


class SparkEngine(Engine):
    """PySpark, with each step kept as a folder of Parquet.

    The session is the one that is active, else that of `SPARK_REMOTE`, of `spark-submit` or of
    `spark-defaults.conf` (`SPARK_CONF_DIR`), else a local one, bound to 127.0.0.1.

    Parameters
    ----------
    scratch : str or path, optional
        Folder that driver and executors share: a path, or an address such as `hdfs://...`; default the
        system's temporary folder, which fits a local session only.
    """

    name = "spark"

    def __init__(self, scratch: str | Path | None = None):
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ModuleNotFoundError:
            raise not_installed("--engine spark", "spark") from None
        if scratch is not None and "://" not in str(scratch) and not Path(scratch).is_dir():
            raise FileFault(str(scratch), "no such folder", "a folder to work in", "make it first")
        self._error = PySparkException
        self._is_ours = SparkSession.getActiveSession() is None
        self._session = _start(SparkSession)
        address = str(scratch) if scratch is not None and "://" in str(scratch) else None
        self._local = None if address else Path(tempfile.mkdtemp(prefix="crosspressure-", dir=scratch))
        self._folder = (
            f"{address.rstrip('/')}/crosspressure-{os.urandom(6).hex()}" if address else str(self._local)
        )
        self._handed = 0

    def read(self, source: Source, *, is_placed: bool = False) -> Relation:
        """Files are read by the executors; a table of a database is copied to `scratch` as Parquet first.

        Raises
        ------
        FileFault
            A source that cannot be read.
        """
        from pyspark.sql import functions as f

        place = f.lit("")
        try:
            if source.kind == "table":
                rows = self._copied(source)
            elif source.kind == "parquet":
                rows = self._session.read.option("recursiveFileLookup", "true").parquet(source.place)
                place = f.concat("_metadata.file_name", f.lit(", row "), f.col("_metadata.row_index") + 1)
            else:
                tab = source.place.lower().endswith((".tsv", ".tab"))
                rows = self._session.read.csv(
                    source.place, header=True, sep="\t" if tab else ",", mode="FAILFAST", escape='"'
                )
            return nw.from_native(rows.select("*", place.alias("_place")) if is_placed else rows)
        except self._error as error:
            raise self._fault(error, source.words) from None

    def _copied(self, source: Source) -> Any:
        import pyarrow.parquet as pq

        if self._local is None:
            raise FileFault(
                source.words,
                "a table of a database, and a scratch folder that is an address",
                "Parquet that the cluster can read, or --scratch with a shared folder",
                "export the table as Parquet to the cluster's storage (docs/how-to/100-million-links.md)",
            )
        file = self._local / "copied.parquet"
        if not file.exists():
            with (
                open_batches(source.place, source.table) as reader,
                pq.ParquetWriter(file, reader.schema) as out,
            ):
                for batch in reader:
                    out.write_batch(batch, row_group_size=_ROWS)
        return self._session.read.parquet(str(file))

    def hold(self, rows: pd.DataFrame) -> Relation:
        """Rows of ours as a Spark frame, by way of Arrow."""
        import pyarrow as pa

        return nw.from_native(self._session.createDataFrame(pa.Table.from_pandas(rows, preserve_index=False)))

    def number(self, relation: Relation, column: str) -> Relation:
        """Numbers with gaps; 64-bit integers."""
        from pyspark.sql import functions as f

        native = relation.to_native()
        return nw.from_native(native.withColumn(column, f.monotonically_increasing_id()))

    def keep(self, relation: Relation, name: str, *, by: Sequence[str] = ()) -> Relation:
        """A folder of Parquet in `scratch`, read back: the lineage before it is cut.

        Spark folds groups in each of its parts before it sends them on, so that `by` changes nothing here.

        Raises
        ------
        FileFault
            A row that cannot be read, or a folder that executors cannot write.
        """
        folder = f"{self._folder}/{name}"
        try:
            relation.to_native().write.mode("overwrite").parquet(folder)
            kept = self._session.read.parquet(folder)
        except self._error as error:
            raise self._fault(error, "links") from None
        return nw.from_native(kept)

    def forget(self, *names: str) -> None:
        """Remove the folders of these names where they are on this machine; else they go at the end."""
        for name in names:
            if self._local is not None:
                shutil.rmtree(self._local / name, ignore_errors=True)

    def few(self, relation: Relation) -> pd.DataFrame:
        """Straight to the driver, without a file between."""
        try:
            return pd.DataFrame(relation.to_native().toArrow().to_pandas())
        except self._error as error:
            raise self._fault(error, "links") from None

    def batches(self, relation: Relation) -> Iterator[pd.DataFrame]:
        """Pieces of a million rows; with a scratch folder of this machine the driver never holds them all."""
        try:
            if self._local is None:
                table: Any = relation.to_native().toArrow()
                yield table.schema.empty_table().to_pandas()
                for batch in table.to_batches(max_chunksize=_PIECE):
                    yield batch.to_pandas()
                return
            import pyarrow.dataset as ds

            self._handed += 1
            folder = self._local / f"handed_{self._handed}"
            relation.to_native().write.parquet(str(folder))
            found = ds.dataset(sorted(str(file) for file in folder.glob("*.parquet")), format="parquet")
            yield found.schema.empty_table().to_pandas()
            for batch in found.to_batches(batch_size=_PIECE):
                yield batch.to_pandas()
            shutil.rmtree(folder, ignore_errors=True)
        except self._error as error:
            raise self._fault(error, "links") from None

    def close(self) -> None:
        """Remove what was kept, and stop the session if it was started here."""
        if self._local is not None:
            shutil.rmtree(self._local, ignore_errors=True)
        else:
            self._remove_folder()
        if self._is_ours:
            self._session.stop()

    def _remove_folder(self) -> None:
        machine = getattr(self._session, "_jvm", None)
        if machine is None:
            return
        path = machine.org.apache.hadoop.fs.Path(self._folder)
        path.getFileSystem(self._session._jsc.hadoopConfiguration()).delete(path, True)

    def _fault(self, error: Exception, where: str) -> FileFault:
        told = " ".join(str(error).split("JVM stacktrace")[0].split())
        return FileFault(
            where,
            told[:300],
            "links that Spark can read, and a scratch folder it can write",
            "mend and try again",
        )


def _start(maker: Any) -> Any:
    """The user's session, or a local one.

    Raises
    ------
    FileFault
        No Java, or a cluster that does not answer.
    """
    active = maker.getActiveSession()
    if active is not None:
        return active
    builder = maker.builder.appName("crosspressure").config("spark.log.level", "ERROR")
    if not _cluster_is_named():
        if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
            raise FileFault(
                "--engine spark",
                "no Java on this machine",
                "Java 17 or later, for a local Spark",
                "Debian: apt-get install openjdk-17-jre-headless; or name a cluster by SPARK_REMOTE",
            )
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        for key, value in _LOCAL.items():
            builder = builder.config(key, value)
    try:
        return builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    except Exception as error:
        told = " ".join(str(error).split())
        raise FileFault(
            "--engine spark", told[:300], "a Spark session that starts", "try the same settings with pyspark"
        ) from None


def _cluster_is_named() -> bool:
    if os.environ.get("SPARK_REMOTE") or os.environ.get("PYSPARK_GATEWAY_PORT"):
        return True
    folder = os.environ.get("SPARK_CONF_DIR")
    file = Path(folder) / "spark-defaults.conf" if folder else None
    return bool(file and file.is_file() and "spark.master" in file.read_text(encoding="utf-8"))
