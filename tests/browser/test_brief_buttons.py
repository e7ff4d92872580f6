"""The buttons of the page Briefing in Chromium: a brief is made, saved, and can be stopped."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_pages import _open, _run_axe, _serve, browser  # noqa: F401
from tests.dashboard.made_up import write_made_up

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from _serve(write_made_up(tmp_path_factory.mktemp("release") / "internal", "internal"))


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1440), ("ja", "dark", 390)])
def test_deck_is_saved_by_keyboard(
    browser: Any,  # noqa: F811
    site: str,
    tmp_path: Path,
    lang: str,
    theme: str,
    width: int,
) -> None:
    seen = _open(browser, f"{site}/?lang={lang}&theme={theme}", width)
    page = seen.page
    page.wait_for_selector(".take a[data-take=pptx]")
    page.focus(".take a[data-take=pptx]")
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    assert waited.value.suggested_filename.endswith(f"_internal_{lang}.pptx")
    page.wait_for_selector(".take [role=status]:has-text('.pptx')")
    assert f"lang={lang}" in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert _run_axe(page) == []
    seen.check()


def test_a_brief_can_be_stopped_and_a_failure_is_said(browser: Any, site: str) -> None:  # noqa: F811
    page = _open(browser, f"{site}/?lang=en").page
    page.wait_for_selector(".take a[data-take=html]")
    page.route("**/brief.html*", lambda route: None)
    page.click(".take a[data-take=html]")
    page.click(".take [role=status] button")
    page.wait_for_selector(".take [role=status]:text-is('Stopped.')")
    page.unroute("**/brief.html*")
    page.route("**/brief.xlsx*", lambda route: route.fulfill(status=500, body=""))
    page.click(".take a[data-take=xlsx]")
    page.wait_for_selector(".take [role=status]:has-text('It could not be made')")
