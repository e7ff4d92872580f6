"""What stands around every page: skip link, rail, top line, synthetic banner, sources and method."""

from collections.abc import Callable, Sequence

import dash
from dash import html
from dash.development.base_component import Component

from dashboard.finding_words import say_finding
from dashboard.named import rule_names
from dashboard.pages.given import named_rules
from dashboard.pages.marks import tags
from dashboard.selection import THEMES, View, address
from dashboard.shelf import Shelf
from dashboard.wording import LANGUAGES, as_date, dated, say

__all__ = ["PAGES", "add_page", "failure", "opening", "surround", "waiting"]

PAGES = (
    ("briefing", "/"),
    ("pressure", "/pressure"),
    ("survey", "/survey"),
    ("suppliers", "/suppliers"),
    ("rules", "/rules"),
    ("scenarios", "/scenarios"),
    ("benchmark", "/benchmark"),
    ("method", "/method"),
)
"""Pages that exist, in the order of the rail: catalogue key and path."""

_BASES = dict.fromkeys(("survey", "method"), "stated")
_BASES |= dict.fromkeys(("suppliers", "rules", "scenarios"), "linked")


_NOTICED = ("briefing", "pressure", "rules", "scenarios")
"""Pages with what comes of rules that carry the notice in their foot."""


def _rail(view: View, here: str) -> Component:
    return html.Nav(
        [
            html.P(say(view.lang, "frame.product"), className="brand"),
            html.Button(
                say(view.lang, "frame.menu", page=say(view.lang, f"page.{here}")),
                type="button",
                className="rail-menu",
                **tags({"aria-expanded": "false", "aria-controls": "rail-pages"}),
            ),
            html.Ul(
                [
                    html.Li(
                        html.A(
                            say(view.lang, f"page.{name}"),
                            href=address(path, View(lang=view.lang, theme=view.theme, compare=view.compare)),
                            **tags({"aria-current": "page" if name == here else None, "data-path": path}),
                        )
                    )
                    for name, path in PAGES
                ],
                id="rail-pages",
            ),
        ],
        className="rail",
        **tags({"aria-label": say(view.lang, "frame.rail")}),
    )


def _fact(term: str, value: str) -> Component:
    return html.Div([html.Dt(term), html.Dd(value)])


def _switch(label: str, part: str, options: Sequence[tuple[str, str, str, str]], chosen: str) -> Component:
    """Links that change one part of the address: key, word, href, language of the word."""
    return html.Div(
        [
            html.Span(label, className="switch-label"),
            *[
                html.A(
                    word,
                    href=href,
                    lang=spoken or None,
                    className="chosen" if key == chosen else None,
                    **tags(
                        {
                            "aria-current": "true" if key == chosen else None,
                            "data-part": part,
                            "data-value": key,
                        }
                    ),
                )
                for key, word, href, spoken in options
            ],
        ],
        className="switch",
        role="group",
        **tags({"aria-label": label}),
    )


def _top(shelf: Shelf, view: View, path: str) -> Component:
    lang, manifest = view.lang, shelf.manifest
    facts = [
        (say(lang, "frame.study"), shelf.title(lang)),
        (say(lang, "frame.wave"), str(manifest.get("wave", ""))),
        (say(lang, "frame.as_of"), as_date(lang, str(manifest.get("as_of") or ""))),
        (say(lang, "frame.audience"), say(lang, f"audience.{shelf.audience}")),
    ]
    languages = [
        (code, say(code, "language.name"), address(path, view, lang=code), code) for code in LANGUAGES
    ]
    themes = [(name, say(lang, f"theme.{name}"), address(path, view, theme=name), "") for name in THEMES]
    return html.Header(
        [
            html.Dl(
                [_fact(term, value) for term, value in facts if value],
                className="facts",
                **tags({"aria-label": say(lang, "frame.context")}),
            ),
            html.Div(
                [
                    _switch(say(lang, "language.switch"), "lang", languages, view.lang),
                    _switch(say(lang, "theme.switch"), "theme", themes, view.theme),
                ],
                className="switches",
            ),
        ],
        className="top",
    )


def _banner(shelf: Shelf, lang: str) -> list[Component]:
    notes: list[Component] = []
    if shelf.manifest.get("synthetic"):
        notes.append(html.P(say(lang, "frame.synthetic"), className="banner", role="note"))
    return notes


def _foot(shelf: Shelf, lang: str, here: str) -> Component:
    manifest = shelf.manifest
    as_of, fitted = (as_date(lang, str(manifest.get(key) or "")) for key in ("as_of", "calibrated_at"))
    method = [
        html.Li(say(lang, "foot.interval")),
        html.Li(
            say(
                lang,
                "foot.base",
                rule=say(lang, f"base.{_BASES.get(here, 'answered')}"),
            )
        ),
    ]
    if as_of and fitted:
        method.append(html.Li(say(lang, "foot.calibrated", as_of=as_of, calibrated_at=fitted)))
    disclosure = manifest.get("disclosure") or {}
    if disclosure.get("protect") in ("round", "cell-key"):
        key = "rounded" if disclosure["protect"] == "round" else "moved"
        method.append(html.Li(say(lang, f"foot.{key}", reach=disclosure["reach"]), className="changed"))
    hidden = disclosure.get("hidden_cells")
    if hidden and shelf.audience != "internal":
        method.append(html.Li(say(lang, "foot.disclosure", hidden=hidden)))
    if manifest.get("attacked") == "not attacked" and shelf.audience != "internal":
        method.append(html.Li(say(lang, "frame.not_attacked")))
    sources = [
        html.Li(
            [
                str(source.get("file", "")),
                html.Code(say(lang, "foot.checksum", sha=str(source.get("sha256"))[:12])),
            ]
        )
        for source in manifest.get("sources", ())
    ]
    told = [say_finding(lang, parts) for parts in shelf.findings()[["found", "meaning", "do"]].to_numpy()]
    notes = [
        html.Li(
            named_rules(rule_names(shelf, one.lang), dated(one.lang, one.words)),
            lang=None if one.lang == lang else one.lang,
        )
        for one in told
    ]
    colophon = say(
        lang,
        "frame.print_note",
        version=manifest.get("product_version", ""),
        study=manifest.get("study", ""),
        as_of=as_of or "–",
        audience=say(lang, f"audience.{shelf.audience}"),
        release=shelf.mark,
    )
    before, _, after = colophon.partition(shelf.mark)
    return html.Footer(
        [
            *(_notice(shelf, lang) if here in _NOTICED else ()),
            html.H2(say(lang, "foot.title")),
            html.Ul(method, className="method"),
            html.H3(say(lang, "foot.findings")) if notes else None,
            html.Ul(notes, className="method") if notes else None,
            html.H3(say(lang, "foot.sources")) if sources else None,
            html.Ul(sources, className="sources") if sources else None,
            html.P([before, html.Code(shelf.mark), after], className="colophon"),
        ],
        className="foot",
    )


def _notice(shelf: Shelf, lang: str) -> list[Component]:
    """That what comes of rules is no legal advice, where asking is risky, how old the lists are."""
    told, names = shelf.manifest.get("notice") or {}, rule_names(shelf, lang)
    sentences = [html.Li(named_rules(names, dated(lang, words))) for words in told.get(lang, ())]
    if not sentences:
        return []
    return [html.H2(say(lang, "foot.notice")), html.Ul(sentences, className="method", id="notice")]


def surround(
    shelf: Shelf, view: View, here: str, body: Sequence[Component], *, has_foot: bool = True
) -> list[Component]:
    """A whole page: rail and top line, banner, body, foot.

    Parameters
    ----------
    here : str
        Key of the page in `PAGES`.
    body : sequence of Component
        What stands in the main landmark.
    has_foot : bool
        Whether sources and method stand below: not where the rest of the page is still to come.
    """
    path = dict(PAGES)[here]
    return [
        html.A(say(view.lang, "frame.skip"), href="#content", className="skip"),
        _rail(view, here),
        html.Div(
            [
                _top(shelf, view, path),
                *_banner(shelf, view.lang),
                html.Main([*body], id="content", tabIndex="-1"),
                _foot(shelf, view.lang, here) if has_foot else None,
            ],
            className="sheet",
        ),
    ]


def opening(lang: str) -> Component:
    """What a page shows before its numbers are there; same heights, no numbers."""
    return html.Div(
        say(lang, "frame.loading"), className="waiting", role="status", **tags({"aria-busy": "true"})
    )


def failure(view: View, page: str = "") -> list[Component]:
    """What stands where numbers could not be shown: a page with the way to the others, or a part of one.

    Parameters
    ----------
    page : str
        Key of the page in `PAGES`; "" where only a part of a page failed.
    """
    told = html.P(say(view.lang, "frame.failed"))
    if not page:
        return [html.Div(told, className="state", role="alert")]
    again = html.A(say(view.lang, "frame.again"), href=address(dict(PAGES)[page], view))
    body = [
        html.H1(say(view.lang, f"page.{page}")),
        html.Div([told, html.P(again)], className="state", role="alert"),
    ]
    return [_rail(view, page), html.Div(html.Main(body, id="content", tabIndex="-1"), className="sheet")]


def waiting(page: str, lang: str, *stores: Component) -> Component:
    """The empty shell of a page: a place for its content and its stores; it holds no number and no name."""
    return html.Div([*stores, html.Div(opening(lang), id=f"{page}-page", className="page")])


def add_page(name: str, shell: Callable[..., Component], title: Callable[..., str]) -> None:
    """Register a page of `PAGES` once in a process, for Dash keeps one list of pages for all applications.

    Parameters
    ----------
    name : str
        Its key in `PAGES`.
    shell, title : callable
        Its empty shell and its title, of which neither says anything of a Release.
    """
    module = f"dashboard.pages.{name}"
    if module not in dash.page_registry:
        dash.register_page(module, path=dict(PAGES)[name], layout=shell, title=title)
