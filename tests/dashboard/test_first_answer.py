"""The first answer: the very elements of the page, escaped, without firms, kept; files asked for once."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from dash import dcc, html

from dashboard.app import make_app
from dashboard.keeping import Kept
from dashboard.pages.briefing import open_briefing, show_briefing
from dashboard.pages.first_answer import as_html
from dashboard.selection import View
from dashboard.shelf import open_shelf
from tests.dashboard.made_up import SECRET


class _Words(HTMLParser):
    """Words of a page in their order, and whether every element that was opened was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open += [tag] if tag not in ("br", "hr", "img", "wbr") else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(text: str) -> str:
    parser = _Words()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return " ".join("".join(parser.words).split())


def test_elements_and_attributes_are_those_of_the_components() -> None:
    one = html.Div(
        [
            html.Span("a < b & c", className="x y", style={"borderLeft": "1px", "width": "2.50%"}),
            None,
            html.Details([html.Summary("more"), html.Br()], open=True),
            html.Button("go", hidden=False, tabIndex="-1", **{"aria-label": 'say "x"', "data-n": "3"}),
            5,
        ]
    )
    assert as_html(one) == (
        '<div><span class="x y" style="border-left:1px;width:2.50%">a &lt; b &amp; c</span>'
        '<details open=""><summary>more</summary><br></details>'
        '<button aria-label="say &quot;x&quot;" data-n="3" tabindex="-1">go</button>5</div>'
    )


def test_nothing_in_words_or_attributes_becomes_markup() -> None:
    bad = '"><script>alert(1)</script>'
    told = as_html(html.P(bad, title=bad, className=bad, style={"width": bad}))
    assert "<script" not in told and _read(told) == bad


def test_what_only_scripts_can_draw_is_refused() -> None:
    with pytest.raises(TypeError, match="Graph"):
        as_html(html.Div(dcc.Graph()))


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_the_briefing_says_first_what_it_says(
    audience: str, lang: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(audience)
    page = make_app(folder).server.test_client().get(f"/?lang={lang}&theme=dark").get_data(as_text=True)
    first = page[page.index('<div id="first"') : page.index('<div id="react-entry-point"')]
    shelf, view = open_shelf(folder), View(lang=lang, theme="dark")
    whole = _read(as_html([part for part in _plain(show_briefing(shelf, view, "dark"))]))
    said = _read(first)
    assert len(said) > 500 and whole.startswith(said)
    assert re.findall('class="figure"', first) == ['class="figure"'] * 4
    assert SECRET not in first and "T001" not in first


def _plain(parts: Any) -> Any:
    """The same components with nothing where only scripts can draw."""
    if isinstance(parts, (list, tuple)):
        return [_plain(part) for part in parts]
    if getattr(parts, "_namespace", "dash_html_components") != "dash_html_components":
        return None
    if hasattr(parts, "children"):
        parts.children = _plain(parts.children)
    return parts


def test_a_view_is_begun_once_and_kept_with_the_answers(
    internal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept()
    client = make_app(internal, kept).server.test_client()

    def begun() -> str:
        page = client.get("/?lang=ja").get_data(as_text=True)
        return page[page.index('<div id="first"') : page.index('<div id="react-entry-point"')]

    first = begun()
    before = kept.size
    assert before > 5_000
    monkeypatch.setattr("dashboard.pages.briefing.headline_figures", lambda *_: 1 / 0)
    assert begun() == first and kept.size == before
    broken = client.get("/?lang=en")
    assert broken.status_code == 200 and 'id="first"' not in broken.get_data(as_text=True)
    assert kept.size == before


def test_links_alone_are_begun_too(internal: Path) -> None:
    from tests.dashboard.test_states import _of_links

    assert _read(as_html(open_briefing(_of_links(open_shelf(internal)), View()))) == "Loading the numbers…"


def test_pages_with_rows_of_firms_say_nothing_first(internal: Path) -> None:
    page = make_app(internal).server.test_client().get("/pressure").get_data(as_text=True)
    assert 'id="first"' not in page


def test_files_are_kept_under_their_fingerprint_and_no_other(internal: Path) -> None:
    client = make_app(internal).server.test_client()
    page = client.get("/").get_data(as_text=True)
    named = re.findall(r'(?:href|src|data-charts)="(/assets/[^"]+)"', page)
    stamped = [one for one in named if "?v=" in one]
    assert len(stamped) > 15 and set(named) - set(stamped) == {"/assets/mark.svg"} and "?m=" not in page
    for one in stamped:
        answer = client.get(one)
        assert answer.status_code == 200, one
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable", one
        for other in (one[:-1] + ("0" if one[-1] != "0" else "1"), one.partition("?")[0], f"{one}&v=x"):
            told = client.get(other).headers["Cache-Control"]
            assert ("immutable" in told) == (other == f"{one}&v=x"), other
    assert "immutable" not in client.get("/assets/none.js?v=").headers["Cache-Control"]
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert 'script src="/assets/charts' not in page.replace("\n", "")
