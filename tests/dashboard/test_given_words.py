"""What the catalogue of rules, ready scenarios and the demo give is said in Japanese too."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

from dashboard.given_words import article_words, path_words, product_words, reason_words
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
    for path in (_DATA / "scenarios").glob("*.toml"):
        changes = tomllib.loads(path.read_text(encoding="utf-8"))["change"]
        found |= {str(change.get(key) or "") for change in changes for key in ("why", "clause")}
    return found - {""}


def test_acts_addressees_triggers_notes_and_reasons_have_japanese() -> None:
    rows = _rows("regulation/collisions.csv")
    told = {row[key] for row in rows for key in ("act", "addressee", "trigger", "note")} - {""}
    for path in (_DATA / "scenarios").glob("*.toml"):
        changes = tomllib.loads(path.read_text(encoding="utf-8"))["change"]
        told |= {str(change["why"]) for change in changes if change.get("why")}
    assert len(told) > 80
    assert sorted(text for text in told if reason_words("ja", text).lang != "ja") == []
    assert all(reason_words("en", text).words == text for text in told)


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
