"""No line ends inside a date, an id or a range, and no letter of a text is lost."""

import pytest

from dashboard.pages.unbroken import hold_together


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        (
            "Lists: US-1260H, US-EL of 10 January 2026 (5 days old).",
            ["US-1260H", "US-EL", "10 January 2026", "(5 days"],
        ),
        ("規則は2026年1月15日時点、5日前。", ["2026年1月15日時点", "5日前"]),
        ("95％信頼区間 −4～+24", ["−4～+24"]),
        ("Nothing to hold together: US-China, R-2.", []),
    ],
)
def test_dates_ids_and_ranges_stay_on_one_line(words: str, whole: list[str]) -> None:
    parts = hold_together(words)
    assert [part.children for part in parts if not isinstance(part, str)] == whole
    assert "".join(part if isinstance(part, str) else part.children for part in parts) == words
