"""How alike two words are, and which word of one name goes with which of the other."""

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA, LCSseq
from rapidfuzz.process import cpdist

from analysis.matching.sounds import sound_keys

__all__ = ["pair_off", "word_likeness", "word_pairs"]


def word_pairs(begin: np.ndarray, many: np.ndarray, start: np.ndarray, size: np.ndarray) -> pd.DataFrame:
    """Every word of one side with every word of the other, for each pair of forms."""
    cells = many * size
    pair = np.repeat(np.arange(len(cells)), cells)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(cells) - cells, cells)
    width = size[pair]
    return pd.DataFrame(
        {"pair": pair, "mine": begin[pair] + within // width, "theirs": start[pair] + within % width}
    )


def word_likeness(vocabulary: pd.Series, mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Likeness of words, 0 to 1: typing errors, sounds, and words that are the other one shortened."""
    both, place = np.unique(mine.astype(np.int64) * len(vocabulary) + theirs, return_inverse=True)
    first, second = both // len(vocabulary), both % len(vocabulary)
    text = vocabulary.to_numpy()
    sizes = vocabulary.str.len().to_numpy()
    initial = vocabulary.str[0].to_numpy()
    left, right = text[first].tolist(), text[second].tolist()
    like = cpdist(left, right, scorer=OSA.normalized_similarity, dtype=np.float32).astype(float)
    keys = sound_keys(vocabulary).to_numpy()
    heard = cpdist(
        keys[first].tolist(), keys[second].tolist(), scorer=OSA.normalized_similarity, dtype=np.float32
    )
    heard = np.where(np.minimum(sizes[first], sizes[second]) > 3, heard, 0.0)
    like = np.maximum(like, 0.9 * heard)
    short, long = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
    kept = cpdist(left, right, scorer=LCSseq.similarity, dtype=np.int32)
    shortened = (kept == short) & (initial[first] == initial[second]) & (short < long)
    like = np.where(shortened & (short >= 2), np.maximum(like, np.where(short >= 3, 0.8, 0.65)), like)
    like = np.where(shortened & (short == 1), np.maximum(like, 0.6), like)
    like[first == second] = 1.0
    result: np.ndarray = like[place]
    return result


def pair_off(edges: pd.DataFrame) -> pd.DataFrame:
    """One word with one word: in each round those that are each other's likest, until none is left."""
    edges = edges.sort_values(["pair", "likeness"], ascending=[True, False], kind="stable")
    chosen = []
    while len(edges):
        rank = np.arange(len(edges))
        mine = edges["pair"].to_numpy(dtype=np.int64) * (1 << 31) + edges["mine"].to_numpy()
        theirs = edges["pair"].to_numpy(dtype=np.int64) * (1 << 31) + edges["theirs"].to_numpy()
        one, one_place = np.unique(mine, return_inverse=True)
        two, two_place = np.unique(theirs, return_inverse=True)
        best_one, best_two = np.full(len(one), len(rank)), np.full(len(two), len(rank))
        np.minimum.at(best_one, one_place, rank)
        np.minimum.at(best_two, two_place, rank)
        taken = (best_one[one_place] == rank) & (best_two[two_place] == rank)
        chosen.append(edges[taken])
        used_one, used_two = np.zeros(len(one), bool), np.zeros(len(two), bool)
        used_one[one_place[taken]] = True
        used_two[two_place[taken]] = True
        edges = edges[~used_one[one_place] & ~used_two[two_place]]
    return pd.concat(chosen) if chosen else edges
