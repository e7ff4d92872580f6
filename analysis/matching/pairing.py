"""Each name is looked up in a list: match, review or no match, with a probability and a reason."""

import numpy as np
import pandas as pd

from analysis.matching.alignment import lay_side_by_side
from analysis.matching.blocking import candidate_pairs
from analysis.matching.forms import normal_forms
from analysis.matching.identifiers import IDENTIFIERS, is_valid, tidy_identifiers
from analysis.matching.judging import fold_names, latest_judgements
from analysis.matching.scoring import probabilities, reasons
from survey import QuestionFault

__all__ = ["MATCH_AT", "MATCH_COLUMNS", "REVIEW_AT", "match_names"]

MATCH_COLUMNS = ("name", "outcome", "probability", "list", "entry", "matched_name", "reason")
"""Columns of `match_names`, after `row`: the position of the name in `names`."""
MATCH_AT = 0.9
"""Probability from which on a pair is a match without a person looking at it."""
REVIEW_AT = 0.2
"""Probability from which on a person should look."""


def match_names(
    names: pd.DataFrame,
    listed: pd.DataFrame,
    judgements: pd.DataFrame | None = None,
    *,
    match_at: float = MATCH_AT,
    review_at: float = REVIEW_AT,
    every: bool = False,
) -> pd.DataFrame:
    """Look each name up.

    Parameters
    ----------
    names : pandas.DataFrame
        `name`, and where there are any `country` (a code) and identifiers (`lei`, `corporate_number`, `uscc`,
        `duns`, `identifier`).
    listed : pandas.DataFrame
        `entry` and `name`, an alias a row of its own; `list`, `country` and identifiers where there are any.
    judgements : pandas.DataFrame, optional
        `judging.read_judgements`; the last one on a name and an entry decides, before anything else.
    match_at, review_at : float
        Probabilities from which on a pair is a match, or worth a person's look.
    every : bool
        A row for each entry worth a look, not only for the likeliest.

    Returns
    -------
    pandas.DataFrame
        `row` and `MATCH_COLUMNS`, in the order of `names`; `outcome` is match, review or no match, where the
        last has empty cells, the probability of the nearest entry, and the reason it was not enough. A match
        becomes a review where another entry is as near, or the two stand in different countries or
        carry different identifiers.

    Raises
    ------
    QuestionFault
        No column `name` or `entry`, thresholds outside 0 to 1 or in the wrong order.
    """
    _check(names, listed, match_at, review_at)
    listed = listed.reset_index(drop=True)
    if "list" not in listed.columns:
        listed = listed.assign(list="")
    names = names.reset_index(drop=True).assign(name=names["name"].fillna("").astype("str").to_numpy())
    found = pd.concat([_by_name(names, listed), _by_number(names, listed)], ignore_index=True)
    found = found.sort_values(["row", "probability"], ascending=[True, False], kind="stable")
    found["list"], found["entry"] = (
        listed["list"].to_numpy()[found["at"]],
        listed["entry"].to_numpy()[found["at"]],
    )
    found["matched_name"] = listed["name"].to_numpy()[found["at"]]
    found = found.drop_duplicates(["row", "list", "entry"])
    found = _judged(names, found, judgements, listed)
    found["outcome"] = np.select(
        [found["probability"] >= match_at, found["probability"] >= review_at], ["match", "review"], "no match"
    )
    found = _doubted(names, listed, found, match_at)
    worth = found[(found["outcome"] != "no match") & ~found["is_denied"]]
    best = worth if every else worth.drop_duplicates("row")
    rest = found[~found["row"].isin(best["row"])].drop_duplicates("row")
    near = rest["reason"].where(rest["is_denied"], "nearest: " + rest["matched_name"] + "; " + rest["reason"])
    rest = rest.assign(outcome="no match", list="", entry="", matched_name="", reason=near)
    rest["probability"] = rest["probability"].where(~rest["is_denied"], 0.0)
    out = pd.concat([best, rest], ignore_index=True)
    silent = np.setdiff1d(np.arange(len(names)), out["row"].to_numpy())
    none = pd.DataFrame({"row": silent, "outcome": "no match", "probability": 0.0, "list": "", "entry": ""})
    none["matched_name"], none["reason"] = "", "nothing on the list is near"
    out = pd.concat([out[none.columns], none], ignore_index=True)
    out["name"] = names["name"].to_numpy()[out["row"].to_numpy(dtype=np.int64)]
    out = out.sort_values(["row", "probability"], ascending=[True, False], kind="stable", ignore_index=True)
    return out[["row", *MATCH_COLUMNS]]


def _check(names: pd.DataFrame, listed: pd.DataFrame, match_at: float, review_at: float) -> None:
    for frame, wanted, what in ((names, ("name",), "names"), (listed, ("entry", "name"), "listed")):
        for column in wanted:
            if column not in frame.columns:
                raise QuestionFault(what, f"no column {column!r}", ", ".join(wanted), f"add {column}")
    if not 0 <= review_at <= match_at <= 1:
        raise QuestionFault(
            "match_at, review_at",
            f"{match_at:g}, {review_at:g}",
            "0 <= review_at <= match_at <= 1",
            "mend them",
        )


def _by_name(names: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Candidates by name: `row`, `at` (row of the list), `probability`, `reason`, `is_sure`."""
    asked_codes, asked_names = pd.factorize(names["name"])
    codes, spelled = pd.factorize(listed["name"].fillna("").astype("str"))
    asked, known = (
        normal_forms(pd.Series(asked_names, dtype="str")),
        normal_forms(pd.Series(spelled, dtype="str")),
    )
    left, right = candidate_pairs(asked, known)
    pairs = lay_side_by_side(asked, known, left, right)
    pairs["probability"] = probabilities(pairs)
    initials = (pairs["initials"] > 0) & ~pairs["is_same"]
    letters = np.minimum(
        asked.frame["text"].str.len().to_numpy()[left], known.frame["text"].str.len().to_numpy()[right]
    )
    chance = len(spelled) * _LETTERS ** -letters.astype(float)
    pairs["probability"] = np.where(initials, _SURE / (1 + chance), pairs["probability"])
    pairs["name"] = asked.frame["name"].to_numpy()[left]
    pairs["spelled"] = known.frame["name"].to_numpy()[right]
    pairs = pairs.sort_values(["name", "probability"], ascending=[True, False], kind="stable")
    pairs = pairs.drop_duplicates(["name", "spelled"])
    pairs = pairs[pairs.groupby("name").cumcount() < _KEPT].reset_index(drop=True)
    pairs["reason"] = reasons(pairs)
    rows = pd.DataFrame({"name": asked_codes, "row": np.arange(len(names))})
    places = pd.DataFrame({"spelled": codes, "at": np.arange(len(listed))})
    found = rows.merge(pairs[["name", "spelled", "probability", "reason", "is_same"]], on="name").merge(
        places, on="spelled"
    )
    return found[["row", "at", "probability", "reason", "is_same"]].assign(is_sure=False)


_LETTERS = 14.0
"""Letters as frequent as each other that would tell as much as the initials of names do."""
_SURE = 0.97
"""Probability of initials that nobody else on the list could have by chance."""
_KEPT = 8
"""Listed names kept for each name asked about."""


def _by_number(names: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Candidates that carry the same identifier, if it is a valid one."""
    parts = []
    for kind in IDENTIFIERS:
        if kind not in names.columns or kind not in listed.columns:
            continue
        mine, theirs = tidy_identifiers(names[kind]), tidy_identifiers(listed[kind])
        left = pd.DataFrame({"number": mine, "row": np.arange(len(names))})
        left = left[(mine != "").to_numpy() & is_valid(mine, kind)]
        right = pd.DataFrame({"number": theirs, "at": np.arange(len(listed))})
        right = right.drop_duplicates("number")
        parts.append(left.merge(right, on="number").assign(reason=f"same {kind}"))
    found = pd.concat(parts) if parts else pd.DataFrame({"row": [], "at": [], "reason": []})
    found = found.assign(probability=1.0, is_same=True, is_sure=True)
    found[["row", "at"]] = found[["row", "at"]].astype(np.int64)
    return found[["row", "at", "probability", "reason", "is_same", "is_sure"]]


def _judged(
    names: pd.DataFrame, found: pd.DataFrame, judgements: pd.DataFrame | None, listed: pd.DataFrame
) -> pd.DataFrame:
    """Candidates with what persons decided: `same` is 1, `different` 0 and denied, for good."""
    found["is_denied"] = False
    if judgements is None or not len(judgements):
        return found
    last = latest_judgements(judgements).rename(columns={"name": "folded"})
    rows = pd.DataFrame({"folded": fold_names(names["name"]).to_numpy(), "row": np.arange(len(names))})
    first = listed.assign(at=np.arange(len(listed))).drop_duplicates(["list", "entry"])
    said = rows.merge(last, on="folded").merge(
        first[["list", "entry", "at", "name"]], on=["list", "entry"], suffixes=("", "_listed")
    )
    if not len(said):
        return found
    said["reason"] = (
        "judged " + said["verdict"] + " by " + said["who"] + " on " + said["when"] + ": " + said["why"]
    )
    said["probability"] = (said["verdict"] == "same").astype(float)
    said["is_denied"] = said["verdict"] == "different"
    said = said.assign(is_same=True, is_sure=True, matched_name=said["name"])
    known = pd.MultiIndex.from_frame(said[["row", "list", "entry"]])
    found = found[~pd.MultiIndex.from_frame(found[["row", "list", "entry"]]).isin(known)]
    found = pd.concat([found, said[found.columns]], ignore_index=True)
    return found.sort_values(
        ["row", "probability"], ascending=[True, False], kind="stable", ignore_index=True
    )


def _doubted(names: pd.DataFrame, listed: pd.DataFrame, found: pd.DataFrame, match_at: float) -> pd.DataFrame:
    """Matches by name that something speaks against become reviews, and say what."""
    said = pd.Series("", index=found.index, dtype="str")
    for column in ("country", *IDENTIFIERS):
        if column in names.columns and column in listed.columns:
            mine = tidy_identifiers(names[column]).to_numpy()[found["row"]]
            theirs = tidy_identifiers(listed[column]).to_numpy()[found["at"]]
            said += np.where((mine != "") & (theirs != "") & (mine != theirs), f"; another {column}", "")
    strong = found["probability"] >= match_at
    second = found[strong & ~found["is_sure"]].groupby(["row", "list"])["entry"].transform("nunique")
    many = second.reindex(found.index).fillna(0) > 1
    judged = found.groupby("row")["is_sure"].transform("any")
    said += np.where(many & ~judged, "; another entry is as near", "")
    doubt = (said != "") & ~found["is_sure"]
    found["reason"] = found["reason"] + said.where(doubt, "")
    found.loc[doubt & (found["outcome"] == "match"), "outcome"] = "review"
    return found
