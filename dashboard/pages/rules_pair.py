"""One pair of a duty and a clause: what obeying means, what then punishes it, and the flows it meets."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.given_words import article_words, evidence_words, path_words, product_words
from dashboard.pages.collisions import as_word
from dashboard.pages.given import given_text, named_rules
from dashboard.pages.marks import tags, words_table
from dashboard.pages.rules_matrix import stake_words
from dashboard.ruled import Ruled
from dashboard.selection import View, address
from dashboard.supply_words import country_name
from dashboard.wording import as_index, is_number, say

__all__ = ["pair_panel"]

_NO_CODE = "none"
"""What a product without a code of its tariff or list has in its place."""

_MOST = 40
"""Flows in the table, those with most at stake first; all of them are in the file."""

_Row = Mapping[Any, Any]


def pair_panel(ruled: Ruled, lang: str) -> Component | None:
    """What stands behind the pair of a View; None where none is asked for."""
    if not ruled.view.pair:
        return None
    if not ruled.pair:
        return html.Div(html.P(say(lang, "pair.no_such")), className="state", role="status")
    duty, clause, article, status = ruled.pair.split("~")
    law = ruled.pairs[(ruled.pairs["duty"] == duty) & (ruled.pairs["clause"] == clause)]
    law = law[law["article"] == article]
    rows = ruled.flows_of_pair()
    title = say(
        lang,
        "pair.title",
        duty=ruled.name(lang, duty),
        clause=ruled.name(lang, clause),
        article=article_words(lang, article),
    )
    close = html.A(
        say(lang, "pair.close"),
        href=address("/rules", ruled.view, pair=""),
        **tags({"data-turn": "pair", "data-part": "pair", "data-value": ""}),
    )
    parts: list[Component | None] = [
        html.H2(title, id="pair-title", tabIndex="-1"),
        _law(ruled, lang, law.iloc[0], status) if len(law) else None,
        *_flows(ruled, lang, rows, title, set(law["note"])),
        html.P(close, className="links"),
    ]
    return html.Section([part for part in parts if part is not None], className="panel pair", id="pair")


def _law(ruled: Ruled, lang: str, row: pd.Series, status: str) -> Component:
    def given(text: object) -> Component | str:
        return given_text(lang, text)

    colon = say(lang, "pair.colon")
    facts: list[tuple[str, Any]] = [
        (say(lang, "pair.act"), [_card(ruled, lang, str(row["duty"])), colon, given(row["act"])]),
        (
            say(lang, "pair.punished"),
            [_card(ruled, lang, str(row["clause"])), f" {article_words(lang, str(row['article']))}{colon}",
             as_word(lang, "outcome", row["clause_outcome"])],
        ),
        (say(lang, "pair.addressee"), given(row["addressee"])),
        (say(lang, "pair.trigger"), given(row["trigger"])),
        (
            say(lang, "pair.status"),
            f"{as_word(lang, 'status', status)}{colon}{say(lang, f'matrix.means_{status}')}",
        ),
        (say(lang, "pair.source"), given(row["source"])),
        (
            say(lang, "card.confidence"),
            [
                as_word(lang, "confidence", row["confidence"]),
                *((colon, given(row["note"])) if row["note"] else ()),
            ],
        ),
        (
            say(lang, "card.counsel"),
            say(lang, "card.reviewed", who=row["reviewed_by"], day="–")
            if row.get("reviewed_by")
            else say(lang, "card.not_reviewed"),
        ),
    ]  # fmt: skip
    terms = [part for term, value in facts for part in (html.Dt(term), html.Dd(value))]
    return html.Dl(terms, className="card-facts")


def _card(ruled: Ruled, lang: str, instrument: str) -> Component:
    return html.A(
        ruled.name(lang, instrument),
        href=address("/rules", ruled.view, instrument=instrument),
        **tags({"data-turn": "instrument", "data-part": "instrument", "data-value": instrument}),
    )


def _flows(
    ruled: Ruled, lang: str, rows: pd.DataFrame, title: str, said: Collection[str]
) -> list[Component | None]:
    """The flows it meets; what is `said` of the pair above is not said again at each of them."""
    if "collisions" not in ruled.shelf.tables:
        return [html.P(say(lang, "pair.kept_back"), className="sentence")]
    if rows.empty:
        return [html.P(say(lang, "pair.no_flows"), className="sentence")]
    lines = [_line(ruled, lang, row, said) for row in rows[:_MOST].to_dict(orient="records")]
    head = [say(lang, f"pair.head_{key}") for key in ("firm", "flow", "item", "stake", "evidence")]
    counted = int(rows["counted"].astype(bool).sum())
    words = say(
        lang, "pair.sentence", flows=rows["flow"].nunique(), firms=rows["firm"].nunique(), counted=counted
    )
    more = say(lang, "pair.more", shown=_MOST, all=len(rows)) if len(rows) > _MOST else ""
    return [
        html.P(words, className="sentence"),
        words_table(head, lines, title, numbers=(3,)),
        html.P(more, className="quiet") if more else None,
    ]


def _line(ruled: Ruled, lang: str, row: _Row, said: Collection[str]) -> list[Component | str]:
    firm = str(row["firm"])
    here = View(lang=lang, theme=ruled.view.theme, firm=firm)
    flow = [
        html.Div([_end(lang, row, "seller"), " → ", _end(lang, row, "buyer")])
        if "seller" in row and _is_text(row["seller"])
        else html.Div(path_words(lang, str(row["path"]))),
        html.Div(f"{as_word(lang, 'channel', row['channel'])} · {row['flow']}", className="quiet"),
    ]
    item = [html.Div(product_words(lang, str(row["product"])))] if _is_text(row.get("product")) else []
    codes = [
        f"{label} {row[key]}"
        for label, key in (("HS", "hs"), ("ECCN", "eccn"))
        if _is_text(row.get(key)) and row[key] != _NO_CODE
    ]
    item += [html.Div(" · ".join(codes), className="quiet")] if codes else []
    return [
        html.A(ruled.firm(lang, firm), href=address("/pressure", here)),
        html.Div(flow),
        html.Div(item or "–"),
        html.Div(_stake(lang, row)),
        html.Div(_evidence(ruled, lang, row, said)),
    ]


def _is_text(value: object) -> bool:
    """Whether a cell holds a word."""
    return isinstance(value, str) and bool(value)


def _end(lang: str, row: _Row, end: str) -> str:
    name = str((row.get(f"{end}_name_ja") if lang == "ja" else "") or row.get(f"{end}_name") or row[end])
    country = country_name(lang, str(row[f"{end}_country"]))
    return f"{name}（{country}）" if lang == "ja" else f"{name} ({country})"


def _stake(lang: str, row: _Row) -> list[Component]:
    """The part at stake, of which share and value, how far it is replaced, whether it is counted here."""
    share = say(lang, "pair.of_share", share=as_index(row["share"], 4)) if is_number(row["share"]) else ""
    value = stake_words(lang, "estimate", row["value"])
    lines = [html.Div(as_index(row["at_stake"], 4)), html.Div(share, className="quiet") if share else None]
    lines.append(html.Div(say(lang, "pair.value", value=value), className="quiet") if value != "–" else None)
    if is_number(row["substitutability"]) and float(row["substitutability"]) > 0:
        part = say(lang, "unit.percent", value=f"{100 * float(row['substitutability']):.0f}")
        lines.append(html.Div(say(lang, "pair.replaced", part=part), className="quiet"))
    if not bool(row["counted"]):
        lines.append(html.Div(say(lang, "matrix.elsewhere"), className="quiet"))
    return [line for line in lines if line is not None]


def _evidence(ruled: Ruled, lang: str, row: _Row, above: Collection[str]) -> list[Component]:
    """What the duty does to the flow and where it says so, the other party's lists, what it rests on."""
    said = [as_word(lang, "outcome", row["duty_outcome"])] if _is_text(row.get("duty_outcome")) else []
    said += [article_words(lang, str(row["duty_article"]))] if _is_text(row.get("duty_article")) else []
    lines: list[Component] = [html.Div(" · ".join(said))] if said else []
    lists = str(row.get("buyer_lists" if row["channel"] == "sales" else "seller_lists") or "")
    if lists:
        lines.append(
            html.Div(
                named_rules(
                    ruled.names(lang),
                    say(lang, "pair.listed", lists=lists.replace(";", say(lang, "rules.between"))),
                ),
                className="quiet",
            )
        )
    if _is_text(row.get("evidence")):
        lines.append(
            html.Div(
                say(lang, "pair.rests_on", evidence=evidence_words(lang, str(row["evidence"]))),
                className="quiet",
            )
        )
    note = str(row["warning"]) if _is_text(row.get("warning")) else ""
    if note and note.removeprefix("uncertain pair: ") not in above:
        lines.append(
            html.Details([html.Summary(say(lang, "column.warning")), html.P(given_text(lang, note))])
        )
    return lines
