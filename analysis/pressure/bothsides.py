"""How surely rules of both sides reach far into a firm: the chance that us and cn are high in one draw."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.channels import STATS, reach_of
from analysis.pressure.doubt import draw_indicators
from analysis.pressure.frozen import FrozenModel

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
    model: FrozenModel,
    flows: pd.DataFrame,
    contacts: pd.DataFrame,
    collisions: pd.DataFrame,
    firms: tuple[str, ...],
    high: tuple[float, float],
) -> Floats:
    """Share of draws in which us and cn of m firms are both above 0 and at `high` or more.

    Parameters
    ----------
    model : FrozenModel
        Seed and number of draws of the run.
    flows, contacts, collisions : pandas.DataFrame
        Rows of these firms in a Release.
    firms : m ids
    high : tuple of float
        As `high_from`.

    Returns
    -------
    shape (m,); nan where an indicator is missing. Draws are over link confidence.
    """
    reach = reach_of(flows, contacts, collisions, firms, model.across)
    us, cn = draw_indicators(reach, model.seed, model.many)[:2]
    near = 1e-12
    both = (us >= max(high[0], near) - near) & (cn >= max(high[1], near) - near) & (us > 0) & (cn > 0)
    known = np.isfinite(us).all(axis=0) & np.isfinite(cn).all(axis=0)
    return np.where(known, both.mean(axis=0), np.nan)
