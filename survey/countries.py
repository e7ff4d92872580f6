"""Country names in any spelling become ISO 3166 alpha-2 codes."""

import re
import unicodedata
from functools import cache

import pandas as pd

from survey.paths import data_folder

__all__ = ["country_codes", "country_names", "fold_name"]

_SMALL_WORDS = re.compile(r"\b(the|of|and)\b")
_REGION = re.compile(r"^[A-Z]{2}-[A-Z0-9]{1,3}$")


def fold_name(name: str) -> str:
    """A name without case, accents, spaces, punctuation and small words, for comparing spellings.

    Kana keep their voicing marks; `St` counts as `Saint`, `&` as `and`.
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name)).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c) or c in "\u3099\u309a")
    text = unicodedata.normalize("NFC", text).replace("&", " and ")
    text = _SMALL_WORDS.sub("", re.sub(r"\bst\b", "saint", text))
    return re.sub(r"[\W_]+", "", text)


@cache
def _spellings() -> dict[str, str]:
    table = pd.read_csv(
        data_folder() / "geography" / "countries.csv", dtype=str, keep_default_na=False, encoding="utf-8"
    )
    return dict(zip(table["name"].map(fold_name), table["iso2"], strict=True))


@cache
def country_names(lang: str = "en") -> dict[str, str]:
    """Alpha-2 code to name in one language (`en`, `ja`, `zh`, `zh_Hant`, `ko`, `de`, `fr`, `es`)."""
    table = pd.read_csv(
        data_folder() / "geography" / "countries.csv", dtype=str, keep_default_na=False, encoding="utf-8"
    )
    rows = table[table["kind"] == lang]
    return dict(zip(rows["iso2"], rows["name"], strict=True))


def country_codes(names: pd.Series, *, regions: bool = False) -> pd.Series:
    """Codes of country names, each distinct spelling looked up once.

    Parameters
    ----------
    names : pandas.Series
        Text, any length; blanks allowed.
    regions : bool
        Keep ISO 3166-2 codes such as `CN-XJ` as they stand.

    Returns
    -------
    pandas.Series
        Same index: alpha-2 code, `""` for a blank, missing for a spelling the table does not hold
        (`data/geography/countries.csv`: CLDR names and common variants).
    """
    codes, distinct = pd.factorize(names.fillna("").astype(str).str.strip())
    known = _spellings()
    found: list[str | None] = []
    for name in distinct:
        if not name:
            found.append("")
        elif regions and _REGION.match(name.upper()):
            found.append(name.upper())
        else:
            found.append(known.get(fold_name(name)))
    return pd.Series(
        pd.array(found, dtype="str")[codes] if len(found) else [], index=names.index, dtype="str"
    )
