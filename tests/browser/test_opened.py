"""Every page with its folds and drawer open: axe finds nothing, nothing sticks out, keys reach all."""

from typing import Any

import pytest

from dashboard.known import FACTS
from tests.browser.opening import open_page, run_axe, wait_for_content

pytestmark = pytest.mark.browser

ADDRESSES = {
    "briefing": "/?",
    "pressure": "/pressure?firm=T001&compare=T001,T002,T003",
    "survey": "/survey?question=had_to_choose",
    "suppliers": "/suppliers?",
    "rules": "/rules?",
    "scenarios": "/scenarios?own=no-scenario",
    "benchmark": "/benchmark?",
    "method": "/method?",
}
FORMS = [("en", "light", 1440), ("ja", "dark", 390)]
"""Forms looked at; the narrow drawer of Pressure is looked at by test_pressure_page."""

OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
OUT_OF_REACH = """[...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, .table-scroll')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && one.tabIndex < 0
    && !one.closest('.ag-root-wrapper, [aria-hidden=true], [data-one-stop]'))
  .map(one => one.outerHTML.slice(0, 120))"""
"""Controls that Tab never comes to; the grid and the timeline have one stop each, and arrows inside."""

STOPS = """[...document.querySelectorAll('[data-one-stop]')]
  .map(one => [...one.querySelectorAll('a[href]')].filter(link => link.tabIndex === 0).length)"""
"""Stops of the Tab key in each table that is to have one."""

SMALL = """[...document.querySelectorAll('button, select, summary, input, .switch a, .rules a, .contents a')]
  .filter(one => one.checkVisibility({visibilityProperty: true})
    && !one.closest('.ag-root-wrapper, [aria-hidden=true]'))
  .filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.width < 24 || box.height < 24); })
  .map(one => one.outerHTML.slice(0, 120))"""
"""Controls too small for a finger: under 24 px one way."""


@pytest.mark.parametrize(
    ("page", "lang", "theme", "width"),
    [(page, *form) for page in ADDRESSES for form in FORMS],
)
def test_opened(
    browser: Any,
    internal_site: str,
    page: str,
    lang: str,
    theme: str,
    width: int,
) -> None:
    address = ADDRESSES[page]
    seen = open_page(browser, f"{internal_site}{address}&lang={lang}&theme={theme}", width)
    opened = seen.page
    if page == "pressure":
        opened.wait_for_selector("#drawer-title")
    else:
        wait_for_content(opened, address.split("?")[0])
    opened.evaluate(OPEN)
    opened.wait_for_timeout(300)
    assert run_axe(opened) == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.evaluate(OUT_OF_REACH) == []
    assert opened.evaluate(STOPS) == ([1] if page == "rules" else [])
    assert opened.evaluate(SMALL) == []
    known = opened.locator("details.about")
    assert opened.locator("details.about dt").count() == len(FACTS) * known.count()
    if page != "benchmark":
        assert known.count() > 0
    seen.check()
    opened.context.close()


def test_on_a_narrow_screen_no_table_is_cut_off(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/method?lang=en", 390)
    page = seen.page
    wait_for_content(page, "/method")
    page.evaluate(OPEN)
    page.wait_for_timeout(300)
    assert page.locator(".table-scroll.stacked").count() > 0
    cut = "one => one.scrollWidth > one.clientWidth + 1"
    assert page.evaluate(f"[...document.querySelectorAll('.stacked')].filter({cut}).length") == 0
    head = page.locator(".stacked tbody td[data-head]").first
    assert head.get_attribute("data-head") in page.locator(".stacked thead").first.inner_text()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_timeout(300)
    assert page.locator(".table-scroll.stacked").count() == 0
    seen.check()
    page.context.close()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_in_a_column_no_table_is_cut_off(browser: Any, public_site: str, lang: str) -> None:
    for path in ("/pressure?", "/survey?question=had_to_choose"):
        seen = open_page(browser, f"{public_site}{path}&lang={lang}", 1440)
        page = seen.page
        page.wait_for_selector(".table-view", state="attached")
        page.evaluate(OPEN)
        page.wait_for_timeout(300)
        assert page.locator(".table-scroll").count() > 1
        cut = "one => one.scrollWidth > one.clientWidth + 1"
        assert page.evaluate(f"[...document.querySelectorAll('.table-scroll')].filter({cut}).length") == 0
        is_apart = (
            "[...document.querySelectorAll('.column + .panel .table-scroll')].map(one => one.className)"
        )
        assert page.evaluate(is_apart) == (["table-scroll stacked"] if "survey" in path else [])
        seen.check()
        page.context.close()
