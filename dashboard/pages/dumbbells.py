"""Before and after as two points on one track, and the interval of their difference behind the second."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard.foreseen import MEASURED
from dashboard.pages.marks import hatched, tags
from dashboard.scenario_words import DIGITS, as_difference, ends_words, level_words, limits_words
from dashboard.theme import DIVISIONS
from dashboard.wording import FEW, as_index, is_number, say

__all__ = ["Bell", "bell_keys", "bell_list", "bell_words"]


@dataclass(frozen=True, slots=True)
class Bell:
    """One row of dumbbells.

    Attributes
    ----------
    name : Component or str
        What the row is about, as it stands on the page; `label` is the same as plain words.
    before, after, difference, low, high : float
        0 to 1; the limits are those of the difference, nan where there are none.
    level : float
        Level of the limits.
    n : int
        Firms behind it; 0 for one firm.
    digits : int
        Decimals of its numbers.
    is_chosen : bool
        Whether the row is the one the page is about.
    """

    name: Component | str
    label: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    level: float
    n: int = 0
    digits: int = DIGITS
    is_chosen: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether there is no number to show."""
        return not (is_number(self.before) and is_number(self.after))

    @property
    def is_indicative(self) -> bool:
        """Whether few firms stand behind it."""
        return 0 < self.n < FEW


def bell_words(lang: str, bell: Bell) -> str:
    """The interval of a difference in words."""
    return limits_words(lang, bell.low, bell.high, bell.level, bell.digits)


def bell_keys(lang: str, stat: str) -> Component:
    """What the two points and the band stand for."""
    side = MEASURED[stat]
    return html.P(
        [
            html.Span([html.Span(className=f"key open {side}"), say(lang, "scenarios.key_before")]),
            html.Span([html.Span(className=f"key {side}"), say(lang, "scenarios.key_after")]),
            html.Span([html.Span(className=f"key pale {side}"), say(lang, "scenarios.key_interval")]),
        ],
        className="keys",
    )


def bell_list(lang: str, bells: Sequence[Bell], stat: str, to: float, *, head: str) -> Component:
    """Rows of dumbbells on one scale from 0 to `to`, under a ruler; `head` names what the rows are.

    The number of firms stands in the rows where it differs; else the sentence above has it.
    """
    is_counted = len({bell.n for bell in bells}) > 1
    rows = [_row(lang, bell, stat, to, is_counted=is_counted) for bell in bells]
    level = next((bell.level for bell in bells if is_number(bell.level)), None)
    return html.Div([_ruler(lang, to, head, level), html.Ul(rows, className="bells")], className="dots-panel")


def _ruler(lang: str, to: float, head: str, level: float | None) -> Component:
    many = DIVISIONS.get(to, 4)
    marks = [html.Span(f"{to * k / many:g}", style={"left": f"{100 * k / many:g}%"}) for k in range(many + 1)]
    words = [say(lang, f"scenarios.head_{key}") for key in ("before", "after", "difference")]
    if level is not None:
        words[2] = say(lang, "scenarios.head_difference_at", level=level_words(lang, level))
    heads = [html.Span(word, className="pair-head") for word in words]
    return html.Div(
        [html.Span(head), html.Div(marks, className="ruler"), *heads],
        className="bell-row bell-ruler",
        **tags({"aria-hidden": "true"}),
    )


def _row(lang: str, bell: Bell, stat: str, to: float, *, is_counted: bool) -> Component:
    counted = [say(lang, "unit.firms", n=bell.n)] if bell.n and is_counted else []
    counted += [say(lang, "scenarios.few")] if bell.is_indicative else []
    n = html.Span(" · ".join(counted), className="dot-n") if counted else None
    name = html.Span([bell.name, n], className="bell-name")
    kind = "bell-row chosen" if bell.is_chosen else "bell-row"
    if bell.is_hidden:
        return html.Li([name, html.Span(hatched(lang), className="dot-hidden")], className=kind)
    told = {key: as_index(getattr(bell, key), bell.digits) for key in ("before", "after")}
    interval = bell_words(lang, bell)
    short = ends_words(lang, bell.low, bell.high, bell.digits)
    difference = as_difference(bell.difference, bell.digits)
    words = say(lang, "scenarios.row", name=bell.label, difference=difference, interval=interval, **told)
    return html.Li(
        [
            name,
            _track(bell, MEASURED[stat], to, words),
            *[
                html.Span(
                    told[key],
                    className=f"pair-value {key}",
                    **tags({"data-head": say(lang, f"scenarios.head_{key}")}),
                )
                for key in told
            ],
            html.Span(
                [html.Span(difference, className="bell-difference"), html.Span(short)],
                className="bell-told",
            ),
        ],
        className=kind,
    )


def _track(bell: Bell, side: str, to: float, words: str) -> Component:
    def at(value: float) -> float:
        return 100 * min(max(value / to, 0.0), 1.0)

    parts = []
    if is_number(bell.low) and is_number(bell.high):
        low, high = at(bell.before + bell.low), at(bell.before + bell.high)
        parts.append(
            html.Span(className="bar-wide", style={"left": f"{low:.2f}%", "width": f"{high - low:.2f}%"})
        )
    left, right = sorted((at(bell.before), at(bell.after)))
    parts.append(
        html.Span(className="bar-step", style={"left": f"{left:.2f}%", "width": f"{right - left:.2f}%"})
    )
    parts.append(html.Span(className="bar-point open", style={"left": f"{at(bell.before):.2f}%"}))
    parts.append(html.Span(className="bar-point", style={"left": f"{at(bell.after):.2f}%"}))
    return html.Div(parts, className=f"bar {side}".strip(), role="img", **tags({"aria-label": words}))
