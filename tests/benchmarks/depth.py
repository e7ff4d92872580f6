"""Look-through of a million firms and ten million links beside a bare sparse product, and beside networkx.

Run: python -m tests.benchmarks.depth [--quick]. Processor seconds, one thread, in turns. `bare` is nothing
but `y = A @ y` on the same arrays (scipy), so many times as there are tiers: no seed is stopped, no bound is
worked out. `bare Neumann` adds stopping at the seeds, and a look at what the last tier added, until that is
under 1e-10. The quick run has a tenth of the firms and links.
"""

# ruff: noqa: E402
import os

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"  # before numpy is there

import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import scipy
from scipy import sparse

from analysis.supply.bestfirst import best_paths
from analysis.supply.network import Network, network_of
from analysis.supply.passage import first_passage
from analysis.supply.seeds import Sites
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

FIRMS, LINKS, SEEDS, TIERS, SEED = 1_000_000, 10_000_000, 16, 5, 20261122
SMALL = 10
NAMED = 0.7


def sites_for(firms: int, links: int) -> Sites:
    """Links at random, each firm in one of sixteen countries; a firm names up to 70% of its inputs."""
    rng = np.random.default_rng(SEED)
    buyer = rng.integers(0, firms, links, dtype=np.int32)
    share = rng.random(links)
    share *= (NAMED / np.maximum(np.bincount(buyer, weights=share, minlength=firms), 1e-9))[buyer]
    return Sites(
        party=np.arange(firms),
        country=rng.integers(0, SEEDS, firms).astype(np.int8),
        names=pd.RangeIndex(firms),
        buyer=buyer,
        node=rng.integers(0, firms, links, dtype=np.int32),
        share=share,
    )


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def bare(shares: sparse.csr_matrix, seeds: np.ndarray) -> np.ndarray:
    """Nothing but products."""
    value = seeds
    for _ in range(TIERS):
        value = shares @ value
    return value


def bare_neumann(shares: sparse.csr_matrix, seeds: np.ndarray) -> int:
    """The series with stopping until a tier adds less than 1e-10; the number of tiers."""
    at = seeds > 0
    before, value, tiers = np.zeros_like(seeds), seeds, 0
    while True:
        tiers += 1
        found = shares @ value
        if np.abs(found - before).max() < 1e-10:
            return tiers
        before = found
        value = np.where(at, 1.0, found)


def ours(network: Network, seeds: np.ndarray, tiers: int | None) -> tuple:
    """What the product does."""
    return first_passage(network.shares, network.owner, seeds, np.zeros(len(seeds)), tiers)


def peak(firms: int, links: int, width: int, told: "multiprocessing.Queue[float]") -> None:
    """Peak memory of a process that builds the matrix and looks five tiers through, in MiB."""
    sites = sites_for(firms, links)
    network = network_of(sites)
    seeds = (sites.country[:, None] == np.arange(width)).astype(float)
    del sites
    ours(network, seeds, TIERS)
    told.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def peak_of(firms: int, links: int) -> float:
    """`peak` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[float] = context.Queue()
    process = context.Process(target=peak, args=(firms, links, SEEDS, told))
    process.start()
    found = told.get()
    process.join()
    return found


def by_networkx(sites: Sites) -> tuple[float, str, np.ndarray]:
    """The same five tiers on a networkx graph, one seed of sixteen; seconds of one seed, graph built."""
    import networkx

    graph = networkx.DiGraph()
    table = pd.DataFrame({"buyer": sites.buyer, "node": sites.node, "share": sites.share})
    pairs = table.groupby(["buyer", "node"])["share"].sum().reset_index()
    graph.add_weighted_edges_from(pairs.itertuples(index=False, name=None), weight="share")
    is_seed = {firm: bool(there) for firm, there in enumerate(sites.country == 0)}
    start = time.process_time()
    value = {firm: float(is_seed[firm]) for firm in graph}
    for _ in range(TIERS):
        found = {}
        for buyer, suppliers in graph.adjacency():
            found[buyer] = sum(link["share"] * value[supplier] for supplier, link in suppliers.items())
        value = {firm: 1.0 if is_seed[firm] else met for firm, met in found.items()}
    took = time.process_time() - start
    return took, networkx.__version__, np.array([found.get(firm, 0.0) for firm in range(len(sites.names))])


def in_turns(
    first: Callable[[], object], other: Callable[[], object], rounds: int
) -> tuple[float, float, float]:
    """Median processor seconds of two works done in turns, and the median of their ratios."""
    pairs = [(timed(first), timed(other)) for _ in range(rounds)]
    mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return mine, theirs, statistics.median(one / two for one, two in pairs)


def tiers_rows(firms: int, links: int, rounds: int) -> tuple[list[Row], float]:
    """Five tiers and all tiers of one size; and processor seconds a link and tier."""
    sites = sites_for(firms, links)
    network = network_of(sites)
    seeds = (sites.country[:, None] == np.arange(SEEDS)).astype(float)
    del sites
    size = f"{firms:,} firms, {links:,} links, {SEEDS} seeds"
    peer = f"scipy {scipy.__version__}"
    mine, theirs, ratio = in_turns(
        lambda: ours(network, seeds, TIERS), lambda: bare(network.shares, seeds), rounds
    )
    rows = [
        Row(
            f"{TIERS} tiers with bound: {size}",
            mine,
            "cpu s",
            f"bare product loop, {peer}",
            theirs,
            "at most 1.3 times the bare loop",
            ratio <= 1.3,
            f"median ratio {ratio:.2f} of {rounds} turns",
        )
    ]
    single = Network(network.shares.astype(np.float32), network.owner, network.column)
    few = seeds.astype(np.float32)
    low, high, ratio = in_turns(lambda: ours(single, few, TIERS), lambda: bare(network.shares, seeds), rounds)
    rows += [
        Row(
            f"the same in single precision, for ranking: {size}",
            low,
            "cpu s",
            f"bare product loop in double precision, {peer}",
            high,
            "under the bare loop",
            ratio < 1.0,
            f"median ratio {ratio:.2f} of {rounds} turns",
        )
    ]
    told: dict[str, tuple] = {}
    mine_all, theirs_all, ratio = in_turns(
        lambda: told.update(ours=ours(network, seeds, None)),
        lambda: told.update(bare=(bare_neumann(network.shares, seeds),)),
        max(1, rounds // 2),
    )
    left = float(told["ours"][2].max())
    rows += [
        Row(
            f"all tiers to 1e-10: {size}",
            mine_all,
            "cpu s",
            f"bare Neumann loop ({told['bare'][0]} tiers), {peer}",
            theirs_all,
            "at most 1.5 times the bare loop",
            ratio <= 1.5 and left <= 1e-10,
            f"median ratio {ratio:.2f}; residual at most {left:.1e}",
        )
    ]
    return rows, mine / links / TIERS


def slow_rows(firms: int, links: int) -> list[Row]:
    """All tiers where firms name 98% of their inputs, so the series is slow."""
    sites = sites_for(firms, links)
    network = network_of(sites, sites.share * (0.98 / NAMED))
    seeds = (sites.country[:, None] == np.arange(SEEDS)).astype(float) * (np.arange(firms) % 50 == 0)[:, None]
    told: dict[str, tuple] = {}
    mine, theirs, ratio = in_turns(
        lambda: told.update(ours=ours(network, seeds, None)),
        lambda: told.update(bare=(bare_neumann(network.shares, seeds),)),
        1,
    )
    left = float(told["ours"][2].max())
    return [
        Row(
            f"all tiers to 1e-10, 98% of inputs named: {firms:,} firms, {links:,} links, {SEEDS} seeds",
            mine,
            "cpu s",
            f"bare Neumann loop ({told['bare'][0]} tiers)",
            theirs,
            "at most 1.5 times the bare loop",
            ratio <= 1.5 and left <= 1e-10,
            f"all at once; residual at most {left:.1e}",
        )
    ]


def main(words: list[str]) -> int:
    """Measure, print and store; 1 where a bound is broken."""
    share = SMALL if "--quick" in words else 1
    firms, links = FIRMS // share, LINKS // share
    memory = peak_of(firms, links)
    rows, cost = tiers_rows(firms, links, 2 if share > 1 else 3)
    rows += [
        Row(
            f"peak memory of the first, matrix built: {firms:,} firms",
            memory,
            "MiB",
            bound="under 1,229 MiB",
            is_kept=memory < 1229,
            how="a process of its own",
        )
    ]
    rows += slow_rows(firms // 10, links // 10)
    small = sites_for(FIRMS // SMALL, LINKS // SMALL)
    network = network_of(small)
    seeds = (small.country[:, None] == np.arange(SEEDS)).astype(float)
    mine = statistics.median(timed(lambda: ours(network, seeds, TIERS)) for _ in range(5))
    found = ours(network, seeds, TIERS)[0][:, 0]
    took, version, theirs = by_networkx(small)
    is_equal = bool(np.abs(found - theirs).max() < 1e-12)
    rows += [
        Row(
            f"{TIERS} tiers: {FIRMS // SMALL:,} firms, {LINKS // SMALL:,} links, {SEEDS} seeds",
            mine,
            "cpu s",
            f"networkx {version}",
            took * SEEDS,
            "300 times as fast",
            is_equal and took * SEEDS >= 300 * mine,
            f"one seed by networkx times {SEEDS}; building its graph not counted; equal to 1e-12",
        )
    ]
    if share == 1:
        less = mine / (LINKS // SMALL) / TIERS
        plain = statistics.median(timed(lambda: bare(network.shares, seeds)) for _ in range(3))
        there = rows[0].theirs or 0.0
        grown, bare_grown = cost / less, (there / LINKS) / (plain / (LINKS // SMALL))
        rows += [
            Row(
                "cost of a link and tier at 10M links over that at 1M",
                grown,
                "times",
                "the bare product loop",
                bare_grown,
                "grows no more than 1.3 times the bare loop",
                grown <= 1.3 * bare_grown,
                "the rest is the processor's cache",
            )
        ]
    asked = np.random.default_rng(1).choice(FIRMS // SMALL, 10_000, replace=False)
    at = small.country == 0
    spent = timed(lambda: best_paths(network.shares, network.owner, at & (asked.size > 0), asked, 3, None))
    rows += [
        Row(
            f"three largest paths of {len(asked):,} firms, any length, exact",
            spent,
            "cpu s",
            how=f"{FIRMS // SMALL:,} firms, {LINKS // SMALL:,} links, one seed",
        )
    ]
    return store("depth", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
