"""Tiers over links that stream past in an order that keeps both ends near: linear at any number of links."""

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.supply.engine.coded import Coded
from analysis.supply.engine.running import Engine, Relation
from analysis.supply.engine.tiers import ENOUGH, LOOK, STEPS, followed_names

__all__ = ["follow_streamed"]

_PIECE = 2**15
"""Nodes worked on at a time: what they take stays in the cache of a processor."""


@dataclass(frozen=True, slots=True)
class _Nodes:
    """What the tiers ask of nodes: arrays of shape (nodes,), marks of shape (nodes, seeds)."""

    firm: np.ndarray
    gain: np.ndarray
    named: np.ndarray
    hit: np.ndarray
    maybe: np.ndarray


def follow_streamed(
    engine: Engine, coded: Coded, seeds: Sequence[int], tiers: int | None
) -> tuple[Relation, int]:
    """The numbers of `follow_tiers`, with what nodes and firms met in arrays and only the links streamed.

    Links lie by block of buyers, then by node: what a piece reads lies in order and what it adds to fits a
    cache, so that a link costs the same whether the arrays fit one or not.

    Parameters
    ----------
    engine : Engine
        One that streams.
    coded : Coded
        Links in the order above; nodes and firms numbered from 0.
    seeds : sequence of int
        The k of the seeds followed together.
    tiers : int or None
        How many, or None until deeper ones add less than 1e-13 (at most 400).

    Returns
    -------
    tuple
        `buyer, left, low_k, high_k, sure_k, direct_k` of every firm, and the number of tiers.
    """
    nodes = _nodes(engine, coded, seeds)
    names = followed_names(seeds, coded.is_trusted)
    met = np.zeros((coded.sizes.firms, len(names)))
    direct = np.empty((coded.sizes.firms, len(seeds)))
    rho = float(engine.few(coded.firms.select(nw.col("named").max()))["named"].iloc[0])
    for tier in range(1, (tiers or STEPS) + 1):
        before, met = met, _walked(engine, coded, _values(nodes, met, names, seeds, tier == 1), names)
        if tier == 1:
            direct[:] = met[:, [names.index(f"low_{k}") for k in seeds]]
        if tier == tiers or (tiers is None and _is_enough(met, before, tier, rho)):
            break
    table: dict[str, np.ndarray] = {"buyer": np.arange(len(met), dtype=np.int32)}
    table |= {name: met[:, j] for j, name in enumerate(names)}
    table |= {f"direct_{k}": direct[:, j] for j, k in enumerate(seeds)}
    return engine.hold(pd.DataFrame(table, copy=False)), tier


def _nodes(engine: Engine, coded: Coded, seeds: Sequence[int]) -> _Nodes:
    many = coded.sizes.nodes
    nodes = _Nodes(
        np.empty(many, dtype=np.int32),
        np.empty(many),
        np.empty(many),
        np.empty((many, len(seeds)), dtype=bool),
        np.empty((many, len(seeds)), dtype=bool),
    )
    asked = coded.nodes.with_columns(firm=nw.col("firm").fill_null(-1))
    for piece in engine.batches(asked):
        at = piece["node"].to_numpy()
        nodes.firm[at], nodes.gain[at], nodes.named[at] = (
            piece[name].to_numpy() for name in ("firm", "gain", "named")
        )
        for j, k in enumerate(seeds):
            nodes.hit[at, j], nodes.maybe[at, j] = piece[f"hit_{k}"] == 1, piece[f"maybe_{k}"] == 1
    return nodes


def _values(
    nodes: _Nodes, met: np.ndarray, names: Sequence[str], seeds: Sequence[int], is_first: bool
) -> np.ndarray:
    """What a link to each node brings, shape (nodes, names): the right side of `next_tier`."""
    values = np.empty((len(nodes.firm), len(names)))
    for start in range(0, len(values), _PIECE):
        piece = slice(start, start + _PIECE)
        firm, part = nodes.firm[piece], values[piece]
        if is_first:
            part[:] = 0.0
        else:
            np.take(met, firm, axis=0, out=part, mode="clip")
            part[firm < 0] = 0.0
        for j, name in enumerate(names):
            what, _, k = name.partition("_")
            if what == "left":
                part[:, j] = nodes.named[piece] if is_first else part[:, j]
                continue
            if what == "high" and not is_first:
                part[:, j] += nodes.gain[piece]
            at = seeds.index(int(k))
            part[nodes.maybe[piece, at] if what == "high" else nodes.hit[piece, at], j] = 1.0
    return values


def _walked(engine: Engine, coded: Coded, values: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Sum over the links of each buyer of share (or trust) times value: shape (firms, names)."""
    met = np.zeros((coded.sizes.firms, len(names)))
    weights = ("share", "trust") if coded.is_trusted else ("share",)
    for piece in engine.batches(coded.links.select("buyer", "node", *weights)):
        if not len(piece):
            continue
        buyer = piece["buyer"].to_numpy()
        first = int(buyer.min())
        place = buyer - first
        many = int(place.max()) + 1
        brought = values[piece["node"].to_numpy()]
        for j, name in enumerate(names):
            weight = piece["trust" if name.startswith("sure") else "share"].to_numpy()
            met[first : first + many, j] += np.bincount(place, brought[:, j] * weight)
    return met


def _is_enough(met: np.ndarray, before: np.ndarray, tier: int, rho: float) -> bool:
    """As that of `follow_tiers`: nothing is under way, or what deeper tiers may add is nothing."""
    if float(met[:, 0].max(initial=0.0)) < ENOUGH:
        return True
    if tier == 1 or tier % LOOK:
        return False
    most = float(np.abs(met[:, 1:] - before[:, 1:]).max(initial=0.0))
    return most == 0.0 or (rho < 1.0 and most * rho / (1.0 - rho) < ENOUGH)
