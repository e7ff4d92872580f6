"""How one fact of a flow is compared with one value of a rule: true, false or not known."""

import re
from collections.abc import Callable, Sequence
from fnmatch import translate

import numpy as np

__all__ = [
    "BOUND_OPERATORS",
    "LIST_OPERATORS",
    "OPERATORS",
    "TEXT_OPERATORS",
    "compare_bounds",
    "compare_text",
]

TEXT_OPERATORS: dict[str, str] = {
    "equals": "the text is the value",
    "not_equals": "the text is known and is not the value",
    "in": "the text, or one of its tags, is one of the values",
    "not_in": "the text is known and none of its tags is one of the values",
    "starts_with": "the text starts with one of the values",
    "not_starts_with": "the text is known and starts with none of the values",
    "like": "the text has the form of one of the values (? one sign, * any)",
    "not_like": "the text is known and has the form of none of the values",
}
"""Operators on text; values are separated by `|`."""

LIST_OPERATORS: dict[str, str] = {
    "listed_on": "the party stands on one of the lists on the day",
    "not_listed_on": "the party stands on none of the lists on the day",
}
"""Operators on the lists a party stands on."""

BOUND_OPERATORS: dict[str, str] = {
    "more_than": "the number is strictly above the value (United States de minimis)",
    "at_least": "the number is the value or above (China's Announcement 61, first limb)",
    "less_than": "the number is strictly below the value",
    "at_most": "the number is the value or below",
}
"""Operators on numbers known as a pair of bounds."""

OPERATORS: dict[str, str] = {**TEXT_OPERATORS, **LIST_OPERATORS, **BOUND_OPERATORS}
"""Every operator a rule may use, and what it asks."""

_KINDS: dict[str, Callable[[str], str]] = {
    "equals": re.escape,
    "in": re.escape,
    "listed_on": re.escape,
    "starts_with": lambda value: re.escape(value) + ".*",
    "like": lambda value: translate(value),
}


def compare_text(
    codes: np.ndarray, words: Sequence[str], operator: str, value: str, *, tags: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Compare factorised text with a value; each distinct word is compared once.

    Parameters
    ----------
    codes : numpy.ndarray
        Shape (flows,), code of the word of each flow, -1 where nothing is known.
    words : sequence of str
        Distinct words.
    operator, value : str
        One of `TEXT_OPERATORS` or `LIST_OPERATORS`; values separated by `|`.
    tags : bool
        Whether a word is several tags joined by `;`; tags are the same in small letters and capitals.

    Returns
    -------
    tuple of numpy.ndarray
        Whether it is true, and whether it is known, each boolean of shape (flows,).
    """
    plain = operator.removeprefix("not_")
    flags = re.DOTALL | re.IGNORECASE if tags else re.DOTALL
    pattern = re.compile("|".join(f"(?:{_KINDS[plain](part)})" for part in value.split("|")), flags)
    met = [any(pattern.fullmatch(tag) for tag in (word.split(";") if tags else (word,))) for word in words]
    found = np.array(met, dtype=bool)
    known = codes >= 0
    true = np.append(found ^ (plain != operator), False)[codes]
    return true & known, known


def compare_bounds(
    low: np.ndarray, high: np.ndarray, operator: str, value: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compare a number known as bounds with a threshold.

    Returns
    -------
    tuple of numpy.ndarray
        Whether it is true for every number within the bounds, whether it is decided, and whether the
        bounds are known but lie on both sides; boolean, shape as given.
    """
    told = ~np.isnan(low) & ~np.isnan(high)
    tests: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "more_than": lambda number: number > value,
        "at_least": lambda number: number >= value,
        "less_than": lambda number: number < value,
        "at_most": lambda number: number <= value,
    }
    test = tests[operator]
    at_low, at_high = test(low), test(high)
    return told & at_low & at_high, told & (at_low == at_high), told & (at_low != at_high)
