"""What a scenario does, in one sentence with its n and its interval."""

import pandas as pd
from dash.development.base_component import Component

from dashboard.foreseen import Foreseen, top_of
from dashboard.pages.dumbbells import Bell, bell_words
from dashboard.pages.headlines import claim_with_interval
from dashboard.scenario_words import DIGITS, as_difference, digits_under, is_certain, scenario_sentence
from dashboard.wording import is_number, say

__all__ = ["bell_of", "scenario_claim"]


def bell_of(
    row: pd.Series, name: Component | str, label: str, digits: int = DIGITS, *, is_chosen: bool = False
) -> Bell:
    """A row of `scenario_effects` as a row of dumbbells; the effect on one firm has no n."""
    n = 0 if str(row["by"]) == "firm" or not is_number(row["n"]) else int(row["n"])
    before, after, difference, low, high, level = (
        float(row[key]) for key in ("before", "after", "estimate", "low", "high", "level")
    )
    return Bell(name, label, before, after, difference, low, high, level, n, digits, is_chosen)


def scenario_claim(found: Foreseen, lang: str) -> list[Component | str]:
    """The sentence, and the interval of the difference in a smaller line; else what is changed."""
    row = found.row
    if row is None:
        return _changes_claim(found, lang)
    sentence = scenario_sentence(found, lang)
    bell = bell_of(row, "", "", digits_under(top_of(found.beside)))
    difference = as_difference(bell.difference, bell.digits)
    words = say(lang, "scenarios.paired", difference=difference, interval=bell_words(lang, bell))
    if is_certain(bell.low, bell.high):
        words = say(lang, "scenarios.paired_exact", difference=difference)
    return claim_with_interval(sentence, words)


def _changes_claim(found: Foreseen, lang: str) -> list[Component | str]:
    """How much a scenario changes, and why no effect is told."""
    many = found.part("scenario_changes").drop_duplicates(["part", "change"]).shape[0]
    is_held = "scenario_effects" in found.shelf.tables
    why = say(lang, "scenarios.abstained" if is_held else "scenarios.kept_back_title")
    title = found.words(lang, "title")
    return claim_with_interval(say(lang, "scenarios.claim_changes", title=title, many=many), why)
