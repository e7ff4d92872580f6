"""How far all firms together depend on each country: means and medians, and which of them may leave."""

import numpy as np
import pandas as pd

from analysis.disclosure.audiences import MINIMUM_TABLE
from analysis.disclosure.concentration import is_dominated
from analysis.disclosure.private import PrivateRules
from analysis.release.tables import SUPPRESSED

__all__ = ["EXPOSURE_COLUMNS", "SIDE_SEEDS", "exposure_table", "protected_exposure"]

EXPOSURE_COLUMNS = ("seed", "stat", "summary", "n", "estimate", "low", "high", "method", "flag")
"""Columns of the table: `stat` is direct, exposure or named; `summary` is mean or median."""

SIDE_SEEDS = ("country=US", "country=CN")
"""The two sides, always asked after where a supplier is there."""

_STEP = 0.01
"""Printed to others in whole percents, so that two editions a firm apart cannot be subtracted."""

_STATS = ("direct", "exposure")


def exposure_table(lookthrough: pd.DataFrame, named: np.ndarray) -> pd.DataFrame:
    """Mean and median over firms of face value and look-through to each seed, each firm the same.

    Parameters
    ----------
    lookthrough : pandas.DataFrame
        Rows of `look_through`, one a firm and seed.
    named : numpy.ndarray
        Shape (firms,), share of each firm's inputs that links name; empty where there are none.

    Returns
    -------
    pandas.DataFrame
        Columns `EXPOSURE_COLUMNS`, seeds in the order of the rows. `low` and `high` of an exposure are means
        and medians of the firms' bounds; face value has none. A row of seed "" and stat `named` says how
        much of the inputs is named.
    """
    parts = []
    for summary in ("mean", "median"):
        grouped = lookthrough.groupby("seed", sort=False)[["direct", "exposure", "low", "high"]]
        found = grouped.mean() if summary == "mean" else grouped.median()
        for stat in _STATS:
            parts.append(
                pd.DataFrame(
                    {
                        "seed": found.index.astype("str"),
                        "stat": stat,
                        "summary": summary,
                        "n": grouped.size().to_numpy(),
                        "estimate": found[stat].to_numpy(),
                        "low": found["low"].to_numpy() if stat == "exposure" else np.nan,
                        "high": found["high"].to_numpy() if stat == "exposure" else np.nan,
                    }
                )
            )
    if len(named):
        parts.append(
            pd.DataFrame(
                {
                    "seed": "",
                    "stat": "named",
                    "summary": ["mean", "median"],
                    "n": len(named),
                    "estimate": [float(np.mean(named)), float(np.median(named))],
                    "low": np.nan,
                    "high": np.nan,
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    table["method"] = np.where(table["stat"] == "exposure", "outer bound", "")
    table["flag"] = ""
    return _typed(table)


def protected_exposure(
    table: pd.DataFrame,
    lookthrough: pd.DataFrame,
    suppliers: pd.Series,
    floor: int,
    private: PrivateRules,
    known: int,
) -> pd.DataFrame:
    """What others may see of `exposure_table`: whole percents, and nothing that speaks of a few.

    A seed is hidden where fewer than the floor of firms, or of suppliers there, are behind it, or where one
    firm's part could be worked out by those who know some others (rules on amounts, of the exposure and of
    what is left to 1); a country that is not of the two sides then has no row at all. Face value is hidden
    too where what lies between it and the look-through is such; the share named where any face value is
    hidden. An outer bound that would tell of a few is given as 1.

    Parameters
    ----------
    table, lookthrough : pandas.DataFrame
        The whole table and the rows it was made of.
    suppliers : pandas.Series
        Suppliers each seed counts, index the seeds; others are not hidden for their number.
    floor : int
        Smallest count of firms that may be known.
    private : PrivateRules
        Parameters of the rules on amounts, holdings and waivers.
    known : int
        Firms whose figures a reader may know.
    """
    seeds = list(dict.fromkeys(lookthrough["seed"]))
    wide = {
        name: lookthrough.pivot(index="firm", columns="seed", values=name)[seeds].to_numpy(dtype=float)
        for name in ("direct", "exposure", "high")
    }
    many = len(wide["direct"])
    firms = np.unique(lookthrough["firm"].astype("str"))
    holding = np.unique([private.holdings.get(firm, f" {firm}") for firm in firms], return_inverse=True)[1]
    waived = np.array([firm in private.waived for firm in firms])
    rule = private.concentration(known)

    def tells(values: np.ndarray) -> np.ndarray:
        """Columns whose sum tells of fewer firms than the floor, on either side of the scale."""
        few = np.minimum((values > 1e-12).sum(axis=0), (values < 1 - 1e-12).sum(axis=0)) < floor
        sides = (np.clip(side, 0, None) for side in (values, 1 - values))
        return few | np.any([is_dominated(s, rule, holding=holding, waived=waived) for s in sides], axis=0)

    few = suppliers.reindex(seeds).fillna(floor).to_numpy() < floor
    is_small = many < max(MINIMUM_TABLE, floor)
    unsafe = {
        "exposure": tells(wide["exposure"]) | few | is_small,
        "direct": tells(wide["direct"]) | few | is_small,
    }
    between = np.clip(wide["exposure"] - wide["direct"], 0, None)
    some = between.sum(axis=0) > 1e-12
    unsafe["direct"] |= unsafe["exposure"] | (some & tells(between))
    loose = dict(zip(seeds, tells(1 - wide["high"]), strict=True))
    hidden = {stat: dict(zip(seeds, cells, strict=True)) for stat, cells in unsafe.items()}
    hidden["named"] = {"": is_small or bool(unsafe["direct"].any())}
    keys = list(zip(table["stat"], table["seed"], strict=True))
    hide = np.array([hidden[stat][seed] for stat, seed in keys], dtype=bool)
    out = table.copy()
    out["estimate"] = (table["estimate"] / _STEP).round() * _STEP
    out["low"] = np.floor(table["low"] / _STEP + 1e-9) * _STEP
    out["high"] = np.minimum(np.ceil(table["high"] / _STEP - 1e-9) * _STEP, 1.0)
    is_loose = np.array([loose.get(seed, True) for _, seed in keys], dtype=bool)
    out["high"] = out["high"].mask(is_loose & out["high"].notna(), 1.0)
    for column in ("estimate", "low", "high"):
        out[column] = out[column].round(2).mask(hide)
    out["n"] = out["n"].mask(hide)
    out["method"] = out["method"].mask(hide, "")
    out["flag"] = out["flag"].mask(hide, SUPPRESSED)
    kept = [seed in ("", *SIDE_SEEDS) or not hidden["exposure"][seed] for _, seed in keys]
    return _typed(out[kept].reset_index(drop=True))


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    words = dict.fromkeys(("seed", "stat", "summary", "method", "flag"), "str")
    numbers = dict.fromkeys(("estimate", "low", "high"), "float64")
    return table.astype(words | numbers | {"n": "Int64"})[list(EXPOSURE_COLUMNS)]
