"""Questions to start with: a sample of what a Release answers, each with the address of its answer."""

from collections.abc import Iterator

from dash import html
from dash.development.base_component import Component

from dashboard.asked import question_ids
from dashboard.foreseen import foreseen_for
from dashboard.pages.marks import tags
from dashboard.selection import View, address
from dashboard.shelf import Shelf
from dashboard.supplied import supplied_for
from dashboard.supply_words import country_name
from dashboard.wording import say

__all__ = ["guide", "questions_panel", "sample_questions"]

_SCENARIOS = 8
_POINTS = ("interval", "opens", "address")
"""Keys of what a first visit is told to look at."""

_FEW = 3


def guide(shelf: Shelf, view: View) -> Component:
    """What to look at, for a first visit: the browser alone remembers that it was put away."""
    lang = view.lang
    points = [html.Li(say(lang, f"guide.{key}")) for key in _POINTS]
    close = html.Button(say(lang, "guide.close"), type="button", **tags({"data-guide": "close"}))
    firsts: dict[str, tuple[str, str]] = {}
    for words, href in sample_questions(shelf, view):
        firsts.setdefault(href.partition("?")[0], (words, href))
    links = [html.Li(html.A(words, href=href)) for words, href in list(firsts.values())[:_FEW]]
    title = html.P(say(lang, "guide.title"), className="guide-title")
    told: list[Component] = [html.Div([title, html.Ul(points, className="notes")])]
    if links:
        begin = html.P(say(lang, "guide.try"), className="guide-title")
        told.append(html.Div([begin, html.Ul(links, className="questions")]))
    label: dict[str, str | None] = {"aria-label": say(lang, "guide.title")}
    return html.Aside([*told, close], id="guide", className="guide", **tags(label))


def questions_panel(shelf: Shelf, view: View) -> Component | None:
    """Every question of the sample as a link, and the way back to what a first visit is told."""
    lang = view.lang
    found = sample_questions(shelf, view)
    if not found:
        return None
    again = html.Button(say(lang, "guide.again"), type="button", **tags({"data-guide": "open"}))
    items = [html.Li(html.A(words, href=href)) for words, href in found]
    return html.Section(
        [
            html.H2(say(lang, "question.title")),
            html.Ul(items, className="questions"),
            html.P(again, className="links guide-again"),
        ],
        className="panel",
        id="questions",
    )


def sample_questions(shelf: Shelf, view: View) -> list[tuple[str, str]]:
    """Questions that this Release holds the answer to, and addresses that open it.

    Returns
    -------
    list of (words, address)
        In the order of interest; none whose answer is hidden from the audience of the Release.
    """
    plain = View(lang=view.lang, theme=view.theme)
    makers = (_of_scenarios, _of_firms, _of_answers, _of_suppliers, _of_rules, _of_own_firm, _of_method)
    return [one for make in makers for one in make(shelf, plain)]


def _of_scenarios(shelf: Shelf, view: View) -> Iterator[tuple[str, str]]:
    """Scenarios, those that raise squeeze most first; without effects, what the first ones change."""
    found = foreseen_for(shelf, view)
    if found is None:
        return
    rises = found.beside.dropna(subset=["estimate"])
    key, chosen = "squeezed", [str(one) for one in rises["scenario"].head(_SCENARIOS)]
    if not chosen:
        key = "changed"
        changed = shelf.tables.get("scenario_changes")
        held = set() if changed is None else set(changed["scenario"])
        chosen = [one for one in found.scenarios if one in held][:_SCENARIOS]
    for one in chosen:
        words = say(view.lang, f"question.{key}", scenario=found.words(view.lang, "title", one))
        yield words, address("/scenarios", view, scenario=one)


def _of_firms(shelf: Shelf, view: View) -> Iterator[tuple[str, str]]:
    """The firms of the top tier, and what presses the first of them."""
    if not shelf.has_firms:
        return
    firms = shelf.firms
    tiers = firms["tier"].dropna()
    if len(tiers):
        yield say(view.lang, "question.top_tier"), address("/pressure", view, tier=f"{tiers.min():g}")
    known = shelf.chosen((), 1)
    if len(known):
        firm = str(known["firm"].iloc[0])
        words = say(view.lang, "question.firm", firm=shelf.party(view.lang, firm))
        yield words, address("/pressure", view, firm=firm)


def _of_answers(shelf: Shelf, view: View) -> Iterator[tuple[str, str]]:
    """The last headline question, by its first break where it has one."""
    known = question_ids(shelf)
    headline = [one for one in shelf.manifest.get("headline", ()) if one in known] or known
    if not headline:
        return
    lang, question = view.lang, headline[-1]
    words = {"question": shelf.label(lang, question)}
    breaks = shelf.breaks(question)
    if breaks:
        told = say(lang, "question.differ", by=shelf.label(lang, breaks[0]), **words)
        yield told, address("/survey", view, question=question, by=breaks[0])
    else:
        yield say(lang, "question.answered", **words), address("/survey", view, question=question)


def _of_suppliers(shelf: Shelf, view: View) -> Iterator[tuple[str, str]]:
    supplied = supplied_for(shelf, view)
    if supplied is None:
        return
    words = say(view.lang, "question.through", country=country_name(view.lang, supplied.country))
    yield words, address("/suppliers", view, seed=supplied.seed)


def _of_rules(shelf: Shelf, view: View) -> Iterator[tuple[str, str]]:
    """Where rules of both sides meet one flow; without flows, the rules themselves."""
    matrix = shelf.tables.get("collision_matrix")
    if matrix is not None and len(matrix):
        yield say(view.lang, "question.collide"), address("/rules", view)
    elif "instruments" in shelf.tables:
        yield say(view.lang, "question.in_force"), address("/rules", view)


def _of_own_firm(shelf: Shelf, view: View) -> Iterator[tuple[str, str]]:
    if {"form", "estimates"} <= set(shelf.tables):
        yield say(view.lang, "question.own_firm"), address("/benchmark", view)


def _of_method(shelf: Shelf, view: View) -> Iterator[tuple[str, str]]:
    hidden = (shelf.manifest.get("disclosure") or {}).get("hidden_cells")
    if shelf.audience != "internal" and hidden:
        yield say(view.lang, "question.hidden"), address("/method", view)
    elif "model" in shelf.tables:
        yield say(view.lang, "question.model"), address("/method", view)
