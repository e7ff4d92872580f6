"""The page on rules in Chromium: the day by field, slider and address; cards and pairs by click and key."""

from typing import Any

import pytest

from tests.browser.opening import open_page, run_axe

pytestmark = pytest.mark.browser


def _opened(browser: Any, address: str, width: int = 1440) -> Any:
    seen = open_page(browser, address, width)
    seen.page.wait_for_selector(".timeline tbody .piece", state="attached")
    return seen


def test_the_day_turns_the_page_and_going_back_undoes_it(browser: Any, internal_site: str) -> None:
    seen = _opened(browser, f"{internal_site}/rules?lang=en&day=2025-10-20&side=cn")
    page = seen.page
    assert page.inner_text("#rules-claim").startswith("107 of 122 rules are in force on 20 October 2025")
    assert page.input_value("#turn-day") == "2025-10-20"
    assert page.locator(".timeline tbody th[scope=row]").count() == 42
    page.click("a[data-turn=day] >> text=7 November 2025")
    page.locator("#rules-claim", has_text="7 November 2025").wait_for()
    assert "day=2025-11-07" in page.url and "On this day: " in page.inner_text("#timeline")
    page.focus("#slide-day")
    page.keyboard.press("ArrowRight")
    page.locator("#rules-claim", has_text="8 November 2025").wait_for()
    assert page.input_value("#turn-day") == "2025-11-08"
    page.wait_for_selector("#slide-day:focus")
    page.fill("#turn-day", "2026-04-13")
    page.locator("#rules-claim", has_text="13 April 2026").wait_for()
    page.go_back()
    page.locator("#rules-claim", has_text="8 November 2025").wait_for()
    assert page.input_value("#turn-day") == "2025-11-08"
    seen.check()
    page.context.close()


def test_a_card_takes_the_focus_and_gives_it_back(browser: Any, internal_site: str) -> None:
    seen = _opened(browser, f"{internal_site}/rules?lang=en&day=2026-01-15")
    page = seen.page
    page.focus(".timeline a[data-value='US-AFFIL']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".drawer h2")
    assert "instrument=US-AFFIL" in page.url
    assert page.evaluate("document.activeElement.id") == "drawer-title"
    assert "suspended" in page.inner_text(".drawer .claim")
    assert run_axe(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector(".drawer", state="detached")
    assert "instrument=" not in page.url
    page.wait_for_selector("[data-value='US-AFFIL']:focus", timeout=8000)
    seen.check()
    page.context.close()


def test_the_timeline_is_one_stop_of_the_tab_key(browser: Any, internal_site: str) -> None:
    seen = _opened(browser, f"{internal_site}/rules?lang=en&day=2026-01-15")
    page = seen.page
    names = page.eval_on_selector_all(".timeline tbody a", "all => all.map(one => one.dataset.value)")
    assert len(names) > 100
    page.focus(".timeline .table-scroll")
    page.keyboard.press("Tab")
    here = "document.activeElement.dataset.value || ''"
    assert page.evaluate(here) == names[0]
    for key, at in (
        ("ArrowDown", 1),
        ("ArrowDown", 2),
        ("ArrowUp", 1),
        ("End", -1),
        ("Home", 0),
        ("ArrowUp", 0),
    ):
        page.keyboard.press(key)
        assert page.evaluate(here) == names[at], key
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert not page.evaluate("Boolean(document.activeElement.closest('.timeline'))")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(here) == names[1]
    page.click("a[data-turn=state][data-value=suspended]")
    page.wait_for_selector(".timeline a[data-value='US-EL']", state="detached")
    page.wait_for_selector("a[data-turn=state][data-value=suspended]:focus")
    page.focus(".timeline .table-scroll")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.timeline tbody a')")
    assert run_axe(page) == []
    seen.check()
    page.context.close()


def test_a_pair_leads_to_its_flows(browser: Any, internal_site: str) -> None:
    seen = _opened(browser, f"{internal_site}/rules?lang=en", 390)
    page = seen.page
    page.click(".matrix a[data-turn=pair] >> nth=0")
    page.wait_for_selector("#pair-title")
    page.wait_for_selector("#pair-title:focus")
    assert "pair=" in page.url and "made-up bill" in page.inner_text("#pair")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert run_axe(page) == []
    with page.expect_download() as download:
        page.click("a[href*='collisions.csv']")
    assert "US-EL" in download.value.suggested_filename
    page.click("#pair a[data-turn=pair]")
    page.wait_for_selector("#pair-title", state="detached")
    assert page.evaluate("document.activeElement.id") == "matrix-title"
    seen.check()
    page.context.close()


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "dark", 390), ("ja", "light", 1440)])
def test_technologies_opened_in_every_form(
    browser: Any,
    internal_site: str,
    lang: str,
    theme: str,
    width: int,
) -> None:
    page = _opened(browser, f"{internal_site}/rules?lang={lang}&theme={theme}", width).page
    page.wait_for_selector("#technologies .quadrants tbody tr")
    for fold in page.query_selector_all("#technologies summary"):
        fold.focus()
        page.keyboard.press("Enter")
    folds = page.locator("#technologies details").count()
    assert page.locator("#technologies details[open]").count() == folds == 4
    first = page.locator(".quadrants tbody td").first
    label = first.evaluate("one => getComputedStyle(one, '::before').content")
    assert ("attr(" in label or "United States" in label) == (width == 390)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert run_axe(page) == []
    page.context.close()
