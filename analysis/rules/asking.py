"""Every computed instrument, as it stands on a day, asked once about each case."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from analysis.rules.cases import Values, told_apart
from analysis.rules.catalogue import Catalogue
from analysis.rules.fields import LIST_FIELDS
from analysis.rules.gates import Gate, gates_of
from analysis.rules.ruling import RULED, State, rule_cases, states_of
from analysis.rules.sifting import sieve_of

__all__ = ["RULING", "Asked", "Ruled", "ask_all", "asked_on"]

RULING = ("side", "instrument", *RULED)
"""Words of one ruling."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One instrument as it stands on a day.

    Attributes
    ----------
    name, side : str
        Id and side of the instrument.
    branches : dict[str, list[Gate]]
        Its gates.
    states : list[State]
        What each branch is on the day.
    doubts : list[str]
        Said in each warning.
    """

    name: str
    side: str
    branches: dict[str, list[Gate]]
    states: list[State]
    doubts: list[str]

    @property
    def live(self) -> list[list[Gate]]:
        """Gates that can decide on the day, a list each branch in force."""
        now = {state.branch for state in self.states if state.word == "in_force"}
        return [rows for name, rows in self.branches.items() if now & {name, ""}]

    @property
    def rows(self) -> list[Gate]:
        """Gates that can decide on the day, of all branches in force."""
        return [row for rows in self.live for row in rows]


def asked_on(
    catalogue: Catalogue, as_of: date, *, screened: bool, only: Collection[str] | None = None
) -> Iterator[Asked]:
    """Computed instruments of a catalogue as they stand on a day.

    Parameters
    ----------
    catalogue : Catalogue
    as_of : datetime.date
    screened : bool
        Whether the parties of the flows were held against lists.
    only : collection of str, optional
        Ids to ask; default all.
    """
    return (one for one in _standing(catalogue, as_of, screened) if only is None or one.name in only)


@lru_cache(maxsize=32)
def _standing(catalogue: Catalogue, as_of: date, screened: bool) -> tuple[Asked, ...]:
    now = states_of(catalogue.on(as_of))
    sides = catalogue.side_of()
    sure = dict(zip(catalogue.instruments["id"], catalogue.instruments["confidence"], strict=True))
    found = []
    for name, branches in gates_of(catalogue.gates).items():
        doubts = ["the instrument's facts are uncertain"] if sure[name] == "uncertain" else []
        if not screened and any(gate.field in LIST_FIELDS for rows in branches.values() for gate in rows):
            doubts.append("parties were not screened against lists")
        found.append(Asked(name, sides[name], branches, now.get(name, []), doubts))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Ruled:
    """What instruments rule on some flows.

    Attributes
    ----------
    place : numpy.ndarray
        Which flow, a row each flow and instrument that stays; instruments one after the other.
    ruling : numpy.ndarray
        Which of `words`.
    words : list of tuple
        Distinct rulings, words by `RULING`.
    """

    place: np.ndarray
    ruling: np.ndarray
    words: list[tuple[str, ...]]


def ask_all(
    asked: Sequence[Asked], codes: Mapping[str, np.ndarray], values: Values, n: int, *, every: bool
) -> Ruled:
    """Ask each instrument about each case that occurs among n flows.

    Parameters
    ----------
    asked : sequence of Asked
    codes : mapping
        Field to the code of its value for each flow, -1 where it is not known.
    values : Values
        What the codes mean.
    n : int
        Flows.
    every : bool
        Keep outcome `none`.
    """
    known: dict[tuple[str, str, str], np.ndarray] = {}
    words: list[tuple[str, ...]] = []
    places, rulings = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    sieve = None if every else sieve_of([one.live for one in asked], values, known)
    left = np.zeros((0, n)) if sieve is None else sieve.open_cases(codes, n)
    for k, one in enumerate(asked):
        cases = told_apart(one.rows, values, known)
        may = None if sieve is None else sieve.stays(left, k)
        some = codes if may is None else {field: codes[field][may] for field in cases.parts}
        present, case = _present(cases.numbers(some, n if may is None else len(may)), cases.count)
        ruled, table = rule_cases(cases.facts(present, values), one.branches, one.states, one.doubts)
        stays = np.array([every or row[0] != "none" for row in table])
        if stays[ruled].any():
            ruling = ruled[case]
            place = np.flatnonzero(stays[ruling])
            places.append(place if may is None else may[place])
            rulings.append(ruling[place] + len(words))
        words += [(one.side, one.name, *row) for row in table]
    return Ruled(np.concatenate(places), np.concatenate(rulings), words)


def _present(number: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Cases that occur, and which of them each flow is."""
    if count > max(4 * len(number), 1 << 16):
        return np.unique(number, return_inverse=True)
    present = np.flatnonzero(np.bincount(number, minlength=count))
    place = np.zeros(count, dtype=np.int64)
    place[present] = np.arange(len(present))
    return present, place[number]
