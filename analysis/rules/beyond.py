"""Contact of flows too many for memory: an engine gathers their cases, memory rules, the engine joins."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.rules.asking import RULING, Asked, ask_all, asked_on
from analysis.rules.cases import Cut, Values, cuts_of, told_apart
from analysis.rules.catalogue import Catalogue
from analysis.rules.fields import BOUND_FIELDS, LIST_FIELDS, PLAIN_KIND, TEXT_FIELDS
from analysis.rules.gates import Gate
from analysis.rules.listings import lists_on
from analysis.rules.reach import CONTACT_COLUMNS
from analysis.supply.engine.running import Engine, Relation, distinct
from survey import FileFault, nearest

__all__ = ["Contacted", "contact_on"]

_KEY = 1 << 62
"""One key holds cases below this number; fields that would go beyond it begin another key."""


@dataclass(frozen=True, slots=True)
class Contacted:
    """What contact made, still with the engine.

    Attributes
    ----------
    rows : Relation
        `CONTACT_COLUMNS`, in no order.
    engine : Engine
        Whose rows they are; `engine.batches(rows)` brings them.
    cases : int
        Cases that the rules could tell apart among the flows, each ruled on once.
    totals : pandas.DataFrame
        `side,instrument,outcome,flows,value`: how many flows, and the sum of their known values.
    lists : tuple[str, ...]
        Lists on which parties of the flows stand.
    """

    rows: Relation
    engine: Engine
    cases: int
    totals: pd.DataFrame
    lists: tuple[str, ...]

    def batches(self) -> Iterator[pd.DataFrame]:
        """The rows in pieces that fit in memory; the first has no row, and all columns."""
        return self.engine.batches(self.rows)


def contact_on(
    engine: Engine,
    flows: Relation,
    catalogue: Catalogue,
    as_of: date,
    listings: pd.DataFrame | None = None,
    *,
    every: bool = False,
    only: Collection[str] | None = None,
    where: str = "flows",
    meant: Callable[[str, list[str]], list[str]] | None = None,
) -> Contacted:
    """Take every flow through every computed instrument on an engine: the rows of `contact`, in no order.

    Each field becomes a class: its distinct words are looked at once, in memory, and joined as a small table;
    numbers are compared with the thresholds that occur. A flow is then one or two whole numbers, its case.
    The distinct cases are ruled on in memory, by the function that `contact` uses, and joined to the flows.

    Parameters
    ----------
    engine : Engine
        Whose rows the flows are.
    flows : Relation
        `flow`, `firm` and other columns of `flows_of`; a field that is not there is not known.
    catalogue, as_of, listings, every, only
        As `contact`; with `listings` the flows need the columns `seller` and `buyer`.
    where : str
        What the flows are called, for messages.
    meant : callable, optional
        Field and its distinct words to the words that rules know, such as country codes.

    Raises
    ------
    FileFault
        Flows without the column `flow` or `firm`; listings, and flows without their parties.
    """
    schema = flows.collect_schema()
    there = schema.names()
    for name in ("flow", "firm", *(() if listings is None else ("seller", "buyer"))):
        if name not in there:
            raise FileFault(
                where,
                f"no column {name!r} ({nearest(name, there)})",
                "flows with the columns flow, firm" + ("" if listings is None else ", seller, buyer"),
                "rename the column, or add it",
            )
    odd = [name for name in TEXT_FIELDS if name in there and schema[name] != nw.String]
    if odd:
        flows = flows.with_columns(*(nw.col(name).cast(nw.String) for name in odd))
    if listings is not None:
        flows, there = _listed(engine, flows, listings, as_of), [*there, *LIST_FIELDS]
    wanted = {row.field for one in asked_on(catalogue, as_of, screened=True, only=only) for row in one.rows}
    words = {
        name: _words(engine, flows, name, there) if name in {*wanted, *LIST_FIELDS} else []
        for name in TEXT_FIELDS
    }
    asked = list(asked_on(catalogue, as_of, screened=bool(words["buyer_lists"]), only=only))
    rows = [row for one in asked for row in one.rows]
    fields = [name for name in (*TEXT_FIELDS, *BOUND_FIELDS) if any(row.field == name for row in rows)]
    said_so = words if meant is None else {name: meant(name, found) for name, found in words.items()}
    values = Values(said_so, {name: cuts_of(rows, name) for name in fields if name in BOUND_FIELDS})
    keys = _keys(rows, fields, values)
    keyed = _keyed(engine, flows, keys, words, values.cuts, there)
    names = [f"_key_{k}" for k in range(len(keys))]
    cases = keyed.group_by(*names).agg(nw.len().alias("flows"), nw.col("value").sum().alias("value"))
    found, said, totals, count = _ruled(engine, cases, keys, asked, values, every)
    met = keyed.join(engine.hold(found), on=names, how="inner").join(
        engine.hold(said), on="_ruling", how="inner"
    )
    made = met.with_columns(as_of=nw.lit(as_of.isoformat())).select(*CONTACT_COLUMNS)
    lists = {one for name in LIST_FIELDS for word in words[name] for one in word.split(";") if one}
    return Contacted(made, engine, count, totals, tuple(sorted(lists)))


def _listed(engine: Engine, flows: Relation, listings: pd.DataFrame, as_of: date) -> Relation:
    """The lists of the parties of each flow on a day."""
    parties = pd.DataFrame({"party": listings["party"].unique()}, dtype="str")
    both = parties.rename(columns={"party": "seller"}).assign(buyer=parties["party"])
    held = engine.hold(lists_on(both, listings, as_of)[["seller", "seller_lists"]])
    flows = flows.drop(*LIST_FIELDS, strict=False)
    for end in ("seller", "buyer"):
        one = held.select(_party=nw.col("seller"), **{f"{end}_lists": nw.col("seller_lists")})
        flows = flows.join(one, left_on=end, right_on="_party", how="left")
    return flows.with_columns(*(nw.col(name).fill_null("") for name in LIST_FIELDS))


@dataclass(frozen=True, slots=True)
class _Part:
    """One field of a key: the class of each value (the last of the unknown), and what stands for a class."""

    field: str
    classes: np.ndarray
    standing: np.ndarray
    stride: int


def _words(engine: Engine, flows: Relation, name: str, there: Collection[str]) -> list[str]:
    """Distinct words of a field; empty is not known, but for lists."""
    if name not in there:
        return [PLAIN_KIND] if name == "flow_kind" else []
    found = [str(word) for word in engine.few(distinct(flows, name))[name].dropna()]
    return sorted(word for word in found if word.strip() or name.endswith("_lists"))


def _keys(rows: Sequence[Gate], fields: Sequence[str], values: Values) -> list[list[_Part]]:
    keys: list[list[_Part]] = [[]]
    stride = 1
    for field in fields:
        if field in BOUND_FIELDS:
            classes = np.arange(values.count(field) + 1)
            standing = np.append(classes[:-1], -1)
        else:
            cases = told_apart([row for row in rows if row.field == field], values, {})
            classes, standing = cases.parts[field], cases.standing[field]
        if stride * len(standing) >= _KEY:
            keys.append([])
            stride = 1
        keys[-1].append(_Part(field, classes, standing, stride))
        stride *= len(standing)
    return keys


def _keyed(
    engine: Engine,
    flows: Relation,
    keys: list[list[_Part]],
    words: Mapping[str, list[str]],
    cuts: Mapping[str, tuple[Cut, ...]],
    there: Collection[str],
) -> Relation:
    """What a row of contact takes from its flow, and the keys of its case."""
    made, tables = {}, {}
    for k, parts in enumerate(keys):
        key = nw.lit(0, nw.Int64)
        for part in parts:
            name = part.field
            adds = part.classes * part.stride
            unknown = int(adds[-1])
            if name in BOUND_FIELDS:
                key = key + _stretch(part, cuts[name], there)
            elif name not in there:
                key = key + int(adds[0] if words[name] else unknown)
            else:
                table = pd.DataFrame({"word": pd.Series(words[name], dtype="str")})
                tables[name] = table.assign(**{f"_of_{name}": adds[:-1].astype(np.int64)})
                key = key + nw.col(f"_of_{name}").fill_null(unknown)
        made[f"_key_{k}"] = key
    for name, kind in (("flow", nw.String), ("firm", nw.String), ("path", nw.String)):
        made[name] = nw.col(name).cast(kind) if name in there else nw.lit("")
    for name in ("value", "share"):
        made[name] = nw.col(name).cast(nw.Float64) if name in there else nw.lit(None, nw.Float64)
    return engine.look_up(flows, tables).select(**made)


def _stretch(part: _Part, cuts: Sequence[Cut], there: Collection[str]) -> nw.Expr:
    """What two bounds add to a key: the class of the stretches between thresholds that they lie in."""
    name = part.field
    low, high = (f"{name}_low", f"{name}_high") if f"{name}_low" in there else (name, name)
    unknown = int(part.classes[-1]) * part.stride
    if low not in there or high not in there:
        return nw.lit(unknown, nw.Int64)
    ends = [nw.col(end).cast(nw.Float64) for end in (low, high)]
    code = nw.lit(0, nw.Int64)
    for width, end in zip((len(cuts) + 1, 1), ends, strict=True):
        for cut in cuts:
            code = code + nw.when(end > cut.at if cut.is_strict else end >= cut.at).then(width).otherwise(0)
    known = ~(ends[0].is_null() | ends[1].is_null() | ends[0].is_nan() | ends[1].is_nan())
    return nw.when(known).then(code * part.stride).otherwise(unknown)


def _ruled(
    engine: Engine,
    cases: Relation,
    keys: list[list[_Part]],
    asked: Sequence[Asked],
    values: Values,
    every: bool,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, int]:
    """Keys of cases that some instrument touches with the number of each ruling; the rulings; sums; cases."""
    names = [f"_key_{k}" for k in range(len(keys))]
    found = [pd.DataFrame({name: np.zeros(0, dtype=np.int64) for name in (*names, "_ruling")})]
    numbers: dict[tuple[str, ...], int] = {}
    sums = [pd.DataFrame({name: pd.Series([], dtype=float) for name in ("flows", "value")})]
    count = 0
    for piece in engine.batches(cases):
        if not len(piece):
            continue
        count += len(piece)
        codes = {}
        for name, parts in zip(names, keys, strict=True):
            key = piece[name].to_numpy(dtype=np.int64)
            for part in parts:
                codes[part.field] = part.standing[(key // part.stride) % len(part.standing)]
        ruled = ask_all(asked, codes, values, len(piece), every=every)
        number = np.array([numbers.setdefault(row, len(numbers)) for row in ruled.words], dtype=np.int64)
        ruling = number[ruled.ruling]
        found.append(piece[names].astype(np.int64).take(ruled.place).assign(_ruling=ruling))
        weighed = piece[["flows", "value"]].astype(float).take(ruled.place)
        sums.append(weighed.groupby(ruling).sum())
    said = pd.DataFrame(list(numbers), columns=list(RULING), dtype="str")
    summed = pd.concat(sums).groupby(level=0).sum()
    totals = said[["side", "instrument", "outcome"]].join(summed, how="inner")
    totals = totals.groupby(["side", "instrument", "outcome"], as_index=False, sort=False).sum()
    totals["flows"] = totals["flows"].astype(np.int64)
    return pd.concat(found, ignore_index=True), said.assign(_ruling=np.arange(len(said))), totals, count
