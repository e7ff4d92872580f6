"""Words that would run if they were ever more than words: pages show them as they stand, and obey none.

The policy of the pages would stop most of them, so each page is opened without it too.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.command import main
from dashboard.export.making import make_brief
from dashboard.selection import View
from dashboard.shelf import open_shelf
from survey import data_folder
from tests.browser.opening import serve_release, wait_for_content
from tests.dashboard.hostile import ELSEWHERE, FLAG, HOSTILE, TURNING, hostile_release, hostile_study
from tests.dashboard.made_up import write_made_up
from tests.survey.small_waves import study_folder

pytestmark = pytest.mark.browser

PAGES = {
    "briefing": "/?",
    "pressure": "/pressure?firm={firm}&compare={firm},{other}&own=x",
    "survey": "/survey?question=had_to_choose",
    "suppliers": "/suppliers?",
    "rules": "/rules?instrument=US-EL",
    "scenarios": "/scenarios?",
    "benchmark": "/benchmark?",
    "method": "/method?",
}
_NAME = f"<img src=x onerror=window.{FLAG}=15>"
"""Of a file."""

OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
ODD = """host => [...document.querySelectorAll('*')].filter(one =>
    ['IFRAME', 'OBJECT', 'EMBED', 'BASE'].includes(one.tagName)
    || [...one.attributes].some(told => told.name.startsWith('on')
      || (['href', 'src', 'action', 'formaction', 'xlink:href'].includes(told.name)
        && (/^\\s*javascript:/i.test(told.value) || told.value.includes(host)))))
  .map(one => one.outerHTML.slice(0, 200))"""
"""Elements that no page of ours makes: those that run, load or lead elsewhere."""

SHOWN = """() => document.body.textContent + [...document.querySelectorAll('option, [aria-label], [title]')]
  .map(one => one.textContent + one.getAttribute('aria-label') + one.title).join(' ')"""


class Watched:
    """A page and what it did that nobody asked of it."""

    def __init__(self, browser: Any, *, bypass: bool) -> None:
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=bypass)
        self.context.set_default_timeout(60_000)
        self.page = self.context.new_page()
        self.did: list[str] = []
        self.asked: list[str] = []
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda one: self.did.append(f"popup {one.url}"))
        self.page.on("pageerror", lambda error: self.did.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _dialog(self, one: Any) -> None:
        self.did.append(one.message)
        one.dismiss()

    def check(self, site: str, fewest: int = len(HOSTILE)) -> None:
        """Nothing ran or was asked for elsewhere, and at least so many of the words stand there literally."""
        assert self.page.evaluate(f"window.{FLAG}") is None
        assert self.did == []
        assert [one for one in self.asked if not one.startswith((site, "data:", "blob:"))] == []
        assert self.page.evaluate(ODD, ELSEWHERE) == []
        told = self.page.evaluate(SHOWN)
        assert not set(told) & set(TURNING)
        shown = [word for word in HOSTILE if word.replace("\u202e", "\ufffd") in told]
        assert len(shown) >= fewest, [word for word in HOSTILE if word not in shown]
        self.context.close()


@pytest.fixture(scope="module")
def made_up_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile") / "internal"
    yield from serve_release(hostile_release(write_made_up(folder)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration under hostile words, as `build` makes it."""
    folder = tmp_path_factory.mktemp("built")
    study = hostile_study(folder / "study")
    out = ["--audience", "internal", "--out", str(folder / "out"), "--quiet"]
    assert main(["build", str(study), *out]) in (0, 1)
    return folder / "out" / "internal"


@pytest.fixture(scope="module")
def built_site(built: Path) -> Iterator[str]:
    yield from serve_release(built)


def _look(browser: Any, site: str, page: str, firms: tuple[str, str], *, bypass: bool, lang: str) -> None:
    seen = Watched(browser, bypass=bypass)
    address = PAGES[page].format(firm=firms[0], other=firms[1])
    seen.page.goto(f"{site}{address}&lang={lang}")
    seen.page.wait_for_selector("main h1")
    if page == "pressure":
        seen.page.wait_for_selector("#drawer-title")
    elif page != "scenarios":
        wait_for_content(seen.page, address.split("?")[0])
    seen.page.evaluate(OPEN)
    seen.page.wait_for_timeout(500)
    seen.check(site)


@pytest.mark.parametrize(("bypass", "lang"), [(True, "en"), (False, "ja")])
@pytest.mark.parametrize("page", PAGES)
def test_words_put_into_a_release_stay_words(
    browser: Any, made_up_site: str, page: str, bypass: bool, lang: str
) -> None:
    _look(browser, made_up_site, page, ("T001", "T002"), bypass=bypass, lang=lang)


@pytest.mark.parametrize("page", PAGES)
def test_words_of_a_study_that_was_built_stay_words(browser: Any, built_site: str, page: str) -> None:
    _look(browser, built_site, page, ("S001", "S002"), bypass=True, lang="en")


def test_pages_to_take_away_stay_words(browser: Any, built: Path, tmp_path: Path) -> None:
    for lang in ("en", "ja"):
        brief = tmp_path / f"brief-{lang}.html"
        brief.write_bytes(make_brief(open_shelf(built), View(lang=lang), "html")[1])
        seen = Watched(browser, bypass=True)
        seen.page.goto(brief.as_uri())
        seen.check("file://")


def test_the_page_of_a_ledger_stays_words(browser: Any, tmp_path: Path) -> None:
    text = "".join(word + " " for word in HOSTILE).replace('"', "'")
    study = (
        'schema = 1\nid = "small"\ntitle = { en = "T" }\n[[waves]]\nname = "2021"\nfile = "answers.csv"\n'
        'codebook = "codebook.toml"\n[design]\nid = "firm"\n[[clean]]\nrule = "correct"\n'
        f'reason = "{text}"\nwho = "{text}"\nfirm = "a"\nquestion = "sector"\nbefore = "car"\n'
        f'value = "{text}"\n'
    )
    folder = study_folder(tmp_path / "study", study.replace("\\", "\\\\"), "firm,sector\na,car\nb,car\n")
    (folder / "codebook.toml").write_text('schema = 1\n[questions.sector]\nkind = "text"\n', encoding="utf-8")
    out = tmp_path / "ledger.html"
    assert main(["clean", str(folder), "--out", str(out), "--quiet"]) == 0
    seen = Watched(browser, bypass=True)
    seen.page.goto(out.as_uri())
    told = seen.page.evaluate(SHOWN)
    assert not set(told) & set(TURNING) and "\ufffd" in told
    assert "<script>" in told and "</script><script>" in told and "=HYPERLINK(" in told
    assert seen.page.evaluate(f"window.{FLAG}") is None and seen.did == []
    assert [one for one in seen.asked if not one.startswith("file://")] == []
    assert seen.page.evaluate(ODD, ELSEWHERE) == []
    seen.context.close()


def test_the_page_of_an_audit_stays_words(browser: Any, tmp_path: Path) -> None:
    figures = pd.read_csv(data_folder() / "reference" / "published" / "published_waves.csv", dtype=str)
    for at, column in enumerate(("question_gist", "option_gist", "source_title", "note", "fieldwork")):
        labels = dict.fromkeys(figures[column].dropna())
        figures[column] = figures[column].map(
            {one: f"{one} {HOSTILE[(at + place) % len(HOSTILE)]}" for place, one in enumerate(labels)}
        )
    source, out = tmp_path / f"{_NAME}.csv", tmp_path / "audit.html"
    figures.to_csv(source, index=False)
    assert main(["audit", str(source), "--out", str(out), "--quiet"]) in (0, 1)
    seen = Watched(browser, bypass=True)
    seen.page.goto(out.as_uri())
    seen.page.evaluate(OPEN)
    seen.check("file://", fewest=5)


def test_answers_brought_to_the_benchmark_stay_words(browser: Any, built_site: str, tmp_path: Path) -> None:
    path = tmp_path / f"{_NAME}.csv"
    path.write_text("firm_id," + ",".join(f'"{one.replace(chr(34), chr(39))}"' for one in HOSTILE) + "\n")
    seen = Watched(browser, bypass=True)
    seen.page.goto(f"{built_site}/benchmark?lang=en")
    seen.page.wait_for_selector("#bring-answers", state="attached")
    seen.page.set_input_files("#bring-answers", str(path))
    seen.page.click(".acts .first")
    seen.page.wait_for_selector(".fault")
    assert _NAME in seen.page.inner_text(".fault")
    seen.check(built_site, fewest=0)


def test_a_comparison_with_hostile_questions_stays_words(browser: Any, built: Path, tmp_path: Path) -> None:
    answers = str(next((built.parents[1] / "study").glob("*.sav")))
    out = tmp_path / "mine.html"
    given = ["--answers", answers, "--firm", "S001", "--out", str(out), "--quiet"]
    assert main(["benchmark", str(built), *given]) in (0, 1)
    seen = Watched(browser, bypass=True)
    seen.page.goto(out.as_uri())
    seen.page.evaluate(OPEN)
    seen.check("file://", fewest=5)
