"""One column as codes: what is text, what is a number, what is a reason."""

import numpy as np
import pandas as pd
import pytest

from survey import MissingCode, State
from survey.coding import NUMBER, code_column, code_order, code_text


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (1.0, "1"),
        (np.int64(7), "7"),
        (0.1, "0.1"),
        (-1.0, "-1"),
        (True, "TRUE"),
        (np.False_, "FALSE"),
        ("0012", "0012"),
        (pd.Timestamp("2021-12-15"), "2021-12-15"),
        (pd.Timestamp("2021-12-15 10:00"), "2021-12-15 10:00:00"),
        (1e300, "1e+300"),
    ],
)
def test_codes_are_what_stands_in_the_file(cell, code):
    assert code_text(cell) == code


def test_what_is_a_number_and_what_a_code():
    assert all(NUMBER.fullmatch(t) for t in ("0", "-3", "12.50", "1e+05", "2.5E-10"))
    assert not any(
        NUMBER.fullmatch(t) for t in ("0012", "1e5", "NA", "1,000", "", "+5", ".5", "9" * 16, "１２")
    )


def test_codes_are_ordered_as_numbers_only_if_all_are():
    assert code_order(["10", "9", "-1"]) == ["-1", "9", "10"]
    assert code_order(["10", "9", "a"]) == ["10", "9", "a"]


def test_numbers_text_and_mixed_columns_give_the_same_codes():
    missing = (MissingCode(90.0, 99.0, "refused"),)
    for column in (
        pd.Series([2, 1, 95, np.nan]),
        pd.Series(["2", "1", "95", None], dtype="str"),
        pd.Series([2, 1, "95", None], dtype=object),
        pd.Series(["2", "1", "95", None], dtype="str").astype("category"),
    ):
        coded = code_column(column, missing)
        assert coded.found == ("1", "2")
        assert coded.index.tolist() == [1, 0, -1, -1]
        assert coded.number[:2].tolist() == [2, 1] and np.isnan(coded.number[2:]).all()
        assert coded.state.tolist() == [0, 0, State.REFUSED, State.NO_ANSWER]
        assert coded.blank.tolist() == [False, False, False, True]


def test_text_codes_of_no_answer_stand_among_numbers():
    column = pd.Series([1.5, ".a", "NA", ".b"], dtype=object)
    missing = (MissingCode(".a", ".a", "refused"), MissingCode("NA", "NA", "no_answer"))
    coded = code_column(column, missing)
    assert coded.state.tolist() == [0, State.REFUSED, State.NO_ANSWER, 0]
    assert coded.found == (".b", "1.5")


def test_the_first_missing_code_that_fits_wins():
    missing = (MissingCode(98.0, 98.0, "do_not_know"), MissingCode(90.0, 99.0, "refused"))
    for column in (pd.Series([98.0, 91.0]), pd.Series(["98", "91"], dtype="str")):
        assert code_column(column, missing).state.tolist() == [State.DO_NOT_KNOW, State.REFUSED]


def test_spaces_are_blanks():
    coded = code_column(pd.Series(["a", "  ", "　", ""], dtype="str"))
    assert coded.blank.tolist() == [False, True, True, True]
    assert coded.state.tolist() == [0, 1, 1, 1]
