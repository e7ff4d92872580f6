"""How much a bloc or a country hangs on imports of each product, and how far that is from each threshold."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.links import Links
from analysis.supply.narrow.squares import Squares, squared_shares
from analysis.supply.narrow.trade import Trade, trade_of
from analysis.supply.tables import numbers, read_rows, require_columns
from survey import QuestionFault, data_folder, nearest

__all__ = ["DEPENDENCY_COLUMNS", "EXPORTS_COUNTED", "dependency", "dependency_thresholds"]

DEPENDENCY_COLUMNS = (
    *("product", "period", "indicator", "value", "low", "high", "operator", "threshold", "confirmed"),
    *("distance", "distance_low", "distance_high", "over", "over_bounds", "dependent", "dependent_bounds"),
    *("lasting", "imports", "inside", "exports", "largest", "n_firms", "n_links", "named", "note"),
)
"""Columns of a table of dependency."""

EXPORTS_COUNTED = ("extra", "all")
"""What X is: exports out of the bloc, or also those between its members. The sources leave it open."""

_INDICATORS = ("cdi1", "cdi2", "cdi3")


def dependency_thresholds(path: Path | None = None) -> pd.DataFrame:
    """Thresholds as data: `indicator,operator,value,confirmed,meaning,source`, index the indicator.

    Raises
    ------
    QuestionFault
        An indicator that is missing or unknown, or an operator other than `>` and `>=`.
    """
    where = path or data_folder() / "reference" / "dependency" / "thresholds.csv"
    rows = read_rows(where)
    require_columns(rows, ("indicator", "operator", "value", "confirmed", "source"), str(where))
    rows["value"] = numbers(rows["value"], str(where), low=0.0, high=np.inf)
    if sorted(rows["indicator"]) != sorted(_INDICATORS) or not rows["operator"].isin([">", ">="]).all():
        raise QuestionFault(
            str(where),
            "indicators " + ", ".join(rows["indicator"]) + "; operators " + ", ".join(rows["operator"]),
            "a row for each of " + ", ".join(_INDICATORS) + ", with > or >=",
            "correct the file",
        )
    return rows.set_index("indicator")


def dependency(
    trade: Trade | Links,
    home: frozenset[str] | Sequence[str],
    *,
    thresholds: pd.DataFrame | None = None,
    exports: str = "extra",
    of: int = 3,
    least: int = 2,
) -> pd.DataFrame:
    """CDI1 to CDI3 of each product and period, each with its distance from its threshold.

    Over countries c outside the bloc: CDI1 = sum (M_c / M)^2, CDI2 = M / (M + imports from members),
    CDI3 = M / X (European Commission, SWD(2021) 352; CEPII GeoDep, 2024).

    Parameters
    ----------
    trade : Trade or Links
        Flows, or links whose flows are taken.
    home : countries
        Alpha-2 codes of the bloc; for a single country "inside" is what is bought at home.
    thresholds : pandas.DataFrame, optional
        Of `dependency_thresholds`; default those shipped.
    exports : str
        One of `EXPORTS_COUNTED`.
    of, least : int
        A product is lasting where it is dependent in `least` of the last `of` periods.

    Returns
    -------
    pandas.DataFrame
        Columns `DEPENDENCY_COLUMNS`, three rows a product and period. `distance` = value - threshold: over 0
        is over (exactly 0 is not, where the operator is >). `low`, `high`: what home buyers do not name
        bought inside, or all of it outside from the largest source. `over`: `yes` or `no` by the value;
        `over_bounds`: `possible` where the bounds lie on both sides; `dependent` and `dependent_bounds`: all
        three over, in the same words; `lasting`: `yes`, `no`, or "" with fewer than `of` periods. Where a
        product is imported and never exported CDI3 has no number, is over, and `note` says so.

    Raises
    ------
    QuestionFault
        A word that is no way to count exports; a home that imports nothing.
    """
    if exports not in EXPORTS_COUNTED:
        raise QuestionFault(
            "exports",
            repr(exports),
            "one of: " + ", ".join(EXPORTS_COUNTED),
            nearest(exports, EXPORTS_COUNTED),
        )
    trade = trade_of(trade) if isinstance(trade, Links) else trade
    limits = dependency_thresholds() if thresholds is None else thresholds
    mine = sorted(home)
    flows = trade.flows
    into = flows["importer"].isin(mine)
    if not bool(into.any()):
        raise QuestionFault(
            "home",
            ", ".join(mine),
            "a home some buyer of the links is in",
            "give buyers a country in parties.csv",
        )
    bought = flows[into]
    grouped = bought.groupby(["product", "period"], observed=True, sort=True)
    groups = grouped.size().index.to_frame(index=False)
    group, many = grouped.ngroup().to_numpy(), len(groups)
    inside = bought["exporter"].isin(mine).to_numpy()
    value = bought["value"].to_numpy(dtype=float)
    place = pd.Categorical(bought["exporter"].where(bought["exporter"] != ""))
    rest = _by_period(trade.rest, mine, groups, "value")
    named = _by_period(trade.rest, mine, groups, "named")
    outside = squared_shares(
        group[~inside], place.codes[~inside], value[~inside], np.zeros(many), len(place.categories)
    )
    bounds = squared_shares(group[~inside], place.codes[~inside], value[~inside], rest, len(place.categories))
    imports = np.bincount(group[~inside], value[~inside], minlength=many)
    within = np.bincount(group[inside], value[inside], minlength=many)
    sold = flows[flows["exporter"].isin(mine) & ~into] if exports == "extra" else _crossing(flows, mine)
    out = sold.groupby(["product", "period"])["value"].sum()
    exported = out.reindex(pd.MultiIndex.from_frame(groups)).fillna(0.0).to_numpy()
    parts = _indicators(outside, bounds, imports, within, exported, rest)
    largest = np.asarray(place.categories, dtype=object)
    about = groups.assign(
        imports=imports,
        inside=within,
        exports=exported,
        largest=np.where(outside.largest >= 0, largest[np.maximum(outside.largest, 0)], "")
        if len(largest)
        else "",
        n_links=np.bincount(group, minlength=many),
        n_firms=_firms(trade.firms, mine, groups),
        named=np.divide(named, named + rest, out=np.full(many, np.nan), where=named + rest > 0),
    )
    return _judged(about, parts, limits, of, least)


def _crossing(flows: pd.DataFrame, mine: list[str]) -> pd.DataFrame:
    return flows[flows["exporter"].isin(mine) & (flows["importer"] != flows["exporter"])]


def _by_period(rest: pd.DataFrame, mine: list[str], groups: pd.DataFrame, column: str) -> np.ndarray:
    if not len(rest):
        return np.zeros(len(groups))
    total = rest[rest["importer"].isin(mine)].groupby("period")[column].sum()
    return groups["period"].map(total).fillna(0.0).to_numpy(dtype=float)


def _firms(firms: pd.DataFrame, mine: list[str], groups: pd.DataFrame) -> np.ndarray:
    if not len(firms):
        return np.zeros(len(groups), dtype=np.int64)
    many = firms[firms["importer"].isin(mine)].groupby(["product", "period"]).size()
    return many.reindex(pd.MultiIndex.from_frame(groups)).fillna(0).to_numpy(dtype=np.int64)


def _indicators(
    outside: Squares,
    bounds: Squares,
    imports: np.ndarray,
    within: np.ndarray,
    exported: np.ndarray,
    rest: np.ndarray,
) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Value, low and high of each indicator; infinite where there are imports and no exports."""
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = imports + within
        return {
            "cdi1": (outside.hhi, np.fmin(bounds.low, outside.hhi), np.fmax(bounds.high, outside.hhi)),
            "cdi2": (imports / whole, imports / (whole + rest), (imports + rest) / (whole + rest)),
            "cdi3": (imports / exported, imports / exported, (imports + rest) / exported),
        }


def _judged(
    about: pd.DataFrame,
    parts: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]],
    limits: pd.DataFrame,
    of: int,
    least: int,
) -> pd.DataFrame:
    """Three rows for each of `about`: distance, over, dependent, lasting."""
    tables = []
    by_value, by_bounds = [], []
    for indicator in _INDICATORS:
        value, low, high = parts[indicator]
        line = limits.loc[indicator]
        passes = np.greater if line["operator"] == ">" else np.greater_equal
        threshold = float(str(line["value"]))
        by_value.append(passes(value, threshold))
        by_bounds.append(_side(passes(low, threshold), passes(high, threshold)))
        never = (indicator == "cdi3") & (about["exports"].to_numpy() == 0) & (about["imports"].to_numpy() > 0)
        ends = {"value": value, "low": low, "high": high}
        finite = {name: np.where(np.isfinite(end), end, np.nan) for name, end in ends.items()}
        tables.append(
            about.assign(
                indicator=indicator,
                **finite,
                operator=line["operator"],
                threshold=threshold,
                confirmed=line["confirmed"],
                distance=finite["value"] - threshold,
                distance_low=finite["low"] - threshold,
                distance_high=finite["high"] - threshold,
                over=np.where(by_value[-1], "yes", "no"),
                over_bounds=by_bounds[-1],
                note=np.where(never, "no exports: over any threshold", ""),
                order=np.arange(len(about)),
            )
        )
    dependent = np.logical_and.reduce(by_value)
    sure = np.logical_and.reduce([side == "yes" for side in by_bounds])
    could = np.logical_and.reduce([side != "no" for side in by_bounds])
    whole = {
        "dependent": np.where(dependent, "yes", "no"),
        "dependent_bounds": _side(sure, could),
        "lasting": _lasting(about, dependent, of, least),
    }
    table = pd.concat([part.assign(**whole) for part in tables], ignore_index=True)
    return table.sort_values(["order", "indicator"], ignore_index=True)[list(DEPENDENCY_COLUMNS)]


def _side(sure: np.ndarray, could: np.ndarray) -> np.ndarray:
    return np.where(sure, "yes", np.where(could, "possible", "no"))


def _lasting(about: pd.DataFrame, dependent: np.ndarray, of: int, least: int) -> np.ndarray:
    """Whether dependent in `least` of the last `of` periods; a period without the product counts as no."""
    wide = pd.DataFrame(
        {"product": about["product"], "period": about["period"], "yes": dependent.astype(float)}
    ).pivot(index="period", columns="product", values="yes")
    past = wide.sort_index().fillna(0.0).rolling(of).sum().stack()
    found = past.reindex(pd.MultiIndex.from_frame(about[["period", "product"]])).to_numpy()
    return np.where(np.isnan(found), "", np.where(found >= least, "yes", "no"))
