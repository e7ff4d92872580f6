"""One tier up the chain as one expression, the same on every engine, and when to stop."""

from collections.abc import Sequence
from functools import partial

import narwhals as nw

from analysis.supply.engine.coded import Coded
from analysis.supply.engine.running import Engine, Relation, Step

__all__ = ["ENOUGH", "LOOK", "STEPS", "follow_tiers", "followed_names", "next_tier"]

ENOUGH = 1e-13
"""What deeper tiers may still add where all are asked for."""

LOOK = 4
"""Every so many tiers it is seen how much the last one added."""

STEPS = 400
"""The most tiers followed."""


def next_tier(
    links: Relation,
    nodes: Relation,
    before: Relation | None,
    seeds: Sequence[int],
    *,
    is_trusted: bool = False,
) -> Relation:
    """What each buyer meets one tier further up, from what its suppliers met.

    Per seed `low_k` = sum of share times 1 at a node of the seed, else the supplier's own `low_k`;
    `high_k` alike at nodes that may be of the seed, the unnamed rest of the supplier added to its own;
    `left` = share of inputs still under way. One step of y = s + (1 - s)(g + A y) of `first_passage`.

    Parameters
    ----------
    links, nodes : Relation
        As `Coded`.
    before : Relation or None
        `buyer, left, low_k, high_k` of the tier before; None for the first.
    seeds : sequence of int
        The k of the seeds followed together.
    is_trusted : bool
        Whether `sure_k` is followed too: `low_k` with each share times the confidence of its link.

    Returns
    -------
    Relation
        `buyer, left, low_k, high_k, sure_k`; `high_k` without the unnamed rest of the buyer itself.
    """
    met: dict[str, nw.Expr] = {}
    names = followed_names(seeds, is_trusted)
    if before is not None:
        own = before.rename({"buyer": "_firm", **{name: f"_{name}" for name in names}})
        nodes = nodes.join(own, left_on="firm", right_on="_firm", how="left")
    for k in seeds:
        low = nw.lit(0.0) if before is None else nw.col(f"_low_{k}").fill_null(0.0)
        high = nw.lit(0.0) if before is None else nw.col("gain") + nw.col(f"_high_{k}").fill_null(0.0)
        met[f"low_{k}"] = nw.when(nw.col(f"hit_{k}") == 1).then(1.0).otherwise(low)
        met[f"high_{k}"] = nw.when(nw.col(f"maybe_{k}") == 1).then(1.0).otherwise(high)
        if is_trusted:
            sure = nw.lit(0.0) if before is None else nw.col(f"_sure_{k}").fill_null(0.0)
            met[f"sure_{k}"] = nw.when(nw.col(f"hit_{k}") == 1).then(1.0).otherwise(sure)
    met["left"] = nw.col("named") if before is None else nw.col("_left").fill_null(0.0)
    values = nodes.select("node", **met)
    walked = links.join(values, on="node", how="inner")
    by = {name: nw.col("trust" if name.startswith("sure") else "share") for name in names}
    walked = walked.select("buyer", *((by[name] * nw.col(name)).alias(name) for name in names))
    return walked.group_by("buyer").agg(*(nw.col(name).sum() for name in names))


def followed_names(seeds: Sequence[int], is_trusted: bool) -> tuple[str, ...]:
    """Columns that go from tier to tier: `left`, then `low_k`, `high_k` and `sure_k` of each seed."""
    followed = ("low", "high", "sure") if is_trusted else ("low", "high")
    return ("left", *(f"{what}_{k}" for k in seeds for what in followed))


def follow_tiers(
    engine: Engine, coded: Coded, seeds: Sequence[int], tiers: int | None
) -> tuple[Relation, int]:
    """Tier after tier, each kept by the engine before the next.

    Parameters
    ----------
    engine : Engine
        What the relations belong to.
    coded : Coded
        Links, nodes and firms.
    seeds : sequence of int
        The seeds followed together.
    tiers : int or None
        How many, or None until deeper ones add less than 1e-13 (at most 400).

    Returns
    -------
    tuple
        `buyer, left, low_k, high_k, sure_k` after the last tier, beside them `direct_k`, the `low_k` of the
        first; and the number of tiers.
    """
    before: Relation | None = None
    direct = {f"direct_{k}": nw.col(f"low_{k}") for k in seeds}
    for tier in range(1, (tiers or STEPS) + 1):
        upward = partial(
            next_tier, nodes=coded.nodes, before=before, seeds=seeds, is_trusted=coded.is_trusted
        )
        reached = engine.run(coded.links, [Step(f"tier_{tier}", upward)])
        if before is None:
            met_first = engine.keep(
                reached.select(nw.col("buyer").alias("_buyer"), **direct), f"first_{seeds[0]}"
            )
        is_last = tier == tiers or (tiers is None and _is_enough(engine, reached, before, coded, seeds, tier))
        if before is not None:
            engine.forget(f"tier_{tier - 1}")
        if is_last:
            break
        before = reached
    return reached.join(met_first, left_on="buyer", right_on="_buyer", how="left"), tier


def _is_enough(
    engine: Engine, reached: Relation, before: Relation | None, coded: Coded, seeds: Sequence[int], tier: int
) -> bool:
    """Whether what is still under way, or what the last tier added and all deeper ones may, is nothing."""
    if float(engine.few(reached.select(nw.col("left").max()))["left"].iloc[0]) < ENOUGH:
        return True
    if before is None or tier % LOOK:
        return False
    rho = float(engine.few(coded.firms.select(nw.col("named").max()))["named"].iloc[0])
    every = followed_names(seeds, coded.is_trusted)
    names = [name for name in every if name != "left"]
    own = before.rename({"buyer": "_firm", **{name: f"_{name}" for name in every}})
    both = reached.join(own, left_on="buyer", right_on="_firm", how="inner")
    added = both.select(*((nw.col(name) - nw.col(f"_{name}")).abs().max().alias(name) for name in names))
    most = float(engine.few(added).iloc[0].max())
    return most == 0.0 or (rho < 1.0 and most * rho / (1.0 - rho) < ENOUGH)
