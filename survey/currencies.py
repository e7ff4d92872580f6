"""Currencies in any spelling become ISO 4217 codes."""

import csv
import unicodedata
from functools import cache

import pandas as pd

from survey.paths import data_folder

__all__ = ["currency_codes"]


def _folded(name: str) -> str:
    """A spelling without case, width, spaces and full stops; signs such as `$` are kept."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().replace(".", "").split())


@cache
def _spellings() -> dict[str, str]:
    file = data_folder() / "geography" / "currencies.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return {_folded(row["name"]): row["code"] for row in csv.DictReader(lines)}


def currency_codes(names: pd.Series) -> pd.Series:
    """Codes of currencies, each distinct spelling looked up once.

    Returns
    -------
    pandas.Series
        Same index: alpha-3 code, `""` for a blank, missing for a spelling that
        `data/geography/currencies.csv` does not hold (a bare `$` or `¥` could be several).
    """
    codes, distinct = pd.factorize(names.fillna("").astype(str).str.strip())
    known = _spellings()
    found = [known.get(_folded(name)) if name else "" for name in distinct]
    return pd.Series(
        pd.array(found, dtype="str")[codes] if len(found) else [], index=names.index, dtype="str"
    )
