"""Which firms that lack an indicator are imputed, and what is said of those that are not."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.channels import Reach
from analysis.pressure.noting import Note

__all__ = ["IMPUTE", "imputed_firms", "known_firms", "outcome_note"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

IMPUTE = ("known", "all", "none")
"""`known`: firms of which something is known that indicators are made of. `all`: those of which nothing is
known too. `none`: no firm."""


def known_firms(reach: Reach, answers: pd.DataFrame | None) -> Flags:
    """Of which of n firms something is known that indicators are made of: a flow, or an answer standing in.

    Parameters
    ----------
    reach : Reach
        Flows of the n firms' own, on the day of fieldwork.
    answers : pandas.DataFrame or None
        From `answers_of`.

    Returns
    -------
    shape (n,)
    """
    known = np.zeros(len(reach.firms), dtype=bool)
    known[reach.firm] = True
    if answers is not None:
        known |= np.isin(np.array(reach.firms, dtype=object), answers["firm"].to_numpy(dtype=object))
    return known


def imputed_firms(
    chose: Floats, lacks: Flags, is_known: Flags, impute: str
) -> tuple[Flags, tuple[Note, ...]]:
    """Which of n firms are imputed, and what must be said of the others that answered the outcome.

    Parameters
    ----------
    chose : shape (n,)
        nan where the outcome was not answered: such a firm tells nothing about coefficients.
    lacks : shape (n,)
        Whether the firm lacks an indicator.
    is_known : shape (n,)
        From `known_firms`.
    impute : str
        Of `IMPUTE`.

    Returns
    -------
    shape (n,), notes
    """
    open_ = np.isfinite(chose) & lacks
    taken = open_ & (impute != "none") & (is_known | (impute == "all"))
    left, blind = int((open_ & ~taken).sum()), int((taken & ~is_known).sum())
    if impute == "none" and left:
        told = f'{left} firms that answered lack an indicator and are left out: impute = "none"'
        return taken, (Note("imputing_off", told, (str(left),)),)
    if left:
        told = (
            f"{left} firms that answered are in no link and gave no answer that stands in: nothing is known "
            "of them that an indicator is made of, and they are outside the model"
        )
        return taken, (Note("nothing_known", told, (str(left),)),)
    if blind:
        told = (
            f"of {blind} firms that are imputed nothing is known that an indicator is made of: "
            "they stand on their outcome and group alone"
        )
        return taken, (Note("imputed_blind", told, (str(blind),)),)
    return taken, ()


def outcome_note(chose: Floats) -> tuple[Note, ...]:
    """What becomes of firms of the survey that did not answer the outcome; nothing where all did.

    Parameters
    ----------
    chose : shape (n,)
        1, 0, or nan where not answered.
    """
    lost, events, n = int(np.isnan(chose).sum()), int(np.nansum(chose)), len(chose)
    if not lost:
        return ()
    told = (
        f"{lost} of the {n} firms of the survey gave no answer to the outcome, or were not asked: nothing is "
        "imputed for them, and their p_choose comes from links alone; whatever they would have said, "
        f"{events} to {events + lost} of the {n} had to choose"
    )
    return (Note("outcome_missing", told, (str(lost), str(n), str(events), str(events + lost))),)
