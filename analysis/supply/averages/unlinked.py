"""Firms without links: their sector's look-through, with the spread between its firms as interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.averages.iotable import IoTable, read_io_table
from analysis.supply.averages.sectors import sector_exposures
from analysis.supply.averages.settings import SectorSettings, sector_settings
from analysis.supply.depth import LOOKTHROUGH_COLUMNS, look_through
from analysis.supply.links import Links
from analysis.supply.seeds import asked_seeds
from analysis.supply.settings import settings_of
from survey import Finding, QuestionFault, Study, Wave, answers_to, design_frame, latest_wave

__all__ = ["AVERAGE", "Averages", "average_rows", "averages_of", "beside_links", "spread_limits"]

AVERAGE = "sector average"
"""How numbers of this kind are marked wherever they stand."""


@dataclass(frozen=True, slots=True)
class Averages:
    """Firms of a study that have no links, and the table that stands in for them.

    Attributes
    ----------
    settings : SectorSettings
        `[supply.sectors]`.
    table : IoTable
        The input-output table.
    firms : pandas.DataFrame
        One row a firm of the last wave: `firm`, `sector` ("" where it did not say, or is not mapped),
        `is_linked`.
    findings : tuple[Finding, ...]
        What is not known.
    """

    settings: SectorSettings
    table: IoTable
    firms: pd.DataFrame
    findings: tuple[Finding, ...]

    def unlinked(self) -> pd.DataFrame:
        """Firms that take an average: without links, with a sector."""
        return self.firms[~self.firms["is_linked"] & (self.firms["sector"] != "")]


def averages_of(study: Study, links: Links | None, wave: Wave | None = None) -> Averages | None:
    """What stands in for firms without links; None where the study names no table, or every firm has links.

    Parameters
    ----------
    links : Links or None
        The study's links, None where it has none at all.
    wave : Wave, optional
        The last wave, if it is read already.

    Raises
    ------
    Fault
        `[supply.sectors]`, the table or the question of sectors is at fault.
    """
    settings = sector_settings(study)
    if settings is None:
        return None
    wave = latest_wave(study) if wave is None else wave
    ids = design_frame(wave, study.design)["id"].astype("str")
    sector = _sectors(wave, study, settings.sector)
    unmapped = (sector != "") & ~sector.isin(list(settings.mapping))
    buyers: list[str] = [] if links is None else list(links.frame["buyer"].astype("str").unique())
    is_linked = ids.isin(buyers).to_numpy()
    firms = pd.DataFrame({"firm": ids.to_numpy(), "sector": sector.mask(unmapped, "").to_numpy()})
    firms["is_linked"] = is_linked
    if is_linked.all():
        return None
    findings = []
    without = int((~is_linked & (firms["sector"] == "")).sum())
    if without:
        findings.append(
            Finding(
                study.place("supply.sectors.map"),
                f"{without} firms without links have no sector that is mapped",
                "They have no look-through.",
                "Map the sectors: " + ", ".join(sorted(set(sector[unmapped]))) if unmapped.any() else "",
            )
        )
    table = read_io_table(
        settings.table,
        settings.layout,
        year=settings.year,
        outputs=settings.outputs,
        countries=dict(settings.countries),
        territories=settings_of(study).territories,
    )
    return Averages(settings, table, firms, (*findings, *table.findings))


def _sectors(wave: Wave, study: Study, question: str) -> "pd.Series[str]":
    """Code of each firm's sector, "" where it did not say.

    Raises
    ------
    QuestionFault
        No such question, or one whose answers are no codes.
    """
    answers = answers_to(wave, question)
    if answers.kind == "number":
        known = np.isfinite(answers.values)
        return pd.Series(np.where(known, [f"{v:g}" for v in answers.values], ""), dtype="str")
    if not answers.options or answers.kind == "multiple":
        raise QuestionFault(
            study.place("supply.sectors.sector"),
            f"{question!r}, a question of kind {answers.kind}",
            "a question with one answer of several",
            "name the question that tells a firm's sector",
        )
    codes = np.array([*answers.options, ""], dtype=object)
    place = np.where(answers.ticks.any(axis=1), answers.ticks.argmax(axis=1), len(codes) - 1)
    return pd.Series(codes[place], dtype="str")


def beside_links(
    study: Study, links: Links | None, seeds: str | Path | Sequence[str | Path], *, tiers: int | None = None
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Rows of `average_rows` for the firms of a study without links, and what should be known of them.

    Returns
    -------
    tuple
        No rows and no findings where the study names no table, or every firm has links.

    Raises
    ------
    Fault
        As `averages_of` and `sector_exposures`.
    """
    averages = averages_of(study, links)
    if averages is None:
        return pd.DataFrame(columns=list(LOOKTHROUGH_COLUMNS)), ()
    rows = average_rows(averages, links, seeds, tiers=tiers)
    others = [one.words for one in asked_seeds(seeds) if not one.countries]
    found = list(averages.findings)
    if len(rows):
        found.append(
            Finding(
                study.place("supply.sectors"),
                f"{rows['firm'].nunique()} firms without links take their sector's average",
                "Their low and high span firms of the sector that have links.",
                "",
            )
        )
    if others:
        found.append(
            Finding(
                study.place("supply.sectors"),
                f"seeds that are no country: {', '.join(others[:5])}",
                "A table of sectors knows countries only: firms without links have no rows for them.",
                "",
            )
        )
    return rows, tuple(found)


def average_rows(
    averages: Averages,
    links: Links | None,
    seeds: str | Path | Sequence[str | Path],
    *,
    tiers: int | None = None,
) -> pd.DataFrame:
    """Look-through of firms without links, as rows of `look_through`.

    `exposure` is the average of the firm's sector in the table; `low` and `high` span the firms of that
    sector that have links (of all sectors where these are fewer than `least`; 0 to 1 where those are too
    few as well), the average itself, and what the table buys from regions of no one country.

    Returns
    -------
    pandas.DataFrame
        `LOOKTHROUGH_COLUMNS`; `share_method` says `sector average`, of what, and whose spread it is; `paths`
        names the sectors of the seed that the sector buys most from. A seed that is no country has no
        rows: a table of sectors knows no parties.
    """
    unlinked = averages.unlinked()
    wanted = {one.words: one.countries for one in asked_seeds(seeds) if one.countries}
    if unlinked.empty or not wanted:
        return pd.DataFrame(columns=list(LOOKTHROUGH_COLUMNS))
    settings = averages.settings
    used = {code: names for code, names in settings.mapping.items() if code in set(unlinked["sector"])}
    sectors = sector_exposures(averages.table, settings.country, used, wanted, tiers=tiers)
    spread = _spreads(averages, links, tuple(wanted), tiers)
    rows = unlinked.merge(sectors, on="sector").merge(spread, on=["sector", "seed"], how="left")
    of = rows["sector"].map({code: " ".join(names) for code, names in used.items()})
    order = {firm: i for i, firm in enumerate(unlinked["firm"])}
    rows = rows.assign(
        tiers=pd.array([tiers] * len(rows), dtype="Int64"),
        low=rows[["spread_low", "exposure"]].min(axis=1),
        wide=rows[["spread_high", "high"]].max(axis=1),
        hidden=rows["exposure"] - rows["direct"],
        share_method=f"{AVERAGE} ({settings.country} " + of + f", {averages.table.source}); " + rows["whose"],
        confidence=np.nan,
        at=rows["firm"].map(order),
    )
    rows = rows.drop(columns="high").rename(columns={"wide": "high", "largest": "paths"})
    return rows.sort_values("at", kind="stable").reset_index(drop=True)[list(LOOKTHROUGH_COLUMNS)]


def spread_limits(
    values: pd.DataFrame, sector: pd.Series, sectors: Sequence[str], least: int
) -> pd.DataFrame:
    """Least and greatest value of the linked firms of each sector, by the rule of `average_rows`.

    For a further firm like the m of a sector the range holds with probability (m - 1) / (m + 1), whatever
    the distribution (order statistics of exchangeable firms; Wilks, 1941).

    Parameters
    ----------
    values : pandas.DataFrame
        `low`, `high` of each linked firm; rows with a missing end do not count.
    sector : pandas.Series
        Its sector, on the same index.
    sectors : sequence of str
        Sectors asked for.
    least : int
        Firms needed.

    Returns
    -------
    pandas.DataFrame
        `sector`, `spread_low`, `spread_high`, `firms`, `whose` (in words).
    """
    known = values[["low", "high"]].assign(sector=sector).dropna()
    ends = known.groupby("sector").agg(low=("low", "min"), high=("high", "max"), firms=("low", "size"))
    ends = ends.reindex(list(sectors)).astype({"firms": "float"}).fillna({"firms": 0.0})
    few = ends["firms"] < least
    enough = len(known) >= least
    ends.loc[few, ["low", "high"]] = [known["low"].min(), known["high"].max()] if enough else [0.0, 1.0]
    ends.loc[few, "firms"] = len(known) if enough else 0
    held = (ends["firms"] - 1) / (ends["firms"] + 1)
    words = np.select(
        [~few, np.full(len(few), enough)],
        ["spread of " + ends["firms"].map("{:.0f}".format) + " firms of the sector",
         "spread of " + ends["firms"].map("{:.0f}".format) + " firms of all sectors"],
        "spread not known",
    )  # fmt: skip
    said = [
        f"{w}, {100 * h:.0f}%" if f else str(w) for w, h, f in zip(words, held, ends["firms"], strict=True)
    ]
    return pd.DataFrame(
        {
            "sector": list(sectors),
            "spread_low": ends["low"].to_numpy(),
            "spread_high": ends["high"].to_numpy(),
            "firms": ends["firms"].astype("int64").to_numpy(),
            "whose": said,
        }
    )


def _spreads(
    averages: Averages, links: Links | None, seeds: tuple[str, ...], tiers: int | None
) -> pd.DataFrame:
    """Spread of the exposure of linked firms, for each sector and seed.

    A firm's range runs from what its named inputs hold to what all would hold if the unnamed were like them.
    """
    linked = averages.firms[averages.firms["is_linked"]].set_index("firm")
    sectors = list(averages.settings.mapping)
    nothing = pd.DataFrame({"low": [], "high": []}, dtype=float)
    parts = []
    found = None
    if links is not None and len(linked):
        found = look_through(links, seeds, tiers=tiers, firms=list(linked.index), paths=0)
        named = links.frame["share"].groupby(links.frame["buyer"].astype("str")).sum()
        whole = found["firm"].map(named).clip(upper=1.0)
        found = found.assign(high=(found["exposure"] / whole.where(whole > 0)).clip(upper=1.0))
    for seed in seeds:
        mine = nothing if found is None else found[found["seed"] == seed].set_index("firm")[["low", "high"]]
        sector = linked["sector"].reindex(mine.index)
        parts.append(spread_limits(mine, sector, sectors, averages.settings.least).assign(seed=seed))
    return pd.concat(parts, ignore_index=True).drop(columns="firms")
