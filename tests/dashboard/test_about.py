"""Each number opens to its wording, n, base, interval, weight, source and suppression."""

import json

import pytest
from flask.testing import FlaskClient

from dashboard.pages.about import FACTS
from dashboard.wording import LANGUAGES, say
from tests.dashboard.test_passed_over import _shown

_LEAST = {"briefing": 3, "pressure": 1, "survey": 1, "suppliers": 1, "scenarios": 1, "rules": 1}
"""Numbers of a page that open, at least."""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", _LEAST)
def test_each_opens_to_all_seven(internal_client: FlaskClient, page: str, lang: str) -> None:
    shown = _shown(internal_client, page, f"lang={lang}")
    opened = shown.count('"className": "about"')
    assert opened >= _LEAST[page]
    for fact in FACTS:
        term = json.dumps({"children": say(lang, f"about.{fact}")}, ensure_ascii=False)[:-1]
        assert shown.count(term) >= opened, fact


def test_every_figure_of_the_briefing_opens(internal_client: FlaskClient, public_client: FlaskClient) -> None:
    for client in (internal_client, public_client):
        shown = _shown(client, "briefing", "lang=en")
        assert shown.count('"className": "figure"') == shown.count('"className": "about"')


def test_what_is_hidden_opens_to_no_number(public_client: FlaskClient) -> None:
    shown = _shown(public_client, "survey", "lang=en&question=had_to_choose")
    about = shown[shown.index('"className": "about"') - 3_000 : shown.index('"className": "about"')]
    if "not shown: confidentiality" in about:
        assert "22.2" not in about
