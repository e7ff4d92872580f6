"""A Japanese page holds no English but names, codes, abbreviations and what is marked as English."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from analysis import write_release
from dashboard.app import make_app
from dashboard.pages.drawer import show_drawer
from dashboard.pages.frame import PAGES
from dashboard.pages.rules_card import show_card
from dashboard.pages.rules_pair import pair_panel
from dashboard.ruled import ruled_for
from dashboard.selection import grid_rows, read_address
from dashboard.shelf import Shelf, open_shelf
from tests.analysis.ready_study import write_ready
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


_MADE_UP = re.compile(
    r"""L\d+|P\d+|[A-F]6?|Entity\ List|Article|draws|a\ made-up\ bill|Made-up|Part|E003\.A""", re.VERBOSE
)
"""What the made-up study calls its links, parties and papers, forms of control numbers, parts of a law."""


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


def _odd_runs(parts: Iterable[tuple[str, object]]) -> dict[str, list[str]]:
    left = {}
    for where, part in parts:
        for text in said_in(part):
            odd = [run for run in latin_runs(text) if _is_odd(run) and not _MADE_UP.fullmatch(run)]
            if odd:
                left[f"{where}: {text[:80]}"] = odd
    return left


def _opened(shelf: Shelf) -> Iterator[tuple[str, object]]:
    """What a reader opens on the pages: drawers, every rule's card, pairs, scenarios, rows of the grid."""
    for firm in list(shelf.firms["firm"])[:6]:
        view = read_address(f"?lang=ja&firm={firm}")
        yield f"drawer {firm}", show_drawer(shelf, view)
        yield f"suppliers of {firm}", _SHOWN["suppliers"](shelf, view)
    compared = read_address("?lang=ja&compare=T001,T002,T003")
    yield "compared", _SHOWN["pressure"](shelf, compared)
    yield "grid", [str(row["name"]) for row in grid_rows(shelf.firms, compared, ())]
    for rule in shelf.tables["instruments"]["id"]:
        ruled = ruled_for(shelf, read_address(f"?lang=ja&instrument={rule}"))
        yield f"card {rule}", ruled and show_card(ruled, "ja")
    ruled = ruled_for(shelf, compared)
    for pair in list(ruled.matrix["key"]) if ruled else ():
        asked = ruled_for(shelf, read_address(f"?lang=ja&pair={quote(pair)}"))
        yield f"pair {pair}", asked and pair_panel(asked, "ja")
    for one in shelf.tables["scenarios"]["scenario"]:
        yield f"scenario {one}", _SHOWN["scenarios"](shelf, read_address(f"?lang=ja&scenario={one}"))


def test_no_english_is_left_where_a_japanese_reader_opens_more(releases: dict[str, Path]) -> None:
    shelf = open_shelf(releases["internal"])
    parts = list(_opened(shelf))
    assert len(parts) > 140
    assert {where.split()[0] for where, _ in parts} >= {"drawer", "grid", "card", "pair", "scenario"}
    assert _odd_runs(parts) == {}


def test_the_reader_sees_what_is_left_in_english() -> None:
    from dash import html

    part = html.Div([html.P("数値 the base is wrong"), html.Span("a title", lang="en"), html.Code("x")])
    assert [run for text in said_in(part) for run in latin_runs(text)] == ["the base is wrong"]


def test_no_english_is_left_in_what_a_firm_is_told_of_its_place(tmp_path: Path) -> None:
    study, _ = write_ready(tmp_path)
    write_release(study, tmp_path / "out")
    asked = {"lang": "ja", "answers": {"measures": ["head"], "board": ["2"], "acts": ["1"]}}
    for audience in ("internal", "members"):
        client = make_app(tmp_path / "out" / audience).server.test_client()
        said = unescape(client.post("/benchmark/compare", json=asked).get_json()["html"])
        marked = re.compile(r'<(\w+)[^>]* lang="en"[^>]*>[^<]*</\1>')
        texts = re.split(r"<[^>]*>", marked.sub("", said))
        assert any("位置" in text or "回答" in text for text in texts)
        wording = open_shelf(tmp_path / "out" / audience).tables["wording"]
        own = {*wording["text"], *wording["question"]}
        texts = [text for text in texts if text not in own]
        odd = {}
        for text in texts:
            runs = [run for run in latin_runs(text) if _is_odd(run) and run not in ("ready", "w")]
            if runs:
                odd[text] = runs
        assert odd == {}
