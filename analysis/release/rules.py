"""The rules a Release was made with, row for row: facts of law, which every audience may see."""

import pandas as pd

from analysis.rules.catalogue import Catalogue

__all__ = ["RULE_TABLES", "catalogue_tables"]

RULE_TABLES = (
    "instruments",
    "rule_aligned",
    "rule_history",
    "rule_intervals",
    "rule_owners",
    "rule_pairs",
    "rule_tests",
    "technologies",
)
"""Tables of the catalogue in a Release; `rule_history` for the internal audience alone."""

_PERSONS = ("reviewed_by", "changed_by")
"""Columns that name persons: they stay inside."""

_OF_PARTICULARS = ("source", "confidence", "note")
"""Columns that instruments.csv has too."""


def catalogue_tables(catalogue: Catalogue, *, is_open: bool) -> dict[str, pd.DataFrame]:
    """The catalogue of a study, layers laid over each other, as tables of a Release.

    Parameters
    ----------
    catalogue : Catalogue
    is_open : bool
        For the internal audience: with who reviewed or changed a row, and what it was before.

    Returns
    -------
    dict of str to pandas.DataFrame
        `instruments` (one row an instrument with its particulars, and `changed`, whether a later layer
        changed anything about it), `rule_intervals`, `rule_tests`, `rule_pairs`, `rule_aligned`,
        `rule_owners`, `technologies` with the columns of the catalogue; `rule_history` where open.
    """
    named = catalogue.instruments
    more = catalogue.particulars.drop(columns=list(_OF_PARTICULARS), errors="ignore")
    rows = named.merge(more, on="id", how="left").fillna("") if "id" in more else named.copy()
    history = catalogue.history
    changed = set(history["key"].str.split(" ").str[0]) if "key" in history else set()
    rows["changed"] = rows["id"].isin(changed)
    tables = {
        "instruments": rows,
        "rule_intervals": catalogue.in_force,
        "rule_tests": catalogue.gates,
        "rule_pairs": catalogue.collisions,
        "rule_aligned": catalogue.aligned,
        "rule_owners": catalogue.owner_sets,
        "technologies": catalogue.technologies,
    }
    if is_open:
        tables["rule_history"] = history.astype("str") if len(history) else pd.DataFrame()
    dropped = () if is_open else _PERSONS
    plain = {
        name: table.drop(columns=[c for c in table.columns if c in dropped or c.startswith("_")])
        for name, table in tables.items()
    }
    return {name: table.reset_index(drop=True) for name, table in plain.items() if len(table)}
