"""Links on DuckDB: the same numbers as in memory, the same faults, nothing left behind."""

import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import duckdb
import pandas as pd
import pytest

from analysis.supply.engine import choosing, coded, outside
from analysis.supply.engine.choosing import engine_for, open_engine
from analysis.supply.engine.outside import follow_links
from analysis.supply.engine.reading import hide_password, read_table
from analysis.supply.engine.running import Step
from analysis.supply.engine.sources import count_links, source_of
from survey import Fault, FileFault, QuestionFault, StudyFault, load_study
from tests.analysis.links_at_random import SEEDS, assert_equal, followed, random_links


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "links.csv"
    random_links().to_csv(path, index=False)
    return path


@pytest.mark.parametrize("tiers", [1, 3, None])
def test_duckdb_says_what_memory_says(file: Path, tiers: int | None) -> None:
    with open_engine("duckdb") as engine:
        assert_equal(followed(engine, file, tiers), file, tiers)


@pytest.mark.parametrize(("room", "passes"), [(0, 0), (16 * 1800, 3), (2**31, 1)])
@pytest.mark.parametrize("tiers", [2, None])
def test_duckdb_says_the_same_with_less_room(
    file: Path, tiers: int | None, room: int, passes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No room for arrays of nodes, room for one seed at a time, room for all."""
    streamed = Mock(wraps=outside.follow_streamed)
    monkeypatch.setattr(coded, "_ARRAYS", room)
    monkeypatch.setattr(outside, "follow_streamed", streamed)
    with open_engine("duckdb") as engine:
        assert_equal(followed(engine, file, tiers), file, tiers)
    assert streamed.call_count == passes


def test_each_source_gives_the_same(file: Path, tmp_path: Path) -> None:
    frame = random_links()
    (tmp_path / "parts").mkdir()
    frame[:200].to_parquet(tmp_path / "parts" / "a.parquet")
    frame[200:].to_parquet(tmp_path / "parts" / "b.parquet")
    with duckdb.connect(str(tmp_path / "links.duckdb")) as connection:
        connection.register("frame", frame)
        connection.execute('CREATE SCHEMA s; CREATE TABLE s."odd ""name" AS SELECT * FROM frame')
    for source in (tmp_path / "parts", f'{tmp_path / "links.duckdb"}#s.odd "name'):
        assert count_links(source_of(source)) == len(frame)
        with open_engine("duckdb") as engine:
            assert_equal(followed(engine, source, 2), file, 2)
    assert len(read_table(tmp_path / "links.duckdb", 's.odd "name')) == len(frame)


def test_a_circle_without_leak_has_its_closed_form(tmp_path: Path) -> None:
    """Each buys 0.1 from the other, 0.9 from a US firm: tier K leaves 0.1^K, all tiers nothing."""
    path = tmp_path / "circle.csv"
    path.write_text("buyer,supplier,country,share\na,b,JP,0.1\nb,a,JP,0.1\na,u,US,0.9\nb,u,US,0.9\n")
    with open_engine("duckdb") as engine:
        rows = pd.concat(follow_links(engine, path, "country=US", tiers=3).batches())
        deep = pd.concat(follow_links(engine, path, "country=US").batches())
    assert rows["exposure"].to_numpy() == pytest.approx([1 - 0.1**3] * 2, abs=1e-14)
    assert rows["residual"].to_numpy() == pytest.approx([0.1**3] * 2, abs=1e-14)
    assert deep["exposure"].to_numpy() == pytest.approx([1, 1], abs=1e-12)


def test_periods_and_homes_of_a_study(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(
        "firm,from_whom,year,part,use\na,b,2020,0.5,yes\na,c,2021,0.4,yes\na,c,2030,0.9,yes\nd,a,,0.2,yes\nd,b,,0.7,no\n"
    )
    (tmp_path / "parties.csv").write_text("party,country\nb,US\nc,China\n")
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "s"\ntitle = { en = "S" }\nlanguages = ["en"]\nas_of = 2022-01-01\n'
        '[supply]\nlinks = "links.csv"\nparties = "parties.csv"\n'
        '[supply.columns]\nbuyer = "firm"\nsupplier = "from_whom"\nperiod = "year"\nshare = "part"\n'
        "[supply.where]\nuse = 'yes'\n"
    )
    with open_engine("duckdb") as engine:
        done = follow_links(engine, load_study(tmp_path), "country=CN")
        rows = pd.concat(done.batches()).set_index("firm")["exposure"]
    assert rows.to_dict() == pytest.approx({"a": 0.4, "d": 0.08})
    assert any("period" in str(finding) for finding in done.findings)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["a,b,US,0.7", "a,c,CN,0.6"], ("'a'", "1.3")),
        (["a,b,US,0.1", "a,c,CN,much"], ("row 2", "'c'", "no number")),
        (["a,b,US,-0.1"], ("row 1", "-0.1")),
        (["a,b,US,1.5"], ("row 1", "1.5")),
        (["a,,US,0.5"], ("row 1", "without a supplier")),
        (["a,b,US,0.5", "a,c,Atlantis,0.1"], ("row 2", "Atlantis")),
        (["a,a,US,0.5"], ("no link left",)),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_bad_rows_are_named(lines: list[str], told: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"bad.{kind}"
    text = "buyer,supplier,country,share\n" + "\n".join(lines) + "\n"
    if kind == "csv":
        path.write_text(text)
    else:
        (tmp_path / "rows.csv").write_text(text)
        pd.read_csv(tmp_path / "rows.csv", keep_default_na=False).to_parquet(path)
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(Fault) as caught, open_engine("duckdb", work) as engine:
        follow_links(engine, path, "country=US")
    said = f"{caught.value.where} {caught.value.found}"
    assert all(word in said for word in told), said
    assert not any(work.iterdir())


def test_other_bad_input(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wide.csv").write_text("buyer,supplier,share\na,b,0.5,7\na,c,0.2\n")
    (tmp_path / "nothing.csv").write_text("")
    (tmp_path / "other.csv").write_text("purchaser,supplier\na,b\n")
    (tmp_path / "no.duckdb").write_text("no database")
    with open_engine("duckdb") as engine:
        for source, kind in (
            (tmp_path / "wide.csv", FileFault),
            (tmp_path / "nothing.csv", FileFault),
            (tmp_path / "other.csv", FileFault),
            (tmp_path / "not_there", FileFault),
            (f"{tmp_path / 'no.duckdb'}#t", FileFault),
            (tmp_path / "no.duckdb", FileFault),
            ("hdfs://cluster/links", FileFault),
        ):
            with pytest.raises(kind):
                follow_links(engine, source, "country=US")
        for seeds in ("country=FR", "party=nobody", "country=Atlantis"):
            with pytest.raises(QuestionFault):
                follow_links(engine, file, seeds)
        with pytest.raises(QuestionFault):
            follow_links(engine, file, SEEDS, tiers=0)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(FileFault, match="pip install"):
        open_engine("duckdb")
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(FileFault, match=r"crosspressure\[spark\]"):
        open_engine("spark")


def test_the_engine_is_chosen_by_size_and_said(file: Path, tmp_path: Path, monkeypatch) -> None:
    assert engine_for(file)[0] == "memory"
    frame = random_links()
    frame.to_parquet(tmp_path / "l.parquet")
    monkeypatch.setattr(choosing, "IN_MEMORY", 99)
    assert engine_for(tmp_path / "l.parquet") == ("duckdb", f"{len(frame)} links, more than 99")
    assert engine_for(tmp_path / "l.parquet", "memory")[0] == "memory"
    assert engine_for("s3a://bucket/links")[0] == "spark"
    with pytest.raises(FileFault):
        engine_for("postgresql://db/x#links", "memory")
    with pytest.raises(FileFault):
        engine_for(file, "sql")


@pytest.mark.parametrize(
    "line",
    [
        'kind = "ledger"',
        'currency = "JPY"',
        'periods = "month"',
        'territories = { HK = "CN" }',
        '[supply.sectors]\ntable = "io.csv"',
    ],
)
def test_settings_only_memory_knows_are_refused(line: str, tmp_path: Path, file: Path) -> None:
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "s"\ntitle = { en = "S" }\nlanguages = ["en"]\n'
        f'[supply]\nlinks = "links.csv"\n{line}\n'
    )
    study, word = load_study(tmp_path), line.split(" ")[0].strip("[]").removeprefix("supply.").split("]")[0]
    assert engine_for(study)[0] == "memory"
    for engine in ("duckdb", "spark"):
        with pytest.raises(StudyFault, match="memory") as caught:
            engine_for(study, engine)
        assert word in caught.value.found and f"supply.{word}" in caught.value.where


def test_steps_run_in_turn_and_only_the_last_is_kept(tmp_path: Path) -> None:
    import narwhals as nw

    with open_engine("duckdb", tmp_path) as engine:
        start = engine.hold(pd.DataFrame({"x": [1, 2, 3]}))
        steps = [Step(f"s{k}", lambda rows: rows.with_columns(x=nw.col("x") * 2)) for k in range(3)]
        done = engine.run(start, steps)
        assert sorted(engine.few(done)["x"]) == [8, 16, 24]
        left = engine._connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        assert {name for (name,) in left} == {"held_1", "s2"}
    assert not any(tmp_path.iterdir())


def test_passwords_are_never_shown() -> None:
    assert hide_password("postgresql://me:secret@h:1/db#t") == "postgresql://me:...@h:1/db#t"
    assert "secret" not in hide_password("postgresql://h/db?user=a&password=secret&x=1")


def test_engines_are_loaded_when_used_only() -> None:
    code = (
        "import sys, analysis; analysis.engine_for; import dashboard.command.supplying;"
        "print(sorted({'duckdb', 'pyspark', 'adbc_driver_postgresql'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
