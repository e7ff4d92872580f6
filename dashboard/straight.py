"""Words that people gave, without the letters that have no look and turn the order of a line."""

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from analysis import Tables

__all__ = ["straight_record", "straight_table", "straight_tables", "straight_text"]

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates of UAX #9: behind one, `exe.png` may read as `gnp.exe`."""

_MARK = "\ufffd"
_LONG = frozenset({"path", "said", "frame"})
"""Columns made by us, and long: what stands in them is shown by other words."""


def straight_text(text: str) -> str:
    """The text with a mark in the place of each letter that turns a line."""
    return _TURNING.sub(_MARK, text)


def straight_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as JSON holds it, each text straight."""
    made: dict[str, Any] = json.loads(straight_text(json.dumps(record, ensure_ascii=False)))
    return made


def straight_tables(tables: "Tables") -> "Tables":
    """Tables with their words straight."""
    from analysis import Folded, Tables

    def straight(column: "pd.Series") -> "pd.Series":
        return straight_table(column.to_frame()).iloc[:, 0]

    held = {name: tables.held(name) for name in tables}
    return Tables(
        {
            name: one.mapped(straight) if isinstance(one, Folded) else straight_table(one)
            for name, one in held.items()
        }
    )


def straight_table(table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with its words straight; the table itself where they were, which is the rule."""
    turned = [name for name in table.columns if name not in _LONG and _turns(table[name])]
    if not turned:
        return table
    made = {name: table[name].str.replace(_TURNING, _MARK, regex=True) for name in turned}
    return table.assign(**made)


def _turns(column: "pd.Series") -> bool:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pd.api.types.is_string_dtype(column) and column.dtype != object:
        return False
    try:
        cells = pa.array(column, pa.large_string(), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError):
        return False
    found = pc.match_substring_regex(cells, "[\u202a-\u202e\u2066-\u2069]")
    return bool(pc.any(found).as_py())
