"""The state of what a Release does not hold: kept from its audience, or not built for the team."""

from dash import html
from dash.development.base_component import Component

from dashboard.shelf import Shelf
from dashboard.wording import say

__all__ = ["held_back_state", "held_back_words"]


def held_back_words(shelf: Shelf, lang: str, key: str) -> str:
    """Why it is not there: the words of `key` for members and the public, whom protection keeps it from.

    A Release for the team keeps nothing back; where it lacks something, it was built without it.
    """
    return say(lang, "state.built_without" if shelf.audience == "internal" else key)


def held_back_state(shelf: Shelf, lang: str, title: str, why: str, after: str = "") -> Component:
    """The state under its title.

    Parameters
    ----------
    title, why : str
        Keys of the catalogue: what is not there, and why members and the public do not see it.
    after : str
        Words that follow for every audience, such as what stands in its place.
    """
    words = [held_back_words(shelf, lang, why), after]
    joined = ("" if lang == "ja" else " ").join(filter(None, words))
    return html.Div([html.H2(say(lang, title)), html.P(joined)], className="state")
