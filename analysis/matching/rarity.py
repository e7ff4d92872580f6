"""The rarer a word, the more it says about who is meant."""

from functools import cache

import numpy as np
import pandas as pd

from survey import data_folder

__all__ = ["word_weights"]


def word_weights(listed: pd.Series, names: int, words: pd.Series) -> np.ndarray:
    """Weight of each word: minus the log of the share of names that hold it (Sparck Jones, 1972).

    Parameters
    ----------
    listed : pandas.Series
        Words of the listed names, each at most once a name.
    names : int
        How many listed names there are.
    words : pandas.Series
        Words to weigh.

    Returns
    -------
    numpy.ndarray
        As long as `words`; counts of the list are pooled with those of firms of the world
        (`frequencies.csv`), so that a short list does not make a common word look rare; a word met
        nowhere weighs most.
    """
    usual, firms = _usual()
    count = words.map(listed.value_counts()).fillna(0.0) + words.map(usual).fillna(0.0)
    weights: np.ndarray = -np.log((count.to_numpy(dtype=float) + 0.5) / (names + firms + 1.0))
    return weights


@cache
def _usual() -> tuple[dict[str, int], int]:
    """Firms of the world that hold each common word, and how many firms were counted."""
    table = pd.read_csv(
        data_folder() / "reference" / "matching" / "frequencies.csv", encoding="utf-8", keep_default_na=False
    )
    known = dict(zip(table["word"], table["firms"], strict=True))
    return known, int(known.pop(""))
