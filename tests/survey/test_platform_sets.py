"""Sets that the headings of LimeSurvey and Kobo tell where no questionnaire is given."""

from survey import answers_to, read_wave
from tests.survey.test_excel import workbook

KOBO = [
    ["start", "kinds", "kinds/cost", "kinds/lost", "page/a", "page/b", "_id", "_uuid"],
    ["2021-12-01", "cost lost", 1, 1, 1, 0, 7, "u1"],
    ["2021-12-01", None, None, None, 0, 0, 8, "u2"],
    ["2021-12-02", "lost", 0, 1, 1, 1, 9, "u3"],
]
LIMESURVEY = (
    "id,submitdate,lastpage,kinds[cost],kinds[lost],kinds[other],rows[a],rows[b]\n"
    "1,2021-12-01 10:00:00,3,Y,,Ships,1,2\n2,2021-12-01 10:00:00,3,,Y,,2,2\n3,,1,,,,1,\n"
)


def test_kobo(tmp_path):
    wave = read_wave(workbook(tmp_path / "a.xlsx", answers=KOBO))
    kinds = answers_to(wave, "kinds")
    assert kinds.options == ("cost", "lost")
    assert kinds.ticks.astype(int).tolist() == [[1, 1], [0, 0], [0, 1]]
    assert wave.codebook.question("kinds.text").role == "set_aside"
    assert wave.codebook.question("page/a").kind == "binary", "a group of pages is no set"


def test_limesurvey(tmp_path):
    (tmp_path / "a.csv").write_text(LIMESURVEY, encoding="utf-8")
    wave = read_wave(tmp_path / "a.csv")
    assert answers_to(wave, "kinds").ticks.astype(int).tolist() == [[1, 0], [0, 1], [0, 0]]
    assert "rows" not in wave.codebook.ids() and "rows[a]" in wave.codebook.ids()


def test_other_tables_stay_as_they_are(tmp_path):
    plain = [["firm", "kinds", "kinds/cost", "kinds/lost"], ["a", "cost", 1, 0], ["b", "lost", 0, 1]]
    wave = read_wave(workbook(tmp_path / "a.xlsx", answers=plain))
    assert wave.codebook.ids() == ("firm", "kinds", "kinds/cost", "kinds/lost")
