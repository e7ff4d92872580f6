"""Pressure as a table to take away: the firms of the grid with its filters and order, else the bands."""

import pandas as pd

from dashboard.firm_table import STATS
from dashboard.selection import View, filter_firms, order_firms
from dashboard.shelf import Shelf

__all__ = ["pressed_firms", "pressed_rows"]

_ENDS = ("low50", "high50", "low", "high", "level", "n", "method", "flag")
_BANDED = ("pressure.squeeze", "pressure.us", "pressure.cn")
_OF_BANDS = ("stat", "base_rule", "n", "estimate", "low", "high", "level", "method", "flag", "wave")


def pressed_firms(shelf: Shelf, view: View) -> pd.DataFrame:
    """Firms that fit the filters of a View in its order, as `Shelf.firms` holds them."""
    return order_firms(filter_firms(shelf.firms, view, shelf.searched), view)


def pressed_rows(shelf: Shelf, view: View) -> pd.DataFrame | None:
    """A row a firm with every measure and its doubt; without firm rows a row a band; None without either.

    Returns
    -------
    pandas.DataFrame or None
        Firms: firm, name, name_ja, sector, sector_label, then for each measure `s`, `s_low50`, `s_high50`,
        `s_low`, `s_high`, `s_level`, `s_n`, `s_method`, `s_flag`; measures run 0 to 1, ranks from 1.
        Bands: question, option and their labels, then columns of `estimates`, as the Release protects them.
    """
    if shelf.has_firms:
        found = pressed_firms(shelf, view)
        codes = found["sector"].fillna("").astype(str)
        words = {code: shelf.label(view.lang, "sector", code) if code else "" for code in codes.unique()}
        head = found[["firm", "name", "name_ja", "sector"]].assign(sector_label=codes.map(words))
        wanted = [name for stat in STATS for name in (stat, *(f"{stat}_{end}" for end in _ENDS))]
        held = [name for name in wanted if found[name].replace("", pd.NA).notna().any()]
        return pd.concat([head, found[held]], axis=1)
    parts = [_band_rows(shelf, view.lang, question) for question in _BANDED]
    held_parts = [part for part in parts if len(part)]
    return pd.concat(held_parts, ignore_index=True) if held_parts else None


def _band_rows(shelf: Shelf, lang: str, question: str) -> pd.DataFrame:
    rows = shelf.shares(question)
    options = rows["option"].astype(str)
    place = {option: at for at, option in enumerate(shelf.options(question))}
    table = pd.DataFrame(
        {
            "question": question,
            "question_label": shelf.label(lang, question),
            "option": options,
            "option_label": options.map({one: shelf.label(lang, question, one) for one in options.unique()}),
        }
    )
    held = [name for name in _OF_BANDS if name in rows.columns]
    return pd.concat([table, rows[held]], axis=1).sort_values(
        "option", key=lambda codes: codes.map(place), kind="stable"
    )
