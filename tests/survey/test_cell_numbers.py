"""Cells as people type them: read where they are clear, refused where they are not."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.cell_numbers import typed_date, typed_number

_WIDE = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("１２３", 123),
        ("1,234", 1234),
        ("１，２３４，５６７．５", 1234567.5),
        ("△5", -5),
        ("▲１，０００", -1000),
        ("△ 5", -5),
        ("−5", -5),
        ("－５", -5),
        ("(5)", -5),
        ("（５）", -5),
        (" 7 ", 7),
        ("0012", 12),
        ("1e5", 100000),
        ("令和3年", 2021),
        ("令和元年", 2019),
        ("平成31年", 2019),
        ("昭和64年", 1989),
        ("㍻３０年", 2018),
        ("2021年", 2021),
        ("２０２１年度", 2021),
        ("+3", 3),
        ("0", 0),
    ],
)
def test_numbers_as_people_type_them(text, number):
    assert typed_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["1,23", "12,34", "1,2345", "約5", "3-5", "", "NA", "1 2", "五", "△", "()", "1.2.3", "令和3", "9" * 400],
)
def test_what_is_no_number_is_none(text):
    assert typed_number(text) is None


def test_the_unit_of_the_question_may_stand_behind():
    assert typed_number("1,234円", "円") == 1234 and typed_number("５％", "%") == 5
    assert typed_number("1,234円") is None and typed_number("5社", "円") is None


@given(st.integers(-(10**12), 10**12))
def test_grouped_full_width_numbers_come_back(number):
    assert typed_number(f"{number:,}".translate(_WIDE)) == number
    assert typed_number(f"{number:,}".replace("-", "△")) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-12-15", (2021, 12, 15)),
        ("２０２１／１２／１５", (2021, 12, 15)),
        ("2021年12月5日", (2021, 12, 5)),
        ("令和3年12月15日", (2021, 12, 15)),
        ("R3.12.15", (2021, 12, 15)),
        ("平成元年1月8日", (1989, 1, 8)),
        ("20211215", (2021, 12, 15)),
        ("2021-12-15 09:30", (2021, 12, 15, 9, 30)),
        ("昭和６４年１月７日", (1989, 1, 7)),
        ("2021-12-15T09:30:01.5", (2021, 12, 15, 9, 30, 1, 500000)),
        ("2021年12月15日(水)", (2021, 12, 15)),
    ],
)
def test_dates_as_people_type_them(text, day):
    assert typed_date(text) == (datetime(*day), True)


def test_a_year_or_month_says_that_its_day_is_not_known():
    assert typed_date("令和3年") == (datetime(2021, 1, 1), False)
    assert typed_date("平成30年6月") == (datetime(2018, 6, 1), False)
    assert typed_date("2021") == (datetime(2021, 1, 1), False)


@pytest.mark.parametrize("text", ["3/4/2021", "2021-13-01", "2021-02-30", "soon", "", "12:30", "20219999"])
def test_what_is_no_date_is_none(text):
    assert typed_date(text) is None
