"""Questions to start with: only what the Release holds, each answered at its address; the first note."""

import re
from pathlib import Path

import pytest

from dashboard.app import make_app
from dashboard.pages.questions import sample_questions
from dashboard.selection import View
from dashboard.shelf import open_shelf
from tests.dashboard.made_up import SECRET, write_made_up
from tests.dashboard.test_app import _page, _text

HIDDEN = (
    *("not for the audience", "kept back", "could not be shown", "holds nothing for part"),
    *("holds no firm called", "数値を表示できませんでした"),
)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_each_question_is_answered_at_its_address(
    internal: Path, public: Path, audience: str, lang: str
) -> None:
    folder = internal if audience == "internal" else public
    client = make_app(folder).server.test_client()
    found = sample_questions(open_shelf(folder), View(lang=lang))
    assert len(found) >= 4 and len({href for _, href in found}) == len(found)
    for words, href in found:
        assert not re.search(r"\{|nan|None", words)
        path, _, query = href.partition("?")
        assert client.get(href).status_code == 200
        answer = _page(client, path.strip("/") or "briefing", f"?{query}")
        text = _text(answer)
        assert answer.status_code == 200 and len(text) > 2_000, href
        assert not [word for word in HIDDEN if word in text], href


def test_scenarios_are_asked_of_only_where_they_are_held(internal: Path, public: Path) -> None:
    def asked(folder: Path) -> str:
        return " ".join(words for words, _ in sample_questions(open_shelf(folder), View()))

    assert "Who is squeezed under" in asked(internal)
    assert "Who is squeezed under" not in asked(public) and "highest tier" not in asked(public)
    assert SECRET not in asked(public)


def test_a_release_of_little_asks_little(tmp_path: Path) -> None:
    found = sample_questions(open_shelf(write_made_up(tmp_path / "bare", is_bare=True)), View())
    assert not [href for _, href in found if href.startswith(("/scenarios", "/suppliers"))]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_note_for_a_first_visit_is_in_the_page(internal: Path, lang: str) -> None:
    text = _text(_page(make_app(internal).server.test_client(), "briefing", f"?lang={lang}"))
    assert '"id": "guide"' in text and '"data-guide": "close"' in text and '"data-guide": "open"' in text
