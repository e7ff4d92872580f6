"""Links of a real PostgreSQL: read as they are, followed on DuckDB, and no password in any message."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis.supply.engine.choosing import engine_for, open_engine
from analysis.supply.engine.reading import open_batches, read_table
from survey import FileFault
from tests.analysis.links_at_random import assert_equal, followed, random_links
from tests.setup_services import postgres_programs

PASSWORD = "p@ss word/1"
SHOWN = "p%40ss%20word%2F1"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of its own on 127.0.0.1, gone after the tests; PostgreSQL never runs as root."""
    programs = postgres_programs()
    if programs is None and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL: python -m tests.setup_services")
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="crosspressure-postgres-"))
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    (folder / "password").write_text(PASSWORD)
    os.chmod(folder / "password", 0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*words: str) -> None:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, timeout=60, check=False, **as_user
        )
        assert done.returncode == 0, done.stderr + done.stdout

    data, log = str(folder / "data"), str(folder / "log")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories='' -c fsync=off"
    run(str(programs / "initdb"), "-D", data, "-A", "scram-sha-256", "-U", "reader", "--no-sync",
        "-E", "UTF8", "--locale=C", f"--pwfile={folder / 'password'}")  # fmt: skip
    try:
        run(str(programs / "pg_ctl"), "-D", data, "-w", "-l", log, "-o", options, "start")
        yield f"postgresql://reader:{SHOWN}@127.0.0.1:{port}/postgres"
    finally:
        run(str(programs / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def fill(address: str, frame: pd.DataFrame, table: str, schema: str = "public") -> None:
    """Write a frame as a table."""
    import adbc_driver_postgresql.dbapi as driver
    import pyarrow as pa

    with driver.connect(address) as connection, connection.cursor() as cursor:
        rows = pa.Table.from_pandas(frame, preserve_index=False)
        cursor.adbc_ingest(table, rows, mode="replace", db_schema_name=schema)
        connection.commit()


def run_sql(address: str, *texts: str) -> None:
    """Run statements."""
    import adbc_driver_postgresql.dbapi as driver

    with driver.connect(address) as connection, connection.cursor() as cursor:
        for text in texts:
            cursor.execute(text)
        connection.commit()


def test_a_table_is_followed_as_the_file_it_came_from(address: str, tmp_path: Path) -> None:
    frame, file = random_links(), tmp_path / "links.csv"
    frame.to_csv(file, index=False)
    fill(address, frame, "links")
    assert engine_for(f"{address}#links") == ("duckdb", f"a table of a database, {len(frame)} links")
    with open_engine("duckdb") as engine:
        assert_equal(followed(engine, f"{address}#links", 2), file, 2)


def test_cells_keep_their_kind(address: str) -> None:
    run_sql(
        address,
        "CREATE SCHEMA s",
        'CREATE TABLE s."買い手" ("Buyer; --" text, amount numeric(20, 4), n integer, day date, '
        "at timestamp, who uuid, yes boolean)",
        "INSERT INTO s.\"買い手\" VALUES ('東京', 12.5000, 7, '2026-01-15', '2026-01-15 10:00', "
        "'00000000-0000-0000-0000-000000000001', true), (NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    )
    rows = read_table(address, "s.買い手")
    assert list(rows.columns) == ["Buyer; --", "amount", "n", "day", "at", "who", "yes"]
    assert rows["amount"].tolist()[0] == 12.5 and rows["amount"].isna().tolist() == [False, True]
    assert rows["Buyer; --"].iloc[0] == "東京" and str(rows["day"].iloc[0]).startswith("2026-01-15")
    with open_batches(address, "s.買い手") as reader:
        assert sum(batch.num_rows for batch in reader) == 2


def test_faults_say_what_is_there_and_no_password(address: str) -> None:
    fill(address, random_links(), "links")
    wrong = address.replace(SHOWN, "secret-word")
    nowhere = address.rpartition(":")[0] + ":1/postgres"
    for place, table, word in (
        (address, "link", "links"),
        (address, "links; DROP TABLE links", "no such table"),
        (wrong, "links", "password authentication failed"),
        (nowhere, "links", "refused"),
        (address + "_not_there", "links", "does not exist"),
    ):
        with pytest.raises(FileFault) as caught:
            read_table(place, table)
        said = f"{caught.value.where} {caught.value.found} {caught.value.expected} {caught.value.do}"
        assert word in said and "secret-word" not in said and SHOWN not in said and PASSWORD not in said
    assert len(read_table(address, "links")) > 0
