"""What the model can carry: p_choose, order and scenarios, each judged apart, with the reason where not."""

import numpy as np
from numpy.typing import NDArray

from analysis.pressure.assemble import Ranked
from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.noting import Note
from analysis.pressure.tied import mean_ranks
from analysis.pressure.validate import Report

__all__ = ["SHOWN_DRAWS", "carry", "order_in_draws"]

Floats = NDArray[np.float64]

SHOWN_DRAWS = 200
"""Draws whose order is held against that of the points."""


def carry(
    report: Report,
    model: "ChoiceModel | Abstained",
    ranked: Ranked,
    points: Floats,
    draws: Floats,
    asked: int,
) -> None:
    """Add what can be said of n firms, one judgement each, to the report of the model.

    Parameters
    ----------
    report : Report
        Of which rows `firms left out`, `tiers`, `top tier`, `order in draws`, `top tenth in draws`,
        `carries p_choose`, `carries ranks`, `carries scenarios` are made: 1 carried, 0 not.
    model : ChoiceModel or Abstained
    ranked : Ranked
        Of n firms.
    points, draws : shapes (n,), (d, n)
        Of what firms are ranked by.
    asked : int
        Firms of the survey.
    """
    told = "firms of the survey that did not answer the outcome, or have no indicator; not trained on"
    imputed = model.imputed if isinstance(model, ChoiceModel) else 0
    report.add("firms left out", asked - report.n - imputed, told, n=asked)
    whole = report.n
    tier = ranked.full.tier
    known = int((tier > 0).sum())
    report.add("tiers", int(tier.max(initial=0)), f"ordered cuts of {ranked.target or 'nothing'}", n=known)
    report.add("top tier", int((tier == 1).sum()), "firms in the highest tier", n=known)
    if known > 1:
        kept = tier > 0
        order, top = order_in_draws(points[kept], draws[:SHOWN_DRAWS, kept])
        tails = [(1.0 - report.level) / 2.0, (1.0 + report.level) / 2.0]
        told = f"first {SHOWN_DRAWS} draws over all doubt, mean, and quantiles that hold it"
        for stat, drawn in (("order in draws", order), ("top tenth in draws", top)):
            low, high = np.quantile(drawn, tails)
            mean = float(drawn.mean())
            report.add(stat, mean, told, min(float(low), mean), max(float(high), mean), n=known)
    yes = Note("carried", "carried, with its doubt")
    verdicts = {"p_choose": yes, "ranks": yes, "scenarios": yes}
    if isinstance(model, Abstained):
        verdicts["p_choose"] = verdicts["scenarios"] = model.note
        verdicts["ranks"] = Note("order_of_squeeze", "ranks and tiers are of squeeze, not of p_choose")
    elif len(model.terms) == 1 and not model.groups:
        first = model.terms[0]
        told = f"with one slope the order is that of {first} alone: the model adds only how sure it is"
        verdicts["ranks"] = Note("one_slope", told, (first,))
    if isinstance(model, ChoiceModel) and _slope_holds_zero(report, model):
        first = model.terms[0]
        told = (
            f"the limits of the slope of {first} hold zero: which way p_choose moves is not known; "
            "read the changes of us, cn and squeeze"
        )
        verdicts["scenarios"] = Note("holds_zero", told, (first,))
    if known < 2:
        verdicts["ranks"] = Note("few_ranked", "fewer than two firms can be ranked")
    elif tier.max() == 1:
        told = "all firms stand in one tier: of no two firms is it sure which is higher"
        verdicts["ranks"] = Note("one_tier", told, (str(known),))
    for name, note in verdicts.items():
        is_carried = note.code in ("carried", "one_slope", "order_of_squeeze")
        report.add(f"carries {name}", float(is_carried), note.words, n=known or whole, why=note.why)


def order_in_draws(points: Floats, draws: Floats) -> tuple[Floats, Floats]:
    """How far the order of n firms stays in each of d draws.

    Parameters
    ----------
    points : shape (n,)
    draws : shape (d, n)
        Of the same quantity; nothing missing.

    Returns
    -------
    Spearman correlation, share of the top tenth kept : shapes (d,), (d,)
        A correlation is 0 where all firms tie.
    """
    usual, others = mean_ranks(points), mean_ranks(draws)
    top = max(1, round(len(points) / 10))
    best = usual > len(points) - top
    kept = (np.argsort(np.argsort(draws, axis=1, kind="stable"), axis=1) >= len(points) - top)[:, best]
    usual, others = usual - usual.mean(), others - others.mean(axis=1, keepdims=True)
    size = np.sqrt((usual**2).sum() * (others**2).sum(axis=1))
    alike = np.divide(others @ usual, size, out=np.zeros(len(others)), where=size > 0)
    return alike, kept.mean(axis=1) if best.any() else np.zeros(len(draws))


def _slope_holds_zero(report: Report, model: ChoiceModel) -> bool:
    """Whether the limits of the first slope, as printed, hold zero."""
    name = f"slope {model.terms[0]}"
    low, high = next((row[3], row[4]) for row in report.rows if row[0] == name)
    return low <= 0.0 <= high
