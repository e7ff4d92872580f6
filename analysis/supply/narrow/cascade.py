"""A firm fails: what its buyers cannot make and its suppliers cannot sell, followed to the end (ESRI)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, bicgstab

__all__ = ["ROLES", "Cascade", "Losses", "cascade_of", "follow_failures"]

ROLES = {"negligible": 0, "non-essential": 1, "essential": 2}
"""What inputs from one sector are for another: no matter, missed by value, production stops without."""

_LEAP = 100
"""Step at which lost sales that still grow are solved for."""

_NOTHING = 1e-10
"""A market that can deliver no more than this is gone; its size is replaced by 1, as the authors do."""


@dataclass(frozen=True, slots=True)
class Cascade:
    """How losses pass between n firms.

    Attributes
    ----------
    essential : scipy.sparse.csr_matrix
        Shape (pairs, n): D of the suppliers of one essential sector to one buyer, a row a pair; the first
        sector of each buyer comes first, then the second of those that have one, and so on.
    buyer, having : numpy.ndarray
        Buyers with such pairs, those with most sectors first; how many have a first, second, ... sector.
    other : scipy.sparse.csr_matrix
        Shape (n, n): [j, i] = D of supplier i to buyer j, non-essential.
    sales : scipy.sparse.csr_matrix
        Shape (n, n): [i, j] = U, share of i's sales that goes to j.
    size : numpy.ndarray
        s, shape (n,): sales within the network.
    market : numpy.ndarray
        Shape (n,): number of the market in which others can stand in for a firm.
    """

    essential: sparse.csr_matrix
    buyer: np.ndarray
    having: np.ndarray
    other: sparse.csr_matrix
    sales: sparse.csr_matrix
    size: np.ndarray
    market: np.ndarray


@dataclass(frozen=True, slots=True)
class Losses:
    """What each failure costs, shape (failures,): shares of all output, both ways and each way alone."""

    both: np.ndarray
    down: np.ndarray
    up: np.ndarray
    steps: np.ndarray


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
    weight = w[needed] / within[row] * kept[j[needed]]
    buyers, first, many = np.unique(pairs // len(roles), return_index=True, return_counts=True)
    nth = np.arange(len(pairs)) - np.repeat(first, many)
    most = np.argsort(-many, kind="stable")
    place = np.empty(len(buyers), dtype=np.int64)
    place[most] = np.arange(len(buyers))
    order = np.empty(len(pairs), dtype=np.int64)
    order[np.lexsort((np.repeat(place, many), nth))] = np.arange(len(pairs))
    essential = sparse.csr_matrix((weight, (order[row], i[needed])), shape=(len(pairs), n))
    linear = kind == ROLES["non-essential"]
    share = w[linear] / inputs[j[linear]] * kept[j[linear]]
    return Cascade(
        essential,
        buyers[most],
        np.bincount(nth),
        sparse.csr_matrix((share, (j[linear], i[linear])), shape=(n, n)),
        sparse.csr_matrix((w / told[i], (i, j)), shape=(n, n)),
        out,
        sector if market is None else market,
    )


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
    block: int = 4,
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
        Steps after which a failure is left as it is, with `steps` = `most`.
    block : int
        Failures followed at once, one a column.
    """
    share = cascade.size if weight is None else weight
    share = share / share.sum()
    answer = [np.zeros(len(failed)) for _ in range(3)]
    steps = np.zeros(len(failed), dtype=np.int64)
    for start in range(0, len(failed), block):
        open_ = np.arange(start, min(start + block, len(failed)))
        lost = np.zeros((len(share), len(open_)))
        lost[failed[open_], np.arange(len(open_))] = 1.0
        down, up = lost, lost.copy()
        for step in range(1, most + 1):
            if step == _LEAP:
                up = _sold_out(cascade.sales, failed[open_], up)
            lower = _down(cascade, down, failed[open_], is_replaceable)
            upper = _clip(np.asarray(cascade.sales @ up), failed[open_])
            moved = np.maximum(_most(lower - down), _most(np.abs(upper - up)))
            down, up = lower, upper
            done = (moved <= eps) | (step == most)
            if done.any():
                rest = open_[done]
                steps[rest] = step
                pieces = (np.maximum(down[:, done], up[:, done]), down[:, done], up[:, done])
                for column, piece in zip(answer, pieces, strict=True):
                    column[rest] = share @ piece
                down, up, open_ = down[:, ~done], up[:, ~done], open_[~done]
            if not len(open_):
                break
    both, down_alone, up_alone = answer
    return Losses(both, down_alone, up_alone, steps)


def _down(cascade: Cascade, lost: np.ndarray, failed: np.ndarray, is_replaceable: bool) -> np.ndarray:
    """One step of what buyers cannot make: 1 - hd(t+1) from 1 - hd(t)."""
    felt = lost
    if is_replaceable:
        markets = int(cascade.market.max()) + 1
        able = cascade.size[:, None] * (1.0 - lost)
        place = sparse.csr_matrix(
            (np.ones(len(lost)), (cascade.market, np.arange(len(lost)))), shape=(markets, len(lost))
        )
        still = np.asarray(place @ able)
        still[still <= _NOTHING] = 1.0
        felt = lost * np.minimum(1.0, cascade.size[:, None] / still[cascade.market])
    after = np.asarray(cascade.other @ felt)
    if len(cascade.buyer):
        missed = np.asarray(cascade.essential @ felt)
        worst, start = missed[: len(cascade.buyer)], 0
        for having in cascade.having.tolist():
            np.maximum(worst[:having], missed[start : start + having], out=worst[:having])
            start += having
        after[cascade.buyer] = np.maximum(after[cascade.buyer], worst)
    return _clip(after, failed)


def _clip(after: np.ndarray, failed: np.ndarray) -> np.ndarray:
    np.minimum(after, 1.0, out=after)
    after[failed, np.arange(len(failed))] = 1.0
    return after


def _sold_out(sales: sparse.csr_matrix, failed: np.ndarray, up: np.ndarray) -> np.ndarray:
    """Where sales are lost slowly, their end at once: x = U x but at the failed firm, which is linear."""
    ends = up.copy()
    for k, firm in enumerate(failed.tolist()):
        others = np.ones(len(up))
        others[firm] = 0.0

        def equations(x: np.ndarray, others: np.ndarray = others) -> np.ndarray:
            return x - others * (sales @ (others * x))

        operator = LinearOperator(sales.shape, matvec=equations, dtype=float)
        right = others * sales[:, [firm]].toarray()[:, 0]
        found, code = bicgstab(operator, right, x0=up[:, k] * others, rtol=0.0, atol=1e-12, maxiter=400)
        if code == 0:
            ends[:, k] = np.clip(found, 0.0, 1.0)
            ends[firm, k] = 1.0
    return ends


def _most(columns: np.ndarray, wide: int = 256) -> np.ndarray:
    """Largest value of each column; many rows side by side first, which is several times as fast."""
    rows, many = columns.shape
    even = rows // wide * wide
    most = columns[even:].max(axis=0, initial=0.0)
    if even:
        most = np.maximum(
            most, columns[:even].reshape(-1, wide * many).max(axis=0).reshape(wide, many).max(axis=0)
        )
    return most
