"""How strongly an indicator goes with an outcome: an order of firms made to a stated AUC."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from analysis.pressure.tied import mean_ranks

__all__ = ["area_under_curve", "order_to_strength"]


def area_under_curve(score: NDArray[np.float64], event: NDArray[np.bool_]) -> float:
    """Chance that a firm with the event scores above one without it, ties counted half.

    Parameters
    ----------
    score, event : arrays, shape (firms,)

    Returns
    -------
    float
        Mann and Whitney (1947) through mid-ranks; nan without both kinds of firm.
    """
    events, others = int(event.sum()), int((~event).sum())
    if not events or not others:
        return float("nan")
    ranks = mean_ranks(score)[event].sum()
    return float((ranks - events * (events + 1) / 2) / (events * others))


def order_to_strength(
    event: NDArray[np.bool_], exposure: NDArray[np.float64], strength: float, zeros: int
) -> NDArray[np.float64]:
    """Give each firm a place in an order that separates events at a stated strength.

    Latent scores of the binormal model (Green and Swets, 1966) are delta + Phi^-1(p) for firms with
    the event and Phi^-1(p) for the others, with p at the middles of equal parts of (0, 1), so that
    nothing is left to the luck of the draw. Within each kind the more exposed firm has the higher
    score. The lowest `zeros` share the last place. delta is the smallest that reaches the strength,
    ties counted half (without ties: sqrt(2) Phi^-1(strength)).

    Parameters
    ----------
    event : shape (firms,), bool
    exposure : shape (firms,)
        What decides who comes first among firms of one kind.
    strength : float
        AUC wanted, 0.5 to below 1.
    zeros : int
        Firms with place zero.

    Returns
    -------
    NDArray[np.float64]
        Shape (firms,): 0 for the lowest, else the middles of equal parts of (0, 1), rising.
    """
    middles = np.empty(event.size)
    for kind in (event, ~event):
        many = int(kind.sum())
        place = np.empty(many)
        place[np.argsort(exposure[kind], kind="stable")] = (np.arange(many) + 0.5) / max(many, 1)
        middles[kind] = ndtri(place)

    def places(delta: float) -> NDArray[np.float64]:
        order = np.lexsort((~event, middles + delta * event))
        place = np.zeros(event.size)
        above = event.size - zeros
        place[order[zeros:]] = (np.arange(above) + 0.5) / above
        return place

    low, high = 0.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        reached = area_under_curve(places(middle), event) >= strength
        low, high = (low, middle) if reached else (middle, high)
    return places(high)
