"""Firms behind what a model gives away: coefficients, calibration, quantiles and lists of ranks."""

import re
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
    {
        "events",
        "non-events",
        "nonevents",
        "coefficient",
        "slope",
        "intercept",
        "auc",
        "c",
        "concordance",
        "brier",
    }
)


def told_by_models(taken: Taken) -> pd.DataFrame:
    """Counts of events, bins and neighbours of quantiles that are under the floor, and lists of ranks.

    A coefficient of a model is a function of the events at each of its levels: it tells of them where they
    are few. A point of a calibration curve is a percent of the firms of its bin, so it is turned back as any
    percent. Between two neighbouring quantiles lie n times the difference of their probabilities firms: with
    fewer than the floor a firm's own value is bounded by both, and a quantile of unrounded values is
    the value of a firm. An area under the curve is a number of pairs of events and other firms. An intercept,
    and it with the coefficient of a level, are log odds of a count. Draws and places are of single firms.

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
        if name in LAW:
            continue
        told = [*_drawn(table, taken.firms), *_places(table, taken.firms)]
        if "stat" in table and (_WORDS | _FITTED) & set(table["stat"].astype("str").unique()):
            told += [*_events(table, taken.floor), *_bins(table, taken.floor), *_ranks(table)]
            told += [*_quantiles(table, taken.floor), *_areas(table, taken.floor)]
            told += _levels(table, taken.floor, taken.firms)
        for stat, low, high, many, verdict, how in told:
            rows.append({
                "release": taken.label, "way": "model", "table": name, "question": stat, "firms_low": many,
                "firms_high": many, "low": low, "high": high, "floor": taken.floor, "verdict": verdict,
                "how": how,
            })  # fmt: skip
    return pd.DataFrame(rows)


_LARGEST = 500
"""Firms up to which all counts are tried."""

_DRAW = re.compile(r"^(draw|d|sample|iteration|replicate|boot|imputation)[_ .]?\d+$")
_DRAWS = frozenset({"draw", "draws", "iteration", "sample_id", "chain", "replicate", "imputation"})

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


def _areas(table: pd.DataFrame, floor: int) -> Iterator[_Row]:
    """Events behind an area under the curve: a whole number of half pairs of an event and a non-event."""
    rows = table[table["stat"].astype("str").str.casefold().isin(["auc", "c", "concordance"])]
    for n, area in rows[["n", "estimate"]].astype(float).itertuples(index=False):
        if not (np.isfinite(n) and np.isfinite(area) and 1 < n <= _LARGEST):
            continue
        if area in (0.0, 1.0):
            yield "auc", 0.0, float(floor), n, "bounded", "the model tells every event from every other firm"
            continue
        events = np.arange(1, int(n))
        half = _half(area)
        pairs = 2.0 * events * (n - events)
        fits = events[np.floor((area + half) * pairs + 1e-7) >= np.ceil((area - half) * pairs - 1e-7)]
        few = np.minimum(fits, n - fits)
        if len(fits) and (few < floor).all():
            verdict = "recovered" if len(set(few)) == 1 else "bounded"
            yield (
                "auc",
                float(few.min()),
                float(few.max()),
                n,
                verdict,
                "pairs behind an area under the curve",
            )


def _levels(table: pd.DataFrame, floor: int, firms: int) -> list[_Row]:
    """Events of the level a model starts from: its intercept is the log odds of a count of these firms."""
    rows = table[table["stat"].astype("str").isin(["intercept", "coefficient"])]
    found: list[_Row] = []
    start = rows.loc[rows["stat"].astype("str") == "intercept", "estimate"].astype(float)
    values = [float(v) for v in start] + [
        float(a + b)
        for a in start
        for b in rows.loc[rows["stat"].astype("str") == "coefficient", "estimate"].astype(float)
    ]
    size = min(int(rows["n"].max()) if len(rows) and rows["n"].notna().any() else firms, _LARGEST)
    n = np.repeat(np.arange(1, size + 1), np.arange(2, size + 2))
    x = np.concatenate([np.arange(k + 1) for k in range(1, size + 1)]) if size > 0 else np.empty(0)
    for value in values:
        if not np.isfinite(value) or _half(value) > 1e-4:
            continue
        for less in (0.0, 0.5):  # plain, and with the penalty of Firth
            with np.errstate(divide="ignore", invalid="ignore"):
                fits = np.abs(np.log((x + less) / (n - x + less)) - value) < 1e-7
            few = np.minimum(x[fits], n[fits] - x[fits])
            # shares in lowest terms: the same odds stand for two, three times as many firms as well
            if len(few) and (few < floor).all():
                ends = (float(few.min()), float(few.max()), float(n[fits].max()))
                verdict = "recovered" if ends[0] == ends[1] else "bounded"
                found.append(("coefficient", *ends, verdict, "log odds of so few"))
                break
    return found


def _drawn(table: pd.DataFrame, firms: int) -> Iterator[_Row]:
    """Draws: columns numbered one by one, or a column that counts them, of any name."""
    columns = [str(column).casefold() for column in table.columns]
    numbered = [c for c in columns if _DRAW.match(c)]
    if len(numbered) > 2 or any(c in _DRAWS for c in columns):
        yield "draw", 1.0, 1.0, float(firms), "recovered", "draws: what is drawn for a firm is its own"


def _places(table: pd.DataFrame, firms: int) -> Iterator[_Row]:
    """Lists of ranks as a column: by name, or the numbers from 1 to as many as there are firms."""
    for column in table.columns:
        if not pd.api.types.is_numeric_dtype(table[column]) or len(table) < 2:
            continue
        values = table[column].dropna()
        is_named = str(column).casefold() in _RANKS and len(values) > 0
        is_list = len(values) == firms == len(table) and set(values) == set(range(1, firms + 1))
        if is_named or (is_list and firms > 2):
            yield "rank", 1.0, 1.0, 1.0, "recovered", f"a list of places, one a firm: column {column}"


def _half(value: float) -> float:
    """Half the last decimal a number is printed with, six or fewer; else next to nothing."""
    for places in range(1, 7):
        if abs(value * 10**places - round(value * 10**places)) < 1e-10:
            return 0.5 * 10.0**-places
    return 1e-10


def _bins(table: pd.DataFrame, floor: int) -> Iterator[_Row]:
    """Points of a calibration curve as percents of the firms of their bins."""
    rows = table[table["stat"].astype("str").isin(["observed", "calibration"])]
    for n, share in rows[["n", "estimate"]].astype(float).itertuples(index=False):
        if not (np.isfinite(n) and np.isfinite(share)):
            continue
        half = _half(share)
        low, high = np.ceil(n * (share - half) - 1e-6) + 0.0, np.floor(n * (share + half) + 1e-6)
        if low > high:
            continue
        if n < floor or high < floor or n - low < floor:
            verdict = "recovered" if low == high else "bounded"
            yield "calibration", float(low), float(high), n, verdict, "a bin times its firms"


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
