"""Typed cells: only where the codebook says so, nothing blanked, every odd cell told by row."""

import numpy as np
import pandas as pd

from survey import Codebook, MissingCode, Question
from survey.typing_cells import type_answers


def typed(kind: str, cells, **more):
    frame = pd.DataFrame({"q": cells, "other": ["１"] * len(cells)})
    book = Codebook((Question("q", kind, ("q",), **more), Question("other", "text", ("other",))))
    return type_answers(frame, book)


def test_full_width_numbers_become_numbers_and_other_columns_stay():
    frame, _, findings = typed("number", ["１，２３４", "△5", None, "令和3年"])
    assert frame["q"].tolist()[:2] == [1234, -5] and np.isnan(frame["q"][2]) and frame["q"][3] == 2021
    assert frame["q"].dtype == "float64" and frame["other"].tolist() == ["１"] * 4 and findings == ()


def test_cells_that_are_no_numbers_stay_and_are_told_by_row():
    frame, book, findings = typed("number", ["1,000", "about 5", "NA", "2"])
    assert frame["q"].tolist() == [1000, "about 5", "NA", 2]
    assert "1 of 4 cells are no number: 'about 5' (rows 2)" in findings[0].found and len(findings) == 1
    assert book.question("q").missing == (MissingCode("NA", "NA", "no_answer"),)


def test_missing_codes_keep_their_reason():
    frame, _, _ = typed("number", ["９９", "1,000"], missing=(MissingCode(99.0, 99.0, "refused"),))
    assert frame["q"].tolist() == [99, 1000]
    frame, _, findings = typed("number", ["拒否", "1,000"], missing=(MissingCode("拒否", "拒否", "refused"),))
    assert frame["q"].tolist() == ["拒否", 1000] and findings == ()


def test_dates_and_packed_dates():
    frame, _, findings = typed("date", ["令和3年12月15日", "2021/1/2", None])
    assert frame["q"].dtype.kind == "M" and frame["q"][0] == pd.Timestamp("2021-12-15") and findings == ()
    frame, _, _ = typed("date", [20211215, 20220101])
    assert frame["q"].tolist() == [pd.Timestamp("2021-12-15"), pd.Timestamp("2022-01-01")]
    frame, _, findings = typed("date", ["令和3年", "2021-05-01", "later"])
    assert frame["q"].tolist() == [pd.Timestamp("2021-01-01"), pd.Timestamp("2021-05-01"), "later"]
    assert [f.found.split(" cells")[0] for f in findings] == ["1 of 3", "1"]


def test_nothing_to_type_gives_the_same_frame():
    frame = pd.DataFrame({"q": [1.0, 2.0], "t": ["１", "２"]})
    book = Codebook((Question("q", "number", ("q",)), Question("t", "text", ("t",))))
    again, same, findings = type_answers(frame, book)
    assert again is frame and same is book and findings == ()
