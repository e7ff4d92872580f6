"""One change between two waves and its doubt: the Change, and the table of many."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import pandas as pd

__all__ = ["CHANGE_COLUMNS", "Change", "changes_frame"]


@dataclass(frozen=True, slots=True)
class Change:
    """One number in two waves, and its change.

    Attributes
    ----------
    concept, question, option : str
        Concept over waves, its question in the later wave, option code ("" for numbers).
    stat : str
        `share` or `mean`.
    compared : str
        `panel`: firms that answered in both waves; `all`: everybody who answered in either.
    base_rule : str
        `answered`, `routed` or `returned`.
    earlier, later : str
        Names of the waves.
    n_earlier, n_later, overlap : float
        Firms in the base of each wave, and of both; `overlap` is nan where it is not known.
    before, after, estimate, se : float
        The two numbers (of the firms compared), their difference, its standard error.
    low, high, level : float
        Interval of the difference.
    df : float
        Degrees of freedom; the smaller of two waves.
    method : str
        `paired score`, `independent score`, `hybrid score` (some firms in both), `any overlap` (widest
        over every overlap that can be), `t`, `bounds` (whatever the silent firms would have said),
        `census`.
    flag : str
        Words separated by `;`: `census`, `break`, `options differ`, `leak`, `low base` (fewer than ten
        firms compared), `counts only` (fewer than 30), `if silence were random`, `no df`, `empty`.
    p : float
        Two-sided p-value of no change; nan where none was made.
    narrow_low, narrow_high : float
        Narrowest interval where the overlap is not known; else nan.
    bound_low, bound_high : float
        Change among all firms concerned if the silent ones had answered as they might: shares only.
    detectable : float
        Smallest change that a comparison like this finds with 80 percent probability.
    target : str
        `firms` or `mechanism`.
    why : str
        Reason of the break that lies between; "" where none does.
    """

    concept: str
    question: str
    option: str
    stat: str
    compared: str
    base_rule: str
    earlier: str
    later: str
    n_earlier: float
    n_later: float
    overlap: float
    before: float
    after: float
    estimate: float
    se: float
    low: float
    high: float
    level: float
    df: float
    method: str
    flag: str
    p: float
    narrow_low: float
    narrow_high: float
    bound_low: float
    bound_high: float
    detectable: float
    target: str
    why: str


CHANGE_COLUMNS = tuple(f.name for f in fields(Change))
"""Columns of every table of changes."""


def changes_frame(changes: Sequence[Change]) -> pd.DataFrame:
    """Changes as a table with the columns `CHANGE_COLUMNS`; counts of firms are whole or empty."""
    rows = [[getattr(c, name) for name in CHANGE_COLUMNS] for c in changes]
    table = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))
    return table.astype({name: "Int64" for name in ("n_earlier", "n_later", "overlap")})
