"""Flows in a file, a folder or a table of a database, read by an engine and met with the rules."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

import narwhals as nw
import pandas as pd

from analysis.rules.beyond import Contacted, contact_on
from analysis.rules.catalogue import Catalogue
from analysis.rules.fields import BOUND_FIELDS, FLOW_KINDS
from analysis.supply.engine.running import Engine, Relation
from analysis.supply.engine.sources import Source, source_of
from survey import FileFault, country_codes, nearest

__all__ = ["contact_file"]

_COUNTRIES = ("seller_country", "buyer_country", "origin", "person_country")
_NUMBER = r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$"
_NUMBERS = (*BOUND_FIELDS, *(f"{name}_{end}" for name in BOUND_FIELDS for end in ("low", "high")))
_FIVE = 5


def contact_file(
    engine: Engine,
    source: str | Path,
    catalogue: Catalogue,
    as_of: date,
    listings: pd.DataFrame | None = None,
    *,
    every: bool = False,
    only: Collection[str] | None = None,
) -> Contacted:
    """Which rules touch which flow of a file on a day; rows by flow, firm and instrument.

    Parameters
    ----------
    engine : Engine
        From `open_engine`.
    source : str or path
        Flows with columns of `FIELDS`, and `flow, firm`; further `value, share, path`, and with `listings`
        `seller, buyer`. Country names in any spelling, Harmonized System codes with or without dots.
    catalogue, as_of, listings, every, only
        As `contact`.

    Raises
    ------
    FileFault
        No such file, a column that must be there, a country or a kind of flow nobody knows, a cell that is no
        number or out of its range, bounds the wrong way round; each with its column and first flows.
    """
    place = source_of(source)
    flows = _numbered(engine, engine.read(place), place)

    def meant(field: str, words: list[str]) -> list[str]:
        return _meant(field, words, place)

    done = contact_on(
        engine, flows, catalogue, as_of, listings, every=every, only=only, where=place.words, meant=meant
    )
    return replace(done, rows=done.rows.sort("flow", "firm", "instrument"))


def _meant(field: str, words: list[str], place: Source) -> list[str]:
    """Words of a field as rules write them."""
    where = f"{place.words}, column {field}"
    if field in _COUNTRIES:
        codes = country_codes(pd.Series(words, dtype="str"))
        if bool(codes.isna().any()):
            odd = [word for word, is_odd in zip(words, codes.isna(), strict=True) if is_odd]
            raise FileFault(
                where,
                ", ".join(map(repr, odd[:_FIVE])) + ", a country nobody knows",
                "a country name or code of data/geography/countries.csv, in any spelling, or an empty cell",
                "correct the name, or leave the cell empty where the country is not known",
            )
        return [str(code) for code in codes]
    if field == "flow_kind":
        odd = [word for word in words if word not in FLOW_KINDS]
        if odd:
            raise FileFault(
                where, repr(odd[0]), "one of the kinds of flows", nearest(odd[0], tuple(FLOW_KINDS))
            )
    if field == "hs":
        return [word.replace(".", "").replace(" ", "") for word in words]
    return words


def _numbered(engine: Engine, flows: Relation, place: Source) -> Relation:
    """The same flows with numbers where there was text; an empty cell is not known."""
    schema = flows.collect_schema()
    made: dict[str, nw.Expr] = {}
    odd: list[tuple[str, str, nw.Expr]] = []
    for name in (*_NUMBERS, "value", "share"):
        if name in schema and schema[name] == nw.String:
            text = nw.col(name).fill_null("").str.strip_chars(" \t\r\n")
            fine = text.str.contains(_NUMBER)
            odd.append((name, "no number", (text != "") & ~fine))
            made[name] = nw.when(fine).then(text).cast(nw.Float64)
        elif name in schema:
            made[name] = nw.col(name).cast(nw.Float64)
    for field in BOUND_FIELDS:
        low, high = f"{field}_low", f"{field}_high"
        top = 1.0 if field != "growth" else float("inf")
        for end in (low, high, field):
            if end in made:
                odd.append((end, "outside 0 to 1", (made[end] < 0) | (made[end] > top)))
        if low in made and high in made:
            odd.append((low, f"above {high}", made[low] > made[high]))
    _refuse(engine, flows, odd, place)
    return flows.with_columns(**made) if made else flows


def _refuse(engine: Engine, flows: Relation, odd: list[tuple[str, str, nw.Expr]], place: Source) -> None:
    """A fault at the first column with a cell that cannot be, with the flow it is of."""
    if not odd:
        return
    counts = engine.few(
        flows.select(
            *(nw.when(wrong).then(1).otherwise(0).sum().alias(f"_{k}") for k, (*_, wrong) in enumerate(odd))
        )
    )
    for k, (name, why, wrong) in enumerate(odd):
        many = int(counts[f"_{k}"].fillna(0).iloc[0])
        if not many:
            continue
        there = [column for column in ("flow", name) if column in flows.collect_schema().names()]
        shown = engine.few(flows.filter(wrong).select(*there).head(1))
        named = f", flow {shown['flow'].iloc[0]}" if "flow" in there else ""
        raise FileFault(
            f"{place.words}, column {name}{named}" + (f" and {many - 1} more" if many > 1 else ""),
            f"{str(shown[name].iloc[0])!r}, {why}",
            "a number, as a share from 0 to 1, or an empty cell",
            "correct the cell",
        )
