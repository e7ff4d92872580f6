"""An address that asks for what a Release does not hold: the page says so, and shows what it can."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.passed_over import kept_parts, parts_passed_over
from dashboard.refusals import raw_refusal
from dashboard.selection import View, address, read_address
from dashboard.shelf import open_shelf
from tests.dashboard.probes import LEAKS

_ASKED = [
    ("survey", "question=nowhere", {"question": "nowhere"}),
    ("survey", "question=had_to_choose&by=nowhere", {"by": "nowhere"}),
    ("survey", "question=had_to_choose&option=9&base=all", {"option": "9", "base": "all"}),
    ("suppliers", "firm=Z9&seed=country%3DXX", {"firm": "Z9", "seed": "country=XX"}),
    ("scenarios", "scenario=war&stat=pain", {"scenario": "war", "stat": "pain"}),
    (
        "rules",
        "day=2026-02-30&side=eu&state=odd&span=9",
        dict(day="2026-02-30", side="eu", state="odd", span="9"),
    ),
    ("pressure", "sector=zz&tier=nan&sort=firm", {"sector": "zz", "tier": "nan", "sort": "firm"}),
    ("pressure", "compare=T001,Z9", {"compare": "Z9"}),
    ("briefing", "compare=Z8,T001,Z9", {"compare": "Z8, Z9"}),
    ("method", "lang=fr&theme=neon&wave=1999", {"lang": "fr", "theme": "neon", "other": "wave"}),
]


def _shown(client: FlaskClient, page: str, search: str) -> str:
    ground = {"id": "ground", "property": "data", "value": {"ground": "light", "narrow": False}}
    where = {"id": "_pages_location", "property": "search", "value": f"?{search}"}
    body: dict[str, Any] = {"output": f"{page}-page.children", "inputs": [ground], "state": [where]}
    body |= {"outputs": {"id": f"{page}-page", "property": "children"}, "changedPropIds": ["ground.data"]}
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200
    return json.dumps(answer.get_json(), ensure_ascii=False)


@pytest.mark.parametrize(("page", "search", "passed"), _ASKED)
def test_what_fits_nothing_is_named_and_left_out_of_the_address_offered(  # type: ignore[no-untyped-def]
    internal, page: str, search: str, passed: dict[str, str]
) -> None:
    shelf, view = open_shelf(internal), read_address(f"?{search}")
    assert parts_passed_over(shelf, view, page) == passed
    kept = kept_parts(view, passed, shelf)
    again = read_address("?" + address("/", kept).partition("?")[2])
    assert parts_passed_over(shelf, again, page) == {}


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(("page", "search", "passed"), _ASKED[:-1])
def test_the_page_says_so_in_either_language(
    internal_client: FlaskClient, lang: str, page: str, search: str, passed: dict[str, str]
) -> None:
    shown = _shown(internal_client, page, f"lang={lang}&{search}")
    assert (
        "This release holds nothing for part" if lang == "en" else "当たるものが、この公開版にはありません"
    ) in shown
    assert all(words in shown for words in passed.values())
    assert not any(leak in shown for leak in LEAKS)


@pytest.mark.parametrize(
    "page", ["briefing", "pressure", "survey", "suppliers", "rules", "scenarios", "method"]
)
def test_an_address_that_fits_says_nothing(internal_client: FlaskClient, page: str) -> None:
    assert "passed-over" not in _shown(internal_client, page, "lang=en&theme=dark&compare=T001")


def test_a_stranger_learns_nothing_of_a_firm(public_client: FlaskClient) -> None:
    told = [_shown(public_client, "suppliers", f"firm={firm}").replace(firm, "") for firm in ("T001", "Z009")]
    assert told[0] == told[1]


def test_words_are_short_and_printable(internal) -> None:  # type: ignore[no-untyped-def]
    view = View(question="x" * 190, by="a\u202eb\x00")
    passed = parts_passed_over(open_shelf(internal), view, "survey")
    assert len(passed["question"]) == 60
    assert "by" not in passed, "a break of no question is none of its own"
    assert parts_passed_over(open_shelf(internal), View(by="a\u202eb\x00"), "survey") == {
        "by": "a\ufffdb\ufffd"
    }


@pytest.mark.parametrize("search", ["a=b&" * 60, "&" * 3_000, "x=" + "a" * 100_000, "%00=%00&%ff=%ff"])
def test_an_odd_address_is_answered_clearly(internal_client: FlaskClient, search: str) -> None:
    answer = internal_client.get(f"/survey?lang=ja&{search}")
    said = answer.get_data(as_text=True)
    assert answer.status_code == (414 if len(search) > 4_000 else 200)
    assert answer.status_code == 200 or "アドレスが長すぎます" in said
    assert not any(leak in said for leak in LEAKS)


def test_an_address_too_long_to_be_read_is_answered_in_every_language() -> None:
    head, _, page = raw_refusal(414).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 414") and f"Content-Length: {len(page)}".encode() in head
    said = page.decode("utf-8")
    assert 'rel="icon" href="/assets/mark.svg"' in said and 'name="viewport"' in said
    assert (
        "This address is too long" in said and "アドレスが長すぎます" in said and 'href="/?lang=ja"' in said
    )
