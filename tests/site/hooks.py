"""What MkDocs is told while it builds: the menu, the language of a page, where links end, what was measured.

MkDocs loads this file by its path (`hooks` of mkdocs.yml) and calls the functions by their names.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from tests.site.measured import filled_in

JAPANESE = ".ja.md"
BROKEN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n *(?=[\u3001-\u9fff\uff00-\uffef])")
"""The end of a line within a Japanese sentence, where no space belongs."""
SEARCH = 'data-md-component="search" role="dialog"'
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(((?:\.\./)+[^)#\s]+)(?:#[^)\s]*)?\)")


def on_config(config: Any) -> Any:
    """Put every page of a folder where the menu says `folder/*`, but those that it names itself."""
    named = set(_pages(config.nav))
    docs = Path(config.docs_dir)
    there = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))
    config.nav = _filled(config.nav, [page for page in there if page not in named])
    return config


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Put measured tables in, close Japanese lines up, leave of a link that leads out of docs/ its words."""
    here = posixpath.dirname(page.file.src_uri)
    if page.file.src_uri.endswith(JAPANESE):
        markdown = BROKEN.sub("", markdown)
    return LINK.sub(
        lambda link: (
            link[1] if posixpath.normpath(posixpath.join(here, link[2])).startswith("..") else link[0]
        ),
        filled_in(markdown),
    )


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """Speak the language of the page: its `lang`, and the words of the menu and the search."""
    config.theme["language"] = "ja" if page.file.src_uri.endswith(JAPANESE) else "en"
    return context


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Give the search its name, which the theme leaves out, for those who do not see the page."""
    name = "検索" if page.file.src_uri.endswith(JAPANESE) else "Search"
    return output.replace(SEARCH, f'{SEARCH} aria-label="{name}"')


def _pages(nav: Any) -> list[str]:
    """Each page that a menu names, in order."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in _pages(part)]


def _filled(nav: Any, rest: list[str]) -> Any:
    """The menu with `folder/*` put in; a part that stays empty goes."""
    filled = []
    for part in nav:
        if not isinstance(part, dict):
            filled.append(part)
            continue
        ((title, what),) = part.items()
        if isinstance(what, str) and what.endswith("*"):
            what = [page for page in rest if posixpath.dirname(page) == what.rstrip("/*")]
            filled += [{title: what}] if what else []
        else:
            filled.append({title: what if isinstance(what, str) else _filled(what, rest)})
    return filled
