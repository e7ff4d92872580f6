"""Links on a real local Spark: the same numbers as in memory and on DuckDB, steps kept and removed."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from analysis.rules.beyond import contact_on
from analysis.rules.reach import contact
from analysis.supply.engine.choosing import open_engine
from analysis.supply.engine.outside import follow_links
from analysis.supply.engine.running import Engine
from analysis.supply.engine.sparks import _LOCAL
from survey import Fault, FileFault
from tests.analysis.flows_by_hand import NOW, shipped
from tests.analysis.links_at_random import assert_equal, followed, random_links
from tests.analysis.rules.flows_at_random import assert_same_contact, random_flows
from tests.analysis.rules.test_again import LISTINGS
from tests.setup_services import java

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")


CHEAP = (
    "--driver-memory 1g --driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss4m'"
    " --conf spark.sql.adaptive.enabled=false --conf spark.sql.codegen.wholeStage=false"
    " --conf spark.sql.codegen.factoryMode=NO_CODEGEN"
    " --conf spark.sql.sources.parallelPartitionDiscovery.threshold=999"
    " --conf spark.default.parallelism=1 pyspark-shell"
)
"""What makes hundreds of tiny jobs quick: nothing is compiled, nothing is planned twice."""


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all tests here, the session as a user without a cluster gets it, made cheap."""
    if java() is None and not os.environ.get("CI"):
        pytest.skip("no Java 17 or later: python -m tests.setup_services")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_SUBMIT_ARGS", CHEAP)
        patch.setitem(_LOCAL, "spark.master", "local[1]")
        patch.setitem(_LOCAL, "spark.sql.shuffle.partitions", "1")
        with open_engine("spark", tmp_path_factory.mktemp("scratch")) as engine:
            yield engine


def test_spark_says_what_memory_says(spark: Engine, tmp_path: Path) -> None:
    file, folder = tmp_path / "links.csv", tmp_path / "links"
    frame = random_links(seed=2, firms=30, links=150)
    frame.to_csv(file, index=False)
    folder.mkdir()
    frame[:70].to_parquet(folder / "a.parquet")
    frame[70:].to_parquet(folder / "b.parquet")
    assert_equal(followed(spark, folder, 2), file, 2)


def test_spark_and_duckdb_agree_over_all_tiers(spark: Engine, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_text("buyer,supplier,country,share\na,b,JP,0.1\nb,a,JP,0.001\na,u,米国,0.8\nb,c,China,30%\n")
    ours = pd.concat(follow_links(spark, file).batches(), ignore_index=True)
    with open_engine("duckdb") as engine:
        theirs = pd.concat(follow_links(engine, file).batches(), ignore_index=True)
    pd.testing.assert_frame_equal(ours, theirs, rtol=0, atol=1e-12)
    assert ours["exposure"].iloc[0] == pytest.approx(0.8 / (1 - 0.0001), abs=1e-12)


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


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["a,b,US,0.7", "a,c,CN,0.6"], "1.3"),
        (["a,b,US,0.1", "a,c,CN,much"], "row 2 (buyer 'a', supplier 'c')"),
        (["a,,US,0.5"], "row 1"),
        (["a,b,US,0.5", "a,c,Atlantis,0.1"], "row 2"),
    ],
)
def test_a_fault_is_that_of_duckdb_word_for_word(
    lines: list[str], told: str, spark: Engine, tmp_path: Path
) -> None:
    text, path = "buyer,supplier,country,share\n" + "\n".join(lines), tmp_path / "bad.parquet"
    pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False).to_parquet(path)
    said = []
    with open_engine("duckdb") as engine:
        for each in (spark, engine):
            with pytest.raises(Fault) as caught:
                follow_links(each, path, "country=US")
            said.append(str(caught.value))
    assert said[0] == said[1] and told in said[0]


def test_spark_says_of_contact_what_memory_says(spark: Engine) -> None:
    flows = random_flows(300, seed=21)
    asked = {"US-EL", "US-DEMIN-25", "CN-18-2025"}
    done = contact_on(spark, spark.hold(flows), shipped(), NOW, LISTINGS, only=asked)
    assert_same_contact(spark.few(done.rows), contact(flows, shipped(), NOW, LISTINGS, only=asked))
