"""Where a rule's threshold lies inside the band that a content is known to: what of the band is caught."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.rules.catalogue import Catalogue
from analysis.rules.itemised import CONTENT_ENDS

__all__ = ["CUT_COLUMNS", "content_cuts"]

CUT_COLUMNS = ("firm", "flow", "side", "instrument", "item", "cut", "is_above", "worst")
"""Columns of `content_cuts`."""

_FIELDS = tuple(sorted({end.rsplit("_", 1)[0] for end in CONTENT_ENDS}))
_UPWARDS = ("more_than", "at_least")


def content_cuts(contacts: pd.DataFrame, flows: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Contacts whose outcome hangs on where in its band a content lies.

    Only contacts that are `between` count: all but the content is decided there, so one side of the threshold
    gives `worst` and the other nothing. Of several thresholds inside a band the one that catches most counts.

    Parameters
    ----------
    contacts, flows : pandas.DataFrame
        From `contact` and `flows_of`.
    catalogue : Catalogue

    Returns
    -------
    pandas.DataFrame
        `CUT_COLUMNS`, one row a contact. `item` names what the content is of, seller and product, so that all
        flows of an item share a draw; `cut`: the threshold as a part of the way from the lower end of
        the band to the upper, 0 to 1; `is_above`: whether the part above it is caught.
    """
    open_ = contacts[(contacts["outcome"] == "between").to_numpy()]
    none = pd.DataFrame(columns=list(CUT_COLUMNS))
    if open_.empty:
        return none
    facts = flows[["firm", "flow", "seller", "product", *CONTENT_ENDS]].drop_duplicates(["firm", "flow"])
    rows = open_[["firm", "flow", "side", "instrument", "worst"]].merge(facts, on=["firm", "flow"])
    gates = catalogue.gates
    gates = gates[gates["instrument"].isin(rows["instrument"]) & gates["field"].isin(_FIELDS)]
    parts = []
    for field in _FIELDS:
        asked = gates[gates["field"] == field][["instrument", "gate", "operator", "value"]]
        met = rows.merge(asked, on="instrument")
        if met.empty:
            continue
        low, high = (met[f"{field}_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high"))
        threshold = pd.to_numeric(met["value"], errors="coerce").to_numpy(dtype=np.float64)
        inside = (low < high) & (low <= threshold) & (threshold <= high)
        is_above = met["operator"].isin(_UPWARDS).to_numpy() != (met["gate"] == "exception").to_numpy()
        item = met["seller"].astype("str") + "\n" + met["product"].astype("str") + "\n" + field
        found = met.assign(item=item, cut=_part(low, high, threshold), is_above=is_above)
        parts.append(found[inside])
    if not parts:
        return none
    table = pd.concat(parts, ignore_index=True)
    table["_caught"] = np.where(table["is_above"], 1.0 - table["cut"], table["cut"])
    keys = ["firm", "flow", "instrument"]
    table = table.sort_values([*keys, "_caught", "item"], ascending=[True, True, True, False, True])
    return table.drop_duplicates(keys)[list(CUT_COLUMNS)].reset_index(drop=True)


def _part(
    low: NDArray[np.float64], high: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    wide = high - low
    return np.divide(at - low, wide, out=np.zeros_like(at), where=wide > 0)
