"""Gates in order: predicates from the catalogue become boolean columns over all flows at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.rules.fields import BOUND_FIELDS, DESCRIPTIONS, PLAIN_KIND, TAG_FIELDS, TEXT_FIELDS
from analysis.rules.operators import compare_bounds, compare_text
from analysis.rules.outcomes import OUTCOMES

__all__ = ["Facts", "Gate", "Verdict", "facts_of", "gates_of", "judge"]

_RANK = {word: rank for rank, word in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True)
class Gate:
    """One row of gates.csv: alternatives of one order ask `field operator value`."""

    instrument: str
    branch: str
    order: int
    gate: str
    field: str
    operator: str
    value: str
    outcome: str
    clause: str
    confidence: str
    note: str


def gates_of(table: pd.DataFrame) -> dict[str, dict[str, list[Gate]]]:
    """Gates of a catalogue by instrument and branch, each sorted by order (stable)."""
    names = list(Gate.__dataclass_fields__)
    found: dict[str, dict[str, list[Gate]]] = {}
    for row in table[names].itertuples(index=False):
        gate = Gate(*row)
        found.setdefault(gate.instrument, {}).setdefault(gate.branch, []).append(gate)
    for branches in found.values():
        for rows in branches.values():
            rows.sort(key=lambda gate: gate.order)
    return found


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may ask about each flow.

    Attributes
    ----------
    n : int
        Flows.
    text : dict[str, tuple[numpy.ndarray, list[str]]]
        Field to codes of shape (n,), -1 where not known, and the distinct words.
    bounds : dict[str, tuple[numpy.ndarray, numpy.ndarray]]
        Field to lower and upper bound, shape (n,), nan where not known.
    """

    n: int
    text: dict[str, tuple[np.ndarray, list[str]]]
    bounds: dict[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one branch of an instrument does to each flow; arrays of shape (flows,).

    Attributes
    ----------
    outcome, worst : numpy.ndarray
        Ranks in `OUTCOMES`: what is established, and what the undecided facts could still make of it.
    row : numpy.ndarray
        Position, in the rows given, of the gate that failed or decided.
    risk : numpy.ndarray
        Whether the risk named by the branch is there.
    """

    outcome: np.ndarray
    worst: np.ndarray
    row: np.ndarray
    risk: np.ndarray


def facts_of(flows: pd.DataFrame) -> Facts:
    """Factorise the facts of flows once; an empty cell is not known, except an empty list of lists."""
    text: dict[str, tuple[np.ndarray, list[str]]] = {}
    for name in TEXT_FIELDS:
        column = flows[name].astype("str") if name in flows.columns else _left_out(name, flows.index)
        known = column.notna() if name.endswith("_lists") else column.notna() & (column != "")
        codes, words = pd.factorize(column.where(known))
        text[name] = (np.asarray(codes), [str(word) for word in words])
    bounds = {}
    for name in BOUND_FIELDS:
        low, high = (f"{name}_low", f"{name}_high") if f"{name}_low" in flows.columns else (name, name)
        if low not in flows.columns:
            nothing = np.full(len(flows), np.nan)
            bounds[name] = (nothing, nothing)
            continue
        bounds[name] = (flows[low].to_numpy(dtype=float), flows[high].to_numpy(dtype=float))
    return Facts(len(flows), text, bounds)


def _left_out(name: str, index: pd.Index) -> pd.Series:
    """A field that the flows do not have: nothing is known, and a flow without a kind is trade."""
    return pd.Series(PLAIN_KIND if name == "flow_kind" else None, index=index, dtype="str")


def _any_of(facts: Facts, rows: list[Gate]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Alternatives of one gate: true, undecided, and undecided only because bounds straddle."""
    true = np.zeros(facts.n, dtype=bool)
    open_ = np.zeros(facts.n, dtype=bool)
    straddle = np.ones(facts.n, dtype=bool)
    described = np.zeros(facts.n, dtype=bool)
    for name in {row.field for row in rows}.intersection(DESCRIPTIONS):
        described |= facts.text[name][0] >= 0
    for row in rows:
        if row.field in BOUND_FIELDS:
            met, known, between = compare_bounds(*facts.bounds[row.field], row.operator, float(row.value))
            straddle &= known | between
        else:
            tags = row.field in TAG_FIELDS
            met, known = compare_text(*facts.text[row.field], row.operator, row.value, tags=tags)
            if row.field in DESCRIPTIONS:
                known = known | described
            straddle &= known
        true |= met
        open_ |= ~known
    open_ &= ~true
    return true, open_, open_ & straddle


def _orders(rows: list[Gate], kinds: tuple[str, ...]) -> list[tuple[int, list[Gate]]]:
    """Rows of some kinds, order by order: position of the first row, and the alternatives."""
    found: dict[int, tuple[int, list[Gate]]] = {}
    for place, row in enumerate(rows):
        if row.gate in kinds:
            found.setdefault(row.order, (place, []))[1].append(row)
    return list(found.values())


def judge(facts: Facts, rows: list[Gate]) -> Verdict:
    """Take every flow through the gates of one branch.

    Rows of one order are alternatives; orders follow each other. A flow fails at the first gate that is
    false; where none is false but some are undecided it is `between` (only bounds of a content straddle
    a threshold) or `unknown`, and `worst` keeps the outcome it would have. Exceptions lighten, a review
    gate turns flows still undecided into `review`.

    Parameters
    ----------
    facts : Facts
        Of n flows.
    rows : list of Gate
        One branch of one instrument, sorted by order; the last of bound, subject and licence holds the
        outcome.
    """
    main = _orders(rows, ("bound", "subject", "licence"))
    last = main[-1][1][-1]
    final = _RANK[last.outcome]
    certain = np.ones(facts.n, dtype=bool)
    possible = np.ones(facts.n, dtype=bool)
    only_bounds = np.ones(facts.n, dtype=bool)
    decided = np.full(facts.n, rows.index(last))
    for here, group in main:
        true, open_, straddle = _any_of(facts, group)
        decided[(possible & ~true & ~open_) | (certain & open_)] = here
        certain &= true
        possible &= true | open_
        only_bounds &= ~open_ | straddle
    unsure = possible & ~certain
    outcome = np.where(certain, final, 0)
    outcome[unsure] = np.where(only_bounds[unsure], _RANK["between"], _RANK["unknown"])
    worst = np.where(possible, final, 0)
    for here, group in _orders(rows, ("exception",)):
        true, open_, _ = _any_of(facts, group)
        lighter = _RANK[group[-1].outcome]
        used = possible & true & (worst > lighter)
        decided[used] = here
        outcome[used] = np.minimum(outcome[used], lighter)
        worst[used] = lighter
        maybe = (outcome > lighter) & open_
        decided[maybe] = here
        outcome[maybe] = _RANK["unknown"]
    for here, group in _orders(rows, ("review",)):
        true, _, _ = _any_of(facts, group)
        looked = true & np.isin(outcome, (_RANK["unknown"], _RANK["between"]))
        decided[looked] = here
        outcome[looked] = _RANK["review"]
        worst[looked] = np.maximum(worst[looked], _RANK["review"])
    risk = np.zeros(facts.n, dtype=bool)
    for _, group in _orders(rows, ("risk",)):
        risk = _any_of(facts, group)[0]
    return Verdict(outcome, worst, decided, risk)
