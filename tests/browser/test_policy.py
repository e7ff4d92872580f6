"""What somebody puts into a page neither runs nor changes how it looks; what we put there does."""

from typing import Any

from tests.browser.opening import open_page

_PUT = """
<style id="put-sheet">h1 { color: rgb(1, 2, 3) !important }</style>
<p id="put-look" style="color: rgb(1, 2, 3)" onclick="window.wasRun = true">word</p>
<script>window.wasRun = true</script>
"""


def test_words_put_into_a_page_neither_run_nor_look_otherwise(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/?lang=en", 1440)
    page = seen.page
    page.wait_for_selector("h1")
    seen.check()
    page.evaluate(
        """html => {
            document.body.insertAdjacentHTML("beforeend", html);
            const sheet = document.createElement("div");
            sheet.innerHTML = html;
            document.head.append(...sheet.querySelectorAll("style"));
        }""",
        _PUT,
    )
    page.click("#put-look")
    tell = "one => getComputedStyle(document.querySelector(one)).color"
    assert page.evaluate(tell, "h1") != "rgb(1, 2, 3)"
    assert page.evaluate(tell, "#put-look") != "rgb(1, 2, 3)"
    assert page.evaluate("window.wasRun === undefined")
    page.context.close()


def test_looks_of_what_is_shown_first_count(browser: Any, internal_site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{internal_site}/?lang=en")
    told = page.evaluate("[...document.querySelectorAll('[style]')].map(one => one.style.length)")
    assert len(told) > 3 and min(told) > 0
    context.close()


def test_words_of_a_mark_of_a_chart_bring_no_look_of_their_own(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/?lang=en", 1440)
    page = seen.page
    mark = page.locator(".quadrant .scatterlayer .point").last
    mark.scroll_into_view_if_needed()
    mark.hover(force=True)
    page.wait_for_selector(".quadrant .hovertext .line", state="attached")
    page.wait_for_timeout(500)
    tell = "all => all.slice(0, 2).map(one => getComputedStyle(one).fontWeight)"
    assert page.eval_on_selector_all(".quadrant .hovertext .line", tell) == ["600", "400"]
    seen.check()
    page.context.close()
