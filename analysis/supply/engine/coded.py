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

__all__ = ["Coded", "Sizes", "coded_links"]

_SAMPLE = 10_000
"""Names of suppliers among which the nearest to a seed that matches nothing is looked for."""


_NEAR = 2**19
"""Buyers of one block: few enough that their sums fit a cache, many enough that their nodes lie close."""

_ARRAYS = 2 * 2**30
"""Bytes that arrays of nodes and firms may take where links are streamed past them."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many nodes and firms there are."""

    nodes: int
    firms: int

    def together(self, is_trusted: bool) -> int:
        """Seeds that arrays of nodes and firms can hold at once, two or three columns each; 0 for none."""
        columns = _ARRAYS / (16 * (self.nodes + self.firms))
        return max(int((columns - 1) // (3 if is_trusted else 2)), 0)


@dataclass(frozen=True, slots=True)
class Coded:
    """Three relations that an engine keeps.

    Attributes
    ----------
    links : Relation
        `buyer` (number of a firm), `node`, `share` above 0; where some link has a confidence also `trust`,
        the share times it. In the order of blocks of buyers, then of nodes, where they are streamed; else of
        buyers.
    nodes : Relation
        `node`, `firm` (number of the supplier where it buys too, else null), `gain` (the unnamed part of its
        inputs, 1 where it names none), `named`, and per seed k `hit_k`, `maybe_k`.
    firms : Relation
        `firm`, `name`, `gain`, `named` (sum of its shares, at most 1), `method`.
    share_method : str
        Words of `METHODS` over all firms, joined by `; `.
    count : int
        Links of a size above 0.
    sizes : Sizes
        How many nodes and firms.
    is_trusted : bool
        Whether some link has a confidence.
    is_streamed : bool
        Whether arrays of nodes and firms fit beside the stream of links.
    """

    links: Relation
    nodes: Relation
    firms: Relation
    share_method: str
    count: int
    sizes: Sizes
    is_trusted: bool
    is_streamed: bool


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
    places = engine.keep(engine.number(_marked(engine, ends, asked), "node"), "places")
    _check_seeds(engine, places, asked)
    used, totals = _methods(engine, sized)
    firms = engine.number(sized.group_by("buyer").agg(*totals).rename({"buyer": "name"}), "firm")
    firms = engine.keep(_summed(firms, used), "firms")
    check_sums(engine, firms, where)
    is_trusted = bool(engine.few(sized.select(nw.col("confidence").count()))["confidence"].iloc[0])
    sizes = Sizes(_count(engine, places), _count(engine, firms))
    is_streamed = engine.is_streaming and sizes.together(is_trusted) > 0
    links = _numbered(sized, firms, places, is_trusted)
    links = links.with_columns(block=nw.col("buyer") // _NEAR) if is_streamed else links
    links = engine.keep(links, "links", by=("block", "node") if is_streamed else ("buyer",))
    engine.forget("sized", "buyers")
    nodes = places.join(
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
    engine.forget("places")
    words = "; ".join(word for word in METHODS if word in used)
    return Coded(links, nodes, firms, words, _count(engine, links), sizes, is_trusted, is_streamed)


def _count(engine: Engine, relation: Relation) -> int:
    return int(engine.few(relation.select(nw.len().alias("n")))["n"].iloc[0])


def _numbered(sized: Relation, firms: Relation, places: Relation, is_trusted: bool) -> Relation:
    """Links of a size above 0, their ends as numbers."""
    ends = places.select("node", "country", _supplier=nw.col("supplier"))
    links = sized.filter(nw.col("share") > 0)
    links = links.join(firms.select("firm", "name"), left_on="buyer", right_on="name", how="inner")
    links = links.join(ends, left_on=["supplier", "country"], right_on=["_supplier", "country"], how="inner")
    trust = (nw.col("share") * nw.col("confidence").fill_null(1.0)).alias("trust")
    return links.select(nw.col("firm").alias("buyer"), "node", "share", *([trust] if is_trusted else []))


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


def _summed(firms: Relation, used: list[str]) -> Relation:
    """Firms with the sum of their shares, and the unnamed rest of their inputs."""
    over = nw.col("total") > 1.0
    method = (
        nw.lit(used[0]) if len(used) == 1 else method_words({w: f"_used_{METHODS.index(w)}" for w in used})
    )
    return firms.select(
        "firm",
        "name",
        named=nw.col("total"),
        gain=nw.when(over).then(0.0).otherwise(1.0 - nw.col("total")),
        method=method,
    )
