"""The notice beside every output of rules: both languages alike, ages and warnings by hand."""

from datetime import date

import pandas as pd

from analysis.rules.aging import list_ages
from analysis.rules.notice import NOTICE_LANGUAGES, noted, notice_of, notice_record, short_notice

DAY = date(2026, 1, 15)


def ages(*rows: tuple[str, str]) -> pd.DataFrame:
    return list_ages(pd.DataFrame(list(rows), columns=["list", "taken"]), DAY)


def test_no_legal_advice_and_the_risk_of_asking_come_first_in_both_languages() -> None:
    english, japanese = (notice_of(lang, ages(("US-EL", "2026-01-10"))) for lang in NOTICE_LANGUAGES)
    assert "not legal advice" in english[0] and "法的助言ではありません" in japanese[0]
    assert "due diligence itself as a breach" in english[1] and "デューデリジェンス" in japanese[1]
    assert len(english) == len(japanese) == 3
    assert "US-EL of 2026-01-10 (5 days old)" in english[2] and "5日前" in japanese[2]


def test_thirty_days_are_not_over_thirty_days_and_thirty_one_are() -> None:
    just, over = ages(("US-EL", "2025-12-16")), ages(("US-EL", "2025-12-15"))
    assert int(just["age"].iloc[0]) == 30
    assert notice_of("en", just)[2].startswith("Lists: ")
    assert notice_of("en", over)[2].startswith("Over 30 days old: US-EL of 2025-12-15 (31 days old)")
    assert "(over 30)" in short_notice(over) and "(over 30)" not in short_notice(just)
    assert "30日を超えて" in notice_of("ja", over)[2]


def test_lists_of_no_day_young_lists_and_nobody_screened_are_told() -> None:
    mixed = ages(("A", ""), ("B", "2026-01-20"), ("C", "2026-01-10"))
    for lang in NOTICE_LANGUAGES:
        assert len(notice_of(lang, mixed)) == 5
        assert len(notice_of(lang, None)) == len(notice_of(lang, mixed[:0])) == 3
    assert "5 days after" in notice_of("en", mixed)[3]
    assert notice_of("en", None)[2].startswith("Nobody was screened")
    assert "nobody was screened" in short_notice(None)
    assert "no known day" in short_notice(ages(("A", "")))


def test_without_a_day_looked_at_lists_have_days_and_no_age() -> None:
    told = ages(("US-EL", "2025-12-01")).assign(age=pd.NA, is_old=False)
    assert notice_of("en", told)[2] == "Lists: US-EL of 2025-12-01. Say the day looked at for their age."
    assert "US-EL（2025-12-01取得）" in notice_of("ja", told)[2]
    assert short_notice(told) == "indicative analysis, not legal advice"


def test_every_row_of_a_table_carries_it_and_an_empty_table_keeps_the_column() -> None:
    table = noted(pd.DataFrame({"flow": ["L1", "L2"]}), ages(("US-EL", "2025-11-01")))
    assert table.columns[-1] == "notice" and table["notice"].str.contains("75 days old").all()
    assert list(noted(pd.DataFrame({"flow": []}), None).columns) == ["flow", "notice"]


def test_the_record_is_plain_values() -> None:
    record = notice_record(ages(("A", ""), ("B", "2025-11-01")))
    assert record["lists"] == [
        {"list": "A", "taken": "", "age": None, "is_old": False},
        {"list": "B", "taken": "2025-11-01", "age": 75, "is_old": True},
    ]
    assert set(record) == {"en", "ja", "lists", "limit", "short"}
    assert record["en"] == list(notice_of("en", ages(("A", ""), ("B", "2025-11-01"))))
