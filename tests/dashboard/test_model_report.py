"""The validation report on the page Method: every row in words, in both languages; others see none of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import press
from analysis.pressure.choice import train_choice
from analysis.pressure.declared import Declared
from analysis.pressure.noting import NOTE_CODES
from analysis.pressure.validate import judge_model
from analysis.release.firms import pressure_tables
from dashboard.model_words import how_words, stat_words, why_words
from dashboard.pages.model_report import report_model
from dashboard.shelf import Shelf, open_shelf
from dashboard.wording import LANGUAGES, catalogue
from survey import data_folder, load_study


def pressed(**keys: Any) -> dict[str, pd.DataFrame]:
    demo = load_study(data_folder() / "demo")
    said = {**demo.sections["pressure"], "draws": 200, **keys}
    said = {key: value for key, value in said.items() if value is not None}
    return pressure_tables(press(replace(demo, sections={**demo.sections, "pressure": said})))


def shelf_of(tables: dict[str, pd.DataFrame], audience: str = "internal") -> Shelf:
    return Shelf({"audience": audience, "by": ["sector"]}, tables)


def words_of(parts: object) -> str:
    return str([part.to_plotly_json() for part in parts])  # type: ignore[attr-defined]


def graded() -> pd.DataFrame:
    """A report of grades, pooled groups refused, a constant and a collinear term, a group left out."""
    rng = np.random.default_rng(1)
    x = rng.random((120, 1))
    grade = np.clip(np.floor(3 * (0.5 * x[:, 0] + 0.5 * rng.random(120))), 0, 2)
    model = train_choice(
        np.c_[x, x * 2, np.full(120, 0.2)],
        (grade > 1).astype(float),
        rng,
        terms=("squeeze", "us", "cn"),
        draws=200,
        declared=Declared(("squeeze", "us", "cn"), correction="flac", prior_sd=0.5),
        grades=grade,
        groups=np.array(["a", "b"] * 60, dtype=object),
        apart=np.array(["1", "2"] * 60, dtype=object),
    )
    return judge_model(model, rng, declared=3).table()


def test_no_row_of_the_model_is_without_a_word() -> None:
    composite = {"weights": {"us": 1, "cn": 1, "squeeze": 2}}
    tables = [pressed()["model"], pressed(outcome=None, event=None, composite=composite)["model"], graded()]
    shelf, english, japanese = shelf_of({}), catalogue("en"), catalogue("ja")
    codes = set()
    for row in pd.concat(tables).to_dict(orient="records"):
        stat = str(row["stat"])
        if row["why"]:
            codes.add(str(row["why"]).split("|")[0])
            assert all(why_words(lang, row) != row["method"] for lang in LANGUAGES), row
        if stat.startswith("note "):
            continue
        assert stat_words(shelf, "en", stat) in english.values() or " " in stat, stat
        assert stat_words(shelf, "en", stat) != stat and stat_words(shelf, "ja", stat) != stat, stat
        assert how_words("ja", stat, row["method"]) in japanese.values(), stat
    assert {"term_collinear", "term_constant", "grades_not_pooled", "flac_is_flic", "no_outcome"} <= codes


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_its_sentence(lang: str) -> None:
    told = catalogue(lang)
    assert {f"model_why.{code}" for code in NOTE_CODES} == {
        key for key in told if key.startswith("model_why.")
    }
    row = {"why": "term_collinear|us|squeeze and cn", "method": ""}
    assert "{" not in why_words(lang, row) and told["stat.us"] in why_words(lang, row)


def test_the_page_says_how_little_twelve_events_carry() -> None:
    shelf = shelf_of(pressed())
    english = words_of(report_model(shelf, "en", "light"))
    for words in (
        "12 firms of the rarer answer",
        "Model-based",
        "arithmetic (FLIC), not evidence",
        " tiers among 100 firms",
    ):
        assert words in english
    for words in (
        "may predict no better",
        "One person of a firm",
        "calibration slope would say more about chance",
    ):
        assert words in english
    japanese = words_of(report_model(shelf, "ja", "dark"))
    assert "少ない側の回答は12社" in japanese and "対角線" in japanese and "The band" not in japanese


def test_an_index_stands_where_nobody_was_asked() -> None:
    composite = {"weights": {"us": 1, "cn": 1, "squeeze": 2}}
    tables = pressed(outcome=None, event=None, composite=composite)
    assert {"stat", "n", "estimate"} <= set(tables["composite"]) and "calibration" not in tables
    page = words_of(report_model(shelf_of(tables), "en", "light"))
    assert "Index in the place of the probability" in page and "No. The survey does not ask" in page
    assert "Ranks and tiers are of squeeze" in page


def test_others_see_nothing_of_it(public: Path) -> None:
    """Its rows, its curve and the index of single firms are in no Release but the internal one."""
    shelf = open_shelf(public)
    assert not {"model", "calibration", "composite", "frozen", "pressure"} & set(shelf.tables)
    assert report_model(shelf_of({}, "public"), "en", "light") == []
