"""The questionnaire that goes out to a platform comes back from it with nothing lost."""

import pytest

from survey import data_folder
from survey.codebook import Question
from survey.formats.limesurvey import read_lss
from survey.formats.lss_write import write_lss
from survey.formats.xlsform import read_xlsform
from survey.formats.xlsform_write import write_xlsform
from survey.questionnaire_file import load_instrument

OFFICE = {"edition", "received"}
"""Filled in by the office: hidden in an XLSForm, which knows no kinds of hidden questions."""


def told(question: Question) -> dict[str, object]:
    return {
        "kind": question.kind,
        "label": dict(question.label),
        "choices": [(choice.code, dict(choice.label)) for choice in question.choices],
        "missing": [(code.low, code.reason) for code in question.missing],
        "asked_if": question.asked_if.replace("==", "="),
    }


@pytest.mark.parametrize(
    ("name", "write", "read"), [("q.lss", write_lss, read_lss), ("q.xlsx", write_xlsform, read_xlsform)]
)
def test_the_questionnaire_comes_back(tmp_path, name, write, read):
    sent = load_instrument(data_folder() / "instrument").codebook
    write(load_instrument(data_folder() / "instrument"), tmp_path / name)
    reading = read(tmp_path / name)
    back = reading.codebook
    assert back.ids() == sent.ids() and back.languages == sent.languages and not reading.findings
    assert sum(question.kind == "multiple" for question in back.questions) > 10
    for question in sent.questions:
        if name == "q.lss" or question.id not in OFFICE:
            assert told(back.question(question.id)) == told(question)
