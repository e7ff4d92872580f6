"""What a reader does on the pages, in Chromium: filters, drawers, deep links, by mouse and by key."""

import re
from typing import Any

import pytest

from dashboard.wording import say
from tests.browser.opening import open_page, run_axe, wait_for_content

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/survey?question=had_to_choose", "/method"])
def test_public_page_hides_what_is_hidden(browser: Any, public_site: str, path: str) -> None:
    seen = open_page(browser, f"{public_site}{path}", 390)
    wait_for_content(seen.page, path.split("?")[0])
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    said = seen.page.inner_text("main")
    assert "not shown: confidentiality" in said
    assert "22.2" not in said
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert run_axe(seen.page) == []
    seen.check()
    seen.page.context.close()


@pytest.mark.parametrize("path", ["/", "/pressure"])
def test_public_page_has_its_own_state_and_no_grid(browser: Any, public_site: str, path: str) -> None:
    seen = open_page(browser, f"{public_site}{path}?lang=en&firm=T001", 390)
    wait_for_content(seen.page, path, has_firms=False)
    assert "Firm rows are not in this release" in seen.page.inner_text("main")
    assert "not shown: confidentiality" in seen.page.inner_text("main")
    assert seen.page.locator("#grid, .quadrant").count() == 0
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert run_axe(seen.page) == []
    seen.check()
    seen.page.context.close()


def test_grid_drawer_and_going_back(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/pressure?lang=en")
    page = seen.page
    wait_for_content(page, "/pressure")
    assert page.inner_text("#shown") == "100 of 100 firms shown"
    assert int(page.get_attribute("#grid [role=treegrid], #grid [role=grid]", "aria-rowcount")) in (100, 101)
    page.click("#grid .ag-row[row-index='2'] .ag-cell[col-id=squeeze]")
    page.wait_for_selector(".drawer h2")
    firm = page.evaluate("new URLSearchParams(location.search).get('firm')")
    assert firm and firm in page.inner_text(".drawer-facts")
    assert page.evaluate("document.activeElement.id") == "drawer-title"
    assert "Where rules collide" in page.inner_text(".drawer")
    assert run_axe(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector(".drawer", state="detached")
    assert "firm=" not in page.url
    page.go_back()
    page.wait_for_selector(".drawer h2")
    assert f"firm={firm}" in page.url
    page.go_back()
    page.wait_for_selector(".drawer", state="detached")
    seen.check()
    page.context.close()


def test_drawer_by_keyboard(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/pressure")
    page = seen.page
    wait_for_content(page, "/pressure")
    page.focus("#grid .ag-row[row-index='1'] .ag-cell[col-id=us]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".drawer h2")
    assert "firm=" in page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".drawer", state="detached")
    seen.check()
    page.context.close()


def test_drawer_and_filters_by_address(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/pressure?firm=T005&sector=b&tier=2&q=Made&compare=T005,T007")
    page = seen.page
    page.wait_for_selector(".drawer h2")
    assert page.inner_text(".drawer h2") == "Made-up 5"
    assert page.input_value("#q") == "Made"
    assert page.inner_text(".compared h2").startswith("Compared: 2")
    shown = int(page.inner_text("#shown").split()[0])
    assert 0 < shown < 50
    seen.check()
    page.context.close()


def test_filter_changes_address_and_comes_back(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/pressure?lang=en")
    page = seen.page
    wait_for_content(page, "/pressure")
    page.fill("#q", "Made-up 77")
    page.locator("#shown", has_text=re.compile("^1 of ")).wait_for()
    assert "q=Made-up" in page.url
    page.click("[data-act=clear]")
    page.locator("#shown", has_text=re.compile("^100 of ")).wait_for()
    assert "q=" not in page.url
    page.go_back()
    page.locator("#shown", has_text=re.compile("^1 of ")).wait_for()
    assert page.input_value("#q") == "Made-up 77"
    seen.check()
    page.context.close()


def test_comparison_reaches_the_quadrant(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/pressure?lang=en&firm=T001")
    page = seen.page
    page.wait_for_selector(".drawer [data-act=compare]")
    page.click(".drawer [data-act=compare]")
    page.wait_for_selector(".compared h2")
    assert "compare=T001" in page.url
    page.wait_for_selector(".drawer [data-act=uncompare]:focus")
    page.keyboard.press("Escape")
    page.click(".compared a:has-text('quadrant')")
    page.wait_for_selector(".quadrant .main-svg")
    assert "compare=T001" in page.url
    page.click(".table-view summary >> nth=0")
    assert page.locator(".table-view >> nth=0 >> tbody tr").count() == 1
    seen.check()
    page.context.close()


def test_language_and_theme_are_links_that_keep_the_view(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/pressure?lang=en&theme=light")
    page = seen.page
    wait_for_content(page, "/pressure")
    page.click("#grid .ag-row[row-index='0'] .ag-cell[col-id=us]")
    page.wait_for_selector(".drawer h2")
    page.keyboard.press("Escape")
    page.wait_for_selector(".drawer", state="detached")
    page.click("a[data-part=lang][data-value=ja]")
    page.wait_for_selector("html[lang=ja] main h1")
    assert "lang=ja" in page.url and "theme=light" in page.url
    page.click("a[data-part=theme][data-value=dark]")
    page.wait_for_selector("html[data-theme=dark] main h1")
    page.go_back()
    page.go_back()
    page.wait_for_selector("html[lang=en] main h1")
    page.click("nav a[data-path='/']")
    page.wait_for_selector(".claim-of-day")
    assert "theme=light" in page.url
    seen.check()
    page.context.close()


def test_system_theme_follows_the_machine(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/?theme=system", color_scheme="dark")
    page = seen.page
    wait_for_content(page, "/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 26)"
    tick = page.locator(".quadrant .xtick text >> nth=0")
    assert "169, 175, 184" in str(tick.get_attribute("style"))
    page.emulate_media(color_scheme="light")
    page.locator(".quadrant .xtick text[style*='86, 91, 99'] >> nth=0").wait_for()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    seen.check()
    page.context.close()


def test_question_base_and_break_are_the_address(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/survey?lang=en&theme=light")
    page = seen.page
    page.wait_for_selector(".dots")
    first = page.inner_text("#survey-claim")
    page.select_option("#turn-question", "impact_type")
    page.locator("#base-sentence", has_text="the 74 firms that answered").wait_for()
    assert "question=impact_type" in page.url
    assert page.input_value("#turn-question") == "impact_type"
    assert page.evaluate("document.activeElement.id") == "turn-question"
    page.focus("a[data-turn=base][data-value=routed]")
    page.keyboard.press("Enter")
    page.locator("#base-sentence", has_text="the 97 firms that were to be asked").wait_for()
    assert "base=routed" in page.url and "45%" in page.inner_text(".dots")
    assert page.evaluate("document.activeElement.dataset.value") == "routed"
    assert "base=routed" in str(page.get_attribute("a[data-part=lang][data-value=ja]", "href"))
    page.go_back()
    page.locator("#base-sentence", has_text="the 74 firms that answered").wait_for()
    page.go_back()
    page.locator("#survey-claim", has_text=first).wait_for()
    assert page.input_value("#turn-question") == "us_china_impact"
    seen.check()
    page.context.close()


def test_a_view_of_the_survey_by_its_address(browser: Any, internal_site: str) -> None:
    seen = open_page(
        browser, f"{internal_site}/survey?question=had_to_choose&by=sector&option=2&lang=ja", 390
    )
    page = seen.page
    page.wait_for_selector(".waves, .trend, .dots")
    assert [page.input_value(f"#turn-{part}") for part in ("question", "by", "option")] == [
        "had_to_choose", "sector", "2"
    ]  # fmt: skip
    assert page.locator(".dots .dot-row").count() == 4
    page.click(".table-view summary >> nth=0")
    assert page.locator(".table-view >> nth=0 >> tbody tr").count() == 8
    with page.expect_download() as taken:
        page.click("a[href^='/survey.csv']")
    assert taken.value.suggested_filename == "made_up_had_to_choose_sector_answered.csv"
    seen.check()
    page.context.close()


def test_firm_and_country_of_the_suppliers_are_the_address(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/suppliers?lang=en&theme=light")
    page = seen.page
    wait_for_content(page, "/suppliers")
    first = page.inner_text("#suppliers-claim")
    assert "100 firms" in first
    page.select_option("#turn-firm", "T009")
    page.locator("#suppliers-claim", has_text="Made-up 9").wait_for()
    assert "firm=T009" in page.url and page.evaluate("document.activeElement.id") == "turn-firm"
    page.focus("a[data-turn=seed][data-value='country=US']")
    page.keyboard.press("Enter")
    page.locator("#suppliers-claim", has_text="the United States").wait_for()
    assert "seed=country%3DUS" in page.url
    assert 1 < page.locator(".ego-node").count() <= 20
    page.click("#by-country summary")
    assert page.locator("#by-country tbody tr").count() == page.locator(".pairs .pair-row").count()
    with page.expect_download() as taken:
        page.click("a[href^='/paths.csv']")
    assert taken.value.suggested_filename == "made_up_paths_T009_US.csv"
    page.go_back()
    page.go_back()
    page.locator("#suppliers-claim", has_text=first[:40]).wait_for()
    assert page.input_value("#turn-firm") == ""
    page.click("#paths a[data-turn=firm] >> nth=0")
    page.locator("#paths h2", has_text="largest paths carry").wait_for()
    page.wait_for_selector("#turn-firm:focus")
    seen.check()
    page.context.close()


def test_suppliers_of_a_public_release_name_nobody(browser: Any, public_site: str) -> None:
    seen = open_page(browser, f"{public_site}/suppliers?firm=T001", 390)
    wait_for_content(seen.page, "/suppliers")
    assert "This release holds nothing for part" in seen.page.inner_text("main")
    assert seen.page.locator("#turn-firm, .ego, #paths, #chokepoints").count() == 0
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert run_axe(seen.page) == []
    seen.check()
    seen.page.context.close()


def test_scenario_and_measure_are_the_address(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/scenarios?lang=en&theme=light")
    page = seen.page
    wait_for_content(page, "/scenarios")
    first = page.inner_text("#scenarios-claim")
    assert first.startswith("The 0.1% rule back in force: squeeze rises")
    page.focus("#beside a[data-value=relief]")
    page.keyboard.press("Enter")
    page.locator("#scenarios-claim", has_text="A licence without conditions: squeeze falls").wait_for()
    assert "scenario=relief" in page.url and page.input_value("#turn-scenario") == "relief"
    assert page.evaluate("document.activeElement.dataset.value") == "relief"
    page.click("a[data-turn=stat][data-value=cn]")
    page.locator("#scenarios-claim", has_text="the reach of Chinese rules falls").wait_for()
    page.select_option("#turn-scenario", "both")
    page.locator("#changes", has_text="Together:").wait_for()
    assert page.evaluate("document.activeElement.id") == "turn-scenario" and "stat=cn" in page.url
    page.click("#beside summary")
    assert page.locator("#beside tbody tr").count() == page.locator("#beside .bells .bell-row").count() == 4
    starts = page.eval_on_selector_all(
        "#beside .bar", "all => all.map(one => one.getBoundingClientRect().left)"
    )
    assert max(starts) - min(starts) < 1, "one scale for all rows"
    with page.expect_download() as taken:
        page.click("a[href^='/scenario_effects.csv']")
    assert taken.value.suggested_filename == "made_up_scenario_effects_both.csv"
    for _ in range(3):
        page.go_back()
    page.locator("#scenarios-claim", has_text=first[:40]).wait_for()
    seen.check()
    page.context.close()


def test_scenarios_of_a_public_release_say_what_is_kept_back(browser: Any, public_site: str) -> None:
    seen = open_page(browser, f"{public_site}/scenarios?scenario=both", 390)
    wait_for_content(seen.page, "/scenarios", has_firms=False)
    assert "Effects are not in this release" in seen.page.inner_text("main")
    assert seen.page.locator("#beside, #firms, #moves, #breadth, a[href^='/scenario_effects']").count() == 0
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert run_axe(seen.page) == []
    seen.check()
    seen.page.context.close()


def test_method_page_goes_to_its_sections(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/method?lang=en")
    page = seen.page
    wait_for_content(page, "/method")
    page.click(".contents a[href='#audit']")
    assert page.url.endswith("#audit")
    assert page.locator("#audit").is_visible()
    page.click(".chapter:has(#response) summary")
    assert page.locator(".chapter:has(#response) tbody th >> nth=0").inner_text().startswith("Does US-China")
    assert run_axe(page) == []
    seen.check()
    page.context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/pressure?firm=T001",
        "/survey?question=had_to_choose",
        "/suppliers",
        "/rules",
        "/scenarios",
        "/method",
    ],
)
def test_no_width_scrolls_sideways(browser: Any, internal_site: str, path: str) -> None:
    seen = open_page(browser, f"{internal_site}{path}", 1920)
    wait_for_content(seen.page, path.split("?")[0])
    for width in (1920, 1280, 1024, 768, 600, 390, 320):
        seen.page.set_viewport_size({"width": width, "height": 900})
        seen.page.wait_for_timeout(150)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, width
    seen.check()
    seen.page.context.close()


def test_pages_are_a_menu_on_a_narrow_screen(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/method?lang=en", 390)
    page = seen.page
    assert page.locator("#rail-pages").is_hidden()
    page.focus(".rail-menu")
    page.keyboard.press("Enter")
    assert page.locator("#rail-pages a").count() == 8 and page.locator("#rail-pages").is_visible()
    assert run_axe(page) == []
    page.keyboard.press("Escape")
    assert page.locator("#rail-pages").is_hidden()
    assert page.evaluate("document.activeElement.className") == "rail-menu"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".claim-of-day")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.locator("#rail-pages").is_visible() and page.locator(".rail-menu").is_hidden()
    seen.check()
    page.context.close()


def test_paper_has_the_chart_whole_and_no_controls(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/?lang=en&theme=dark")
    page = seen.page
    wait_for_content(page, "/")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".rail").is_hidden() and page.locator(".take").is_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.dash-graph')).breakInside") == "avoid"
    assert page.evaluate("getComputedStyle(document.querySelector('.panel')).breakInside") == "auto"
    seen.check()
    page.context.close()


def test_on_paper_heads_stay_with_what_they_head(browser: Any, internal_site: str) -> None:
    """A head of a table or of a picture never ends a page, and the sources are not parted."""
    seen = open_page(browser, f"{internal_site}/suppliers?lang=en")
    page = seen.page
    wait_for_content(page, "/suppliers")
    page.emulate_media(media="print")
    for what, side in ((".paths thead", "After"), (".ego-tiers", "After"), (".foot", "Inside")):
        found = page.evaluate(
            f"[...document.querySelectorAll('{what}')].map(e => getComputedStyle(e).break{side})"
        )
        assert found and set(found) == {"avoid"}, what
    seen.check()
    page.context.close()


def test_japanese_is_set_in_a_japanese_font(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/?lang=ja")
    client = seen.page.context.new_cdp_session(seen.page)
    client.send("DOM.enable")
    client.send("CSS.enable")
    root = client.send("DOM.getDocument")["root"]["nodeId"]
    node = client.send("DOM.querySelector", {"nodeId": root, "selector": ".banner"})["nodeId"]
    fonts = [
        font["familyName"] for font in client.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    ]
    if not any("CJK" in name or "Gothic" in name or "Hiragino" in name or "JP" in name for name in fonts):
        pytest.skip(f"no Japanese font on this machine: {fonts}")
    assert not any("CJK SC" in name or "CJK KR" in name or "CJK TC" in name for name in fonts)
    seen.page.context.close()


_LINES = "one => new Set([...one.getClientRects()].map(line => Math.round(line.top))).size"
_EDGES = """body => new Set([...body.querySelectorAll('td:not(:has(.bar))')].filter(cell =>
  cell.textContent && cell.checkVisibility()).map(cell => {
    const held = document.createRange(); held.selectNodeContents(cell);
    return Math.round(held.getBoundingClientRect().left); })).size"""


@pytest.mark.parametrize("path", ["/method", "/rules", "/"])
def test_no_line_ends_within_a_date_or_a_number_and_values_of_a_stacked_table_stand_below_each_other(
    browser: Any, internal_site: str, path: str
) -> None:
    seen = open_page(browser, f"{internal_site}{path}?lang=ja", 390)
    page = seen.page
    wait_for_content(page, path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.wait_for_selector(".stacked td")
    held = page.locator("main .unbroken:visible, .foot .unbroken:visible")
    assert held.count() > 5
    assert (
        held.evaluate_all(f"all => all.filter(one => ({_LINES})(one) > 1).map(one => one.textContent)") == []
    )
    edges = page.locator(".stacked tbody").evaluate_all(f"all => all.map({_EDGES})")
    assert max(edges) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    seen.check()
    page.context.close()


_HELD = """const asked = window.fetch, held = [];
window.fetch = (where, how) => String(how && how.body).includes("rules-page.children")
  ? new Promise(answer => held.push(() => answer(asked(where, how)))) : asked(where, how);
window.release = () => { window.fetch = asked; held.splice(0).forEach(one => one()); };
new PerformanceObserver(list => list.getEntries().forEach(one => {
  window.shifted = (window.shifted || 0) + one.value; })).observe({type: "layout-shift", buffered: true});"""


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1440), ("ja", "dark", 390)])
def test_a_page_that_loads_holds_its_room(
    browser: Any, internal_site: str, lang: str, theme: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.add_init_script(_HELD)
    page.goto(f"{internal_site}/rules?lang={lang}&theme={theme}")
    waiting = page.locator("#rules-page .waiting")
    waiting.wait_for()
    assert waiting.get_attribute("aria-busy") == "true" and waiting.get_attribute("role") == "status"
    assert waiting.inner_text() == say(lang, "frame.loading")
    drawn = waiting.evaluate(
        "one => { const bones = getComputedStyle(one, '::after'); return {"
        "parts: bones.content === '\"\"' ? bones.backgroundSize.split(',').length : 0,"
        " motion: bones.animationName,"
        " tall: one.getBoundingClientRect().height, wide: document.documentElement.scrollWidth }; }"
    )
    assert drawn["parts"] > 5 and drawn["motion"] == "none"
    assert drawn["tall"] >= 900 and drawn["wide"] <= width
    page.evaluate("window.release()")
    page.wait_for_selector("main h1")
    assert page.locator("[aria-busy=true]").count() == 0
    assert page.evaluate("window.shifted || 0") < 0.05
    context.close()
