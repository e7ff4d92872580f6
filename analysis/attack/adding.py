"""Cells of one edition, worked out from all its tables and margins together."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.attack.bounding import bound_counts, holding_relations
from analysis.attack.judging import verdicts
from analysis.attack.knowing import Asked
from analysis.attack.measuring import Told
from analysis.attack.relating import FIRMS, Relation, System, system_of

__all__ = ["Solved", "solve_edition"]

Bools = NDArray[np.bool_]


class Solved:
    """One edition with the ends of every count.

    Attributes
    ----------
    cells : pandas.DataFrame
        `wave, question, by, group, option, low, high, firms_low, firms_high`, one row a cell.
    findings : pandas.DataFrame
        Columns of an attack: every cell that is not shown, and every one that tells of too few.
    """

    def __init__(self, cells: pd.DataFrame, findings: pd.DataFrame) -> None:
        self.cells, self.findings = cells, findings


def solve_edition(
    evidence: pd.DataFrame, asked: dict[str, Asked], firms: int, told: Sequence[Told] = ()
) -> Solved:
    """Every count of an edition between its least and greatest value, and what that tells.

    Parameters
    ----------
    evidence : pandas.DataFrame
        Of all Releases of the edition; contradicting sources apart (see `_apart`).
    asked : dict
    firms : int
    told : sequence of Told
        Sums of counts told by other numbers.
    """
    evidence = _apart(evidence)
    main = evidence[evidence["base_rule"].isin(["answered", ""])]
    if main.empty:
        main = evidence
    system = system_of(main, asked, firms, told)
    relations = holding_relations(system)
    certain = [relation for relation in relations if not relation.soft]
    wanted = np.array([key[4] for key in system.keys], dtype=object) != FIRMS
    low, high = bound_counts(system, certain, wanted)
    sizes = np.array([system.place[(*key[:4], FIRMS)] for key in system.keys])
    cells = pd.DataFrame(system.keys, columns=["wave", "question", "by", "group", "option"])
    cells = cells.assign(low=low, high=high, firms_low=low[sizes], firms_high=high[sizes])
    stands = _told_of(main)
    key = ["wave", "question", "by", "group", "option"]
    found = cells[cells["option"] != FIRMS].merge(stands, on=key, how="left")
    found["verdict"] = verdicts(*(found[c].to_numpy(dtype=float) for c in (
        "low", "high", "firms_low", "firms_high", "floor"
    )))  # fmt: skip
    found.loc[_extreme(system, found), "verdict"] = "bounded"
    found["way"] = np.where(found["is_hidden"], "margins", "percents")
    found["how"] = np.where(found["is_hidden"], _how(found), found["how"])
    supposed = _supposed(system, relations, found)
    found = found[found["is_hidden"] | found["verdict"].isin(["recovered", "bounded"])]
    unions = _unions(system, certain, low, high, stands)
    bases = _other_bases(evidence)
    nobody = _nobody(cells, stands)
    parts = [found.drop(columns="is_hidden"), supposed, unions, bases, nobody]
    parts = [part for part in parts if len(part)]
    return Solved(cells, pd.concat(parts, ignore_index=True) if parts else found)


def _extreme(system: System, found: pd.DataFrame) -> Bools:
    """Open cells of which a few numbers are left, all of them near nobody or near everybody: which is open.

    Only where a count of as many firms could be safe at all.
    """
    place, value = system.values
    key = list(zip(*(found[c] for c in ("wave", "question", "by", "group", "option")), strict=True))
    at = np.array([system.place[one] for one in key], dtype=np.int64)
    low, high, firms, floor = (found[c].to_numpy(dtype=float) for c in ("low", "high", "firms_high", "floor"))
    of_cell = np.full(len(system.keys), -1)
    of_cell[at] = np.arange(len(at))
    cell = of_cell[place]
    value, cell = value[cell >= 0], cell[cell >= 0]
    left = (value >= low[cell]) & (value <= high[cell])
    is_safe = left & (value >= floor[cell]) & (firms[cell] - value >= floor[cell])
    some, safe = (np.bincount(cell[one], minlength=len(at)) > 0 for one in (left, is_safe))
    is_fixed = (found["firms_low"] == found["firms_high"]).to_numpy()
    return np.asarray(some & ~safe & is_fixed & (firms >= 2 * floor) & (found["verdict"] == "open"))


def _nobody(cells: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Tables over all that are printed as of no firm: that nobody answered is a count as any other.

    In a group it may follow from the routing.
    """
    empty = cells[(cells["option"] == FIRMS) & (cells["high"] <= 0) & (cells["by"] == "")]
    first = told.drop_duplicates(["wave", "question", "by", "group"]).drop(columns=["option", "is_hidden"])
    rows = empty.merge(first, on=["wave", "question", "by", "group"])
    return rows.assign(
        option="", way="percents", verdict="recovered", how="the number of firms of a table, printed as none"
    )


def _apart(evidence: pd.DataFrame) -> pd.DataFrame:
    """Rows that contradict the table of estimates as a wave of their own: printed from another edition."""
    key = ["wave", "question", "by", "group", "option", "base_rule"]
    own = evidence[evidence["table"] == "estimates"].drop_duplicates(key).set_index(key)
    at = pd.MultiIndex.from_frame(evidence[key])
    known = own.reindex(at)
    clash = np.zeros(len(evidence), dtype=bool)
    for low, high in (("low", "high"), ("firms_low", "firms_high")):
        clash |= evidence[low].to_numpy(dtype=float) > known[high].to_numpy(dtype=float)
        clash |= evidence[high].to_numpy(dtype=float) < known[low].to_numpy(dtype=float)
    place = ["wave", "question", "table"]
    odd = evidence.assign(_odd=clash).groupby(place, sort=False)["_odd"].transform("any").to_numpy()
    odd = odd & (evidence["table"] != "estimates").to_numpy()
    wave = np.where(odd, evidence["wave"] + " (" + evidence["table"] + ")", evidence["wave"])
    return evidence.assign(wave=wave)


def _told_of(evidence: pd.DataFrame) -> pd.DataFrame:
    """Per cell: where it stands, whether every Release that has it hides it, and its floor.

    Of several Releases the smallest floor holds: what the public may know is not to be kept from members, who
    read the public Release too.
    """
    key = ["wave", "question", "by", "group", "option"]
    shown = ~evidence["is_hidden"].astype(bool)
    rows = evidence.assign(_order=np.where(shown, 0, 1)).sort_values("_order", kind="stable")
    grouped = rows.groupby(key, sort=False)
    told = grouped.agg(
        release=("release", lambda r: ", ".join(dict.fromkeys(r))),
        table=("table", lambda t: ", ".join(dict.fromkeys(t))),
        how=("how", "first"),
        is_hidden=("is_hidden", "all"),
    )
    told["floor"] = float(evidence["floor"].min())
    return told.reset_index()


def _how(found: pd.DataFrame) -> pd.Series:
    """How a hidden cell was bounded."""
    return found["how"].where(found["how"] != "", "all tables and margins together")


def _supposed(system: System, relations: list[Relation], found: pd.DataFrame) -> pd.DataFrame:
    """Cells open by what is certain, of which suppositions that nothing contradicts would tell."""
    out = found.drop(columns="is_hidden")
    if not any(relation.soft for relation in relations):
        return out.iloc[:0]
    key = list(zip(*(out[c] for c in ("wave", "question", "by", "group", "option")), strict=True))
    at = np.array([system.place[one] for one in key], dtype=np.int64)
    sizes = np.array([system.place[(*one[:4], FIRMS)] for one in key], dtype=np.int64)
    is_open = (out["verdict"] == "open").to_numpy()
    wanted = np.zeros(len(system.keys), dtype=bool)
    wanted[at[is_open]] = True
    low, high = bound_counts(system, relations, wanted)
    out = out.assign(low=low[at], high=high[at], firms_low=low[sizes], firms_high=high[sizes])
    verdict = verdicts(*(out[c].to_numpy(dtype=float) for c in (
        "low", "high", "firms_low", "firms_high", "floor"
    )))  # fmt: skip
    # whole numbers may not fit suppositions that fractions do: then nothing follows
    fits = (low <= high)[at]
    rows = is_open & fits & np.isin(verdict, ["recovered", "bounded"])
    how = "supposing that all let through answered, or that no answer is missing from the table"
    return out[rows].assign(verdict="supposed", how=how)


def _unions(
    system: System,
    relations: list[Relation],
    low: np.ndarray,
    high: np.ndarray,
    told: pd.DataFrame,
) -> pd.DataFrame:
    """Hidden cells that a sum shows to hold too few firms together."""
    floors = told.set_index(["wave", "question", "by", "group", "option"])
    rows = []
    for relation in relations:
        if relation.high != 0.0 or len(relation.at) < 3:
            continue
        at, weight = np.array(relation.at), np.array(relation.weight)
        open_ones = at[(high[at] - low[at] > 0) & (weight > 0)]
        if len(open_ones) < 2 or (high[at[weight < 0]] != low[at[weight < 0]]).any():
            continue
        known = at[(high[at] == low[at]) & (weight > 0)]
        left = float(high[at[weight < 0]].sum() - low[known].sum())
        names = [system.keys[int(a)] for a in open_ones]
        found = floors.reindex([name for name in names if name in floors.index])
        if len(found) < len(names) or not found["is_hidden"].astype(bool).all():
            continue
        if left >= found["floor"].max():
            continue
        wave, question, by, _, _ = names[0]
        size = float(high[[system.place[(*name[:4], FIRMS)] for name in names]].max())
        least = left if relation.low == 0.0 else 0.0
        rows.append({
            "release": found["release"].iloc[0], "way": "margins", "table": found["table"].iloc[0],
            "wave": wave, "question": question, "by": by, "group": _joined([name[3] for name in names]),
            "option": _joined([name[4] for name in names]), "firms_low": size, "firms_high": size,
            "low": least, "high": left, "floor": float(found["floor"].max()),
            "verdict": "recovered" if least == left else "bounded",
            "how": f"hidden cells together: {relation.why}",
        })  # fmt: skip
    return pd.DataFrame(rows)


def _joined(words: list[str]) -> str:
    return " + ".join(dict.fromkeys(words))


def _other_bases(evidence: pd.DataFrame) -> pd.DataFrame:
    """Answers of the few firms that one base rule counts and another does not."""
    key = ["wave", "question", "by", "group", "option"]
    known = evidence[(evidence["low"] == evidence["high"]) & (evidence["base_rule"] != "")]
    if known["base_rule"].nunique() < 2:
        return pd.DataFrame()
    wide = known.drop_duplicates([*key, "base_rule"])
    pairs = wide[wide["base_rule"] == "answered"].merge(
        wide[wide["base_rule"] != "answered"], on=key, suffixes=("", "_other")
    )
    hidden = evidence[evidence["base_rule"] == "answered"].drop_duplicates(key)
    others = wide[wide["base_rule"] != "answered"].merge(
        hidden[hidden["is_hidden"].astype(bool)][key], on=key
    )
    gap = (pairs["low"] - pairs["low_other"]).abs()
    few = pairs[(gap > 0) & (gap < pairs["floor"])].assign(low=gap, high=gap)
    few = few.assign(how="answers counted on one base and not on the other")
    unsafe = verdicts(*(others[c].to_numpy(dtype=float) for c in (
        "low", "high", "firms_low", "firms_high", "floor"
    )))  # fmt: skip
    second = others[np.isin(unsafe, ["recovered", "bounded"])].assign(
        how="the same answers on another base: " + others["base_rule"].astype("str")
    )
    kept = [*key, "release", "table", "firms_low", "firms_high", "low", "high", "floor", "how"]
    parts = [part[kept] for part in (few, second) if len(part)]
    if not parts:
        return pd.DataFrame()
    return pd.concat(parts, ignore_index=True).assign(way="second base", verdict="recovered")
