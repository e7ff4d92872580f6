"""How a number is known, folded under the number itself."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.known import FACTS, Facts, band_facts, group_facts, measure_facts, part_facts, share_facts
from dashboard.shelf import Shelf
from dashboard.wording import say

__all__ = ["about_bands", "about_groups", "about_measures", "about_part", "about_share"]


def about_share(shelf: Shelf, lang: str, row: pd.Series) -> Component:
    """Of an answer to a question, or of the difference of two, as `estimates` or `claims` hold it."""
    return _opened(lang, share_facts(shelf, lang, row))


def about_groups(shelf: Shelf, lang: str, rows: pd.DataFrame, by: str) -> Component:
    """Of one answer in every group of the question `by`: rows of `estimates`, one a group."""
    return _opened(lang, group_facts(shelf, lang, rows, by))


def about_bands(shelf: Shelf, lang: str, rows: pd.DataFrame) -> Component:
    """Of the shares of firms in the bands of one measure of pressure: rows of `estimates`, one a band."""
    return _opened(lang, band_facts(shelf, lang, rows))


def about_measures(shelf: Shelf, lang: str, page: str) -> Component:
    """Of what a page shows that nobody was asked: reach, squeeze, dependence, effects, counts of rules."""
    return _opened(lang, measure_facts(shelf, lang, page))


def about_part(shelf: Shelf, lang: str, part: str, n: str) -> Component:
    """Of the numbers of one part of a page that has words of its own; `n` is what was counted, in words."""
    return _opened(lang, part_facts(shelf, lang, part, n))


def _opened(lang: str, told: Facts) -> Component:
    rows = [part for key in FACTS for part in (html.Dt(say(lang, f"about.{key}")), html.Dd(told[key]))]
    return html.Details([html.Summary(say(lang, "about.open")), html.Dl(rows)], className="about")
