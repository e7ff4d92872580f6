"""All eight pages of the demonstration in every form: language, theme and width, in one browser.

A page passes when it says nothing on the console, asks no other host for anything, stays where it is, fits
its width, shows the number the Release holds, and axe-core finds nothing serious. What axe-core looks at is
markup, names and colours: it runs once for each page, theme and width, in English, and once more for each
page in Japanese. A picture of every page stays in data/built/pages.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.command import main
from survey.paths import data_folder
from tests.browser.opening import run_axe, serve_release, wait_for_content

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "ja")
PICTURES = Path(__file__).parents[2] / "data" / "built" / "pages"
BUDGET = 1_600_000
"""Bytes of a page over the wire, compressed."""

PAGES = {
    "briefing": "/",
    "pressure": "/pressure",
    "survey": "/survey?question=had_to_choose",
    "suppliers": "/suppliers",
    "rules": "/rules",
    "scenarios": "/scenarios?scenario=de-minimis-zero",
    "benchmark": "/benchmark",
    "method": "/method",
}
FORMS = [
    (lang, theme, width) for width in (1440, 390) for theme in ("light", "dark") for lang in ("en", "ja")
]
FEW = [("en", "light", 1440), ("ja", "dark", 390)]
"""Forms of the pages of members and the public: each language, theme and width once."""

SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) { if (!one.hadRecentInput) { window.shifted += one.value; } }
}).observe({type: 'layout-shift', buffered: true});
"""
MOVES = """
window.moved = [];
new PerformanceObserver(list => {
  for (const one of list.getEntries()) {
    if (one.hadRecentInput) { continue; }
    for (const part of one.sources) {
      const by = Math.abs(part.currentRect.y - part.previousRect.y);
      if (part.node && part.previousRect.height && part.currentRect.height && by > 8) {
        window.moved.push([Math.round(by), part.node.nodeName, part.node.id, part.node.className]);
      }
    }
  }
}).observe({type: 'layout-shift', buffered: true});
"""
"""What moves up or down by more than 8 px, with how far."""
TALL = 14_000
"""Height of a window that shows the longest page whole."""

WIRE = """[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration as `build` makes it; CROSSPRESSURE_BUILT names one that was built before."""
    given = os.environ.get("CROSSPRESSURE_BUILT")
    if given:
        return Path(given)
    out = tmp_path_factory.mktemp("built")
    assert main(["build", str(data_folder() / "demo"), "--out", str(out), "--quiet"]) in (0, 1)
    return out


@pytest.fixture(scope="module")
def sites(built: Path) -> Iterator[dict[str, str]]:
    """Address of each audience's server."""
    servers = {name: serve_release(built / name) for name in ("internal", "members", "public")}
    yield {name: next(server) for name, server in servers.items()}
    for server in servers.values():
        next(server, None)


@pytest.fixture(scope="module")
def forms(browser: Any) -> Iterator[dict[tuple[str, int], Any]]:
    """One context of the browser for each theme and width: pages of one form share what was fetched once."""
    contexts: dict[tuple[str, int], Any] = {}
    yield contexts
    for context in contexts.values():
        context.close()


def _share(table: Path, **keys: str) -> pd.Series:
    rows = pd.read_parquet(table)
    for column, value in keys.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, keys
    return rows.iloc[0]


def _numbers(release: Path, page: str) -> tuple[str, list[str]]:
    """Where a page shows its main number, and the digits the tables of the Release say must stand there.

    The page Benchmark has as many of these places as its form has questions, and says no number.
    """
    if page in ("briefing", "survey"):
        row = _share(release / "claims.parquet", claim="share:had_to_choose:1")
        where = ".claim-of-day" if page == "briefing" else "#survey-claim"
        return where, [f"{row['count']:.0f}", f"{row['n']:.0f}", f"{100 * row['estimate']:.0f}"]
    if page == "pressure":
        if (release / "pressure.parquet").is_file():
            tiers = pd.read_parquet(release / "pressure.parquet").query("stat == 'tier'")["estimate"]
            return "main h1", [str(int((tiers == tiers.min()).sum())), str(tiers.notna().sum())]
        rows = pd.read_parquet(release / "estimates.parquet")
        rows = rows[(rows["question"] == "pressure.squeeze") & (rows["by"] == "") & (rows["stat"] == "share")]
        return ".bands", [f"{100 * rows['estimate'].max():.0f}"]
    if page == "suppliers":
        seed = {"seed": "country=CN", "summary": "mean"}
        table = release / "exposure.parquet"
        digits = 1 if (release / "pressure.parquet").is_file() else 0
        values = [_share(table, stat=stat, **seed)["estimate"] for stat in ("direct", "exposure")]
        return "#suppliers-claim", [f"{100 * value:.{digits}f}" for value in values]
    if page == "rules":
        return "#rules-claim", [str(len(pd.read_parquet(release / "instruments.parquet")))]
    if page == "scenarios":
        if not (release / "scenario_effects.parquet").is_file():
            changes = pd.read_parquet(release / "scenario_changes.parquet")
            changes = changes[changes["scenario"] == "de-minimis-zero"]
            others = changes["key"].str.split(" ").str[0].nunique() - 1
            return "#changes", [f"{100 * float(changes['after'].iloc[0]):.0f}", str(others)]
        table = release / "scenario_effects.parquet"
        row = _share(table, scenario="de-minimis-zero", stat="squeeze", by="", group="")
        return "#scenarios-claim", [f"{row[end]:.3f}" for end in ("before", "after")]
    if page == "method":
        manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
        return ".chapter:has(#response)", [str(manifest["firms"])]
    form = pd.read_parquet(release / "form.parquet").query("kind != 'id'")
    return ".ask", [str(form["question"].nunique())]


def _look(
    forms: dict[tuple[str, int], Any],
    browser: Any,
    site: str,
    release: Path,
    page: str,
    form: tuple[str, str, int],
    has_axe: bool,
) -> None:
    """Open a page in one form, keep its picture, and hold it against all that is asked of every page."""
    lang, theme, width = form
    context = forms.get((theme, width))
    if context is None:
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.set_default_timeout(30_000)
        context.add_init_script(SHIFTS)
        forms[theme, width] = context
    opened, said, asked = context.new_page(), [], []
    opened.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    path = PAGES[page]
    opened.goto(f"{site}{path}{'&' if '?' in path else '?'}lang={lang}&theme={theme}")
    has_firms = (release / "pressure.parquet").is_file()
    wait_for_content(opened, path.split("?")[0], has_firms=has_firms)
    opened.wait_for_timeout(250)
    shifted = opened.evaluate("window.shifted")
    folder = PICTURES / release.name
    folder.mkdir(parents=True, exist_ok=True)
    opened.screenshot(
        path=folder / f"{page}_{lang}_{theme}_{width}.jpg", type="jpeg", quality=80, full_page=True
    )
    assert opened.locator("html").get_attribute("lang") == lang
    ground = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if theme == "light" else "rgb(20, 22, 26)")
    assert opened.locator(".banner").inner_text().startswith("Synthetic" if lang == "en" else "合成データ")
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert 100_000 < opened.evaluate(WIRE) < BUDGET
    assert shifted < 0.02
    where, numbers = _numbers(release, page)
    place = opened.locator(where)
    text = str(place.count()) if page == "benchmark" else place.first.inner_text()
    shown = re.findall(r"\d+(?:\.\d+)?", text)
    assert set(numbers) <= set(shown), (where, numbers, shown)
    assert said == []
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []
    if has_axe:
        assert run_axe(opened) == []
    opened.close()


@pytest.mark.parametrize(("lang", "theme", "width"), FORMS)
@pytest.mark.parametrize("page", PAGES)
def test_page_of_the_team(
    browser: Any,
    forms: dict[tuple[str, int], Any],
    sites: dict[str, str],
    built: Path,
    page: str,
    lang: str,
    theme: str,
    width: int,
) -> None:
    has_axe = lang == "en" or (theme, width) == ("light", 1440)
    _look(forms, browser, sites["internal"], built / "internal", page, (lang, theme, width), has_axe)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_moves_under_a_reader_who_has_scrolled(
    browser: Any, sites: dict[str, str], page: str, width: int
) -> None:
    """The whole page in one window: what comes late or is laid out twice moves all that stands below."""
    context = browser.new_context(viewport={"width": width, "height": TALL})
    context.set_default_timeout(30_000)
    context.add_init_script(MOVES)
    opened, path = context.new_page(), PAGES[page]
    opened.goto(f"{sites['internal']}{path}{'&' if '?' in path else '?'}lang=en")
    wait_for_content(opened, path.split("?")[0])
    opened.wait_for_timeout(1000)
    assert opened.evaluate("document.documentElement.scrollHeight") <= TALL
    assert opened.evaluate("window.moved") == []
    context.close()


@pytest.mark.parametrize("form", FEW)
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("audience", ["members", "public"])
def test_page_of_others(
    browser: Any,
    forms: dict[tuple[str, int], Any],
    sites: dict[str, str],
    built: Path,
    audience: str,
    page: str,
    form: tuple[str, str, int],
) -> None:
    _look(forms, browser, sites[audience], built / audience, page, form, has_axe=form == FEW[0])
