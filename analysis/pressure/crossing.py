"""What weighs on a flow only where a content lies on one side of a threshold inside its band."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.atoms import atoms_of_pairs
from analysis.pressure.channels import STATS, squeezing
from analysis.pressure.draws import keyed_uniforms
from analysis.pressure.flowkeys import FlowKeys
from analysis.pressure.priors import LEVELS, level_of

__all__ = ["Crossing", "crossings_of", "no_crossings", "with_crossings"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Rows of weights that count only where a content lies on one side of a threshold.

    Attributes
    ----------
    flow, stat, atom : shape (r,) int
        Flow and stat it is about, and what weighs on it where it is caught.
    cut : shape (r,)
        Threshold as a part of the way through the band.
    is_above : shape (r,) bool
        Whether what lies above it is caught.
    name : shape (r,) uint64
        Hash of the item, which the draws belong to.
    """

    flow: Places
    stat: Places
    atom: Places
    cut: Floats
    is_above: NDArray[np.bool_]
    name: NDArray[np.uint64]


def no_crossings() -> Crossing:
    """Nothing hangs on a content."""
    nowhere = np.zeros(0, dtype=np.int64)
    names = np.zeros(0, dtype=np.uint64)
    return Crossing(nowhere, nowhere, nowhere, np.zeros(0), np.zeros(0, dtype=bool), names)


def crossings_of(keys: FlowKeys, cuts: pd.DataFrame, collisions: pd.DataFrame) -> Crossing:
    """Contacts and collisions that hang on a content in a band.

    Parameters
    ----------
    keys : FlowKeys
        Of the flows.
    cuts, collisions : pandas.DataFrame
        As those of `Day`.
    """
    if cuts.empty:
        return no_crossings()
    parts = []
    for place, side in enumerate(STATS[:2]):
        mine = cuts[cuts["side"] == side]
        atom = atoms_of_pairs(level_of(mine["worst"]), len(LEVELS), False)
        parts.append(mine[["firm", "flow", "cut", "is_above", "item"]].assign(stat=place, atom=atom))
    met = squeezing(collisions)
    met = met[met["duty_outcome"] == "between"]
    told = cuts[["firm", "flow", "instrument", "cut", "is_above", "item", "worst"]]
    told = told.rename(columns={"flow": "duty_flow", "instrument": "duty"})
    both = met[["firm", "flow", "duty_flow", "duty", "clause_outcome", "status"]].merge(
        told, on=["firm", "duty_flow", "duty"]
    )
    atom = atoms_of_pairs(
        level_of(both["worst"]), level_of(both["clause_outcome"]), (both["status"] == "dormant").to_numpy()
    )
    stat = STATS.index("squeeze")
    parts.append(both[["firm", "flow", "cut", "is_above", "item"]].assign(stat=stat, atom=atom))
    rows = pd.concat(parts, ignore_index=True)
    at = keys.find(rows["firm"], rows["flow"])
    rows, at = rows[at >= 0], at[at >= 0]
    return Crossing(
        at.astype(np.int64),
        rows["stat"].to_numpy(dtype=np.int64),
        rows["atom"].to_numpy(dtype=np.int64),
        rows["cut"].to_numpy(dtype=np.float64),
        rows["is_above"].to_numpy(dtype=bool),
        pd.util.hash_array(rows["item"].astype("str").to_numpy(dtype=object)),
    )


def with_crossings(
    made: Floats,
    crossing: Crossing,
    which: tuple[Places, Places],
    values: Floats,
    key: int,
    first: int,
    last: int,
) -> Floats:
    """Weights of flows, raised in the draws in which a content lies where it is caught.

    Parameters
    ----------
    made : shape (a, draws) or (a, 1)
    crossing : Crossing
    which : pair of int arrays
        Rows of it, and their places among the a flows.
    values : shape (ATOMS, draws)
        As `atom_values`.
    key, first, last : int
        As `keyed_uniforms`.

    Returns
    -------
    shape (a, draws); as it was where `which` is empty
    """
    mine, place = which
    if not mine.size:
        return made
    made = np.repeat(made, last - first, axis=1) if made.shape[1] == 1 else made.copy()
    u = keyed_uniforms(key, crossing.name[mine], first, last).T
    caught = (u >= crossing.cut[mine][:, None]) == crossing.is_above[mine][:, None]
    np.maximum.at(made, place, caught * values[crossing.atom[mine]])
    return made
