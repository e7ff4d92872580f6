"""A look-through that never holds the links in memory: from a source to rows, on the engine asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import narwhals as nw
import pandas as pd

from analysis.supply.ends import read_parties
from analysis.supply.engine.coded import coded_links
from analysis.supply.engine.mapped import chosen_period, links_of, picked
from analysis.supply.engine.running import Engine, Relation, distinct
from analysis.supply.engine.sized import sized_links
from analysis.supply.engine.sources import Source, source_of
from analysis.supply.engine.streamed import follow_streamed
from analysis.supply.engine.tiers import follow_tiers
from analysis.supply.seeds import asked_seeds, usual_seeds
from survey import Finding, QuestionFault, Study, StudyFault

__all__ = ["Followed", "follow_links", "source_in"]

_BLOCK = 8
"""Seeds followed together: two columns each."""

_IN_MEMORY = (
    *("currency", "rates", "unit", "shares", "sheet"),
    *("periods", "fiscal_year_starts", "counts", "territories", "sectors", "matches"),
)
"""Settings that change links on their way in, or add to them, which only memory knows."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a look-through made, still with the engine.

    Attributes
    ----------
    rows : Relation
        One row a firm and seed, by name of the firm, then seed as asked: columns of `look_through`.
    engine : Engine
        Whose rows they are; `engine.batches(rows)` brings them.
    share_method : str
        How shares came about.
    links : int
        Links followed.
    tiers : int
        Tiers looked through, the most over the blocks of seeds.
    findings : tuple[Finding, ...]
        What was set aside, unknown, or left out.
    """

    rows: Relation
    engine: Engine
    share_method: str
    links: int
    tiers: int
    findings: tuple[Finding, ...] = ()

    def batches(self) -> Iterator[pd.DataFrame]:
        """The rows in pieces that fit in memory; the first has no row, and all columns."""
        return self.engine.batches(self.rows)


def source_in(study: Study) -> Source:
    """The source that `[supply]` of a study names.

    Raises
    ------
    StudyFault
        No links, a kind or a setting that is worked out in memory only.
    """
    supply = study.section("supply")
    given = supply.get("links")
    if not isinstance(given, str) or not given:
        raise StudyFault(
            study.place("supply.links"),
            "no single source of links",
            'a file, a folder or an address: links = "links.parquet"',
            "add  links = ...  under [supply]",
        )
    changed = ["kind"] if supply.get("kind", "links") != "links" else []
    changed += [key for key in _IN_MEMORY if key in supply]
    if changed:
        raise StudyFault(
            study.place(f"supply.{changed[0]}"),
            f"{', '.join(changed)} under [supply], which only the memory engine works out",
            "links as in the contract: buyer, supplier, country, share or value; one currency, no sectors",
            "leave --engine out, or write the links to Parquet once and name that file without these keys",
        )
    place = given if "://" in given else str(study.folder / given)
    return source_of(place, str(supply.get("table", "")))


def follow_links(
    engine: Engine,
    source: Study | Source | str | Path,
    seeds: Sequence[str | Path] | str | Path | None = None,
    *,
    tiers: int | None = None,
    as_of: date | None = None,
) -> Followed:
    """First-passage exposure of each buyer to each seed on an engine, equal to `look_through` to 1e-12.

    Paths are left empty: they are searched in memory.

    Parameters
    ----------
    engine : Engine
        Where the work is done.
    source : Study, Source, path or address
        A study with `[supply]`, or links with the columns of the contract.
    seeds : as `look_through`, optional
        Default those of the United States and China that some supplier is in.
    tiers : int, optional
        Look that many tiers up; default all.
    as_of : date, optional
        Of each buyer's periods the latest not after this day; default that of the study.

    Raises
    ------
    FileFault, StudyFault
        A source that cannot be read, or whose rows break a rule of links.
    QuestionFault
        A seed that matches nothing, tiers under 1.
    """
    if tiers is not None and tiers < 1:
        raise QuestionFault("tiers", str(tiers), "1 or more, or all", "say --tiers 1, 2, ... or all")
    asked = asked_seeds(seeds) if seeds is not None else ()
    findings: list[Finding] = []
    homes = None
    if isinstance(source, Study):
        place = source_in(source)
        as_of = as_of or source.as_of
        parties = source.section("supply").get("parties")
        homes = read_parties(source.folder / parties) if parties else None
    else:
        place = source if isinstance(source, Source) else source_of(source)

    def read(is_placed: bool) -> Relation:
        rows = engine.read(place, is_placed=is_placed)
        return picked(rows, source) if isinstance(source, Study) else rows

    links = links_of(engine, read, place.words, homes, findings)
    day = as_of.isoformat() if as_of else None
    links = chosen_period(engine, links, day, place.words, findings)
    if seeds is None:
        asked = asked_seeds(usual_seeds(engine.few(distinct(links, "country"))))
    coded = coded_links(engine, sized_links(engine, links, place.words, findings), asked, place.words)
    parts, most = [], 0
    together = min(_BLOCK, coded.sizes.together(coded.is_trusted)) if coded.is_streamed else _BLOCK
    follow = follow_streamed if coded.is_streamed else follow_tiers
    for start in range(0, len(asked), together):
        block = range(start, min(start + together, len(asked)))
        reached, steps = follow(engine, coded, block, tiers)
        name = f"reached_{start}"
        reached = engine.keep(reached, name)
        engine.forget(f"tier_{steps}", f"first_{start}")
        whole = coded.firms.join(reached, left_on="firm", right_on="buyer", how="left")
        parts += [_long(whole, k, asked[k].words, steps, coded.is_trusted) for k in block]
        most = max(most, steps)
    rows = nw.concat(parts).sort("firm", "_order").drop("_order")
    return Followed(rows, engine, coded.share_method, coded.count, most, tuple(findings))


def _long(whole: Relation, k: int, words: str, tiers: int, is_trusted: bool) -> Relation:
    low, direct = (nw.col(f"{what}_{k}").fill_null(0.0) for what in ("low", "direct"))
    high = nw.col("gain") + nw.col(f"high_{k}").fill_null(0.0)
    high = nw.when(high > low).then(high).otherwise(low)
    confidence = nw.lit(float("nan"))
    if is_trusted:
        sure = nw.col(f"sure_{k}").fill_null(0.0)
        confidence = nw.when(low > 0).then(sure / low).otherwise(nw.lit(float("nan")))
    return whole.select(
        nw.col("name").alias("firm"),
        seed=nw.lit(words),
        direct=direct,
        exposure=low,
        low=low,
        high=nw.when(high > 1.0 - 1e-12).then(1.0).otherwise(high),
        tiers=nw.lit(tiers, nw.Int64),
        residual=nw.col("left").fill_null(0.0),
        paths=nw.lit(""),
        share_method=nw.col("method"),
        hidden=low - direct,
        confidence=confidence,
        _order=nw.lit(k),
    )
