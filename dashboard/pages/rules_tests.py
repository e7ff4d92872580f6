"""The tests of a rule in words: what each gate asks of a flow, in order, and what then comes of it."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.given_words import reason_words
from dashboard.pages.collisions import as_word
from dashboard.pages.given import given_text
from dashboard.ruled import Ruled
from dashboard.supply_words import country_name
from dashboard.wording import catalogue, is_number, say

__all__ = ["in_words", "tests_of"]

_COUNTRIES = ("seller_country", "buyer_country", "origin", "person_country")
_LISTS = ("seller_lists", "buyer_lists")
_MOST = 8


def tests_of(ruled: Ruled, lang: str, rows: pd.DataFrame) -> list[Component]:
    """An ordered list for each branch: a gate, its alternatives, the outcome and the clause."""
    parts: list[Component] = [html.P(say(lang, "card.tests_sentence"), className="sentence")]
    branches = list(dict.fromkeys(rows["branch"].astype("str")))
    for branch in branches:
        mine = rows[rows["branch"] == branch]
        if len(branches) > 1:
            parts.append(html.H4(_branch_words(lang, branch)))
        steps = [
            _gate(ruled, lang, str(gate), step)
            for (_, gate), step in mine.groupby(["order", "gate"], sort=False)
        ]
        parts.append(html.Ol(steps, className="gates"))
    return parts


def _branch_words(lang: str, branch: str) -> str:
    if not branch:
        return say(lang, "card.branch_main")
    return say(lang, "card.branch", branch=reason_words(lang, branch).words)


def _gate(ruled: Ruled, lang: str, gate: str, rows: pd.DataFrame) -> Component:
    words = [in_words(ruled, lang, row) for _, row in rows.iterrows()]
    joint = say(lang, "card.or")
    said: list[Component | str] = []
    for at, word in enumerate(words):
        said += [joint, word] if at else [word]
    outcome = "" if gate == "risk" else next((str(o) for o in rows["outcome"] if o), "")
    between = say(lang, "rules.between")
    doubt = [as_word(lang, "confidence", "uncertain")] if "uncertain" in set(rows["confidence"]) else []
    told = [given_text(lang, c) for c in dict.fromkeys(rows["clause"]) if c]
    ground = [part for one in (*told, *doubt) for part in (between, one)][1:]
    notes = [str(note) for note in dict.fromkeys(rows["note"]) if note]
    risks = [str(o) for o in rows["outcome"] if o] if gate == "risk" else []
    return html.Li(
        [
            html.Div(as_word(lang, "gate", gate.replace(" ", "_")), className="gate-name"),
            html.Div(said),
            html.Div(say(lang, "card.then", outcome=as_word(lang, "outcome", outcome)), className="gate-then")
            if outcome
            else None,
            *[html.Div(given_text(lang, risk), className="gate-then") for risk in dict.fromkeys(risks)],
            html.Div(ground, className="quiet"),
            *[html.Div(given_text(lang, note), className="quiet") for note in notes],
        ]
    )


def in_words(ruled: Ruled, lang: str, row: pd.Series) -> str:
    """One test as a phrase: the fact asked for, the operator, and the values in words."""
    field, operator = str(row["field"]), str(row["operator"])
    if field == "direct_product":
        is_one = (row["value"] == "yes") is (operator in ("equals", "in"))
        return say(lang, "card.direct" if is_one else "card.not_direct")
    values = [_value(ruled, lang, field, value) for value in str(row["value"]).split("|")]
    shown = say(lang, "card.value_joint").join(values[:_MOST])
    if len(values) > _MOST:
        shown += say(lang, "card.more_values", many=len(values) - _MOST)
    return say(lang, f"operator.{operator}", field=as_word(lang, "rule_field", field), value=shown)


def _list_words(ruled: Ruled, lang: str, value: str) -> str:
    """A list by its name; a flag that follows from a share not known by the rule that raises it."""
    owners = ruled.shelf.tables.get("rule_owners")
    rules = (
        owners.loc[owners["flag"] == value, "rule"]
        if value and owners is not None and "flag" in owners
        else ()
    )
    for rule in rules:
        return say(lang, "card.red_flag", rule=ruled.name(lang, str(rule)))
    return ruled.name(lang, value)


def _value(ruled: Ruled, lang: str, field: str, value: str) -> str:
    if field in _COUNTRIES and value:
        return country_name(lang, value, is_said=True)
    if field in _LISTS:
        return _list_words(ruled, lang, value)
    if field == "technology":
        return reason_words(lang, ruled.technology(lang, value)).words
    if field == "flow_kind":
        known = catalogue(lang)
        return known.get(f"flow_kind.{value.replace('-', '_')}", value)
    number = pd.to_numeric(value, errors="coerce") if field.endswith(("_content", "_through")) else None
    if field in ("stake", "growth"):
        number = pd.to_numeric(value, errors="coerce")
    if number is not None and is_number(float(number)):
        return say(lang, "unit.percent", value=f"{100 * float(number):g}")
    return reason_words(lang, value).words
