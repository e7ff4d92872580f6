"""docs/how-to/dashboard.md names every page, part of an address and download, and its addresses answer."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.briefs import BRIEFS
from dashboard.downloads import DOWNLOADS
from dashboard.pages.frame import PAGES
from dashboard.selection import View

_TEXT = (Path(__file__).parents[2] / "docs" / "how-to" / "dashboard.md").read_text(encoding="utf-8")
_SPANS = re.findall(r"`([^`\n]+)`", _TEXT)


def test_every_page_download_and_part_of_an_address_is_named() -> None:
    wanted = {path for _, path in PAGES} | set(DOWNLOADS) | set(BRIEFS)
    parts = {one.name for one in fields(View)} - {"passed"}
    assert (wanted | parts) - set(_SPANS) == set()


def test_no_address_is_named_that_does_not_exist() -> None:
    named = {span.partition("?")[0] for span in _SPANS if span.startswith("/")}
    assert named - {path for _, path in PAGES} - set(DOWNLOADS) - set(BRIEFS) == set()


@pytest.mark.parametrize("address", [span for span in _SPANS if span.startswith("/") and "?" in span])
def test_each_address_answers(internal_client: FlaskClient, address: str) -> None:
    answer = internal_client.get(address)
    assert answer.status_code == 200
    kind = "text/csv" if ".csv" in address else "text/html"
    assert answer.mimetype == kind
