"""init makes a study whole or not at all, and what it writes reads back the same."""

import json

import numpy as np
import pytest

from survey import (
    Design,
    DesignFault,
    FileFault,
    answers_to,
    check_study,
    design_frame,
    init_study,
    load_study,
    read_wave,
    select,
)
from tests.survey.small_waves import real_file

SURVEY = "firm,w,s,N,r1,r2,name,mail,q\n" + "".join(
    f"f{i},{i},{'ab'[i % 2]},9,1,{i},Name {i},p{i}@example.org,{'xyz'[i % 3]}\n" for i in range(1, 9)
)


def survey(folder):
    file = folder / "in.csv"
    file.write_text(SURVEY, encoding="utf-8")
    return file


def test_a_study_is_written_and_read_back(tmp_path):
    file = survey(tmp_path)
    study, findings = init_study(
        file, tmp_path / "my study", id="firm", weight="w", strata=("s",), population=("N",)
    )
    assert study == load_study(tmp_path / "my study")
    assert study.id == "my-study"
    assert study.design == Design(weight="w", strata=("s",), population=("N",), id="firm")
    assert study.waves[0].file.read_bytes() == file.read_bytes()
    assert sorted(p.name for p in study.folder.iterdir()) == ["codebook.toml", "in.csv", "study.toml"]
    roles = {q.id: q.role for q in read_wave(study.waves[0]).codebook.questions}
    assert roles["name"] == roles["mail"] == "set_aside"
    assert (roles["firm"], roles["w"], roles["s"], roles["N"]) == ("id", "weight", "question", "design")
    assert [f.found for f in findings] == ["seems to hold names", "seems to hold e-mail addresses"]


def test_replicates_are_no_questions(tmp_path):
    study, _ = init_study(survey(tmp_path), tmp_path / "s", weight="w", replicates="r*", method="fay")
    assert study.design == Design(weight="w", replicates=("r*",), method="fay", rho=0.5)
    roles = {q.id: q.role for q in read_wave(study.waves[0]).codebook.questions}
    assert roles["r1"] == roles["r2"] == "replicate"


def test_a_number_may_be_the_population(tmp_path):
    study, _ = init_study(survey(tmp_path), tmp_path / "s", population=("20",))
    assert study.design.population == (20.0,)
    scales = tmp_path / "scales.txt"
    scales.write_text("0.5\n0.25\n", encoding="utf-8")
    study, _ = init_study(
        survey(tmp_path), tmp_path / "t", weight="w", replicates="r*", method="jkn", rscales=scales, scale=1.5
    )
    assert study.design.rscales == (0.5, 0.25) and study.design.scale == 1.5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weight": "wt"}, "no column 'wt'"),
        ({"id": "frim"}, "did you mean firm?"),
        ({"strata": ("stratum",)}, "--strata"),
        ({"clusters": ("z",)}, "--cluster"),
        ({"population": ("M",)}, "--population"),
        ({"population": ("3",)}, "a population of 3 with 8 sampled"),
        ({"weight": "name"}, "missing or not a number"),
        ({"replicates": "r*"}, "without their method"),
        ({"method": "fay"}, "without replicate weights"),
        ({"replicates": "x*", "method": "brr"}, "no column fits 'x*'"),
        ({"replicates": "r*", "method": "bbr"}, "did you mean brr"),
        ({"rho": 0.5}, "without --method fay"),
        ({"replicates": "r*", "method": "fay", "rho": 1.0}, "below 1"),
    ],
)
def test_a_bad_option_leaves_nothing_behind(tmp_path, options, said):
    file = survey(tmp_path)
    with pytest.raises(DesignFault) as fault:
        init_study(file, tmp_path / "new" / "s", **options)
    assert said in str(fault.value)
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


def test_a_folder_in_use_is_refused_and_an_empty_one_is_taken(tmp_path):
    file = survey(tmp_path)
    with pytest.raises(FileFault, match="not empty"):
        init_study(file, tmp_path)
    with pytest.raises(FileFault, match="not empty"):
        init_study(file, file)
    (tmp_path / "empty").mkdir()
    init_study(file, tmp_path / "empty")
    with pytest.raises(FileFault, match="no such file"):
        init_study(tmp_path / "inn.csv", tmp_path / "x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "in.csv"]


def test_guessed_encodings_and_lying_names_are_findings(tmp_path):
    file = tmp_path / "a.sav"
    file.write_bytes("企業,答\nあ社,はい\nい社,はい\n".encode("cp932"))
    study, findings = init_study(file, tmp_path / "s")
    assert len(findings) == 2 and study.waves[0].file.name == "a.sav"
    assert "content is csv" in findings[0].found and "cp932" in findings[1].found


def test_recs_2015_gives_the_published_households(tmp_path):
    """Totals and shares as the EIA publishes them; standard errors (Fay, centred) as printed by R survey."""
    file = real_file("recs_2015.csv")
    study, findings = init_study(
        file, tmp_path / "recs", id="DOEID", weight="NWEIGHT", replicates="BRRWT*", method="fay", rho=0.5
    )
    assert findings == ()
    wave = read_wave(study.waves[0])
    frame = design_frame(wave, study.design)
    replicates = frame.filter(like="replicate_").to_numpy()
    assert replicates.shape == (5686, 96)
    cases = {c["stat"]: c for c in json.loads(real_file("recs_2015.expected.json").read_text())["cases"]}
    weight = frame["weight"].to_numpy()
    assert weight.sum() == pytest.approx(cases["total households"]["value"], rel=5e-5)
    for region, total in cases["total households by Region"]["value"].items():
        assert weight[select(wave, f'Region == "{region}"')].sum() == pytest.approx(total, rel=5e-5)
    ac = answers_to(wave, "ACUsed")
    assert ac.kind == "binary" and ac.options == ("FALSE", "TRUE")
    for stat, values in (
        ("share ACUsed TRUE", ac.values),
        ("mean TOTALBTU", answers_to(wave, "TOTALBTU").values),
    ):
        estimate = weight @ values / weight.sum()
        spread = values @ replicates / replicates.sum(axis=0) - estimate
        assert estimate == pytest.approx(cases[stat]["value"], rel=5e-5)
        assert np.sqrt((spread**2).sum() / (96 * 0.25)) == pytest.approx(
            cases[stat]["se"], rel=5e-5, abs=5e-5
        )
    tabulated = {q.id for q in wave.codebook.tabulated()}
    assert not any(name.startswith("BRRWT") for name in tabulated) and not {"DOEID", "NWEIGHT"} & tabulated


@pytest.mark.parametrize(
    "name",
    [
        "dataverse_frequency-test.sav",
        "haven_tagged-na-double.dta",
        "kobo_childrens_survey.sav",
        "pyreadstat_hebrews.sav",
        "pyreadstat_missing_test.dta",
        "pyreadstat_sample_missing.sav",
        "pyreadstat_simple_alltypes.sav",
        "pyreadstat_tegulu.sav",
        "pyreadstat_test_width.sav",
        "readstattables_string_labeled_value.sav",
        "redcap_clinical-trial-1_data.csv",
        "redcap_russian_data.csv",
        "svy_hld_sample_wb_2023.parquet",
        "svy_ind_sample_wb_2023.parquet",
    ],
)
def test_real_files_become_studies_that_say_what_the_file_says(tmp_path, name):
    file = real_file(name)
    study, _ = init_study(file, tmp_path / "s")
    bare, wave = read_wave(file), read_wave(study.waves[0])
    assert wave.frame.equals(bare.frame)
    for old, new in zip(bare.codebook.questions, wave.codebook.questions, strict=True):
        assert new == old or new.role == "set_aside"
        before, after = answers_to(bare, old.id), answers_to(wave, new.id)
        assert (before.ticks == after.ticks).all() and (before.state == after.state).all()
    check_study(study)
