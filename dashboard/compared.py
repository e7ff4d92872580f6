"""What firms are compared against: where all of them lie, and how surely both sides reach far into each."""

from collections.abc import Sequence

import numpy as np

from analysis import both_high, high_from
from dashboard.shelf import Shelf

__all__ = ["chances_of", "density_of"]


def chances_of(
    shelf: Shelf, firms: Sequence[str]
) -> tuple[dict[str, float], tuple[float, float], tuple[str, ...]]:
    """Chance that rules of both sides reach far into each firm, from where far is, and what is drawn over.

    {} and () without flows.
    """
    high = high_from(shelf.firms)
    if not shelf.has_what_if:
        return {}, high, ()
    found, over = both_high(shelf.frozen, shelf.drawn.open_day(firms), tuple(firms), high)
    return {firm: float(chance) for firm, chance in zip(firms, found, strict=True)}, high, over


def density_of(shelf: Shelf, stat: str, to: float, many: int = 40) -> tuple[list[float], float]:
    """How many firms lie in each of `many` parts of 0 to `to`, the most being 1; and the median firm."""
    values = shelf.firms[stat].to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    if not len(values):
        return [0.0] * many, float("nan")
    counts = np.histogram(np.clip(values, 0.0, to), bins=many, range=(0.0, to))[0]
    return [float(v) for v in np.sqrt(counts / counts.max())], float(np.median(values))
