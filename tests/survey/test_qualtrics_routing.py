"""Routing of Qualtrics: skip logic, branches, display logic, and what of them cannot be said."""

import json

import pytest

from survey import FileFault, State, WaveSource, answers_to, read_wave


def question(tag, *codes, kind="MC", selector="SAVR", **more):
    """A payload; without codes a text, or a number."""
    if not codes:
        valid = {"Settings": {"ContentType": "ValidNumber"}} if kind == "number" else {}
        return {"QuestionText": tag, "DataExportTag": tag, "QuestionType": "TE", "Selector": "SL",
                "Validation": valid, **more}  # fmt: skip
    choices = {code: {"Display": f"{tag} {code}"} for code in codes}
    return {"QuestionText": tag, "DataExportTag": tag, "QuestionType": kind, "Selector": selector,
            "Choices": choices, **more}  # fmt: skip


def chosen(id_, code, operator="Selected", kind="SelectableChoice", **more):
    locator = f"q://{id_}/{kind}" + (f"/{code}" if code else "")
    test = {"LogicType": "Question", "ChoiceLocator": locator, "Operator": operator, **more}
    return {"0": {"0": test, "Type": "If"}, "Type": "BooleanExpression"}


def skip(id_, code, to, condition="Selected"):
    return {"ChoiceLocator": f"q://{id_}/SelectableChoice/{code}", "Condition": condition,
            "SkipToDestination": to}  # fmt: skip


def survey(tmp_path, payloads, blocks, flow=None):
    """A .qsf of blocks (id to questions, each with its rules of skip logic) in a flow."""
    made = [
        {"Type": "Default", "ID": name, "BlockElements": [
            {"Type": "Question", "QuestionID": id_, **({"SkipLogic": rules} if rules else {})}
            for id_, rules in elements.items()]}
        for name, elements in blocks.items()
    ]  # fmt: skip
    elements = [{"Element": "BL", "Payload": made}]
    if flow is not None:
        elements.append({"Element": "FL", "Payload": {"Flow": flow, "Type": "Root"}})
    elements += [{"Element": "SQ", "PrimaryAttribute": id_, "Payload": p} for id_, p in payloads.items()]
    file = tmp_path / "s.qsf"
    file.write_text(json.dumps({"SurveyEntry": {"SurveyLanguage": "EN"}, "SurveyElements": elements}))
    wave = read_wave(file)
    return {q.id: q.asked_if for q in wave.codebook.questions}, [f.found for f in wave.findings[1:]]


PLAIN = {f"QID{i}": question(f"q{i}", "1", "2", "3") for i in range(1, 7)}


def test_rules_of_skip_logic_reach_to_their_destination(tmp_path):
    first = {
        "QID1": [skip("QID1", "1", "QID3"), skip("QID1", "2", "ENDOFSURVEY")],
        "QID2": None,
        "QID3": None,
    }
    said, findings = survey(tmp_path, PLAIN, {"a": first, "b": {"QID4": None}})
    one, two = "(q1 != 1 or not answered(q1))", "(q1 != 2 or not answered(q1))"
    assert said["q1"] == "" and said["q2"] == f"{one} and {two}"
    assert said["q3"] == two[1:-1] and said["q4"] == two[1:-1], "the end of the survey is behind all blocks"
    assert findings == []


def test_the_end_of_a_block_ends_there(tmp_path):
    first = {"QID1": [skip("QID1", "1", "ENDOFBLOCK")], "QID2": None}
    said, _ = survey(tmp_path, PLAIN, {"a": first, "b": {"QID3": None}})
    assert said["q2"] and said["q3"] == ""


def test_silence_that_skips_is_not_asked(tmp_path):
    said, _ = survey(
        tmp_path, PLAIN, {"a": {"QID1": [skip("QID1", "1", "ENDOFBLOCK", "NotSelected")], "QID2": None}}
    )
    assert said["q2"] == "answered(q1) and q1 = 1"


def test_rules_that_may_both_hold_are_not_read(tmp_path):
    several = {**PLAIN, "QID1": question("q1", "1", "2", selector="MAVR")}
    rules = [skip("QID1", "1", "QID3"), skip("QID1", "2", "ENDOFBLOCK")]
    said, findings = survey(
        tmp_path, several, {"a": {"QID1": rules, "QID2": None, "QID3": None, "QID4": None}}
    )
    assert set(said.values()) == {""} and findings == ["skip logic not read: q2, q3, q4"]
    same = [skip("QID1", "1", "ENDOFBLOCK"), skip("QID1", "2", "ENDOFBLOCK")]
    said, findings = survey(tmp_path, several, {"a": {"QID1": same, "QID2": None}})
    assert said["q2"] == "(q1 != 1 or not answered(q1)) and (q1 != 2 or not answered(q1))" and not findings


def branch(logic, *nodes):
    return {"Type": "Branch", "BranchLogic": logic, "Flow": list(nodes)}


def block(name):
    return {"Type": "Standard", "ID": name}


BLOCKS = {name: {f"QID{i}": None} for i, name in enumerate("abcd", start=1)}


def test_branches_ask_those_they_hold_of(tmp_path):
    shown = {**PLAIN, "QID2": question("q2", "1", "2", DisplayLogic=chosen("QID1", "3"))}
    inner = branch(chosen("QID2", "1"), block("c"))
    flow = [block("a"), branch(chosen("QID1", "2", "NotSelected"), block("b"), inner), block("d")]
    said, findings = survey(tmp_path, shown, BLOCKS, flow)
    held = "(q1 != 2 or not answered(q1))"
    assert said == {"q1": "", "q2": f"{held} and q1 = 3", "q3": f"{held} and q2 = 1", "q4": "", **said}
    assert findings == []


def test_a_branch_that_ends_the_survey_lets_the_others_pass(tmp_path):
    number = {**PLAIN, "QID1": question("q1", kind="number")}
    few = chosen("QID1", "", "LessThan", "ChoiceTextEntryValue", RightOperand="10")
    flow = [block("a"), branch(few, {"Type": "EndSurvey"}), block("b")]
    said, findings = survey(tmp_path, number, BLOCKS, flow)
    assert said["q2"] == "q1 >= 10 or not answered(q1)" and findings == []


def test_what_cannot_be_said_is_named(tmp_path):
    arm = {
        "0": {"0": {"LogicType": "EmbeddedField", "LeftOperand": "arm", "Operator": "EqualTo"}, "Type": "If"}
    }
    drawn = {"Type": "BlockRandomizer", "SubSet": 1, "Flow": [block("b"), block("c")]}
    said, findings = survey(tmp_path, PLAIN, BLOCKS, [block("a"), drawn, branch(arm, block("d"))])
    assert set(said.values()) == {""}
    assert findings == ["blocks shown at random not read: q2, q3", "branches not read: q4"]
    whole = {**drawn, "SubSet": 2}
    assert survey(tmp_path, PLAIN, BLOCKS, [block("a"), whole])[1] == [], "the order alone is drawn"


def test_firms_are_counted_by_their_way_through(tmp_path):
    first = {"QID1": [skip("QID1", "1", "ENDOFBLOCK")], "QID2": None}
    survey(tmp_path, PLAIN, {"a": first})
    (tmp_path / "a.csv").write_text("q1,q2\n1,\n2,3\n2,\n,2\n1,2\n")
    wave = read_wave(WaveSource("w", tmp_path / "a.csv", instrument=tmp_path / "s.qsf"))
    leak, left = State.ANSWERED_NOT_ROUTED, State.NO_ANSWER
    assert answers_to(wave, "q2").state.tolist() == [
        State.NOT_ASKED,
        State.ANSWERED,
        left,
        State.ANSWERED,
        leak,
    ]


@pytest.mark.parametrize("deep", [480, 5000])
def test_a_flow_without_end_is_told(tmp_path, deep):
    survey(tmp_path, PLAIN, BLOCKS, [block("HERE")])
    whole = (tmp_path / "s.qsf").read_text()
    nested = '{"Type": "Branch", "Flow": [' * deep + json.dumps(block("a")) + "]}" * deep
    (tmp_path / "s.qsf").write_text(whole.replace(json.dumps(block("HERE")), nested))
    with pytest.raises(FileFault, match=r"nested without end|cut-off JSON"):
        read_wave(tmp_path / "s.qsf")


def test_odd_keys_are_passed_over(tmp_path):
    odd = {"²": {"²": {}}, "0": {"0": chosen("QID1", "1")["0"]["0"]}}
    drawn = {"Type": "BlockRandomizer", "SubSet": "²", "Flow": [block("b")]}
    said, findings = survey(tmp_path, PLAIN, BLOCKS, [block("a"), drawn, branch(odd, block("c"))])
    assert said["q3"] == "q1 = 1" and findings == []
