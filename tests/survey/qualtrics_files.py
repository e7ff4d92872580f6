"""A Qualtrics survey in two languages and answers to it, written as Qualtrics exports them."""

import json

_YES = {"1": {"Display": "Yes"}, "2": {"Display": "No"}}


def _element(id_: str, payload: dict[str, object]) -> dict[str, object]:
    return {"Element": "SQ", "PrimaryAttribute": id_, "Payload": {"QuestionID": id_, **payload}}


def _choice(id_: str, code: str, operator: str) -> dict[str, object]:
    test = {
        "LogicType": "Question",
        "ChoiceLocator": f"q://{id_}/SelectableChoice/{code}",
        "Operator": operator,
        "Type": "Expression",
    }
    return {"0": {"0": test, "Type": "If"}, "Type": "BooleanExpression"}


def qsf_text() -> str:
    """The survey: a gate with skip logic, a set, a number, and a block behind a branch."""
    skip = {
        "ChoiceLocator": "q://QID1/SelectableChoice/2",
        "Condition": "Selected",
        "SkipToDestination": "ENDOFBLOCK",
    }
    gate = {
        "QuestionText": "<b>Is your business affected?</b>",
        "DataExportTag": "affected",
        "QuestionType": "MC",
        "Selector": "SAVR",
        "Choices": _YES,
        "Language": {
            "JA": {
                "QuestionText": "事業への影響はあるか",
                "Choices": {"1": {"Display": "はい"}, "2": {"Display": "いいえ"}},
            }
        },
    }
    kinds = {
        "QuestionText": "How?",
        "DataExportTag": "kinds",
        "QuestionType": "MC",
        "Selector": "MAVR",
        "Choices": {"1": {"Display": "Higher costs"}, "2": {"Display": "Lost sales"}},
        "Language": {
            "JA": {
                "QuestionText": "どのように",
                "Choices": {"1": {"Display": "費用増"}, "2": {"Display": "販売減"}},
            }
        },
    }
    number = {"Settings": {"ContentType": "ValidNumber"}}
    staff = {"QuestionText": "Staff", "DataExportTag": "staff", "QuestionType": "TE", "Selector": "SL"}
    months = {"QuestionText": "For how many months?", "DataExportTag": "months", "QuestionType": "TE"}
    blocks = [
        {
            "Type": "Default",
            "ID": "BL_1",
            "BlockElements": [
                {"Type": "Question", "QuestionID": "QID1", "SkipLogic": [skip]},
                {"Type": "Question", "QuestionID": "QID2"},
            ],
        },
        {"Type": "Standard", "ID": "BL_2", "BlockElements": [{"Type": "Question", "QuestionID": "QID4"}]},
        {"Type": "Standard", "ID": "BL_3", "BlockElements": [{"Type": "Question", "QuestionID": "QID3"}]},
    ]
    lost = {"Type": "Branch", "BranchLogic": _choice("QID2", "2", "Selected")}
    flow = [
        {"Type": "Standard", "ID": "BL_1"},
        {**lost, "Flow": [{"Type": "Standard", "ID": "BL_2"}]},
        {"Type": "Standard", "ID": "BL_3"},
    ]
    elements = [
        {"Element": "BL", "Payload": blocks},
        {"Element": "FL", "Payload": {"Type": "Root", "Flow": flow}},
        _element("QID1", gate),
        _element("QID2", kinds),
        _element("QID3", {**staff, "Validation": number}),
        _element("QID4", {**months, "Selector": "SL", "Validation": number}),
    ]
    entry = {"SurveyName": "Members' survey", "SurveyLanguage": "EN"}
    return json.dumps({"SurveyEntry": entry, "SurveyElements": elements}, ensure_ascii=False)


ROWS = (
    ("R_1", "99.9.9.1", "1", "1,2", "6", "1,200"),
    ("R_2", "99.9.9.2", "1", "1", "", "30"),
    ("R_3", "99.9.9.3", "1", "2", "12", "450"),
    ("R_4", "99.9.9.4", "2", "", "", "80"),
    ("R_5", "99.9.9.5", "2", "", "", "15"),
    ("R_6", "99.9.9.6", "", "1,2", "3", ""),
)


def csv_text() -> str:
    """The answers with three headers: names, wordings, import ids."""
    names = ("ResponseId", "IPAddress", "affected", "kinds", "months", "staff")
    wordings = (
        "Response ID",
        "IP Address",
        "Is your business affected?",
        "How?",
        "For how many months?",
        "Staff",
    )
    ids = ("_recordId", "ipAddress", "QID1", "QID2", "QID4_TEXT", "QID3_TEXT")
    lines = [names, wordings, tuple(json.dumps({"ImportId": id_}) for id_ in ids), *ROWS]
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n" for line in lines)
