"""Each check tells what is wrong, where and of how many, and is silent where nothing is."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from survey import Choice, Design, Fault, MissingCode, Question, QuestionFault, check_study, load_study
from survey.checking.codes import (
    band_order,
    labels_without_codes,
    numbers_out_of_range,
    sentinels,
    undeclared_codes,
)
from survey.checking.days import events_outside_window
from survey.checking.firms import firms_twice, groups_twice
from survey.checking.mojibake import garbled, garbled_texts
from survey.checking.options import options_moved
from survey.checking.patterns import followups_without_gate, straight_lines
from survey.checking.seen import Seen
from survey.checking.settings import CheckSettings
from survey.checking.sums import bands_against_exact, shares_past_whole
from tests.survey.small_waves import STUDY, dichotomies, single, study_folder, wave_of

NONE = CheckSettings()


def seen(columns, *questions):
    return Seen(wave_of(columns, *questions))


def said(findings):
    return [f.found for f in findings]


def test_a_code_that_looks_missing_is_told_with_its_rows():
    scale = single("q", "1", "2", "3")
    assert said(undeclared_codes(seen({"q": [1, -9, 2, -9, 3, 7]}, scale))) == [
        "-9 in 2 rows looks like a missing code, and is not declared",
        "7 in 1 row looks like a missing code, and is not declared",
    ]
    assert said(undeclared_codes(seen({"q": [1, 4, 5]}, scale))) == [
        "codes without a label: 4 (1 row), 5 (1 row)"
    ]
    declared = replace(scale, missing=(MissingCode(-9.0, -9.0, "refused"),))
    assert undeclared_codes(seen({"q": [1, -9, 2]}, declared)) == []
    assert undeclared_codes(seen({"q": [1, 7, 2]}, Question("q", "single", ("q",)))) == [], (
        "nothing is labelled"
    )
    ticks = seen({"m_a": [1, 0, 99], "m_b": [1, 99, 0]}, dichotomies("m", "a", "b"))
    assert said(undeclared_codes(ticks)) == ["99 in 2 rows looks like a missing code, and is not declared"]


def test_numbers_that_stand_for_a_reason():
    number = Question("n", "number", ("n",))
    assert said(sentinels(seen({"n": [5, 8, -9, 3, -9]}, number))) == [
        "-9 in 2 rows looks like a missing code, and is not declared"
    ]
    assert said(sentinels(seen({"n": [5, 8, 999, 3, 999]}, number)))[0].startswith("999 in 2 rows")
    for fine in ([5, -3, -9, 2], [95, 97, 99, 99], [1, 2, 999], [-9, -8]):
        assert sentinels(seen({"n": fine}, number)) == [], fine


def test_labels_that_belong_to_other_codes():
    assert said(labels_without_codes(seen({"q": ["a", "b"]}, single("q", "1", "2")))) == [
        "labels without codes: labelled are 1, 2, answered is a, b"
    ]
    assert labels_without_codes(seen({"q": ["1", "b"]}, single("q", "1", "2"))) == []


def test_ranges_by_unit_and_by_the_study():
    percent = Question("n", "number", ("n",), unit="percent of sales")
    found = numbers_out_of_range(seen({"n": [10, 130, -2]}, percent), NONE)
    assert said(found) == ["2 rows outside 0 to 100, such as 130 (rows 2, 3)"]
    plain = Question("n", "number", ("n",))
    assert numbers_out_of_range(seen({"n": [10, 130, -2]}, plain), NONE) == []
    limits = CheckSettings(ranges={"n": (0.0, 100.0)})
    assert len(numbers_out_of_range(seen({"n": [10, 130, -2]}, plain), limits)) == 1


def bands(*ends):
    choices = tuple(Choice(str(i), {"en": str(i)}, "", low, high) for i, (low, high) in enumerate(ends, 1))
    return Question("b", "single", ("b",), choices=choices, unit="share of sales", concept="us")


def test_bands_out_of_order_or_overlapping():
    assert band_order(seen({"b": [1]}, bands((0, 1), (1, 5), (5, None)))) == []
    assert band_order(seen({"b": [1]}, bands((5, None), (1, 5), (0, 1)))) == [], "falling is an order too"
    assert said(band_order(seen({"b": [1]}, bands((0, 1), (5, 9), (1, 5)))))[0].startswith("option order")
    assert "bands 1 and 2 overlap (3 lies above 1)" in said(
        band_order(seen({"b": [1]}, bands((0, 3), (1, 5))))
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("é".encode().decode("cp1252"), True), ("経済安全保障".encode().decode("cp1252", "replace"), True),
     ("米国の規制".encode().decode("cp932", "replace"), True), ("あ\ufffd", True),
     ("調達先の変更".encode("cp932").decode("latin-1"), True),
     ("é", False), ("Ångström, naïve Übergröße, “quoted” — 5 €", False), ("繊維・繧繝", False),
     ("輸出管理・サプライチェーンの見直しについて", False), ("São Tomé", False), ("ÂGE", False)],
)  # fmt: skip
def test_mojibake(text, wrong):
    assert bool(garbled(pd.Series([text])).iloc[0]) is wrong


def test_mojibake_is_told_of_labels_and_cells():
    bad = "é".encode().decode("cp1252") + "cole"
    question = Question("t", "text", ("t",), label={"en": bad})
    found = garbled_texts(seen({"t": [bad, "fine", bad]}, question))
    assert [f.where for f in found] == ["labels of question t", "column t"]
    assert found[1].found.startswith("2 rows read in the wrong encoding")


def test_firms_and_groups_that_answer_twice():
    look = seen({"id": ["A-1", "a1", "b", "b", "c"], "g": ["x", "x", "y", None, None]})
    first, alike = firms_twice(look, Design(id="id"))
    assert first.found == "1 ids stand more than once (b; rows 3, 4)"
    assert alike.found == "2 ids differ only in spelling: A-1, a1 (rows 1, 2)"
    assert said(groups_twice(look, CheckSettings(group="g"))) == [
        "1 groups answered more than once (x; rows 1, 2)"
    ]
    assert groups_twice(look, NONE) == []
    with pytest.raises(QuestionFault, match="did you mean g"):
        groups_twice(look, CheckSettings(group="G"))


def test_shares_that_pass_the_whole():
    parts = [Question(n, "number", (n,), unit="percent of sales") for n in ("us", "cn")]
    found = shares_past_whole(seen({"us": [60, 50, 90], "cn": [30, 51, np.nan]}, *parts), NONE)
    assert said(found) == ["shares of 1 firms add up to more than 100, as far as 101 (row 2)"]
    bare = [replace(p, unit="percent") for p in parts]
    look = seen({"us": [60, 50], "cn": [30, 51]}, *bare)
    assert shares_past_whole(look, NONE) == [], "shares of what?"
    assert len(shares_past_whole(look, CheckSettings(sums=(("us", "cn"),)))) == 1
    low = bands((0, 0.3), (0.3, 0.6), (0.6, 1))
    other = replace(low, id="c", columns=("c",), concept="cn")
    found = shares_past_whole(seen({"b": [3, 3, 2], "c": [3, 2, 2]}, low, other), NONE)
    assert said(found) == ["shares of 1 firms add up to more than 1, as far as 1.2 (row 1)"], (
        "0.6 + 0.3 can be"
    )


def test_a_band_against_the_exact_value():
    exact = Question("n", "number", ("n",), unit="share of sales", concept="us")
    look = seen({"b": [1, 2, 2, 1], "n": [0.1, 0.1, 0.5, np.nan]}, bands((0, 0.3), (0.3, 1)), exact)
    assert said(bands_against_exact(look, NONE)) == [
        "1 firms gave a number outside the band they chose (row 2)"
    ]
    apart = seen({"b": [2], "n": [0.1]}, bands((0, 0.3), (0.3, 1)), replace(exact, concept="other"))
    assert bands_against_exact(apart, NONE) == []
    assert len(bands_against_exact(apart, CheckSettings(exact={"b": "n"}))) == 1


def test_the_same_answer_down_a_grid():
    names = [f"g{i}" for i in range(5)]
    scale = tuple(Choice(str(c), {"en": f"s{c}"}) for c in range(1, 6))
    grid = [Question(n, "single", (n,), choices=scale) for n in names]
    rows = np.array([[3, 3, 3, 3, 3], [1, 2, 3, 4, 5], [4, 4, 4, 4, 5], [2, 2, 2, 2, np.nan]])
    found = straight_lines(seen(pd.DataFrame(rows, columns=names), *grid))
    assert [(f.where, f.found) for f in found] == [
        ("questions g0 to g4", "1 of 3 firms gave one and the same answer to all 5 (row 1)")
    ]
    assert straight_lines(seen(pd.DataFrame(rows[:, :4], columns=names[:4]), *grid[:4])) == [], (
        "four are no grid"
    )


def test_followups_without_gate():
    gate, how = single("gate", "1", "2"), single("how", "1", "2")
    columns = {"gate": [1] * 20 + [2] * 20, "how": [1, 2] * 10 + [np.nan] * 20}
    assert said(followups_without_gate(seen(columns, gate, how))) == [
        "looks like a follow-up of gate in (1), and has no gate"
    ]
    assert followups_without_gate(seen(columns, gate, replace(how, asked_if="gate == 1"))) == []
    rng = np.random.default_rng(1)
    loose = np.where(rng.random(40) < 0.4, np.nan, 1)
    assert followups_without_gate(seen(columns | {"how": loose}, gate, how)) == [], "silence is no routing"
    worded = replace(how, label={"ja": "「はい」と回答した企業に伺います。"})
    assert said(followups_without_gate(seen(columns | {"how": [1] * 40}, gate, worded)))[0].startswith(
        "its wording"
    )


def test_events_outside_the_window():
    day = Question("d", "date", ("d",))
    look = seen({"d": ["2021-05-01", "2020-12-31", "2022-01-01", None]}, day)
    window = CheckSettings(windows={"d": (date(2021, 1, 1), date(2021, 12, 31))})
    assert said(events_outside_window(look, window)) == [
        "2 events outside 2021-01-01 to 2021-12-31: 2020-12-31, 2022-01-01 (rows 2, 3)"
    ]
    assert events_outside_window(look, NONE) == []
    assert said(events_outside_window(look, CheckSettings(last=date(2021, 12, 15))))[0].startswith("1 events")
    real = seen({"d": pd.to_datetime(["2021-05-01", "2031-05-01"])}, day)
    assert len(events_outside_window(real, CheckSettings(last=date(2021, 12, 15)))) == 1


def test_options_in_another_order():
    first = wave_of({"q": ["a"]}, single("q", "a", "b", "c"))
    moved = wave_of({"q": ["a"]}, single("q", "b", "a", "c"))
    longer = wave_of({"q": ["a"]}, single("q", "a", "x", "b", "c"))
    assert said(options_moved([first, moved]))[0].startswith("option order")
    assert options_moved([first, longer]) == []


def test_settings_of_check_and_one_finding_of_each_through_the_study(tmp_path):
    study = (
        STUDY
        + '\n[check]\ngroup = "parent"\nranges = { sales = [0, 30] }\n'
        + "windows = { day = [2025-01-01, 2025-12-31] }\n"
    )
    rows = "firm,w,parent,sales,day\na,1,P,10,2025-03-01\nb,1,P,20,2024-03-01\nc,1,Q,40,2025-04-01\n"
    told = [str(f) for f in check_study(load_study(study_folder(tmp_path, study, rows)))]
    assert [t.split(":")[0] for t in told] == ["group parent", "question sales", "question day"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("groups = 'x'", "unknown key 'groups'"), ("ranges = { a = [3, 1] }", "first and last"),
     ('windows = { a = ["2021-01-01", "2021-02-01"] }', "without quotes"),
     ("sums = ['a']", "lists of questions")],
)  # fmt: skip
def test_settings_at_fault(tmp_path, text, said):
    with pytest.raises(Fault, match=said):
        check_study(load_study(study_folder(tmp_path, STUDY + "\n[check]\n" + text + "\n")))
