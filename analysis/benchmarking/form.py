"""What a file of answers looks like: its columns, their codes, their reasons for no answer."""

import pandas as pd

from survey import Codebook, MissingCode, Question

__all__ = ["FORM_COLUMNS", "form_table"]

FORM_COLUMNS = ("question", "kind", "column", "option", "counted", "missing")
"""Columns of the table `form` of a Release."""


def form_table(codebook: Codebook) -> pd.DataFrame:
    """One row a column that a file of answers may have; it holds no answer and no number of firms.

    Returns
    -------
    pandas.DataFrame
        `FORM_COLUMNS`, all text. `option` is that of a column of a set (yes where its cell is `counted`),
        else ""; `missing` lists codes that stand for no answer, as `98;99` or `-9..-1`. The id of firms has
        the kind `id`.
    """
    rows = []
    for q in codebook.questions:
        missing = ";".join(_range(code) for code in q.missing)
        if q.role == "id":
            rows += [(q.id, "id", column, "", "", missing) for column in q.columns]
        elif q.role == "question" and q.kind not in ("text", "date") and not q.id.startswith("pressure."):
            rows += [(q.id, q.kind, column, option, q.counted, missing) for column, option in _columns(q)]
    return pd.DataFrame(rows, columns=list(FORM_COLUMNS), dtype="str")


def _columns(q: Question) -> list[tuple[str, str]]:
    """Columns of a question, each with its option; "" where the cell names it."""
    if not q.is_dichotomies:
        return [(column, "") for column in q.columns]
    options = {choice.column: choice.code for choice in q.choices if choice.column}
    codes = [choice.code for choice in q.choices]
    if not options and len(codes) == len(q.columns):
        options = dict(zip(q.columns, codes, strict=True))
    return [(column, options.get(column, column)) for column in q.columns]


def _range(code: MissingCode) -> str:
    ends = [f"{end:g}" if isinstance(end, float | int) else end for end in (code.low, code.high)]
    return ends[0] if ends[0] == ends[1] else "..".join(ends)
