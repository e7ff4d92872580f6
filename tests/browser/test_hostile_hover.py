"""Words that would run, hovered over and opened: on every chart, table and drawer, for every audience.

What stands still is looked at by test_hostile_words; a chart writes its words anew when one points at it, and
would turn a few tags of them into links and bold letters.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.command import main
from tests.browser.opening import serve_release
from tests.browser.test_hostile_words import ODD, OPEN, SHOWN
from tests.dashboard.hostile import ELSEWHERE, FLAG, HOSTILE, TURNING, hostile_release, hostile_study
from tests.dashboard.made_up import write_made_up

pytestmark = pytest.mark.browser

LONG = f"<img src=x onerror=window.{FLAG}=16>" + "long name 長い名前" * 700
"""A name of ten thousand letters."""

AUDIENCES = ("internal", "members", "public")
PAGES = ("/", "/pressure", "/survey", "/suppliers", "/rules", "/scenarios", "/benchmark", "/method")
DRAWERS = {
    "internal": (
        "/pressure?firm=S001&compare=S001,S002",
        "/rules?instrument=US-EL",
        "/rules?pair=US-EL~CN-AFSL",
        "/survey?question=had_to_choose&by=sector",
        "/suppliers?firm=S001&seed=country%3DCN",
    ),
    "members": ("/rules?instrument=US-EL", "/survey?question=impact_type"),
    "public": ("/rules?instrument=US-EL", "/survey?question=impact_type"),
}
"""Addresses that open a drawer, a card or a break beside the pages themselves."""

POINT_AT_ALL = """async () => {
  let told = [];
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    for (const [curve, trace] of plot._fullData.entries()) {
      if (trace.hoverinfo === 'skip' || trace.visible !== true) { continue; }
      const many = Math.min((trace.x || []).length, 40);
      for (let at = 0; at < many; at++) {
        const point = { curveNumber: curve, pointNumber: at };
        try { window.Plotly.Fx.hover(plot, [point]); } catch (error) { continue; }
        await new Promise(done => requestAnimationFrame(done));
        const layer = plot.querySelector('.hoverlayer');
        if (!layer || !layer.textContent) { continue; }
        told.push(layer.textContent);
        const odd = [...layer.querySelectorAll('a, script, image, foreignObject, tspan')].filter(
          one => one.tagName !== 'tspan' || /^(so|go|win)$/.test(one.textContent));
        if (odd.length) { told.push('ODD ' + odd[0].outerHTML); }
      }
    }
  }
  return told;
}"""
"""What charts say of each of their points, as they say it under a pointer."""


class Pointed:
    """A page under the pointer, and all it did that nobody asked of it."""

    def __init__(self, browser: Any, site: str, lang: str, *, bypass: bool) -> None:
        self.site, self.lang = site, lang
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=bypass)
        self.context.set_default_timeout(60_000)
        self.page = self.context.new_page()
        self.did: list[str] = []
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda one: self.did.append(f"popup {one.url}"))
        self.page.on("pageerror", lambda error: self.did.append(str(error)))
        self.page.on("console", lambda one: self.did.append(one.text) if one.type == "error" else None)
        self.page.on("request", self._request)

    def _dialog(self, one: Any) -> None:
        self.did.append(one.message)
        one.dismiss()

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.did.append(f"asked {request.url}")

    def look(self, address: str) -> list[str]:
        """Open a page and all its folds, point at everything, and see that nothing of it ran."""
        sign = "&" if "?" in address else "?"
        self.page.goto(f"{self.site}{address}{sign}lang={self.lang}")
        self.page.wait_for_selector("main h1")
        self.page.wait_for_load_state("networkidle")
        if self.page.locator(".dash-graph").count():
            self.page.wait_for_selector(".js-plotly-plot .main-svg")
        self.page.evaluate(OPEN)
        self.page.wait_for_timeout(300)
        told = self.page.evaluate(POINT_AT_ALL)
        self._pointer()
        assert not [one for one in told if one.startswith("ODD ")], address
        assert self.page.evaluate(f"window.{FLAG}") is None, address
        assert self.page.evaluate(ODD, ELSEWHERE) == [], address
        assert not set(self.page.evaluate(SHOWN)) & set(TURNING), address
        assert self.did == [], address
        return [str(one) for one in told]

    def _pointer(self) -> None:
        """The pointer itself over marks, bars, strips, rows and heads, some of each."""
        for kind in (".points path", "[role=img]", ".piece", "[title]", "tbody tr", "summary", "main a"):
            for one in self.page.locator(f"{kind} >> visible=true").all()[:6]:
                box = one.bounding_box()
                if box:
                    self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration under hostile words, one of them of ten thousand letters, for every audience."""
    folder = tmp_path_factory.mktemp("hover")
    study = hostile_study(folder / "study", (*HOSTILE, LONG))
    out = ["--audience", ",".join(AUDIENCES), "--out", str(folder / "out"), "--quiet"]
    assert main(["build", str(study), *out]) in (0, 1)
    return folder / "out"


@pytest.fixture(scope="module", params=AUDIENCES)
def site(request: pytest.FixtureRequest, built: Path) -> Iterator[tuple[str, str]]:
    """An audience and the address of its server."""
    for address in serve_release(built / request.param):
        yield request.param, address


@pytest.fixture(scope="module")
def named_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Release whose rules, waves and parameters have hostile names too."""
    folder = tmp_path_factory.mktemp("named") / "internal"
    yield from serve_release(hostile_release(write_made_up(folder), (*HOSTILE, LONG)))


def test_words_pointed_at_stay_words(browser: Any, site: tuple[str, str]) -> None:
    audience, address = site
    seen = Pointed(browser, address, "ja" if audience == "members" else "en", bypass=False)
    told = [words for page in (*PAGES, *DRAWERS[audience]) for words in seen.look(page)]
    assert told
    if audience == "internal":
        assert any("<a href=" in words or "<script>" in words for words in told)
    seen.context.close()


@pytest.mark.parametrize(("bypass", "lang"), [(False, "ja"), (True, "en")])
def test_names_of_rules_and_steps_in_charts_stay_words(
    browser: Any, named_site: str, bypass: bool, lang: str
) -> None:
    seen = Pointed(browser, named_site, lang, bypass=bypass)
    charts = ("/", "/survey?question=had_to_choose", "/scenarios", "/method")
    told = [words for page in charts for words in seen.look(page)]
    assert sum(any(sign in words for sign in ("<", "=HYPERLINK", "javascript:")) for words in told) > 3
    seen.context.close()
