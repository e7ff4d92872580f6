"""LimeSurvey: questions in all languages, routing, sets, and the same answers by archive and by CSV."""

import pytest

from survey import Design, FileFault, State, WaveSource, answers_to, read_wave
from survey.formats.limesurvey import read_lss
from tests.survey.limesurvey_files import CSV, lsa_file, lsr_text, lss_text
from tests.survey.small_waves import real_file


@pytest.fixture
def waves(tmp_path):
    (tmp_path / "q.lss").write_text(lss_text(), encoding="utf-8")
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    csv = read_wave(WaveSource("w", tmp_path / "a.csv", None, Design(), tmp_path / "q.lss"))
    return {"lsa": read_wave(lsa_file(tmp_path / "a.lsa")), "csv": csv}


def test_a_questionnaire_tells_its_questions_in_both_languages(tmp_path):
    (tmp_path / "q.lss").write_text(lss_text(), encoding="utf-8")
    book = read_lss(tmp_path / "q.lss").codebook
    assert book.languages == ("en", "ja")
    assert book.ids() == (
        *("sector", "sector[other]", "hit", "kinds", "kinds[other]", "sales", "view_us", "view_cn", "day"),
    )
    sector = book.question("sector")
    assert sector.label == {"en": "Which sector?", "ja": "業種は？"}
    assert [c.code for c in sector.choices] == ["A1", "A2", "-oth-"]
    assert [(m.low, m.reason) for m in sector.missing] == [("A9", "do_not_know")]
    assert book.question("view_us").label["ja"] == "見通し – 米国"
    assert [c.label["ja"] for c in book.question("view_cn").choices] == ["良い", "悪い"]
    assert book.question("kinds").asked_if == 'hit = "Y"'
    assert book.question("sales").asked_if == 'answered(sector) and kinds = "cost"'


@pytest.mark.parametrize("way", ["lsa", "csv"])
def test_answers_are_the_same_by_archive_and_by_csv(waves, way):
    wave = waves[way]
    assert len(wave) == 3 and {"kinds[cost]", "kinds[lost]", "sector"} <= set(wave.frame.columns)
    kinds = answers_to(wave, "kinds")
    assert kinds.options == ("cost", "lost") and kinds.ticks.tolist() == [[1, 0], [0, 0], [0, 1]]
    assert kinds.state.tolist() == [State.ANSWERED, State.NOT_ASKED, State.ANSWERED]
    sector = answers_to(wave, "sector")
    assert sector.state[1] == State.DO_NOT_KNOW and sector.options == ("A1", "A2", "-oth-")
    assert answers_to(wave, "sales").values[0] == 10.5
    assert answers_to(wave, "sales").state.tolist() == [State.ANSWERED, State.NOT_ASKED, State.NOT_ASKED]
    assert str(wave.frame["day"].dtype) == "datetime64[us]"
    assert answers_to(wave, "hit").values.tolist() == [1, 0, 1]
    said = " ".join(str(f) for f in wave.findings)
    assert "routing of 2 questions cannot be read (view_us, view_cn)" in said


def test_what_the_archive_says_of_itself(waves):
    wave = waves["lsa"]
    assert wave.origin.format == "lsa" and wave.codebook.languages == ("en", "ja")
    assert any("1 of 3 answers were never submitted" in f.found for f in wave.findings)
    assert wave.codebook.question("id").role == "id"
    assert wave.notes["title_ja"] == "小さな調査"


def test_harmful_and_damaged_archives(tmp_path):
    with pytest.raises(FileFault, match="entities"):
        read_wave(
            lsa_file(tmp_path / "a.lsa", '<!DOCTYPE d [<!ENTITY a "b">]>' + lsr_text().partition("\n")[2])
        )
    with pytest.raises(FileFault, match="cut-off XML"):
        read_wave(lsa_file(tmp_path / "b.lsa", lsr_text()[:-400]))
    with pytest.raises(FileFault, match="not one column"):
        read_wave(lsa_file(tmp_path / "c.lsa", lsr_text().replace("4711X", "815X")))
    strange = lsr_text().replace("<id><![CDATA[2]]></id>", "<id><![CDATA[2]]></id><odd>1</odd>")
    with pytest.raises(FileFault, match="'odd' that is not declared"):
        read_wave(lsa_file(tmp_path / "d.lsa", strange))
    (tmp_path / "e.lss").write_text(lsr_text(), encoding="utf-8")
    with pytest.raises(FileFault, match="type 'Responses'"):
        read_wave(tmp_path / "e.lss")


def test_a_real_questionnaire_in_two_languages():
    wave = read_wave(real_file("limesurvey_two_languages.lss"))
    assert wave.codebook.ids() == ("Q1",) and wave.codebook.languages == ("en", "et")
    assert len(wave) == 0 and any("no answers" in f.found for f in wave.findings)
