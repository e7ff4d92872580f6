"""Which owners each 50 per cent rule counts, as rows with a source: OFAC's alone, those of BIS together."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.rules.affiliates import OwnerSet
from analysis.rules.catalogue import Catalogue
from survey import FileFault, data_folder, nearest

__all__ = ["AGGREGATIONS", "OwnerRule", "counting", "read_owner_rules"]

AGGREGATIONS = {
    "together": "owners that count are added up, and so are owners caught through others (full count)",
    "open": "the source does not say whether owners add up and chains are followed: one direct owner decides",
}
"""Words of the column `aggregation`."""

_COLUMNS = (
    "rule",
    "list",
    "program",
    "threshold",
    "operator",
    "aggregation",
    "during",
    "not_in",
    "flag",
    "clause",
    "source",
    "confidence",
    "note",
)
_OF_RULE = ("threshold", "operator", "aggregation", "during", "not_in", "flag", "clause")
_OPERATORS = {"at_least": 0.0, "more_than": 4e-9}


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """One 50 per cent rule.

    Attributes
    ----------
    rule : str
        Instrument whose list a caught party stands on.
    lists : tuple[tuple[str, str], ...]
        Lists whose parties count as owners, and the programme of the list that is meant ("" for all of it).
    threshold : float
        Share, 0 to 1, from which on a party is caught.
    aggregation : str
        Word of `AGGREGATIONS`.
    during : str
        Instrument that must be in force for anybody to be caught; "" where the tests of `rule` see to it.
    not_in : tuple[str, ...]
        Countries whose firms are not caught.
    flag : str
        List of those who are not caught but whose ownership must be found out; "" for none.
    clause, confidence : str
        Where it is written; `uncertain` where a row of the rule is.
    """

    rule: str
    lists: tuple[tuple[str, str], ...]
    threshold: float
    aggregation: str
    during: str
    not_in: tuple[str, ...]
    flag: str
    clause: str
    confidence: str

    def as_set(self) -> OwnerSet:
        """The rule as `find_affiliates` takes it: over a list of its own, see `counting`."""
        return OwnerSet(self.rule, (self.rule,), self.threshold)


def read_owner_rules(catalogue: Catalogue) -> tuple[OwnerRule, ...]:
    """Rules of the catalogue's owner_sets.csv; the product's own where it has none.

    Raises
    ------
    FileFault
        A column that is missing, an instrument, operator or aggregation nobody knows, a threshold that is no
        share, rows of one rule that say different things.
    """
    path = data_folder() / "regulation" / "owner_sets.csv"
    table = getattr(catalogue, "owner_sets", pd.DataFrame())
    if not len(table):
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    for name in _COLUMNS:
        if name not in table.columns:
            raise FileFault(str(path), f"no column {name!r}", ", ".join(_COLUMNS), "add the column")
    ids = tuple(catalogue.instruments["id"])
    for name, known in (
        ("rule", ids),
        ("list", ids),
        ("during", (*ids, "")),
        ("operator", tuple(_OPERATORS)),
        ("aggregation", tuple(AGGREGATIONS)),
    ):
        _one_of(table, name, known, path)
    share = pd.to_numeric(table["threshold"], errors="coerce")
    _refuse(table["threshold"], ~((share > 0) & (share <= 1)), path, "a share above 0, at most 1")
    odd = table.groupby("rule")[list(_OF_RULE)].transform("nunique").gt(1)
    for name in _OF_RULE:
        _refuse(table[name], odd[name], path, "the same in all rows of a rule")
    return tuple(_rule(str(rule), rows) for rule, rows in table.groupby("rule", sort=False))


def counting(rule: OwnerRule, listings: pd.DataFrame, *, sure: bool) -> pd.Series:
    """Which listings make their party an owner that counts.

    Parameters
    ----------
    rule : OwnerRule
    listings : pandas.DataFrame
        `party,list,program`.
    sure : bool
        Only those whose programme is known to be named; else also those whose programme is not known.

    Returns
    -------
    pandas.Series
        bool, shape (listings,).
    """
    whole = [name for name, program in rule.lists if not program]
    found = listings["list"].isin(whole)
    part = pd.DataFrame(
        [(name, program) for name, program in rule.lists if program and name not in whole],
        columns=["list", "program"],
    )
    rows = listings[listings["list"].isin(part["list"])]
    if len(rows):
        each = rows["program"].str.split(";").explode().str.strip().str.upper()
        keys = pd.MultiIndex.from_arrays([rows["list"].loc[each.index], each])
        named = pd.Series(keys.isin(pd.MultiIndex.from_frame(part)), index=each.index)
        met = named.groupby(level=0).any()
        if not sure:
            met |= rows["program"].str.strip() == ""
        found.loc[met.index] |= met
    return found


def _rule(name: str, rows: pd.DataFrame) -> OwnerRule:
    first = rows.iloc[0]
    return OwnerRule(
        rule=name,
        lists=tuple(zip(rows["list"], rows["program"].str.upper(), strict=True)),
        threshold=float(first["threshold"]) + _OPERATORS[str(first["operator"])],
        aggregation=str(first["aggregation"]),
        during=str(first["during"]),
        not_in=tuple(word for word in str(first["not_in"]).split("|") if word),
        flag=str(first["flag"]),
        clause=str(first["clause"]),
        confidence="uncertain" if (rows["confidence"] == "uncertain").all() else "sure",
    )


def _one_of(table: pd.DataFrame, name: str, known: tuple[str, ...], path: Path) -> None:
    odd = np.flatnonzero(~table[name].isin(known).to_numpy())
    if len(odd):
        word = str(table[name].iloc[int(odd[0])])
        raise FileFault(
            f"{path}, line {int(odd[0]) + 2}, column {name}",
            repr(word),
            "one of the known words",
            nearest(word, known),
        )


def _refuse(cells: pd.Series, odd: pd.Series, path: Path, expected: str) -> None:
    wrong = np.flatnonzero(odd.to_numpy())
    if len(wrong):
        row = int(wrong[0])
        raise FileFault(
            f"{path}, line {row + 2}, column {cells.name}", repr(str(cells.iloc[row])), expected, "correct it"
        )
