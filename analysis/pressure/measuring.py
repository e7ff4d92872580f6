"""us, cn and squeeze of each firm with their intervals and channels, as one table."""

from collections.abc import Sequence

import pandas as pd

from analysis.pressure.across import figures_of
from analysis.pressure.channels import STATS, channel_sums, reach_of
from analysis.pressure.doubt import draw_indicators, limits_round

__all__ = ["indicators"]


def indicators(
    flows: pd.DataFrame,
    contacts: pd.DataFrame,
    collisions: pd.DataFrame,
    firms: Sequence[str],
    *,
    seed: int = 20211215,
    draws: int = 2000,
    level: float = 0.90,
) -> pd.DataFrame:
    """us, cn and squeeze of each firm, with intervals over link confidence, and their channels.

    Parameters
    ----------
    flows, contacts, collisions, firms
        As `reach_of`.
    seed, draws, level
        Of the draws over link confidence.

    Returns
    -------
    pandas.DataFrame
        One row a firm, in the order given: `firm,us,us_low,us_high,cn,...,squeeze_high`, then
        `us_sales, us_inputs, ...` for each channel; nan where missing.
    """
    reach = reach_of(flows, contacts, collisions, firms)
    sums = channel_sums(reach)
    point = figures_of(reach, sums)
    low, high = limits_round(point, draw_indicators(reach, seed, draws), level)
    columns: dict[str, object] = {"firm": list(reach.firms)}
    for s, stat in enumerate(STATS):
        columns |= {stat: point[s], f"{stat}_low": low[s], f"{stat}_high": high[s]}
    for s, stat in enumerate(STATS):
        columns |= {f"{stat}_{channel}": sums[s, :, c] for c, channel in enumerate(reach.channels)}
    return pd.DataFrame(columns)
