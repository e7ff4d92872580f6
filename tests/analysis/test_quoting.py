"""Figures to quote: counts and bases as they are known elsewhere, and what is refused."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from analysis.published.audit import audit_figures
from analysis.published.figures import read_figures
from analysis.published.gates import usual_gates
from analysis.published.origin import Origin
from analysis.quoting.measured import quote_release, quote_study
from analysis.quoting.printed import quote_printed
from analysis.quoting.record import Quote, split_name
from analysis.release.read import Release
from survey import Fault, QuestionFault, data_folder, load_study

SERIES = data_folder() / "reference" / "published" / "published_waves.csv"
Printed = Callable[..., Quote]


@pytest.fixture(scope="module")
def printed() -> Printed:
    """Quotes of the published series, audited once."""
    figures = read_figures(SERIES)
    return partial(quote_printed, figures, audit_figures(figures, usual_gates()), Origin.of_file(SERIES))


def test_a_figure_of_a_study_has_its_count_base_and_source() -> None:
    study = load_study(data_folder() / "demo")
    quote = quote_study(study, "had_to_choose.1")
    assert (quote.count, quote.n, quote.base_rule, quote.wave) == (12, 96, "answered", "2021")
    assert quote.estimate == 12 / 96 and quote.low <= quote.estimate <= quote.high
    assert quote.caveats == ("synthetic", "firms")
    assert quote.wording["ja"][1] == "はい"
    assert quote.source.file == "demo_2021.sav" and len(quote.source.sha256) == 64
    routed = quote_study(study, "impact_type.us_regulation_cost", base_rule="routed")
    assert (routed.count, routed.n) == (44, 97) and "leak" in routed.caveats


@pytest.mark.parametrize(
    ("name", "found"),
    [("had_to_chose.1", "no such question"), ("had_to_choose.9", "no option"), ("impact_type", "no option")],
)
def test_a_figure_that_is_not_there_names_the_nearest(name: str, found: str) -> None:
    with pytest.raises(QuestionFault) as fault:
        quote_study(load_study(data_folder() / "demo"), name)
    assert found in fault.value.found and (
        "had_to_choose" in str(fault.value) or "impact" in str(fault.value)
    )


def test_ids_that_hold_points_are_found() -> None:
    assert split_name("api.stu.1", ["api", "api.stu"], "x") == ("api.stu", "1")
    assert split_name("q.1.5", ["q"], "x") == ("q", "1.5")


@pytest.mark.parametrize(
    ("name", "places", "count", "n", "rule"),
    [
        ("impact_type.us_regulation_cost", {"wave": "2021"}, 44, 74, "stated"),
        ("impact_type.us_regulation_cost", {"wave": "2022", "edition": "final"}, 40, 61, "recovered"),
        ("us_sales_plan.increase", {"wave": "2024"}, None, 0, "open"),
        ("sales_share.us_ge10", {"wave": "2021"}, None, 0, "unknown"),
    ],
)
def test_a_printed_figure_is_quoted_with_what_is_behind_it(
    printed: Printed, name: str, places: dict[str, str], count: int | None, n: int, rule: str
) -> None:
    quote = printed(name, **places)
    assert (quote.count, quote.n, quote.base_rule) == (count, n, rule)
    if rule == "open":
        assert quote.bases == "32,64" and quote.method == "envelope" and quote.low < 0.469 < quote.high


def test_a_figure_that_another_source_prints_otherwise_says_so(printed: Printed) -> None:
    assert "sources_differ" in printed("main_challenge.us_china_uncertainty", wave="2021").caveats
    assert "sources_differ" not in printed("awareness.aware", wave="2021").caveats


@pytest.mark.parametrize(
    ("name", "places", "said"),
    [
        ("impact_type.us_regulation_cost", {}, "--wave 2022 --edition bulletin"),
        ("impact_type.us_regulation_cost", {"wave": "1999"}, "none for --wave 1999"),
        ("tech_transfer_complied.complied", {"wave": "2021"}, "8 firms in the base"),
        ("security_clearance.now", {"wave": "2022"}, "none of which is used"),
    ],
)
def test_what_cannot_be_quoted_is_refused(
    printed: Printed, name: str, places: dict[str, str], said: str
) -> None:
    with pytest.raises(QuestionFault) as fault:
        printed(name, **places)
    assert said in str(fault.value)


def _release(monkeypatch: pytest.MonkeyPatch, **row: object) -> Release:
    """A Release of one share of a weighted survey, without a folder."""
    whole = {
        "question": "q", "option": "1", "by": "", "group": "", "stat": "share", "base_rule": "answered",
        "n": 40.0, "base": 812.5, "estimate": 0.3, "low": 0.2, "high": 0.4, "level": 0.95,
        "method": "korn-graubard", "flag": "indicative", "wave": "1999",
    }  # fmt: skip
    wording = pd.DataFrame(
        [("q", "", "en", "Question"), ("q", "1", "en", "Yes"), ("q", "1", "ja", "はい")],
        columns=["question", "option", "lang", "text"],
    )
    tables = {"estimates": pd.DataFrame([whole | row]), "wording": wording}
    manifest = {
        "audience": "public", "synthetic": False, "attacked": "not attacked", "title": {"en": "T"},
        "files": {"estimates.parquet": {}, "wording.parquet": {}}, "design": {"target": "mechanism"},
    }  # fmt: skip
    monkeypatch.setattr(Release, "table", lambda self, name: tables[name])
    return Release(Path("r"), manifest)


def test_a_weighted_share_of_a_release_is_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    quote = quote_release(_release(monkeypatch), "q")
    assert quote.count is None and (quote.n, quote.base) == (40, 812.5)
    assert quote.caveats == ("mechanism", "not_attacked", "weighted", "indicative")
    assert quote.wording["ja"] == ("q", "はい") and quote.wording["en"] == ("Question", "Yes")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"flag": "suppressed", "n": float("nan"), "estimate": float("nan")}, "not shown: confidentiality"),
        ({"n": 9.0, "base": 9.0}, "9 firms in the base"),
    ],
)
def test_a_release_gives_only_what_its_audience_may_see(
    monkeypatch: pytest.MonkeyPatch, row: dict[str, object], said: str
) -> None:
    with pytest.raises(Fault) as fault:
        quote_release(_release(monkeypatch, **row), "q.1")
    assert said in fault.value.found
