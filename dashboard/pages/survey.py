"""Survey: any question by any break, its base, its wording in both languages, and the same over waves."""

import re

import dash
from dash import html
from dash.development.base_component import Component

from dashboard.answer_claims import answer_claim, base_sentence, claim_interval
from dashboard.asked import BASE_RULES, Asked, asked_for, question_ids
from dashboard.known import weights_of
from dashboard.pages.about import about_share
from dashboard.pages.answers import answer_panel, answer_table, response_strip
from dashboard.pages.frame import surround
from dashboard.pages.headlines import claim_with_interval
from dashboard.pages.marks import filled_table, table_view, tags
from dashboard.pages.passing import passed_over
from dashboard.pages.trends import trend_of, trend_panel
from dashboard.pages.turning import chooser, use_turning
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.wording import LANGUAGES, say, sentences

__all__ = ["show_survey", "use_survey"]

_ONE_ANSWER = re.compile(r"""(\w+) ==? ["']?(\w+)["']?""")


def use_survey(app: dash.Dash, shelf: Shelf) -> None:
    """Register the page and its callbacks on an app."""
    use_turning(app, shelf, "survey", show_survey, _view)


def show_survey(shelf: Shelf, view: View, ground: str) -> list[Component]:
    """The whole page for a View."""
    asked = asked_for(shelf, view)
    if asked is None:
        empty = html.Div(html.P(say(view.lang, "survey.none")), className="state")
        return surround(shelf, view, "survey", [html.H1(say(view.lang, "page.survey")), empty])
    body = html.Div(_view(shelf, view, ground), id="survey-view")
    return surround(shelf, view, "survey", [body])


def _view(shelf: Shelf, view: View, ground: str) -> list[Component]:
    asked = asked_for(shelf, view)
    lang = view.lang
    if asked is None:
        return []
    trend = trend_of(asked)
    return [
        html.H1(
            claim_with_interval(answer_claim(asked, lang), claim_interval(asked, lang)),
            className="claim-of-day",
            id="survey-claim",
        ),
        *passed_over(shelf, view, "survey"),
        _controls(asked, view),
        html.Div(
            [
                html.Div(
                    [_numbers(asked, view, has_trend=trend is not None), _wording(asked, lang)],
                    className="column",
                ),
                trend_panel(trend, lang, ground) if trend is not None else _no_trend(asked, lang),
            ],
            className="two-columns",
        ),
    ]


def _numbers(asked: Asked, view: View, *, has_trend: bool) -> Component:
    lang = view.lang
    return html.Section(
        [
            html.H2(asked.shelf.label(lang, asked.question)),
            html.P(_subtitle(asked, lang), className="sentence", id="base-sentence"),
            answer_panel(asked, lang),
            response_strip(asked, lang),
            answer_table(asked, lang),
            _about(asked, lang),
            _take_away(asked, view, has_trend=has_trend),
        ],
        className="panel",
    )


def _about(asked: Asked, lang: str) -> Component | None:
    """How the answer looked at is known, of all firms together."""
    rows = asked.rows()
    mine = rows if asked.is_mean else rows[rows["option"] == asked.option]
    return about_share(asked.shelf, lang, mine.iloc[0]) if len(mine) else None


def _subtitle(asked: Asked, lang: str) -> str:
    """What is looked at where there is a break, then who is in the base."""
    base = base_sentence(asked, lang)
    if not asked.by or asked.is_mean:
        return base
    option = asked.shelf.label(lang, asked.question, asked.option)
    by = asked.shelf.label(lang, asked.by)
    return say(lang, "survey.by_sentence", option=option, by=by) + (" " if lang == "en" else "") + base


def _controls(asked: Asked, view: View) -> Component:
    shelf, lang = asked.shelf, view.lang
    questions = [(name, shelf.label(lang, name)) for name in question_ids(shelf)]
    breaks = [("", say(lang, "survey.everybody"))]
    breaks += [(by, shelf.label(lang, by)) for by in shelf.breaks(asked.question)]
    answers = [(o, shelf.label(lang, asked.question, o)) for o in (*asked.options, *asked.nets)]
    parts = [
        chooser("question", say(lang, "survey.question"), questions, asked.question, "option"),
        chooser("by", say(lang, "survey.by"), breaks, asked.by),
    ]
    if len(answers) > 1:
        parts.append(chooser("option", say(lang, "survey.look_at"), answers, asked.option))
    return html.Div(
        [*parts, _bases(asked, view)],
        className="turns",
        role="search",
        **tags({"aria-label": say(lang, "survey.controls")}),
    )


def _bases(asked: Asked, view: View) -> Component:
    """The base toggle: rules the Release does not hold are named and cannot be chosen."""
    lang = view.lang
    held = asked.base_rules
    items: list[Component] = []
    for rule in BASE_RULES:
        words = say(lang, f"base_rule.{rule}")
        if rule not in held:
            items.append(html.Span(words, className="off", title=say(lang, "survey.rule_absent")))
            continue
        is_chosen = rule == asked.base_rule
        value = "" if rule == held[0] else rule
        items.append(
            html.A(
                words,
                href=address("/survey", view, base=value),
                className="chosen" if is_chosen else None,
                **tags(
                    {
                        "aria-current": "true" if is_chosen else None,
                        "data-turn": "base",
                        "data-part": "base",
                        "data-value": value,
                    }
                ),
            )
        )
    label = say(lang, "survey.base")
    notes = (
        [html.Span(say(lang, "survey.rule_absent"), className="quiet")] if len(held) < len(BASE_RULES) else []
    )
    return html.Div(
        [html.Span(label, className="switch-label"), html.Div(items, className="rules"), *notes],
        className="turn bases",
        role="group",
        **tags({"aria-label": label}),
    )


def _no_trend(asked: Asked, lang: str) -> Component:
    option = asked.shelf.label(lang, asked.question, asked.option)
    return html.Section(
        [
            html.H2(say(lang, "trend.title")),
            html.P(say(lang, "trend.none", option=option), className="quiet"),
        ],
        className="panel",
    )


def _take_away(asked: Asked, view: View, *, has_trend: bool) -> Component:
    lang = view.lang
    here = View(lang=lang, question=asked.question, by=asked.by, base=asked.base_rule)
    links = [html.A(say(lang, "survey.csv"), href=address("/survey.csv", here), **tags({"download": ""}))]
    if has_trend:
        only = View(lang=lang, question=asked.question)
        links.append(
            html.A(say(lang, "trend.csv"), href=address("/trend.csv", only), **tags({"download": ""}))
        )
    card = View(
        lang=lang, theme=view.theme, question=asked.question, option=asked.option, base=asked.base_rule
    )
    if asked.can_be_quoted:
        links.append(html.A(say(lang, "survey.quote"), href=address("/quote.html", card)))
    return html.P([part for link in links for part in (link, " ")], className="links")


def _wording(asked: Asked, lang: str) -> Component:
    """The question and its answers as they were worded, in every language of the study."""
    shelf = asked.shelf
    spoken = [code for code in LANGUAGES if code in (shelf.languages or LANGUAGES)]
    lines: list[list[Component | str]] = [
        ["", *[html.Span(shelf.label(code, asked.question), lang=code) for code in spoken]]
    ]
    lines += [
        [
            html.Code(option),
            *[html.Span(shelf.label(code, asked.question, option), lang=code) for code in spoken],
        ]
        for option in shelf.options(asked.question)
    ]
    lines[0][0] = html.Code(asked.question)
    head = [say(lang, "survey.code"), *[say(code, "language.name") for code in spoken]]
    facts = [
        say(lang, f"kind.{asked.kind}") if asked.kind else "",
        _asked_words(shelf, lang, asked.asked_if),
        say(lang, f"weights.{weights_of(shelf)}"),
        say(lang, "survey.from_wave", wave=shelf.manifest.get("wave", "")),
    ]
    return html.Section(
        [
            html.H2(say(lang, "survey.wording")),
            html.P(sentences(lang, facts), className="sentence"),
            table_view(
                lang,
                filled_table(head, lines, say(lang, "survey.wording")),
                words=say(lang, "survey.wording_open"),
                is_open=True,
            ),
        ],
        className="panel wording",
    )


def _asked_words(shelf: Shelf, lang: str, expression: str) -> str:
    """Of whom a question was asked: by the answer that led to it, else as the codebook writes it."""
    one = _ONE_ANSWER.fullmatch(expression.strip())
    if one is None:
        return (
            say(lang, "survey.asked_if", expression=expression)
            if expression
            else say(lang, "survey.asked_all")
        )
    question, option = one.groups()
    words = {"question": shelf.label(lang, question), "answer": shelf.label(lang, question, option)}
    return say(lang, "survey.asked_after", **words)
