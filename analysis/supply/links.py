"""Who buys what from whom: the Links of a study, or of one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.supply.ends import read_items, read_parties
from analysis.supply.mapping import pick_rows, rename_columns
from analysis.supply.sizes import METHODS, merge_links, size_links
from analysis.supply.tables import numbers, place_rows, read_rows, require_columns
from survey import FileFault, Finding, Study, StudyFault, country_codes, load_study, nearest

__all__ = ["LINK_COLUMNS", "Links", "load_links"]

LINK_COLUMNS = (
    "link",
    "buyer",
    "supplier",
    "country",
    "product",
    "value",
    "share",
    "inputs",
    "period",
    "confidence",
    "evidence",
)
"""Columns of `Links.frame`, before `share_method`."""

_KEYS = ("links", "parties", "items", "columns", "where")
_SOURCE = LINK_COLUMNS[1:]


@dataclass(frozen=True, slots=True)
class Links:
    """Who buys what from whom; frames are read-only.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a link (buyer, supplier, country of the supplier, product): `LINK_COLUMNS` and
        `share_method`. `country` is an ISO 3166 alpha-2 code or "" where unknown; `value`, `inputs`
        in the money of the file, nan where unknown; `share` of the buyer's inputs, 0 to 1, nan where
        its size is unknown; `confidence` 0 to 1 or nan.
    parties : pandas.DataFrame
        `party,name,name_ja,country,kind,sales`; every buyer and supplier has a row.
    items : pandas.DataFrame
        What a party sells is made of: `party,product,hs,eccn,technology,us_content_low,us_content_high,
        cn_content_low,cn_content_high,origin,direct_product`; no rows where the study has no such file.
    share_method : str
        How shares came about, over all buyers: words of `sizes.METHODS`, joined by `; `.
    reading : str
        What a share is a share of: `inputs` (dependence).
    findings : tuple[Finding, ...]
        What was merged, set aside or unknown.
    """

    frame: pd.DataFrame
    parties: pd.DataFrame
    items: pd.DataFrame
    share_method: str
    reading: str
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)


def load_links(source: Study | Path | str, *, as_of: date | None = None) -> Links:
    """Read the links of a study (`[supply]` of its `study.toml`) or of one file of links.

    Parameters
    ----------
    source : Study, or path
        A study, its folder, its `study.toml`, or a CSV or Parquet file with the columns
        `buyer,supplier,country,product,value,share,inputs,period,confidence,evidence`
        (the first two are needed; names of countries in any spelling).
    as_of : date, optional
        Where links carry periods, each buyer's latest period not after this day counts;
        default the study's `as_of`, else the latest.

    Raises
    ------
    FileFault, StudyFault
        No such file or column, no links left, a country nobody knows, a share outside 0 to 1,
        shares of one buyer that add to more than 1, a negative value, an unknown setting.
    """
    if not isinstance(source, Study):
        path = Path(source)
        if path.is_dir() or path.name == "study.toml":
            source = load_study(path)
        else:
            rows = read_rows(path)
            return _make(rows, np.arange(1, len(rows) + 1), str(path), None, None, as_of)
    return _from_study(source, as_of or source.as_of)


def _from_study(study: Study, as_of: date | None) -> Links:
    supply = study.section("supply")
    for key in supply:
        if key not in _KEYS:
            raise StudyFault(
                study.place(f"supply.{key}"),
                f"unknown key {key!r}",
                "one of: " + ", ".join(_KEYS),
                nearest(key, _KEYS),
            )
    if not supply.get("links"):
        raise StudyFault(
            study.place("supply.links"),
            "no file of links",
            'a file of links: links = "links.csv"',
            "add  [supply]  with  links = ...  to study.toml",
        )
    path = _inside(study, supply, "links")
    rows = read_rows(path)
    kept = pick_rows(rows, supply.get("where", {}), study)
    rows, numbering = rows[kept], np.flatnonzero(kept) + 1
    rows = rename_columns(rows, supply.get("columns", {}), ("link", *_SOURCE), study)
    parties = read_parties(_inside(study, supply, "parties")) if supply.get("parties") else None
    items = read_items(_inside(study, supply, "items")) if supply.get("items") else None
    return _make(rows, numbering, str(path), parties, items, as_of)


def _inside(study: Study, supply: Mapping[str, Any], key: str) -> Path:
    name = supply[key]
    if not isinstance(name, str):
        raise StudyFault(
            study.place(f"supply.{key}"), repr(name), "the name of a file", f'write  {key} = "..."'
        )
    return study.folder / name


def _make(
    rows: pd.DataFrame,
    numbering: np.ndarray,
    where: str,
    parties: pd.DataFrame | None,
    items: pd.DataFrame | None,
    as_of: date | None,
) -> Links:
    require_columns(rows, ("buyer", "supplier"), where)
    findings: list[Finding] = []
    frame = _typed(rows.reset_index(drop=True), numbering, where, findings)
    if parties is not None:
        home = parties.set_index("party")["country"]
        blank = frame["country"] == ""
        frame.loc[blank, "country"] = frame.loc[blank, "supplier"].map(home).fillna("")
    nowhere = np.flatnonzero((frame["country"] == "").to_numpy())
    if len(nowhere):
        findings.append(
            Finding(
                f"{where}, column country, {place_rows(numbering[frame['row'].to_numpy()[nowhere]])}",
                f"{len(nowhere)} links whose supplier has no country",
                "They count as unknown: inside the outer bound, never zero.",
                "Add the country of the supplier, here or in the file of parties.",
            )
        )
    frame = _latest(frame, as_of, where, findings)
    frame = size_links(frame, where, numbering, findings)
    frame = merge_links(frame, where, numbering, findings)
    words = [word for word in METHODS if (frame["share_method"] == word).any()]
    return Links(
        frame=frame[[*LINK_COLUMNS, "share_method"]],
        parties=_all_parties(frame, parties),
        items=read_items(None) if items is None else items,
        share_method="; ".join(words),
        reading="inputs",
        findings=tuple(findings),
    )


def _typed(rows: pd.DataFrame, numbering: np.ndarray, where: str, findings: list[Finding]) -> pd.DataFrame:
    blank = pd.Series("", index=rows.index, dtype="str")
    frame = pd.DataFrame({name: rows[name] if name in rows.columns else blank for name in _SOURCE})
    for name, high in (("value", np.inf), ("inputs", np.inf), ("share", 1.0), ("confidence", 1.0)):
        frame[name] = numbers(frame[name].rename(name), where, low=0.0, high=high)
    codes = country_codes(frame["country"])
    odd = np.flatnonzero(codes.isna().to_numpy())
    if len(odd):
        name = str(frame["country"].iloc[int(odd[0])])
        raise FileFault(
            f"{where}, column country, {place_rows(numbering[odd])}",
            f"{name!r}, a country nobody knows",
            "a country name or code of data/geography/countries.csv, in any spelling, or an empty cell",
            "correct the name, or leave the cell empty where the country is not known",
        )
    frame["country"] = codes
    frame["row"] = np.arange(len(frame))
    ids = rows["link"] if "link" in rows.columns else blank
    numbered = pd.Series([f"L{n:06d}" for n in numbering.tolist()], index=rows.index, dtype="str")
    frame["link"] = ids.where(ids != "", numbered)
    empty = np.flatnonzero(((frame["buyer"] == "") | (frame["supplier"] == "")).to_numpy())
    if len(empty):
        raise FileFault(
            f"{where}, {place_rows(numbering[empty])}",
            "a link without a buyer or without a supplier",
            "two parties a link",
            "fill in the name, or take the row out",
        )
    own = np.flatnonzero((frame["buyer"] == frame["supplier"]).to_numpy())
    if len(own):
        findings.append(
            Finding(
                f"{where}, {place_rows(numbering[own])}",
                f"{len(own)} links of a party with itself",
                "They are set aside; given shares of them stay in the unnamed rest.",
                "Take them out, or name the supplier behind them.",
            )
        )
        frame = frame.drop(index=frame.index[own])
    if frame.empty:
        raise FileFault(where, "no link left", "at least one link", "check the filter [supply.where]")
    return frame


def _latest(frame: pd.DataFrame, as_of: date | None, where: str, findings: list[Finding]) -> pd.DataFrame:
    period = frame["period"]
    many = period.groupby(frame["buyer"]).transform("nunique") > 1
    if not bool(many.any()):
        return frame
    day = as_of.isoformat() if as_of else "9999-12-31"
    usable = (period == "") | pd.Series([p <= day[: len(p)] for p in period.tolist()], index=frame.index)
    first = period.groupby(frame["buyer"]).transform("min")
    reached = period.where(usable).groupby(frame["buyer"]).transform("max")
    chosen = reached.where(reached.notna(), first)
    kept = (period == chosen) | (period == "")
    findings.append(
        Finding(
            f"{where}, column period",
            f"{int((~kept).sum())} links of other periods",
            f"Each buyer's latest period{' not after ' + day if as_of else ''} counts, others are set aside.",
            "Choose a period under [supply.where] to look at another.",
        )
    )
    return frame[kept]


def _all_parties(frame: pd.DataFrame, parties: pd.DataFrame | None) -> pd.DataFrame:
    named = frame[frame["country"] != ""].groupby("supplier", sort=False)["country"]
    single = named.first().where(named.nunique() == 1, "")
    names = pd.Index(pd.unique(pd.concat([frame["buyer"], frame["supplier"]])), dtype="str")
    made = read_parties(None)
    if parties is not None:
        made = parties
        names = names[~names.isin(parties["party"])]
    new = pd.DataFrame({"party": names, "name": names, "name_ja": "", "kind": "", "sales": np.nan})
    new["country"] = single.astype("str").reindex(names).fillna("").to_numpy()
    return (
        pd.concat([made, new[list(made.columns)]], ignore_index=True)
        if len(made)
        else new[list(made.columns)]
    )
