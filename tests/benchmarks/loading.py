"""10 million links of a million firms from one Parquet file to the sparse matrix of shares: time and memory.

Run: python -m tests.benchmarks.loading [--quick]. Each run is a process of its own; beside it the same
file read by pandas as text, factorised and put into a scipy matrix, without any check.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.rows import Row, store

__all__ = ["main"]

LINKS, FIRMS, SEED, BOUND = 10_000_000, 1_000_000, 20211215, 15.0

OURS = """
from analysis.supply.links import load_links
from analysis.supply.seeds import sites_of
from analysis.supply.network import network_of
clock, cpu = time.perf_counter(), time.process_time()
shares = network_of(sites_of(load_links(sys.argv[1]).frame)).shares
"""
BARE = """
import numpy as np, pandas as pd
from scipy import sparse
clock, cpu = time.perf_counter(), time.process_time()
rows = pd.read_parquet(sys.argv[1])
codes, names = pd.factorize(pd.concat([rows["buyer"], rows["supplier"]], ignore_index=True))
ends = codes.reshape(2, -1)
node, where = pd.factorize(ends[1] * np.int64(1000) + pd.factorize(rows["country"])[0])
share = rows["value"].to_numpy() / rows["inputs"].to_numpy()
shares = sparse.csr_matrix((share, (ends[0], node)), shape=(len(names), len(where)))
"""
FRAME = """
import json, resource, sys, time
{body}
took = [time.perf_counter() - clock, time.process_time() - cpu]
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([*took, most, shares.nnz, shares.sum()]))
"""


def make(path: Path, links: int, firms: int) -> None:
    """A file of links `buyer,supplier,country,value,inputs`, names as text, a tenth without a country."""
    rng = np.random.default_rng(SEED)
    names = pa.array([f"firm {i:07d}" for i in range(firms)])
    places = pa.array(["JP", "China", "US", "TW", "KR", "Germany", "VN", "TH", "HK", ""])
    home = rng.integers(0, len(places), firms, dtype=np.int32)
    buyer = rng.integers(0, firms, links, dtype=np.int32)
    supplier = (buyer + rng.integers(1, firms, links)).astype(np.int32) % firms
    pair = np.sort(buyer * np.int64(firms) + supplier)
    pair = rng.permutation(pair[np.append(True, pair[1:] != pair[:-1])])
    buyer, supplier = (pair // firms).astype(np.int32), (pair % firms).astype(np.int32)

    def coded(codes: np.ndarray, words: pa.Array) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(codes), words).cast(pa.string())

    table = pa.table(
        {
            "buyer": coded(buyer, names),
            "supplier": coded(supplier, names),
            "country": coded(home[supplier], places),
            "value": np.exp(rng.normal(size=len(pair))).round(3),
            "inputs": np.full(len(pair), 2000.0),
        }
    )
    pq.write_table(table, path)


def run(body: str, path: Path) -> list[float]:
    """Clock seconds, processor seconds, MiB at most, cells and sum of the matrix, in a process of its own."""
    code = FRAME.format(body=body)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def main(links: int = LINKS, firms: int = FIRMS, rounds: int = 3) -> int:
    """Measure in turns, print and store; 1 where a bound is broken."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "links.parquet"
        make(path, links, firms)
        mine, bare = [], []
        for _ in range(rounds):
            mine.append(run(OURS, path))
            bare.append(run(BARE, path))
    assert all(m[3] == b[3] and abs(m[4] / b[4] - 1) < 1e-9 for m, b in zip(mine, bare, strict=True))
    ours, theirs = (
        [statistics.median(column) for column in zip(*runs, strict=True)] for runs in (mine, bare)
    )
    how = f"median of {rounds}, in turns; the same matrix"
    what = f"{links:,} links of {firms:,} firms from Parquet to the matrix, checked"
    peer = "pandas text, factorize, scipy, unchecked"
    size = links / LINKS
    rows = [
        Row(what, ours[1], "cpu s", peer, theirs[1], f"under {BOUND * size:g}", ours[1] < BOUND * size, how),
        Row("the same, clock", ours[0], "s", peer, theirs[0]),
        Row("the same, memory at most", ours[2], "MiB", peer, theirs[2]),
    ]
    return store("loading", rows)


if __name__ == "__main__":
    sys.exit(main(1_000_000, 100_000, 1) if "--quick" in sys.argv else main())
