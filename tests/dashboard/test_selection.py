"""The address bar holds the view: read, written, read again; nothing odd gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.pages.grid import rows_asked
from dashboard.selection import MOST_COMPARED, View, address, filter_firms, read_address
from dashboard.shelf import open_shelf

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
ids = st.text("ABCDEFXYZ0123456789-_.", min_size=1, max_size=8)


@given(words, words, ids, st.lists(ids, max_size=20, unique=True))
def test_address_and_view_are_each_others_inverse(q: str, sector: str, firm: str, compare: list[str]) -> None:
    view = View("ja", "dark", firm, q, sector, "2", tuple(compare)[:MOST_COMPARED])
    path, _, search = address("/pressure", view).partition("?")
    assert path == "/pressure"
    assert read_address("?" + search) == view


@pytest.mark.parametrize("search", ["", None, "?", "?lang=xx&theme=neon", "?&&&=", "?" + "a=b&" * 3000])
def test_odd_addresses_give_the_view_at_rest(search: str | None) -> None:
    assert read_address(search) == View()


def test_view_at_rest_has_a_bare_address() -> None:
    assert address("/", View()) == "/"
    assert address("/", View(lang="ja"), firm="S 1&x") == "/?lang=ja&firm=S+1%26x"


def test_filters(internal) -> None:  # type: ignore[no-untyped-def]
    firms = open_shelf(internal).firms
    assert len(filter_firms(firms, View())) == 100
    assert set(filter_firms(firms, View(sector="b"))["sector"]) == {"b"}
    assert set(filter_firms(firms, View(tier="1"))["tier"]) == {1.0}
    assert list(filter_firms(firms, View(q="made-up 77"))["firm"]) == ["T077"]
    assert list(filter_firms(firms, View(q="架空77社"))["firm"]) == ["T077"]
    assert len(filter_firms(firms, View(q="(["))) == 0


def test_grid_rows_stand_by_tier_then_squeeze_and_carry_no_rank(internal) -> None:  # type: ignore[no-untyped-def]
    shelf = open_shelf(internal)
    found = rows_asked(shelf, View(lang="ja"), {"startRow": 0, "endRow": 100})
    rows = found["rowData"]
    assert found["rowCount"] == len(rows) == 100
    assert [row["tier"] for row in rows] == sorted(row["tier"] for row in rows)
    assert rows[0]["name"].startswith("架空")
    assert all(row["squeeze_low"] <= row["squeeze"] <= row["squeeze_high"] for row in rows)
    assert not any("rank" in key for key in rows[0])


def test_rows_come_in_blocks_filtered_and_ordered(internal) -> None:  # type: ignore[no-untyped-def]
    shelf = open_shelf(internal)
    by = [{"colId": "us", "sort": "desc"}]
    whole = rows_asked(shelf, View(sector="b"), {"startRow": 0, "endRow": 100, "sortModel": by})
    us = [row["us"] for row in whole["rowData"]]
    assert us == sorted(us, reverse=True) and whole["rowCount"] == len(us) < 100
    block = rows_asked(shelf, View(sector="b"), {"startRow": 10, "endRow": 20, "sortModel": by})
    assert block == {"rowData": whole["rowData"][10:20], "rowCount": whole["rowCount"]}
    greedy = rows_asked(shelf, View(), {"startRow": -5, "endRow": 10**9})
    assert len(greedy["rowData"]) == 100
    odd = rows_asked(
        shelf, View(), {"startRow": 0, "endRow": 9, "sortModel": [{"colId": "rank", "sort": "asc"}]}
    )
    assert odd["rowData"] == greedy["rowData"][:9]
