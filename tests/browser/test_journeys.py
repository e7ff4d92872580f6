"""The three people of the product from first screen to what they take away, by mouse and by keyboard."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.opening import open_page

pytestmark = pytest.mark.browser

_MOST_TABS = 120

_FOCUS = """what => {
  const one = document.activeElement, look = getComputedStyle(one);
  return [one.matches(what), look.outlineStyle !== 'none' || look.boxShadow !== 'none'];
}"""


def _click(page: Any, what: str) -> None:
    page.locator(what).first.click()


def _press(page: Any, what: str) -> None:
    """Reach an element by Tab alone, from where the focus is, with a focus that is seen; then Enter."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        here = page.evaluate(_FOCUS, what)
        if here[0]:
            assert here[1], f"the focus on {what} is not seen"
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab does not reach {what}")


_WAYS = [pytest.param(_click, id="mouse"), pytest.param(_press, id="keyboard")]
Go = Callable[[Any, str], None]


@pytest.mark.parametrize("go", _WAYS)
def test_an_analyst_takes_the_deck_to_the_board(
    browser: Any, internal_site: str, go: Go, tmp_path: Path
) -> None:
    seen = open_page(browser, f"{internal_site}/?lang=en")
    page = seen.page
    page.wait_for_selector(".take a[data-take=pptx]")
    if go is _press:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
    with page.expect_download() as waited:
        go(page, ".take a[data-take=pptx]")
    out = tmp_path / waited.value.suggested_filename
    waited.value.save_as(out)
    assert out.suffix == ".pptx" and out.read_bytes()[:2] == b"PK"
    go(page, ".figure .about summary")
    assert "Wording" in page.inner_text(".figure .about[open]")
    seen.check()
    page.context.close()


@pytest.mark.parametrize("go", _WAYS)
def test_an_officer_sees_who_is_squeezed_and_why(browser: Any, internal_site: str, go: Go) -> None:
    seen = open_page(browser, f"{internal_site}/?lang=ja")
    page = seen.page
    page.wait_for_selector("#questions a")
    go(page, "#questions a[href*='/scenarios?']")
    page.wait_for_selector("#scenarios-claim")
    shown = page.inner_text("#scenarios-claim")
    assert "scenario=" in page.url
    go(page, "a[href*='/pressure?'][href*='firm=']")
    page.wait_for_selector("#drawer-title")
    assert "firm=" in page.url
    drawer = page.inner_text(".drawer")
    assert "根拠" in drawer and re.search(r"n ?= ?\d", drawer)
    page.keyboard.press("Escape")
    page.wait_for_selector(".drawer", state="detached")
    assert "firm=" not in page.url
    page.go_back()
    page.wait_for_selector("#drawer-title")
    page.go_back()
    page.wait_for_selector("#scenarios-claim")
    assert page.inner_text("#scenarios-claim") == shown
    seen.check()
    page.context.close()


@pytest.mark.parametrize("go", _WAYS)
def test_a_drawer_gives_the_focus_back_to_the_row_it_came_from(
    browser: Any, internal_site: str, go: Go
) -> None:
    page = open_page(browser, f"{internal_site}/pressure?lang=en").page
    page.wait_for_selector("#grid .ag-row a[data-firm]")
    if go is _click:
        _click(page, "#grid .ag-row a[data-firm]")
    else:
        page.locator("#grid .ag-cell").first.focus()
        page.keyboard.press("Enter")
    page.wait_for_selector("#drawer-title")
    page.wait_for_selector("#drawer-title:focus")
    page.keyboard.press("Escape")
    page.wait_for_selector(".drawer", state="detached")
    assert page.evaluate("document.activeElement.closest('#grid') !== null")
    page.context.close()


def test_a_firms_head_sees_its_place_by_keyboard_and_takes_the_pdf(browser: Any, ready_site: str) -> None:
    page = open_page(browser, f"{ready_site}/?lang=en").page
    page.wait_for_selector(".rail a")
    _press(page, ".rail a[href*='/benchmark']")
    page.wait_for_selector("#bring-answers")
    _press(page, ".benchmark-form summary")
    page.locator("#ask-board").focus()
    page.keyboard.press("ArrowDown")
    _press(page, ".acts .first")
    page.wait_for_selector("#benchmark-claim")
    assert page.evaluate("document.activeElement.id") == "benchmark-claim"
    assert " firms" in page.inner_text("#benchmark-claim")
    with page.expect_download() as caught:
        _press(page, "#benchmark-result .acts button")
    assert Path(caught.value.path()).read_bytes()[:5] == b"%PDF-"
    page.context.close()
