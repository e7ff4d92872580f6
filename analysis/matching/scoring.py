"""How probable it is that two names mean one firm, and the reason in words."""

from functools import cache

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.matching.alignment import TERMS
from survey import data_folder

__all__ = ["probabilities", "reasons", "scoring_terms"]


def scoring_terms(pairs: pd.DataFrame) -> pd.DataFrame:
    """What the model weighs, from `alignment.lay_side_by_side`: its `TERMS`, and where they bend.

    Returns
    -------
    pandas.DataFrame
        One row a pair, same index; all numbers; the last column, `one`, is 1.
    """
    out = pairs[list(TERMS)].astype(float)
    both = out[["asked_shared", "listed_shared"]].min(axis=1)
    lost = out[["asked_lost", "listed_lost"]].max(axis=1)
    out["both"] = both
    out["both_high"] = (both - 0.8).clip(lower=0.0)
    out["letters_high"] = (out["letters"] - 0.8).clip(lower=0.0)
    out["sound_high"] = (out["sound"] - 0.8).clip(lower=0.0)
    out["same"] = pairs["is_same"].astype(float)
    out["any_lost"] = (lost > 0).astype(float)
    out["much_lost"] = (lost > 0.5).astype(float)
    out["clean"] = ((lost < 0.2) & (out["evidence"] > 0.4)).astype(float)
    for most in (0, 1, 2, 4):
        near = (out["edits"] <= most) & (3 * out["edits"] <= pairs["size"])
        out[f"edits_{most}"] = near.astype(float)
    out["edit_rate"] = (out["edits"] / pairs["size"].clip(lower=1)).clip(upper=1.0)
    for most in (0, 1, 2, 3):
        near = (out["heard_edits"] <= most) & (2 * out["heard_edits"] <= pairs["heard_size"])
        out[f"heard_{most}"] = near.astype(float)
    out["one"] = 1.0
    return out


def probabilities(pairs: pd.DataFrame) -> np.ndarray:
    """Probability that each pair is one firm: a logistic model fitted on damaged names (`model.csv`).

    One set of weights for names read as they are spelled, one for names read by sound. It is calibrated for
    a mixture in which half of the names asked about are on the list; where fewer are, it says too much.
    """
    model = _model()
    terms = scoring_terms(pairs)
    plain = terms.to_numpy() @ model["plain"].reindex(terms.columns).to_numpy(dtype=float)
    heard = terms.to_numpy() @ model["heard"].reindex(terms.columns).to_numpy(dtype=float)
    found: np.ndarray = expit(np.where(pairs["is_heard"].to_numpy(dtype=bool), heard, plain))
    return found


@cache
def _model() -> pd.DataFrame:
    return pd.read_csv(
        data_folder() / "reference" / "matching" / "model.csv", encoding="utf-8", index_col="term"
    )


def reasons(pairs: pd.DataFrame) -> pd.Series:
    """One line for each pair: what agrees, what is left over, in which way it was read."""
    edits, heard = pairs["edits"].to_numpy(), pairs["heard_edits"].to_numpy()
    is_heard = pairs["is_heard"].to_numpy(dtype=bool)
    lost = ((pairs["asked_lost"] > 0) | (pairs["listed_lost"] > 0)).to_numpy()
    apart = pairs["edits"].astype(int).astype(str)
    head = np.select(
        [
            pairs["is_same"].to_numpy(dtype=bool),
            pairs["initials"].to_numpy() > 0,
            ~lost & (edits == 0),
            is_heard & (heard <= 3),
            edits <= 4,
            ~lost,
        ],
        [
            "same words",
            "initials of the other name",
            "same letters, otherwise spaced",
            "sounds alike",
            (apart + " letters apart").to_numpy(),
            "same words in another order, shortened or misspelled",
        ],
        "words in common",
    )
    text = pd.Series(head, index=pairs.index, dtype="str")
    whole = pairs["initials"] == 0
    text += _said(pairs["asked_alone"].where(whole, ""), "; only in the name asked about: ")
    text += _said(pairs["listed_alone"].where(whole, ""), "; only in the listed name: ")
    text += pd.Series(
        np.where(pairs["legal"] < 0, "; another legal form", ""), index=pairs.index, dtype="str"
    )
    text += pd.Series(np.where(pairs["numbers"] > 0, "; numbers differ", ""), index=pairs.index, dtype="str")
    return text + pd.Series(np.where(is_heard, "; read by sound", ""), index=pairs.index, dtype="str")


def _said(words: pd.Series, before: str) -> pd.Series:
    plain = words.astype("str")
    return (before + plain).where(plain != "", "")
