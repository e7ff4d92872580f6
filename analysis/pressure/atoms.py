"""What weighs on each flow, taken apart: which rules and pairs of rules, in terms of open parameters."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.channels import STATS, squeezing
from analysis.pressure.flowkeys import FlowKeys
from analysis.pressure.priors import LEVELS, level_of, standing_values

__all__ = ["ATOMS", "Patterns", "atom_values", "atoms_of_pairs", "patterns_of", "worst_stakes"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_UNCAPPED = len(LEVELS)
ATOMS = len(LEVELS) * (len(LEVELS) + 1) * 2
"""How many there are: a degree, the degree it is cut at (or none), and whether the power is dormant."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Which atoms each flow has, by stat: flows with the same ones share a pattern.

    Attributes
    ----------
    at : shape (3, f) int
        Pattern of each flow.
    holds : tuple of arrays
        For each stat, shape (patterns, ATOMS): which atoms a pattern has; the first has none.
    """

    at: Places
    holds: tuple[NDArray[np.bool_], ...]

    def weights(self, values: Floats, stat: int) -> Floats:
        """Weight of each pattern of a stat in d draws, shape (patterns, d), from `atom_values`."""
        made = np.zeros((len(self.holds[stat]), values.shape[1]))
        for atom in np.flatnonzero(self.holds[stat].any(axis=0)):
            has = self.holds[stat][:, atom]
            made[has] = np.maximum(made[has], values[atom])
        return made


def atoms_of_pairs(degree: Places, cut: Places | int, is_dormant: NDArray[np.bool_] | bool) -> Places:
    """Number of the atom `min(severity of degree, severity of cut) x weight of status`."""
    return np.asarray((degree * (_UNCAPPED + 1) + cut) * 2 + np.asarray(is_dormant, dtype=np.int64))


def atom_values(drawn: Mapping[str, Floats] | None, dormant: float) -> Floats:
    """Value of every atom in d draws of the parameters, shape (ATOMS, d); as they stand if None."""
    said = drawn or {name: np.array([value]) for name, value in standing_values(dormant).items()}
    degree = np.stack([np.zeros(len(said["dormant"])), *(said[word] for word in LEVELS[1:])])
    cut = np.vstack([degree, np.full((1, degree.shape[1]), np.inf)])
    both = np.minimum(degree[:, None], cut[None])
    return np.stack([both, both * said["dormant"]], axis=2).reshape(ATOMS, -1)


def patterns_of(keys: FlowKeys, contacts: pd.DataFrame, collisions: pd.DataFrame) -> Patterns:
    """Atoms of f flows, by the reading of `reach_of`: strictest rule, clauses that punish, worst pair.

    Parameters
    ----------
    keys : FlowKeys
        Of the f flows.
    contacts, collisions : pandas.DataFrame
        As `reach_of`.
    """
    collisions = squeezing(collisions)
    met = keys.find(collisions["firm"], collisions["flow"])
    touched = keys.find(contacts["firm"], contacts["flow"])
    dormant = (collisions["status"] == "dormant").to_numpy()
    duty, clause = level_of(collisions["duty_outcome"]), level_of(collisions["clause_outcome"])
    at, holds = [], []
    for stat in STATS:
        if stat == "squeeze":
            rows, atoms = met, atoms_of_pairs(duty, clause, dormant)
        else:
            mine = (contacts["side"] == stat).to_numpy()
            own = atoms_of_pairs(level_of(contacts["outcome"]), _UNCAPPED, False)
            through = ((collisions["clause_side"] == stat) | (collisions["meets"] == "party")).to_numpy()
            as_duty = (collisions["duty_side"] == stat).to_numpy()
            as_clause = (collisions["clause_side"] == stat).to_numpy()
            degree = np.select([as_duty, as_clause], [duty, clause], 0)
            rows = np.r_[touched[mine], met[through]]
            atoms = np.r_[own[mine], atoms_of_pairs(degree, _UNCAPPED, dormant)[through]]
        place, has = _gathered(rows, atoms, len(keys))
        at.append(place)
        holds.append(has)
    return Patterns(np.stack(at), tuple(holds))


def worst_stakes(keys: FlowKeys, collisions: pd.DataFrame) -> Floats:
    """Worst `min(U, C) x weight` of each flow, before substitutability is taken off; shape (flows,)."""
    mine = squeezing(collisions)
    worst = np.minimum(mine["us_severity"], mine["cn_severity"]) * mine["weight"]
    return keys.most(keys.find(mine["firm"], mine["flow"]), worst.to_numpy(dtype=np.float64))


def _gathered(rows: Places, atoms: Places, many: int) -> tuple[Places, NDArray[np.bool_]]:
    """Pattern of each flow and what it holds: the set of its atoms, written as the bits of a whole number."""
    known = (rows >= 0) & (atoms >= 2 * (_UNCAPPED + 1))  # those of degree none weigh nothing
    pairs = np.unique(rows[known] * ATOMS + atoms[known])
    bits = np.bincount(pairs // ATOMS, weights=2.0 ** (pairs % ATOMS), minlength=many).astype(np.int64)
    words, at = np.unique(np.r_[0, bits], return_inverse=True)
    holds = (words[:, None] >> np.arange(ATOMS, dtype=np.int64)) & 1
    return np.asarray(np.ravel(at)[1:], dtype=np.int64), holds.astype(bool)
