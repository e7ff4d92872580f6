"""Instrument files of the platforms: real ones by known values, made ones for what these lack."""

import json
import random

import pandas as pd
import pytest

from survey import Fault, FileFault, State, WaveSource, answers_to, init_study, read_wave
from survey.formats.qualtrics_logic import display_expression
from survey.formats.redcap_logic import branching_expression
from tests.survey.small_waves import real_file


def test_a_real_qualtrics_export_with_its_instrument():
    source = WaveSource("w", real_file("qualtrics_sample.csv"), instrument=real_file("qualtrics_sample.qsf"))
    wave = read_wave(source)
    assert wave.frame.shape == (5, 74) and wave.origin.rows == 5
    favourite = answers_to(wave, "q2_favorite")
    assert favourite.ticks.sum(axis=0).tolist() == [3, 1, 1]
    assert wave.codebook.question("q2_favorite").choices[0].label["en"] == "Canteloupe"
    recent = wave.codebook.question("q1_recent_q1_recent_1")
    assert recent.kind == "multiple" and recent.counted == "1" and len(recent.columns) == 3
    assert answers_to(wave, recent.id).ticks.sum(axis=0).tolist() == [3, 4, 5]
    assert answers_to(wave, "q4_rank_3").ticks.sum(axis=0).tolist() == [1, 0, 0, 1], (
        "a recoded -1 has its label"
    )
    assert wave.codebook.question("Q10#2_1").counted == "-1", "the tick of a recoded option"
    assert wave.codebook.question("Q12#1_1").counted == "0"
    later = wave.codebook.question("q3_volunteer")
    assert later.asked_if == "q2_favorite != 1 or not answered(q2_favorite)", "skip logic to the block's end"
    asked = [State.NOT_ASKED, State.NOT_ASKED, State.ANSWERED, State.ANSWERED, State.NOT_ASKED]
    assert answers_to(wave, "q3_volunteer").state.tolist() == asked, "the three who chose 1 were sent past"
    assert answers_to(wave, "Q12#2_3").state.tolist() == asked
    assert [f.found for f in wave.findings] == ["display logic of single choices not read: q1_recent"]
    assert not any("no column" in f.found for f in wave.findings), "every question found its column"


def test_a_real_qualtrics_export_alone_has_its_wordings():
    wave = read_wave(real_file("qualtrics_sample.csv"))
    assert len(wave) == 5
    label = wave.codebook.question("q2_favorite").label[""]
    assert label == "Please select your favorite fruit from the following options" and wave.findings == ()


def test_a_bare_side_by_side_instrument_is_a_wave_of_no_rows():
    wave = read_wave(real_file("qualtrics_sbs.qsf"))
    assert len(wave) == 0 and wave.origin.format == "qsf" and len(wave.codebook.questions) > 50
    assert [c.code for c in wave.codebook.question("Q7#1_2").choices] == ["10", "12"]
    assert "an instrument" in wave.findings[0].found


def qsf(tmp_path, payloads, **entry):
    elements = [{"Element": "SQ", "PrimaryAttribute": id_, "Payload": p} for id_, p in payloads.items()]
    file = tmp_path / "s.qsf"
    survey = {"SurveyEntry": {"SurveyLanguage": "EN", **entry}, "SurveyElements": elements}
    file.write_text(json.dumps(survey, ensure_ascii=False), encoding="utf-8")
    return file


def test_new_qualtrics_exports_hold_all_ticks_in_one_column(tmp_path):
    logic = {"0": {"0": {"LogicType": "Question", "ChoiceLocator": "q://QID1/SelectableChoice/1",
                         "Operator": "Selected"}, "Type": "If"}, "Type": "BooleanExpression"}  # fmt: skip
    file = qsf(tmp_path, {
        "QID1": {"QuestionText": "<b>Hit?</b>", "DataExportTag": "gate", "QuestionType": "MC",
                 "Selector": "SAVR", "Choices": {"1": {"Display": "Yes"}, "2": {"Display": "No"}},
                 "RecodeValues": {"1": "1", "2": "0"},
                 "Language": {"JA": {"QuestionText": "影響は？", "Choices": {"1": {"Display": "はい"}}}}},
        "QID2": {"QuestionText": "How?", "DataExportTag": "how", "QuestionType": "MC", "Selector": "MAVR",
                 "Choices": {"1": {"Display": "Law"}, "2": {"Display": "Cost", "TextEntry": "true"}},
                 "DisplayLogic": logic},
        "QID3": {"QuestionText": "Sales", "DataExportTag": "sales", "QuestionType": "TE", "Selector": "SL",
                 "Validation": {"Settings": {"ContentType": "ValidNumber"}}},
    })  # fmt: skip
    answers = tmp_path / "a.csv"
    answers.write_text(
        "gate,how,how_2_TEXT,sales\nHit?,How?,How? - Cost,Sales\n"
        '"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}","{""ImportId"":""QID2_2_TEXT""}","{""ImportId"":""x""}"\n'
        '1,"1,2",paper,"1,200"\n1,2,,３\n0,,,\n',
        encoding="utf-8",
    )
    study, _ = init_study(answers, tmp_path / "study", instrument=file)
    wave = read_wave(study.waves[0])
    assert wave.frame["how"].tolist()[:2] == ["1,2", "2"] and wave.frame["sales"].tolist()[:2] == [1200, 3]
    how = answers_to(wave, "how")
    assert how.ticks.tolist() == [[True, True], [False, True], [False, False]]
    assert how.state.tolist() == [0, 0, State.NOT_ASKED]
    assert wave.codebook.question("how").asked_if == "gate = 1"
    assert wave.codebook.question("gate").label == {"en": "Hit?", "ja": "影響は？"}
    assert [c.code for c in wave.codebook.question("gate").choices] == ["1", "0"]
    assert wave.codebook.languages == ("en", "ja")


def test_display_logic_is_read_whole_or_not_at_all():
    at = {"QID1": {"1": ("q1", "1"), "2": ("q1", "no")}, "QID2": {"1/3": ("m#1_2", "3")}}
    one = {"LogicType": "Question", "ChoiceLocator": "q://QID1/SelectableChoice/1", "Operator": "Selected"}
    two = {
        **one,
        "ChoiceLocator": "q://QID1/SelectableChoice/2",
        "Operator": "NotSelected",
        "Conjuction": "Or",
    }
    three = {**one, "ChoiceLocator": "q://QID2/SelectableChoice/1/3", "Conjuction": "And"}
    assert display_expression({"0": {"0": one, "1": two, "Type": "If"}}, at) == (
        'q1 = 1 or (q1 != "no" or not answered(q1))'
    ), "Qualtrics takes silence for not chosen"
    both = display_expression({"0": {"0": one, "1": two, "2": three, "Type": "If"}}, at)
    assert both == '(q1 = 1 or (q1 != "no" or not answered(q1))) and m#1_2 = 3'
    groups = {"0": {"0": one, "1": two, "Type": "If"}, "1": {"0": three, "Type": "AndIf"}}
    assert display_expression(groups, at) == both
    embedded = {**one, "LogicType": "EmbeddedField"}
    assert display_expression({"0": {"0": one, "1": embedded, "Type": "If"}}, at) == ""


def test_real_redcap_dictionaries_are_instruments():
    wave = read_wave(real_file("redcap_survey_dictionary.csv"))
    assert len(wave) == 0 and wave.origin.format == "redcap-dictionary"
    assert len(wave.codebook.questions) == 25 + 4, "and the status of each of four forms"
    assert wave.codebook.question("first_name").role == "set_aside"
    assert wave.codebook.question("pmq1").choices[3].label == {"": "Over 15"}
    book = read_wave(real_file("redcap_validation-types-1_dictionary.csv")).codebook
    kinds = {q.id: q.kind for q in book.questions}
    assert (kinds["v_integer"], kinds["v_date_dmy"], kinds["f_checkbox"]) == ("number", "date", "multiple")
    assert kinds["v_number_1dp_comma_decimal"] == "text", "1,234 is no thousand there"
    assert "f_descriptive" not in kinds and len(kinds) == 50


def test_a_real_redcap_project_has_its_checkboxes_as_sets():
    wave = read_wave(real_file("redcap_checkboxes-1_project.xml"))
    assert len(wave) == 4 and wave.origin.format == "odm" and wave.notes["title"] == "REDCapR: checkboxes-1"
    one, two = answers_to(wave, "check_one"), answers_to(wave, "check_two")
    assert one.options == ("1", "2", "3", "4") and two.options == ("a", "b", "c", "d", "e")
    assert one.ticks[0].tolist() == [True, False, False, False] and one.ticks[2].all()
    assert two.ticks[0].tolist() == [True, False, True, False, False] and not two.ticks[2].any()
    assert answers_to(wave, "form_2_complete").state.tolist() == [0, 0, 0, State.NO_ANSWER]


def test_real_redcap_data_reads_as_it_stands():
    wave = read_wave(real_file("redcap_clinical-trial-1_data.csv"))
    assert wave.frame.shape == (500, 13)
    assert read_wave(real_file("redcap_russian_data.csv")).frame.shape == (3, 402)


def test_a_dictionary_with_its_data(tmp_path):
    head = (
        'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations, OR Slider Labels",'
        "Branching Logic (Show field only if...)\n"
    )
    dictionary = tmp_path / "dictionary.csv"
    dictionary.write_text(
        head + "hit,f,yesno,Hit?,,\nwhy,f,checkbox,Why?,\"1, Law | -2, Cost\",[hit] = '1'\n"
        "more,f,text,More,,[why(-2)] = '1' and [hit]='1'\nodd,f,text,Odd,,datediff([hit])>3\n"
    )
    data = tmp_path / "data.csv"
    data.write_text("hit,why___1,why____2,more,f_complete\n1,1,1,x,2\n0,0,0,,2\n")
    wave = read_wave(WaveSource("w", data, instrument=dictionary))
    why = wave.codebook.question("why")
    assert why.asked_if == "hit = 1" and why.columns == ("why___1", "why____2")
    assert wave.codebook.question("more").asked_if == "why = -2 and hit = 1"
    assert answers_to(wave, "more").state.tolist() == [0, State.NOT_ASKED]
    assert any("branching logic of 1 fields is not read (odd)" in f.found for f in wave.findings)


@pytest.mark.parametrize(
    ("logic", "said"),
    [
        ("[a] = '1'", "a = 1"), ("([a]='1' or [a]<>\"x\") and [b(2)] = '1'", '(a = 1 or a != "x") and b = 2'),
        ("[a] = ''", "not answered(a)"), ("[b(2)] = '0'", "b != 2"), ("[a] >= 5", "a >= 5"),
        ("[event_1][a] = '1'", ""), ("sum([a]) > 3", ""), ("[gone] = '1'", ""), ("[a] = '1' and (", ""),
    ],
)  # fmt: skip
def test_branching_logic_is_read_whole_or_not_at_all(logic, said):
    assert branching_expression(logic, {"a", "b"}, {"b": {"2"}}) == said


def test_a_real_ddi_record_without_variables_says_so():
    wave = read_wave(real_file("ddi_dataset.xml"))
    assert len(wave) == 0 and wave.codebook.questions == () and wave.origin.format == "ddi"
    assert wave.notes["title"] == "Replication Data for: Title" and "Universe1" in wave.notes["universe"]
    assert any("describes a study and no variables" in f.found for f in wave.findings)


_DDI = """<?xml version="1.0" encoding="UTF-8"?>
<codeBook xmlns="ddi:codebook:2_5">
<stdyDscr><citation><titlStmt><titl>T</titl></titlStmt></citation></stdyDscr>
<dataDscr>
<varGrp ID="G1" type="multipleResp" name="kinds" var="V2 V3"><labl xml:lang="en">Kinds</labl></varGrp>
<var ID="V1" name="gate"><labl xml:lang="en">Gate</labl><labl xml:lang="ja">分岐</labl>
 <qstn><qstnLit xml:lang="en">Were you hit?</qstnLit></qstn>
 <invalrng><item VALUE="8"/><range min="90" max="99"/></invalrng>
 <catgry><catValu>1</catValu><labl xml:lang="en">Yes</labl><labl xml:lang="ja">はい</labl></catgry>
 <catgry><catValu>2</catValu><labl xml:lang="en">No</labl></catgry>
 <catgry><catValu>8</catValu><labl xml:lang="en">Do not know</labl></catgry>
 <catgry missing="Y"><catValu>9</catValu><labl xml:lang="en">Refused</labl></catgry>
 <varFormat type="numeric"/></var>
<var ID="V2" name="k1"><labl>Law</labl><catgry><catValu>1</catValu><labl>ticked</labl></catgry></var>
<var ID="V3" name="k2"><labl>Cost</labl><catgry><catValu>1</catValu><labl>ticked</labl></catgry></var>
<var ID="V4" name="n" intrvl="contin"><labl>Staff</labl><varFormat type="numeric"/></var>
<var ID="V5" name="w" wgt="wgt"><varFormat type="numeric"/></var>
<var ID="V6" name="note"><varFormat type="character"/></var>
<var ID="V7" name="day"><varFormat type="character" category="date"/></var>
</dataDscr></codeBook>"""


def test_ddi_variables_categories_reasons_and_sets(tmp_path):
    (tmp_path / "c.xml").write_text(_DDI, encoding="utf-8")
    (tmp_path / "a.csv").write_text(
        "gate,k1,k2,n,w,note,day\n1,1,,5,1.5,x,2021年1月2日\n8,,1,6,1,,\n95,1,1,7,2,y,\n"
    )
    wave = read_wave(WaveSource("w", tmp_path / "a.csv", instrument=tmp_path / "c.xml"))
    gate = wave.codebook.question("gate")
    assert gate.label == {"en": "Were you hit?", "ja": "分岐"}
    assert [(c.code, c.label.get("ja")) for c in gate.choices] == [("1", "はい"), ("2", None)]
    assert answers_to(wave, "gate").state.tolist() == [0, State.DO_NOT_KNOW, State.NO_ANSWER]
    assert [m.reason for m in gate.missing] == ["refused", "do_not_know", "no_answer"]
    assert answers_to(wave, "kinds").ticks.tolist() == [[True, False], [False, True], [True, True]]
    kinds = {q.id: (q.kind, q.role) for q in wave.codebook.questions}
    assert kinds["n"] == ("number", "question") and kinds["w"][1] == "weight"
    assert kinds["note"][0] == "text" and kinds["day"][0] == "date"
    assert wave.frame["day"][0] == pd.Timestamp("2021-01-02")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "a.xml",
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><codeBook>&b;</codeBook>',
            "entities",
        ),
        ("a.xml", "<codeBook><dataDscr><var name='a'>", "cut-off XML"),
        ("a.xml", "<codeBook><var name='a'/><var name='a'/></codeBook>", "a second time"),
        ("a.xml", "<ODM><Study/></ODM>", "without ItemDef"),
        ("a.qsf", '{"SurveyEntry": {}, "SurveyElements": [', "cut-off JSON"),
        ("a.qsf", '{"SurveyEntry": {}}', "without SurveyElements"),
        ("a.csv", "field_name,form_name,field_type\na,f,text\na,f,text\n", "a second time"),
        ("a.csv", "field_name,form_name,field_type\na,f\n", "2 cells"),
    ],
)
def test_damaged_instruments_say_what_is_wrong(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(FileFault, match=said):
        read_wave(tmp_path / name)


@pytest.mark.parametrize("name", ["qualtrics_sample.qsf", "redcap_checkboxes-1_project.xml"])
def test_mutated_instruments_are_read_or_refused_in_words(tmp_path, name):
    chance = random.Random(20211215)
    whole = real_file(name).read_bytes()
    outcomes = set()
    for _ in range(15):
        mutated = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8))):
            at = chance.randrange(len(mutated))
            if chance.random() < 0.5:
                mutated[at] = chance.randrange(256)
            else:
                del mutated[at : at + chance.randrange(1, 100)]
        (tmp_path / name).write_bytes(mutated)
        try:
            outcomes.add(type(read_wave(tmp_path / name)).__name__)
        except Fault as fault:
            assert fault.found and fault.do
            outcomes.add("fault")
    assert "fault" in outcomes
