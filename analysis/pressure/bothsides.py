"""How surely rules of both sides reach far into a firm: the chance that us and cn are high in one draw."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.channels import STATS
from analysis.pressure.doubt import draw_indicators
from analysis.pressure.drawn_over import Doubted, sources_at_work
from analysis.pressure.frozen import FrozenModel
from analysis.pressure.openday import OpenDay
from analysis.pressure.unsure import SOURCES

__all__ = ["HIGH", "both_high", "high_from"]

Floats = NDArray[np.float64]

HIGH = 0.75
"""Share of the firms that a high us, or cn, is above or at: the upper quarter is high."""


def high_from(points: pd.DataFrame) -> tuple[float, float]:
    """us and cn from which a firm is among the highest quarter, over firms whose figures are known.

    Parameters
    ----------
    points : pandas.DataFrame
        Columns `us`, `cn`, a row a firm.
    """
    us, cn = (points[side].to_numpy(dtype=np.float64) for side in STATS[:2])
    ends = [
        float(np.quantile(side[np.isfinite(side)], HIGH)) if np.isfinite(side).any() else np.nan
        for side in (us, cn)
    ]
    return ends[0], ends[1]


def both_high(
    model: FrozenModel, known: OpenDay, firms: tuple[str, ...], high: tuple[float, float]
) -> tuple[Floats, tuple[str, ...]]:
    """Share of draws in which us and cn of m firms are both above 0 and at `high` or more.

    Parameters
    ----------
    model : FrozenModel
        Seed and number of draws of the run.
    known : OpenDay
        Of these firms.
    firms : m ids
    high : tuple of float
        As `high_from`.

    Returns
    -------
    shares : shape (m,)
        nan where an indicator is missing.
    sources : tuple[str, ...]
        Of `SOURCES`, those that the draws of us or cn of any of these firms go over.
    """
    reach, unsure = known.laid_out(firms, model.across)
    us, cn = draw_indicators(reach, model.seed, model.many, unsure)[:2]
    near = 1e-12
    both = (us >= max(high[0], near) - near) & (cn >= max(high[1], near) - near) & (us > 0) & (cn > 0)
    is_known = np.isfinite(us).all(axis=0) & np.isfinite(cn).all(axis=0)
    over = sources_at_work(Doubted(reach, unsure))
    sources = tuple(source for source in SOURCES if source in {*over["us"], *over["cn"]})
    return np.where(is_known, both.mean(axis=0), np.nan), sources
