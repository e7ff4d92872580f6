"""Who buys what from whom: the Links of a study, or of one file."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.belonging import all_parties, link_ids, with_homes
from analysis.supply.bothsides import all_rows, as_customers, customers_study, parties_of_both
from analysis.supply.ends import read_items, read_parties
from analysis.supply.engine.reading import shown_place
from analysis.supply.gathering import gather_lines, merge_links
from analysis.supply.kinds import KINDS
from analysis.supply.mapping import columns_wanted, pick_rows, rename_columns
from analysis.supply.matched import (
    MATCHED_COLUMNS,
    items_as_firms,
    matched_ends,
    matches_of,
    parties_as_firms,
    with_firms,
)
from analysis.supply.periods import latest_periods
from analysis.supply.places import said_territories
from analysis.supply.settings import Settings, file_of, places_of_links, settings_of
from analysis.supply.sizes import METHODS, size_links
from analysis.supply.sources import read_source, stacked
from analysis.supply.tables import place_rows
from analysis.supply.typed import rows_typed
from survey import FileFault, Finding, Study, StudyFault, load_study, nearest

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

_KEYS = (
    "links", "kind", "table", "sheet", "columns", "where", "parties", "items",
    "currency", "rates", "unit", "shares", "periods", "fiscal_year_starts", "counts",
    "territories", "products", "digits", "shock", "concentration", "sectors", "customers", "matches", "bands",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Links:
    """Who buys what from whom; frames are read-only.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a link (buyer, supplier, country of the supplier, product): `LINK_COLUMNS` and
        `share_method`; columns of words are categoricals, buyer and supplier of one list of words.
        `country` is an ISO 3166 alpha-2 code or "" where unknown; `value`, `inputs` in `money`, nan where
        unknown; `share` of the buyer's inputs (see `reading`), 0 to 1, nan where its size is unknown;
        `confidence` 0 to 1 or nan.
    parties : pandas.DataFrame
        `party,name,name_ja,country,kind,sales`; every buyer and supplier has a row.
    items : pandas.DataFrame
        What a party sells is made of: `party,product,hs,eccn,technology,us_content_low,us_content_high,
        cn_content_low,cn_content_high,origin,direct_product`; no rows where the study has no such file.
    share_method : str
        How shares came about, over all buyers: words of `sizes.METHODS`, joined by `; `.
    reading : str
        What a share is a share of: `inputs` of the buyer (dependence), or `output` of the seller
        (a customer list); never both.
    findings : tuple[Finding, ...]
        What was merged, set aside or unknown.
    territories : str
        How Taiwan, Hong Kong, Macao and others the user named are counted.
    money : str
        Currency of the amounts, "" where nobody said.
    matched : pandas.DataFrame
        Ends of links that bear a firm's id for a party that is it with a probability below 1, which is part
        of `confidence` too: `MATCHED_COLUMNS`, one row an end.
    """

    frame: pd.DataFrame
    parties: pd.DataFrame
    items: pd.DataFrame
    share_method: str
    reading: str
    findings: tuple[Finding, ...] = ()
    territories: str = ""
    money: str = ""
    matched: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MATCHED_COLUMNS)))

    def __len__(self) -> int:
        return len(self.frame)


def load_links(
    source: Study | Path | str,
    *,
    as_of: date | None = None,
    tells_below: bool = False,
    parties: Path | None = None,
    items: Path | None = None,
) -> Links:
    """Read the links of a study (`[supply]` of its `study.toml`) or of one file of links.

    Parameters
    ----------
    source : Study, or path
        A study, its folder, its `study.toml`; or a CSV, TSV, Excel or Parquet file, or a folder of Parquet
        files, with the columns `buyer,supplier,country,product,value,share,inputs,period,confidence,
        evidence` (the first two are needed; names of countries in any spelling).
    as_of : date, optional
        Where links carry periods, each buyer's latest period that had started by this day counts;
        default the study's `as_of`, else the latest.
    tells_below : bool
        Whether amounts below zero are a finding instead of a fault, for `check`; no number should be made
        from such links.
    parties, items : Path, optional
        Files beside one file of links, as `[supply]` of a study names them.

    Raises
    ------
    FileFault, StudyFault
        No such file or column, no links left, a country nobody knows, a share outside 0 to 1,
        shares of one buyer that add to more than 1, a negative value, two currencies without a rate,
        an unknown setting.
    """
    if not isinstance(source, Study):
        path = Path(source)
        if path.name == "study.toml" or (path.is_dir() and not _is_parquet_folder(path)):
            return load_links(load_study(path), as_of=as_of, tells_below=tells_below)
        rows = read_source(path, wanted=tuple(KINDS["links"].columns), shared=("buyer", "supplier"))
        settings = Settings(tells_below=tells_below)
        beside = (read_parties(parties) if parties else None, read_items(items) if items else None)
        return _make(rows, np.arange(1, len(rows) + 1), str(path), settings, *beside, as_of)
    links, customers = _from_study(source, as_of or source.as_of, tells_below), customers_study(source)
    if customers is None:
        return links
    sold = _from_study(customers, as_of or source.as_of, tells_below)
    return _with_customers(links, sold, source.place("supply.customers"))


def _with_customers(bought: Links, sold: Links, where: str) -> Links:
    """Links of inputs with a list of customers under them; what the list says of sales is the seller's."""
    if bought.reading != "inputs" or (bought.money and sold.money and bought.money != sold.money):
        raise StudyFault(
            where,
            f"links of {bought.reading} in {bought.money or 'no named money'} and customers in {sold.money}",
            "links of what firms buy beside a list of customers, in one money",
            "correct kind or currency under [supply] and [supply.customers]",
        )
    findings = [*bought.findings, *sold.findings]
    frame = all_rows(bought.frame, sold.frame, where, findings)
    words = bought.share_method.split("; ")
    unknown = [METHODS[-1]] if len(frame) > len(bought) and METHODS[-1] not in words else []
    return replace(
        bought,
        frame=frame,
        parties=parties_of_both(bought.parties, sold.parties),
        share_method="; ".join([*words, *unknown]),
        findings=tuple(findings),
        money=bought.money or sold.money,
        matched=pd.concat([bought.matched, as_customers(sold.matched)], ignore_index=True),
    )


def _is_parquet_folder(path: Path) -> bool:
    return not (path / "study.toml").is_file() and next(path.glob("**/*.parquet"), None) is not None


def _from_study(study: Study, as_of: date | None, tells_below: bool) -> Links:
    supply = study.section("supply")
    for key in supply:
        if key not in _KEYS:
            raise StudyFault(
                study.place(f"supply.{key}"),
                f"unknown key {key!r}",
                "one of: " + ", ".join(_KEYS),
                nearest(key, _KEYS),
            )
    places = places_of_links(study)
    settings = replace(settings_of(study), tells_below=tells_below)
    columns, where = supply.get("columns", {}), supply.get("where", {})
    targets = tuple(KINDS[settings.kind].columns)
    wanted = columns_wanted(columns, where, targets, study)
    ends = [t for t, ours in KINDS[settings.kind].columns.items() if ours in ("buyer", "supplier")]
    shared = [columns.get(end, end) for end in ends if isinstance(columns.get(end, end), str)]
    table, sheet = str(supply.get("table", "")), str(supply.get("sheet", ""))
    parts = [read_source(place, table=table, sheet=sheet, wanted=wanted, shared=shared) for place in places]
    rows = parts[0] if len(parts) == 1 else stacked(parts)
    said = ", ".join(shown_place(place, table) for place in places)
    said += " (rows counted through)" if len(places) > 1 else ""
    kept = pick_rows(rows, where, study)
    numbering = np.flatnonzero(kept) + 1
    if len(numbering) < len(rows):
        rows = rows[kept].reset_index(drop=True)
    rows = rename_columns(rows, columns, targets, study)
    parties, items = file_of(study, "parties"), file_of(study, "items")
    return _make(
        rows,
        numbering,
        said,
        settings,
        read_parties(parties) if parties else None,
        read_items(items) if items else None,
        as_of,
        matches_of(study),
    )


def _make(
    rows: pd.DataFrame,
    numbering: np.ndarray,
    where: str,
    settings: Settings,
    parties: pd.DataFrame | None,
    items: pd.DataFrame | None,
    as_of: date | None,
    matches: pd.DataFrame | None = None,
) -> Links:
    kind = KINDS[settings.kind]
    findings: list[Finding] = []
    frame, money = rows_typed(rows, numbering, where, settings, as_of, findings)
    del rows
    if parties is not None:
        parties = parties.assign(country=parties["country"].replace(settings.territories))
        frame = with_homes(frame, parties)
    if matches is not None:
        frame = with_firms(frame, matches, f"{where}, matches", findings)
        parties, items = parties_as_firms(parties, matches), items_as_firms(items, matches)
    frame = _without_self(frame, where, findings)
    if kind.is_lines:
        frame = gather_lines(frame, where, findings)
    _say_nowhere(frame, where, findings)
    party, whole = ("supplier", "output") if kind.reading == "output" else ("buyer", "inputs")
    frame = latest_periods(frame, party, as_of, settings.counts, settings.first_month, where, findings)
    frame = size_links(frame, where, findings, party=party, whole=whole)
    frame = merge_links(frame, where, findings)
    frame = frame.assign(link=link_ids(frame))
    words = [word for word in frame["share_method"].cat.categories if (frame["share_method"] == word).any()]
    return Links(
        frame=frame[[*LINK_COLUMNS, "share_method"]],
        parties=all_parties(frame, parties, kind.reading),
        items=read_items(None) if items is None else items,
        share_method="; ".join(words),
        reading=kind.reading,
        findings=tuple(findings),
        territories=said_territories(settings.territories),
        money=money,
        matched=matched_ends(frame, matches),
    )


def _without_self(frame: pd.DataFrame, where: str, findings: list[Finding]) -> pd.DataFrame:
    is_own = frame["buyer"].cat.codes.to_numpy() == frame["supplier"].cat.codes.to_numpy()
    own = np.flatnonzero(is_own)
    if len(own):
        findings.append(
            Finding(
                f"{where}, {place_rows(frame['row'].to_numpy()[own])}",
                f"{len(own)} links of a party with itself",
                "They are set aside; given shares of them stay in the unnamed rest.",
                "Take them out, or name the supplier behind them.",
            )
        )
        frame = frame[~is_own]
    if frame.empty:
        raise FileFault(where, "no link left", "at least one link", "check the filter [supply.where]")
    return frame


def _say_nowhere(frame: pd.DataFrame, where: str, findings: list[Finding]) -> None:
    nowhere = np.flatnonzero((frame["country"] == "").to_numpy())
    if len(nowhere):
        findings.append(
            Finding(
                f"{where}, column country, {place_rows(frame['row'].to_numpy()[nowhere])}",
                f"{len(nowhere)} links whose supplier has no country",
                "They count as unknown: inside the outer bound, never zero.",
                "Add the country of the supplier, here or in the file of parties.",
            )
        )
