"""REDCap without a dictionary, and its forms that repeat, by CSV and by ODM."""

import pytest

from survey import answers_to, read_wave
from tests.survey.small_waves import real_file

DATA = """record_id,redcap_repeat_instrument,redcap_repeat_instance,why___1,why____2,why___a,one___1,size
F1,,,1,0,1,1,
F1,visit,1,,,,,.5
F1,visit,2,,,,,7
F2,,,0,1,0,0,
"""
ODM = """<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:redcap="https://projectredcap.org">
<Study OID="P"><GlobalVariables><StudyName>Visits</StudyName>
<redcap:RepeatingInstrumentsAndEvents><redcap:RepeatingInstruments>
<redcap:RepeatingInstrument redcap:UniqueEventName="event_1_arm_1" redcap:RepeatInstrument="visit"/>
</redcap:RepeatingInstruments></redcap:RepeatingInstrumentsAndEvents></GlobalVariables>
<MetaDataVersion OID="M" redcap:RecordIdField="record_id">
<FormDef OID="Form.base" Repeating="No" redcap:FormName="base"/>
<FormDef OID="Form.visit" Repeating="No" redcap:FormName="visit"/>
<ItemDef OID="record_id" DataType="text" redcap:Variable="record_id" redcap:FieldType="text"/>
<ItemDef OID="sector" DataType="text" redcap:Variable="sector" redcap:FieldType="text"/>
<ItemDef OID="visit_size" DataType="float" redcap:Variable="visit_size" redcap:FieldType="text"/>
</MetaDataVersion></Study><ClinicalData>
<SubjectData SubjectKey="F1" redcap:RecordIdField="record_id">
<FormData FormOID="Form.base" FormRepeatKey="1"><ItemGroupData>
<ItemData ItemOID="record_id" Value="F1"/><ItemData ItemOID="sector" Value="auto"/></ItemGroupData></FormData>
<FormData FormOID="Form.visit" FormRepeatKey="1"><ItemData ItemOID="visit_size" Value="5"/></FormData>
<FormData FormOID="Form.visit" FormRepeatKey="2"><ItemData ItemOID="visit_size" Value="7"/></FormData>
</SubjectData>
<SubjectData SubjectKey="F2" redcap:RecordIdField="record_id">
<FormData FormOID="Form.base" FormRepeatKey="1"><ItemData ItemOID="sector" Value="steel"/></FormData>
</SubjectData></ClinicalData></ODM>"""


def test_columns_of_checkboxes_are_sets(tmp_path):
    (tmp_path / "a.csv").write_text(DATA)
    wave = read_wave(tmp_path / "a.csv")
    why = answers_to(wave, "why")
    assert why.options == ("1", "-2", "a"), "a minus is written as _"
    assert why.ticks[[0, 3]].astype(int).tolist() == [[1, 0, 1], [0, 1, 0]]
    assert wave.codebook.question("one___1").kind == "binary", "one option is no set"
    (repeats,) = wave.findings
    assert repeats.found == "2 of 4 rows repeat a form (visit)"
    assert "`drop` where answered(redcap_repeat_instrument)" in repeats.do


def test_ticks_in_words(tmp_path):
    (tmp_path / "a.csv").write_text("q___1,q___2\nChecked,Unchecked\nUnchecked,Unchecked\n")
    assert answers_to(read_wave(tmp_path / "a.csv"), "q").ticks.tolist() == [[True, False], [False, False]]


@pytest.mark.parametrize("cells", ["5,1\n0,1\n", "x,1\n0,1\n"])
def test_other_values_are_no_ticks(tmp_path, cells):
    (tmp_path / "a.csv").write_text("q___1,q___2\n" + cells)
    assert read_wave(tmp_path / "a.csv").codebook.ids() == ("q___1", "q___2")


def test_rows_of_several_events_are_said(tmp_path):
    (tmp_path / "a.csv").write_text("id,redcap_event_name,x\n1,intake,1\n1,close,2\n2,intake,1\n")
    (events,) = read_wave(tmp_path / "a.csv").findings
    assert events.found == "rows of 2 events (close, intake)" and 'redcap_event_name != "intake"' in events.do


def test_forms_that_repeat_have_rows_of_their_own(tmp_path):
    (tmp_path / "a.xml").write_text(ODM)
    frame = read_wave(tmp_path / "a.xml").frame
    assert frame["record_id"].tolist() == ["F1", "F1", "F1", "F2"], "each row bears its subject"
    assert frame["repeat"].fillna("").tolist() == ["", "1", "2", ""]
    assert frame["visit_size"].fillna(-1).tolist() == [-1, 5, 7, -1]
    assert frame["sector"].fillna("").tolist() == ["auto", "", "", "steel"]


def test_a_real_file_without_its_dictionary():
    wave = read_wave(real_file("redcap_russian_data.csv"))
    assert wave.codebook.question("shareresult_q14").choices[-1].code == "999"
    assert sum(q.kind == "multiple" for q in wave.codebook.questions) == 13
