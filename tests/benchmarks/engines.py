"""Links that do not fit in memory, on DuckDB: seconds, memory and growth of a tier at 1M, 10M and 100M links.

Run: python -m tests.benchmarks.engines [--quick | --full]. The links are made by DuckDB into Parquet;
each size is followed in a process of its own, and 1M is held against memory. `--full` adds 100M links:
15 GB of disk, and half an hour on two processors.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analysis.supply.depth import look_through
from analysis.supply.engine.outside import follow_links
from analysis.supply.engine.running import Relation
from analysis.supply.links import load_links
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

SIZES, FULL, QUICK = (1_000_000, 10_000_000), 100_000_000, (20_000, 200_000)
SEEDS, TIERS, LIMIT = ("country=US", "country=CN"), 3, 8.0


def make_links(folder: Path, links: int) -> None:
    """Ten links a buyer to suppliers anywhere, in eight countries; shares of a buyer add to 0.4 to 0.9."""
    with duckdb.connect(config={"memory_limit": "2GiB", "preserve_insertion_order": False}) as connection:
        connection.execute(
            f"""COPY (SELECT 'F' || lpad((i // 10)::VARCHAR, 8, '0') AS buyer,
            'F' || lpad(s::VARCHAR, 8, '0') AS supplier,
            ['US', 'CN', 'JP', 'DE', 'TW', 'KR', 'VN', 'MX'][1 + s % 8] AS country,
            0.04 + 0.05 * ((hash(i, 2) % 1000) / 1000.0) AS share
            FROM (SELECT i, (hash(i) % {links // 10})::BIGINT AS s FROM range({links}) t(i)))
            TO '{folder}' (FORMAT parquet, PER_THREAD_OUTPUT, FILE_SIZE_BYTES '256MB')"""
        )


def one(folder: Path, out: Path) -> dict[str, object]:
    """Follow the links of a folder on DuckDB: seconds of each step, of all, and the most memory held."""
    from analysis.supply.engine.duck import DuckEngine

    begun: list[float] = []

    class Timed(DuckEngine):
        def keep(self, relation: Relation, name: str, *, by: Sequence[str] = ()) -> Relation:
            start = time.process_time()
            kept = super().keep(relation, name, by=by)
            print(f"{name}: {time.process_time() - start:.1f} cpu s", file=sys.stderr, flush=True)
            return kept

        def batches(self, relation: Relation) -> Iterator[pd.DataFrame]:
            if "share" in relation.columns:
                begun.append(time.process_time())
            return super().batches(relation)

        def hold(self, rows: pd.DataFrame) -> Relation:
            begun.append(time.process_time())
            return super().hold(rows)

    clock, cpu = time.perf_counter(), time.process_time()
    with Timed(folder.parent) as engine:
        done = follow_links(engine, folder, SEEDS, tiers=TIERS)
        firms, small = 0, []
        for piece in done.batches():
            firms += len(piece)
            small += [piece] if done.links <= SIZES[0] else []
    if small:
        pd.concat(small).to_parquet(out)
    return {
        "links": done.links,
        "rows": firms,
        "tiers": np.diff(begun[: TIERS + 1]).tolist(),
        "clock": time.perf_counter() - clock,
        "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def differs(folder: Path, out: Path) -> float:
    """The largest difference from memory over all numbers."""
    memory = look_through(load_links(folder), SEEDS, tiers=TIERS, paths=0).set_index(["firm", "seed"])
    ours = pd.read_parquet(out).set_index(["firm", "seed"]).loc[memory.index]
    return max(
        float(np.abs(ours[name].to_numpy() - memory[name].to_numpy()).max())
        for name in ("direct", "exposure", "high", "residual")
    )


def main(words: list[str] | None = None) -> int:
    """Measure each size, print and store; 1 where a bound is broken."""
    words = words or []
    if words[:1] == ["--one"]:
        print(json.dumps(one(Path(words[1]), Path(words[2]))))
        return 0
    sizes = QUICK if "--quick" in words else (*SIZES, FULL) if "--full" in words else SIZES
    rows, each = [], []
    for links in sizes:
        with tempfile.TemporaryDirectory() as place:
            folder, out = Path(place) / "links", Path(place) / "rows.parquet"
            folder.mkdir()
            make_links(folder, links)
            command = [sys.executable, "-m", "tests.benchmarks.engines", "--one", str(folder), str(out)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            told = json.loads(done.stdout.splitlines()[-1])
            each.append(float(np.median(told["tiers"][1:])) / links)
            rows += [
                Row(f"{links:,} links from Parquet, {TIERS} tiers, 2 seeds, DuckDB", told["cpu"], "cpu s"),
                Row(f"the same, by the clock of this machine ({told['rows']:,} rows out)", told["clock"]),
                Row(f"a tier of {links:,} links", each[-1] * links, "cpu s"),
                Row(
                    f"most memory, {links:,} links",
                    told["peak"] * 1024,
                    "MiB",
                    bound=f"under {LIMIT:g} GiB",
                    is_kept=told["peak"] < LIMIT,
                ),
            ]
            if links == sizes[0]:
                gap = differs(folder, out)
                rows.append(
                    Row("largest difference from memory", gap, "", bound="under 1e-12", is_kept=gap < 1e-12)
                )
    for smaller, larger, before, after in zip(sizes, sizes[1:], each, each[1:], strict=False):
        rows.append(
            Row(
                f"cost of a tier a link, {larger:,} over {smaller:,}",
                after / before,
                "times",
                bound="linear: under 1.5 times",
                is_kept=after / before < 1.5 or "--quick" in words,
            )
        )
    return store("engines", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
