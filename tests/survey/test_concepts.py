"""A question over waves: versions, options and breaks, declared in the codebook or found."""

import pytest

from survey import (
    Choice,
    Codebook,
    MissingCode,
    Origin,
    Question,
    QuestionFault,
    StudyFault,
    Wave,
    codebook_text,
    comparable_items,
    concept_findings,
    concept_table,
    follow_concepts,
)
from survey.codebook_file import overlay_codebook
from tests.survey.small_waves import single


def wave(name: str, *questions: Question) -> Wave:
    import pandas as pd

    return Wave(name, pd.DataFrame(), Codebook(questions), Origin("by hand", "", "csv", "", 0))


def test_items_tell_version_options_and_what_was_added_or_dropped():
    waves = [
        wave("2021", single("effect", "1", "2", version="a"), Question("sales", "number", ("sales",))),
        wave("2022", single("q7", "1", "3", concept="effect", version="b")),
        wave("2023", single("effect", "1", "3", version="b"), Question("sales", "number", ("sales",))),
    ]
    table = concept_table(follow_concepts(waves))
    effect = table[table["concept"] == "effect"]
    assert effect["wave"].tolist() == ["2021", "2022", "2023"]
    assert effect["question"].tolist() == ["effect", "q7", "effect"]
    assert effect["options"].tolist() == ["1 2", "1 3", "1 3"]
    assert effect["added"].tolist() == ["", "3", ""] and effect["dropped"].tolist() == ["", "2", ""]
    assert not table["break"].any()
    sales = table[table["concept"] == "sales"]
    assert sales["wave"].tolist() == ["2021", "2023"]
    assert concept_findings(follow_concepts(waves)) == ()


def test_a_trend_over_a_break_is_refused_unless_asked_for():
    waves = [
        wave("2021", single("q", "1", "2")),
        wave("2022", single("q", "1", "2", break_reason={"en": "asked of groups, not firms", "ja": "連結"})),
        wave("2023", single("q", "1", "2")),
    ]
    items = follow_concepts(waves)
    assert [i.is_break for i in items] == [False, True, False]
    assert items[1].reason("ja") == "連結"
    with pytest.raises(QuestionFault, match="asked of groups") as fault:
        comparable_items(items, "q")
    assert "2022" in fault.value.where
    with pytest.raises(QuestionFault):
        comparable_items(items, "q", waves=("2021", "2023"))
    assert [i.wave for i in comparable_items(items, "q", waves=("2022", "2023"))] == ["2022", "2023"]
    assert len(comparable_items(items, "q", over_breaks=True)) == 3
    with pytest.raises(QuestionFault, match="did you mean q"):
        comparable_items(items, "Q")
    with pytest.raises(QuestionFault, match="not asked in wave '2020'"):
        comparable_items(items, "q", waves=("2020",))


def test_a_break_of_the_first_wave_is_none_for_there_is_nothing_before():
    (item,) = follow_concepts([wave("2021", single("q", "1", break_reason={"": "new frame"}))])
    assert not item.is_break and item.reason() == ""


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (Question("q", "number", ("q",), unit="%"), "kind 'single' became 'number'"),
        (single("q", "1", "2", unit="yen"), "unit 'thousand yen' became 'yen'"),
        (
            Question(
                "q",
                "single",
                ("q",),
                choices=(Choice("1", {"en": "label 2"}), Choice("2", {"en": "label 2"})),
            ),
            "code 1 was 'label 1' and is 'label 2'",
        ),
        (
            single("q", "1", missing=(MissingCode(2.0, 2.0, "refused"),)),
            "code 2 was an answer and is the reason",
        ),
        (single("q", "1", "2", "9"), "code 9 was the reason do_not_know and is an answer"),
        (single("q", "1", "2", missing=(MissingCode(9.0, 9.0, "refused"),)), "do_not_know and is refused"),
    ],
)
def test_what_nobody_declared_is_found(now, said):
    before = single("q", "1", "2", missing=(MissingCode(9.0, 9.0, "do_not_know"),), unit="thousand yen")
    items = follow_concepts([wave("2021", before), wave("2022", now)])
    assert items[1].is_break and said in items[1].reason()
    assert any(said in f.found for f in concept_findings(items))
    with pytest.raises(QuestionFault):
        comparable_items(items, "q")


def test_spaces_case_and_another_language_are_no_other_meaning():
    before = Question("q", "single", ("q",), choices=(Choice("1", {"en": "Some effect"}),))
    now = Question("q", "single", ("q",), choices=(Choice("1", {"en": " some  effect", "ja": "影響あり"}),))
    assert not follow_concepts([wave("2021", before), wave("2022", now)])[1].is_break


def test_options_that_change_within_a_version_are_a_finding_and_no_break():
    items = follow_concepts([wave("2021", single("q", "1", "2")), wave("2022", single("q", "1", "3"))])
    (finding,) = concept_findings(items)
    assert "new: 3; gone: 2" in finding.found and not items[1].is_break


def test_two_questions_of_one_concept_in_a_wave_are_a_fault():
    with pytest.raises(QuestionFault, match="already belongs to question 'a'"):
        follow_concepts([wave("2021", single("a", "1", concept="x"), single("b", "1", concept="x"))])


def test_version_and_break_are_read_from_the_codebook_and_written_back(tmp_path):
    path = tmp_path / "codebook.toml"
    path.write_text(
        'schema = 1\n[questions.q]\nkind = "number"\nversion = 2\n'
        'break = { en = "new unit", ja = "単位変更" }\n',
        encoding="utf-8",
    )
    book = overlay_codebook(Codebook((Question("q", "text", ("q",)),)), path, ("q",))
    assert book.questions[0].version == "2"
    assert book.questions[0].break_reason == {"en": "new unit", "ja": "単位変更"}
    path.write_text(codebook_text(book), encoding="utf-8")
    again = overlay_codebook(Codebook((Question("q", "text", ("q",)),)), path, ("q",))
    assert again.questions[0].break_reason == book.questions[0].break_reason
    assert again.questions[0].version == "2"
    path.write_text("schema = 1\n[questions.q]\nbreak = true\n", encoding="utf-8")
    with pytest.raises(StudyFault, match="line 3"):
        overlay_codebook(book, path, ("q",))
