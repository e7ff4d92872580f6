"""The documentation site: built strictly, complete, in two languages, with true paths and pictures."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.house_map import TOP
from tests.site.__main__ import build_site, fetched_from_elsewhere
from tests.site.architecture import GROUNDS, PLACES, drawn
from tests.site.hooks import on_config, on_page_markdown
from tests.site.measured import filled_in
from tests.site.walking import PAGES, blocks, walk

DOCS = TOP / "docs"
ENGLISH = sorted(path for path in PAGES.glob("*.md") if not path.stem.endswith(".ja"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("site"))


def test_every_page_of_the_documents_is_built_and_in_the_menu(site: Path) -> None:
    pages = sorted(DOCS.rglob("*.md"))
    menu = (site / "index.html").read_text(encoding="utf-8")
    for page in pages:
        there = page.relative_to(DOCS).with_suffix(".html").as_posix()
        assert (site / there).is_file()
        assert f'href="{there}"' in menu or there == "index.html"


def test_no_page_fetches_from_elsewhere_and_one_that_does_is_found(site: Path, tmp_path: Path) -> None:
    assert fetched_from_elsewhere(site) == []
    (tmp_path / "a.html").write_text(
        '<a href="https://a.example/"><img src=//b.example/x.png><script async src="https://c.example/s.js">'
        '<link rel="canonical" href="https://d.example/"><link rel=stylesheet href="https://e.example/y.css">'
    )
    (tmp_path / "b.css").write_text(
        "@import 'https://f.example/z.css'; p { background: url(https://g.example/q) }"
    )
    found = [address.split("//")[1].split("/")[0] for _, address in fetched_from_elsewhere(tmp_path)]
    assert found == ["b.example", "c.example", "e.example", "f.example", "g.example"]


def test_a_japanese_page_says_that_it_is_japanese(site: Path) -> None:
    for name, language in (("paths/firm.ja.html", "ja"), ("paths/firm.html", "en")):
        text = (site / name).read_text(encoding="utf-8")
        assert re.search(rf'<html lang="{language}"', text)
    assert "検索" in (site / "paths" / "firm.ja.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.stem)
def test_both_languages_of_a_path_have_the_same_steps(page: Path) -> None:
    english, japanese = (
        [(mark, block) for mark, block, _ in blocks(path.read_text(encoding="utf-8"))]
        for path in (page, page.with_suffix(".ja.md"))
    )
    assert english == japanese
    assert sum(mark == "sh" for mark, _ in english) >= 4 and any(mark == "text" for mark, _ in english)


def test_both_readmes_have_the_same_commands() -> None:
    english, japanese = (
        {
            line.split("#")[0].strip()
            for line in re.findall(r"^(?:crosspressure|make|py|\.venv\S+) .*$", text, re.MULTILINE)
        }
        for text in ((TOP / name).read_text(encoding="utf-8") for name in ("README.md", "README.ja.md"))
    )
    assert english == japanese and len(english) > 15


def test_a_walk_tells_what_is_not_as_written(tmp_path: Path) -> None:
    page = tmp_path / "path.md"
    page.write_text(
        "```sh\necho 'one   two'\nfalse\n```\n\n```text\none two\nthree\n```\n\n```sh\nexit 2\n```\n"
    )
    page.with_suffix(".ja.md").write_text("")
    faults = walk(page, tmp_path, {"PATH": "/usr/bin:/bin"})
    assert [fault.splitlines()[0] for fault in faults] == [
        "path.md: `three` is not in the output:",
        "path.md: exit 2 of",
    ]


def test_pictures_of_the_house_are_as_drawn_and_name_what_there_is() -> None:
    for ground in GROUNDS:
        kept = (DOCS / "images" / f"architecture-{ground}.svg").read_text(encoding="utf-8")
        assert kept == drawn(ground), "python -m tests.site.architecture"
    assert [place for place in PLACES if not (TOP / place).exists()] == []


def test_measured_tables_come_from_the_last_run_kept(tmp_path: Path) -> None:
    def keep(file: str, is_kept: bool, name: str, date: str, is_gathered: bool = False) -> None:
        rows = [{"what": "a thing", "ours": 0.5, "unit": "share", "bound": "half", "is_kept": is_kept}]
        told = {"benchmarks": [{"name": name, "rows": rows}]} if is_gathered else {"name": name, "rows": rows}
        where = {"date": date, "commit": "abc", "machine": "one", "python": "3"}
        (tmp_path / f"{file}.json").write_text(json.dumps({**where, **told}))

    keep("x-2026-01-02", False, "x", "2026-01-02")
    keep("x-2026-01-04", True, "x", "2026-01-04")
    keep("2026-01-03", False, "x", "2026-01-03", is_gathered=True)
    keep("2026-01-05", False, "y", "2026-01-05", is_gathered=True)
    filled = filled_in("<!-- measured: x -->\n\n<!-- measured: y -->\n", tmp_path)
    assert "`x`, 2026-01-04, commit abc" in filled and "half: kept" in filled
    assert "`y`, 2026-01-05" in filled and "half: MISSED" in filled
    assert "2026-01-02" in filled_in("<!-- measured: x-2026-01-02 -->", tmp_path)
    with pytest.raises(KeyError, match="nothing is kept"):
        filled_in("<!-- measured: z -->", tmp_path)


def test_the_menu_takes_up_new_pages_and_links_stay_inside(tmp_path: Path) -> None:
    for name in ("a.md", "how/b.md", "how/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# x")
    nav = [{"A": "a.md"}, {"How": [{"B": "how/b.md"}, {"More": "how/*"}, {"None": "no/*"}]}]
    config = on_config(SimpleNamespace(nav=nav, docs_dir=str(tmp_path)))
    assert config.nav == [{"A": "a.md"}, {"How": [{"B": "how/b.md"}, {"More": ["how/c.md"]}]}]
    page = SimpleNamespace(file=SimpleNamespace(src_uri="how/b.md"))
    text = "[out](../../data/README.md#x) and [in](../a.md) and ![pic](../a.png)"
    assert on_page_markdown(text, page) == "out and [in](../a.md) and ![pic](../a.png)"
    japanese = SimpleNamespace(file=SimpleNamespace(src_uri="how/b.ja.md"))
    assert (
        on_page_markdown("規制が\n復活\nして\n\n次。\n- 一\n  二\n", japanese)
        == "規制が復活して\n\n次。\n- 一二\n"
    )
    assert on_page_markdown("規制が\n復活", page) == "規制が\n復活"
