"""OFAC's files as it prints them: no header, `-0-` for nothing, aliases and addresses beside them."""

from pathlib import Path

import pandas as pd

from analysis.supply.tables import read_rows
from survey import FileFault

__all__ = ["add_beside", "firms_only", "read_ofac"]

_PRINTED = {
    12: ("ent_num", "name", "type", "program", "title", "call_sign", "vessel_type", "tonnage", "grt", "flag",
         "owner", "remarks"),
    5: ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"),
    6: ("ent_num", "add_num", "address", "city_state", "country", "add_remarks"),
}  # fmt: skip
"""Columns of the printed files by how many they are: names, aliases, addresses (OFAC, SDN data layout)."""

_WITH_HEADER = {"sdn_name": "name", "sdn_type": "type"}
_NO_FIRM = ("individual", "vessel", "aircraft")


def read_ofac(path: Path) -> pd.DataFrame | None:
    """Rows of a file of the SDN list, with names for its columns; None where the file is of another layout.

    Returns
    -------
    pandas.DataFrame or None
        Text; `ent_num` and, by file, `name,type,program,...`, `alt_name,...` or `address,country,...`.

    Raises
    ------
    FileFault
        No such file, an empty one, one that cannot be read; numbers first, yet not as many columns as OFAC's.
    """
    if path.is_file() and path.read_bytes()[:1].isdigit():
        return _printed(path)
    rows = read_rows(path)
    rows.columns = pd.Index([str(name).lower() for name in rows.columns]) if _is_ofac(rows) else rows.columns
    return rows.rename(columns=_WITH_HEADER) if "ent_num" in rows.columns else None


def firms_only(rows: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Rows of OFAC or of the Consolidated Screening List without those said to be persons, ships or aircraft.

    Raises
    ------
    FileFault
        Nothing is left: no firm on the list.
    """
    if "type" not in rows.columns:
        return rows
    kept = rows[~rows["type"].str.casefold().isin(_NO_FIRM)]
    if not len(kept):
        raise FileFault(
            str(path),
            f"{len(rows)} persons, ships or aircraft, no firm",
            "at least one listed firm",
            "give the list of firms and other organisations",
        )
    return kept


def add_beside(path: Path, main: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of the aliases of an SDN file that lie beside it; its addresses fill in countries."""
    places = _beside(path, ("addresses", "add"))
    rows = read_ofac(places) if places is not None else None
    if rows is not None and "country" in rows.columns:
        home = rows[rows["country"] != ""].groupby("ent_num")["country"]
        main["country"] = main["entry"].map(home.first().where(home.nunique() == 1, "")).fillna("")
    aliases = _beside(path, ("aliases", "alt"))
    rows = read_ofac(aliases) if aliases is not None else None
    if rows is None or "alt_name" not in rows.columns:
        return []
    known = main.drop_duplicates("entry").set_index("entry")
    rows = rows[rows["ent_num"].isin(known.index) & (rows["alt_name"] != "")]
    return [known.loc[rows["ent_num"]].reset_index().assign(name=rows["alt_name"].to_numpy())]


def _is_ofac(rows: pd.DataFrame) -> bool:
    return "ent_num" in {str(name).lower() for name in rows.columns}


def _printed(path: Path) -> pd.DataFrame:
    """A file without a header; the last line may be the end mark of old systems."""
    text = path.read_bytes().rstrip(b"\x1a\r\n ")
    coding = "utf-8" if _is_utf8(text) else "cp1252"
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, header=None, encoding=coding)
    except (pd.errors.ParserError, UnicodeError) as error:
        raise FileFault(
            str(path), str(error).strip(), "a file of the SDN list as OFAC prints it", "download it again"
        ) from None
    if len(rows.columns) not in _PRINTED:
        raise FileFault(
            f"{path}, first line",
            f"{len(rows.columns)} columns without a header",
            "a header, or the 12, 5 or 6 columns of OFAC's sdn.csv, alt.csv, add.csv",
            "give the columns names: one of them must be name",
        )
    rows.columns = pd.Index(_PRINTED[len(rows.columns)])
    rows = rows[rows["ent_num"].str.strip().str.fullmatch(r"\d+")].fillna("")
    return rows.apply(lambda column: column.str.strip().replace("-0-", "")).reset_index(drop=True)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _beside(path: Path, ends: tuple[str, ...]) -> Path | None:
    stems = (path.stem.replace("entities", "entity_"), path.stem + "_", path.stem.lower().replace("sdn", ""))
    for end in ends:
        for stem in stems:
            for name in (f"{stem}{end}.csv", f"{stem}{end}.csv".upper()):
                if path.with_name(name).is_file():
                    return path.with_name(name)
    return None
