"""A Japanese page holds no English but names, codes, abbreviations and what is marked as English."""

import re
from pathlib import Path

import pytest

from dashboard.pages.frame import PAGES
from dashboard.selection import read_address
from dashboard.shelf import open_shelf
from tests.dashboard.latin import latin_runs, said_in
from tests.dashboard.made_up import write_made_up
from tests.dashboard.test_states import _SHOWN

_ALLOWED = re.compile(
    r"""Crosspressure|English|demo|made_up|sector|WASSENAAR|n|p|t|Korn-Graubard|Woodruff|PowerPoint|Excel|PDF|HTML|CSV|SPSS|TOML|SHA-256|Enter|Ctrl|MB|JavaScript
    |AUC|HHI|HS|ECCN|EAR99|EU|AI|G|H|SNS|FLIC|FLAC|Firth|Jeffreys|Kish|buyer|supplier|country|product|value|form
    |[\w./-]+\.(?:csv|toml|sav|parquet|html|xlsx)          # files
    |(?:US|CN|JP|EU|NL|USJP|MULTI)-[A-Z0-9.-]+             # instruments and lists by their ids
    |[A-Z]{2,7}(?:-?\d+)?                                  # abbreviations: UFLPA, OFAC, NSPM-33
    |[A-Z]\d{2,4}                                          # firms, export control numbers
    |(?:\d+\s)?(?:CFR|U\.?S\.?C|Pub\.\sL|FR)[\s\w.(),;-]*|s\.\d|d|NIST\sSP|x\d{3}   # citations of law
    |pressure\.open|scenarios|study\.toml
    |chips|Made|Up|Trading|Company|A|made-up|series        # what the made-up study calls its own""",
    re.VERBOSE,
)
"""Latin words that a Japanese reader meets in Japanese print too, and ids that the study gives."""


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    at = tmp_path_factory.mktemp("latin")
    return {name: write_made_up(at / name, name) for name in ("internal", "members", "public")}


def _is_odd(run: str) -> bool:
    words = [word for word in re.split(r"[ ,;:()=]+", run) if word]
    return not _ALLOWED.fullmatch(run) and not all(_ALLOWED.fullmatch(word) for word in words)


@pytest.mark.parametrize("audience", ["internal", "members", "public"])
def test_no_english_is_left_on_a_japanese_page(releases: dict[str, Path], audience: str) -> None:
    shelf = open_shelf(releases[audience])
    given = set(shelf.tables["wording"]["text"]) if "wording" in shelf.tables else set()
    left = {}
    for page, _ in PAGES:
        for text in said_in(_SHOWN[page](shelf, read_address("?lang=ja"))):
            odd = [run for run in latin_runs(text) if _is_odd(run) and not any(run in one for one in given)]
            if odd:
                left[f"{page}: {text[:80]}"] = odd
    assert left == {}


def test_the_reader_sees_what_is_left_in_english() -> None:
    from dash import html

    part = html.Div([html.P("数値 the base is wrong"), html.Span("a title", lang="en"), html.Code("x")])
    assert [run for text in said_in(part) for run in latin_runs(text)] == ["the base is wrong"]
