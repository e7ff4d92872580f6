"""The card of one rule: its state and dates, what it asks of whom, its tests gate by gate, its sources."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.given_words import article_words
from dashboard.pages.collisions import as_word
from dashboard.pages.given import given_technologies, given_text, has_original
from dashboard.pages.marks import side_sheet, tags, words_table
from dashboard.pages.rules_tests import tests_of
from dashboard.pages.rules_timeline import when_words
from dashboard.ruled import Ruled
from dashboard.selection import address
from dashboard.wording import as_date, say

__all__ = ["show_card"]

_PLAIN = ("legal_basis", "mechanism", "extraterritorial", "rule_parameters", "technologies", "hs_or_eccn")
_OURS = ("compliance", "addressee", "trigger", "exclusions", "value_base")


def show_card(ruled: Ruled, lang: str) -> Component | None:
    """The card of the rule of a View; None where none is asked for."""
    wanted = ruled.view.instrument
    if not wanted:
        return None
    row = ruled.chosen
    if row is None:
        return side_sheet(lang, say(lang, "rules.no_such", instrument=wanted), [])
    body = [
        html.P(
            [
                html.Span(wanted),
                html.Span(as_word(lang, "jurisdiction", row["jurisdiction"])),
            ],
            className="drawer-facts",
        ),
        html.P(_claim(ruled, lang, row), className="claim"),
        *_context(lang, row),
        *_warning(lang, row),
        _asks(lang, row, ruled),
        *_tests(ruled, lang, row),
        _basis(lang, row),
        _dates(ruled, lang, wanted),
        *_aligned(ruled, lang, wanted),
        *_pairs(ruled, lang, wanted),
        *_touched(ruled, lang, wanted),
        _trust(ruled, lang, row),
    ]
    if has_original(lang, body):
        body.append(html.P(say(lang, "card.original"), className="quiet"))
    return side_sheet(lang, ruled.name(lang, wanted), body)


def _claim(ruled: Ruled, lang: str, row: pd.Series) -> str:
    return say(
        lang,
        "card.claim",
        day=as_date(lang, ruled.day.isoformat()),
        state=as_word(lang, "rule_state", row["state"]),
        when=when_words(lang, row) or say(lang, "card.no_dates"),
    )


def _given(lang: str, row: pd.Series, key: str) -> Component | str:
    """A text of the catalogue in the language where it has it, else in English and marked so; "" for none."""
    own = str(row.get(f"{key}_ja") or "") if lang == "ja" else ""
    text = own or str(row.get(key) or "")
    return text if own else given_text(lang, text)


def _context(lang: str, row: pd.Series) -> list[Component]:
    why = _given(lang, row, "context_only")
    if not why:
        return []
    return [html.Div([html.H3(say(lang, "card.context")), html.P(why)], className="state")]


def _warning(lang: str, row: pd.Series) -> list[Component]:
    if not row["warning"]:
        return []
    return [
        html.P([say(lang, "card.open_dates"), " ", given_text(lang, row["warning"])], className="sentence")
    ]


def _facts(facts: list[tuple[str, Component | str]]) -> Component:
    rows = [part for term, value in facts if value for part in (html.Dt(term), html.Dd(value))]
    return html.Dl(rows, className="card-facts")


def _asks(lang: str, row: pd.Series, ruled: Ruled) -> Component:
    facts = [(say(lang, f"card.{key}"), _given(lang, row, key)) for key in _OURS]
    sides = [
        as_word(lang, "jurisdiction", code) for code in str(row.get("penalty_side") or "").split("|") if code
    ]
    facts.append((say(lang, "card.penalty_side"), say(lang, "rules.between").join(sides)))
    owners = str(row.get("owner_set") or "")
    if owners:
        facts.append((say(lang, "card.owner_set"), _owner_words(ruled, lang, owners)))
    return html.Section([html.H3(say(lang, "card.asks")), _facts(facts)])


def _owner_words(ruled: Ruled, lang: str, rule: str) -> str:
    """Whose parties count as owners, from which share on."""
    table = ruled.shelf.tables.get("rule_owners")
    rows = pd.DataFrame() if table is None else table[table["rule"] == rule]
    if rows.empty:
        return rule
    first = rows.iloc[0]
    names = dict.fromkeys(ruled.name(lang, str(one)) for one in rows["list"])
    return say(
        lang,
        f"card.owners_{first['operator']}",
        rule=rule,
        part=f"{100 * float(first['threshold']):g}",
        lists=say(lang, "rules.between").join(names),
        together=as_word(lang, "aggregation", first["aggregation"]),
    )


def _tests(ruled: Ruled, lang: str, row: pd.Series) -> list[Component]:
    rows = ruled.part("rule_tests", str(row["id"]))
    if rows.empty:
        return []
    return [html.Section([html.H3(say(lang, "card.tests")), *tests_of(ruled, lang, rows)])]


def _basis(lang: str, row: pd.Series) -> Component:
    facts: list[tuple[str, Component | str]] = []
    for key in _PLAIN:
        value = str(row.get(key) or "")
        if key in ("mechanism", "extraterritorial"):
            value = as_word(lang, f"rule_{key}", value)
            facts.append((say(lang, f"card.{key}"), value))
        else:
            told = given_technologies if key == "technologies" else given_text
            facts.append((say(lang, f"card.{key}"), told(lang, value)))
    return html.Section([html.H3(say(lang, "card.basis")), _facts(facts)])


def _dates(ruled: Ruled, lang: str, wanted: str) -> Component:
    rows = ruled.part("rule_intervals", wanted)
    lines: list[list[Component | str]] = []
    for _, row in rows.iterrows():
        state = as_word(lang, "rule_state", row["state"])
        doubt = as_word(lang, "confidence", row["confidence"]) if row["confidence"] == "uncertain" else ""
        notes = [str(row[key]) for key in ("warning", "note") if row.get(key)]
        more: list[Component | str] = [given_text(lang, row["source"])]
        more += [html.Div(given_text(lang, note), className="quiet") for note in notes]
        branch = [html.Div(given_text(lang, row["branch"]), className="quiet")] if row["branch"] else []
        lines.append(
            [
                html.Div([state, *branch, html.Div(doubt, className="quiet") if doubt else None]),
                as_date(lang, str(row["from"] or "")) or "–",
                as_date(lang, str(row["to"] or "")) or "–",
                html.Div(more),
            ]
        )
    head = [say(lang, f"card.head_{key}") for key in ("state", "from", "to", "source")]
    title = say(lang, "card.dates")
    return html.Section([html.H3(title), words_table(head, lines, title, is_stacked=True)])


def _aligned(ruled: Ruled, lang: str, wanted: str) -> list[Component]:
    table = ruled.shelf.tables.get("rule_aligned")
    if table is None:
        return []
    rows = table[(table["instrument"] == wanted) | (table["aligned_with"] == wanted)]
    if rows.empty:
        return []
    items = []
    for _, row in rows.iterrows():
        other = str(row["aligned_with"] if row["instrument"] == wanted else row["instrument"])
        ends = [as_date(lang, str(row[end] or "")) or "…" for end in ("from", "to")]
        days = say(lang, "card.days", first=ends[0], last=ends[1])
        items.append(html.Li([_link(ruled, other, ruled.name(lang, other)), f" ({days})"]))
    return [html.Section([html.H3(say(lang, "card.aligned")), html.Ul(items)])]


def _link(ruled: Ruled, instrument: str, words: str) -> Component:
    return html.A(
        words,
        href=address("/rules", ruled.view, instrument=instrument),
        **tags({"data-turn": "instrument", "data-part": "instrument", "data-value": instrument}),
    )


def _pairs(ruled: Ruled, lang: str, wanted: str) -> list[Component]:
    """What punishes obeying this rule, and what of others' it punishes."""
    pairs = ruled.pairs
    if pairs.empty:
        return []
    parts: list[Component] = []
    for own, other, key in (("duty", "clause", "punished_by"), ("clause", "duty", "punishes")):
        rows = pairs[pairs[own] == wanted].drop_duplicates([other, "status"])
        if rows.empty:
            continue
        items = [
            html.Li(
                [
                    _link(ruled, str(row[other]), ruled.name(lang, str(row[other]))),
                    f" {article_words(lang, str(row['article']))} · {as_word(lang, 'status', row['status'])}",
                ]
            )
            for _, row in rows.iterrows()
        ]
        parts += [html.H3(say(lang, f"card.{key}")), html.Ul(items)]
    return [html.Section(parts)] if parts else []


def _touched(ruled: Ruled, lang: str, wanted: str) -> list[Component]:
    """How many flows of how many firms it touches on the day of the Release; only where flows may be seen."""
    if "contacts" not in ruled.shelf.tables:
        return []
    rows = ruled.shelf.tables.where("contacts", instrument=wanted)
    words = say(lang, "card.touches_none", day=as_date(lang, ruled.own_day))
    if len(rows):
        words = say(
            lang,
            "card.touches",
            flows=rows["flow"].nunique(),
            firms=rows["firm"].nunique(),
            day=as_date(lang, ruled.own_day),
        )
    outcomes = rows.groupby("outcome", observed=True)["flow"].nunique().sort_values(ascending=False)
    items = [
        html.Li(say(lang, "card.touch_outcome", outcome=as_word(lang, "outcome", name), flows=many))
        for name, many in outcomes.items()
    ]
    return [
        html.Section([html.H3(say(lang, "card.touched")), html.P(words), html.Ul(items) if items else None])
    ]


def _trust(ruled: Ruled, lang: str, row: pd.Series) -> Component:
    """Sources, how sure, who reviewed it, and who laid a row of their own over it."""
    who, when = str(row.get("reviewed_by") or ""), str(row.get("reviewed_on") or "")
    reviewed = say(lang, "card.not_reviewed")
    if who or when:
        reviewed = say(lang, "card.reviewed", who=who or say(lang, "card.somebody"), day=when or "–")
    note = str(row.get("note") or "")
    facts: list[tuple[str, Component | str]] = [
        (say(lang, "card.source"), given_text(lang, row["source"])),
        (say(lang, "card.confidence"), as_word(lang, "confidence", row["confidence"])),
        (say(lang, "card.note"), given_text(lang, note) if note else ""),
        (say(lang, "card.counsel"), reviewed),
        (
            say(lang, "card.overridden"),
            say(lang, "card.changed" if row.get("changed") else "card.as_shipped"),
        ),
    ]
    return html.Section(
        [html.H3(say(lang, "card.trust")), _facts(facts), *_history(ruled, lang, str(row["id"]))]
    )


def _history(ruled: Ruled, lang: str, wanted: str) -> list[Component]:
    table = ruled.shelf.tables.get("rule_history")
    rows = pd.DataFrame() if table is None else table[table["key"].str.split(" ").str[0] == wanted]
    if rows.empty:
        return []
    lines: list[list[Component | str]] = [
        [
            f"{row['table']}.csv",
            html.Div([html.Div(str(row["by"] or "–")), html.Div(str(row["on"]), className="quiet")]),
            html.Div(
                [html.Div(str(row["why"])), html.Div(f"{row['before']} → {row['after']}", className="quiet")]
            ),
        ]
        for _, row in rows.iterrows()
    ]
    head = [say(lang, f"card.head_{key}") for key in ("file", "by", "change")]
    return [words_table(head, lines, say(lang, "card.overridden"))]
