"""The documentation site in Chromium: it asks nobody else, fits, and axe-core finds nothing serious."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.opening import run_axe
from tests.site.__main__ import build_site

pytestmark = pytest.mark.browser

PAGES = (
    "index.html",
    "paths/officer.html",
    "paths/firm.ja.html",
    "how-to/commands.html",
    "architecture.html",
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = build_site(tmp_path_factory.mktemp("site"))
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_pages_ask_nobody_else_fit_and_are_readable(
    browser: Any,
    address: str,
    theme: str,
    width: int,
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    for name in PAGES:
        page.goto(f"{address}/{name}", wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.locator("html").get_attribute("lang") == ("ja" if ".ja." in name else "en")
        assert run_axe(page) == [], name
    assert len(asked) > 10 and said == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    context.close()


@pytest.mark.parametrize(
    ("start", "words", "found"),
    [
        ("index.html", "secondary suppression", "sdcMicro"),
        ("index.html", "korn-graubard", "Intervals"),
        ("index.html", "tau-", "Beside other tools"),
        ("paths/officer.ja.html", "企業調査", "どの企業が米中の選択を迫られているか"),
        ("index.html", "zyzzyva", None),
    ],
)
def test_the_search_finds_english_and_japanese_and_says_where_it_finds_nothing(
    browser: Any,
    address: str,
    start: str,
    words: str,
    found: str | None,
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(f"{address}/{start}", wait_until="load")
    page.locator(".md-search__input").fill(words)
    # The search begins at a key: text that an input method puts in brings none of itself here.
    page.locator(".md-search__input").press("End")
    if found is None:
        page.locator(".md-search-result__meta", has_text="No matching documents").wait_for()
        assert page.locator(".md-search-result__link").count() == 0
    else:
        first = page.locator(".md-search-result__link", has_text=found).first
        first.wait_for()
        first.click()
        page.wait_for_url(lambda url: not url.endswith(start) or "#" in url or "h=" in url)
        page.locator("mark").first.wait_for(state="attached")
    assert [line for line in said if "Invalid query" in line] == []
    page.close()


@pytest.mark.parametrize("words", ["--seeds", "country:", "us-*"])
def test_signs_of_a_flag_or_a_key_are_no_operators_of_the_search(
    browser: Any, address: str, words: str
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(f"{address}/index.html", wait_until="load")
    page.locator(".md-search__input").fill(words)
    page.locator(".md-search__input").press("End")
    page.locator(".md-search-result__link").first.wait_for()
    assert said == []
    page.close()
