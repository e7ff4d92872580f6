"""Two names are laid side by side word by word: what is shared, what is left over, how rare it is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cdist, cpdist

from analysis.matching.forms import Forms, legal_forms
from analysis.matching.rarity import word_weights
from analysis.matching.sounds import sound_keys
from analysis.matching.words_alike import pair_off, word_likeness, word_pairs

__all__ = ["TERMS", "lay_side_by_side"]

TERMS = (
    "asked_shared",
    "listed_shared",
    "letters",
    "sound",
    "asked_lost",
    "listed_lost",
    "asked_slack",
    "listed_slack",
    "edits",
    "heard_edits",
    "evidence",
    "legal",
    "numbers",
    "initials",
)
"""Columns of `lay_side_by_side` that speak for or against one firm."""

_LEAST = 0.55
"""Likeness under which two words have nothing to do with each other."""
_WITHIN = 0.8
"""Likeness from which a word counts as found inside the other name."""
_FAR = 12
"""Edits from which on names are simply apart."""
_TYPO = 3.0
"""Weight of a word that is a legal form but for one letter."""


def lay_side_by_side(asked: Forms, listed: Forms, rows: np.ndarray, columns: np.ndarray) -> pd.DataFrame:
    """How each pair of forms agrees.

    Parameters
    ----------
    asked, listed : Forms
        Names asked about, names listed.
    rows, columns : numpy.ndarray
        Pairs: rows of `asked.frame` and of `listed.frame`.

    Returns
    -------
    pandas.DataFrame
        One row a pair. `asked_shared`, `listed_shared`: share of the weight of its words (rarity)
        that finds a like word in the other, each word used once; `asked_lost`, `listed_lost`:
        weight of the heaviest word that finds none, `asked_alone`, `listed_alone` that word;
        `asked_slack`, `listed_slack`: weight missing where the like word is not the same;
        `letters`, `sound`: likeness of the whole without spaces, in any order of words, 0 to 1;
        `edits`, `heard_edits`: letters and sounds apart, 12 at most; `size`, `heard_size`: letters
        and sounds of the shorter; `evidence`: weight of what is shared; `legal`: 1 the same family
        of legal form, -1 another, 0 not known; `numbers`: a number in one that the other has not;
        `initials`: one is the initials of the other; `is_heard`; `is_same`: the same words.
    """
    if not len(rows):
        told = ("asked", "listed", "is_heard", "is_same", "asked_alone", "listed_alone", "size", "heard_size")
        return pd.DataFrame({name: [] for name in (*TERMS, *told)})
    out = pd.DataFrame({"asked": rows, "listed": columns})
    left = asked.frame.iloc[rows].reset_index(drop=True)
    right = listed.frame.iloc[columns].reset_index(drop=True)
    words = _aligned(asked, listed, rows, columns)
    out = pd.concat([out, words], axis=1)
    in_order = _like(left["joined"], right["joined"], Indel.normalized_similarity)
    sorted_words = _like(left["text"], right["text"], fuzz.token_sort_ratio) / 100
    out["letters"] = np.maximum(in_order, sorted_words)
    out["sound"] = _like(left["heard"], right["heard"], Indel.normalized_similarity)
    apart = [
        cpdist(
            left[name].tolist(), right[name].tolist(), scorer=OSA.distance, score_cutoff=_FAR, dtype=np.int32
        )
        for name in ("joined", "whole", "heard")
    ]
    out["edits"] = np.minimum(apart[0], apart[1]).clip(0, _FAR)
    out["heard_edits"] = apart[2].clip(0, _FAR)
    for name, text in (("size", "joined"), ("heard_size", "heard")):
        out[name] = np.minimum(left[text].str.len().to_numpy(), right[text].str.len().to_numpy())
    both = (left["legal"] != "") & (right["legal"] != "")
    out["legal"] = np.where(both, np.where(left["legal"] == right["legal"], 1.0, -1.0), 0.0)
    out["initials"] = (
        _is_initials(left["text"], right["initials"]) | _is_initials(right["text"], left["initials"])
    ).to_numpy(dtype=float)
    out["is_heard"] = (left["is_heard"] | right["is_heard"]).to_numpy()
    out["is_same"] = (left["text"] == right["text"]).to_numpy() & (left["text"] != "").to_numpy()
    return out


def _like(left: pd.Series, right: pd.Series, scorer: object) -> np.ndarray:
    """Likeness of texts pair by pair; each distinct pair is compared once."""
    found: np.ndarray = cpdist(left.tolist(), right.tolist(), scorer=scorer, dtype=np.float32)  # type: ignore[arg-type]
    return found


def _is_initials(short: pd.Series, initials: pd.Series) -> pd.Series:
    """Whether a short name is the initials of a long one, with or without that of its last word."""
    return ((short == initials) | (short == initials.str[:-1])) & short.str.fullmatch("[a-z]{3,8}")


def _aligned(asked: Forms, listed: Forms, rows: np.ndarray, columns: np.ndarray) -> pd.DataFrame:
    """Sums over the words of each pair, after like words have been paired off, the likest first."""
    codes, distinct = pd.factorize(pd.concat([asked.words["word"], listed.words["word"]], ignore_index=True))
    vocabulary = pd.Series(distinct, dtype="str")
    weights = _weights(listed, vocabulary)
    mine, theirs = codes[: len(asked.words)], codes[len(asked.words) :]
    begin, many = _spans(asked)[rows], _counts(asked)[rows]
    start, size = _spans(listed)[columns], _counts(listed)[columns]
    edges = word_pairs(begin, many, start, size)
    likeness = word_likeness(vocabulary, mine[edges["mine"]], theirs[edges["theirs"]])
    edges = pair_off(edges.assign(likeness=likeness)[likeness >= _LEAST])
    pair, like = edges["pair"].to_numpy(), edges["likeness"].to_numpy()
    weight = weights[theirs[edges["theirs"].to_numpy()]]
    left, right = asked.frame, listed.frame
    sides = (
        _Side(mine, begin, many, edges["mine"].to_numpy(), right, columns, left["is_heard"].to_numpy()[rows]),
        _Side(
            theirs, start, size, edges["theirs"].to_numpy(), left, rows, right["is_heard"].to_numpy()[columns]
        ),
    )
    told = [_told(side, vocabulary, weights, pair, like, weight) for side in sides]
    out = pd.concat([told[0].add_prefix("asked_"), told[1].add_prefix("listed_")], axis=1)
    out["evidence"] = np.minimum(out.pop("asked_found"), out.pop("listed_found")) / 10
    out["numbers"] = np.maximum(out.pop("asked_numbers"), out.pop("listed_numbers"))
    return out


def _weights(listed: Forms, vocabulary: pd.Series) -> np.ndarray:
    """Rarity of each word; less where it is short, or nothing but a legal form with a typing error."""
    once = listed.words.assign(name=listed.frame["name"].to_numpy()[listed.words["form"].to_numpy()])
    words = once.drop_duplicates(["name", "word"])["word"]
    weights = word_weights(words, int(listed.frame["name"].nunique()), vocabulary)
    size = vocabulary.str.len().to_numpy()
    weights = weights * np.select([size == 1, size == 2, size == 3], [0.3, 0.5, 0.75], 1.0)
    known = [form for form in legal_forms()[0] if " " not in form and len(form) > 2]
    unknown = np.flatnonzero(weights >= weights.max() * 0.7)
    text = vocabulary.iloc[unknown].tolist()
    near = cdist(text, known, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8).min(axis=1) <= 1
    weights[unknown[near]] = np.minimum(weights[unknown[near]], _TYPO)
    return weights


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of each pair: its words, which of them found a like word, and the other name."""

    codes: np.ndarray
    begin: np.ndarray
    many: np.ndarray
    word: np.ndarray
    other: pd.DataFrame
    rows: np.ndarray
    is_heard: np.ndarray


def _told(
    side: _Side,
    vocabulary: pd.Series,
    weights: np.ndarray,
    pair: np.ndarray,
    like: np.ndarray,
    weight: np.ndarray,
) -> pd.DataFrame:
    """What one side of each pair tells: share of its weight found, what is lost, what is found inexactly."""
    many, begin = side.many, side.begin
    owner = np.repeat(np.arange(len(many)), many)
    code = side.codes[_ranges(begin, many)]
    heavy, found = weights[code], np.zeros(len(code))
    slot = (np.cumsum(many) - many)[pair] + side.word - begin[pair]
    found[slot], heavy[slot] = like, weight
    single = np.flatnonzero(found == 0)
    found[single] = _within(vocabulary, code[single], side, owner[single])
    cells = len(many)
    total = np.bincount(owner, heavy, minlength=cells)
    shared = np.bincount(owner, heavy * found, minlength=cells)
    lost = np.zeros(cells)
    np.maximum.at(lost, owner, heavy * (found == 0))
    slack = np.bincount(owner, heavy * (1 - found) * (found > 0), minlength=cells)
    order = np.lexsort((heavy * (found == 0), owner))
    last = order[np.cumsum(many) - 1] if len(order) else order
    alone = np.full(cells, "", dtype=object)
    alone[many > 0] = np.where(found[last] == 0, vocabulary.to_numpy()[code[last]], "")[many > 0]
    numbered = vocabulary.str.contains(r"\d").to_numpy()[code]
    share = np.divide(shared, total, out=np.zeros(cells), where=total > 0)
    return pd.DataFrame(
        {
            "shared": share,
            "found": shared,
            "lost": lost / 10,
            "slack": slack / 10,
            "alone": alone,
            "numbers": (np.bincount(owner, numbered & (found < 1), minlength=cells) > 0).astype(float),
        }
    )


def _within(vocabulary: pd.Series, code: np.ndarray, side: _Side, pair: np.ndarray) -> np.ndarray:
    """Likeness of words without a counterpart to the best piece of the other name, its spaces taken out."""
    text, keys = vocabulary.to_numpy()[code], sound_keys(vocabulary).to_numpy()[code]
    other, rows = side.other, side.rows[pair]
    heard = side.is_heard[pair] | other["is_heard"].to_numpy()[rows]
    found = np.zeros(len(code))
    for wanted, piece, whole, least in (
        (~heard, text, other["joined"].to_numpy()[rows], 4),
        (heard, keys, other["heard"].to_numpy()[rows], 2),
    ):
        long = wanted & (np.char.str_len(piece.astype("U")) >= least)
        here = np.flatnonzero(long)
        found[here] = (
            cpdist(piece[here].tolist(), whole[here].tolist(), scorer=fuzz.partial_ratio, dtype=np.float32)
            / 100
        )
    result: np.ndarray = np.where(found >= _WITHIN, 0.95 * found, 0.0)
    return result


def _counts(forms: Forms) -> np.ndarray:
    return np.bincount(forms.words["form"], minlength=len(forms))


def _spans(forms: Forms) -> np.ndarray:
    """Row of `words` where the words of each form begin; they stand in the order of forms."""
    return np.searchsorted(forms.words["form"].to_numpy(), np.arange(len(forms)))


def _ranges(starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """start, start + 1, ... for each start, as many as its size, one after the other."""
    before = np.repeat(np.cumsum(sizes) - sizes, sizes)
    positions: np.ndarray = np.repeat(starts, sizes) + np.arange(len(before)) - before
    return positions
