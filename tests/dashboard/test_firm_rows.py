"""Rows of a firm are those a filter of the whole table finds, in their order."""

import numpy as np
import pandas as pd
import pytest

from dashboard.firm_rows import FirmRows

_RNG = np.random.default_rng(5)
_TABLES = {
    "paths": pd.DataFrame({"firm": _RNG.choice([f"T{k}" for k in range(40)], 400), "place": range(400)}),
    "flows": pd.DataFrame({"firm": ["T3", None, "T1", "T3"], "place": range(4)}),
    "none": pd.DataFrame({"firm": pd.Series([], dtype="str"), "place": pd.Series([], dtype="int64")}),
    "parties": pd.DataFrame({"party": ["a"]}),
}


@pytest.mark.parametrize("table", ["paths", "flows", "none"])
@pytest.mark.parametrize("firm", ["T0", "T1", "T3", "T39", "nobody", ""])
def test_rows_are_those_of_a_filter(table: str, firm: str) -> None:
    whole = _TABLES[table]
    pd.testing.assert_frame_equal(FirmRows(_TABLES).of(table, firm), whole[whole["firm"] == firm])


def test_a_table_without_firms_has_none() -> None:
    rows = FirmRows(_TABLES)
    assert rows.of("parties", "T1").empty and rows.of("missing", "T1").empty
