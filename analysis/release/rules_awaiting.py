"""Parties that wait for a person: names that may be a listed party, and parties whose owners are in doubt."""

import pandas as pd

from analysis.matching.judging import REVIEW_COLUMNS, latest_judgements, read_judgements
from analysis.supply.links import Links
from analysis.supply.tables import read_rows, require_columns
from survey import Study, StudyFault

__all__ = ["AWAITING_COLUMNS", "awaiting_table"]

AWAITING_COLUMNS = (
    *("why_here", "name", "name_ja", "party", "list", "matched_name"),
    *("stat", "n", "estimate", "reason", "clause"),
)
"""`why_here`: name (looked up on lists) or owners; `estimate`: probability of a match, or the share held."""


def awaiting_table(study: Study, affiliates: pd.DataFrame, links: Links | None) -> pd.DataFrame:
    """What a person should look at before anybody relies on the lists.

    Parameters
    ----------
    study : Study
        `[rules] review` names a file that `crosspressure match --review` or `screen --review` wrote; rows
        with a verdict, and those in `judgements.csv` beside `study.toml`, wait no longer.
    affiliates : pandas.DataFrame
        `derived.DERIVED_COLUMNS` of the day.
    links : Links or None
        For the names of parties.

    Returns
    -------
    pandas.DataFrame
        `AWAITING_COLUMNS`, the most probable first, then the largest share.

    Raises
    ------
    StudyFault
        `review` is no file name.
    FileFault
        No such file, or other columns.
    """
    parts = [_names(study), _owners(affiliates, links)]
    rows = pd.concat([part for part in parts if len(part)] or [parts[0]], ignore_index=True)
    rows = rows.sort_values(["why_here", "estimate"], ascending=[True, False], kind="stable")
    return rows.reindex(columns=list(AWAITING_COLUMNS)).reset_index(drop=True)


def _names(study: Study) -> pd.DataFrame:
    named = study.section("rules").get("review")
    if named is None:
        return pd.DataFrame(columns=list(AWAITING_COLUMNS))
    if not isinstance(named, str) or not named:
        raise StudyFault(
            study.place("rules.review"),
            repr(named),
            "a file of names to review",
            'write  review = "review.csv"',
        )
    path = study.folder / named
    if path.is_file() and len(path.read_text(encoding="utf-8-sig", errors="replace").splitlines()) == 1:
        return pd.DataFrame(columns=list(AWAITING_COLUMNS))  # a header alone: nothing to review
    rows = read_rows(path)
    require_columns(rows, REVIEW_COLUMNS, str(path))
    judged = latest_judgements(read_judgements(study.folder / "judgements.csv"))
    key = ["name", "list", "entry"]
    done = pd.MultiIndex.from_frame(judged[key])
    folded = latest_judgements(rows.assign(verdict=""))[key] if len(rows) else rows[key]
    rows = rows.drop_duplicates(key, keep="last").reset_index(drop=True)
    waits = (rows["verdict"] == "").to_numpy() & ~pd.MultiIndex.from_frame(folded).isin(done)
    rows = rows[waits]
    return rows[["name", "list", "matched_name", "reason"]].assign(
        why_here="name",
        name_ja="",
        party=rows["entry"],
        stat="probability",
        n=1,
        estimate=pd.to_numeric(rows["probability"], errors="coerce"),
        clause="",
    )


def _owners(affiliates: pd.DataFrame, links: Links | None) -> pd.DataFrame:
    if affiliates.empty:
        return pd.DataFrame(columns=list(AWAITING_COLUMNS))
    rows = affiliates[affiliates["outcome"] == "review"]
    names = pd.DataFrame(columns=["party", "name", "name_ja"]) if links is None else links.parties
    known = names.drop_duplicates("party").set_index("party")
    said = {
        column: known[column].reindex(rows["party"]).fillna("").astype("str").to_numpy()
        for column in ("name", "name_ja")
    }
    return pd.DataFrame(
        {
            "why_here": "owners",
            "name": said["name"],
            "name_ja": said["name_ja"],
            "party": rows["party"].to_numpy(),
            "list": rows["list"].to_numpy(),
            "matched_name": rows["owners"].astype("str").to_numpy(),
            "stat": "share_held",
            "n": 1,
            "estimate": rows["total"].astype(float).to_numpy(),
            "reason": rows["why"].astype("str").to_numpy(),
            "clause": rows["clause"].astype("str").to_numpy(),
        }
    )
