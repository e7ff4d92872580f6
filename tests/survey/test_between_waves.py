"""What only several waves together show is found by `check`."""

import pytest

from survey import StudyFault, check_study, load_study

STUDY = """schema = 1
id = "two"
[[waves]]
name = "2021"
file = "a.csv"
codebook = "a.toml"
[[waves]]
name = "2022"
file = "b.csv"
codebook = "b.toml"
[design]
id = "firm"
"""
BOOK = (
    'schema = 1\n[questions.q]\nkind = "single"\nchoices = [{ code = "1", label = "%s" }, { code = "2" }]\n'
)


def folder(
    tmp_path, first="firm,q\na,1\nb,2\n", second="firm,q\na,1\nb,2\n", said=("yes", "yes"), study=STUDY
):
    for name, answers, label in zip("ab", (first, second), said, strict=True):
        (tmp_path / f"{name}.csv").write_text(answers, encoding="utf-8")
        (tmp_path / f"{name}.toml").write_text(BOOK % label, encoding="utf-8")
    (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    return tmp_path


def between(path) -> list[str]:
    return [
        f"{f.where}: {f.found}"
        for f in check_study(load_study(path))
        if "waves" in f.where or "concept" in f.where
    ]


def test_waves_that_fit_have_no_findings(tmp_path):
    assert between(folder(tmp_path)) == []


def test_a_code_of_another_meaning_is_found(tmp_path):
    assert between(folder(tmp_path, said=("yes", "no"))) == [
        "concept q, waves 2021 and 2022: code 1 was 'yes' and is 'no'"
    ]


def test_waves_without_a_firm_in_common_are_found(tmp_path):
    assert between(folder(tmp_path, second="firm,q\nA,1\nB,2\n")) == [
        "waves 2021 and 2022: no firm in common (2 and 2 firms)"
    ]


def test_contradictory_decisions_stop_the_check(tmp_path):
    (tmp_path / "firms.csv").write_text(
        "from,to,kind,date,who,why\na,b,rename,2022-01-01,Ito,registry\n", encoding="utf-8"
    )
    path = folder(tmp_path, study=STUDY + '[panel]\ndecisions = "firms.csv"\n')
    with pytest.raises(StudyFault, match="side by side"):
        check_study(load_study(path))
