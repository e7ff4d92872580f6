"""Words that sound alike share a key: the consonants that survive a passage through kana."""

import pandas as pd

__all__ = ["sound_keys"]

_STEPS = (
    (r"[^a-z0-9]", ""),
    (r"(?:tion|sion|shon)", "son"),
    (r"(?:tech|tek)", "tek"),
    (r"ph", "f"),
    (r"(?:gh|kh|ck|q)", "k"),
    (r"x", "ks"),
    (r"c(?=[eiy])", "s"),
    (r"(?:tsu|tch|ch|th(?=$))", "t"),
    (r"(?:sh|th)", "s"),
    (r"c", "k"),
    (r"(?<=[aeiou])r(?![aeiou])", ""),
    (r"l", "r"),
    (r"v", "b"),
    (r"f", "h"),
    (r"(?:dz|j|z)", "z"),
    (r"m(?=[pb])", "n"),
    (r"(?<=.)h", ""),
    (r"(?<=.)[wy]", ""),
    (r"^[aeiou]+", "a"),
    (r"(?<=.)[aeiou]+", ""),
    (r"(.)\1+", r"\1"),
)
"""Pattern to what takes its place, in this order."""


def sound_keys(words: pd.Series) -> pd.Series:
    """Keys of lower-case Latin words, same index: `electron` and `erekutoron` are both `arktrn`.

    Long and short vowels, l and r, b and v, f and h, s and sh and th, and an r that closes a syllable are
    not told apart, as kana do not; digits stay. An empty key stands for a word without letters or digits.
    """
    keys = words.astype("str")
    for pattern, instead in _STEPS:
        keys = keys.str.replace(pattern, instead, regex=True)
    return keys
