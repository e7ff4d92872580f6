"""Links as whole numbers: firms, nodes (a supplier in a country) and shares, ready to be followed."""

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from analysis.supply.engine.running import Engine, Relation, distinct
from analysis.supply.engine.sized import check_sums, method_words
from analysis.supply.seeds import Asked, no_such_country, no_such_party
from analysis.supply.sizes import METHODS
from survey import QuestionFault

__all__ = ["Coded", "coded_links"]

_SAMPLE = 10_000
"""Names of suppliers among which the nearest to a seed that matches nothing is looked for."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Three relations that an engine keeps.

    Attributes
    ----------
    links : Relation
        `buyer` (number of a firm), `node`, `share` above 0; where some link has a confidence also `trust`,
        the share times it.
    nodes : Relation
        `node`, `firm` (number of the supplier where it buys too, else null), `gain` (the unnamed part of its
        inputs, 1 where it names none), `named`, and per seed k `hit_k`, `maybe_k`.
    firms : Relation
        `firm`, `name`, `gain`, `named` (sum of its shares, at most 1), `method`, and per seed k `direct_k`.
    share_method : str
        Words of `METHODS` over all firms, joined by `; `.
    count : int
        Links of a size above 0.
    is_trusted : bool
        Whether some link has a confidence.
    """

    links: Relation
    nodes: Relation
    firms: Relation
    share_method: str
    count: int
    is_trusted: bool


def coded_links(engine: Engine, sized: Relation, asked: Sequence[Asked], where: str) -> Coded:
    """Number the firms and nodes of sized links, and mark the nodes of each seed.

    Raises
    ------
    FileFault
        Shares of one buyer that add to more than 1.
    QuestionFault
        A seed that no supplier matches.
    """
    for seed in asked:
        if seed.products:
            raise QuestionFault(
                f"seed {seed.where!r}", "a product", "countries or parties", "ask it with --engine memory"
            )
    sized = engine.keep(sized, "sized")
    ends = distinct(sized, "supplier", "country")
    nodes = engine.keep(engine.number(_marked(engine, ends, asked), "node"), "places")
    _check_seeds(engine, nodes, asked)
    used, totals = _methods(engine, sized)
    firms = engine.number(sized.group_by("buyer").agg(*totals), "firm")
    firms = engine.keep(firms.rename({"buyer": "name"}), "buyers_numbered")
    links = sized.filter(nw.col("share") > 0)
    links = links.join(firms.select("firm", "name"), left_on="buyer", right_on="name", how="inner")
    places = nodes.select("node", "country", _supplier=nw.col("supplier"))
    links = links.join(
        places, left_on=["supplier", "country"], right_on=["_supplier", "country"], how="inner"
    )
    is_trusted = bool(engine.few(sized.select(nw.col("confidence").count()))["confidence"].iloc[0])
    trust = (nw.col("share") * nw.col("confidence").fill_null(1.0)).alias("trust")
    links = links.select(nw.col("firm").alias("buyer"), "node", "share", *([trust] if is_trusted else []))
    links = engine.keep(links, "links", by="buyer")
    engine.forget("sized", "buyers")
    firms = _with_direct(engine, links, nodes, firms, len(asked), used)
    check_sums(engine, firms, where)
    nodes = nodes.join(
        firms.select("firm", "name", "gain", _named=nw.col("named")),
        left_on="supplier",
        right_on="name",
        how="left",
    )
    marks = [f"{what}_{k}" for k in range(len(asked)) for what in ("hit", "maybe")]
    nodes = nodes.select(
        "node", "firm", *marks, gain=nw.col("gain").fill_null(1.0), named=nw.col("_named").fill_null(0.0)
    )
    nodes = engine.keep(nodes, "nodes")
    engine.forget("places", "buyers_numbered")
    count = int(engine.few(links.select(nw.len().alias("n")))["n"].iloc[0])
    return Coded(links, nodes, firms, "; ".join(w for w in METHODS if w in used), count, is_trusted)


def _marked(engine: Engine, ends: Relation, asked: Sequence[Asked]) -> Relation:
    """Suppliers in countries with `hit_k` and `maybe_k`, 0 or 1, a seed."""
    marks = {}
    for k, seed in enumerate(asked):
        if seed.countries:
            hit = nw.col("country").is_in(list(seed.countries))
            marks[f"hit_{k}"] = nw.when(hit).then(1).otherwise(0)
            marks[f"maybe_{k}"] = nw.when(hit | (nw.col("country") == "")).then(1).otherwise(0)
            continue
        parties = pd.DataFrame({f"_party_{k}": pd.unique(pd.Series(seed.parties, dtype="str"))})
        ends = ends.join(
            engine.hold(parties.assign(**{f"_hit_{k}": 1})),
            left_on="supplier",
            right_on=f"_party_{k}",
            how="left",
        )
        marks[f"hit_{k}"] = marks[f"maybe_{k}"] = nw.col(f"_hit_{k}").fill_null(0)
    return ends.select("supplier", "country", **marks)


def _check_seeds(engine: Engine, nodes: Relation, asked: Sequence[Asked]) -> None:
    there = engine.few(nodes.select(*(nw.col(f"hit_{k}").max() for k in range(len(asked))))).iloc[0]
    for k, seed in enumerate(asked):
        if there[f"hit_{k}"]:
            continue
        if seed.countries:
            countries = engine.few(distinct(nodes, "country"))["country"]
            raise no_such_country(seed, sorted(set(countries.astype(str)) - {""}))
        names = engine.few(nodes.select("supplier").sort("supplier").head(_SAMPLE))["supplier"]
        raise no_such_party(seed, [str(name) for name in names])


def _methods(engine: Engine, sized: Relation) -> tuple[list[str], list[nw.Expr]]:
    """Methods that occur, and per buyer the sum of shares and whether each method was used."""
    codes = engine.few(distinct(sized, "method"))["method"].astype(int).tolist()
    used = [METHODS[code] for code in sorted(codes)]
    flags = [(nw.col("method") == code).cast(nw.Int8).max().alias(f"_used_{code}") for code in sorted(codes)]
    return used, [nw.col("share").sum().alias("total"), *flags]


def _with_direct(
    engine: Engine, links: Relation, nodes: Relation, firms: Relation, seeds: int, used: list[str]
) -> Relation:
    """Firms with what they buy from each seed at once, and the unnamed rest of their inputs."""
    hits = [nw.col("share") * nw.col(f"hit_{k}") for k in range(seeds)]
    met = links.join(nodes.select("node", *(f"hit_{k}" for k in range(seeds))), on="node", how="inner")
    met = met.with_columns(**{f"direct_{k}": hit for k, hit in enumerate(hits)})
    direct = [f"direct_{k}" for k in range(seeds)]
    each = met.group_by("buyer").agg(*(nw.col(name).sum() for name in direct))
    joined = firms.join(each, left_on="firm", right_on="buyer", how="left")
    over = nw.col("total") > 1.0
    method = (
        nw.lit(used[0]) if len(used) == 1 else method_words({w: f"_used_{METHODS.index(w)}" for w in used})
    )
    return engine.keep(
        joined.select(
            "firm",
            "name",
            *(nw.col(name).fill_null(0.0) for name in direct),
            named=nw.col("total"),
            gain=nw.when(over).then(0.0).otherwise(1.0 - nw.col("total")),
            method=method,
        ),
        "firms",
    )
