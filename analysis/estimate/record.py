"""One number and its doubt: the Estimate, and the table of many."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import pandas as pd

__all__ = ["COLUMNS", "Estimate", "as_frame"]

COLUMNS = (
    "question",
    "option",
    "by",
    "group",
    "stat",
    "base_rule",
    "n",
    "base",
    "estimate",
    "se",
    "low",
    "high",
    "df",
    "method",
    "flag",
    "wave",
    "level",
    "deff",
    "n_eff",
    "p",
    "letters",
)
"""Columns of every table of estimates, in the order of the contract."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimate with everything a reader needs to trust it.

    Attributes
    ----------
    question, option : str
        Question id and option code ("" for numbers); never labels.
    by, group : str
        Break question and its code; both "" for all firms.
    stat : str
        `share`, `mean`, `total`, `ratio`, `quantile`.
    base_rule : str
        `answered`, `routed` or `returned`.
    n : int
        Firms in the base.
    base : float
        Weighted base.
    estimate, se, low, high : float
        Value (shares 0 to 1), standard error, limits of the interval; nan where undefined.
    df : float
        Degrees of freedom.
    method : str
        How the limits were made: `census`, `hypergeometric`, `bounds`, `korn-graubard`,
        `clopper-pearson`, `t`, `woodruff`.
    flag : str
        Words separated by `;`: `census`, `fixed by design`, `leak` (firms not routed are counted),
        `low base` (n under 10), `counts only` (n under 30), `indicative` (n_eff under 30), `if
        silence were random`, `silent omitted` (totals), `no df`, `empty`, `suppressed`.
    wave : str
        Wave name.
    level : float
        Confidence level.
    deff, n_eff : float
        Design effect and effective number of firms.
    p : float
        p-value of the comparison with its complement group; nan where none was made.
    letters : str
        Groups this one exceeds; "" where none was tested.
    """

    question: str
    option: str
    by: str
    group: str
    stat: str
    base_rule: str
    n: int
    base: float
    estimate: float
    se: float
    low: float
    high: float
    df: float
    method: str
    flag: str
    wave: str
    level: float
    deff: float
    n_eff: float
    p: float
    letters: str


def as_frame(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """Estimates as a table with the columns of the contract, in order."""
    names = [f.name for f in fields(Estimate)]
    return pd.DataFrame([[getattr(e, n) for n in names] for e in estimates], columns=names)[list(COLUMNS)]
