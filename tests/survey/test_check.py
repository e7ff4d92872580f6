"""check tells what a user should know, and is silent about a sound study."""

from survey import check_study, load_study
from tests.survey.small_waves import STUDY, study_folder


def found(tmp_path, answers: str, codebook: str = "", design: str = "") -> list[str]:
    study = STUDY + design
    if codebook:
        study = study.replace('file = "answers.csv"', 'file = "answers.csv"\ncodebook = "codebook.toml"')
        tmp_path.mkdir(exist_ok=True)
        (tmp_path / "codebook.toml").write_text("schema = 1\n" + codebook, encoding="utf-8")
    return [str(f) for f in check_study(load_study(study_folder(tmp_path, study, answers)))]


def test_a_sound_study_has_no_findings(tmp_path):
    assert found(tmp_path, "firm,w,q\na,1,x\nb,1,x\nc,2,y\n") == []


def test_leaks_silence_and_bare_codes(tmp_path):
    rows = ["a,1,1,1", "b,1,1,2", "c,1,2,1", "d,1,2,", "e,1,9,"]
    codebook = """[questions.gate]
kind = "single"
choices = [{ code = "1", label = "yes" }, { code = "2", label = "no" }]
[questions.how]
kind = "single"
asked_if = "gate == 1"
choices = [{ code = "1", label = "a" }, { code = "2", label = "b" }]
"""
    told = found(tmp_path, "firm,w,gate,how\n" + "\n".join(rows) + "\n", codebook)
    assert any("question gate: 9 in 1 row looks like a missing code, and is not declared" in t for t in told)
    assert any("question how: 1 of 3 answers are of firms not routed to it (gate == 1)" in t for t in told)
    assert len(told) == 2


def test_silence_of_a_tenth_is_told_of_those_asked_only(tmp_path):
    told = found(tmp_path, "firm,w,q\na,1,10\nb,1,20\nc,2,\n")
    assert len(told) == 1 and "1 of 3 firms asked gave no answer" in told[0]


def test_ids_that_stand_twice(tmp_path):
    told = found(tmp_path, "firm,w,q\na,1,x\na,1,x\nb,1,y\n")
    assert len(told) == 1 and "1 ids stand more than once (a; rows 1, 2)" in told[0]


def test_strata_with_one_unit(tmp_path):
    told = found(tmp_path, "firm,w,s\na,1,x\nb,1,x\nc,1,y\n", design='strata = ["s"]\n')
    assert len(told) == 1 and "strata s: 1 strata with one unit (y)" in told[0]
    told = found(
        tmp_path, "firm,w,s,N\na,1,x,9\nb,1,x,9\nc,1,y,1\n", design='strata = ["s"]\npopulation = ["N"]\n'
    )
    assert told == [], "a stratum of one firm that was taken is complete"


def test_cells_that_are_no_numbers(tmp_path):
    told = found(
        tmp_path, "firm,w,n\na,1,１０\nb,1,about 5\nc,1,7\nd,1,8\n", '[questions.n]\nkind = "number"\n'
    )
    assert "1 of 4 cells are no number: 'about 5'" in told[0] and "1 of 4 firms asked" in told[1]


def test_what_the_reader_saw_is_told_with_the_wave(tmp_path):
    two = STUDY.replace("[design]", '[[waves]]\nname = "2022"\nfile = "second.csv"\n\n[design]')
    study_folder(tmp_path, two, "firm,w,q\na,1,1\nb,1,2\n")
    (tmp_path / "second.csv").write_bytes("firm,w,q\nあ社,1,はい\nい社,1,はい\n".encode("cp932"))
    findings = [f for f in check_study(load_study(tmp_path)) if f.where.startswith("wave ")]
    assert len(findings) == 1
    assert findings[0].where.startswith("wave 2022, ") and "cp932" in findings[0].found
