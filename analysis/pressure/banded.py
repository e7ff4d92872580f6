"""Answers given in bands: shares of flows and substitutability that are known to lie between two numbers."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.flowkeys import FlowKeys
from analysis.supply.settings import file_of
from analysis.supply.tables import numbers, place_rows, read_rows, require_columns
from survey import FileFault, Study

__all__ = [
    "BANDED",
    "BAND_COLUMNS",
    "answer_names",
    "band_ends",
    "bands_of",
    "in_bands",
    "read_bands",
    "share_is_open",
]

BANDED = ("share", "substitutability")
"""What may be answered in a band."""

BAND_COLUMNS = ("firm", "flow", "share_low", "share_high", "substitutability_low", "substitutability_high")
"""Columns of a file of bands; of each pair both ends are there, or none."""

_GUESSED = "equal shares"
_SAID = "middle of a band"


def bands_of(study: Study) -> pd.DataFrame | None:
    """`read_bands` of the file that `bands` of `[supply]` names; None where it names none.

    Raises
    ------
    StudyFault, FileFault
        No such file, or one that `read_bands` refuses.
    """
    path = file_of(study, "bands")
    return None if path is None else read_bands(path)


def read_bands(path: Path) -> pd.DataFrame:
    """Bands as firms answered them.

    Parameters
    ----------
    path : Path
        `firm,flow` (the id of a link or an activity) and the ends, 0 to 1, blank where not answered.

    Returns
    -------
    pandas.DataFrame
        `BAND_COLUMNS`, one row a firm and flow; nan where not answered.

    Raises
    ------
    FileFault
        A column that is missing, an end outside 0 to 1, a band with one end or turned round, a flow twice.
    """
    rows = read_rows(path)
    require_columns(rows, ("firm", "flow"), str(path))
    made = pd.DataFrame({"firm": rows["firm"].astype("str"), "flow": rows["flow"].astype("str")})
    for name in BANDED:
        ends = [f"{name}_{end}" for end in ("low", "high")]
        for end in ends:
            given = rows[end] if end in rows.columns else pd.Series("", index=rows.index, dtype="str")
            made[end] = numbers(given, str(path), low=0.0, high=1.0)
        low, high = (made[end].to_numpy(dtype=np.float64) for end in ends)
        turned = (low > high) | (np.isnan(low) != np.isnan(high))
        if turned.any():
            at = np.flatnonzero(turned)
            raise FileFault(
                f"{path}, columns {ends[0]} and {ends[1]}, {place_rows(at + 1)}",
                " to ".join("nothing" if np.isnan(end) else f"{end:g}" for end in (low[at[0]], high[at[0]])),
                "a band: two numbers from 0 to 1, the lower one first",
                "correct the ends, or leave both blank",
            )
    twice = made.duplicated(["firm", "flow"], keep=False).to_numpy()
    if twice.any():
        at = np.flatnonzero(twice)
        raise FileFault(
            f"{path}, {place_rows(at + 1)}",
            f"flow {made['flow'].iloc[at[0]]!r} of firm {made['firm'].iloc[at[0]]!r} twice",
            "one row a firm and flow",
            "take one of the rows out",
        )
    return made[list(BAND_COLUMNS)]


def in_bands(flows: pd.DataFrame, bands: pd.DataFrame | None) -> pd.DataFrame:
    """Flows with the middle of each band where it tells more than they know.

    A band of a share counts where the flow has no share, or one only guessed (`equal shares`): a number is
    better than a band. A band of substitutability always counts: the firm knows whom it could turn to.

    Parameters
    ----------
    flows : pandas.DataFrame
        From `flows_of`.
    bands : pandas.DataFrame or None
        From `read_bands`.
    """
    if bands is None or bands.empty or flows.empty:
        return flows
    middle = _of_flows(flows, bands)
    made = flows.copy(deep=False)
    share = 0.5 * (middle["share_low"] + middle["share_high"]).to_numpy()
    told = np.isfinite(share) & share_is_open(flows)
    made["share"] = np.where(told, share, flows["share"].to_numpy(dtype=np.float64))
    made["share_method"] = flows["share_method"].mask(told, _SAID)
    other = 0.5 * (middle["substitutability_low"] + middle["substitutability_high"]).to_numpy()
    stands = flows["substitutability"].to_numpy(dtype=np.float64)
    made["substitutability"] = np.where(np.isfinite(other), other, stands)
    return made


def band_ends(flows: pd.DataFrame, bands: pd.DataFrame | None) -> NDArray[np.float64]:
    """Ends of the bands that count for each flow, shape (4, flows), nan where none does.

    Rows: lower and upper end of the share, lower and upper end of substitutability.

    Parameters
    ----------
    flows : pandas.DataFrame
        As `in_bands` made them.
    bands : pandas.DataFrame or None
    """
    if bands is None or bands.empty or flows.empty:
        return np.full((4, len(flows)), np.nan)
    ends = _of_flows(flows, bands)[list(BAND_COLUMNS[2:])].to_numpy(dtype=np.float64).T.copy()
    ends[:2, ~share_is_open(flows)] = np.nan
    return ends


def answer_names(of_flow: "pd.Series[str]", keys: FlowKeys, bands: pd.DataFrame | None) -> NDArray[np.uint64]:
    """Hashes that draws of the bands of f flows belong to: of share, and of substitutability; shape (2, f).

    Parameters
    ----------
    of_flow : shape (f,)
        Firm and flow, which a band of its own belongs to.
    keys : FlowKeys
        Of the same flows.
    bands : pandas.DataFrame or None
        From `with_answers`.
    """
    own = pd.util.hash_array(of_flow.to_numpy(dtype=object))
    if bands is None or "share_draw" not in bands:
        return np.stack([own, own])
    found = keys.find(bands["firm"], bands["flow"])
    names = []
    for what in BANDED:
        word = bands[f"{what}_draw"].fillna("").to_numpy(dtype=object)
        said = np.flatnonzero((word != "") & (found >= 0))
        of_pair = own[keys.first]
        of_pair[keys.pair[found[said]]] = pd.util.hash_array(word[said])
        is_said = np.zeros(len(of_pair), dtype=bool)
        is_said[keys.pair[found[said]]] = True
        names.append(np.where(is_said[keys.pair], of_pair[keys.pair], own))
    return np.stack(names)


def share_is_open(flows: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a band of its share would count for each flow, shape (flows,)."""
    guessed = flows["share_method"].isin([_GUESSED, _SAID]).to_numpy()
    return np.asarray(guessed | flows["share"].isna().to_numpy())


def _of_flows(flows: pd.DataFrame, bands: pd.DataFrame) -> pd.DataFrame:
    """The bands of each flow, a row each, nan where there is none."""
    keys = pd.MultiIndex.from_arrays([flows["firm"].astype("str"), flows["flow"].astype("str")])
    return bands.set_index(["firm", "flow"]).reindex(keys)
