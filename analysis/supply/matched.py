"""Parties that were matched to firms of a survey bear the firm's id, with the doubt of the match."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.settings import file_of
from analysis.supply.tables import numbers, place_rows, read_rows, require_columns
from survey import FileFault, Finding, Study

__all__ = [
    "MATCHED_COLUMNS",
    "as_firms",
    "items_as_firms",
    "matched_ends",
    "matches_of",
    "parties_as_firms",
    "read_matches",
    "with_firms",
]

MATCHED_COLUMNS = ("link", "party", "probability")
"""Columns of `matched_ends`."""

_PARTIES = ("buyer_party", "supplier_party")


def matches_of(study: Study) -> pd.DataFrame | None:
    """`read_matches` of the file that `matches` of `[supply]` names; None where it names none.

    Raises
    ------
    StudyFault, FileFault
        No such file, or one that `read_matches` refuses.
    """
    path = file_of(study, "matches")
    return None if path is None else read_matches(path)


def as_firms(parties: pd.Series, matches: pd.DataFrame | None) -> pd.Series:
    """Ids of parties in any file of a study, with the firm's id for each party that was matched to one."""
    if matches is None or matches.empty:
        return parties
    firm = matches.set_index("party")["firm"]
    return parties.map(firm).astype(object).fillna(parties).astype(parties.dtype)


def read_matches(path: Path) -> pd.DataFrame:
    """Which party is which firm, as `crosspressure match --out` writes it, or a table of one's own.

    Parameters
    ----------
    path : Path
        Columns `key` (the firm's id) and `entry` (the party's), optional `probability`, `what`, `outcome`.
        Where the last two are there, rows other than `firm` and `match` are left out.

    Returns
    -------
    pandas.DataFrame
        `party,firm,probability`, one row a party; a probability nobody wrote is 1.

    Raises
    ------
    FileFault
        A column that is missing, a probability outside 0 to 1, a party that is two firms.
    """
    rows = read_rows(path)
    require_columns(rows, ("key", "entry"), str(path))
    number = np.arange(1, len(rows) + 1)
    kept = (rows["key"] != "").to_numpy() & (rows["entry"] != "").to_numpy()
    for name, word in (("what", "firm"), ("outcome", "match")):
        if name in rows.columns:
            kept &= (rows[name] == word).to_numpy()
    found = pd.DataFrame({"party": rows["entry"], "firm": rows["key"], "probability": 1.0})
    if "probability" in rows.columns:
        given = numbers(rows["probability"], str(path), low=0.0, high=1.0)
        found["probability"] = np.nan_to_num(given, nan=1.0)
    found, number = found[kept], number[kept]
    twice = found["party"].duplicated(keep=False) & ~found.duplicated(["party", "firm"], keep=False)
    if twice.any():
        party = str(found.loc[twice, "party"].iloc[0])
        rows_of = number[(found["party"] == party).to_numpy()]
        firms = ", ".join(map(repr, found.loc[found["party"] == party, "firm"]))
        raise FileFault(
            f"{path}, column entry, {place_rows(rows_of)}",
            f"{party!r} matched to two firms: {firms}",
            "one firm a party",
            "decide which it is: crosspressure match STUDY --judge REVIEW.csv",
        )
    return found.drop_duplicates("party").reset_index(drop=True)


def with_firms(
    frame: pd.DataFrame, matches: pd.DataFrame, where: str, findings: list[Finding]
) -> pd.DataFrame:
    """Links with firms for the parties that were matched to them.

    Parameters
    ----------
    frame : pandas.DataFrame
        `buyer` and `supplier` as categoricals of one list of words, `confidence`.
    matches : pandas.DataFrame
        From `read_matches`.
    where : str
        The file of matches, for findings.
    findings : list of Finding
        Says how many links changed, and which parties are in no link.

    Returns
    -------
    pandas.DataFrame
        The same rows; `confidence` times the probability of each end that was renamed. `buyer_party` and
        `supplier_party` say which party an end in doubt was.
    """
    words = frame["buyer"].cat.categories
    at = words.get_indexer(pd.Index(matches["party"]))
    known = at >= 0
    if not known.all():
        away = matches.loc[~known, "party"]
        findings.append(
            Finding(
                where,
                f"{len(away)} matched parties in no link: {', '.join(map(repr, away.iloc[:3]))}",
                "They change nothing.",
                "Match again if the links are newer than the matches: crosspressure match STUDY.",
            )
        )
    names = words.to_numpy(dtype=object, copy=True)
    names[at[known]] = matches.loc[known, "firm"]
    sure = np.ones(len(words))
    sure[at[known]] = matches.loc[known, "probability"]
    place, kept = pd.factorize(names)
    confidence = frame["confidence"].to_numpy(dtype=float, copy=True)
    made, touched = frame.copy(deep=False), np.zeros(len(frame), dtype=bool)
    renamed = names != words.to_numpy(dtype=object)
    for end in ("buyer", "supplier"):
        codes = frame[end].cat.codes.to_numpy()
        made[end] = pd.Categorical.from_codes(place[codes], categories=pd.Index(kept, dtype=words.dtype))
        touched |= renamed[codes]
        doubt = sure[codes]
        confidence = np.where(doubt < 1.0, np.nan_to_num(confidence, nan=1.0) * doubt, confidence)
        unsure = np.where(doubt < 1.0, codes, -1)
        made[f"{end}_party"] = pd.Categorical.from_codes(unsure, categories=words)
    made["confidence"] = confidence
    if touched.any():
        findings.append(
            Finding(
                where,
                f"{int(touched.sum())} links of parties matched to firms",
                "They count as the firms' own; a probability under 1 is part of the confidence of the link.",
                "Look at the matches: crosspressure match STUDY.",
            )
        )
    return made


def matched_ends(frame: pd.DataFrame, matches: pd.DataFrame | None) -> pd.DataFrame:
    """Ends of links whose match is in doubt: `MATCHED_COLUMNS`, one row an end.

    Of rows that became one link the party of the first counts.

    Parameters
    ----------
    frame : pandas.DataFrame
        Links with `link`, and what `with_firms` says of their ends.
    matches : pandas.DataFrame or None
        From `read_matches`.
    """
    if matches is None or any(name not in frame.columns for name in _PARTIES):
        return pd.DataFrame(columns=list(MATCHED_COLUMNS))
    likely = matches.set_index("party")["probability"]
    parts = []
    for name in _PARTIES:
        rows = frame[frame[name].notna()]
        party = rows[name].astype(object)
        parts.append(
            pd.DataFrame(
                {"link": rows["link"].astype(object), "party": party, "probability": party.map(likely)}
            )
        )
    return pd.concat(parts, ignore_index=True)


def parties_as_firms(parties: pd.DataFrame | None, matches: pd.DataFrame) -> pd.DataFrame | None:
    """The file of parties with firms' ids; of several rows for one firm the first cell that says something.

    Their sales are not added up: the largest counts.
    """
    if parties is None or parties.empty:
        return parties
    rows = parties.assign(party=as_firms(parties["party"], matches))
    if not rows["party"].duplicated().any():
        return rows
    words = [name for name in rows.columns if name not in ("party", "sales")]
    told = rows.assign(**{name: rows[name].where(rows[name] != "") for name in words})
    each = told.groupby("party", sort=False)
    first = each[words].first().fillna("").astype("str")
    return first.assign(sales=each["sales"].max()).reset_index()[list(parties.columns)]


def items_as_firms(items: pd.DataFrame | None, matches: pd.DataFrame) -> pd.DataFrame | None:
    """The file of items with firms' ids; of several rows for one item the first."""
    if items is None:
        return None
    rows = items.assign(party=as_firms(items["party"], matches))
    return rows.drop_duplicates(["party", "product"], ignore_index=True)
