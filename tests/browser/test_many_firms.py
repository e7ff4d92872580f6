"""A Release of many firms in Chromium: shaded fields for dots, and counts with their thousands apart."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.opening import open_page, serve_release
from tests.dashboard.made_up import write_made_up

pytestmark = pytest.mark.browser

_BARE = re.compile(r"(?<![\w.,/-])(?!(?:19|20)\d\d(?!\d))\d{4,}(?![\w/-])")
"""A count of four digits or more that is no year."""

_NAMED = re.compile(r"(?:Made-up|架空) ?\d+|\b[0-9a-f]{64}\b")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve_release(write_made_up(tmp_path_factory.mktemp("many") / "internal", many=2500))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fields_of_the_quadrant_keep_their_edges(browser: Any, site: str, theme: str) -> None:
    seen = open_page(browser, f"{site}/?lang=en&theme={theme}", 1440)
    page = seen.page
    page.wait_for_selector(".quadrant .heatmaplayer image")
    tell = "one => getComputedStyle(one).imageRendering"
    assert page.eval_on_selector(".quadrant .heatmaplayer image", tell) == "pixelated"
    seen.check()
    page.context.close()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_counts_have_their_thousands_apart(browser: Any, site: str, lang: str) -> None:
    for path in ("/", "/pressure", "/survey", "/suppliers", "/scenarios", "/method"):
        seen = open_page(browser, f"{site}{path}?lang={lang}", 1440)
        page = seen.page
        page.wait_for_selector("main h1")
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        told = _NAMED.sub("", page.inner_text("main"))
        assert _BARE.findall(told) == [], path
        if path == "/pressure":
            assert "2,500" in page.inner_text("#shown")
        seen.check()
        page.context.close()
