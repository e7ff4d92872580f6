"""Dependence in one sentence: face value, look-through, and the outer bound, as far as a Release tells."""

from dash.development.base_component import Component

from dashboard.pages.headlines import claim_with_interval
from dashboard.supplied import Supplied
from dashboard.supply_words import say_dependence

__all__ = ["supply_claim"]


def supply_claim(supplied: Supplied, lang: str) -> list[Component | str]:
    """Face value and look-through in one sentence; the outer bound and what is named below it."""
    return claim_with_interval(*say_dependence(supplied, lang))
