"""The tables of a Release that stand behind and beside its numbers, as one audience may see them."""

import pandas as pd

from analysis.benchmarking.form import form_table
from analysis.published.beside import Beside, shown_beside
from analysis.release.earlier import Earlier
from analysis.release.quality import (
    cleaning_table,
    hidden_table,
    question_table,
    response_table,
    weighting_table,
)
from survey import Ledger, Wave

__all__ = ["tables_behind"]


def tables_behind(
    wave: Wave,
    ledger: Ledger,
    estimates: pd.DataFrame,
    earlier: Earlier | None,
    beside: Beside | None,
    *,
    floor: int,
) -> dict[str, pd.DataFrame]:
    """Quality of the answers, earlier waves, and printed figures, by name of the table.

    Parameters
    ----------
    estimates : pandas.DataFrame
        The estimates as this audience sees them.
    floor : int
        Smallest count of firms that may be known; 0 for those who may see all.

    Returns
    -------
    dict
        `questions`, `form`, `cleaning`; with a floor `hidden`, else `response` and `weighting`; where the
        study has earlier waves `earlier`, `breaks` and, without a floor, `changes`; where it has
        `[published]` the tables of `figures_beside`, with a floor those of `shown_beside`.
    """
    tables = {"questions": question_table(wave), "cleaning": cleaning_table(ledger, wave, floor)}
    tables["form"] = form_table(wave.codebook)
    if floor:
        tables["hidden"] = hidden_table(estimates, list(tables["questions"]["question"]))
    else:
        tables |= {"response": response_table(wave), "weighting": weighting_table(wave)}
    if earlier is not None:
        tables |= {"earlier": earlier.shares(floor), "breaks": earlier.breaks}
        tables |= {} if floor else {"changes": earlier.changes}
    if beside is not None:
        tables |= shown_beside(beside, estimates, floor) if floor else dict(beside.tables)
    return tables
