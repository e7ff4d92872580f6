"""What the catalogue of rules, ready scenarios and the demo give is said in Japanese too."""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import load_catalogue
from dashboard.finding_words import _parts
from dashboard.given_words import (
    article_words,
    drop_broken_end,
    path_words,
    product_words,
    reason_words,
    technology_words,
)
from dashboard.pages.given import cited
from dashboard.wording import catalogue

_DATA = Path("data")
_LAW = ("act", "addressee", "trigger", "note", "article")


def _rows(path: str) -> list[dict[str, str]]:
    with (_DATA / path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def given_texts() -> set[str]:
    """Texts of colliding pairs and reasons of ready scenarios, as their files hold them."""
    rows = _rows("regulation/collisions.csv")
    found = {row[key] for row in rows for key in _LAW} | {f"uncertain pair: {row['note']}" for row in rows}
    found |= {row["clause"] for row in _rows("regulation/gates.csv")}
    return (found | _of_scenarios("why", "clause")) - {""}


def words_of_law() -> set[str]:
    """Cells of the catalogue and texts of ready scenarios, and their parts between marks and single words."""
    cells = {cell for path in (_DATA / "regulation").glob("*.csv") for cell in _cells(path)}
    for path in (_DATA / "scenarios").glob("*.toml"):
        cells |= set(_texts(tomllib.loads(path.read_text(encoding="utf-8"))))
    found: set[str] = set()
    for cell in cells | {drop_broken_end(cell) for cell in cells}:
        for part in (cell, *cell.split("; "), *(one.strip() for one in re.split(r"[;|,]", cell))):
            found |= {part, part[:1].lower() + part[1:].removesuffix("."), part.replace("_", " ")}
            found |= {word.replace("_", " ") for word in re.split(r"[ =]", part)}
    return found


def _cells(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        for row in csv.reader(file):
            yield from row


def _texts(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    for one in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _texts(one)


def _held(tree: object, keys: tuple[str, ...]) -> Iterator[str]:
    """Texts under some keys, at any depth."""
    if isinstance(tree, list):
        for one in tree:
            yield from _held(one, keys)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from _held(value, keys)


def _of_scenarios(*keys: str) -> set[str]:
    paths = sorted((_DATA / "scenarios").glob("*.toml"))
    return {text for path in paths for text in _held(tomllib.loads(path.read_text(encoding="utf-8")), keys)}


def test_a_note_that_ends_before_its_end_is_not_shown_and_a_source_is_named_plainly() -> None:
    rules = load_catalogue()
    texts = {*rules.instruments["note"], *rules.instruments["source"], *rules.gates["source"]}
    assert {"Asked for in", "Named in passing in"} <= texts
    for lang in ("en", "ja"):
        assert reason_words(lang, "Named in passing in").words == ""
        told = [reason_words(lang, text).words for text in texts]
        assert [words for words in told if words.endswith((" in", " and", " of", " the", " seeds"))] == []
    assert cited("Press report 10 Jan 2022 in seeds").children == "Press report 10 Jan 2022"  # type: ignore[union-attr]


def test_acts_addressees_triggers_notes_and_reasons_have_japanese() -> None:
    rows = _rows("regulation/collisions.csv")
    told = {row[key] for row in rows for key in ("act", "addressee", "trigger", "note")} - {""}
    told |= _of_scenarios("why")
    assert len(told) > 80
    assert sorted(text for text in told if reason_words("ja", text).lang != "ja") == []
    assert all(reason_words("en", text).words == text for text in told)


def test_notes_and_parameters_of_rules_have_japanese() -> None:
    rules, tests = _rows("regulation/instruments.csv"), _rows("regulation/gates.csv")
    told = {row[key] for row in rules for key in ("note", "rule_parameters")} | {row["note"] for row in tests}
    told |= {row["outcome"] for row in tests if row["gate"] == "risk"}
    told |= {row[key] for row in _rows("regulation/in_force.csv") for key in ("note", "branch")}
    assert len(told) > 250
    assert sorted(text for text in told - {""} if reason_words("ja", text).lang != "ja") == []


def test_technologies_of_rules_have_japanese_and_none_lies_unused() -> None:
    listed = {row["technologies"] for row in _rows("regulation/instruments.csv")} - {""}
    assert sorted(one for one in listed if technology_words("ja", one).lang != "ja") == []
    terms = {term.strip() for one in listed for term in one.split(";")}
    assert sorted(_parts()["technology"].keys() - terms) == []
    assert technology_words("ja", "AI;quantum").words == "人工知能、量子技術"
    assert technology_words("en", "AI;quantum").words == "AI; quantum"
    assert technology_words("ja", "nobody named it").lang == "en"


def test_what_the_catalogue_says_of_the_affiliates_rule_has_japanese() -> None:
    said = ("rule_parameters", "technologies", "hs_or_eccn", "note", "warning")
    told = {
        row[key]
        for name in ("instruments", "gates", "in_force")
        for row in _rows(f"regulation/{name}.csv")
        for key in said
        if "US-AFFIL" in (row.get("id"), row.get("instrument")) and row.get(key)
    }
    assert len(told) > 5
    assert sorted(text for text in told if reason_words("ja", text).lang != "ja") == []


_CITATION = re.compile(r"\d+ (?:CFR|FR) (?:[\d., ]|\([a-z]\))+")
"""A citation of American law, which stands as it is in Japanese print."""


def test_sources_of_scenarios_have_japanese_but_for_citations() -> None:
    paths = sorted((_DATA / "scenarios").glob("*.toml"))
    told = {one for path in paths for one in tomllib.loads(path.read_text(encoding="utf-8"))["sources"]}
    told |= _of_scenarios("source")
    english = {text for text in told if reason_words("ja", text).lang != "ja"}
    assert len(told) > 7 and {text for text in english if not _CITATION.fullmatch(text)} == set()


def test_every_product_of_the_demo_has_a_name() -> None:
    codes = {row["product"] for name in ("links", "items", "bom") for row in _rows(f"demo/{name}.csv")}
    codes |= {row["component"] for row in _rows("demo/bom.csv")}
    for lang in ("en", "ja"):
        assert sorted(code for code in codes if f"product.{code}" not in catalogue(lang)) == []
        assert not any("_" in product_words(lang, code) for code in codes)
    assert not any(re.search("[a-z]{3}", product_words("ja", code)) for code in codes)
    assert product_words("ja", "own_widget") == "own widget"


@pytest.mark.parametrize(
    ("article", "japanese"),
    [
        ("Art. 12", "第12条"),
        ("Art. 7 and 9", "第7条・第9条"),
        ("Decree No. 835 (sources name no article)", "国務院令第835号（出典に条の記載なし）"),
        ("15 CFR 744.15", "15 CFR 744.15"),
        ("", ""),
    ],
)
def test_an_article_is_cited_as_each_language_does(article: str, japanese: str) -> None:
    assert article_words("ja", article) == japanese
    assert article_words("en", article) == article


def test_a_flow_is_said_with_country_and_product() -> None:
    path = "S001 (JP) > C0002 (CN): telecom_equipment"
    assert path_words("ja", path) == "S001（日本） → C0002（中国）：通信機器"
    assert path_words("en", path) == "S001 (Japan) → C0002 (China): telecom equipment"
    assert path_words("ja", "3 flows") == "取引3件"
    assert path_words("en", "") == ""


def test_a_flow_says_from_where_its_content_is_known() -> None:
    path = "S029 (JP) > C0042 (CN): cameras; content: bom.csv rows 12 to 15, 60.9% of the price named"
    assert path_words("en", path).endswith("; content: bom.csv rows 12 to 15, 60.9% of the price named")
    told = path_words("ja", path)
    assert told.startswith("S029（日本） → C0042（中国）：")
    assert told.endswith("（含有：bom.csvの12～15行目、価格の60.9％分が判明）")
