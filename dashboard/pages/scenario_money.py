"""Value that rules of each side reach, and value at stake, before and after a scenario."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.foreseen import Foreseen
from dashboard.pages.marks import words_table
from dashboard.selection import View
from dashboard.wording import is_number, say

__all__ = ["money_panel"]

_SUMS = ("reach_us", "reach_cn", "at_stake")
_SIZES = {
    "en": ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")),
    "ja": ((1e12, "trillion"), (1e8, "billion"), (1e4, "million")),
}
"""Units of a language from the largest, and the key of each: Japanese counts in 万 and 億."""


def money_panel(found: Foreseen, view: View) -> Component | None:
    """A row a sum over all firms, with the interval of the difference; nothing where none is held."""
    lang, rows = view.lang, found.sums()
    rows = rows[rows["stat"].isin(_SUMS) & rows["before"].map(is_number)]
    if rows.empty:
        return None
    lines: list[list[Component | str]] = []
    for _, row in rows.iterrows():
        size = _size(lang, max(abs(float(row["before"])), abs(float(row["after"]))))
        before, after = (_money(lang, row[key], size) for key in ("before", "after"))
        change = _money(lang, row["estimate"], size, is_signed=True)
        limits = [_money(lang, row[key], size, is_signed=True) for key in ("low", "high")]
        ends = say(lang, "scenarios.ends", low=limits[0], high=limits[1])
        told = say(lang, "scenarios.certain") if limits[0] == limits[1] else ends
        lines.append(
            [say(lang, f"scenarios.sum_{row['stat']}"), before, after, change, told, _percent(lang, row)]
        )
    keys = ("sum", "before", "after", "difference", "interval", "percent")
    head = [say(lang, f"scenarios.head_{key}") for key in keys]
    title = say(lang, "scenarios.money")
    n = int(rows["n"].max())
    return html.Section(
        [
            html.H2(title),
            html.P(say(lang, "scenarios.money_sentence", n=n), className="sentence"),
            words_table(head, lines, title, numbers=(1, 2, 3, 5)),
        ],
        className="panel",
        id="money",
    )


def _size(lang: str, value: float) -> tuple[float, str]:
    return next(((unit, name) for unit, name in _SIZES[lang] if value >= unit), (1.0, "one"))


def _money(lang: str, value: object, size: tuple[float, str], *, is_signed: bool = False) -> str:
    if not is_number(value):
        return "–"
    number = float(value) / size[0]  # type: ignore[arg-type]
    digits = 0 if size[0] == 1.0 else (1 if abs(number) >= 100 or size[0] == 1e4 else 2)
    rounded = round(number, digits) + 0.0
    text = f"{rounded:+,.{digits}f}" if is_signed and rounded else f"{rounded:,.{digits}f}"
    return say(lang, f"scenarios.size_{size[1]}", value=text.replace("-", "−"))


def _percent(lang: str, row: pd.Series) -> str:
    if not row["before"]:
        return "–"
    share = 100 * float(row["estimate"]) / float(row["before"])
    return say(lang, "unit.percent", value=f"{share:+.1f}".replace("-", "−") if round(share, 1) else "0")
