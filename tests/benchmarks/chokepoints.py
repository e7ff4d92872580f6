"""Chokepoints and shocks on made-up networks: seconds, growth with size, and what solving anew would take.

Run: python -m tests.benchmarks.chokepoints [--quick]. The authors' package GLcascade is in no
registry (CRAN, PyPI), so the equations step by step stand beside ours; the tests hold its numbers.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from scipy import sparse

from analysis.supply.narrow.cascade import Cascade, cascade_of, follow_failures
from analysis.supply.narrow.cutting import cut_network
from analysis.supply.narrow.removing import Walks, removal_bounds, removals, walks_to
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

SEED, ALIKE, BESIDE, REST, BOUND = 20220511, 1e-9, 4, 1e-6, 120.0


def network(firms: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Seller, buyer and value of ten links a firm: few sell to many, values spread over powers of ten."""
    links = 10 * firms
    seller = np.minimum((firms * rng.random(links) ** 2.5).astype(np.int64), firms - 1)
    buyer = rng.integers(0, firms, links)
    kept = seller != buyer
    return rng.permutation(firms)[seller[kept]], buyer[kept], rng.lognormal(0, 2, int(kept.sum()))


def cpu(work: Callable[[], object]) -> tuple[float, object]:
    """Processor seconds of some work, and what it gave."""
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


def drops(firms: int, nodes: int, rng: np.random.Generator) -> list[Row]:
    """The `nodes` parties that can take most exposure away, taken out one by one."""
    seller, buyer, value = network(firms, rng)
    bought = np.bincount(buyer, value, minlength=firms)
    named = rng.uniform(0.3, 0.9, firms)
    shares = sparse.csr_matrix((value / bought[buyer] * named[buyer], (buyer, seller)), shape=(firms, firms))
    stop = rng.random(firms) < 0.15
    weight = np.full(firms, 1.0 / firms)

    def ranked() -> np.ndarray:
        walks = walks_to(shares, np.arange(firms), stop)
        return np.argsort(-removal_bounds(walks, weight[walks.live]))[:nodes]

    first, top = cpu(ranked)
    walks = walks_to(shares, np.arange(firms), stop)
    part = next(removals(walks, top[:1]))  # type: ignore[index]

    others = np.arange(firms) != top[0]  # type: ignore[index]

    def again() -> np.ndarray:
        less = shares @ sparse.diags(others.astype(float))
        return spread(walks_to(less.tocsr(), np.arange(firms), stop))

    def spread(found: Walks) -> np.ndarray:
        whole = np.zeros(firms)
        whole[found.live] = found.exposure
        return whole

    one, solved = cpu(again)
    exact, _ = cpu(lambda: [np.nansum(part.drop, axis=0) for part in removals(walks, top)])  # type: ignore[arg-type]
    fall = (spread(walks) - solved)[others].sum()
    same = abs(np.nansum(part.drop) - fall) <= ALIKE * walks.exposure.sum()
    size = f"{firms:,} firms, {shares.nnz:,} links"
    return [
        Row(f"bounds of all parties' removal, {size}", first, "cpu s"),
        Row(
            f"exact removal of {nodes:,} parties, {size}",
            exact,
            "cpu s",
            "solving anew for each (one, times all)",
            one * nodes,
            "the same drop, 1e-9",
            bool(same),
        ),
    ]


def plain(made: Cascade, firm: int) -> float:
    """ESRI of one failure step by step, every row of every firm each time."""
    ends = []
    for way in (made.down, made.up):
        lost = np.zeros(len(made.size))
        lost[firm], moved = 1.0, 1.0
        while moved > REST:
            after = np.minimum(np.maximum.reduceat(way.rows @ lost, way.start), 1.0)
            after[firm] = 1.0
            moved, lost = float(np.abs(after - lost).max()), after
        ends.append(lost)
    return float((made.size * np.maximum(*ends)).sum() / made.size.sum())


def shocks(firms: int, nodes: int, rng: np.random.Generator) -> list[Row]:
    """ESRI of the largest firms, with and without replaceability."""
    seller, buyer, value = network(firms, rng)
    sectors = 60
    sector = rng.integers(0, sectors, firms)
    roles = rng.choice([0, 1, 2], p=[0.1, 0.6, 0.3], size=(sectors, sectors)).astype(np.int8)
    sold, bought = (np.bincount(end, value, minlength=firms) for end in (seller, buyer))
    more = {"revenue": sold * rng.uniform(1.1, 2.5, firms), "cost": bought * rng.uniform(1.0, 1.8, firms)}
    built, made = cpu(lambda: cascade_of(seller, buyer, value, sector, roles, **more))
    largest = np.argsort(-sold)[:nodes]
    rows = [Row(f"matrices of a shock, {firms:,} firms, {len(value):,} links", built, "cpu s")]
    for is_replaceable in (False, True):
        ours, found = cpu(
            lambda r=is_replaceable: follow_failures(made, largest, is_replaceable=r, eps=REST)  # type: ignore[misc, arg-type]
        )
        word = "with" if is_replaceable else "without"
        what = f"ESRI of the {nodes:,} largest of {firms:,} firms, {word} replaceability"
        how = f"at rest at 1e-6, up to {found.steps.max()} steps"  # type: ignore[attr-defined]
        if is_replaceable:
            rows.append(Row(what, ours, "cpu s", how=how))
            continue
        theirs, told = cpu(lambda: [plain(made, firm) for firm in largest[:BESIDE].tolist()])  # type: ignore[arg-type]
        apart = np.abs(found.both[:BESIDE] - np.array(told)).max()  # type: ignore[attr-defined]
        bound, is_kept = f"under {BOUND:g} at 1,000 of 100,000", bool(ours < BOUND and apart < 1e-5)
        rows.append(
            Row(what, ours, "cpu s", "step by step, all rows", theirs / BESIDE * nodes, bound, is_kept, how)
        )
    return rows


def cuts(firms: int, rng: np.random.Generator) -> Row:
    """Articulation points of a sparse network, beside networkx."""
    one, other = rng.integers(0, firms, (2, firms))
    ours, found = cpu(lambda: cut_network(one, other, firms))
    what = f"articulation points, {firms:,} firms, {firms:,} links"
    try:
        import networkx as nx
    except ImportError:
        return Row(what, ours, "cpu s", how="networkx is not installed")
    graph = nx.Graph()
    graph.add_nodes_from(range(firms))
    graph.add_edges_from(zip(one.tolist(), other.tolist(), strict=True))
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    theirs, told = cpu(lambda: set(nx.articulation_points(graph)))
    same = set(np.flatnonzero(found.pieces > 1).tolist()) == told  # type: ignore[attr-defined]
    return Row(what, ours, "cpu s", f"networkx {nx.__version__}", theirs, "the same points", same)


def main(words: list[str]) -> int:
    """Measure, print and store; 1 where numbers differ or time grows faster than size."""
    rng = np.random.default_rng(SEED)
    quick = "--quick" in words
    small, large, nodes, ratio = (2_000, 10_000, 64, 5) if quick else (10_000, 100_000, 1_000, 10)
    bound = f"at most {2 * ratio}"
    rows: list[Row] = []
    for work in (drops, shocks):
        few, many = work(small, nodes, rng), work(large, nodes, rng)
        grown = many[1].ours / few[1].ours
        rows += [*few, *many]
        what = f"{work.__name__}: time at {ratio} times the links"
        rows.append(Row(what, grown, "times", bound=bound, is_kept=grown <= 2 * ratio))
    rows.append(cuts(20_000 if quick else 1_000_000, rng))
    return store("chokepoints", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
