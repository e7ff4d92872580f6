"""What a stranger can read about single firms: from one printed percent, and from two editions."""

import numpy as np
import pandas as pd

__all__ = ["EDITION_COLUMNS", "EXPOSURE_COLUMNS", "compare_editions", "fewest_edits", "small_cells"]

EXPOSURE_COLUMNS = (
    "row", "survey", "wave", "edition", "question_id", "option_id", "cell", "firms", "base", "printed",
)  # fmt: skip
"""Columns of `small_cells`: `cell` is `gave it` or `did not`; `firms` of `base` are those few."""

EDITION_COLUMNS = (
    "survey", "wave", "question_id", "option_id", "first", "second", "first_count", "first_base",
    "second_count", "second_base", "added", "fewest_edits", "exposed",
)  # fmt: skip
"""Columns of `compare_editions`: `added` firms, what is known of them, edits that must have been."""


def small_cells(table: pd.DataFrame, floor: int) -> pd.DataFrame:
    """Cells of fewer than `floor` firms that a printed percent gives away, the complement included.

    Parameters
    ----------
    table : pandas.DataFrame
        As `audit_figures` makes it, with `count` and `base` where unique.
    floor : int
        Smallest number of firms that may be readable.

    Returns
    -------
    pandas.DataFrame
        `EXPOSURE_COLUMNS`; the rarest cells first.
    """
    known = table[table["count"].notna()]
    cells = []
    for cell, firms in (("gave it", known["count"]), ("did not", known["base"] - known["count"])):
        few = known[((firms > 0) & (firms < floor)).fillna(False)].copy()
        few["cell"], few["firms"] = cell, firms[few.index]
        cells.append(few)
    found = pd.concat(cells).sort_values(["firms", "row", "cell"], kind="stable")
    return found.reindex(columns=list(EXPOSURE_COLUMNS)).reset_index(drop=True)


def fewest_edits(
    first_count: "int | np.ndarray", first_base: "int | np.ndarray",
    second_count: "int | np.ndarray", second_base: "int | np.ndarray",
) -> np.ndarray:  # fmt: skip
    """Answers that must have been changed between two editions, if firms were only added (or only removed).

    With a = second base - first base firms added, a count may grow by 0 to a; anything beyond is the
    least number of firms that changed their answer. Firms removed: the same with signs turned.

    Returns
    -------
    numpy.ndarray
        Whole numbers; 0 where additions alone can explain both editions.
    """
    grown = np.asarray(second_count) - np.asarray(first_count)
    added = np.asarray(second_base) - np.asarray(first_base)
    return np.maximum(np.maximum(np.minimum(added, 0) - grown, grown - np.maximum(added, 0)), 0)


def compare_editions(table: pd.DataFrame, floor: int) -> pd.DataFrame:
    """Figures printed in two editions: how many firms came in between, and what is known of them.

    The edition with the smaller base is taken as the first; figures whose base is not unique are
    not compared.

    Returns
    -------
    pandas.DataFrame
        `EDITION_COLUMNS`; `exposed` says, where fewer than `floor` firms were added and none edited,
        how many of them gave the answer.
    """
    answer = ["survey", "wave", "question_id", "option_id"]
    known = table[table["count"].notna() & table["base"].notna()]
    known = known.sort_values(["base", "row"], kind="stable")
    ordered = known.groupby(answer, sort=False).agg(
        editions=("edition", list), counts=("count", list), bases=("base", list)
    )
    rows = []
    for name, editions, counts, bases in ordered[ordered["editions"].map(len) > 1].itertuples(name=None):
        for at in range(len(editions) - 1):
            c1, n1, c2, n2 = counts[at], bases[at], counts[at + 1], bases[at + 1]
            edits, added = int(fewest_edits(c1, n1, c2, n2)), n2 - n1
            exposed = f"{c2 - c1} of {added} firms gave it" if 0 < added < floor and not edits else ""
            rows.append((*name, editions[at], editions[at + 1], c1, n1, c2, n2, added, edits, exposed))
    return pd.DataFrame(rows, columns=list(EDITION_COLUMNS))
