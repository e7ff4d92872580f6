"""The tables of a Release that stand behind and beside its numbers, as one audience may see them."""

import pandas as pd

from analysis.benchmarking.form import form_table
from analysis.published.beside import Beside, shown_beside
from analysis.release.earlier import Earlier
from analysis.release.protection import Protection
from analysis.release.quality import (
    cleaning_table,
    hidden_table,
    question_table,
    response_table,
    weighting_table,
)
from analysis.release.tables import SUPPRESSED
from survey import Ledger, Wave

__all__ = ["tables_behind"]


def tables_behind(
    wave: Wave,
    ledger: Ledger,
    estimates: pd.DataFrame,
    earlier: Earlier | None,
    beside: Beside | None,
    *,
    protection: Protection | None = None,
) -> dict[str, pd.DataFrame]:
    """Quality of the answers, earlier waves, and printed figures, by name of the table.

    Parameters
    ----------
    estimates : pandas.DataFrame
        The estimates as this audience sees them.
    protection : Protection, optional
        Of this audience; None for those who may see all.

    Returns
    -------
    dict
        `questions`, `form`, `cleaning`; with a protection `hidden`, else `response` and `weighting`; where
        the study has earlier waves `earlier`, `breaks` and, without it, `changes`; where it has
        `[published]` the tables of `figures_beside`, with a protection those of `shown_beside`.
    """
    floor = protection.floor if protection else 0
    tables = {"questions": question_table(wave), "cleaning": cleaning_table(ledger, wave, floor)}
    tables["form"] = form_table(wave.codebook)
    if protection is not None:
        tables["hidden"] = hidden_table(estimates, list(tables["questions"]["question"]))
    else:
        tables |= {"response": response_table(wave), "weighting": weighting_table(wave)}
    if earlier is not None:
        tables |= {"earlier": earlier.shares(protection), "breaks": earlier.breaks}
        tables |= {} if protection else {"changes": earlier.changes}
    if beside is not None:
        # a printed figure of a count that was changed would undo the change: it is hidden as if that were
        known = estimates if protection is None or protection.changing is None else _all_hidden(estimates)
        tables |= shown_beside(beside, known, floor) if protection else dict(beside.tables)
    return tables


def _all_hidden(estimates: pd.DataFrame) -> pd.DataFrame:
    """Estimates as if every cell were hidden."""
    return estimates.assign(estimate=float("nan"), flag=SUPPRESSED)
