"""The page Benchmark in Chromium: a form and a file compared, faults in place, nothing in the address."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.benchmarked import can_print
from tests.browser.opening import open_page, run_axe

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("lang", "theme", "width"),
    [("en", "light", 1440), ("ja", "dark", 390), ("en", "dark", 1440), ("ja", "light", 390)],
)
def test_form_is_filled_in_and_compared(
    browser: Any,
    ready_site: str,
    lang: str,
    theme: str,
    width: int,
) -> None:
    seen = open_page(browser, f"{ready_site}/benchmark?lang={lang}&theme={theme}", width)
    page = seen.page
    page.wait_for_selector("#bring-answers")
    page.click(".benchmark-form summary")
    page.select_option("#ask-board", "2")
    page.check("input[data-set=measures][value=head]")
    page.click(".acts .first")
    page.wait_for_selector("#benchmark-claim")
    assert page.evaluate("document.activeElement.id") == "benchmark-claim"
    assert page.locator(".alike-of-one").count() >= 2
    assert page.url.partition("?")[2] == f"lang={lang}&theme={theme}"
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert run_axe(page) == []
    page.click(".acts button:nth-child(2)")
    assert page.locator("#benchmark-claim").count() == 0
    assert page.input_value("#ask-board") == ""
    seen.check()


def test_a_file_for_another_survey_is_named_in_its_place(
    browser: Any, ready_site: str, tmp_path: Path
) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    seen = open_page(browser, f"{ready_site}/benchmark?lang=en")
    page = seen.page
    page.wait_for_selector("#bring-answers")
    page.click(".acts .first")
    page.wait_for_selector(".acts [role=status]:has-text('Choose a file')")
    page.set_input_files("#bring-answers", str(path))
    page.click(".acts .first")
    page.wait_for_selector(".fault")
    told = page.inner_text(".fault")
    assert "other.csv, header" in told
    assert "another codebook" in told


@pytest.mark.skipif(not can_print(), reason="no browser, or no file system in memory")
def test_pdf_is_made_in_memory_and_nothing_of_it_stays(browser: Any, ready_site: str) -> None:
    before = set(Path("/dev/shm").iterdir())
    page = open_page(browser, f"{ready_site}/benchmark?lang=en").page
    page.wait_for_selector("#bring-answers")
    page.click(".benchmark-form summary")
    page.select_option("#ask-board", "1")
    page.click(".acts .first")
    page.wait_for_selector("#benchmark-claim")
    with page.expect_download() as caught:
        page.click("#benchmark-result .acts button:first-child")
    with open(caught.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
    left = {path.name for path in set(Path("/dev/shm").iterdir()) - before}
    assert not [name for name in left if name.startswith("tmp")]
