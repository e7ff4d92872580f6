"""Each thing that cannot be right in a scenario of one's own is said in the language of its reader."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import scenario_of
from dashboard import finding_words as module
from dashboard.finding_words import fault_in_japanese, place_in_japanese
from dashboard.own import OwnScenarios, pack_text
from dashboard.pages.scenario_own import own_panel
from dashboard.selection import View
from survey import Fault
from survey.formats.registry import _OTHERS
from tests.dashboard.finding_texts import GAP, said_by_faults, said_by_toml
from tests.dashboard.latin import said_in
from tests.dashboard.test_own import shelf  # noqa: F401

_MADE_IN = (
    *sorted(Path("analysis/scenario").glob("*.py")),
    *map(Path, ("analysis/rules/validity.py", "dashboard/own.py", "survey/toml_file.py")),
)
_OF_LINKS = ("ends", "kinds", "links", "periods", "places", "sizes", "tables", "typed")
_FORMATS = (
    "encodings",
    "look",
    "parquet",
    "registry",
    "sheet_rows",
    "sheet_tables",
    "spss",
    "stata",
    "tabular",
    "soundness",
    "zsav",
)
_BROUGHT = (
    *sorted(Path("analysis/benchmarking").glob("*.py")),
    *(Path("analysis/supply") / f"{name}.py" for name in _OF_LINKS),
    *(Path("survey/formats") / f"{name}.py" for name in (*_FORMATS, "workbook_texts")),
    *map(Path, ("dashboard/benchmarked.py", "survey/held.py")),
)
"""Modules that read what a firm brings to a comparison."""

_HEAD = 'schema = 1\nid = "x"\ntitle = { en = "X" }\n'
_KINDS = (
    "a text",
    "a text or a number",
    "a text, or a list of texts",
    "a date such as 2026-01-15, without quotes",
    "a number",
    "a share from 0 to 1",
    'a text by language: { en = "...", ja = "..." }',
)
"""What a key may hold, as faults say it: looked up by its kind, so that no call names one."""


def _filled(text: str) -> str:
    first, *rest = text.split(GAP)
    return first + "".join(f"v{at}{piece}" for at, piece in enumerate(rest, 1))


def _sentences(made_in: tuple[Path, ...] = _MADE_IN) -> dict[str, str]:
    """Sentences of faults with their place; of those that are a value alone there is nothing to say."""
    found = {_filled(said.text): f"{said.place} {said.part}" for said in said_by_faults(made_in)}
    found |= {
        f"not TOML, {_filled(text)[:1].lower()}{_filled(text)[1:]}: v9": "toml" for text in said_by_toml()
    }
    return {text: place for text, place in found.items() if re.sub(r"v\d+", "", text).strip(" .:;,()'")}


def test_every_fault_of_what_a_firm_brings_has_japanese() -> None:
    told = _sentences(_BROUGHT)
    assert len(told) > 80
    assert [f"{place}: {text}" for text, place in told.items() if fault_in_japanese(text) is None] == []
    assert fault_in_japanese("the answer 'zzz'") == "「zzz」という回答"
    assert fault_in_japanese("one of its codes 1, 2, or their wording") == (
        "選択肢のコード（1、2）のいずれか、またはその文言"
    )
    assert place_in_japanese("mine.csv, question sector") == "mine.csv、設問sector"


def test_every_file_that_is_known_and_not_read_has_japanese() -> None:
    said = {part for _, found, do in _OTHERS for part in (found, do)}
    assert len(said) > 20
    assert [part for part in sorted(said) if fault_in_japanese(part) is None] == []


def test_a_text_named_as_another_format_is_told_in_japanese_throughout() -> None:
    told = fault_in_japanese(
        "named .sav, but nothing in it is of that format, and as text: a header and no rows"
    )
    assert (
        told
        == "ファイル名は.savだが、中身はその形式ではない。文字列として見ると：見出しだけで、データの行がない"
    )


def test_every_fault_of_a_scenario_has_japanese() -> None:
    told = {**_sentences(), **dict.fromkeys(_KINDS, "kinds"), **{f"key: {one}": "kinds" for one in _KINDS}}
    assert len(told) > 130
    without = [f"{place}: {text}" for text, place in told.items() if fault_in_japanese(text) is None]
    assert without == []
    in_english = {text: fault_in_japanese(text) for text in told}
    english = re.compile(r"\b(?:the|of|that|with|without|is|as|not|and|must|should|invalid|unclosed)\b")
    assert {text: said for text, said in in_english.items() if english.search(said or "")} == {}


def test_no_value_of_a_fault_is_lost() -> None:
    for text in _sentences():
        assert set(re.findall(r"v\d+", text)) <= set(re.findall(r"v\d+", fault_in_japanese(text) or "")), text


def test_no_japanese_of_a_fault_lies_unused() -> None:
    told = [*_sentences(), *_sentences(_BROUGHT), *_KINDS, *(_filled(text) for text in said_by_toml())]
    told += [text[:1].lower() + text[1:] for text in told]
    told += [part for _, found, do in _OTHERS for part in (found, do)]
    told += ["key: a text", "v1 at the end of the file", "country code v1", "product code v1"]
    told += ["known: v1", "did you mean v1?", "no column 'v1' (known: v2)"]
    unused = [
        p.english.pattern
        for p in module._patterns("own_fault")
        if not any(p.english.fullmatch(one) for one in told)
    ]
    assert unused == []


def test_a_word_of_a_fault_is_not_found_in_other_sentences() -> None:
    assert module.in_japanese("a firm without a name") is None
    assert module.in_japanese("nothing") is None


def test_the_place_in_a_scenario_is_said() -> None:
    assert place_in_japanese("scenario, line 8, change 1 (set), key from") == (
        "シナリオ、8行目、1番目の変更（set）、項目from"
    )
    assert place_in_japanese("scenario, change 2, line 6, column outcome") == (
        "シナリオ、変更2、6行目、列outcome"
    )


@pytest.mark.parametrize(
    "text",
    [
        "schema = " + "[" * 9000,
        "schema = " + "9" * 5000,
        _HEAD + '[[change]]\ndo = "suspend"\ninstrument = "US-EL"\nfrom = 0001-01-01\n',
        _HEAD + '[[change]]\ndo = "threshold"\ninstrument = "A"\nfield = "us_content"\nvalue = ' + "9" * 400,
        "\x00",
        "a = 1\n[a]\n",
    ],
)
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(Fault) as fault:
        scenario_of(text, "scenario")
    for part in (fault.value.found, fault.value.expected, fault.value.do):
        assert fault_in_japanese(part) or re.fullmatch(r"[\d-]+", part)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('do = "reinstate"\ninstrument = "US-EL"', "US-ELは停止中ではない（in_force"),
        ('do = "remove"', "該当者なし"),
        ('do = "set"', "setにinstrumentがない"),
    ],
)
def test_a_fault_stands_on_the_page_in_japanese(shelf: Any, text: str, said: str) -> None:  # noqa: F811
    own = OwnScenarios(shelf)
    view = View(lang="ja", own=pack_text(f"{_HEAD}[[change]]\n{text}\n"))
    with pytest.raises(Fault) as fault:
        own.shelf_for(view)
    assert said in " ".join(said_in(own_panel(own, view, fault.value)))


def test_the_reason_of_a_rule_stands_in_japanese(shelf: Any) -> None:  # noqa: F811
    rules = pd.DataFrame({"context_only": ["a policy programme: it asks nothing of a foreign firm"]})
    named = replace(shelf, tables={**shelf.tables, "instruments": rules.assign(context_only_ja="政策の計画")})
    own = OwnScenarios(named)
    view = View(lang="ja", own=pack_text(f'{_HEAD}[[change]]\ndo = "set"\ninstrument = "CN-BRI"\n'))
    with pytest.raises(Fault) as fault:
        own.shelf_for(view)
    said = " ".join(said_in(own_panel(own, view, fault.value)))
    assert "'CN-BRI'には要件がない（政策の計画）" in said


def test_letters_that_turn_a_line_are_marked_in_words_of_a_scenario(shelf: Any) -> None:  # noqa: F811
    text = f'{_HEAD}[[change]]\ndo = "reinstate"\ninstrument = "US-AFFIL"\nwhy = "\u202egnp"\n'
    escaped = text.replace("\u202e", "\\u202e")
    for one in (text, escaped):
        own = OwnScenarios(shelf)
        view = View(own=pack_text(one))
        found, _ = own.shelf_for(view)
        assert "\u202e" not in "".join(map(str, found.tables["scenario_changes"].to_numpy().ravel()))
        assert "\ufffdgnp" in "".join(map(str, found.tables["scenario_changes"].to_numpy().ravel()))
        assert "\u202e" not in " ".join(said_in(own_panel(own, view)))
    wrong = View(own=pack_text(f"{_HEAD}\u202eabc"))
    with pytest.raises(Fault) as fault:
        own.shelf_for(wrong)
    assert "\u202e" not in " ".join(said_in(own_panel(own, wrong, fault.value)))
