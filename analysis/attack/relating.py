"""What hangs together in what was published, as equations between unknown counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.attack.knowing import Asked
from analysis.attack.measuring import Told

__all__ = ["FIRMS", "Relation", "System", "system_of"]

FIRMS = "#firms"
"""The option under which the number of firms of a table stands."""

_BANDED = {"pressure.us": "pressure.squeeze", "pressure.cn": "pressure.squeeze"}
"""A firm's squeeze is at most its reach: whoever is low in the first is low in the second."""

Key = tuple[str, str, str, str, str]

_NONE = (np.empty(0, dtype=np.int64), np.empty(0))


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
    values : tuple of two arrays
        Unknowns of which only some numbers are left: their place, and a number, one row for each.
    """

    keys: list[Key]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    relations: list[Relation] = field(default_factory=list)
    place: dict[Key, int] = field(default_factory=dict)
    values: tuple[NDArray[np.int64], NDArray[np.float64]] = _NONE


def system_of(
    evidence: pd.DataFrame, asked: dict[str, Asked], firms: int, told: Sequence[Told] = ()
) -> System:
    """Unknown counts of all cells of one edition, and every relation a reader can write down.

    Parameters
    ----------
    evidence : pandas.DataFrame
        As `evidence_of`, of all Releases of the edition.
    asked : dict
        As `questions_of`.
    firms : int
        Firms of the study.
    told : sequence of Told
        What means, errors, weights and tests say of sums of counts.

    Notes
    -----
    Certain: answers to a question with one answer add up to at most the firms that answered, and to all where
    they are seen to do so over all firms; nets add up their answers, or, of a set of several answers, lie
    between the largest and the sum; groups add up to at most all firms, and leave no more than the firms that
    are in none of them; two questions broken down by each other share their cells; a cell printed twice is
    one. Supposed (`soft`): that squeeze is at most reach, that the answers shown are all there are, and that
    a follow-up was answered by the firms its gate let through, unless both numbers are seen over all firms
    and differ.
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
    _of_pairs(system)
    _of_gates(system, tables, asked)
    _of_bands(system, tables, asked)
    for one in told:
        at = tuple(place[key] for key in one.keys if key in place)
        if len(at) == len(one.keys):
            system.relations.append(Relation(at, one.weights, one.low, one.high, one.why, one.soft))
    left = [(at, values) for at, values in zip(cells, evidence["values"], strict=True) if values]
    left += [(place[one.keys[0]], one.values) for one in told if one.values and one.keys[0] in place]
    system.values = _values(left)
    return system


def _values(left: Sequence[tuple[int, Sequence[int]]]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Numbers left of each unknown, those that all sources leave; of one they disagree on all of them."""
    found: dict[int, set[int]] = {}
    for at, values in left:
        found[at] = (found[at] & {*values} or found[at] | {*values}) if at in found else {*values}
    pairs = [(at, value) for at, values in found.items() for value in sorted(values)]
    if not pairs:
        return _NONE
    return np.array([at for at, _ in pairs]), np.array([value for _, value in pairs], dtype=float)


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
        system.relations.append(Relation(*sums, -np.inf, 0.0, "answers add up to at most all"))
        soft = _adds_up(system, table, asked.options) if len(here) == len(asked.options) else None
        if soft is not None:
            system.relations.append(Relation(*sums, 0.0, 0.0, "answers add up", soft))
    for net, place_of_net in nets.items():
        parts = [a for a in (at(option) for option in asked.nets[net]) if a is not None]
        if place_of_net is None or not parts:
            continue
        every = (tuple([*parts, place_of_net]), (*([1.0] * len(parts)), -1.0))
        is_all = len(parts) == len(asked.nets[net])
        if asked.is_single:
            system.relations.append(Relation(*every, 0.0 if is_all else -np.inf, 0.0, "net"))
            continue
        if is_all:
            system.relations.append(Relation(*every, 0.0, np.inf, "net"))
        system.relations += [Relation((one, place_of_net), (1, -1), -np.inf, 0.0, "net") for one in parts]


def _adds_up(system: System, table: Key, options: tuple[str, ...]) -> int | None:
    """0 where the answers over all firms are seen to add up, so they do in each group; None where not."""
    wave, question, _, _, _ = table
    every = [system.place.get((wave, question, "", "", option)) for option in options]
    whole = system.place.get((wave, question, "", "", FIRMS))
    if whole is None or any(one is None for one in every):
        return 2
    at = np.array([*every, whole], dtype=np.int64)
    if (system.low[at] != system.high[at]).any():
        return 2
    return 0 if system.low[at[:-1]].sum() == system.low[at[-1]] else None


def _of_groups(system: System, tables: list[Key], firms: int) -> None:
    """Cells of groups add up to at most the cell of all firms; the rest are firms of no group shown."""
    place = system.place
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for wave, question, by, group, option in system.keys:
        if by:
            groups.setdefault((wave, by, question, option), []).append(group)
    for (wave, by, question, option), shown in groups.items():
        whole = place.get((wave, question, "", "", option))
        sizes = [place.get((wave, by, "", "", group)) for group in shown]
        parts = [place[wave, question, by, group, option] for group in shown]
        if option == FIRMS:
            within = [(one, size) for one, size in zip(parts, sizes, strict=True) if size is not None]
            system.relations += [
                Relation(pair, (1, -1), -np.inf, 0.0, "part of its group") for pair in within
            ]
        if whole is None:
            continue
        many = (1.0,) * len(parts)
        system.relations.append(
            Relation((*parts, whole), (*many, -1.0), -np.inf, 0.0, "groups add up to at most all")
        )
        if option != FIRMS:  # those of no group who said so are at most those of no group who answered
            tables_of = [place[wave, question, by, group, FIRMS] for group in shown]
            all_of = place[wave, question, "", "", FIRMS]
            at = (*parts, whole, *tables_of, all_of)
            weight = (*many, -1.0, *[-one for one in many], 1.0)
            system.relations.append(Relation(at, weight, 0.0, np.inf, "groups leave those of no group"))
        elif all(size is not None for size in sizes):
            at = (*parts, whole, *[int(size) for size in sizes if size is not None])
            weight = (*many, -1.0, *[-one for one in many])
            system.relations.append(
                Relation(at, weight, -float(firms), np.inf, "groups leave those of no group")
            )


def _of_pairs(system: System) -> None:
    """The cell of two answers stands in two tables where each question is broken down by the other."""
    for at, (wave, question, by, group, option) in enumerate(system.keys):
        other = system.place.get((wave, by, question, option, group)) if by and option != FIRMS else None
        if other is not None and at < other:
            system.relations.append(Relation((at, other), (1, -1), 0.0, 0.0, "one cell of two tables"))


def _of_gates(system: System, tables: list[Key], asked: dict[str, Asked]) -> None:
    """Supposed: those let through answered, and nobody else; not where that is seen to be false."""
    for wave, question, by, group, _ in tables:
        gate = asked[question].gate if question in asked else ("", "")
        let_in = system.place.get((wave, gate[0], by, group, gate[1]))
        if not gate[0] or let_in is None:
            continue
        over_all = [
            system.place.get((wave, gate[0], "", "", gate[1])),
            system.place.get((wave, question, "", "", FIRMS)),
        ]
        seen = [one for one in over_all if one is not None]
        gap = (system.low[seen] - system.high[seen[::-1]]) if len(seen) == 2 else np.zeros(2)
        pair = ((let_in, system.place[wave, question, by, group, FIRMS]), (1.0, -1.0))
        if (gap <= 0).all():
            system.relations.append(Relation(*pair, 0.0, 0.0, "all that the gate let through answered", 5))
        if gap[1] <= 0:
            system.relations.append(
                Relation(*pair, 0.0, np.inf, "only those the gate let through answered", 4)
            )


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
