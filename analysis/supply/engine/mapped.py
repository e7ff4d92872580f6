"""The rows of a source become links of the contract: renamed, filtered, typed, and held against the rules."""

from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.supply.engine.running import Engine, Relation, distinct
from survey import FileFault, Finding, Study, StudyFault, country_codes, nearest

__all__ = ["Reader", "chosen_period", "links_of", "picked"]

Reader = Callable[[bool], Relation]
"""Gives the rows of a source; with True, with `_place`."""

_TEXT = ("buyer", "supplier", "country", "period")
_NUMBERS = (("share", 1.0), ("value", np.inf), ("inputs", np.inf), ("confidence", 1.0))
_NUMBER = r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?%?$"
_FIVE = 5


def picked(rows: Relation, study: Study) -> Relation:
    """What `[supply.where]` keeps, with the columns `[supply.columns]` names or sets.

    Raises
    ------
    StudyFault
        A column that the source does not have.
    """
    supply = study.section("supply")
    there = rows.collect_schema().names()
    for column, wanted in _lines(supply, "where", study):
        _known(column, there, f"supply.where.{column}", study)
        values = wanted if isinstance(wanted, list) else [wanted]
        words = [str(v).lower() if isinstance(v, bool) else str(v) for v in values]
        rows = rows.filter(nw.col(column).cast(nw.String).is_in(words))
    made = {}
    for target, source in _lines(supply, "columns", study):
        if isinstance(source, Mapping) and set(source) == {"const"}:
            made[target] = nw.lit(str(source["const"]))
        else:
            _known(source, there, f"supply.columns.{target}", study)
            made[target] = nw.col(source)
    taken = {source for _, source in _lines(supply, "columns", study) if isinstance(source, str)}
    kept = [name for name in there if name not in made and name not in taken]
    return rows.select(*kept, **made)


def _lines(supply: Mapping[str, Any], key: str, study: Study) -> list[tuple[str, Any]]:
    lines = supply.get(key, {})
    if not isinstance(lines, Mapping):
        raise StudyFault(study.place(f"supply.{key}"), repr(lines), "a table", f"write  [supply.{key}]")
    return list(lines.items())


def _known(column: Any, there: list[str], key: str, study: Study) -> None:
    if column not in there:
        raise StudyFault(
            study.place(key),
            f"no column {column!r} in the source",
            "a column of the source",
            nearest(str(column), there),
        )


def links_of(
    engine: Engine, read: Reader, where: str, homes: pd.DataFrame | None, findings: list[Finding]
) -> Relation:
    """Links `buyer, supplier, country, period, share, value, inputs, confidence`, blanks as `""` and null.

    Parameters
    ----------
    engine : Engine
        Whose rows they are.
    read : Reader
        Gives rows with columns of the contract, text or numbers; on request with `_place`, for a fault.
    where : str
        The source, for messages.
    homes : pandas.DataFrame, optional
        `party, country`: countries of suppliers whose links have none.
    findings : list of Finding
        Grows by what was set aside.

    Raises
    ------
    FileFault
        A column that is missing, a cell that is no number or out of its range, a link without a buyer or a
        supplier, a country nobody knows, no link; each with the first rows it concerns.
    """
    rows = _typed(read(False), where)
    counts = engine.few(rows.select(nw.len().alias("rows"), *(odd.sum().alias(name) for name, odd in _odd())))
    told = counts.fillna(0).iloc[0].astype(int)
    for name, odd in _odd():
        if told[name] and name != "own":
            raise _fault(engine, _typed(read(True), where), name, odd, where, int(told[name]))
    if told["own"]:
        findings.append(
            Finding(
                where,
                f"{told['own']} links of a party with itself",
                "They are set aside; given shares of them stay in the unnamed rest.",
                "Take them out, or name the supplier behind them.",
            )
        )
    if told["rows"] == told["own"]:
        raise FileFault(where, "no link left", "at least one link", "check the source and its filter")
    rows = _known_countries(engine, rows, read, where).filter(nw.col("buyer") != nw.col("supplier"))
    if homes is not None and bool((homes["country"] != "").any()):
        home = engine.hold(homes[["party", "country"]].rename(columns={"country": "_home"}))
        rows = rows.join(home, left_on="supplier", right_on="party", how="left").with_columns(
            country=nw.when(nw.col("country") == "")
            .then(nw.col("_home").fill_null(""))
            .otherwise(nw.col("country"))
        )
    return rows.select(*_TEXT, *(name for name, _ in _NUMBERS))


def _typed(rows: Relation, where: str) -> Relation:
    schema = rows.collect_schema()
    for name in ("buyer", "supplier"):
        if name not in schema:
            raise FileFault(
                where,
                f"no column {name!r} ({nearest(name, [n for n in schema if n != '_place'])})",
                "the columns buyer, supplier",
                "rename the column, or map it in study.toml under [supply.columns]",
            )
    made: dict[str, Any] = {"_place": nw.col("_place")} if "_place" in schema else {}
    for name in _TEXT:
        text = nw.col(name).cast(nw.String).fill_null("").str.strip_chars(" \t\r\n")
        made[name] = text if name in schema else nw.lit("")
    for name, _ in _NUMBERS:
        if name not in schema:
            made[name], made[f"_{name}"] = nw.lit(None, nw.Float64), nw.lit(value=False)
        elif schema[name].is_numeric():
            column = nw.col(name).cast(nw.Float64)
            made[name] = nw.when(~column.is_nan()).then(column) if schema[name].is_float() else column
            made[f"_{name}"] = nw.lit(value=False)
        else:
            text = nw.col(name).cast(nw.String).fill_null("").str.replace_all(r"[, \t]", "")
            fine, share = text.str.contains(_NUMBER), text.str.ends_with("%")
            number = nw.when(fine).then(text.str.replace_all("%", "", literal=True)).cast(nw.Float64)
            made[name] = nw.when(share).then(number / 100).otherwise(number)
            made[f"_{name}"] = (text != "") & ~fine
    return rows.select(**made)


def _odd() -> list[tuple[str, nw.Expr]]:
    """What no link may be, by name, and last what is set aside."""
    odd = [("nameless", (nw.col("buyer") == "") | (nw.col("supplier") == ""))]
    for name, high in _NUMBERS:
        odd.append((f"{name} that is no number", nw.col(f"_{name}")))
        beyond = (nw.col(name) < 0) | (nw.col(name) > high) | (nw.col(name) == np.inf)
        odd.append((f"{name} out of range", beyond.fill_null(value=False)))
    flags = [(name, nw.when(expression).then(1).otherwise(0)) for name, expression in odd]
    return [*flags, ("own", nw.when(nw.col("buyer") == nw.col("supplier")).then(1).otherwise(0))]


def _fault(engine: Engine, rows: Relation, name: str, odd: nw.Expr, where: str, count: int) -> FileFault:
    shown = engine.few(
        rows.filter(odd == 1).select("_place", "buyer", "supplier", *(n for n, _ in _NUMBERS)).head(_FIVE)
    )
    column = name.split(" ")[0]
    places = [
        f"{row['_place']} (buyer {row['buyer']!r}, supplier {row['supplier']!r})".strip()
        for row in shown.to_dict("records")
    ]
    more = f" and {count - len(places)} more" if count > len(places) else ""
    if name == "nameless":
        return FileFault(
            f"{where}, {', '.join(places)}{more}",
            "a link without a buyer or without a supplier",
            "two parties a link",
            "fill in the name, or take the row out",
        )
    found = name if name.endswith("number") else f"{shown[column].iloc[0]:g}"
    limits = "a number from 0 to 1" if column in ("share", "confidence") else "a number, 0 or more"
    return FileFault(
        f"{where}, column {column}, {', '.join(places)}{more}", found, limits, "correct the cell"
    )


def _known_countries(engine: Engine, rows: Relation, read: Reader, where: str) -> Relation:
    """Countries as alpha-2 codes; each spelling is looked up once."""
    spelled = engine.few(distinct(rows, "country"))["country"].astype("str").reset_index(drop=True)
    codes = country_codes(spelled)
    if bool(codes.isna().any()):
        names = spelled[codes.isna()].tolist()
        placed = _typed(read(True), where)
        shown = engine.few(
            placed.filter(nw.col("country").is_in(names)).select("_place", "buyer", "supplier").head(_FIVE)
        )
        places = [
            f"{r['_place']} (buyer {r['buyer']!r}, supplier {r['supplier']!r})".strip()
            for r in shown.to_dict("records")
        ]
        raise FileFault(
            f"{where}, column country, {', '.join(places)}",
            f"{', '.join(map(repr, sorted(names)[:_FIVE]))}, a country nobody knows",
            "a country name or code of data/geography/countries.csv, in any spelling, or an empty cell",
            "correct the name, or leave the cell empty where the country is not known",
        )
    if bool((codes == spelled).all()):
        return rows
    table = engine.hold(pd.DataFrame({"_spelled": spelled, "_code": codes.astype("str")}))
    joined = rows.join(table, left_on="country", right_on="_spelled", how="inner")
    return joined.with_columns(country=nw.col("_code")).drop("_code")


def chosen_period(
    engine: Engine, links: Relation, day: str | None, where: str, findings: list[Finding]
) -> Relation:
    """Of each buyer the latest period not after a day, and links without a period."""
    periods = engine.few(distinct(links, "period"))["period"].tolist()
    if len(periods) < 2:
        return links
    usable = nw.col("period") <= (day or "9999-12-31")
    each = links.group_by("buyer").agg(
        nw.col("period").n_unique().alias("_many"),
        nw.col("period").min().alias("_first"),
        nw.when(usable).then(nw.col("period")).max().alias("_reached"),
    )
    each = each.select(
        nw.col("buyer").alias("_buyer"),
        _chosen=nw.when(nw.col("_many") > 1).then(nw.coalesce("_reached", "_first")),
    )
    kept = links.join(each, left_on="buyer", right_on="_buyer", how="left").filter(
        nw.col("_chosen").is_null() | (nw.col("period") == nw.col("_chosen")) | (nw.col("period") == "")
    )
    findings.append(
        Finding(
            f"{where}, column period",
            f"links of {len(periods)} periods",
            f"Each buyer's latest period{f' not after {day}' if day else ''} counts, others are set aside.",
            "Choose a period under [supply.where] to look at another.",
        )
    )
    return kept.drop("_chosen", strict=False)
