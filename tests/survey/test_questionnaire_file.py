"""The questionnaire in data/instrument is whole, bilingual and alike on both sides; faults are named."""

import csv
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from survey import FileFault, StudyFault, data_folder, load_instrument

FOLDER = data_folder() / "instrument"


@pytest.fixture(scope="module")
def instrument():
    return load_instrument(FOLDER)


def test_every_question_is_worded_in_both_languages(instrument):
    assert instrument.codebook.languages == ("en", "ja")
    for question in instrument.codebook.questions:
        for label in (question.label, *[c.label for c in question.choices]):
            assert label["en"].isascii(), label
            assert label["ja"] != label["en"] or label["en"] == "%"


def test_sides_differ_in_nothing_but_the_side(instrument):
    assert len(instrument.items) > 50
    sides = (("American", "the United States", "US"), ("Chinese", "China", "CN"))
    for item in instrument.items:
        us, cn = (instrument.codebook.question(name) for name in (item.us, item.cn))
        assert [c.code for c in us.choices] == [c.code for c in cn.choices]
        assert (us.missing, us.unit, us.nets) == (cn.missing, cn.unit, cn.nets)
        assert item.us[:-2] == item.cn[:-2] and us.concept != cn.concept
        text = us.label["en"]
        for ours, theirs in zip(*sides, strict=True):
            text = text.replace(ours, f"<{theirs}>")
        other = cn.label["en"]
        if "goods your firm sells" not in other:
            assert text.replace("<", "").replace(">", "") == other


def test_concepts_of_published_figures_are_asked_again(instrument):
    published = data_folder() / "reference" / "published" / "published_waves.csv"
    with published.open(encoding="utf-8", newline="") as file:
        asked = {row["question_id"] for row in csv.DictReader(file)}
    ours = {q.concept for q in instrument.codebook.questions}
    wanted = {"awareness", "measures_taken", "main_challenge", "us_china_impact", "impact_type"}
    wanted |= {"had_to_choose", "us_concerns", "cn_concerns", "gov_request", "tech_transfer_demand"}
    assert wanted <= asked and wanted <= ours


def test_bands_have_bounds_that_meet(instrument):
    banded = [q for q in instrument.codebook.questions if q.choices and q.choices[0].low is not None]
    assert len(banded) > 20
    for question in banded:
        bounds = [(c.low, c.high) for c in question.choices]
        assert all(a[1] == b[0] for a, b in pairwise(bounds)), question.id


def test_distributions_have_five_points_and_rise(instrument):
    assert {(len(d.values), len(d.probabilities)) for d in instrument.distributions} == {(5, 5)}
    assert instrument.rising()["growV2US"] == "growV1US" and "growV1US" not in instrument.rising()
    assert {s.total for s in instrument.totals()} == {100} and len(instrument.totals()) == 6


CHANGES = {
    "unknown question": ("instrument.toml", '"awareness",', '"awarenes",', "awareness"),
    "in two sections": ("instrument.toml", '"boardAgenda",', '"boardAgenda", "sector",', "'sector' twice"),
    "in no section": ("instrument.toml", '  "boardAgenda",\n', "", "'boardAgenda' in none"),
    "sides differ": (
        "codebook.toml",
        '[questions.sitesUS]\nkind = "number"',
        '[questions.sitesUS]\nkind = "text"',
        "'sitesUS' and 'sitesCN' differ",
    ),
    "asked too early": ("codebook.toml", 'asked_if = "ukraine == 1"', 'asked_if = "unit == 1"', "not asked"),
    "one language": ("codebook.toml", 'en = "Sector", ja = "業種"', 'en = "Sector"', "without 'ja'"),
    "a name that changes": ("codebook.toml", "ukraineType", "ukraine_type", "no platform changes"),
    "codes that differ in case": (
        "codebook.toml",
        'code = "supplier", label = { en = "Change or spread',
        'code = "INFO", label = { en = "Change or spread',
        "'info' and 'INFO'",
    ),
    "unknown key": ("instrument.toml", "office = true", "ofice = true", "office"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_faults_are_named(tmp_path: Path, name: str):
    file, old, new, said = CHANGES[name]
    for one in ("codebook.toml", "instrument.toml"):
        shutil.copy(FOLDER / one, tmp_path / one)
    for one in ("codebook.toml", "instrument.toml") if name == "a name that changes" else (file,):
        text = (tmp_path / one).read_text(encoding="utf-8")
        assert old in text
        (tmp_path / one).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(StudyFault, match=said):
        load_instrument(tmp_path)


def test_a_folder_without_questionnaire(tmp_path: Path):
    with pytest.raises(FileFault, match=r"instrument\.toml"):
        load_instrument(tmp_path)
