"""Each number opens to its wording, n, base, interval, weight, source and suppression."""

import json
import re

import pytest
from flask.testing import FlaskClient

from dashboard.known import FACTS
from dashboard.wording import LANGUAGES, say
from tests.dashboard.test_passed_over import _shown

_UNBROKEN = re.compile(
    r'", \{"props": \{"children": "([^"]*)", "className": "unbroken"\}, "type": "Span", '
    r'"namespace": "dash_html_components"\}(?:, ")?'
)
"""Words that stay on one line, as an element of their own inside a text."""

_LEAST = dict(briefing=7, pressure=1, survey=1, suppliers=3, scenarios=1, rules=2, method=4)
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
        figures = shown[shown.index('"className": "claim-of-day"') : shown.index('"className": "figures"')]
        assert figures.count('"className": "figure"') == figures.count('"className": "about"') > 2


def test_what_is_hidden_opens_to_no_number(public_client: FlaskClient) -> None:
    shown = _shown(public_client, "survey", "lang=en&question=had_to_choose")
    about = shown[shown.index('"className": "about"') - 3_000 : shown.index('"className": "about"')]
    if "not shown: confidentiality" in about:
        assert "22.2" not in about


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sectors_scenarios_and_the_quadrant_of_the_briefing_open(
    internal_client: FlaskClient, lang: str
) -> None:
    shown = _shown(internal_client, "briefing", f"lang={lang}")
    for key in ("what_scenarios", "what_pressure", "n_groups"):
        assert say(lang, f"about.{key}", **({"n": "§"} if key == "n_groups" else {})).split("§")[-1] in shown


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", ["pressure", "briefing"])
def test_each_list_of_bands_opens_and_says_how_many_are_hidden(
    public_client: FlaskClient, page: str, lang: str
) -> None:
    shown = _shown(public_client, page, f"lang={lang}")
    lists = shown.count('"className": "band-list"')
    assert lists == shown.count(say(lang, "about.what_bands")) > 0
    assert say(lang, "about.base_pressure") in shown


def test_every_chapter_of_the_method_opens_but_those_of_files(
    internal_client: FlaskClient, public_client: FlaskClient
) -> None:
    for client in (internal_client, public_client):
        shown = _shown(client, "method", "lang=en")
        assert shown.count('"className": "panel chapter"') == shown.count('"className": "about"') + 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_drawer_of_a_firm_and_changes_between_waves_open(internal_client: FlaskClient, lang: str) -> None:
    there = _shown(internal_client, "pressure", f"lang={lang}&firm=T001")
    assert there.count(say(lang, "about.what_pressure")) == 2
    for page, key in (("briefing", "waves"), ("survey", "waves"), ("rules", "technologies")):
        shown = _UNBROKEN.sub(r"\1", _shown(internal_client, page, f"lang={lang}&question=had_to_choose"))
        for fact in ("what", "base", "interval"):
            assert say(lang, f"about.{fact}_{key}") in shown, (page, fact)
