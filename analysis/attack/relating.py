"""What hangs together in what was published, as equations between unknown counts."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.attack.knowing import Asked

__all__ = ["FIRMS", "Relation", "System", "system_of"]

FIRMS = "#firms"
"""The option under which the number of firms of a table stands."""

_BANDED = {"pressure.us": "pressure.squeeze", "pressure.cn": "pressure.squeeze"}
"""A firm's squeeze is at most its reach: whoever is low in the first is low in the second."""

Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Relation:
    """Sum of weights times unknowns between two limits; `soft` ones are supposed, and given up first."""

    at: tuple[int, ...]
    weight: tuple[float, ...]
    low: float
    high: float
    why: str
    soft: int = 0


@dataclass(slots=True)
class System:
    """Unknown whole numbers, what is known of each by itself, and how they hang together.

    Attributes
    ----------
    keys : list[tuple]
        wave, question, by, group, option of each unknown; the option is `FIRMS` for a number of firms.
    low, high : NDArray[np.float64]
        Shape (unknowns,): limits of each by itself.
    relations : list[Relation]
    place : dict[tuple, int]
        Key to unknown.
    """

    keys: list[Key]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    relations: list[Relation] = field(default_factory=list)
    place: dict[Key, int] = field(default_factory=dict)


def system_of(evidence: pd.DataFrame, asked: dict[str, Asked], firms: int) -> System:
    """Unknown counts of all cells of one edition, and every relation a reader can write down.

    Parameters
    ----------
    evidence : pandas.DataFrame
        As `evidence_of`, of all Releases of the edition.
    asked : dict
        As `questions_of`.
    firms : int
        Firms of the study.

    Notes
    -----
    Relations: an answer is given by as many firms under each base; answers to a question with one answer add
    up to those that answered; nets add up their answers, or, of a set of several answers, lie between the
    largest and the sum; groups add up to at most all firms, and to all where everybody is in one; a follow-up
    was answered by the firms its gate let through (supposed: all of them); bands of squeeze against those of
    reach.
    """
    rows = evidence.drop_duplicates(["wave", "question", "by", "group", "option"])
    keys: list[Key] = list(
        zip(rows["wave"], rows["question"], rows["by"], rows["group"], rows["option"], strict=True)
    )
    tables = list(dict.fromkeys((w, q, b, g, FIRMS) for w, q, b, g, _ in keys))
    keys = [*keys, *tables]
    place = {key: at for at, key in enumerate(keys)}
    low, high = np.zeros(len(keys)), np.full(len(keys), float(firms))
    cells = [place[k] for k in zip(
        evidence["wave"], evidence["question"], evidence["by"], evidence["group"], evidence["option"],
        strict=True,
    )]  # fmt: skip
    np.maximum.at(low, cells, evidence["low"].to_numpy(dtype=float))
    np.minimum.at(high, cells, evidence["high"].to_numpy(dtype=float))
    answered = evidence[evidence["base_rule"].isin(["answered", ""])]
    sizes = [place[w, q, b, g, FIRMS] for w, q, b, g in zip(
        answered["wave"], answered["question"], answered["by"], answered["group"], strict=True
    )]  # fmt: skip
    np.maximum.at(low, sizes, answered["firms_low"].to_numpy(dtype=float))
    np.minimum.at(high, sizes, answered["firms_high"].to_numpy(dtype=float))
    # two sources that cannot both be right (another edition printed elsewhere): neither is believed
    clash = low > high
    low[clash], high[clash] = 0.0, float(firms)
    system = System(keys, low, high, [], place)
    for table in tables:
        _of_table(system, table, asked.get(table[1]))
    _of_groups(system, tables, firms)
    _of_gates(system, tables, asked)
    _of_bands(system, tables, asked)
    return system


def _of_table(system: System, table: Key, asked: Asked | None) -> None:
    wave, question, by, group, _ = table
    place, whole = system.place, system.place[table]

    def at(option: str) -> int | None:
        return place.get((wave, question, by, group, option))

    here = [a for a in (at(option) for option in (asked.options if asked else ())) if a is not None]
    nets = {net: at(net) for net in (asked.nets if asked else {})}
    everyone = [*here, *[a for a in nets.values() if a is not None]]
    for one in everyone:
        system.relations.append(Relation((one, whole), (1, -1), -np.inf, 0.0, "part of its table"))
    if asked is None:
        return
    if asked.is_single and len(here) > 1:
        sums = (tuple([*here, whole]), (*([1.0] * len(here)), -1.0))
        system.relations.append(Relation(*sums, 0.0, 0.0, "answers add up", 2))
        system.relations.append(Relation(*sums, -np.inf, 0.0, "answers add up to at most all"))
    for net, place_of_net in nets.items():
        parts = [a for a in (at(option) for option in asked.nets[net]) if a is not None]
        if place_of_net is None or not parts or len(parts) != len(asked.nets[net]):
            continue
        every = (tuple([*parts, place_of_net]), (*([1.0] * len(parts)), -1.0))
        if asked.is_single:
            system.relations.append(Relation(*every, 0.0, 0.0, "net"))
        else:
            system.relations.append(Relation(*every, 0.0, np.inf, "net"))
            system.relations += [Relation((one, place_of_net), (1, -1), -np.inf, 0.0, "net") for one in parts]


def _of_groups(system: System, tables: list[Key], firms: int) -> None:
    """Cells of groups add up to at most the cell of all firms; to all of it where no firm is in no group."""
    place = system.place
    breaks = list(dict.fromkeys((w, b) for w, _, b, _, _ in tables if b))
    for wave, by in breaks:
        sized = place.get((wave, by, "", "", FIRMS))
        missing = firms - system.low[sized] if sized is not None else float(firms)
        # unknown firms of no group, the same for a cell and for its table
        mine = [k for k in system.keys if k[0] == wave and k[2] == by]
        for question, option in dict.fromkeys((k[1], k[4]) for k in mine):
            whole = place.get((wave, question, "", "", option))
            parts = [place[k] for k in mine if (k[1], k[4]) == (question, option)]
            if whole is None:
                continue
            sums = (tuple([*parts, whole]), (*([1.0] * len(parts)), -1.0))
            system.relations.append(Relation(*sums, -float(missing), 0.0, "groups add up"))
            if missing > 0:
                system.relations.append(Relation(*sums, 0.0, 0.0, "groups add up to all", 3))
        for group in dict.fromkeys(k[3] for k in mine):
            size = place.get((wave, by, "", "", group))
            inside = [place[k] for k in mine if k[3] == group and k[4] == FIRMS]
            if size is not None:
                system.relations += [
                    Relation((one, size), (1, -1), -np.inf, 0.0, "part of its group") for one in inside
                ]


def _of_gates(system: System, tables: list[Key], asked: dict[str, Asked]) -> None:
    for wave, question, by, group, _ in tables:
        gate = asked[question].gate if question in asked else ("", "")
        let_in = system.place.get((wave, gate[0], by, group, gate[1]))
        if not gate[0] or let_in is None:
            continue
        pair = ((let_in, system.place[wave, question, by, group, FIRMS]), (1.0, -1.0))
        system.relations.append(Relation(*pair, 0.0, 0.0, "all that the gate let through answered", 5))
        system.relations.append(Relation(*pair, 0.0, np.inf, "only those the gate let through answered", 4))


def _of_bands(system: System, tables: list[Key], asked: dict[str, Asked]) -> None:
    for wave, question, by, group, _ in tables:
        outer = _BANDED.get(question)
        if outer is None or outer not in asked or question not in asked:
            continue
        codes = asked[question].options
        for k in range(1, len(codes)):
            inner_cells = [system.place.get((wave, question, by, group, c)) for c in codes[:k]]
            outer_cells = [system.place.get((wave, outer, by, group, c)) for c in codes[:k]]
            both = [*outer_cells, *inner_cells]
            if any(cell is None for cell in both):
                continue
            weights = (*([1.0] * k), *([-1.0] * k))
            at = tuple(int(cell) for cell in both if cell is not None)
            system.relations.append(Relation(at, weights, 0.0, np.inf, "squeeze is at most reach", 1))
