"""Scenario files: ready ones are whole in both languages, and what is wrong is named by line and key."""

from pathlib import Path

import pytest

from analysis.scenario.files import SCENARIO_KEYS, load_scenario, ready_scenarios
from analysis.scenario.kinds import KINDS
from survey import Fault, StudyFault

HEAD = 'schema = 1\nid = "x"\ntitle = { en = "X" }\n'

NAMED_IN_THE_PLAN = {
    "us-japan-framework",
    "controls-us-alone",
    "controls-with-allies",
    "control-breadth",
    "rare-earth-limb-1",
    "affiliates-back",
    "licence-on-polysilicon",
    "de-minimis-zero",
}


def written(folder: Path, text: str) -> Path:
    path = folder / "x.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_ready_scenarios_are_those_of_the_plan_and_speak_both_languages() -> None:
    found = {one.id: one for one in ready_scenarios()}
    assert set(found) == NAMED_IN_THE_PLAN
    for name, one in found.items():
        assert one.path.stem == name
        assert set(one.title) == set(one.about) == {"en", "ja"}, name
        assert one.assumptions and all(set(told) == {"en", "ja"} for told in one.assumptions), name
        assert one.sources, name
        assert all(set(step.title) == {"en", "ja"} for step in one.steps)
        assert all(change.text("why") or one.steps for change in one.all_changes()), name


def test_a_ready_scenario_is_found_by_its_name_and_a_wrong_name_meets_the_nearest() -> None:
    assert load_scenario("de-minimis-zero").id == "de-minimis-zero"
    with pytest.raises(Fault) as fault:
        load_scenario("de-minimus-zero")
    assert "de-minimis-zero" in fault.value.do


def test_steps_count_on_from_the_changes_before_them() -> None:
    one = load_scenario("control-breadth")
    numbers = [change.number for change in one.all_changes()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(one.all_changes(1)) < len(one.all_changes(2)) < len(one.all_changes())


@pytest.mark.parametrize(
    ("text", "line", "found", "do"),
    [
        ('colour = "red"', 4, "unknown key 'colour'", ""),
        ("", 0, "nothing changes", "[[change]]"),
        ('[[change]]\ndo = "sett"\ninstrument = "US-EL"', 5, "'sett'", "set"),
        ('[[change]]\ninstrument = "US-EL"', 4, "nothing", ""),
        ('[[change]]\ndo = "set"', 4, "set without instrument", "instrument"),
        ('[[change]]\ndo = "set"\ninstrument = "US-EL"\nfield = "hs"', 7, "unknown key 'field'", ""),
        ('[[change]]\ndo = "set"\ninstrument = "US-EL"\nfrom = "2026-01-01"', 7, "'2026-01-01'", ""),
        (
            '[[change]]\ndo = "set"\ninstrument = "US-EL"\nfrom = 2026-02-01\nto = 2026-01-01',
            8,
            "an interval that ends before it starts",
            "",
        ),
        (
            '[[change]]\ndo = "shift"\nof = "sales"\nfrom_country = "CN"\nto_country = "VN"\nshare = 1.5',
            9,
            "1.5",
            "",
        ),
        ('[[change]]\ndo = "remove"\nof = "sale"\ncountry = "CN"', 6, "'sale'", "sales"),
        ('[[step]]\ntitle = { en = "a" }', 4, "a step without changes", "[[step.change]]"),
        ('[[step]]\ntitle = { fr = "a" }\n[[step.change]]\ndo = "set"\ninstrument = "US-EL"', 5, "fr", ""),
    ],
)
def test_what_is_wrong_is_named_by_line_and_key(
    tmp_path: Path, text: str, line: int, found: str, do: str
) -> None:
    with pytest.raises(StudyFault) as fault:
        load_scenario(written(tmp_path, text))
    assert "x.toml" in fault.value.where
    assert not line or f"line {line}," in fault.value.where
    assert found in fault.value.found
    assert do in fault.value.do


def test_another_schema_and_broken_toml_are_faults(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('schema = 2\nid = "x"\n', encoding="utf-8")
    with pytest.raises(StudyFault, match="schema 1"):
        load_scenario(path)
    path.write_text("schema = \n", encoding="utf-8")
    with pytest.raises(StudyFault, match="line 1"):
        load_scenario(path)


def test_every_kind_of_change_and_key_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "scenarios.md").read_text(encoding="utf-8")
    missing = [
        word
        for name, kind in KINDS.items()
        for word in (name, *kind.needs, *kind.may)
        if f"`{word}`" not in page
    ]
    assert not missing


def test_the_example_of_the_guide_is_a_scenario(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "scenarios.md").read_text(encoding="utf-8")
    path = tmp_path / "example.toml"
    path.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    one = load_scenario(path)
    assert [change.do for change in one.all_changes()] == ["set", "shift", "widen"]
    assert all(key in page for key in SCENARIO_KEYS)


def test_every_ready_scenario_is_in_the_guide() -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "scenarios.md").read_text(encoding="utf-8")
    for one in ready_scenarios():
        assert f"| `{one.id}` |" in page
