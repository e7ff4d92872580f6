"""The audit of printed figures: the known answers of the published series, and what is said of bad files."""

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy.stats import beta

from analysis.estimate.differences import independent_limits, paired_limits
from analysis.published.audit import AUDIT_COLUMNS, Audit, audit_figures
from analysis.published.exposure import fewest_edits
from analysis.published.figures import read_figures
from analysis.published.gates import usual_gates
from analysis.published.rounding import printed_as
from analysis.published.wordings import usual_wordings
from survey import FileFault, data_folder

PUBLISHED = data_folder() / "reference" / "published" / "published_waves.csv"


@pytest.fixture(scope="module")
def audit() -> Audit:
    return audit_figures(read_figures(PUBLISHED), usual_gates())


def _of(audit: Audit, wave: str, question: str, edition: str = "final") -> pd.DataFrame:
    table = audit.table
    mine = (table["wave"] == wave) & (table["question_id"] == question) & (table["edition"] == edition)
    return table[mine & (table["feasible_bases"] != "")]


def _written(
    folder: Path, *rows: str, header: str = "wave,question_id,option_id,value,multi_response"
) -> Path:
    path = folder / "figures.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("wave", "edition", "question", "base"),
    [
        ("2021", "final", "main_challenge", 100),
        ("2021", "final", "cn_concerns", 88),
        ("2021", "final", "us_concerns", 88),
        ("2021", "final", "impact_type", 74),
        ("2021", "final", "measures_taken", 87),
        ("2021", "final", "gov_request", 97),
        ("2021", "final", "us_china_impact", 97),
        ("2021", "final", "had_to_choose", 96),
        ("2022", "final", "main_challenge", 81),
        ("2022", "final", "measures_taken", 72),
        ("2022", "final", "impact_type", 61),
        ("2022", "final", "ukraine_impact_type", 69),
        ("2022", "bulletin", "main_challenge", 79),
        ("2022", "bulletin", "impact_type", 59),
        ("2022", "bulletin", "ukraine_impact_type", 67),
    ],
)
def test_bases_that_only_one_number_of_firms_explains(
    audit: Audit, wave: str, edition: str, question: str, base: int
) -> None:
    assert set(_of(audit, wave, question, edition)["base"]) == {base}


def test_counts_come_out_and_print_as_they_stand(audit: Audit) -> None:
    known = audit.table[audit.table["count"].notna() & audit.table["base"].notna()]
    assert len(known) > 50
    names = ["count", "base", "printed", "rounding"]
    for count, base, printed, rounding in known[names].itertuples(index=False, name=None):
        rule = {"cut": "cut", "half-even": "half-even"}.get(rounding, "half-up")
        assert printed_as(count, base, len(printed.partition(".")[2]), rule) == printed
    share = _of(audit, "2021", "impact_type").set_index("option_id")
    assert share.loc["us_regulation_cost", "count"] == 44
    assert share.loc["cn_regulation_cost", "count"] == 25


def test_what_is_ambiguous_stays_ambiguous(audit: Audit) -> None:
    for wave, edition, question, bases in (
        ("2023", "provisional", "impact_type", "46,63,75"),
        ("2024", "final", "us_sales_plan", "32,64"),
        ("2022", "bulletin", "ukraine_impact", "28,39,56,67,78"),
    ):
        rows = _of(audit, wave, question, edition)
        assert set(rows["feasible_bases"]) == {bases}
        assert rows["base"].isna().all() and rows["estimate"].isna().all()
        assert rows["flag"].str.contains("ambiguous base").all()


def test_a_least_base_can_decide(audit: Audit) -> None:
    least = audit_figures(read_figures(PUBLISHED), usual_gates(), least=40)
    assert set(_of(least, "2024", "us_sales_plan")["base"]) == {64}


def test_figures_that_fit_only_cut(audit: Audit) -> None:
    sector = _of(audit, "2024", "sector", "provisional")
    assert set(sector["feasible_bases"]) == {"57,70"} and set(sector["base"]) == {70}
    assert set(sector["rounding"]) == {"cut"}
    assert sector["flag"].str.contains("cut, not rounded").all()
    affected, ukraine = _of(audit, "2022", "us_china_impact"), _of(audit, "2022", "ukraine_impact")
    assert "80" in affected["feasible_bases"].iloc[0] and set(affected["rounding"]) == {"cut"}
    assert "80" in ukraine["feasible_bases"].iloc[0] and set(ukraine["rounding"]) == {"rounded"}


def test_bases_that_a_source_claims_and_cannot_be(audit: Audit) -> None:
    claimed = _of(audit, "2022", "impact_type", "bulletin")
    assert set(claimed["stated_base"]) == {79}
    assert claimed["flag"].str.contains("stated base not reachable").all()
    assert not _of(audit, "2022", "main_challenge", "bulletin")["flag"].str.contains("stated").any()


def test_misprints_complements_and_looser_rounding_are_told_apart(audit: Audit) -> None:
    said = audit.sources.set_index("printed")["agreement"].to_dict()
    assert said["74"] == "misprint" and said["89"] == "complement"
    assert said["60"] == "dropped" and said["13"] == "rounding"


def test_single_firms_are_read_from_percents(audit: Audit) -> None:
    few = audit.small.set_index(["wave", "question_id", "option_id", "cell"])
    complied = few.loc[("2021", "tech_transfer_complied", "complied", "gave it")]
    assert complied["firms"] == 3 and complied["base"] == 8
    assert few.loc[("2022", "awareness", "not_at_all", "gave it")]["firms"] == 1
    demand = _of(audit, "2021", "tech_transfer_demand")
    assert set(demand["feasible_bases"]) == {"70-76"} and set(demand["count"]) == {8}


def test_two_editions_give_away_the_firms_between_them(audit: Audit) -> None:
    told = audit.editions.set_index(["question_id", "option_id"])
    assert told.loc[("main_challenge", "risk_assessment"), "exposed"] == "2 of 2 firms gave it"
    assert (audit.editions["fewest_edits"] == 0).all()
    assert int(fewest_edits(64, 78, 67, 80)) == 1, "three more of two added: one answer was edited"
    assert int(fewest_edits(14, 78, 13, 80)) == 1
    assert int(fewest_edits(14, 80, 13, 79)) == 0


def test_follow_ups_with_more_firms_than_their_gate_leak(audit: Audit) -> None:
    leak = _of(audit, "2021", "impact_type")
    assert leak["flag"].str.contains("leak").all()
    assert "59 had answered us_china_impact = yes" in leak["why"].iloc[0]
    assert not _of(audit, "2022", "measures_taken")["flag"].str.contains("leak").any()


def test_intervals_are_exact_and_hold_every_base_that_fits(audit: Audit) -> None:
    choose = _of(audit, "2021", "had_to_choose").iloc[0]
    assert choose["low"] == pytest.approx(beta.ppf(0.025, 12, 85), rel=1e-12)
    assert choose["high"] == pytest.approx(beta.ppf(0.975, 13, 84), rel=1e-12)
    open_base = _of(audit, "2024", "us_sales_plan").iloc[0]
    assert open_base["low"] == pytest.approx(beta.ppf(0.025, 15, 18), rel=1e-12)
    assert open_base["method"] == "envelope"


def test_contrasts_hold_over_every_overlap(audit: Audit) -> None:
    sides = audit.contrasts.set_index(["wave", "edition", "option_id", "against"])
    cost = sides.loc[("2021", "final", "us_regulation_cost", "cn_regulation_cost")]
    assert cost["estimate"] == pytest.approx(19 / 74)
    assert (cost["least_both"], cost["most_both"]) == (0, 25)
    assert 0 < cost["low"] < cost["narrow_low"] < cost["estimate"] < cost["narrow_high"] < cost["high"] < 0.5
    for both in range(26):  # the score's own equation, at each overlap
        low, high = paired_limits(44 - both, 25 - both, 74)
        assert cost["low"] <= low + 1e-12 and high <= cost["high"] + 1e-12
        assert low > 0, "above zero for every overlap"


def test_no_change_of_the_series_is_beyond_noise_but_breaks_are_told() -> None:
    breaks = pd.DataFrame({"wave": ["2022"], "question_id": ["impact_type"], "reason": ["wording"]})
    changes = audit_figures(read_figures(PUBLISHED), usual_gates(), breaks=breaks).changes
    assert len(changes) == 10
    broken = changes["question_id"] == "impact_type"
    assert set(changes.loc[broken, "flag"]) == {"break"}
    assert set(changes.loc[~broken, "flag"]) == {"no detectable change"}
    info = changes[changes["option_id"] == "information_control"].iloc[0]
    low, high = independent_limits(56, 87, 54, 72)
    assert (info["low"], info["high"]) == pytest.approx((float(low), float(high)))
    pooled = 110 / 159
    assert info["smallest"] == pytest.approx(2.80158521 * (pooled * (1 - pooled) * (1 / 87 + 1 / 72)) ** 0.5)


def test_every_percent_has_a_row_in_file_order(audit: Audit) -> None:
    frame = pd.read_csv(PUBLISHED, dtype=str, keep_default_na=False)
    assert len(audit.table) == int((frame["statistic"] == "percent").sum())
    assert audit.table["row"].is_monotonic_increasing
    assert tuple(audit.table) == AUDIT_COLUMNS


def test_counts_printed_beside_percents_show_cutting(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        "2024,policy,china,65.4,3403,5198,yes,exact",
        "2024,policy,russia,52.5,2733,5198,yes,exact",
        "2024,policy,currency,49.2,,5198,yes,rounded",
        header="wave,question_id,option_id,value,n_yes,base_n,multi_response,confidence",
    )
    table = audit_figures(read_figures(path)).table
    assert set(table["base"]) == {5198} and table["flag"].str.contains("cut, not rounded").all()


def test_bad_figures_are_said_by_row_and_nothing_is_guessed(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        "2021,q,a,101,no",
        "2021,r,a,60.5,no",
        "2021,r,b,45.0,no",
        "2021,s,a,33.3,yes",
        "2021,s,b,50,yes",
        "2021,t,a,half,yes",
    )
    audit = audit_figures(read_figures(path))
    said = "\n".join(map(str, audit.findings))
    assert "row 1" in said and "over 100" in said
    assert "rows 2, 3" in said and "add to 105.5 percent" in said
    assert "row 5" in said and "decimals" in said
    assert "row 6" in said and "no number" in said
    assert audit.table[audit.table["row"].isin([1, 6])]["base"].isna().all()


def test_an_infeasible_question_is_flagged(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        "2021,q,a,33.4,yes,10",
        header="wave,question_id,option_id,value,multi_response,base_n",
    )
    row = audit_figures(read_figures(path), most=10).table.iloc[0]
    assert "no base fits" in row["flag"] and "stated base not reachable" in row["flag"]
    assert np.isnan(row["estimate"]) and pd.isna(row["count"])


@pytest.mark.parametrize(
    ("rows", "header", "words"),
    [
        (("2021,q,a",), "wave,question_id,option_id", "no column 'value'"),
        (("2021,q,a,5,x",), "wave,question_id,option_id,value,base_n", "row 1"),
    ],
)
def test_files_that_are_no_figures_are_refused(
    tmp_path: Path, rows: tuple[str, ...], header: str, words: str
) -> None:
    with pytest.raises(FileFault) as fault:
        read_figures(_written(tmp_path, *rows, header=header))
    assert words in str(fault.value)


def test_unknown_columns_are_named(tmp_path: Path) -> None:
    path = _written(tmp_path, "2021,q,a,5,1", header="wave,question_id,option_id,value,bass_n")
    assert "bass_n" in str(read_figures(path).findings[0])


def test_every_figure_of_the_series_has_wordings_in_both_languages() -> None:
    frame = read_figures(PUBLISHED).frame
    frame = frame[frame["statistic"] == "percent"]
    for lang in ("en", "ja"):
        told = usual_wordings(lang)
        keys = [
            *zip(frame["question_id"], frame["option_id"], strict=True),
            *((q, "") for q in frame["question_id"]),
        ]
        assert not [key for key in keys if not told.get(key)]


def test_a_workbook_keeps_the_decimals_that_were_printed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["wave", "question_id", "option_id", "value", "base_n"])
    for option, value, form in (("a", 75, "0.0"), ("b", 62.5, "0.0"), ("c", 0.125, "0.0%")):
        sheet.append([2024, "q", option, value, 80])
        sheet.cell(sheet.max_row, 4).number_format = form
    book.save(tmp_path / "figures.xlsx")
    figures = read_figures(tmp_path / "figures.xlsx")
    assert figures.frame["value"].tolist() == ["75.0", "62.5", "12.5%"]
    assert figures.frame["decimals"].tolist() == [1, 1, 1] and not figures.findings
    table = audit_figures(figures).table
    assert table["count"].tolist() == [60, 50, 10]


def test_a_workbook_that_lost_its_decimals_is_told_by_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("wave", "question_id", "option_id", "value"), (2024, "q", "a", 75), (2024, "q", "b", 62.5),
    ):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "figures.xlsx")
    (finding,) = read_figures(tmp_path / "figures.xlsx").findings
    assert "row 1" in finding.where and "whole percents (75)" in finding.found


def test_a_workbook_of_before_2007_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(FileFault) as fault:
        read_figures(tmp_path / "old.xls")
    assert "xlsx" in fault.value.do


def test_what_is_not_used_says_why_in_its_row(tmp_path: Path) -> None:
    path = _written(
        tmp_path, "2021,q,a,112,yes", "2021,q,b,1O.5,yes", "2021,q,c,>50,yes", "2021,q,d,12.5,yes"
    )
    table = audit_figures(read_figures(path)).table
    assert table["why"].tolist()[:3] == [
        "a percent over 100 is no share", "no number can be read", "the source gives it in words only",
    ]  # fmt: skip
    assert table["flag"].tolist() == ["not used", "not used", "words", "base unknown"]


def test_an_infeasible_set_names_the_bound_that_was_given(tmp_path: Path) -> None:
    path = _written(tmp_path, "2021,q,a,12.5,yes", "2021,q,b,33.3,yes")
    table = audit_figures(read_figures(path), most=10).table
    assert table["why"].tolist() == ["no base up to 10 prints all these figures"] * 2
    assert table["flag"].tolist() == ["no base fits"] * 2


def test_shares_in_the_place_of_percents_are_told(tmp_path: Path) -> None:
    figures = read_figures(_written(tmp_path, "2021,q,a,0.125,no", "2021,r,b,0.333,no"))
    assert ["rows 1, 2" in f.where and "no figure over 1" in f.found for f in figures.findings] == [True]
    assert not read_figures(_written(tmp_path, "2021,q,a,0.5,no", "2021,q,b,99.5,no")).findings
