"""Page Pressure in Chromium: rows from the server in the order of the address, and what if."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.opening import open_page, run_axe, serve_release
from tests.dashboard.made_up import write_made_up

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve_release(write_made_up(tmp_path_factory.mktemp("site") / "internal", many=300))


def _shown(page: Any) -> list[str]:
    rows = page.query_selector_all("#grid .ag-center-cols-container .ag-row")
    return [
        row.get_attribute("row-id") for row in sorted(rows, key=lambda r: int(r.get_attribute("row-index")))
    ]


def test_rows_follow_order_and_search_and_going_back(browser: Any, site: str) -> None:
    seen = open_page(browser, f"{site}/pressure")
    page = seen.page
    page.wait_for_selector("#grid .ag-row a[data-firm]")
    first = f"#grid .ag-row[row-index='0'][row-id='{_shown(page)[0]}']"
    page.click("#grid .ag-header-cell[col-id=cn]")
    page.wait_for_url("**sort=-cn*")
    page.wait_for_selector(first, state="detached")
    page.fill("#q", "Made-up 29")
    page.wait_for_selector("#shown:has-text('11 of 300')")
    page.go_back()
    page.wait_for_selector("#shown:has-text('300 of 300')")
    page.go_back()
    page.wait_for_selector(first)
    seen.check()
    page.context.close()


def test_rows_are_one_stop_of_tab_and_arrows_go_among_them(browser: Any, site: str) -> None:
    seen = open_page(browser, f"{site}/pressure")
    page = seen.page
    page.wait_for_selector("#grid .ag-row a[data-firm]")
    row = "document.activeElement.closest('[row-index]')?.getAttribute('row-index') ?? ''"
    page.focus("#grid .ag-header-cell[col-id=tier]")
    page.keyboard.press("Tab")
    assert page.evaluate(row) == "0"
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.wait_for_selector("#grid .ag-row[row-index='3'] .ag-cell-focus")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('#grid') !== null"), "Tab stays in the grid"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(row) != ""
    seen.check()
    page.context.close()


def test_table_and_file_follow_order_and_search(browser: Any, site: str) -> None:
    seen = open_page(browser, f"{site}/pressure")
    page = seen.page
    page.wait_for_selector("#grid .ag-row a[data-firm]")
    page.focus(".grid-table summary")
    page.keyboard.press("Enter")
    assert len(page.query_selector_all("#grid-rows tbody tr")) == 200
    page.click("#grid .ag-header-cell[col-id=cn]")
    page.wait_for_selector("#grid-file a[href*='sort=-cn']")
    page.wait_for_timeout(500)
    assert page.inner_text("#grid-rows tbody tr").split()[0] == _shown(page)[0]
    page.fill("#q", "Made-up 29")
    page.wait_for_selector("#grid-file a[href*='Made-up+29'][href*='sort=-cn']")
    page.wait_for_selector("#grid-rows tbody tr:nth-child(11):last-child", state="attached")
    assert page.get_attribute(".grid-table details", "open") is not None
    page.go_back()
    page.wait_for_selector("#grid-file a:not([href*='q='])[href*='sort=-cn']")
    assert run_axe(page) == []
    seen.check()
    page.context.close()


def test_what_if_by_keyboard_undone_by_going_back_and_by_its_button(browser: Any, site: str) -> None:
    seen = open_page(browser, f"{site}/pressure?firm=T005")
    page = seen.page
    page.wait_for_selector("#what-if .slider input")
    page.select_option("#turn-flow", index=1)
    page.wait_for_url("**flow=*")
    page.wait_for_selector("#what-if-share")
    page.focus("#what-if .slider input")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**substitutability=*")
    page.wait_for_selector("#what-if-result .bar-point.open")
    assert "n = 96" in page.inner_text("#what-if-result")
    page.go_back()
    page.wait_for_selector("#what-if-result .state")
    page.go_forward()
    page.wait_for_selector("#what-if-result .bar-point.open")
    page.click("[data-act=reset-what-if]")
    page.wait_for_selector("#what-if-result .state")
    assert "substitutability" not in page.url and "firm=T005" in page.url
    seen.check()
    page.context.close()


_STANDS = "document.activeElement.getAttribute('aria-valuetext')"


def test_a_slider_goes_from_stop_to_stop_and_one_is_where_the_firm_stands(browser: Any, site: str) -> None:
    seen = open_page(browser, f"{site}/pressure?firm=T005&dormant=0.33")
    page = seen.page
    page.wait_for_selector("#what-if-result .bar-point.open")
    slider = page.locator("#what-if-dormant input")
    rest = float(slider.get_attribute("data-rest"))
    assert rest == 0.25 and slider.input_value() == "0.33"
    page.get_by_label("Weight of dormant powers").focus()
    told = []
    for key in ("ArrowLeft", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight", "Home", "PageUp", "End"):
        page.keyboard.press(key)
        told.append(page.evaluate(_STANDS))
    values = ["0.300", "", "0.200", "", "0.300", "0.000", "0.100", "1.000"]
    assert told == [f"{value}, now 0.250" if value else "now 0.250" for value in values]
    page.wait_for_url("**dormant=1")
    assert page.inner_text("#what-if-dormant .sector-line strong") == "1.000"
    page.click("[data-act=reset-what-if]")
    page.wait_for_url(lambda url: "dormant" not in url)
    assert float(slider.input_value()) == rest
    box = slider.bounding_box()
    for share, value in ((0.61, "0.6"), (0.26, "0.25")):
        page.mouse.move(box["x"] + 12 + 0.5 * (box["width"] - 24), box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + 12 + share * (box["width"] - 24), box["y"] + 40, steps=20)
        assert slider.input_value() == value
        page.mouse.up()
        page.wait_for_url("**dormant=0.6" if value == "0.6" else lambda url: "dormant" not in url)
    seen.check()
    page.context.close()


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1440), ("ja", "dark", 390)])
def test_nothing_moves_while_a_slider_is_drawn(
    browser: Any, site: str, lang: str, theme: str, width: int
) -> None:
    seen = open_page(browser, f"{site}/pressure?firm=T005&lang={lang}&theme={theme}", width)
    page = seen.page
    page.select_option("#turn-flow", index=1)
    page.wait_for_selector("#what-if-share input")
    tops = "[...document.querySelectorAll('.slider input')].map(one => one.getBoundingClientRect().top)"
    page.focus("#slide-substitutability")
    before = page.evaluate(tops)
    page.keyboard.press("ArrowRight")
    assert page.locator("#what-if-substitutability strong").count() == 1
    assert page.evaluate(tops) == before
    seen.check()
    page.context.close()


def test_filters_turn_rows_and_follow_the_address(browser: Any, site: str) -> None:
    seen = open_page(browser, f"{site}/pressure?tier=2&lang=en")
    page = seen.page
    page.wait_for_selector("#grid .ag-row a[data-firm]")
    sector, tier = (page.get_by_role("combobox", name=name, exact=True) for name in ("Sector", "Tier"))
    search = page.get_by_role("searchbox", name="Search firms", exact=True)
    assert (sector.input_value(), tier.input_value()) == ("", "2")
    of_tier = page.inner_text("#shown")
    sector.select_option(index=1)
    page.wait_for_url("**sector=*")
    page.wait_for_selector(f"#shown:not(:has-text('{of_tier}'))")
    of_both = page.inner_text("#shown")
    firm = page.locator("#grid .ag-row[row-index='0'] a[data-firm]")
    firm.click()
    page.wait_for_selector(".drawer")
    page.wait_for_selector("#drawer-title:focus")
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == "drawer-title", "a filter takes the focus"
    assert (sector.evaluate("one => one.selectedIndex"), tier.input_value()) == (1, "2")
    page.keyboard.press("Escape")
    search.press_sequentially("Made-up 2", delay=20)
    page.wait_for_url("**q=Made-up+2*")
    page.go_back()
    page.wait_for_selector(f"#shown:has-text('{of_both}')")
    assert search.input_value() == ""
    for _ in range(3):
        page.go_back()
    page.wait_for_selector(f"#shown:has-text('{of_tier}')")
    assert (sector.input_value(), tier.input_value()) == ("", "2")
    page.get_by_role("button", name="Clear filters").click()
    page.wait_for_selector("#shown:has-text('300 of 300')")
    assert (sector.input_value(), tier.input_value(), search.input_value()) == ("", "", "")
    assert "tier" not in page.url
    seen.check()
    page.context.close()


_FORMS = [("en", "light", 1440), ("ja", "dark", 390)]


@pytest.mark.parametrize(("lang", "theme", "width"), _FORMS)
def test_drawer_with_a_slider_turned(browser: Any, site: str, lang: str, theme: str, width: int) -> None:
    where = f"{site}/pressure?firm=T005&dormant=0.5&lang={lang}&theme={theme}"
    seen = open_page(browser, where, width)
    page = seen.page
    page.wait_for_selector("#what-if-result .bar-point.open")
    assert "→ 0.500" in page.inner_text("#what-if-result")
    assert run_axe(page) == []
    page.focus("#drawer-title")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "range":
            break
    else:
        raise AssertionError("Tab does not reach a slider")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("(one => one.scrollWidth <= one.clientWidth)(document.querySelector('.drawer'))")
    seen.check()
    page.context.close()


@pytest.mark.parametrize(("lang", "theme", "width"), _FORMS)
def test_three_firms_compared(browser: Any, site: str, lang: str, theme: str, width: int) -> None:
    where = f"{site}/pressure?compare=T005,T007,T009&lang={lang}&theme={theme}"
    seen = open_page(browser, where, width)
    page = seen.page
    page.wait_for_selector(".compared .density")
    assert page.locator(".compared tbody tr").count() == 4
    names = page.eval_on_selector_all(
        ".compared tbody th", "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert min(names) >= 96, "a name is not broken letter by letter"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert run_axe(page) == []
    seen.check()
    page.context.close()
