"""XLSForm and what Kobo gives back: choices, sets, routing, languages; codes, labels, groups."""

import csv
from pathlib import Path

import pytest

from survey import (
    Choice,
    Design,
    FileFault,
    MissingCode,
    Question,
    State,
    Wave,
    WaveSource,
    answers_to,
    read_wave,
)
from survey.formats.gate_reading import Asked, read_gate
from survey.formats.languages import language_code
from survey.formats.xlsform import read_xlsform
from tests.survey.small_waves import real_file
from tests.survey.test_excel import workbook

HEAD = ["type", "name ", "label::English (en)", "label::日本語 (ja)", "relevant"]
SURVEY = [
    HEAD,
    ["start", "start"],
    ["begin_group", "page", "Page", "頁", None],
    ["select_one sector", "sector", "**Sector**", "業種", None],
    ["select_multiple kind or_other", "kinds", "How?", "影響", "${sector} = 'auto' or ${sector} = 'steel'"],
    ["integer", "staff", "Staff", "従業員数", "selected(${kinds}, 'cost')"],
    ["end_group", "page"],
    ["note", "thanks", "Thank you", "感謝"],
    ["begin repeat", "plants", "Plants", "工場", None],
    ["text", "plant", "Plant", "工場名", None],
    ["end repeat", None],
    ["text", "why", "Why?", "理由", "regex(${staff}, '^1')"],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::日本語 (ja)"],
    ["sector", "auto", "Cars", "自動車"],
    ["sector", "steel", "Steel", "鉄鋼"],
    ["sector", 99, "Prefer not to say", "答えたくない"],
    ["kind", "cost", "Costs", "費用"],
    ["kind", "lost", "Lost sales", "販売減"],
]
SETTINGS = [["form_title", "default_language"], ["Small survey", "日本語 (ja)"]]
TICKS = [[1, 0, 0], [0, 0, 0], [0, 1, 0]]


def form(path: Path) -> Path:
    return workbook(path, survey=SURVEY, choices=CHOICES, settings=SETTINGS)


def wave_of(tmp_path: Path, rows: list[list[object]]) -> Wave:
    with (tmp_path / "a.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    return read_wave(WaveSource("w", tmp_path / "a.csv", None, Design(), form(tmp_path / "form.xlsx")))


def same(wave: Wave) -> None:
    kinds = answers_to(wave, "kinds")
    assert kinds.ticks.astype(int).tolist() == TICKS
    assert kinds.state.tolist() == [State.ANSWERED, State.NOT_ASKED, State.ANSWERED]
    assert answers_to(wave, "sector").ticks.sum(axis=0).tolist() == [1, 1]
    assert answers_to(wave, "sector").state[1] == State.REFUSED
    staff = answers_to(wave, "staff")
    assert staff.values[0] == 120 and staff.state.tolist()[1:] == [State.NOT_ASKED] * 2
    assert len(set(wave.codebook.ids())) == len(wave.codebook.ids())


def test_a_form_tells_its_questions(tmp_path):
    wave = read_wave(form(tmp_path / "form.xlsx"))
    assert wave.origin.format == "xlsform" and len(wave) == 0
    book = wave.codebook
    assert book.languages == ("ja", "en")
    assert book.ids() == ("start", "sector", "kinds_other", "kinds", "staff", "plant", "why")
    sector = book.question("sector")
    assert sector.label == {"en": "Sector", "ja": "業種"}
    assert [c.code for c in sector.choices] == ["auto", "steel"]
    assert [(m.low, m.reason) for m in sector.missing] == [(99, "refused")]
    assert book.question("kinds").columns == ("kinds/cost", "kinds/lost", "kinds/other")
    assert book.question("kinds").asked_if == '(sector = "auto" or sector = "steel")'
    assert book.question("staff").asked_if == 'kinds = "cost"'
    said = " ".join(str(f) for f in wave.findings)
    assert "1 questions are asked repeatedly (plant)" in said
    assert "routing that cannot be read (why)" in said and "no answers" in said


def test_answers_by_values_with_groups_and_a_column_for_each_tick(tmp_path):
    head = ["start", "page/sector", "page/kinds", "page/kinds/cost", "page/kinds/lost", "page/kinds/other"]
    head += ["page/staff", "why", "_id", "_uuid"]
    rows = [
        ["2021-12-01T10:00:00.000+09:00", "auto", "cost", 1, 0, 0, 120, "", 7, "u1"],
        ["2021-12-01T11:00:00.000+09:00", "99", "", "", "", "", "", "", 8, "u2"],
        ["2021-12-02T10:00:00.000+09:00", "steel", "lost", 0, 1, 0, "", "", 9, "u3"],
    ]
    same(wave_of(tmp_path, [head, *rows]))


def test_answers_whose_ticks_are_one_text(tmp_path):
    head = ["sector", "kinds", "staff"]
    wave = wave_of(tmp_path, [head, ["auto", "cost", "120"], ["99", "", ""], ["steel", "lost", ""]])
    same(wave)
    assert wave.frame["kinds"].tolist()[0] == "cost", "the text stays as it was"


def test_answers_in_wordings(tmp_path):
    head = ["業種", "影響/費用", "影響/販売減", "影響/other", "従業員数"]
    rows = [["自動車", 1, 0, 0, 120], ["鉄鋼", 0, 1, 0, ""]]
    wave = wave_of(tmp_path, [head, *rows])
    sector = answers_to(wave, "sector")
    assert sector.options == ("自動車", "鉄鋼") and sector.ticks.tolist() == [[True, False], [False, True]]
    kinds = answers_to(wave, "kinds")
    assert kinds.ticks.astype(int).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert kinds.state.tolist() == [State.ANSWERED, State.ANSWERED], "routing knows the wordings"


def test_forms_that_are_none(tmp_path):
    twice = [*SURVEY, ["text", "why", "Why again?", None, None]]
    with pytest.raises(FileFault, match="two questions called 'why'"):
        read_xlsform(workbook(tmp_path / "a.xlsx", survey=twice, choices=CHOICES))
    with pytest.raises(FileFault, match="no columns `type` and `name`"):
        read_xlsform(workbook(tmp_path / "b.xlsx", survey=[["firm", "x"], ["a", 1]]))
    wave = read_wave(tmp_path / "b.xlsx")
    assert wave.origin.format == "xlsx" and wave.frame["x"].tolist() == [1], "a sheet may be called survey"


def test_real_forms():
    wave = read_wave(real_file("xlsform_ucl_biomass.xlsx"))
    assert len(wave) == 0 and wave.codebook.languages == ("sw", "en")
    leader = wave.codebook.question("leader_name")
    assert leader.label == {"sw": "Jina Lako", "en": "Your Name"} and len(leader.choices) == 3
    assert wave.codebook.question("leader_name_other").asked_if == 'leader_name = "other"'
    assert wave.codebook.question("disturbance").kind == "multiple"
    assert read_wave(real_file("xlsform_extra_columns.xlsx")).codebook.ids() == ("a",)


def test_a_real_kobo_export_for_spss():
    wave = read_wave(real_file("kobo_childrens_survey.sav"))
    assert wave.frame.shape == (2, 18)
    assert wave.codebook.question("var8").label == {"": "tel/tel.office"}
    assert wave.frame["var8"][0] == "020123456"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English (en)", "en"),
        ("日本語", "ja"),
        ("Swahili", "sw"),
        ("fr", "fr"),
        ("Français", "fr"),
        ("?", ""),
    ],
)
def test_names_of_languages(name, code):
    assert language_code(name) == code


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("", ""),
        ("1", ""),
        ("${a} = 'x'", 'a = "x"'),
        ("${a} != 'x'", '(a != "x" or not answered(a))'),
        ("not(selected(${s}, 'p'))", '(s != "p" or not answered(s))'),
        ("${a} != '' and ${a} != '99'", "answered(a)"),
        ("${a} = ''", "not answered(a)"),
        ("(${a} != '' and ${a} != '99') and ${a} != 'x'", 'a != "x"'),
        ("${n} != '' and ${n} >= 2 and (${a} = 'x' and ${n} = 1)", 'n >= 2 and a = "x" and n = 1'),
        ("(${n} >= 5 or 3 < ${n}) and ${a}='y'", '(n >= 5 or n > 3) and a = "y"'),
        ("${a} = ‘x’", 'a = "x"'),
        ('!is_empty(a.NAOK) && s_p.NAOK == "Y"', 'answered(a) and s = "p"'),
        ("is_empty(s_p.NAOK)", '(s != "p" or not answered(s))'),
        ("regex(${a}, '^1')", None),
        ("${a} + 1 > 2", None),
        ("${unknown} = 1", None),
        ("${a} = 'no such code'", None),
        ("not(${a} = 'x' or ${a} = 'y')", None),
        ("(" * 5000, None),
    ],
)
def test_gates(gate, said):
    options = (Choice("p", {}, "s/p"), Choice("q", {}, "s/q"))
    refused = (MissingCode(99, 99, "refused"),)
    a = Question("a", "single", ("a",), choices=(Choice("x"), Choice("y")), missing=refused)
    s = Question("s", "multiple", ("s/p", "s/q"), choices=options, counted="1")
    n = Question("n", "number", ("n",))
    names = {"a": Asked(a, ""), "s": Asked(s, ""), "s_p": Asked(s, "p"), "n": Asked(n, "")}
    assert read_gate(gate, names.get) == said


REPEATED = [
    ["type", "name", "label", "parameters"],
    ["text", "firm", "Firm", None],
    ["text", "size", "Size of the firm", None],
    ["rank need", "needs", "Order these", None],
    ["select_one_from_file ports.csv", "port", "Port", "value=code label=city"],
    ["select_one_from_file gone.csv", "gone", "Gone", None],
    ["begin_group", "plants", None, None],
    ["begin_repeat", "plant", "Plants", None],
    ["text", "place", "Where?", None],
    ["integer", "size", "Staff of the plant", None],
    ["select_multiple need", "plant_needs", "Needs", None],
    ["end_repeat", None, None, None],
    ["end_group", None, None, None],
]
NEEDS = [
    ["list_name", "name", "label"],
    ["need", "law", "Law"],
    ["need", "staff", "Staff"],
    ["need", "time", "Time"],
]
PORTS = "code,city,label::ja\nYOK,Yokohama,横浜\nKOB,Kobe,神戸\n"


def repeated(tmp_path: Path) -> Path:
    (tmp_path / "ports.csv").write_text(PORTS, encoding="utf-8")
    return workbook(tmp_path / "form.xlsx", survey=REPEATED, choices=NEEDS)


def test_ranks_of_one_text_become_columns(tmp_path):
    (tmp_path / "a.csv").write_text("firm,needs,port\nF1,staff law time,YOK\nF2,,KOB\nF3,time,\n")
    source = WaveSource("w", tmp_path / "a.csv", None, Design(), repeated(tmp_path))
    wave = read_wave(source)
    needs = wave.codebook.question("needs")
    assert needs.columns == ("needs[1]", "needs[2]", "needs[3]") and not needs.counted
    assert wave.frame["needs[1]"].fillna("").tolist() == ["staff", "", "time"]
    assert wave.frame["needs[3]"].fillna("").tolist() == ["time", "", ""]
    assert answers_to(wave, "needs").ticks.tolist() == [[1, 1, 1], [0, 0, 0], [0, 0, 1]]
    assert answers_to(wave, "needs").state.tolist()[1] == State.NO_ANSWER
    assert wave.codebook.question("needs.text").role == "set_aside"


def test_choices_of_a_file_beside_the_form(tmp_path):
    wave = read_wave(repeated(tmp_path))
    port = wave.codebook.question("port")
    assert [(c.code, c.label) for c in port.choices] == [("YOK", {"": "Yokohama"}), ("KOB", {"": "Kobe"})]
    assert any("from a file that does not lie beside the form (gone)" in f.found for f in wave.findings)


def test_no_file_outside_the_folder_of_the_form_is_read(tmp_path):
    (tmp_path / "gone.csv").write_text("name,label\nx,X\n")
    (tmp_path / "in").mkdir()
    rows = [["type", "name"], ["select_one_from_file ../gone.csv", "q"]]
    book = read_wave(workbook(tmp_path / "in" / "form.xlsx", survey=rows)).codebook
    assert book.question("q").choices == ()


def test_a_table_of_repeats_is_read_with_its_form(tmp_path):
    """As KoboToolbox writes it: a sheet for the firms, and one for each repeat."""
    form = repeated(tmp_path)
    firms = [["firm", "size", "_index"], ["F1", "big", 1], ["F2", "small", 2]]
    plants = [
        ["plants/plant/place", "plants/plant/size", "plants/plant/plant_needs",
         "plants/plant/plant_needs/law",
         "plants/plant/plant_needs/staff", "plants/plant/plant_needs/time", "_index", "_parent_table_name",
         "_parent_index", "_submission__uuid"],
        ["Kobe", 10, "law", 1, 0, 0, 1, "survey", 1, "u1"],
        ["Nara", 5, "law time", 1, 0, 1, 2, "survey", 1, "u1"],
        ["Mie", 7, None, None, None, None, 3, "survey", 2, "u2"],
    ]  # fmt: skip
    answers = workbook(tmp_path / "a.xlsx", survey=firms, plant=plants)
    inner = read_wave(WaveSource("p", answers, None, Design(), form, "plant"))
    assert answers_to(inner, "plants/plant/size").values.tolist() == [10, 5, 7]
    assert inner.codebook.question("plants/plant/size").label == {"": "Staff of the plant"}
    assert answers_to(inner, "plant_needs").ticks.astype(int).tolist() == [[1, 0, 0], [1, 0, 1], [0, 0, 0]]
    outer = read_wave(WaveSource("f", answers, None, Design(), form, "survey"))
    assert outer.codebook.question("size").label == {"": "Size of the firm"}
    said = " ".join(str(f) for f in outer.findings)
    assert "3 questions are asked repeatedly (place, plants/plant/size, plant_needs)" in said
    assert "place" not in said.replace("repeatedly (place", ""), "they are not told as missing too"


def test_the_sheet_of_the_firms_is_read_and_not_a_larger_one_of_repeats(tmp_path):
    repeats = [["place", "_index", "_parent_index"]] + [[f"P{i}", i, 1] for i in range(20)]
    wave = read_wave(workbook(tmp_path / "a.xlsx", survey=[["firm", "_index"], ["F1", 1]], plant=repeats))
    assert wave.frame.shape == (1, 2) and "2 sheets hold cells; 'survey' was read" in wave.findings[0].found


def test_the_text_beside_other_is_no_tick(tmp_path):
    """All ticks in one text, and what was written in beside it, as KoboToolbox gives them."""
    head = ["sector", "kinds", "kinds_other", "staff"]
    rows = [["auto", "cost other", "Ships", "120"], ["steel", "lost", "", ""]]
    wave = wave_of(tmp_path, [head, *rows])
    assert answers_to(wave, "kinds").ticks.astype(int).tolist() == [[1, 0, 1], [0, 1, 0]]
    assert wave.frame["kinds_other"].fillna("").tolist() == ["Ships", ""]


def test_ticks_that_stand_in_the_text_alone_are_said(tmp_path):
    """A form whose question changed from one answer to several leaves such rows."""
    head = ["sector", "kinds", "kinds/cost", "kinds/lost", "kinds/other"]
    wave = wave_of(tmp_path, [head, ["auto", "cost", "", "", ""], ["steel", "lost", 0, 1, 0]])
    assert answers_to(wave, "kinds").ticks.astype(int).tolist() == [[0, 0, 0], [0, 1, 0]]
    assert any("in no column of an option (kinds: 1 rows)" in f.found for f in wave.findings)
    assert wave.codebook.question("kinds.text").role == "set_aside"


def test_times_with_a_zone_are_dates(tmp_path):
    wave = wave_of(tmp_path, [["start", "sector"], ["2021-12-01T10:00:00.000+09:00", "auto"], ["", "steel"]])
    assert str(wave.frame["start"][0]) == "2021-12-01 10:00:00", "the clock of that place"
    assert not any("no date" in f.found for f in wave.findings)


def test_choices_of_a_further_sheet(tmp_path):
    sheets = {"survey": [["type", "name"], ["select_one_external city", "q"]]}
    sheets["external_choices"] = [["list_name", "name", "label"], ["city", "k", "Kobe"]]
    book = read_wave(workbook(tmp_path / "form.xlsx", **sheets)).codebook
    assert [c.code for c in book.question("q").choices] == ["k"]
