"""Whether the rows of a catalogue can be true together; what cannot is a fault with file, row and key."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.rules.fields import BOUND_FIELDS, FIELDS, FLOW_KINDS, LIST_FIELDS, THROUGH_FIELDS
from analysis.rules.layers import TABLES
from analysis.rules.operators import BOUND_OPERATORS, LIST_OPERATORS, OPERATORS, TEXT_OPERATORS
from analysis.rules.outcomes import OUTCOMES
from analysis.rules.pair_words import BINDS, CHANNELS, COLLISION_KINDS, HURT, MEETS, STATUSES
from survey import FileFault, nearest

__all__ = ["STATES", "check_tables"]

STATES: Mapping[str, str] = {
    "in_force": "in force",
    "adopted": "adopted, not yet effective",
    "not_started": "not yet in force",
    "scheduled": "set to start or to return, not in force",
    "suspended": "suspended: not in force, not gone",
    "ended": "ended, repealed or lapsed",
}
"""States of an interval; only `in_force` meets flows."""

_CONFIDENCE = ("sure", "uncertain")
_GATES = ("bound", "subject", "licence", "exception", "review", "risk")
_HS_LENGTHS = r"\d{2}|\d{4}|\d{6}|\d{8}|\d{10}"


def check_tables(tables: Mapping[str, pd.DataFrame]) -> None:
    """Hold every table of `read_layers` against what the engine and the reader need.

    Raises
    ------
    FileFault
        An id, field, operator, gate, state, outcome, tag or word nobody knows; dates that are none, overlap
        or run backwards; a threshold that is no number; a product code of a wrong length; a pair without
        addressee or trigger, or within one side; gates without dates; look-through content used for more
        than review.
    """
    instruments, gates = tables["instruments"], tables["gates"]
    known = tuple(instruments["id"])
    for name, columns in (
        ("in_force", ("instrument",)),
        ("gates", ("instrument",)),
        ("collisions", ("duty", "clause")),
        ("particulars", ("id",)),
        ("aligned", ("instrument", "aligned_with")),
        ("owner_sets", ("rule", "list")),
    ):
        for column in columns:
            _one_of(tables[name], column, known)
    for name, table in tables.items():
        if "confidence" in table.columns and name != "particulars":
            _one_of(table, "confidence", _CONFIDENCE)
    for column in ("adopted", "effective"):
        if column in instruments.columns:
            _days(instruments, column)
    _one_of(tables["in_force"], "state", tuple(STATES))
    _intervals(tables["in_force"], ("instrument", "branch"))
    _intervals(tables["collisions"], ("duty", "clause", "channel", "meets", "duty_channel"))
    _intervals(tables["aligned"], ("instrument", "aligned_with"))
    sides = dict(zip(known, instruments["jurisdiction"], strict=True))
    _check_pairs(tables["collisions"], sides, gates["instrument"])
    owners = tables["owner_sets"]
    flags = tuple(owners["flag"].unique()) if "flag" in owners.columns else ()
    _check_gates(gates, (*known, *flags), _tags(tables["technologies"]))
    _check_dated(gates, tables["in_force"])
    _check_particulars(tables["particulars"], tuple(owners["rule"]))
    codes = tables["technologies"]
    for column in ("hs_chapters", "hs_codes"):
        if column in codes.columns:
            _codes(codes, codes[column] != "", column)


def _refuse(frame: pd.DataFrame, wrong: object, column: str, found: str, expected: str, do: str) -> None:
    """A fault at the first wrong row, with its file, line, key and column."""
    rows = np.flatnonzero(np.asarray(wrong, dtype=bool))
    if not len(rows):
        return
    row = frame.iloc[int(rows[0])]
    key = next(
        (
            " ".join(str(row[part]) for part in table.key)
            for table in TABLES.values()
            if set(table.columns) <= set(frame.columns) and row["_file"].endswith(".csv")
        ),
        "",
    )
    raise FileFault(
        f"{row['_file']}, line {row['_line']}" + (f" ({key})" if key else "") + f", column {column}",
        found or repr(str(row[column])),
        expected,
        do,
    )


def _one_of(frame: pd.DataFrame, column: str, known: Sequence[str]) -> None:
    odd = ~frame[column].isin(list(known))
    if bool(odd.any()):
        word = str(frame.loc[odd, column].iloc[0])
        _refuse(frame, odd, column, repr(word), "one of the known words", nearest(word, tuple(known)))


def _days(frame: pd.DataFrame, column: str) -> None:
    text = frame[column]
    wrong = (text != "") & pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").isna()
    _refuse(frame, wrong, column, "", "a date such as 2025-11-10, or an empty cell", "correct the date")


def _intervals(frame: pd.DataFrame, key: tuple[str, ...]) -> None:
    _days(frame, "from")
    _days(frame, "to")
    last = frame["to"].where(frame["to"] != "", "9999-12-31")
    expected = "intervals one after the other, last day included"
    _refuse(
        frame,
        frame["from"] > last,
        "to",
        "an interval that runs backwards: it ends before it starts",
        expected,
        "correct the dates",
    )
    order = frame.assign(last=last).sort_values([*key, "from"], kind="stable")
    before = order.groupby(list(key))["last"].shift()
    wrong = before.notna() & (order["from"] <= before.fillna(""))
    _refuse(
        frame,
        wrong.reindex(frame.index),
        "from",
        "an interval that overlaps the one before it",
        expected,
        "correct the dates",
    )


def _check_pairs(pairs: pd.DataFrame, side: Mapping[str, str], tested: pd.Series) -> None:
    for column, words in (
        ("status", STATUSES),
        ("channel", CHANNELS),
        ("clause_outcome", ("", *OUTCOMES)),
        ("hurt", ("", *HURT)),
        ("kind", tuple(COLLISION_KINDS)),
        ("binds", tuple(BINDS)),
        ("meets", tuple(MEETS)),
        ("duty_channel", ("", *CHANNELS)),
    ):
        _one_of(pairs, column, words)
    _refuse(
        pairs,
        (pairs["meets"] == "party") != (pairs["duty_channel"] != ""),
        "duty_channel",
        "",
        "the channel of the duty's flow where meets is party, nothing where it is flow",
        "correct the row",
    )
    _refuse(
        pairs,
        (pairs["clause_outcome"] == "") & ~pairs["clause"].isin(tested),
        "clause_outcome",
        "nothing, for a clause without tests of its own",
        "the outcome of the clause",
        "write it, or give the clause tests in gates.csv",
    )
    for column, expected in (
        ("addressee", "whom the clause binds"),
        ("trigger", "the event that sets the clause off"),
    ):
        _refuse(pairs, pairs[column] == "", column, "nothing", expected, "write it")
    same = pairs["duty"].map(side) == pairs["clause"].map(side)
    _refuse(pairs, same, "clause", "", "an instrument of another side than the duty", "correct the pair")


def _check_gates(gates: pd.DataFrame, known: tuple[str, ...], tags: tuple[str, ...]) -> None:
    _one_of(gates, "gate", _GATES)
    _one_of(gates, "field", tuple(FIELDS))
    _one_of(gates, "operator", tuple(OPERATORS))
    _one_of(gates[(gates["gate"] != "risk") & (gates["outcome"] != "")], "outcome", OUTCOMES)
    field = gates["field"]
    lists, bounds = field.isin(list(LIST_FIELDS)), field.isin(list(BOUND_FIELDS))
    fits = np.select(
        [lists, bounds],
        [gates["operator"].isin(list(LIST_OPERATORS)), gates["operator"].isin(list(BOUND_OPERATORS))],
        gates["operator"].isin(list(TEXT_OPERATORS)),
    ).astype(bool)
    numbers = pd.to_numeric(gates["value"], errors="coerce").notna() | ~bounds
    through = ~field.isin(list(THROUGH_FIELDS)) | (gates["outcome"] == "review")
    asks = gates["value"] != ""
    for wrong, column, found, expected in (
        (~fits, "operator", "an operator that does not fit the field", "an operator for this kind of field"),
        (~numbers, "value", "a threshold that is no number", "a number"),
        (~asks, "value", "nothing", "what the field is compared with"),
        (
            ~gates["order"].str.fullmatch(r"\d+"),
            "order",
            "an order that is no whole number",
            "0, 1, 2 ...",
        ),
        (
            ~through,
            "outcome",
            "look-through content as a legal test",
            "outcome review: it only triggers review",
        ),
    ):
        _refuse(gates, wrong, column, found, expected, "correct the row")
    _each(gates, lists, known, "the id of an instrument")
    _each(gates, field == "flow_kind", tuple(FLOW_KINDS), "a kind of flow")
    if tags:
        _each(gates, field.isin(["technology", "end_use"]), tags, "a tag of technologies.csv")
    _codes(gates, field == "hs", "value")
    _codes(gates, field.isin(["seller_country", "buyer_country", "origin"]), "value", r"[A-Z]{2}", "country")
    main = gates[gates["gate"].isin(["bound", "subject", "licence"])]
    ends = main.assign(number=main["order"].astype(int)).sort_values("number", kind="stable")
    last = ends.groupby(["instrument", "branch"], sort=False).tail(1)
    _refuse(last, last["outcome"] == "", "outcome", "nothing", "the last test holds the outcome", "add it")


def _check_dated(gates: pd.DataFrame, in_force: pd.DataFrame) -> None:
    dated = pd.MultiIndex.from_frame(in_force[["instrument", "branch"]])
    of_branch = pd.MultiIndex.from_frame(gates[["instrument", "branch"]]).isin(dated)
    of_all = pd.MultiIndex.from_frame(gates[["instrument"]].assign(branch="")).isin(dated)
    _refuse(
        gates,
        ~(of_branch | of_all),
        "branch",
        "a test without dates",
        "an interval of the instrument, or of the branch, in in_force.csv",
        "add its dates",
    )


def _check_particulars(rows: pd.DataFrame, sets: tuple[str, ...]) -> None:
    if "reviewed_on" in rows.columns:
        _days(rows, "reviewed_on")
        alone = (rows["reviewed_on"] != "") & (rows.get("reviewed_by", "") == "")
        _refuse(rows, alone, "reviewed_by", "a review by nobody", "the name of the counsel", "write it")
    if "owner_set" in rows.columns:
        _one_of(rows, "owner_set", ("", *sets))


def _tags(technologies: pd.DataFrame) -> tuple[str, ...]:
    others: list[str] = []
    if "tags" in technologies.columns:
        others = technologies["tags"].str.split("|").explode().tolist()
    return tuple(dict.fromkeys(tag for tag in (*technologies["tag"], *others) if tag))


def _each(
    frame: pd.DataFrame, rows: pd.Series, known: tuple[str, ...], expected: str, column: str = "value"
) -> None:
    """Each of the values between `|` is one of the known words."""
    words = frame.loc[rows, column].str.split("|").explode()
    odd = words[~words.isin(list(known))]
    if len(odd):
        word = str(odd.iloc[0])
        here = frame.index == odd.index[0]
        _refuse(frame, here, column, repr(word), expected, nearest(word, known))


def _codes(
    frame: pd.DataFrame, rows: pd.Series, column: str, form: str = _HS_LENGTHS, what: str = "product"
) -> None:
    """Each of the codes between `|` has the form of one."""
    words = frame.loc[rows, column].str.split("|").explode()
    odd = words[~words.str.fullmatch(form)]
    if len(odd):
        expected = "2, 4, 6, 8 or 10 digits" if what == "product" else "two capital letters, as in ISO 3166"
        here = frame.index == odd.index[0]
        _refuse(frame, here, column, f"{what} code {str(odd.iloc[0])!r}", expected, "correct the code")
