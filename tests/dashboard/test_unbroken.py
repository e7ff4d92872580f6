"""No line ends inside a date, an id, a range or a number with its unit, and no letter of a text is lost."""

from typing import Any

import pytest
from dash import html
from dash.development.base_component import Component

from dashboard.pages.unbroken import hold_together, keep_whole, kept_whole


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        (
            "Lists: US-1260H, US-EL of 10 January 2026 (5 days old).",
            ["US-1260H", "US-EL", "10 January 2026", "(5 days"],
        ),
        (
            "リスト：US-1260H、US-ELほか9件（2026年1月10日取得）",
            ["US-1260H", "US-EL", "9件", "2026年1月10日"],
        ),
        ("規則は2026年1月15日時点、5日前。", ["2026年1月15日時点", "5日前"]),
        ("95％信頼区間 −4～+24", ["−4～+24"]),
        ("Nothing to hold together: US-China, R-2.", []),
        ("answered by 37–51 firms, since May 2025", ["37–51 firms", "May 2025"]),
        ("1,200社中12社、21ポイント未満は非表示", ["1,200社中", "12社", "21ポイント", "非表示"]),
        ("エンティティ・リスト追加（2019年10月）", ["2019年10月"]),
    ],
)
def test_dates_ids_and_ranges_stay_on_one_line(words: str, whole: list[str]) -> None:
    parts = hold_together(words)
    assert [part.children for part in parts if not isinstance(part, str)] == whole
    assert "".join(part if isinstance(part, str) else part.children for part in parts) == words


def _text(part: Any) -> str:
    if isinstance(part, list | tuple):
        return "".join(map(_text, part))
    return _text(part.children) if isinstance(part, Component) else str(part or "")


def test_texts_of_a_page_are_held_together_each_as_one_child() -> None:
    words = "as of 15 January 2026, 96 firms"
    page = html.Div(
        [html.P(words), html.Dd(["quiet", words]), html.Option(words), html.Span("96 firms"), None]
    )
    held = keep_whole(page)
    first, second, option, brief, _ = held.children
    assert _text(held) == f"{words}quiet{words}{words}96 firms"
    assert [part.children for part in first.children.children if not isinstance(part, str)] == [
        "15 January 2026",
        "96 firms",
    ]
    assert second.children[0] == "quiet" and len(second.children) == 2
    assert option.children == words and brief.children == "96 firms"


def test_what_callbacks_answer_is_held_together_and_rows_are_left_alone() -> None:
    rows = {"rowData": [{"words": "as of 15 January 2026, 96 firms"}]}
    assert kept_whole(lambda: rows)() is rows
    (held,) = kept_whole(lambda **said: [html.P(said["words"])])(words="as of 15 January 2026, 96 firms")
    assert held.children.children[1].className == "unbroken"


def test_a_bare_answer_is_no_text_of_a_page() -> None:
    address = "?q=US-EL&by=sector"
    assert kept_whole(lambda: address)() == address
    first, second = kept_whole(lambda: (address, [f"see {address}"]))()
    assert first == address and _text(second) == f"see {address}" and second != [f"see {address}"]
