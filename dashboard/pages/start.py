"""What `serve` shows where there is no Release: how to see the demonstration, and how to make one's own."""

import re
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from flask import Flask

from dashboard.access import guard
from dashboard.pages.frame import PAGES
from dashboard.refusals import asked_view, say_refusals
from dashboard.selection import THEMES, View, address
from dashboard.wording import LANGUAGES, say

__all__ = ["start_page", "start_site"]

_CODE = re.compile(r"`([^`]+)`")
_ASSETS = Path(__file__).parents[1] / "assets"

_STEPS = (
    ("init", "crosspressure init answers.sav mystudy"),
    ("check", "crosspressure check mystudy"),
    ("build", "crosspressure build mystudy"),
    ("serve", "crosspressure serve data/built/mystudy/internal"),
)
"""Key of the sentence beside each command, and the command."""

_FILES = ("answers", "links", "parties")
"""Keys of the files a study may have."""

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head><meta charset="utf-8"><title>{title} · {product}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/look.css"><link rel="stylesheet" href="/assets/start.css">
<script src="/assets/start.js" defer></script></head>
<body><div class="sheet start">
<header class="top"><p class="brand">{product}</p><div class="switches">{switches}</div></header>
<main id="content">
<h1>{title}</h1>
<p class="sentence">{sentence}</p>
{near}
<section><h2>{demo_title}</h2><p class="sentence">{demo_words}</p>
<pre tabindex="0"><code>crosspressure demo</code></pre></section>
<section><h2>{own_title}</h2><ol class="start-steps">{steps}</ol></section>
<section><h2>{files_title}</h2><ul class="notes">{files}</ul></section>
<p class="sentence" id="waiting-for-release" role="status">{waits}</p>
</main></div></body></html>"""


def start_page(view: View, near: Sequence[str] = (), *, is_waiting: bool = True) -> str:
    """The page as HTML.

    Parameters
    ----------
    near : sequence of str
        Folders of Releases that lie near; for readers on this machine alone.
    is_waiting : bool
        Whether the page turns into a Release once one is put in the folder served.
    """
    lang = view.lang

    def told(key: str) -> str:
        return _CODE.sub(r"<code>\1</code>", escape(say(lang, f"start.{key}")))

    steps = "".join(
        f'<li>{told(f"step_{key}")}<pre tabindex="0"><code>{escape(command)}</code></pre></li>'
        for key, command in _STEPS
    )
    return _PAGE.format(
        lang=lang,
        theme=view.theme,
        product=escape(say(lang, "frame.product")),
        title=told("title"),
        sentence=told("sentence"),
        switches=_switches(view),
        near=_near(lang, near),
        demo_title=told("demo_title"),
        demo_words=told("demo_words"),
        own_title=told("own_title"),
        steps=steps,
        files_title=told("files_title"),
        files="".join(f"<li>{told(f'file_{key}')}</li>" for key in _FILES),
        waits=told("waits") if is_waiting else told("again"),
    )


def start_site(near: Callable[[], Sequence[str]] = tuple, *, is_waiting: bool = True) -> Flask:
    """An application that shows the page at every address a page has; it knows nothing of any study."""
    server = Flask("start", static_folder=str(_ASSETS), static_url_path="/assets")

    def show() -> str:
        return start_page(asked_view(), near(), is_waiting=is_waiting)

    for name, path in PAGES:
        server.add_url_rule(path, f"start_{name}", show)
    say_refusals(server)
    guard(server, frozenset(path for _, path in PAGES), is_ready=False)
    return server


def _near(lang: str, near: Sequence[str]) -> str:
    """Commands for Releases that lie near."""
    if not near:
        return ""
    commands = "\n".join(escape(f"crosspressure serve {folder}") for folder in near)
    title = escape(say(lang, "start.near_title"))
    return f'<section><h2>{title}</h2><pre tabindex="0"><code>{commands}</code></pre></section>'


def _switches(view: View) -> str:
    languages = [
        (code, say(code, "language.name"), address("/", view, lang=code), view.lang) for code in LANGUAGES
    ]
    themes = [
        (name, say(view.lang, f"theme.{name}"), address("/", view, theme=name), view.theme) for name in THEMES
    ]
    return "".join(
        _switch(say(view.lang, label), choices)
        for label, choices in (("language.switch", languages), ("theme.switch", themes))
    )


def _switch(label: str, choices: Sequence[tuple[str, str, str, str]]) -> str:
    links = "".join(
        f'<a href="{escape(href)}" lang="{key if key in LANGUAGES else ""}"'
        f"{' class=chosen aria-current=true' if key == chosen else ''}>{escape(words)}</a>"
        for key, words, href, chosen in choices
    ).replace(' lang=""', "")
    shown = escape(label)
    return (
        f'<div class="switch" role="group" aria-label="{shown}"><span class="switch-label">{shown}</span>'
        f"{links}</div>"
    )
