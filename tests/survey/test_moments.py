"""Counts become the moments the writing program shows, and nothing outside the calendar is lost."""

import numpy as np
import pandas as pd
import pytest

from survey.formats.moments import SAS, SPSS, STATA, moment_text, place_moments


@pytest.mark.parametrize(
    ("calendar", "form", "count", "text"),
    [
        (SPSS, "DATE11", 13_823_049_600.0, "2020-10-26"),
        (SPSS, "QYR8", 13_823_049_600.0, "2020-10-26"),
        (SPSS, "DATETIME20", 13_744_980_610.0, "2018-05-06 10:10:10"),
        (SPSS, "TIME8", 90_000.0, "25:00:00"),
        (SPSS, "DTIME10", -61.5, "-00:01:01.500000"),
        (SPSS, "F8.2", 13_823_049_600.0, "13823049600"),
        (STATA, "%td", 21_915.0, "2020-01-01"),
        (STATA, "%tdDD/NN/CCYY", -1.0, "1959-12-31"),
        (STATA, "%tc", 1_000.0, "1960-01-01 00:00:01"),
        (STATA, "%tcHH:MM:SS", 3_661_000.0, "01:01:01"),
        (STATA, "%tm", 721.0, "2020-02-01"),
        (STATA, "%tq", -1.0, "1959-10-01"),
        (STATA, "%th", 121.0, "2020-07-01"),
        (STATA, "%tw", 53.0, "1961-01-08"),
        (STATA, "%9.0g", 21_915.0, "21915"),
        (SAS, "YYMMDDN8", 21_915.0, "2020-01-01"),
        (SAS, "YEAR4", 21_915.0, "2020-01-01"),
        (SAS, "DTDATE9", 86_400.0, "1960-01-02"),
        (SAS, "E8601DT26.6", 86_400.5, "1960-01-02 00:00:00.500000"),
        (SAS, "TOD8", 86_461.0, "00:01:01"),
        (SAS, "TIME8", 86_461.0, "24:01:01"),
        (SAS, "XFMT", 5.0, "5"),
    ],
)
def test_one_count(calendar, form, count, text):
    assert moment_text(count, form, calendar) == text


def test_a_column_of_dates_with_blanks_stays_one():
    frame = pd.DataFrame({"d": [0.0, np.nan, 1.5]})
    times, findings = place_moments(frame, {"d": "DATE9"}, SAS, "file")
    assert (times, findings) == (frozenset(), [])
    assert frame["d"].tolist()[::2] == [pd.Timestamp("1960-01-01"), pd.Timestamp("1960-01-02 12:00")]


def test_codes_among_dates_and_numbers_beyond_the_calendar_stay():
    frame = pd.DataFrame({"d": pd.Series([0.0, ".A", 1.0, np.nan], dtype=object), "e": [0.0, 1e9, -1e9, 3.0]})
    _, findings = place_moments(frame, {"d": "DATE9", "e": "DATE9"}, SAS, "file")
    assert frame["d"].fillna("").tolist() == ["1960-01-01", ".A", "1960-01-02", ""]
    assert frame["e"].tolist() == ["1960-01-01", "1000000000", "-1000000000", "1960-01-04"]
    assert [f.where for f in findings] == ["file, column e"] and "2 dates beyond" in findings[0].found


def test_infinite_and_absurd_counts_are_no_error():
    frame = pd.DataFrame({"d": [np.inf, -np.inf, 1e300], "t": [np.inf, 1e300, 1.0]})
    times, findings = place_moments(frame, {"d": "%tm", "t": "%tcHH:MM"}, STATA, "file")
    assert times == {"t"} and len(findings) == 1
    assert frame["t"].tolist()[2] == "00:00:00.001000" and len(set(frame["d"])) == 3
