"""A scenario of one's own in Chromium: computed from its text, kept in the address, undone by going back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis import write_release
from survey import data_folder, load_study
from tests.browser.opening import open_page, run_axe, serve_release

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    demo = load_study(data_folder() / "demo")
    sections = {**demo.sections, "pressure": {**demo.section("pressure"), "draws": 200}}
    few = replace(demo, sections={**sections, "scenarios": {"ready": ["de-minimis-zero"]}})
    out = tmp_path_factory.mktemp("own")
    write_release(few, out, ["internal"])
    yield from serve_release(out / "internal")


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1440), ("ja", "dark", 390)])
def test_text_is_computed_and_shared_by_address(
    browser: Any,
    site: str,
    tmp_path: Path,
    lang: str,
    theme: str,
    width: int,
) -> None:
    seen = open_page(browser, f"{site}/scenarios?lang={lang}&theme={theme}", width)
    page = seen.page
    page.wait_for_selector("#own-text")
    before = page.inner_text("#scenarios-claim")
    page.click("#own-compute")
    mine = "My scenario" if lang == "en" else "自分のシナリオ"
    page.locator("#scenarios-claim", has_text=mine).wait_for()
    shared = page.url
    assert "own=" in shared
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert run_axe(page) == []
    page.click("#tornado-panel summary")
    assert page.locator("#tornado-panel tbody tr").count() > 2
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert run_axe(page) == []
    page.fill("#own-text", page.input_value("#own-text").replace("US-AFFIL", "US-AFFIN"))
    page.press("#own-text", "Control+Enter")
    page.wait_for_selector(".own .fault")
    assert "US-AFFIL" in page.inner_text(".own .fault")
    assert "US-AFFIN" in page.input_value("#own-text")
    page.go_back()
    page.locator("#scenarios-claim", has_text=mine).wait_for()
    page.go_back()
    page.locator("#scenarios-claim", has_text=before[:20]).wait_for()
    assert "own=" not in page.url
    other = open_page(browser, shared, width).page
    other.locator("#scenarios-claim", has_text=mine).wait_for()
    path = tmp_path / "mine.toml"
    path.write_text(other.input_value("#own-text").replace(mine, "From a file"), encoding="utf-8")
    other.set_input_files("#own-file input", str(path))
    other.locator("#scenarios-claim", has_text="From a file").wait_for()
    seen.check()


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "dark", 390), ("ja", "light", 1440)])
def test_reports_of_the_same_release_on_page_method(
    browser: Any,
    site: str,
    lang: str,
    theme: str,
    width: int,
) -> None:
    seen = open_page(browser, f"{site}/method?lang={lang}&theme={theme}", width)
    page = seen.page
    page.wait_for_selector("#calibration .main-svg")
    page.focus(".chapter:has(#calibration) summary >> nth=0")
    page.keyboard.press("Enter")
    for anchor in ("#agreement", "#disclosure", "#model"):
        assert page.locator(anchor).is_visible(), anchor
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert run_axe(page) == []
    seen.check()
    page.context.close()
