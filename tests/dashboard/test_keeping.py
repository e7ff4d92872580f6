"""What the server keeps: apart by Release, audience and language, within its bytes, nothing that failed."""

from pathlib import Path

import pytest

from dashboard.app import make_app
from dashboard.benchmarked import BENCHMARK_POSTS
from dashboard.keeping import Kept, Nook
from tests.dashboard.made_up import SECRET
from tests.dashboard.test_app import _page, _text


def test_bytes_are_bounded_and_the_longest_unasked_goes_first() -> None:
    kept = Kept(10_000)
    nook = Nook(kept, "r", "public")
    for place in range(20):
        nook.put(f"{place}", place, 1_000)
        assert kept.size <= 10_000
        nook.get("0")
    assert nook.get("0") == 0 and nook.get("1") is None and nook.get("19") == 19
    nook.put("large", "x", 5_000)
    assert nook.get("large") is None
    nook.put("19", "again", 1_500)
    assert nook.get("19") == "again" and kept.size <= 10_000


def test_releases_audiences_and_languages_are_apart() -> None:
    kept = Kept()
    Nook(kept, "r", "internal").put("x", 1, 10, "en")
    assert Nook(kept, "r", "internal").get("x", "en") == 1
    for other in (Nook(kept, "s", "internal"), Nook(kept, "r", "public")):
        assert other.get("x", "en") is None
    assert Nook(kept, "r", "internal").get("x", "ja") is None


def test_a_second_answer_is_the_first_and_is_not_worked_out_again(
    internal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept()
    client = make_app(internal, kept).server.test_client()
    first = _page(client, "briefing", "?lang=ja")
    before = kept.size
    monkeypatch.setattr("dashboard.pages.briefing.show_briefing", lambda *_, **__: 1 / 0)
    second = _page(client, "briefing", "?lang=ja")
    assert first.get_data() == second.get_data() and kept.size == before
    assert second.headers["Cache-Control"] == "no-store"


def test_two_releases_share_a_place_and_no_answer(internal: Path, public: Path) -> None:
    kept = Kept()
    first, second = (make_app(one, kept).server.test_client() for one in (internal, public))
    assert SECRET in _text(_page(first, "pressure", "?firm=T001"))
    assert SECRET not in _text(_page(second, "pressure", "?firm=T001"))


def test_what_failed_and_what_was_brought_is_not_kept(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept()
    client = make_app(public, kept).server.test_client()
    client.post(BENCHMARK_POSTS[0], json={"answers": {"had_to_choose": ["1"]}, "lang": "en"})
    assert kept.size == 0
    with monkeypatch.context() as broken:
        broken.setattr("dashboard.pages.briefing.show_briefing", lambda *_, **__: 1 / 0)
        assert "could not be shown" in _text(_page(client, "briefing", ""))
    assert kept.size == 0
    assert "could not be shown" not in _text(_page(client, "briefing", ""))
