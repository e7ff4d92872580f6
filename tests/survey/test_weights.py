"""`[weights]` of a study, from its files to weights: what is met, and how trouble is named."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from survey import (
    DesignFault,
    Fault,
    FileFault,
    QuestionFault,
    StudyFault,
    latest_wave,
    load_study,
    read_wave,
    weigh,
)
from survey.exporting import export_study
from survey.margins import read_margins
from tests.survey.small_waves import study_folder

ANSWERS = """firm,sector,size,sales,w
a,auto,s,10,1
b,auto,s,20,1
c,auto,l,30,2
d,auto,l,90,2
e,steel,s,15,1
f,steel,s,25,1
g,steel,l,70,2
h,food,s,5,1
i,food,l,60,2
j,food,l,40,2
"""
STUDY = """schema = 1
id = "small"
[[waves]]
name = "2021"
file = "answers.csv"
[design]
id = "firm"
"""
SECTORS = {"auto": 50, "steel": 30, "food": 20}
SIZES = {"s": 60, "l": 40}


def margins(**totals: dict[str, float]) -> str:
    rows = ["margin,category,total,source,date"]
    rows += [
        f"{m.replace('__', '*')},{c},{t},Register,2024-06" for m, cs in totals.items() for c, t in cs.items()
    ]
    return "\n".join(rows) + "\n"


def study_of(
    folder: Path, weights: str, file: str = margins(sector=SECTORS, size=SIZES), answers: str = ANSWERS
):
    study_folder(folder, STUDY + "[weights]\n" + weights, answers)
    (folder / "margins.csv").write_text(file, encoding="utf-8")
    return load_study(folder)


def weights_of(folder: Path, weights: str, *more: str):
    study = study_of(folder, weights, *more)
    return weigh(replace(latest_wave(replace(study, sections={}))), study)


def sums(weighted) -> dict[tuple[str, str], float]:
    return {(m.margin, m.category): m.after for m in weighted.margins}


def met(weighted) -> bool:
    return all(abs(m.after - m.wanted) < 1e-8 * max(1, m.wanted) for m in weighted.margins)


@pytest.mark.parametrize("way", ["raking", "linear", "bounded"])
def test_margins_are_met_and_told_with_their_source(tmp_path, way):
    bounds = "bounds = [0.3, 3]\n" if way == "bounded" else ""
    made = weights_of(tmp_path, f'margins = "margins.csv"\nmethod = "{way}"\n{bounds}')
    assert met(made)
    assert made.method == way
    assert made.weight.sum() == pytest.approx(100)
    auto = made.margins[0]
    assert (auto.margin, auto.category, auto.firms, auto.wanted) == ("sector", "auto", 4, 50)
    assert (auto.before, auto.source, auto.date) == (pytest.approx(40), "Register", "2024-06")
    assert made.smallest <= made.weight.mean() <= made.largest
    w = made.weight
    assert made.design_effect == pytest.approx(1 + w.var() / w.mean() ** 2)
    change = made.ledger.changes[-1]
    assert (change.rule, change.column, len(change.rows)) == ("weights.margins", "weight", 10)


def test_the_wave_of_commands_carries_the_weights(tmp_path):
    from analysis import share

    study = study_of(tmp_path, 'margins = "margins.csv"\n')
    wave = latest_wave(study)
    found = {e.option: e for e in share(wave, study.design, "sector")}
    assert found["auto"].estimate == pytest.approx(0.5)
    assert found["auto"].base == pytest.approx(100)
    assert "fixed by design" in found["auto"].flag
    plain = {e.option: e for e in share(replace(wave, weighted=None), study.design, "sector")}
    assert plain["auto"].estimate == pytest.approx(0.4)


def test_post_stratification_to_crossed_questions(tmp_path):
    cells = {"auto*s": 30, "auto*l": 20, "steel*s": 20, "steel*l": 10, "food*s": 10, "food*l": 10}
    made = weights_of(
        tmp_path, 'margins = "margins.csv"\nmethod = "post-stratification"\n', margins(sector__size=cells)
    )
    assert met(made)
    assert made.weight.tolist() == pytest.approx([15, 15, 10, 10, 10, 10, 10, 10, 5, 5])


def test_totals_of_numbers_and_categories_by_the_raking_distance(tmp_path):
    file = margins(sector=SECTORS, sales={"": 3500})
    for way in ("linear", "raking"):
        made = weights_of(tmp_path / way, f'margins = "margins.csv"\nmethod = "{way}"\n', file)
        assert sums(made)["sales", ""] == pytest.approx(3500)
        assert sums(made)["sector", "food"] == pytest.approx(20)


def test_shares_and_a_total(tmp_path):
    file = "margin,category,share,source,date\nsize,s,0.6,Census,2020\nsize,l,0.4,Census,2020\n"
    made = weights_of(tmp_path, 'margins = "margins.csv"\ntotal = 5000\n', file)
    assert sums(made) == {("size", "s"): pytest.approx(3000), ("size", "l"): pytest.approx(2000)}


def test_base_weights_are_kept_within_a_category(tmp_path):
    made = weights_of(tmp_path, 'margins = "margins.csv"\nbase = "w"\n', margins(sector=SECTORS))
    assert made.weight[2] / made.weight[0] == pytest.approx(2)


def test_trimmed_weights_stay_in_bounds_and_on_the_margins(tmp_path):
    free = weights_of(tmp_path / "free", 'margins = "margins.csv"\n')
    made = weights_of(tmp_path / "held", 'margins = "margins.csv"\ntrim = [0.5, 1.4]\n')
    assert free.largest / free.weight.mean() > 1.4
    assert made.largest / made.weight.mean() <= 1.4 * (1 + 1e-8)
    assert met(made)
    assert [c.rule for c in made.ledger.changes] == ["weights.base", "weights.margins", "weights.trim"]


def test_bounds_that_no_margin_fits_name_margin_and_amount(tmp_path):
    with pytest.raises(
        DesignFault, match=r"between 0.9 and 1.1 times their mean: category '.*' by [\d.]+ too"
    ):
        weights_of(tmp_path, 'margins = "margins.csv"\ntrim = [0.9, 1.1]\n')
    with pytest.raises(
        DesignFault, match=r"ratios of weights between 0.95 and 1.05: margin .* by [\d.]+ too"
    ):
        weights_of(tmp_path / "b", 'margins = "margins.csv"\nmethod = "bounded"\nbounds = [0.95, 1.05]\n')


def test_firms_that_cannot_be_matched_keep_their_share_and_are_named(tmp_path):
    answers = ANSWERS.replace("j,food,", "j,,")
    made = weights_of(tmp_path, 'margins = "margins.csv"\n', margins(sector=SECTORS, size=SIZES), answers)
    assert made.unmatched == (9,)
    assert "1 firms cannot be matched" in made.findings[0].found and "row" in made.findings[0].found
    assert met(made)
    assert sums(made)["sector", "(no answer)"] == pytest.approx(10)
    assert sums(made)["sector", "auto"] == pytest.approx(45)
    with pytest.raises(DesignFault, match="cannot be matched"):
        weights_of(
            tmp_path / "stop",
            'margins = "margins.csv"\nunmatched = "stop"\n',
            margins(sector=SECTORS),
            answers,
        )


TOGETHER = {"auto*s": 40, "auto*l": 20, "steel*s": 10, "steel*l": 10, "food*s": 10, "food*l": 10}
TROUBLE = {
    "no such code": (
        margins(sector={**SECTORS, "auto": 45, "chips": 5}),
        QuestionFault,
        "'chips', which the question has not",
    ),
    "left out": (
        margins(sector={"auto": 70, "steel": 30}),
        DesignFault,
        r"3 firms \(30.00% of the weight\).*'food' in row 8",
    ),
    "set to zero": (
        margins(sector={"auto": 70, "steel": 30, "food": 0}),
        DesignFault,
        "'food'.*a total of 0, and 3 firms",
    ),
    "other total": (
        margins(sector=SECTORS, size={"s": 70, "l": 40}),
        DesignFault,
        "margin 'size'.*adds up to 110, 10 more than 100",
    ),
    "impossible": (
        margins(sector=SECTORS, sector__size=TOGETHER),
        DesignFault,
        "no weights of zero or more can meet these margins together.* by 10 too",
    ),
    "no source": (
        margins(sector=SECTORS).replace("Register", ""),
        FileFault,
        "'sector', column source.*one source for the whole margin",
    ),
    "no number": (margins(sector=SECTORS).replace("50", "many"), FileFault, "line 2.*total 'many'"),
    "twice": (margins(sector=SECTORS) + "sector,auto,50,Register,2024-06\n", FileFault, "'auto' twice"),
    "no column": (margins(sector=SECTORS).replace("total", "count"), FileFault, "unknown column 'count'"),
    "no question": (margins(sektor=SECTORS), QuestionFault, "did you mean sector"),
}


@pytest.mark.parametrize("kind", TROUBLE)
def test_trouble_is_named_with_its_margin_and_amount(tmp_path, kind):
    file, fault, said = TROUBLE[kind]
    with pytest.raises(fault) as found:
        weights_of(tmp_path, 'margins = "margins.csv"\n', file)
    assert re.search(said, str(found.value), re.S), str(found.value)


def test_an_empty_category_that_the_codebook_knows_is_named(tmp_path):
    # three rows of food, all of base weight zero
    answers = ANSWERS.replace(",5,1\n", ",5,0\n").replace(",60,2\n", ",60,0\n").replace(",40,2\n", ",40,0\n")
    with pytest.raises(
        DesignFault, match=r"'food'(.|\n)*no firm of positive weight, with 20 wanted \(20.00%"
    ):
        weights_of(tmp_path, 'margins = "margins.csv"\nbase = "w"\n', margins(sector=SECTORS), answers)


def test_rounded_margins_may_be_rescaled_with_a_finding(tmp_path):
    file = margins(sector=SECTORS, size={"s": 60, "l": 39})
    made = weights_of(tmp_path, 'margins = "margins.csv"\nrescale = true\n', file)
    assert sums(made)["size", "l"] == pytest.approx(100 * 39 / 99)
    assert "1 less than 100" in made.findings[0].found


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('margin = "margins.csv"\n', "did you mean margins"),
        ('margins = "margin.csv"\n', "no file 'margin.csv'"),
        ('margins = "margins.csv"\nmethod = "rake"\n', "raking"),
        ('margins = "margins.csv"\nbounds = [0.3, 3]\n', "bounded"),
        ('margins = "margins.csv"\ntrim = [1.5, 3]\n', "two numbers"),
        ('margins = "margins.csv"\nmethod = "post-stratification"\n', "to 2 margins"),
        ('[weights.response]\nclasses = ["sector"]\n', "either list"),
        ('[weights.response]\nanswered = "sales > 9"\n', "either classes or predictors"),
    ],
)
def test_settings_at_fault_name_their_key(tmp_path, section, said):
    with pytest.raises((StudyFault, FileFault)) as found:
        weights_of(tmp_path, section)
    assert said in str(found.value)
    assert "study.toml" in found.value.where


LIST = "\n".join(row.rsplit(",", 2)[0] for row in ANSWERS.split("\n")) + "k,auto,s\nl,auto,l\nm,food,s\n"


def with_list(folder: Path, response: str, approached: str = LIST, answers: str = ANSWERS):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "approached.csv").write_text(approached)
    return weights_of(
        folder, '[weights.response]\nlist = "approached.csv"\n' + response, margins(sector=SECTORS), answers
    )


def test_classes_of_a_list_of_firms_approached(tmp_path):
    made = with_list(tmp_path, 'classes = ["sector"]\n')
    assert made.weight.tolist() == pytest.approx([1.5] * 4 + [1.0] * 3 + [4 / 3] * 3)
    assert made.weight.sum() == pytest.approx(13)
    assert [c.rule for c in made.ledger.changes] == ["weights.base", "weights.response"]


def test_propensities_of_a_list_add_up(tmp_path):
    made = with_list(tmp_path, 'predictors = ["size"]\n')
    # one predictor of two codes is a model of two classes: 5 of 7 small, 5 of 6 large answered
    assert made.weight[:3].tolist() == pytest.approx([7 / 5, 7 / 5, 6 / 5])
    grouped = with_list(tmp_path / "g", 'predictors = ["size"]\ngroups = 2\n')
    np.testing.assert_allclose(grouped.weight, made.weight)


def test_a_class_in_which_nobody_answered_is_named(tmp_path):
    with pytest.raises(DesignFault, match="nobody answered in class 'mining', of 2 firms"):
        with_list(tmp_path, 'classes = ["sector"]\n', LIST + "x,mining,s\ny,mining,s\n")


def test_firms_that_are_not_on_the_list_are_named(tmp_path):
    made = with_list(tmp_path, 'classes = ["sector"]\n', LIST.replace("a,auto,s\n", ""))
    assert "1 firms that answered are not on it (a)" in made.findings[0].found
    assert made.weight[0] == pytest.approx(12 / 9)


def test_silent_firms_of_the_wave_itself_get_no_weight(tmp_path):
    section = '[weights.response]\nanswered = "sales > 9"\nclasses = ["sector"]\n'
    made = weights_of(tmp_path, section)
    assert made.weight.tolist() == pytest.approx([1.0] * 7 + [0.0] + [1.5] * 2)


def test_margins_of_another_wave_are_left_alone(tmp_path):
    rows = ["margin,category,total,source,date,wave", "size,s,6,R,2021,2021", "size,l,4,R,2021,2021"]
    (tmp_path / "m.csv").write_text("\n".join([*rows, "size,s,1,R,2022,2022"]) + "\n")
    found, _ = read_margins(tmp_path / "m.csv", "2021")
    assert [m.totals.tolist() for m in found] == [[6.0, 4.0]]
    with pytest.raises(Fault, match="no row for wave '2023'"):
        read_margins(tmp_path / "m.csv", "2023")


def test_margins_as_people_in_japan_type_them(tmp_path):
    rows = [
        "margin,category,total,source,date",
        "業種,自動車,１２,経済センサス,令和3年",
        '業種,鉄鋼,"1,200",経済センサス,令和3年',
    ]
    (tmp_path / "m.csv").write_bytes("\n".join([*rows, ""]).encode("cp932"))
    (margin,), _ = read_margins(tmp_path / "m.csv")
    assert (margin.name, margin.totals.tolist()) == ("業種", [12.0, 1200.0])
    assert (margin.source, margin.date) == ("経済センサス", "令和3年")
    (tmp_path / "m.csv").write_bytes(
        "\n".join([*rows, '業種,食品,"1,20",経済センサス,令和3年', ""]).encode("cp932")
    )
    with pytest.raises(FileFault, match="total '1,20'"):
        read_margins(tmp_path / "m.csv")


def test_what_the_reader_of_the_margins_saw_is_told(tmp_path):
    ragged = margins(sector=SECTORS).replace("2024-06\n", "2024-06,\n", 2)
    made = weights_of(tmp_path, 'margins = "margins.csv"\n', ragged)
    assert any("margins.csv" in f.where for f in made.findings)


def test_weights_leave_with_the_answers_and_read_back(tmp_path):
    study = study_of(tmp_path, 'margins = "margins.csv"\n', answers=ANSWERS.replace(",w\n", ",weight\n"))
    for kind, suffix in (("sav", ".sav"), ("csv", ".csv")):
        export_study(study, tmp_path / f"out{suffix}", kind)
        back = read_wave(tmp_path / f"out{suffix}").frame
        weight = latest_wave(study).weighted.weight
        np.testing.assert_allclose(back["weight_2"].to_numpy(dtype=float), weight, rtol=1e-12)
