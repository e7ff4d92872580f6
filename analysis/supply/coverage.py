"""What links leave out: inputs nobody named, suppliers nothing is known of, countries that are missing."""

import numpy as np
import pandas as pd

from analysis.supply.averages.standing import has_only_sectors
from analysis.supply.averages.unlinked import averages_of
from analysis.supply.engine.reading import shown_place
from analysis.supply.links import Links, load_links
from analysis.supply.settings import places_of_links
from survey import Finding, Study

__all__ = ["check_links", "named_shares"]

_HALF = 0.5
_SHOWN = 5


def named_shares(links: Links) -> pd.Series:
    """The share of each buyer's inputs (each seller's output) that links name, index the party.

    nan where no figure says how large the whole is: shares then are of the named part by construction.
    """
    end = "supplier" if links.reading == "output" else "buyer"
    who = links.frame[end].cat.codes.to_numpy()
    names = links.frame[end].cat.categories
    sums = np.bincount(who, weights=np.nan_to_num(links.frame["share"].to_numpy()), minlength=len(names))
    open_words = ("value over named values", "equal shares")
    is_open = np.zeros(len(names), dtype=bool)
    is_open[who[links.frame["share_method"].isin(open_words).to_numpy()]] = True
    there = np.bincount(who, minlength=len(names)) > 0
    named = pd.Series(np.where(is_open, np.nan, np.minimum(sums, 1.0)), index=names, name="named")
    return named[there]


def check_links(study: Study) -> tuple[Finding, ...]:
    """Look over the links of a study; nothing is written.

    Found are: what loading met (links of a party with itself, lines below zero, repeated rows, codes that
    are none, links without a country, other periods); how much of each buyer's inputs is named; suppliers
    that name no supplier of their own, where every path ends; parties of the file that no link has; and
    what stands in for firms without links (`[supply.sectors]`).

    Raises
    ------
    Fault
        Links that cannot be read.
    """
    links = None if has_only_sectors(study) else load_links(study, tells_below=True)
    averages = averages_of(study, links) if "sectors" in study.section("supply") else None
    stand_in = () if averages is None else averages.findings
    if links is None:
        return stand_in
    where = ", ".join(shown_place(place) for place in places_of_links(study))
    return (
        *links.findings,
        *stand_in,
        *_coverage(links, where),
        *_ends(links, where),
        *_without_country(links, where),
        *_without_links(links, study),
    )


def _coverage(links: Links, where: str) -> list[Finding]:
    named = named_shares(links)
    party, whole = ("seller", "output") if links.reading == "output" else ("buyer", "inputs")
    findings = []
    unknown = named[named.isna()]
    if len(unknown):
        findings.append(
            Finding(
                f"{where}, column {whole}",
                f"{len(unknown)} of {len(named)} {party}s whose {whole} as a whole are not known "
                f"({_listed(unknown.index)})",
                "Their shares are of what is named: the part nobody named cannot be told.",
                f"Give the {party}'s total {whole} in column {whole}.",
            )
        )
    known = named.dropna().sort_values(kind="stable")
    partly = known[known < 1 - 1e-9]
    if len(partly):
        low = f"{partly.iloc[0]:.1%} of {partly.index[0]} the least"
        findings.append(
            Finding(
                f"{where}, coverage",
                f"links name {known.mean():.1%} of {whole} on average over {len(known)} {party}s "
                f"(median {known.median():.1%}, {low}; {int((known < _HALF).sum())} under half: "
                f"{_listed(known.index[(known < _HALF).to_numpy()])})",
                "The rest is unknown: inside the outer bound, never zero.",
                f"Name more suppliers of the {party}s that matter.",
            )
        )
    return findings


def _listed(names: pd.Index) -> str:
    shown = ", ".join(str(name) for name in names[:_SHOWN])
    return (shown or "none") + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _ends(links: Links, where: str) -> list[Finding]:
    """Suppliers that buy from nobody in the links."""
    names = links.frame["supplier"].cat.categories
    buys, sells = (np.zeros(len(names), dtype=bool) for _ in range(2))
    buys[links.frame["buyer"].cat.codes.to_numpy()] = True
    sells[links.frame["supplier"].cat.codes.to_numpy()] = True
    orphans, many = names[sells & ~buys], int(sells.sum())
    if not len(orphans):
        return []
    return [
        Finding(
            f"{where}, column supplier",
            f"{len(orphans)} of {many} suppliers without suppliers of their own ({_listed(orphans)})",
            "Every path ends there; what they are made of is unknown.",
            "Add their links, or the content of what they sell under items.",
        )
    ]


def _without_country(links: Links, where: str) -> list[Finding]:
    blank = (links.frame["country"] == "").to_numpy()
    if not blank.any():
        return []
    suppliers = links.frame.loc[blank, "supplier"].astype("str").drop_duplicates()
    part = links.frame["share"].to_numpy()
    said = ""
    if np.nansum(part) > 0:
        said = f", {np.nansum(part[blank]) / np.nansum(part):.1%} of all named shares"
    return [
        Finding(
            f"{where}, column country",
            f"{len(suppliers)} suppliers without a country ({_listed(pd.Index(suppliers))}){said}",
            "They may be anywhere: inside the outer bound of every country.",
            "Add their countries, in the file of links or of parties.",
        )
    ]


def _without_links(links: Links, study: Study) -> list[Finding]:
    file = study.section("supply").get("parties")
    names = links.frame["buyer"].cat.categories
    lost = links.parties.loc[~links.parties["party"].isin(names), "party"]
    if not file or lost.empty:
        return []
    return [
        Finding(
            str(study.folder / file),
            f"{len(lost)} parties that no link has ({_listed(pd.Index(lost))})",
            "Nothing is computed for them.",
            "Look whether their names are spelled as in the links.",
        )
    ]
