"""Headlines of the briefing: the claim of the day and the figures under it."""

import re

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.claims import day_claim, headline_rows, is_hidden, name_of, row_interval, top_band
from dashboard.pages.about import about_measures, about_share
from dashboard.pages.marks import bar_ends, base_strip, hatched, interval_bar
from dashboard.shelf import Shelf
from dashboard.since import since_unmeasured, since_words
from dashboard.wording import NEVER, as_points, as_share, as_whole, beside, say

__all__ = ["claim_of_the_day", "claim_with_interval", "headline_figures"]

_HYPHENED = re.compile(r"(\b[A-Za-z]{1,12}-[A-Za-z]{1,12}\b)")


def claim_of_the_day(shelf: Shelf, lang: str) -> list[Component | str]:
    """The first sentence of the briefing, with n and interval."""
    return claim_with_interval(*day_claim(shelf, lang))


def claim_with_interval(claim: str, interval: str) -> list[Component | str]:
    """A claim as a heading, without its full stop, its interval quieter beside it; "" for none."""
    parts = _whole_words(claim.removesuffix(".").removesuffix("。"))
    return [*parts, " ", html.Span(interval, className="claim-interval")] if interval else parts


def _whole_words(claim: str) -> list[Component | str]:
    """A claim whose words with a hyphen (`US-China`) are not parted at it."""
    return [
        html.Span(part, className="whole") if at % 2 else part
        for at, part in enumerate(_HYPHENED.split(claim))
        if part
    ]


def _since(words: str) -> Component:
    """The change since the wave before, in the same place and of the same height in every figure."""
    return html.P(words, className="note since")


def _ends(lang: str) -> Component:
    return bar_ends(*(say(lang, "unit.percent", value=value) for value in (0, 100)))


def _panel(title: str, value: Component | str, *rest: Component | None) -> Component:
    """One figure: what is told, and apart from it, on one line with the others, how it is known."""
    *told, known = (part for part in rest if part is not None)
    words = html.Div([html.H2(title), html.P(value, className="value"), *told], className="figure-told")
    return html.Div([words, known], className="figure")


def _share_figure(shelf: Shelf, lang: str, row: pd.Series) -> Component:
    question = str(row["question"])
    title = name_of(shelf, lang, question)
    words = beside(lang, shelf.label(lang, question), shelf.label(lang, question, str(row["option"])))
    if is_hidden(row):
        return _panel(title, hatched(lang), html.P(words, className="note"), about_share(shelf, lang, row))
    n = int(row["n"])
    interval = row_interval(lang, row)
    is_indicative = "indicative" in str(row["flag"])
    return _panel(
        title,
        as_share(lang, row["estimate"], n, is_weighted=pd.isna(row["count"])),
        interval_bar(
            row["estimate"],
            row["low"],
            row["high"],
            f"{title}: {interval}",
            side="both",
            is_indicative=is_indicative,
        )
        if n >= NEVER
        else None,
        _ends(lang) if n >= NEVER else None,
        html.P(interval, className="note"),
        base_strip(lang, n, shelf.manifest.get("firms"), is_leaky="leak" in str(row["flag"])),
        html.P(say(lang, "state.indicative"), className="note") if is_indicative else None,
        _since(since_words(shelf, lang, row)),
        about_share(shelf, lang, row),
    )


def _contrast_figure(shelf: Shelf, lang: str, row: pd.Series) -> Component:
    question, us, cn = str(row["question"]), str(row["option"]), str(row["against"])
    title = say(lang, "figure.contrast")
    names = html.P(
        say(
            lang,
            "figure.contrast_names",
            us=shelf.label(lang, question, us),
            cn=shelf.label(lang, question, cn),
        ),
        className="note",
    )
    if is_hidden(row):
        return _panel(title, hatched(lang), names, about_share(shelf, lang, row))
    n = int(row["n"])
    claims = shelf.claims()
    sides = []
    for option in (us, cn):
        one = claims[
            (claims["question"] == question) & (claims["option"] == option) & (claims["stat"] == "share")
        ]
        sides.append(
            as_share(lang, one.iloc[0]["estimate"], n) if len(one) and not is_hidden(one.iloc[0]) else None
        )
    points = round(100 * abs(row["estimate"]))
    key = "figure.contrast_value" if row["estimate"] >= 0 else "figure.contrast_less"
    interval = say(
        lang,
        "interval.points",
        level=say(lang, "unit.per_level", level=f"{100 * row['level']:g}"),
        low=as_points(row["low"], 0),
        high=as_points(row["high"], 0),
    )
    return _panel(
        title,
        say(lang, key, value=points) if n >= NEVER else say(lang, "state.low_base"),
        interval_bar(
            row["estimate"],
            row["low"],
            row["high"],
            f"{title}: {interval}",
            side="us" if row["estimate"] >= 0 else "cn",
            from_=-1.0,
            to=1.0,
        ),
        bar_ends(*(say(lang, "unit.points", value=value) for value in ("−100", "+100"))),
        html.P(interval, className="note"),
        base_strip(
            lang, n, shelf.manifest.get("firms"), is_leaky=any("leak" in str(flag) for flag in one["flag"])
        ),
        html.P(say(lang, "figure.contrast_note", us=sides[0], cn=sides[1]), className="note")
        if all(sides)
        else names,
        _since(since_words(shelf, lang, row)),
        about_share(shelf, lang, row),
    )


def _top_figure(shelf: Shelf, lang: str) -> Component | None:
    """Firms in the top tier; without firm rows, firms in the highest band of squeeze shown."""
    if shelf.has_firms:
        count, n = shelf.top_tier
        if not count:
            return None
        ranks = shelf.firms[shelf.firms["tier"] == shelf.firms["tier"].min()]
        return _panel(
            say(lang, "figure.top_tier"),
            say(lang, "figure.tier_value", count=count, n=n),
            html.Div(html.Span(style={"width": f"{100 * count / n:.2f}%"}), className="strip both"),
            html.P(
                say(
                    lang,
                    "figure.top_tier_ranks",
                    low=as_whole(ranks["rank_low"].min()),
                    high=as_whole(ranks["rank_high"].max()),
                ),
                className="note",
            ),
            html.P(
                say(lang, "figure.top_tier_all" if count == n else "figure.top_tier_note"), className="note"
            ),
            _since(since_unmeasured(shelf, lang)),
            about_measures(shelf, lang, "pressure"),
        )
    question, found = "pressure.squeeze", top_band(shelf)
    if found is None:
        return None
    row, option = found
    names = {"question": shelf.label(lang, question), "option": shelf.label(lang, question, option)}
    band = html.P(say(lang, "changed.label", **names), className="note")
    title = say(lang, "figure.top_band")
    if is_hidden(row):
        return _panel(title, hatched(lang), band, about_measures(shelf, lang, "pressure"))
    n = int(row["n"])
    interval = row_interval(lang, row)
    return _panel(
        title,
        as_share(lang, row["estimate"], n),
        interval_bar(row["estimate"], row["low"], row["high"], f"{title}: {interval}", side="both"),
        _ends(lang),
        html.P(interval, className="note"),
        base_strip(lang, n, shelf.manifest.get("firms")),
        band,
        _since(since_unmeasured(shelf, lang)),
        about_measures(shelf, lang, "pressure"),
    )


def headline_figures(shelf: Shelf, lang: str) -> list[Component]:
    """At most four figures, each with interval bar and base strip."""
    figures = [
        _contrast_figure(shelf, lang, row) if row["stat"] == "difference" else _share_figure(shelf, lang, row)
        for row in headline_rows(shelf)[:3]
    ]
    top = _top_figure(shelf, lang)
    return [*figures, *([top] if top is not None else [])]
