"""Fields for files and days in Chromium: in the words of the page, by mouse and by keyboard."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.wording import say
from tests.browser.opening import open_page, run_axe

pytestmark = pytest.mark.browser

_FORMS = [("en", "light", 1440), ("ja", "dark", 390)]
_NATIVE = "input[type=date], input[type=file]:not(.file-room input)"
"""Fields that a browser would label in its own language."""


@pytest.mark.parametrize(("lang", "theme", "width"), _FORMS)
def test_files_are_chosen_in_the_words_of_the_page(
    browser: Any, ready_site: str, tmp_path: Path, lang: str, theme: str, width: int
) -> None:
    seen = open_page(browser, f"{ready_site}/benchmark?lang={lang}&theme={theme}", width)
    page = seen.page
    page.wait_for_selector("#bring-answers")
    assert page.locator(_NATIVE).count() == 0
    room = page.locator(".file-room").first
    assert room.inner_text().split("\n") == [say(lang, "file.choose"), say(lang, "file.none")]
    page.locator("#bring-answers").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    shown = page.evaluate("getComputedStyle(document.querySelector('.file-button')).outlineStyle")
    assert shown == "solid"
    path = tmp_path / "ours.csv"
    path.write_text("id,board\nF01,1\n", encoding="utf-8")
    with page.expect_file_chooser() as waited:
        room.click()
    waited.value.set_files(str(path))
    assert room.inner_text().split("\n")[1] == "ours.csv"
    page.locator(".acts button").nth(1).click()
    assert room.inner_text().split("\n")[1] == say(lang, "file.none")
    assert page.locator("#bring-answers").evaluate("one => one.files.length") == 0
    assert run_axe(page) == []
    seen.check()
    page.context.close()


@pytest.mark.parametrize(("lang", "theme", "width"), _FORMS)
def test_a_day_is_written_as_readers_write_it(
    browser: Any, internal_site: str, lang: str, theme: str, width: int
) -> None:
    seen = open_page(browser, f"{internal_site}/rules?lang={lang}&theme={theme}&day=2026-01-15", width)
    page = seen.page
    page.wait_for_selector("#turn-day")
    assert page.locator(_NATIVE).count() == 0
    assert page.inner_text(".day-told") == say(lang, "rules.day_how")
    page.fill("#turn-day", "2026年4月3日")
    page.press("#turn-day", "Enter")
    page.wait_for_url("**day=2026-04-03*")
    assert page.input_value("#turn-day") == "2026-04-03"
    for wrong in ("soon", "2026-02-30", "2026-13-01", ""):
        page.fill("#turn-day", wrong)
        page.press("#turn-day", "Enter")
        page.keyboard.press("Tab")
        assert page.inner_text(".day-told") == say(lang, "rules.day_wrong")
        assert page.get_attribute("#turn-day", "aria-invalid") == "true"
        assert "day=2026-04-03" in page.url
    assert run_axe(page) == []
    page.fill("#turn-day", "2026-01-15")
    page.wait_for_url(lambda url: "day=2026-04-03" not in url)
    assert page.get_attribute("#turn-day", "aria-invalid") == "false"
    seen.check()
    page.context.close()


def test_a_late_answer_takes_nothing_from_who_writes_on(browser: Any, internal_site: str) -> None:
    seen = open_page(browser, f"{internal_site}/rules?lang=en&day=2026-01-15", 1440)
    page = seen.page
    page.wait_for_selector("#turn-day")
    held: list[Any] = []
    page.route("**/_dash-update-component", lambda route: held.append(route))
    page.fill("#turn-day", "2026-04-03")
    page.press("#turn-day", "Enter")
    page.wait_for_url("**day=2026-04-03*")
    page.fill("#turn-day", "soon")
    page.press("#turn-day", "Enter")
    page.unroute("**/_dash-update-component")
    for one in held:
        one.continue_()
    page.wait_for_selector('[data-day*=\'"day":"2026-04-03"\'], [data-day*=\'"day": "2026-04-03"\']')
    assert page.input_value("#turn-day") == "soon"
    assert page.inner_text(".day-told") == say("en", "rules.day_wrong")
    page.go_back()
    page.wait_for_url("**day=2026-01-15*")
    page.wait_for_selector("#turn-day[aria-invalid=false]")
    assert page.input_value("#turn-day") == "2026-01-15"
    seen.check()
    page.context.close()
