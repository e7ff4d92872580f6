"""Links on a real local Spark: the same numbers as in memory and on DuckDB, steps kept and removed."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from analysis.supply.engine.choosing import open_engine
from analysis.supply.engine.outside import follow_links
from analysis.supply.engine.running import Engine
from survey import FileFault
from tests.analysis.links_at_random import assert_equal, followed, random_links
from tests.setup_services import java

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all tests here: a session takes seconds to start."""
    if java() is None and not os.environ.get("CI"):
        pytest.skip("no Java 17 or later: python -m tests.setup_services")
    with open_engine("spark", tmp_path_factory.mktemp("scratch")) as engine:
        engine._session.conf.set("spark.sql.shuffle.partitions", "1")  # type: ignore[attr-defined]
        yield engine


def test_spark_says_what_memory_says(spark: Engine, tmp_path: Path) -> None:
    file, folder = tmp_path / "links.csv", tmp_path / "links"
    frame = random_links(seed=2, firms=30, links=150)
    frame.to_csv(file, index=False)
    folder.mkdir()
    frame[:70].to_parquet(folder / "a.parquet")
    frame[70:].to_parquet(folder / "b.parquet")
    assert_equal(followed(spark, folder, 3), file, 3)


def test_spark_and_duckdb_agree_over_all_tiers(spark: Engine, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_text("buyer,supplier,country,share\na,b,JP,0.1\nb,a,JP,0.01\na,u,米国,0.8\nb,c,China,30%\n")
    ours = pd.concat(follow_links(spark, file).batches(), ignore_index=True)
    with open_engine("duckdb") as engine:
        theirs = pd.concat(follow_links(engine, file).batches(), ignore_index=True)
    pd.testing.assert_frame_equal(ours, theirs, rtol=0, atol=1e-12)
    assert ours["exposure"].iloc[0] == pytest.approx(0.8 / (1 - 0.001), abs=1e-12)


def test_a_bad_row_is_named_and_a_table_is_copied(spark: Engine, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "links.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT 'a' AS buyer, 'b' AS supplier, 'US' AS country, -0.5 AS share"
        )
    with pytest.raises(FileFault, match=r"-0\.5"):
        follow_links(spark, f"{tmp_path / 'links.duckdb'}#t")
    pd.DataFrame({"buyer": ["a"], "supplier": ["b"], "share": [1.5]}).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(FileFault, match="row 1"):
        follow_links(spark, tmp_path / "x.parquet")
    with pytest.raises(FileFault):
        follow_links(spark, "file:///not/there")
