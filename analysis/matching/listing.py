"""Lists of firms as they come: names, the Consolidated Screening List, OFAC's files, China's lists."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.matching.identifiers import IDENTIFIERS
from analysis.matching.ofac import add_beside, firms_only, read_ofac
from analysis.matching.sources import instruments_of
from analysis.supply.tables import place_rows, read_rows
from survey import FileFault, country_codes

__all__ = ["LISTED_COLUMNS", "read_listed", "read_names"]

LISTED_COLUMNS = (
    "list",
    "entry",
    "name",
    "country",
    *IDENTIFIERS,
    "also",
    "program",
    "from",
    "to",
    "taken",
)
"""Columns of a list: one row a name, so an alias is a row of its own with the entry of its firm."""

_NAMES = ("name", "legal_name", "firm", "supplier_name", "company")

_OTHER_WORDS = {
    "name": ("实体名称", "企业名称", "名称", "中文名称", "entity", "entity_name"),
    "aliases": ("英文名称", "别名", "外文名称", "english_name", "name_en"),
    "entry": ("序号", "编号", "no"),
    "country": ("国家", "国家/地区", "国家或地区", "国别", "country/region"),
    "source": ("清单", "名单", "所属清单"),
    "program": ("programs", "公告", "公告编号", "announcement"),
    "from": ("start_date", "列入日期", "生效日期", "effective", "date"),
    "to": ("end_date", "移出日期", "失效日期", "suspended_from"),
    "taken": ("retrieved", "list_date"),
}
"""Other words for our columns: those of the Consolidated Screening List and of China's announcements."""


def read_listed(path: Path, *, named: str = "", taken: date | None = None) -> pd.DataFrame:
    """Read one list.

    Parameters
    ----------
    path : pathlib.Path
        A table (CSV, TSV, Parquet) in one of these layouts, told apart by their columns: `name`
        with `aliases` (or `alt_names`, several with `;`), `entry` or `id`, `country`, identifiers, `from`,
        `to`, `taken`, in English or in the words of China's announcements (实体名称, 英文名称, 国家,
        清单, 公告, 列入日期); the Consolidated Screening List (`source,entity_number,...,name,...`);
        OFAC's SDN, with a header or as printed, whose aliases and addresses are taken from files beside
        it. Entries said to be persons, ships or aircraft are left out.
    named : str
        Id of the instrument that the whole list is; default what its rows or its layout say.
    taken : datetime.date, optional
        Day on which the list was taken from its publisher; default its column `taken`.

    Returns
    -------
    pandas.DataFrame
        `LISTED_COLUMNS`; `list` is an instrument's id where the source a row names is known
        (`sources.instruments_of`), else that source, else the name of the file; `also` further ids (footnotes
        of the Entity List); `entry` the number on the list, else the row; `country` a code, `""` where none
        or not known; `program` as listed, several with `;`; `from`, `to`, `taken` days, "" where not said.

    Raises
    ------
    FileFault
        No such file, no column of names, another file of the same publisher, no row, no firm, no date in a
        column of dates.
    """
    ofac = read_ofac(path)
    rows = (read_rows(path) if ofac is None else ofac).copy()
    rows = _with_our_words(rows)
    _check_layout(rows, path, is_ofac=ofac is not None)
    column = _name_column(rows, path)
    rows = firms_only(rows[rows[column] != ""], path)
    if not len(rows):
        raise FileFault(str(path), "no name", "at least one listed name", "check the file")
    out = _entries(rows, column, path)
    usual = named or ("Specially Designated Nationals" if ofac is not None else path.stem)
    said = rows["source"].where(rows["source"] != "", usual) if "source" in rows.columns else None
    if named or said is None:
        said = pd.Series(usual, index=rows.index, dtype="str")
    out["list"], out["also"] = instruments_of(rows, said)
    if taken is not None:
        out["taken"] = taken.isoformat()
    parts = [out]
    for aliases in ("aliases", "alt_names"):
        if aliases in rows.columns:
            spelled = rows[aliases].str.split("[;；]", regex=True).explode().str.strip()
            spelled = spelled[spelled.fillna("") != ""]
            parts.append(out.loc[spelled.index].assign(name=spelled.to_numpy()))
    if ofac is not None:
        parts += add_beside(path, out)
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


def _entries(rows: pd.DataFrame, name: str, path: Path) -> pd.DataFrame:
    """One row an entry, without its list."""
    lines = pd.Series((rows.index.to_numpy() + 2).astype(str), index=rows.index, dtype="str")
    out = pd.DataFrame({"name": rows[name], "entry": lines})
    for key in ("entry", "id", "ent_num", "_id", "entity_number"):
        if key in rows.columns:
            out["entry"] = rows[key].where(rows[key] != "", "row " + lines)
            break
    blank = pd.Series("", index=rows.index, dtype="str")
    for key in ("country", *IDENTIFIERS):
        out[key] = rows[key] if key in rows.columns else blank
    if "addresses" in rows.columns and "country" not in rows.columns:
        out["country"] = _country_of(rows["addresses"])
    program = rows["program"] if "program" in rows.columns else blank
    out["program"] = program.str.replace(r"\]\s*\[|;\s*", ";", regex=True).str.strip("[] ")
    for key in ("from", "to", "taken"):
        out[key] = _days(rows[key], path) if key in rows.columns else blank
    return out


def _country_of(addresses: pd.Series) -> pd.Series:
    """The country in which all addresses of an entry end (`..., CN; ..., CN`), "" where they differ."""
    codes = addresses.str.extractall(r",\s*([A-Z]{2})\s*(?:;|$)")[0].groupby(level=0)
    return codes.first().where(codes.nunique() == 1, "").reindex(addresses.index).fillna("").astype("str")


def _days(cells: pd.Series, path: Path) -> pd.Series:
    text = cells.str.replace(r"[年月/.]", "-", regex=True).str.replace("日", "", regex=False).str.strip()
    days = pd.to_datetime(text.where(text != ""), format="%Y-%m-%d", errors="coerce")
    odd = np.flatnonzero((days.isna() & (text != "")).to_numpy())
    if len(odd):
        raise FileFault(
            f"{path}, column {cells.name}, {place_rows(cells.index.to_numpy()[odd] + 1)}",
            repr(str(cells.iloc[int(odd[0])])),
            "a date such as 2025-01-02 or 2025年1月2日, or an empty cell",
            "correct the cell",
        )
    return days.dt.strftime("%Y-%m-%d").fillna("").astype("str")


def _with_our_words(rows: pd.DataFrame) -> pd.DataFrame:
    low = {str(name).strip().casefold(): str(name) for name in reversed(list(rows.columns))}
    renamed: dict[str, str] = {}
    for ours, others in _OTHER_WORDS.items():
        if ours not in rows.columns:
            found = next((low[word] for word in (ours, *others) if word in low), None)
            if found is not None and found not in renamed:
                renamed[found] = ours
    return rows.rename(columns=renamed)


def _check_layout(rows: pd.DataFrame, path: Path, *, is_ofac: bool) -> None:
    """Refuse the other files of the same publishers.

    Raises
    ------
    FileFault
        Aliases or addresses without names.
    """
    has = set(rows.columns)
    other = "aliases" if "alt_name" in has else "addresses" if {"add_num", "address"} & has else ""
    if is_ofac and other and "name" not in has:
        raise FileFault(
            f"{path}, layout",
            f"OFAC's file of {other}",
            "its file of names (sdn.csv); the others are found beside it",
            "give --list the file of names",
        )


def _name_column(rows: pd.DataFrame, path: Path) -> str:
    for name in _NAMES:
        if name in rows.columns:
            return name
    raise FileFault(
        f"{path}, header",
        ", ".join(str(name) for name in rows.columns[:8]),
        "a column of names: "
        + ", ".join(_NAMES)
        + "; or the layout of the Consolidated Screening List, of OFAC or of China's announcements",
        "rename the column that holds the names to name",
    )
