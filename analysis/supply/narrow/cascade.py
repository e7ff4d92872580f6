"""A firm fails: what its buyers cannot make and its suppliers cannot sell, followed to the end (ESRI)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.supply.solving import iterate

__all__ = ["ROLES", "Cascade", "Losses", "Way", "cascade_of", "follow_failures"]

ROLES = {"negligible": 0, "non-essential": 1, "essential": 2}
"""What inputs from one sector are for another: no matter, missed by value, production stops without."""

_LEAP = 10
"""Steps after which losses that would still take as many and more are solved for."""

_LOOSE = 20
"""What such a solution may lack, in times of what comes to rest: steps that follow take the rest away."""

_FEW = 0.04
"""Part of the links up to which it is quicker to follow only those of firms that lose more than before."""

_NOTHING = 1e-10
"""A market that can deliver no more than this is gone; its size is replaced by 1, as the authors do."""


@dataclass(frozen=True, slots=True)
class Cascade:
    """How losses pass between n firms.

    Attributes
    ----------
    down : Way
        From supplier to buyer. A buyer has a row of its non-essential suppliers and one for each sector it
        has essential suppliers in; it loses what the worst of its rows loses.
    up : Way
        From buyer to supplier: U, the share of i's sales that goes to j.
    size : numpy.ndarray
        s, shape (n,): sales within the network.
    market : numpy.ndarray
        Shape (n,): number of the market in which others can stand in for a firm.
    """

    down: "Way"
    up: "Way"
    size: np.ndarray
    market: np.ndarray


@dataclass(frozen=True, slots=True)
class Way:
    """Rows of shares by which losses pass, those of one firm beside each other; the worst row counts.

    Attributes
    ----------
    rows : scipy.sparse.csr_matrix
        Shape (rows, n), not negative, each adding to 1 at most.
    columns : scipy.sparse.csc_matrix
        The same by columns.
    start : numpy.ndarray
        Shape (n,), first row of each firm; every firm has one.
    owner : numpy.ndarray
        Shape (rows,), the firm of each row.
    """

    rows: sparse.csr_matrix
    columns: sparse.csc_matrix
    start: np.ndarray
    owner: np.ndarray


@dataclass(frozen=True, slots=True)
class Losses:
    """What each failure costs, shape (failures,): shares of all output, both ways and each way alone.

    `steps` until losses came to rest; `left` = the most any firm still lost in the last of them.
    """

    both: np.ndarray
    down: np.ndarray
    up: np.ndarray
    steps: np.ndarray
    left: np.ndarray


def cascade_of(
    seller: np.ndarray,
    buyer: np.ndarray,
    value: np.ndarray,
    sector: np.ndarray,
    roles: np.ndarray,
    *,
    market: np.ndarray | None = None,
    revenue: np.ndarray | None = None,
    cost: np.ndarray | None = None,
) -> Cascade:
    """The ways losses pass, from who sells what to whom.

    Parameters
    ----------
    seller, buyer, value : numpy.ndarray
        Shape (links,): firms by number, and money. W_ij, i sells to j.
    sector : numpy.ndarray
        p, shape (n,): number of each firm's sector.
    roles : numpy.ndarray
        E, shape (sectors, sectors), [sector of the supplier, sector of the buyer]: numbers of `ROLES`.
    market : numpy.ndarray, optional
        Shape (n,), number of the market; default the sector.
    revenue, cost : numpy.ndarray, optional
        Shape (n,), nan where unknown: sales and inputs beyond the network, which soften U and D; what is
        less than the named links is not believed.

    Notes
    -----
    Diem, Borsos, Reisch, Kertesz and Thurner (Scientific Reports 12:7719, 2022), as in the authors'
    GLcascade 0.9.3.1: D_ij is the share of j's inputs of that sector (essential) or of all its inputs
    (non-essential); U_ij the share of i's sales.
    """
    n = len(sector)
    network = sparse.coo_matrix((value, (seller, buyer)), shape=(n, n)).tocsr().tocoo()
    i, j, w = network.row, network.col, network.data.astype(float)
    out = np.bincount(i, w, minlength=n)
    inputs = np.bincount(j, w, minlength=n)
    kind = roles[sector[i], sector[j]]
    kept = np.ones(n) if cost is None else _part(inputs, cost)
    told = out if revenue is None else np.fmax(out, revenue)
    pair = j.astype(np.int64) * len(roles) + sector[i]
    needed = kind == ROLES["essential"]
    pairs, row = np.unique(pair[needed], return_inverse=True)
    within = np.bincount(row, w[needed], minlength=len(pairs))
    linear = kind == ROLES["non-essential"]
    weight = np.concatenate(
        [w[linear] / inputs[j[linear]] * kept[j[linear]], w[needed] / within[row] * kept[j[needed]]]
    )
    owner = np.concatenate([np.arange(n), pairs // len(roles)])
    order = np.argsort(owner, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    cells = (place[np.concatenate([j[linear], n + row])], np.concatenate([i[linear], i[needed]]))
    return Cascade(
        _way(sparse.csr_matrix((weight, cells), shape=(len(order), n)), owner[order]),
        _way(sparse.csr_matrix((w / told[i], (i, j)), shape=(n, n)), np.arange(n)),
        out,
        sector if market is None else market,
    )


def _way(rows: sparse.csr_matrix, owner: np.ndarray) -> Way:
    return Way(rows, rows.tocsc(), np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]), owner)


def _part(inputs: np.ndarray, cost: np.ndarray) -> np.ndarray:
    known = np.isfinite(cost) & (cost > inputs)
    return np.divide(inputs, cost, out=np.ones(len(cost)), where=known)


def follow_failures(
    cascade: Cascade,
    failed: np.ndarray,
    *,
    is_replaceable: bool = False,
    weight: np.ndarray | None = None,
    eps: float = 1e-9,
    most: int = 1000,
) -> Losses:
    """ESRI of each failure: the weighted output lost when one firm stops and losses have come to rest.

    Parameters
    ----------
    cascade : Cascade
        The ways losses pass.
    failed : numpy.ndarray
        Firms that fail, one at a time.
    is_replaceable : bool
        Whether others in a firm's market stand in for it as far as they still can (sigma); else sigma = 1.
    weight : numpy.ndarray, optional
        w, shape (n,); default sales within the network. Adds to 1 after scaling.
    eps : float
        A failure is at rest when no firm loses more than this in one step.
    most : int
        Steps after which a failure is left as it is: `left` is above `eps`, and losses are what was lost
        until then, too little.

    Notes
    -----
    A step passes on only what firms lose more than they passed on before. What grows slowly is solved for:
    of each firm's rows the worst is held, which makes the losses linear, until no other row is worse
    (policy iteration; Howard, Dynamic Programming and Markov Processes, 1960). It is at rest only where a
    step with all rows changes no firm by more than `eps`.
    """
    share = cascade.size if weight is None else weight
    share = share / share.sum()
    answer = np.zeros((5, len(failed)))
    market = None
    if is_replaceable:
        markets = int(cascade.market.max()) + 1
        market = (cascade.size, cascade.market, markets)
    for k, firm in enumerate(failed.tolist()):
        down, steps, left = _rest(cascade.down, firm, market, eps, most)
        up, more, still = _rest(cascade.up, firm, None, eps, most)
        parts = [float((share * part).sum()) for part in (np.maximum(down, up), down, up)]
        answer[:, k] = *parts, max(steps, more), max(left, still)
    return Losses(answer[0], answer[1], answer[2], answer[3].astype(np.int64), answer[4])


def _rest(
    way: Way, firm: int, market: tuple[np.ndarray, np.ndarray, int] | None, eps: float, most: int
) -> tuple[np.ndarray, int, float]:
    """What each firm loses when one fails, one way; the steps that took, and the last of them."""
    lost = np.zeros(way.rows.shape[1])
    lost[firm] = 1.0
    passed, missed = np.zeros(len(lost)), np.zeros(len(way.owner))
    many, moved, speed = _FEW * way.rows.nnz, 1.0, 0.0
    for step in range(1, most + 1):
        if step % _LEAP == 0 and moved * speed ** (2 * _LEAP) > eps:
            lost = _solved(way, firm, lost, missed, market, eps)
            passed = _felt(lost, market)
            missed = np.asarray(way.rows @ passed)
            after = _worst(way, missed, firm)
        else:
            felt = _felt(lost, market)
            more = felt - passed
            active = np.flatnonzero(np.abs(more) > eps)
            if np.diff(way.columns.indptr)[active].sum() < many:
                passed[active] = felt[active]
                after = _few(way, missed, lost, active, more[active], firm)
            else:
                missed += way.rows @ more
                passed = felt
                after = _worst(way, missed, firm)
        before, moved = moved, float(np.abs(after - lost).max())
        lost, speed = after, min(moved / before, 1.0) if before else 0.0
        if moved <= eps:
            break
    return lost, step, moved


def _felt(lost: np.ndarray, market: tuple[np.ndarray, np.ndarray, int] | None) -> np.ndarray:
    """What others feel of losses: all, or what nobody in the market can stand in for (sigma)."""
    if market is None:
        return lost
    size, number, many = market
    still = np.bincount(number, size * (1.0 - lost), minlength=many)
    still[still <= _NOTHING] = 1.0
    return lost * np.minimum(1.0, size / still[number])


def _worst(way: Way, missed: np.ndarray, firm: int) -> np.ndarray:
    after = missed if len(way.start) == len(missed) else np.maximum.reduceat(missed, way.start)
    after = np.minimum(after, 1.0)
    after[firm] = 1.0
    return after


def _few(
    way: Way, missed: np.ndarray, lost: np.ndarray, active: np.ndarray, more: np.ndarray, firm: int
) -> np.ndarray:
    """One step of a few firms: `missed` grows in place."""
    starts = way.columns.indptr[active].astype(np.int64)
    counts = way.columns.indptr[active + 1].astype(np.int64) - starts
    first = np.cumsum(counts) - counts
    place = np.arange(int(counts.sum())) + np.repeat(starts - first, counts)
    row = way.columns.indices[place]
    np.add.at(missed, row, way.columns.data[place] * np.repeat(more, counts))
    after = lost.copy()
    np.maximum.at(after, way.owner[row], np.minimum(missed[row], 1.0))
    after[firm] = 1.0
    return after


def _solved(
    way: Way,
    firm: int,
    lost: np.ndarray,
    missed: np.ndarray,
    market: tuple[np.ndarray, np.ndarray, int] | None,
    eps: float,
) -> np.ndarray:
    """The end of losses that go on by the rows that are worst now, which is linear."""
    live = lost > 0
    live[firm] = False
    worst = np.flatnonzero(missed >= np.maximum.reduceat(missed, way.start)[way.owner])
    row = np.empty(len(lost), dtype=np.int64)
    row[way.owner[worst[::-1]]] = worst[::-1]
    feels = np.divide(_felt(lost, market), lost, out=np.zeros(len(lost)), where=lost > 0)
    onward = way.rows[row]
    alone = np.zeros(len(lost))
    alone[firm] = feels[firm]
    right = (onward @ alone) * live

    def passed(x: np.ndarray) -> np.ndarray:
        return (onward @ (x[:, 0] * feels) * live)[:, None]

    found = iterate(passed, right[:, None], (lost * live)[:, None], _LOOSE * eps)[:, 0]
    found = np.clip(found, 0.0, 1.0)
    found[firm] = 1.0
    return found
