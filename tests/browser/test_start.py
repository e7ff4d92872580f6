"""The first visit, a Release replaced under an open page, and the page shown without one, in Chromium."""

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from dashboard.app import make_app
from dashboard.pages.start import start_site
from dashboard.standing import Standing
from tests.browser.opening import open_page, run_axe
from tests.dashboard.made_up import write_made_up

pytestmark = pytest.mark.browser

SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) { if (!one.hadRecentInput) { window.shifted += one.value; } }
}).observe({type: 'layout-shift', buffered: true});
"""


@contextmanager
def _site(application: Any) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = make_server("127.0.0.1", port, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join(10)


def _shifted(page: Any) -> float:
    page.evaluate(SHIFTS)
    page.wait_for_timeout(300)
    return float(page.evaluate("window.shifted"))


@pytest.mark.parametrize("width", [1440, 390])
def test_a_first_visit_is_told_once_and_by_keyboard(browser: Any, internal_site: str, width: int) -> None:
    seen = open_page(browser, f"{internal_site}/?lang=en", width)
    page = seen.page
    page.wait_for_selector("#guide", state="visible")
    page.wait_for_selector(".quadrant .main-svg")
    assert _shifted(page) < 0.02
    assert page.locator(".guide-again button").is_hidden()
    assert page.locator("#guide a").count() == 3
    assert run_axe(page) == []
    page.locator("#guide a").last.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#guide").is_hidden()
    assert page.evaluate("document.activeElement.id") == "content"
    page.reload()
    page.wait_for_selector(".quadrant .main-svg")
    assert page.locator("#guide").is_hidden() and _shifted(page) < 0.02
    page.locator(".guide-again button").focus()
    page.keyboard.press("Enter")
    assert page.locator("#guide").is_visible()
    assert page.evaluate("document.activeElement.closest('#guide') !== null")
    seen.check()
    page.context.close()


def test_questions_open_their_answers(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/?lang=ja&theme=dark")
    seen.page.wait_for_selector("#questions a")
    links = seen.page.locator("#questions a").evaluate_all("all => all.map(one => one.href)")
    assert len(links) > 5 and all("lang=ja" in href and "theme=dark" in href for href in links)
    seen.page.locator("#questions a").first.click()
    seen.page.wait_for_selector("#scenarios-claim")
    seen.check()
    seen.page.context.close()


def test_an_open_page_is_told_of_a_release_in_its_place(
    browser: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dashboard.standing._PAUSE", 0.01)
    folder = write_made_up(tmp_path / "served", many=40)
    after = write_made_up(tmp_path / "next", many=50)
    with _site(Standing(folder, lambda release: make_app(release).server, None)) as address:
        seen = open_page(browser, f"{address}/pressure?lang=en")
        page = seen.page
        page.wait_for_selector("#grid .ag-row a[data-firm]")
        folder.rename(tmp_path / "aside")
        after.rename(folder)
        shutil.rmtree(tmp_path / "aside")
        for _ in range(60):
            page.locator("#grid .ag-row a[data-firm]").first.click()
            page.wait_for_timeout(200)
            page.keyboard.press("Escape")
            if page.locator("#newer").is_visible():
                break
        assert "newer release" in page.locator("#newer").inner_text()
        assert run_axe(page) == []
        page.locator("#newer a").click()
        page.wait_for_selector("#grid .ag-row a[data-firm]")
        assert "50" in page.locator("#shown").inner_text() and page.locator("#newer").is_hidden()
        page.context.close()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ja", "dark")])
def test_without_a_release_the_page_says_how_to_get_one(
    browser: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    theme: str,
    width: int,
) -> None:
    monkeypatch.setattr("dashboard.standing._PAUSE", 0.01)
    folder = tmp_path / "served"
    folder.mkdir()
    site = start_site(lambda: ["data/built/demo/internal"])
    with _site(Standing(folder, lambda release: make_app(release).server, site)) as address:
        seen = open_page(browser, f"{address}/?lang={lang}&theme={theme}", width)
        page = seen.page
        assert page.locator("html").get_attribute("lang") == lang
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert "crosspressure demo" in page.inner_text("main")
        assert run_axe(page) == []
        seen.check()
        if width == 390 and lang == "en":
            write_made_up(folder, "public")
            page.wait_for_selector(".rail", timeout=30_000)
        page.context.close()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_choice_that_is_not_answered_is_told(browser: Any, internal_site: str, lang: str) -> None:
    page = open_page(browser, f"{internal_site}/survey?lang={lang}", 390).page
    page.wait_for_selector("main h1")
    page.wait_for_load_state("networkidle")
    assert page.locator("#unanswered").is_hidden()
    calls = re.compile("_dash-update-component")
    page.route(calls, lambda route: route.abort())
    page.select_option("#turn-option", "2")
    page.wait_for_selector("#unanswered a", state="visible")
    told = page.locator("#unanswered").inner_text()
    words = "サーバーから応答がありません" if lang == "ja" else "did not answer"
    assert words in told
    page.unroute(calls)
    page.select_option("#turn-option", "1")
    page.wait_for_selector("#unanswered", state="hidden")
    page.route(calls, lambda route: route.fulfill(status=401, body="no"))
    page.select_option("#turn-option", "2")
    page.wait_for_selector("#unanswered a", state="visible")
    assert page.locator("#unanswered span").inner_text() == page.locator("#unanswered").get_attribute(
        "data-signed-out"
    )
    page.unroute(calls)
    page.locator("#unanswered a").click()
    page.wait_for_selector("main h1")
    page.wait_for_selector("#unanswered", state="hidden")
