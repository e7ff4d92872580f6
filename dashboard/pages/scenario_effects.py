"""Effects of scenarios: all ready ones side by side, the one looked at by group, and firms it moves most."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.foreseen import Foreseen, top_of
from dashboard.pages.about import about_measures
from dashboard.pages.dumbbells import Bell, bell_keys, bell_list, bell_words
from dashboard.pages.marks import filled_table, hatched, table_view, tags
from dashboard.pages.scenario_claims import bell_of
from dashboard.scenario_words import as_difference, digits_under
from dashboard.selection import View, address
from dashboard.wording import as_index, as_whole, say

__all__ = ["beside_panel", "brief_panel", "firms_panel", "groups_panel"]

_MOST_FIRMS, _MOST_LISTED = 8, 500
_FELT = 0.0005
"""Smallest difference of one firm that is counted, as the table `winners` counts it."""


def beside_panel(found: Foreseen, view: View) -> Component | None:
    """Every scenario of the Release on one scale, largest rise first; each is a way to its own view."""
    lang, rows = view.lang, found.beside
    if rows.empty:
        return None
    bells, to = [], top_of(rows)
    for _, row in rows.iterrows():
        scenario = str(row["scenario"])
        title = found.words(lang, "title", scenario)
        is_chosen = scenario == found.scenario
        link = html.A(
            title,
            href=address("/scenarios", view, scenario=scenario, stat=found.stat),
            **tags(
                {
                    "data-turn": "scenario",
                    "data-part": "scenario",
                    "data-value": scenario,
                    "aria-current": "true" if is_chosen else None,
                }
            ),
        )
        bells.append(bell_of(row, link, title, digits_under(to), is_chosen=is_chosen))
    title = say(lang, "scenarios.beside", measure=say(lang, f"scenarios.measure_{found.stat}"))
    head = say(lang, "scenarios.head_scenario")
    return html.Section(
        [
            html.H2(title),
            html.P(say(lang, "scenarios.beside_sentence", n=_largest_n(rows)), className="sentence"),
            bell_keys(lang, found.stat),
            bell_list(lang, bells, found.stat, to, head=head),
            table_view(lang, _table(lang, bells, head, title)),
        ],
        className="panel",
        id="beside",
    )


def brief_panel(found: Foreseen, view: View) -> Component | None:
    """Each scenario as one line: what would change squeeze, largest rise first; the way to its page."""
    lang, rows = view.lang, found.beside.dropna(subset=["estimate"])
    if rows.empty:
        return None
    there, to = View(lang=lang, theme=view.theme), top_of(rows)
    bells = []
    for _, row in rows.iterrows():
        title = found.words(lang, "title", str(row["scenario"]))
        href = address("/scenarios", there, scenario=str(row["scenario"]))
        bells.append(bell_of(row, html.A(title, href=href), title, digits_under(to)))
    title = say(lang, "scenarios.brief")
    head = say(lang, "scenarios.head_scenario")
    return html.Section(
        [
            html.H2(title),
            html.P(say(lang, "scenarios.brief_sentence", n=_largest_n(rows)), className="sentence"),
            bell_keys(lang, found.stat),
            bell_list(lang, bells, found.stat, to, head=head),
            html.P(
                html.A(say(lang, "scenarios.brief_link"), href=address("/scenarios", there)),
                className="links",
            ),
            table_view(lang, _table(lang, bells, head, title)),
            about_measures(found.shelf, lang, "scenarios"),
        ],
        className="panel",
        id="what-would-change",
    )


def groups_panel(found: Foreseen, view: View) -> Component | None:
    """The scenario looked at by each group of firms, largest rise first; nothing without groups."""
    lang, by = view.lang, found.by
    rows = found.rows(by) if by else pd.DataFrame()
    if rows.empty:
        return None
    rows = rows.sort_values("estimate", ascending=False, kind="stable")
    names = [found.shelf.label(lang, by, str(group)) for group in rows["group"]]
    to = top_of(rows)
    digits = digits_under(to)
    bells = [bell_of(row, name, name, digits) for (_, row), name in zip(rows.iterrows(), names, strict=True)]
    first = rows.dropna(subset=["estimate"])
    title = say(lang, "scenarios.groups")
    if len(first) and abs(float(first.iloc[0]["estimate"])) >= 0.5 * 10**-digits:
        group = found.shelf.label(lang, by, str(first.iloc[0]["group"]))
        title = say(
            lang,
            "scenarios.groups_claim",
            group=group,
            difference=as_difference(first.iloc[0]["estimate"], digits),
        )
    head = say(lang, "scenarios.head_group")
    return html.Section(
        [
            html.H2(title),
            html.P(say(lang, "scenarios.groups_sentence", n=int(rows["n"].sum())), className="sentence"),
            bell_list(lang, bells, found.stat, to, head=head),
            table_view(lang, _table(lang, bells, head, title)),
        ],
        className="panel",
        id="groups",
    )


def firms_panel(found: Foreseen, view: View) -> Component | None:
    """Firms the scenario burdens most and firms it relieves; all firms in the table. Internal only."""
    lang, rows = view.lang, found.rows("firm")
    if rows.empty or not found.shelf.has_firms:
        return None
    moved = rows[rows["estimate"].abs() >= _FELT]
    up = moved[moved["estimate"] > 0].nlargest(_MOST_FIRMS, "estimate", keep="first")
    down = moved[moved["estimate"] < 0].nsmallest(_MOST_FIRMS, "estimate", keep="first")
    words = {"up": int((moved["estimate"] > 0).sum()), "down": int((moved["estimate"] < 0).sum())}
    parts: list[Component] = [
        html.H2(
            say(lang, f"scenarios.firms_{'claim' if any(words.values()) else 'none'}", n=len(rows), **words)
        ),
        html.P(say(lang, "scenarios.firms_sentence"), className="sentence"),
    ]
    shown = pd.concat([up, down])
    names = _names(found, lang)
    to = top_of(shown) if len(shown) else 1.0
    columns: list[Component] = []
    nobody: list[Component] = []
    for key, part in (("burdened", up), ("relieved", down)):
        if part.empty:
            nobody.append(html.P(say(lang, f"scenarios.nobody_{key}"), className="quiet"))
            continue
        bells = [_firm_bell(row, names, view, digits_under(to)) for _, row in part.iterrows()]
        rows_of = bell_list(lang, bells, found.stat, to, head=say(lang, "scenarios.head_firm"))
        columns.append(html.Div([html.H3(say(lang, f"scenarios.{key}")), rows_of]))
    if columns:
        parts.append(html.Div(columns, className="two-columns even" if len(columns) == 2 else "one-column"))
    parts += nobody
    ordered = rows.reindex(rows["estimate"].abs().sort_values(ascending=False, kind="stable").index)
    digits = digits_under(top_of(rows))
    every = [_firm_bell(row, names, view, digits) for _, row in ordered.head(_MOST_LISTED).iterrows()]
    caption = say(lang, "scenarios.firms_table", n=len(every))
    parts.append(table_view(lang, _table(lang, every, say(lang, "scenarios.head_firm"), caption)))
    return html.Section(parts, className="panel", id="firms")


def _names(found: Foreseen, lang: str) -> dict[str, str]:
    firms = found.shelf.tables["firms"]
    name = firms["name"].fillna("").astype(str)
    if lang == "ja":
        name = firms["name_ja"].fillna("").astype(str).where(lambda own: own != "", name)
    return dict(zip(firms["firm"].astype(str), name, strict=True))


def _firm_bell(row: pd.Series, names: dict[str, str], view: View, digits: int) -> Bell:
    firm = str(row["group"])
    label = names.get(firm) or firm
    there = View(lang=view.lang, theme=view.theme, firm=firm)
    return bell_of(row, html.A(label, href=address("/pressure", there)), label, digits)


def _largest_n(rows: pd.DataFrame) -> int:
    known = rows["n"].dropna()
    return int(known.max()) if len(known) else 0


def _table(lang: str, bells: list[Bell], head: str, caption: str) -> Component:
    lines: list[list[Component | str]] = []
    for bell in bells:
        told: list[Component | str] = [hatched(lang)] * 3 + [""]
        if not bell.is_hidden:
            told = [as_index(bell.before, bell.digits), as_index(bell.after, bell.digits)]
            told += [as_difference(bell.difference, bell.digits), bell_words(lang, bell)]
        lines.append([bell.label, *told, as_whole(bell.n) if bell.n else "1"])
    keys = ("before", "after", "difference", "interval", "n")
    return filled_table(
        [head, *[say(lang, f"scenarios.head_{key}") for key in keys]], lines, caption, numbers=(1, 2, 3, 5)
    )
