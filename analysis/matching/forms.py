"""A name is brought to its normal forms: words that tell firms apart, and the legal form apart from them."""

import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from analysis.matching.scripts import read_in_latin
from analysis.matching.sounds import sound_keys
from survey import data_folder

__all__ = ["Forms", "legal_forms", "normal_forms"]


@dataclass(frozen=True, slots=True)
class Forms:
    """Normal forms of names.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a form: `name` (position of the name it comes from), `text` (its words, spaced),
        `legal` (families of its legal forms, spaced and sorted), `joined` (its words without spaces), `whole`
        (the name as read, legal forms and all, without spaces),
        `heard` (joined sound keys), `initials` (of all words, legal forms with them), `is_heard`.
    words : pandas.DataFrame
        One row a word of a form: `form` (row of `frame`), `place`, `word`, `numbered` (holds a digit).
    """

    frame: pd.DataFrame
    words: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)


def normal_forms(names: pd.Series) -> Forms:
    """Normal forms of names in any script.

    Parameters
    ----------
    names : pandas.Series
        Text; a name without letters or digits has a form without words, which matches nothing.

    Returns
    -------
    Forms
        At least one form a name. Case, accents, punctuation and the order of legal forms are gone,
        shortened words of business are written out (`words.csv`, language en), a plural is its singular;
        where nothing but legal forms would be left they stay words.
    """
    read = read_in_latin(names)
    text = read["text"]
    text = text.str.replace(r"(?<=\w)['’`´‘ʻʼ](?=\w)", "", regex=True).str.replace("&", " and ", regex=False)
    text = text.str.replace(r"\b(\w)\.(?=\s?\w\b)\s?", r"\1", regex=True)
    text = text.str.replace(r"[^0-9a-z]+", " ", regex=True).str.strip()
    known, pattern = legal_forms()
    bare = text.str.replace(pattern, " ", regex=True).str.replace(r"\s+", " ", regex=True).str.strip()
    has_legal = (bare != text) & (bare != "")
    legal = pd.Series("", index=text.index, dtype="str")
    legal[has_legal] = (
        text[has_legal]
        .str.findall(pattern)
        .map(lambda found: " ".join(sorted({known[form] for form in found})))
    )
    whole = text
    text = text.where(bare == "", bare)
    split = text.str.split().explode()
    place = split.groupby(level=0).cumcount()
    present = split.notna()
    words = pd.DataFrame(
        {"form": split.index.to_numpy(), "place": place.to_numpy(), "word": split.to_numpy()}
    )[present.to_numpy()]
    words = words[~words["word"].isin(_SMALL) | ~_has_others(words)].reset_index(drop=True)
    codes, distinct = pd.factorize(words["word"])
    plain = _plain_words(pd.Series(distinct, dtype="str"))
    keys = sound_keys(plain)
    words["word"] = plain.to_numpy()[codes]
    words["numbered"] = plain.str.contains(r"\d").to_numpy()[codes]
    heard = pd.Series(keys.to_numpy()[codes], dtype="str")
    frame = pd.DataFrame({"name": read["name"], "legal": legal, "is_heard": read["is_heard"]})
    grouped = words.groupby("form", sort=True)["word"]
    frame["text"] = grouped.agg(" ".join).reindex(frame.index).fillna("").astype("str")
    frame["whole"] = whole.str.replace(" ", "", regex=False)
    frame["joined"] = frame["text"].str.replace(" ", "", regex=False)
    frame["heard"] = heard.groupby(words["form"].to_numpy()).agg("".join).reindex(frame.index).fillna("")
    frame["heard"] = frame["heard"].astype("str")
    frame["initials"] = whole.str.replace(r"\b(?:and|of|the|for|de|y)\b", "", regex=True).str.replace(
        r"(\w)\w*\s*", r"\1", regex=True
    )
    return Forms(frame, words)


_SMALL = (
    *("and", "of", "the", "for", "in", "de", "del", "la", "le", "y", "e", "el"),
    *("und", "et", "du", "des", "al", "di"),
)
"""Words that tell nothing; they count only where a name has no others."""


def _has_others(words: pd.DataFrame) -> pd.Series:
    """Whether the form of each word holds a word that is not small."""
    return (~words["word"].isin(_SMALL)).groupby(words["form"]).transform("any")


def _plain_words(words: pd.Series) -> pd.Series:
    """Distinct words with shortened ones written out and plurals singular."""
    table = pd.read_csv(
        data_folder() / "reference" / "matching" / "words.csv",
        dtype=str,
        encoding="utf-8",
        keep_default_na=False,
    )
    table = table[table["kind"] == "short"]
    known = dict(zip(table["written"], table["reading"], strict=True))
    whole = words.map(known)
    single = words.where(words.str.len() < 5, words.str.replace(r"ies$", "y", regex=True))
    single = single.where(
        (single.str.len() < 5) | single.str.contains("(?:ss|us|is)$"),
        single.str.replace("s$", "", regex=True),
    )
    return whole.fillna(single.map(known)).fillna(single).astype("str")


@cache
def legal_forms() -> tuple[dict[str, str], re.Pattern[str]]:
    """Legal forms in Latin letters to their family (`legal_forms.csv`), and the pattern that finds them."""
    table = pd.read_csv(
        data_folder() / "reference" / "matching" / "legal_forms.csv",
        dtype=str,
        encoding="utf-8",
        keep_default_na=False,
    )
    known = dict(zip(table["form"], table["family"], strict=True))
    longest = sorted(known, key=lambda form: (-len(form), form))
    return known, re.compile(r"\b(?:" + "|".join(longest) + r")\b")
