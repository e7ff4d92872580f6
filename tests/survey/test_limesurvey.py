"""LimeSurvey: questions in all languages, routing, sets, and the same answers by archive and by CSV."""

import re
import zipfile

import pandas as pd
import pytest

from survey import Design, FileFault, State, WaveSource, answers_to, read_wave
from survey.formats.limesurvey import read_lss
from tests.survey.limesurvey_files import CSV, PARTS, lsa_file, lsr_text, lss_text
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


def version_7(lsr: str) -> str:
    """The answers under the names of version 7: `Q3_S31` for `4711X9X3cost`, `Q1_Cother`."""
    parts = {f"{parent}{code}": f"Q{parent}_S{key}" for key, parent, code, *_ in PARTS}

    def name(found: re.Match[str]) -> str:
        old = found[1]
        return parts.get(old) or re.sub(
            r"^(\d+)([a-z]*)$", lambda m: f"Q{m[1]}" + (m[2] and f"_C{m[2]}"), old
        )

    return re.sub(r"_?4711X9X(\w+)", name, lsr)


def test_answers_of_version_7_are_the_same(tmp_path, waves):
    new = version_7(lsr_text())
    assert "<Q3_S31>" in new and "<Q3_Cother" in new and "4711X" not in new
    wave = read_wave(lsa_file(tmp_path / "new.lsa", new))
    pd.testing.assert_frame_equal(wave.frame, waves["lsa"].frame)
    assert wave.codebook == waves["lsa"].codebook


_RANKED = """<document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>700</DBVersion>
<languages><language>en</language></languages>
<groups><rows><row><gid>9</gid><sid>5</sid><group_order>1</group_order></row></rows></groups>
<questions><rows>
<row><qid>1</qid><sid>5</sid><gid>9</gid><type>R</type><title>first</title></row>
<row><qid>2</qid><sid>5</sid><gid>9</gid><type>1</type><title>both</title></row>
<row><qid>3</qid><sid>5</sid><gid>9</gid><type>:</type><title>grid</title></row>
<row><qid>4</qid><sid>5</sid><gid>9</gid><type>P</type><title>why</title><other>Y</other>
<relevance>Q3_S31_S32.NAOK == "5"</relevance></row>
<row><qid>5</qid><sid>5</sid><gid>9</gid><type>N</type><title>many</title>
<relevance>Q1_S11.NAOK == "b"</relevance></row>
</rows></questions>
<subquestions><rows>
<row><qid>11</qid><parent_qid>1</parent_qid><title>a</title><question_order>1</question_order></row>
<row><qid>12</qid><parent_qid>1</parent_qid><title>b</title><question_order>2</question_order></row>
<row><qid>13</qid><parent_qid>1</parent_qid><title>c</title><question_order>3</question_order></row>
<row><qid>21</qid><parent_qid>2</parent_qid><title>us</title></row>
<row><qid>31</qid><parent_qid>3</parent_qid><title>x</title></row>
<row><qid>32</qid><parent_qid>3</parent_qid><title>y</title><scale_id>1</scale_id></row>
<row><qid>41</qid><parent_qid>4</parent_qid><title>law</title></row>
</rows></subquestions>
<answers><rows>
<row><aid>1</aid><qid>2</qid><code>1</code><scale_id>0</scale_id></row>
<row><aid>2</aid><qid>2</qid><code>7</code><scale_id>1</scale_id></row>
</rows></answers>
<question_attributes><rows>
<row><qid>1</qid><attribute>max_subquestions</attribute><value>2</value></row>
</rows></question_attributes>
<surveys><rows><row><sid>5</sid><language>en</language></row></rows></surveys></document>"""
_GIVEN = """<document><LimeSurveyDocType>Responses</LimeSurveyDocType><responses><fields>
<fieldname>id</fieldname><fieldname>Q1_S11</fieldname><fieldname>Q1_S12</fieldname>
<fieldname>Q2_S21#0</fieldname><fieldname>Q2_S21#1</fieldname><fieldname>Q3_S31_S32</fieldname>
<fieldname>Q4_S41</fieldname><fieldname>Q4_S41_Ccomment</fieldname><fieldname>Q4_Cother</fieldname>
<fieldname>Q4_Cothercomment</fieldname><fieldname>Q5</fieldname></fields><rows>
<row><id>1</id><Q1_S11>b</Q1_S11><Q1_S12>c</Q1_S12><Q2_S21-0>1</Q2_S21-0><Q2_S21-1>7</Q2_S21-1>
<Q3_S31_S32>5</Q3_S31_S32><Q4_S41>Y</Q4_S41><Q4_S41_Ccomment>new</Q4_S41_Ccomment></row>
<row><id>2</id><Q1_S11>a</Q1_S11><Q1_S12>b</Q1_S12></row>
</rows></responses></document>"""


def test_rankings_and_arrays_of_version_7(tmp_path):
    """Items of a ranking are subquestions there; a rank is named by the one in its place."""
    with zipfile.ZipFile(tmp_path / "r.lsa", "w") as archive:
        archive.writestr("survey_5.lss", _RANKED)
        archive.writestr("survey_5_responses.lsr", _GIVEN)
    wave = read_wave(tmp_path / "r.lsa")
    first = wave.codebook.question("first")
    assert first.columns == ("first[1]", "first[2]") and [c.code for c in first.choices] == ["a", "b", "c"]
    assert answers_to(wave, "first").ticks.tolist() == [[False, True, True], [True, True, False]]
    assert wave.frame["first[1]"].tolist() == ["b", "a"]
    assert answers_to(wave, "both_us_2").options == ("7",) and wave.frame["both[us][2]"].tolist()[0] == "7"
    assert wave.frame["grid[x_y]"].tolist()[0] == 5
    assert wave.codebook.question("why").asked_if == "grid_x_y = 5"
    assert any("routing of 1 questions cannot be read (many)" in f.found for f in wave.findings), (
        "a single rank"
    )
    assert wave.frame["why[lawcomment]"].tolist()[0] == "new"
    assert not any("not among the answers" in f.found for f in wave.findings)


def test_a_column_that_is_missing_from_the_archive_is_said(tmp_path):
    cut = re.sub(
        r"<fieldname>4711X9X3lost</fieldname>|<_4711X9X3lost>.*?</_4711X9X3lost>|<_4711X9X3lost/>",
        "",
        lsr_text(),
    )
    wave = read_wave(lsa_file(tmp_path / "a.lsa", cut))
    assert wave.codebook.question("kinds").columns == ("kinds[cost]",)
    assert any(
        "1 questions have columns that are not among the answers (kinds)" in f.found for f in wave.findings
    )


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


def test_a_questionnaire_as_tab_separated_text_is_not_taken_for_answers(tmp_path):
    (tmp_path / "q.txt").write_text("id\trelated_id\tclass\ttype/scale\tname\ttext\n1\t\tS\t\tsid\t5\n")
    with pytest.raises(FileFault, match="questionnaire as tab-separated text"):
        read_wave(tmp_path / "q.txt")
    (tmp_path / "a.txt").write_text("id\tclass\tname\n1\t2\tx\n")
    assert len(read_wave(tmp_path / "a.txt")) == 1, "columns of these names alone are a table"
