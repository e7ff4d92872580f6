"""Firms behind what a model gives away: coefficients, calibration, quantiles and lists of ranks."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.attack.taking import LAW, Taken

__all__ = ["told_by_models"]

_RANKS = frozenset({"rank", "rank_low", "rank_high", "tier", "p_top10"})
_WORDS = frozenset(
    {"quantile", "observed", "calibration", "rank", "rank_low", "rank_high", "tier", "p_top10"}
)
_FITTED = frozenset(
    {"events", "non-events", "nonevents", "coefficient", "slope", "intercept", "auc", "brier"}
)


def told_by_models(taken: Taken) -> pd.DataFrame:
    """Counts of events, bins and neighbours of quantiles that are under the floor, and lists of ranks.

    A coefficient of a model is a function of the events at each of its levels: it tells of them where they
    are few. A point of a calibration curve is a percent of the firms of its bin, so it is turned back as any
    percent. Between two neighbouring quantiles lie n times the difference of their probabilities firms: with
    fewer than the floor a firm's own value is bounded by both, and a quantile of unrounded values is
    the value of a firm.

    Parameters
    ----------
    taken : Taken

    Returns
    -------
    pandas.DataFrame
        Columns of an attack.
    """
    rows = []
    for name, table in taken.tables.items():
        if (
            name in LAW
            or "stat" not in table
            or not (_WORDS | _FITTED) & set(table["stat"].astype("str").unique())
        ):
            continue
        for stat, low, high, many, verdict, how in (
            *_events(table, taken.floor), *_bins(table, taken.floor), *_quantiles(table, taken.floor),
            *_ranks(table),
        ):  # fmt: skip
            rows.append({
                "release": taken.label, "way": "model", "table": name, "question": stat, "firms_low": many,
                "firms_high": many, "low": low, "high": high, "floor": taken.floor, "verdict": verdict,
                "how": how,
            })  # fmt: skip
    return pd.DataFrame(rows)


_Row = tuple[str, float, float, float, str, str]


def _events(table: pd.DataFrame, floor: int) -> Iterator[_Row]:
    """Events and non-events of a fitted model, stated or by subtraction."""
    stat = table["stat"].astype("str")
    if not stat.isin(_FITTED).any():
        return
    for word, other in (("events", "non-events"), ("non-events", "events")):
        rows = table[stat.isin([word, word.replace("-", "")])]
        for n, count in rows[["n", "estimate"]].astype(float).itertuples(index=False):
            if np.isfinite(count) and count < floor:
                yield word, count, count, n, "recovered", "coefficients rest on so few"
            elif np.isfinite(count) and np.isfinite(n) and n - count < floor:
                yield other, n - count, n - count, n, "recovered", "coefficients rest on so few"


def _bins(table: pd.DataFrame, floor: int) -> Iterator[_Row]:
    """Points of a calibration curve as percents of the firms of their bins."""
    rows = table[table["stat"].astype("str").isin(["observed", "calibration"])]
    for n, share in rows[["n", "estimate"]].astype(float).itertuples(index=False):
        count = n * share
        if np.isfinite(count) and abs(count - round(count)) < 1e-6:
            few = min(round(count), n - round(count))
            if few < floor:
                yield "calibration", round(count), round(count), n, "recovered", "a bin times its firms"


def _quantiles(table: pd.DataFrame, floor: int) -> Iterator[_Row]:
    """Neighbouring quantiles with fewer firms between them than the floor."""
    rows = table[table["stat"].astype("str") == "quantile"]
    column = next((c for c in ("p", "probability", "option") if c in rows), None)
    if column is None or not len(rows):
        return
    keys = [c for c in ("question", "by", "group", "base_rule", "wave") if c in rows]
    grouped = rows.groupby(keys, sort=False) if keys else [((), rows)]
    for _, part in grouped:
        p = pd.to_numeric(part[column], errors="coerce").astype(float)
        points = part.assign(_p=p)[p.notna() & part["estimate"].notna()].sort_values("_p")
        n = float(points["n"].max()) if len(points) else 0.0
        ends = np.concatenate([[0.0], points["_p"].to_numpy(dtype=float), [1.0]])
        between = np.diff(ends) * n
        for many in between[between < floor - 1e-9]:
            yield (
                "quantile",
                float(np.floor(many)),
                float(np.ceil(many)),
                n,
                "recovered",
                "firms between points",
            )


def _ranks(table: pd.DataFrame) -> Iterator[_Row]:
    """Places of single firms."""
    if table["stat"].astype("str").isin(_RANKS).any():
        yield "rank", 1.0, 1.0, 1.0, "recovered", "a list of places, one a firm"
