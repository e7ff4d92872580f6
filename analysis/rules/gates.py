"""Gates in order: predicates from the catalogue become boolean columns over all flows at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.rules.fields import BOUND_FIELDS, DESCRIPTIONS, TAG_FIELDS
from analysis.rules.operators import compare_bounds, compare_text
from analysis.rules.outcomes import OUTCOMES

__all__ = ["Facts", "Verdict", "facts_of", "judge"]

_RANK = {word: rank for rank, word in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may ask about each flow.

    Attributes
    ----------
    n : int
        Flows.
    text : dict[str, tuple[numpy.ndarray, pandas.Index]]
        Field to codes of shape (n,), -1 where not known, and the distinct words.
    bounds : dict[str, tuple[numpy.ndarray, numpy.ndarray]]
        Field to lower and upper bound, shape (n,), nan where not known.
    """

    n: int
    text: dict[str, tuple[np.ndarray, pd.Index]]
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
    text: dict[str, tuple[np.ndarray, pd.Index]] = {}
    for name in (
        "seller_country",
        "buyer_country",
        "seller_kind",
        "buyer_kind",
        "seller_lists",
        "buyer_lists",
        "hs",
        "eccn",
        "technology",
        "origin",
        "region",
        "direct_product",
    ):
        column = flows[name].astype("str")
        known = column.notna() if name.endswith("_lists") else column.notna() & (column != "")
        codes, words = pd.factorize(column.where(known))
        text[name] = (np.asarray(codes), pd.Index(words))
    bounds = {}
    for name in BOUND_FIELDS:
        low, high = (f"{name}_low", f"{name}_high") if f"{name}_low" in flows.columns else (name, name)
        bounds[name] = (flows[low].to_numpy(dtype=float), flows[high].to_numpy(dtype=float))
    return Facts(len(flows), text, bounds)


def _any_of(facts: Facts, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Alternatives of one gate: true, undecided, and undecided only because bounds straddle."""
    true = np.zeros(facts.n, dtype=bool)
    open_ = np.zeros(facts.n, dtype=bool)
    straddle = np.ones(facts.n, dtype=bool)
    fields = rows["field"].tolist()
    described = np.zeros(facts.n, dtype=bool)
    for name in DESCRIPTIONS:
        if name in fields:
            described |= facts.text[name][0] >= 0
    for field, operator, value in zip(fields, rows["operator"].tolist(), rows["value"].tolist(), strict=True):
        if field in BOUND_FIELDS:
            met, known, between = compare_bounds(*facts.bounds[field], operator, float(value))
        else:
            met, known = compare_text(*facts.text[field], operator, value, tags=field in TAG_FIELDS)
            between = np.zeros(facts.n, dtype=bool)
            if field in DESCRIPTIONS:
                known = known | described
        true |= met
        open_ |= ~known
        straddle &= known | between
    open_ &= ~true
    return true, open_, open_ & straddle


def judge(facts: Facts, rows: pd.DataFrame) -> Verdict:
    """Take every flow through the gates of one branch.

    Rows of one order are alternatives; orders follow each other. A flow fails at the first gate that is
    false; where none is false but some are undecided it is `between` (only bounds of a content straddle
    a threshold) or `unknown`, and `worst` keeps the outcome it would have. Exceptions lighten, a review
    gate turns undecided flows into `review`.

    Parameters
    ----------
    facts : Facts
        Of n flows.
    rows : pandas.DataFrame
        Gates of one branch of one instrument, sorted by order; the last row of bound, subject and licence
        holds the outcome.
    """
    rows = rows.reset_index(drop=True)
    main = rows[rows["gate"].isin(["bound", "subject", "licence"])]
    final = _RANK[str(main["outcome"].iloc[-1])]
    certain = np.ones(facts.n, dtype=bool)
    possible = np.ones(facts.n, dtype=bool)
    only_bounds = np.ones(facts.n, dtype=bool)
    decided = np.full(facts.n, int(main.index[-1]))
    for _, group in main.groupby("order", sort=True):
        true, open_, straddle = _any_of(facts, group)
        here = int(group.index[0])
        decided[possible & ~true & ~open_] = here
        decided[certain & open_] = here
        certain &= true
        possible &= true | open_
        only_bounds &= ~open_ | straddle
    unsure = possible & ~certain
    outcome = np.where(certain, final, 0)
    outcome[unsure] = np.where(only_bounds[unsure], _RANK["between"], _RANK["unknown"])
    worst = np.where(possible, final, 0)
    for _, group in rows[rows["gate"] == "exception"].groupby("order", sort=True):
        true, open_, _ = _any_of(facts, group)
        here, lighter = int(group.index[0]), _RANK[str(group["outcome"].iloc[-1])]
        used = possible & true & (worst > lighter)
        decided[used] = here
        outcome[used] = np.minimum(outcome[used], lighter)
        worst[used] = lighter
        maybe = certain & open_
        decided[maybe] = here
        outcome[maybe] = _RANK["unknown"]
    for _, group in rows[rows["gate"] == "review"].groupby("order", sort=True):
        true, _, _ = _any_of(facts, group)
        looked = true & (outcome == _RANK["unknown"])
        outcome[looked] = _RANK["review"]
        worst[looked] = np.maximum(worst[looked], _RANK["review"])
        decided[looked] = int(group.index[0])
    risk = np.zeros(facts.n, dtype=bool)
    risks = rows[rows["gate"] == "risk"]
    if len(risks):
        risk = _any_of(facts, risks)[0]
    return Verdict(outcome, worst, decided, risk)
