"""Lists of firms as they come: name and aliases, the Consolidated Screening List, OFAC's SDN files."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.matching.identifiers import IDENTIFIERS
from analysis.supply.tables import read_rows
from survey import FileFault, country_codes

__all__ = ["LISTED_COLUMNS", "read_listed", "read_names"]

LISTED_COLUMNS = ("list", "entry", "name", "country", *IDENTIFIERS)
"""Columns of a list: one row a name, so an alias is a row of its own with the entry of its firm."""

_NAMES = ("name", "legal_name", "firm", "supplier_name", "company")


def read_listed(path: Path) -> pd.DataFrame:
    """Read one list.

    Parameters
    ----------
    path : pathlib.Path
        A table (CSV, TSV, Parquet) in one of these layouts, told apart by their columns: `name`
        with `aliases` (or `alt_names`, several with `;`), `entry` or `id`, `country`, identifiers;
        the Consolidated Screening List (`source,entity_number,...,name,...,alt_names`); OFAC's SDN
        (`ent_num` and `name` or `SDN_Name`), whose aliases (`ent_num,...,alt_name`) and addresses
        are taken from files beside it.

    Returns
    -------
    pandas.DataFrame
        `LISTED_COLUMNS`; `list` is the source a row names, else the name of the file; `entry` the number on
        the list, else the row; `country` a code, `""` where none or not known.

    Raises
    ------
    FileFault
        No such file, no column of names, no row.
    """
    rows = read_rows(path)
    name = "SDN_Name" if "SDN_Name" in rows.columns else _name_column(rows, path)
    rows = rows[rows[name] != ""]
    if not len(rows):
        raise FileFault(str(path), "no name", "at least one listed name", "check the file")
    numbers = pd.Series(np.arange(2, len(rows) + 2).astype(str), index=rows.index, dtype="str")
    out = pd.DataFrame({"name": rows[name]})
    out["entry"] = numbers
    for key in ("entry", "id", "ent_num", "_id", "entity_number"):
        if key in rows.columns:
            out["entry"] = rows[key].where(rows[key] != "", "row " + numbers)
            break
    out["list"] = path.stem
    if "source" in rows.columns:
        out["list"] = rows["source"].where(rows["source"] != "", path.stem)
    out["country"] = rows["country"] if "country" in rows.columns else ""
    for key in IDENTIFIERS:
        out[key] = rows[key] if key in rows.columns else ""
    parts = [out]
    for column in ("aliases", "alt_names"):
        if column in rows.columns:
            spelled = rows[column].str.split(";").explode().str.strip()
            spelled = spelled[spelled.fillna("") != ""]
            parts.append(out.loc[spelled.index].assign(name=spelled.to_numpy()))
    if "ent_num" in rows.columns:
        parts += _beside(path, out)
    table = pd.concat(parts, ignore_index=True)
    table["country"] = country_codes(table["country"]).fillna("")
    return table[list(LISTED_COLUMNS)].drop_duplicates(["list", "entry", "name"], ignore_index=True)


def read_names(path: Path) -> pd.DataFrame:
    """Names to look up: a CSV with a column `name`, and `country` and identifiers where there are any.

    Returns
    -------
    pandas.DataFrame
        `name,country` and `IDENTIFIERS`, a row a row of the file.

    Raises
    ------
    FileFault
        No such file, no column of names, no row.
    """
    rows = read_rows(path)
    name = _name_column(rows, path)
    if not len(rows):
        raise FileFault(str(path), "no row", "at least one name", "check the file")
    out = pd.DataFrame({"name": rows[name]})
    out["country"] = country_codes(rows["country"]).fillna("") if "country" in rows.columns else ""
    for key in IDENTIFIERS:
        out[key] = rows[key] if key in rows.columns else ""
    return out.reset_index(drop=True)


def _name_column(rows: pd.DataFrame, path: Path) -> str:
    for name in _NAMES:
        if name in rows.columns:
            return name
    raise FileFault(
        f"{path}, header",
        ", ".join(str(name) for name in rows.columns[:8]),
        "a column of names: " + ", ".join(_NAMES),
        "rename the column that holds the names to name",
    )


def _beside(path: Path, main: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of the aliases of an SDN file that lie beside it; its addresses fill in countries."""
    stems = (path.stem.replace("entities", "entity_"), path.stem + "_", path.stem.replace("sdn", ""))
    for end in ("addresses", "add"):
        place = next(
            (
                path.with_name(f"{stem}{end}.csv")
                for stem in stems
                if path.with_name(f"{stem}{end}.csv").is_file()
            ),
            None,
        )
        if place is not None:
            rows = read_rows(place)
            if {"ent_num", "country"} <= set(rows.columns):
                home = rows[rows["country"] != ""].groupby("ent_num")["country"]
                single = home.first().where(home.nunique() == 1, "")
                main["country"] = main["entry"].map(single).fillna("")
            break
    for end in ("aliases", "alt"):
        place = next(
            (
                path.with_name(f"{stem}{end}.csv")
                for stem in stems
                if path.with_name(f"{stem}{end}.csv").is_file()
            ),
            None,
        )
        if place is not None:
            rows = read_rows(place)
            if {"ent_num", "alt_name"} <= set(rows.columns):
                known = main.drop_duplicates("entry").set_index("entry")
                rows = rows[rows["ent_num"].isin(known.index) & (rows["alt_name"] != "")]
                other = known.loc[rows["ent_num"]].reset_index()
                return [other.assign(name=rows["alt_name"].to_numpy())]
    return []
