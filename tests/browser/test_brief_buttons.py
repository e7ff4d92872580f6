"""The buttons of the page Briefing in Chromium: a brief is made, saved, and can be stopped."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.opening import open_page, run_axe

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1440), ("ja", "dark", 390)])
def test_deck_is_saved_by_keyboard(
    browser: Any,
    internal_site: str,
    tmp_path: Path,
    lang: str,
    theme: str,
    width: int,
) -> None:
    seen = open_page(browser, f"{internal_site}/?lang={lang}&theme={theme}", width)
    page = seen.page
    page.wait_for_selector(".take a[data-take=pptx]")
    page.focus(".take a[data-take=pptx]")
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    assert waited.value.suggested_filename.endswith(f"_internal_{lang}.pptx")
    page.wait_for_selector(".take [role=status]:has-text('.pptx')")
    assert f"lang={lang}" in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert run_axe(page) == []
    seen.check()


def test_a_brief_asked_for_before_the_page_stands_is_told_of_on_the_page(
    browser: Any, internal_site: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    held: list[Any] = []
    page.route("**/_dash-layout", lambda route: held.append(route))
    page.route("**/brief.pptx*", lambda route: None)
    page.goto(f"{internal_site}/?lang=en")
    page.click("#first .take a[data-take=pptx]")
    page.wait_for_selector("#first .take [role=status] button")
    page.unroute("**/_dash-layout")
    for route in held:
        route.continue_()
    page.wait_for_selector("#questions a")
    assert page.locator("#first").count() == 0
    page.click(".take [role=status] button")
    page.wait_for_selector(".take [role=status]:text-is('Stopped.')")
    assert page.evaluate("document.activeElement.dataset.take") == "pptx"
    context.close()


def test_a_brief_can_be_stopped_and_a_failure_is_said(browser: Any, internal_site: str) -> None:
    page = open_page(browser, f"{internal_site}/?lang=en").page
    page.wait_for_selector(".take a[data-take=html]")
    page.route("**/brief.html*", lambda route: None)
    page.click(".take a[data-take=html]")
    page.click(".take [role=status] button")
    page.wait_for_selector(".take [role=status]:text-is('Stopped.')")
    page.unroute("**/brief.html*")
    page.route("**/brief.xlsx*", lambda route: route.fulfill(status=500, body=""))
    page.click(".take a[data-take=xlsx]")
    page.wait_for_selector(".take [role=status]:has-text('It could not be made')")
