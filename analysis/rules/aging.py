"""How old the lists are on which somebody was screened: shown always, warned of over thirty days."""

from datetime import date

import pandas as pd

from survey import Finding

__all__ = ["OLD_AFTER", "list_ages", "tell_ages"]

OLD_AFTER = 30
"""Days after which a list is too old to rely on."""


def list_ages(listed: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Age of each list on a day.

    Parameters
    ----------
    listed : pandas.DataFrame
        `list,taken`: `taken` is the day on which the list was taken from its publisher, "" where not said.
    as_of : datetime.date

    Returns
    -------
    pandas.DataFrame
        `list,taken,age,is_old`: the earliest day of the list's rows, "" where a row has none, the days from
        it to `as_of` (missing where not known, below 0 where the list is younger), and whether these are more
        than `OLD_AFTER`.
    """
    rows = listed[["list", "taken"]].fillna("").drop_duplicates()
    oldest = rows.groupby("list", sort=True)["taken"].min().reset_index()  # "" sorts first
    days = pd.to_datetime(oldest["taken"].where(oldest["taken"] != ""), format="%Y-%m-%d")
    oldest["age"] = (pd.Timestamp(as_of) - days).dt.days.astype("Int64")
    oldest["is_old"] = (oldest["age"] > OLD_AFTER).fillna(False).astype(bool)
    return oldest


def tell_ages(listed: pd.DataFrame, as_of: date, where: str) -> tuple[Finding, ...]:
    """The same in words: one Finding for lists that are fresh, too old, or of unknown age.

    Parameters
    ----------
    listed : pandas.DataFrame
        As `list_ages`.
    as_of : datetime.date
    where : str
        The file or key that holds them.
    """
    ages = list_ages(listed, as_of)
    found = []
    for days, rows in ages[ages["taken"] != ""].groupby("age", sort=True):
        names, taken, many = _some(rows["list"]), rows["taken"].iloc[0], int(str(days))
        if many > OLD_AFTER:
            meaning = f"That is over {OLD_AFTER} days: who was put on or taken off since is missing."
            do = "Take the list again."
        elif many < 0:
            meaning = "The list is younger than the day looked at: who was taken off since is missing."
            do = "Take days of listing from the list, or another list."
        else:
            meaning, do = "", ""
        apart = f"{many} days before {as_of}" if many >= 0 else f"{-many} days after {as_of}"
        found.append(Finding(where, f"{names}: taken on {taken}, {apart}", meaning, do))
    silent = ages.loc[ages["taken"] == "", "list"]
    if len(silent):
        said = f"{_some(silent)}: nothing says on which day the list was taken"
        found.append(
            Finding(
                where, said, "Its age is not known.", "Say the day: a column taken, lists_taken, or @DATE."
            )
        )
    return tuple(found)


def _some(names: pd.Series, many: int = 6) -> str:
    rest = len(names) - many
    return ", ".join(names.astype("str").head(many)) + (f" and {rest} more lists" if rest > 0 else "")
