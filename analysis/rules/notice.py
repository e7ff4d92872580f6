"""What must stand beside every output of rules: no legal advice, how old lists are, where asking is risky."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.rules.aging import OLD_AFTER
from survey import data_folder

__all__ = ["NOTICE_LANGUAGES", "noted", "notice_of", "notice_record", "short_notice"]

NOTICE_LANGUAGES = ("en", "ja")
"""Languages of the notice."""

_MANY = 6


@cache
def _texts(lang: str) -> Mapping[str, str]:
    path = data_folder() / "regulation" / "notice.toml"
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    return dict(words.get(lang) or words["en"])


def notice_of(lang: str, ages: pd.DataFrame | None) -> tuple[str, ...]:
    """The sentences of the notice.

    Parameters
    ----------
    lang : str
        `en` or `ja`; another is answered in English.
    ages : pandas.DataFrame or None
        What `aging.list_ages` gives of the lists on which somebody was screened; None or no rows where nobody
        was.

    Returns
    -------
    tuple[str, ...]
        That this is no legal advice, that due diligence itself may be a breach, and the lists by their age:
        of a known day (where that is known, without an age where `age` is missing), over `OLD_AFTER` days,
        younger than the day looked at, of no known day.
    """
    words = _texts(lang)
    said = [words["advice"], words["due_diligence"]]
    if ages is None or ages.empty:
        return (*said, words["nobody"])
    days = ages["age"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    undated = (ages["taken"] == "").to_numpy()
    kinds = {
        "listed": (days >= 0) & (days <= OLD_AFTER),
        "unaged": ~undated & np.isnan(days),
        "old": days > OLD_AFTER,
        "young": days < 0,
        "undated": undated,
    }
    for key, chosen in kinds.items():
        rows = ages[chosen]
        if len(rows):
            said.append(words[key].format(lists=_named(words, rows), limit=OLD_AFTER))
    return tuple(said)


def short_notice(ages: pd.DataFrame | None) -> str:
    """The notice in one English line, for a column of a table: no legal advice; age of the oldest list."""
    said = [_texts("en")["short"]]
    if ages is None or ages.empty:
        return f"{said[0]}; nobody was screened"
    known = ages["age"].dropna()
    if len(known):
        oldest = max(int(known.max()), 0)
        said.append(f"lists up to {oldest} days old" + (f" (over {OLD_AFTER})" if oldest > OLD_AFTER else ""))
    if bool((ages["taken"] == "").any()):
        said.append("lists of no known day")
    return "; ".join(said)


def noted(frame: pd.DataFrame, ages: pd.DataFrame | None) -> pd.DataFrame:
    """The table with a last column `notice`, the same short line on each row: no part travels without it."""
    return frame.assign(notice=pd.Series(short_notice(ages), index=frame.index, dtype="str"))


def notice_record(ages: pd.DataFrame | None) -> dict[str, Any]:
    """The notice as plain values, for a manifest or JSON: the sentences by language, and the lists."""
    record: dict[str, Any] = {lang: list(notice_of(lang, ages)) for lang in NOTICE_LANGUAGES}
    rows = [] if ages is None else ages[["list", "taken", "age", "is_old"]].to_dict(orient="records")
    record["lists"] = [
        {
            "list": str(row["list"]),
            "taken": str(row["taken"]),
            "age": None if pd.isna(row["age"]) else int(row["age"]),
            "is_old": bool(row["is_old"]),
        }
        for row in rows
    ]
    record["limit"] = OLD_AFTER
    record["short"] = short_notice(ages)
    return record


def _named(words: Mapping[str, str], rows: pd.DataFrame) -> str:
    """Lists of one kind; those of one day together."""
    said = []
    for taken, same in rows.groupby("taken", sort=True):
        names = same["list"].astype("str").tolist()
        shown = words["between"].join(names[:_MANY])
        shown += words["more"].format(many=len(names) - _MANY) if len(names) > _MANY else ""
        if not taken:
            said.append(shown)
            continue
        age = same["age"].iloc[0]
        form = "one_unaged" if pd.isna(age) else "one_young" if age < 0 else "one"
        days = 0 if pd.isna(age) else abs(int(age))
        said.append(words[form].format(list=shown, taken=taken, age=days))
    return words["between_days"].join(said)
