"""Which figures share a base: the questions of a table of printed figures, and the bounds on their bases."""

import numpy as np
import pandas as pd

from analysis.published.figures import Figures

__all__ = ["QUESTION", "base_bounds", "lead_figures", "question_keys"]

QUESTION = ["survey", "wave", "edition", "question_id"]
"""Columns that name a question of an edition."""

_CONFIDENCE = {"exact": 0, "": 1, "derived": 1, "rounded": 2}


def question_keys(frame: pd.DataFrame) -> pd.Series:
    """Name of the base each figure has: its question, and its stated base where a question states several.

    A question printed with several bases is a table by groups: each figure has a base of its own, and
    a figure without one shares its base with no other.

    Returns
    -------
    pandas.Series
        Text, index as in `frame`.
    """
    name = frame[QUESTION].agg("\x1f".join, axis=1)
    several = frame.groupby(name)["stated"].transform("nunique") > 1
    own = np.where(
        frame["stated"].notna(),
        "base " + frame["stated"].astype("str"),
        "row " + frame["row"].astype("str"),
    )
    return name + np.where(several, "\x1f" + own, "")


def lead_figures(figures: Figures) -> pd.DataFrame:
    """One figure for each answer of each question: the used one with most digits, then most confidence.

    Returns
    -------
    pandas.DataFrame
        Rows of `figures.frame` in file order, with `key` from `question_keys`.
    """
    used = figures.frame[figures.frame["is_used"]].copy()
    used["key"] = question_keys(used)
    order = pd.DataFrame(
        {
            "digits": -used["decimals"],
            "counted": used["count"].isna(),
            "confidence": used["confidence"].map(_CONFIDENCE).fillna(1),
            "row": used["row"],
        }
    ).sort_values(["digits", "counted", "confidence", "row"])
    ordered = used.loc[order.index]
    return ordered.drop_duplicates(["key", "option_id"]).sort_values("row")


def base_bounds(figures: Figures) -> pd.DataFrame:
    """What a file says of how many firms there were: one row a survey, wave and edition.

    Returns
    -------
    pandas.DataFrame
        `survey`, `wave`, `edition`; `invited`: firms approached; `claimed`: respondents stated for this
        edition with confidence `exact`, which sources often give as the base of every figure; `most`:
        the largest base possible (respondents of this edition; else of any edition of the wave; else
        those invited), and `bound`: which of the three it is. Numbers as Int64, missing where unknown.
    """
    frame = figures.frame
    named = frame[frame["statistic"].isin(["base", "count"]) & (frame["usable"].str.lower() != "no")].copy()
    named["number"] = pd.to_numeric(named["value"].str.replace(",", ""), errors="coerce")
    named = named[named["number"].notna() & (named["number"] % 1 == 0)]
    wave, edition = ["survey", "wave"], ["survey", "wave", "edition"]
    bases = named[named["statistic"] == "base"]
    bounds = frame[edition].drop_duplicates()
    for column, rows, on in (
        ("invited", named[named["option_id"] == "invited"], wave),
        ("claimed", bases[bases["confidence"] == "exact"], edition),
        ("answered", bases, edition),
        ("elsewhere", bases, wave),
    ):
        largest = rows.groupby(on)["number"].max().rename(column).reset_index()
        bounds = bounds.merge(largest, on=on, how="left")
    for column in ("invited", "claimed", "answered", "elsewhere"):
        bounds[column] = bounds[column].astype("Int64")
    bounds["most"] = bounds["answered"].fillna(bounds["elsewhere"]).fillna(bounds["invited"])
    bounds["bound"] = np.select(
        [bounds[c].notna() for c in ("answered", "elsewhere", "invited")],
        ["respondents", "respondents of another edition", "firms invited"],
        "",
    )
    return bounds.drop(columns=["answered", "elsewhere"])
